"""The process in which a `query:` runs: it has copies of the tables that the query names, no secret in its environment, and bounds that the
system holds. Run as a script by `queries`; it imports nothing of the package.

    python query_room.py FOLDER      # reads FOLDER/request.json and the tables beside it; writes FOLDER/result.arrow, or says why not
"""

import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

ONE_SELECT = "write one SELECT over `file` and the tables that «with» names"
# table functions that make rows out of their arguments alone
_TABLE_FUNCTIONS = {"unnest", "range", "generate_series", "json_each", "json_tree", "regexp_split_to_table", "generate_subscripts"}
_SOURCES = {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "EMPTY_FROM", "PIVOT", "COLUMN_DATA"}
_OF_THE_MACHINE = ("pg_", "inet_", "current_", "has_", "duckdb_", "session_user", "user", "get_block_size", "ago", "shobj_", "obj_", "col_description")  # fmt: skip
# types of columns that a reader of tables knows; others are given as text
_KNOWN = {
    "VARCHAR",
    "BIGINT",
    "INTEGER",
    "SMALLINT",
    "TINYINT",
    "DOUBLE",
    "FLOAT",
    "BOOLEAN",
    "DATE",
    "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE",
}


_RESULT = '"the result"'  # a table of the client's has no space in its name


class RefusedError(Exception):
    """The query is not run, or did not end: why, and what to do."""

    def __init__(self, message: str, cure: str = ONE_SELECT) -> None:
        self.message, self.cure = message, cure
        super().__init__(message)


def checked(query: str, tables: set[str]) -> str:
    """The query as the parser wrote it back: what was looked at is what will run.

    Raises
    ------
    RefusedError
        It is no single SELECT over the tables, or calls what depends on more than them.
    """
    import duckdb

    with duckdb.connect(config={"threads": 1}) as con:
        try:
            tree = json.loads(con.execute("SELECT json_serialize_sql(?)", [query]).fetchall()[0][0])
        except RecursionError:
            raise RefusedError("the query is nested too deeply") from None
        except duckdb.Error as error:
            raise RefusedError(f"the query cannot be read: {_first_line(error)}") from None
        if tree.get("error"):
            told = str(tree.get("error_message", "")).splitlines()[:1]
            pivot = "PIVOT" in query.upper()
            raise RefusedError(
                f"the query is no SELECT: {''.join(told)}", "a PIVOT names its columns: ON … IN (…)" if pivot else ONE_SELECT
            )
        if len(tree["statements"]) != 1:
            raise RefusedError(f"the query has {len(tree['statements'])} statements")
        refuse_others(tree, tables)
        return str(con.execute("SELECT json_deserialize_sql(?)", [json.dumps(tree)]).fetchall()[0][0])


def refuse_others(tree: Any, tables: set[str]) -> None:
    """Refuse whatever is no row of the tables, nor follows from rows."""
    nodes = list(_nodes(tree))
    named = {name.lower() for name in tables} | {str(entry["key"]).lower() for node in nodes for entry in _ctes(node)}
    for node in nodes:
        kind = node.get("type")
        if "from_table" in node and isinstance(node["from_table"], dict) and node["from_table"].get("type") not in _SOURCES:
            raise RefusedError("the query asks for more than rows of tables")
        if kind == "SHOW_REF":
            raise RefusedError("the query describes tables instead of selecting rows")
        if kind == "BASE_TABLE" and (node.get("schema_name") or node.get("catalog_name") or str(node["table_name"]).lower() not in named):
            told = ".".join(str(node[part]) for part in ("catalog_name", "schema_name", "table_name") if node.get(part))
            raise RefusedError(f"the query reads «{told[:60]}»", f"its tables are {', '.join(sorted(tables))}")
        if kind == "TABLE_FUNCTION" and _function(node.get("function", {})) not in _TABLE_FUNCTIONS:
            raise RefusedError(f"the query calls {_function(node.get('function', {}))}()")
        if node.get("class") == "FUNCTION" or "function_name" in node:
            _refuse_function(_function(node))
        if kind == "VALUE_PARAMETER":
            raise RefusedError("the query has a parameter ($1 or ?)", "write the value itself")


def _refuse_function(name: str) -> None:
    if name in _forbidden() and name not in _TABLE_FUNCTIONS:
        raise RefusedError(
            f"the query calls {name}(), which depends on more than the data",
            "a query may call what depends on its arguments alone: the same rows give the same report everywhere",
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


def answer(folder: Path, request: Mapping[str, Any]) -> None:
    """Run the request's query over its tables, each a Parquet file of `folder`, and write `result.arrow`.

    Raises
    ------
    RefusedError
        With what to tell.
    """
    import duckdb
    import pyarrow as pa

    statement = checked(request["query"], set(request["tables"]))
    con = duckdb.connect(
        config={
            "threads": 2,
            "memory_limit": request["memory"],
            "temp_directory": str(folder / "spill"),
            "max_temp_directory_size": request["spill"],
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    con.execute(f"SET TimeZone = {_literal(request['zone'])}")
    for name, file in request["tables"].items():
        con.execute(f"CREATE TABLE {_quoted(name)} AS SELECT * FROM read_parquet({_literal(str(folder / file))})")
    con.execute("SET enable_external_access = false; SET lock_configuration = true")
    row, file = request["row"], request["file"]
    try:
        numbered = f"SELECT row_number() OVER () + 1 AS {row}, 'query' AS {file}, * FROM ({statement}\n)"
        con.execute(f"CREATE TABLE {_RESULT} AS {numbered}")
        described = con.execute(f"DESCRIBE {_RESULT}").fetchall()
        columns = ", ".join(
            _quoted(name)
            if kind in _KNOWN or (str(kind).startswith("DECIMAL(") and "[" not in kind)
            else f"{_quoted(name)}::VARCHAR AS {_quoted(name)}"
            for name, kind, *_ in described
        )
        rows = con.sql(f"SELECT {columns} FROM {_RESULT}").to_arrow_table()
    except (duckdb.OutOfMemoryException, MemoryError):
        raise RefusedError(f"the query needs more memory than {request['memory']}", "select fewer rows") from None
    except duckdb.Error as error:
        raise RefusedError(
            f"the query fails: {_first_line(error)}", "the file is called `file` there; its columns are text unless it is Parquet"
        ) from None
    with pa.OSFile(str(folder / "result.arrow"), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_table(rows)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def main(folder: Path) -> int:
    """Answer the request of a folder within the memory that the system gives this process; what is refused is said on stdout."""
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (request["bytes"], request["bytes"]))
    except (ImportError, ValueError, OSError):
        pass  # no such limit on this system: DuckDB's own holds for what it counts
    try:
        answer(folder, request)
    except RefusedError as refused:
        sys.stdout.write(json.dumps({"message": refused.message, "cure": refused.cure}))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
