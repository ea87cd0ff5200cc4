"""`query:` of a parameter file: one SELECT over the tables that stand beside it, and nothing else.

A parameter file travels between people, so its SQL is a stranger's. It is parsed first, by DuckDB's own parser, and only what is known to
read the named tables is let through; then it runs in a data base of its own that holds copies of these tables and can reach no file, no
setting and no address, within a bounded time and memory.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from salesqc_lib import limits
from salesqc_lib.crm.files.raw import FILE, ROW
from salesqc_lib.crm.intake import Intake, quoted
from salesqc_lib.errors import DataError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ONE_SELECT = "write one SELECT over `file` and the tables that «with» names"
# table functions that make rows out of their arguments alone
_TABLE_FUNCTIONS = {"unnest", "range", "generate_series", "json_each", "json_tree", "regexp_split_to_table", "generate_subscripts"}
_KNOWN = ("VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "DOUBLE", "FLOAT", "DECIMAL", "BOOLEAN", "DATE", "TIMESTAMP")
_SOURCES = {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "EMPTY_FROM", "PIVOT", "COLUMN_DATA"}
_OF_THE_MACHINE = ("pg_", "inet_", "current_", "has_", "duckdb_", "session_user", "user", "get_block_size", "ago", "shobj_", "obj_", "col_description")  # fmt: skip


def queried(intake: Intake, raw: str, query: str, tables: Mapping[str, str], where: str) -> str:
    """Make a raw table of the rows that `query` selects, and return its name. `raw` is called `file` there, the others as `tables` says.

    Raises
    ------
    DataError
        It is no single SELECT, names something else than these tables, fails, or takes too long.
    """
    statement = _checked(query, {"file", *tables}, where)
    with _room_of_its_own(intake, {"file": raw, **tables}) as con:
        _run(con, f"CREATE TABLE result AS SELECT row_number() OVER () + 1 AS {ROW}, 'query' AS {FILE}, * FROM ({statement}\n)", where)
        rows = con.sql(f"SELECT {_as_known(con)} FROM result").to_arrow_table()
    name = f"{raw}_query"
    intake.con.register("rows_of_query", rows)
    intake.con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM rows_of_query")
    intake.con.unregister("rows_of_query")
    return name


def _checked(query: str, tables: set[str], where: str) -> str:
    """The query as the parser wrote it back: what was looked at is what will run."""
    import duckdb

    if len(query) > limits.QUERY_LETTERS:
        raise DataError(f"the query has {len(query):,} letters", where=where, cure=f"{limits.QUERY_LETTERS:,} are enough for one SELECT")
    with duckdb.connect(config={"threads": 1}) as con:
        try:
            tree = json.loads(con.execute("SELECT json_serialize_sql(?)", [query]).fetchall()[0][0])
        except RecursionError:
            raise DataError("the query is nested too deeply", where=where, cure=_ONE_SELECT) from None
        except duckdb.Error as error:
            raise DataError(f"the query cannot be read: {_first_line(error)}", where=where, cure=_ONE_SELECT) from None
        if tree.get("error"):
            told = str(tree.get("error_message", "")).splitlines()[:1]
            raise DataError(f"the query is no SELECT: {''.join(told)}", where=where, cure=_ONE_SELECT)
        if len(tree["statements"]) != 1:
            raise DataError(f"the query has {len(tree['statements'])} statements", where=where, cure=_ONE_SELECT)
        _refuse_others(tree, tables, where)
        return str(con.execute("SELECT json_deserialize_sql(?)", [json.dumps(tree)]).fetchall()[0][0])


def _refuse_others(tree: Any, tables: set[str], where: str) -> None:
    nodes = list(_nodes(tree))
    if len(nodes) > limits.QUERY_NODES or _unfolded(tree) > limits.QUERY_TABLES:
        # tables of WITH are written into each place that names them before any limit of time or memory holds
        raise DataError(
            "the query unfolds to too many tables", where=where, cure="name each table of WITH once or twice; join fewer of them"
        )
    named = {name.lower() for name in tables} | {str(entry["key"]).lower() for node in nodes for entry in _ctes(node)}
    for node in nodes:
        kind = node.get("type")
        if "from_table" in node and isinstance(node["from_table"], dict) and node["from_table"].get("type") not in _SOURCES:
            raise DataError("the query asks for more than rows of tables", where=where, cure=_ONE_SELECT)
        if kind == "SHOW_REF":
            raise DataError("the query describes tables instead of selecting rows", where=where, cure=_ONE_SELECT)
        if kind == "BASE_TABLE" and (node.get("schema_name") or node.get("catalog_name") or str(node["table_name"]).lower() not in named):
            told = ".".join(str(node[part]) for part in ("catalog_name", "schema_name", "table_name") if node.get(part))
            raise DataError(f"the query reads «{told[:60]}»", where=where, cure=f"its tables are {', '.join(sorted(tables))}")
        if kind == "TABLE_FUNCTION" and _function(node.get("function", {})) not in _TABLE_FUNCTIONS:
            raise DataError(f"the query calls {_function(node.get('function', {}))}()", where=where, cure=_ONE_SELECT)
        if node.get("class") == "FUNCTION" or "function_name" in node:
            _refuse_function(node, where)
        if kind == "VALUE_PARAMETER":
            raise DataError("the query has a parameter ($1 or ?)", where=where, cure="write the value itself")


def _unfolded(tree: Any) -> int:
    """How many tables the query reads once every table of WITH stands where it is named."""
    inside = {str(entry["key"]).lower(): entry["value"] for node in _nodes(tree) for entry in _ctes(node)}
    known: dict[str, int] = {}

    def size(name: str) -> int:
        if name not in inside:
            return 1
        if name not in known:
            known[name] = 1  # one that names itself counts once: its steps are bounded by time
            known[name] = sum(size(other) for other in _tables_in(inside[name]))
        return known[name]

    return sum(size(name) for name in _tables_in(tree))


def _tables_in(tree: Any) -> list[str]:
    """The tables that a part of the query names itself, without those inside its WITH."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                found.append(str(node["table_name"]).lower())
            waiting += [value for name, value in node.items() if name != "cte_map"]
        elif isinstance(node, list):
            waiting += node
    return found


def _refuse_function(node: Mapping[str, Any], where: str) -> None:
    name = _function(node)
    if name in _forbidden() and name not in _TABLE_FUNCTIONS:
        raise DataError(
            f"the query calls {name}(), which depends on more than the data",
            where=where,
            cure="a query may call what depends on its arguments alone: the same rows give the same report everywhere",
        )


def _function(node: Mapping[str, Any]) -> str:
    return str(node.get("function_name", "")).lower()


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _ctes(node: Mapping[str, Any]) -> list[Any]:
    found = node.get("cte_map")
    return list(found.get("map", [])) if isinstance(found, dict) else []


@cache
def _forbidden() -> frozenset[str]:
    """Functions whose value does not follow from their arguments: settings, clocks, chance, the machine."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as con:
        rows = con.execute("SELECT lower(function_name), function_type, stability FROM duckdb_functions()").fetchall()
    pure = {
        name
        for name, kind, stability in rows
        if (kind in ("scalar", "aggregate", "window") and stability == "CONSISTENT" and not name.startswith("current_"))
        or (kind == "macro" and not name.startswith(_OF_THE_MACHINE))
    }
    return frozenset({name for name, _, _ in rows} - pure)


@contextmanager
def _room_of_its_own(intake: Intake, tables: Mapping[str, str]) -> Iterator["DuckDBPyConnection"]:
    """A data base in memory that holds copies of the tables and can reach nothing else."""
    import duckdb

    con = duckdb.connect(
        config={
            "threads": 2,
            "memory_limit": limits.QUERY_MEMORY,
            "temp_directory": str(intake.scratch / "query"),
            "max_temp_directory_size": limits.QUERY_SPILL,
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        for name, source in tables.items():
            con.register("copied", intake.con.table(source).to_arrow_table())
            con.execute(f"CREATE TABLE {quoted(name)} AS SELECT * FROM copied")
            con.unregister("copied")
        con.execute("SET enable_external_access = false; SET lock_configuration = true")
        yield con
    finally:
        con.close()


def _run(con: "DuckDBPyConnection", statement: str, where: str) -> None:
    import duckdb

    alarm = threading.Timer(limits.QUERY_SECONDS, con.interrupt)
    alarm.daemon = True
    alarm.start()
    try:
        con.execute(statement)
    except duckdb.InterruptException:
        raise DataError(
            f"the query takes longer than {limits.QUERY_SECONDS:g} s", where=where, cure="a join without a condition? Simplify it"
        ) from None
    except (duckdb.OutOfMemoryException, MemoryError):
        raise DataError(f"the query needs more memory than {limits.QUERY_MEMORY}", where=where, cure="select fewer rows") from None
    except duckdb.Error as error:
        raise DataError(
            f"the query fails: {_first_line(error)}",
            where=where,
            cure="the file is called `file` there; its columns are text unless it is Parquet",
        ) from None
    finally:
        alarm.cancel()


def _as_known(con: "DuckDBPyConnection") -> str:
    """The columns of the result; of a type that no reader of tables knows (intervals, bits, lists), as text."""
    described = con.execute("DESCRIBE result").fetchall()
    return ", ".join(
        quoted(row[0]) if str(row[1]).startswith(_KNOWN) else f"{quoted(row[0])}::VARCHAR AS {quoted(row[0])}" for row in described
    )


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
