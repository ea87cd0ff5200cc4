"""Tables of databases that the consultancy's `salesqc.toml` names: one table or one SELECT, read-only."""

import re
from typing import Any

from salesqc_lib import limits
from salesqc_lib.crm.files.raw import create, raw_columns
from salesqc_lib.crm.gate import let_in
from salesqc_lib.crm.intake import InputFile, Intake, quoted
from salesqc_lib.errors import DataError
from salesqc_lib.params.consultancy import Connection, connection
from salesqc_lib.params.source import TableFile

_SELECT = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(?:SELECT|WITH|VALUES|TABLE)\b", re.IGNORECASE | re.DOTALL)
# what reads or writes files, other servers and other sessions from inside PostgreSQL, where the rights of the reader would allow it
_REFUSED = re.compile(
    r"\b(pg_read_\w*|pg_ls_\w*|pg_stat_file|pg_sleep\w*|lo_\w+|dblink\w*|pg_terminate_backend|pg_cancel_backend|pg_reload_conf|set_config|copy|do|call)\s*\(",
    re.IGNORECASE,
)


def open_connection(intake: Intake, table: str, spec: TableFile, key: tuple[str, ...]) -> str:
    """Make a raw table of the rows that a database gives, and return its name. Types of PostgreSQL are kept.

    Raises
    ------
    DataError
        The database cannot be reached, or does not accept the query.
    ParameterError
        Nobody has said where it is.
    """
    name, where = str(spec.connection), intake.parameters.where(*key, "connection")
    found, folder = connection(name, where)
    raw = intake.new_raw()
    at = intake.parameters.where(*key, "query" if spec.query else "table")
    if found.kind == "sqlite":
        from salesqc_lib.crm.files.sqlite import open_sqlite

        path = folder / found.url.removeprefix("sqlite:///")
        if not path.is_file():
            raise DataError(f"the connection «{name}»: no such file", where=where, cure="correct its url in salesqc.toml")
        open_sqlite(intake, path, raw, name, spec.table, spec.query, at)
    else:
        _open_postgresql(intake, raw, name, found, spec, at)
    texts = [column for column, kind in raw_columns(intake, raw).items() if kind == "VARCHAR"]
    let_in(intake, raw, texts, table, name)
    rows = intake.count(f"SELECT count(*) FROM {raw}")
    if not rows:
        raise DataError("the database gives no rows", where=at, cure="check the table, or the conditions of the query")
    intake.files.append(InputFile(folder / name, table, rows, "", label=f"{name}: {spec.table or 'query'}"))
    return raw


def _open_postgresql(intake: Intake, raw: str, name: str, found: Connection, spec: TableFile, where: str) -> None:
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise DataError("PostgreSQL needs the extra «postgres»", where=where, cure="pip install 'salesqc[postgres]'") from None
    if spec.query and not _SELECT.match(spec.query):  # COPY … TO PROGRAM is allowed in a transaction that only reads
        raise DataError("the query is no SELECT", where=where, cure="write one SELECT over tables that the database has")
    if spec.query and (called := _REFUSED.search(spec.query)):
        raise DataError(f"the query calls {called[1].lower()}()", where=where, cure="write one SELECT over tables that the database has")
    select = spec.query or f"SELECT * FROM {'.'.join(quoted(part) for part in str(spec.table).split('.'))}"
    try:
        with dbapi.connect(_address(found)) as con, con.cursor() as cursor:
            cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
            cursor.execute(f"SET statement_timeout = '{limits.DATABASE_SECONDS}s'")
            con.commit()
            cursor.execute(select)  # prepared by the server: more than one statement is refused there
            rows = cursor.fetch_arrow_table()
    except dbapi.Error as error:
        raise DataError(f"the connection «{name}» fails: {_told(error, found)}", where=where, cure=_cure(str(error))) from None
    intake.con.register("rows_of_database", rows)
    create(intake, raw, f"SELECT {_as_known(rows)} FROM rows_of_database", name, 1)
    intake.con.unregister("rows_of_database")


def _as_known(rows: Any) -> str:
    """Columns with types that readers know: what PostgreSQL alone has (numeric, uuid, json, enums) is read as text."""
    import pyarrow.types as types

    kept = (types.is_integer, types.is_floating, types.is_boolean, types.is_timestamp, types.is_date)
    return ", ".join(
        quoted(field.name) if any(is_kind(field.type) for is_kind in kept) else f"{quoted(field.name)}::VARCHAR AS {quoted(field.name)}"
        for field in rows.schema
    )


def _address(found: Connection) -> str:
    """The address with its password, which stands nowhere else."""
    from urllib.parse import quote, urlsplit, urlunsplit

    if found.password is None:
        return found.url
    parts = urlsplit(found.url)
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:{quote(found.password, safe='')}@{host}"))


def _told(error: Exception, found: Connection) -> str:
    """The driver's words, without addresses and secrets."""
    text = " ".join(str(error).split())
    secret = found.password_env and found.password
    text = text.replace(secret, "…") if secret else text
    return re.sub(r"\w+://\S+", "…", text)[:300]


def _cure(text: str) -> str:
    if "does not exist" in text or "syntax error" in text or "read-only" in text:
        return "write one SELECT over tables that the database has"
    return "check url and password_env of the connection in salesqc.toml, and that the server can be reached"
