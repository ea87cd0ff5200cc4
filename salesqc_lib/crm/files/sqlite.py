"""SQLite files: a table, or the rows of one SELECT. Opened for reading alone; nothing else can be reached from a query."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from salesqc_lib import limits
from salesqc_lib.crm.files.raw import as_text, create_from_texts, header_names
from salesqc_lib.crm.intake import Intake, quoted
from salesqc_lib.errors import DataError, nearest

_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}


def table_names(path: Path) -> list[str]:
    """The tables and views of the file."""
    with _connected(path) as con:
        rows = con.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name")
        return [str(row[0]) for row in rows]


def open_sqlite(intake: Intake, path: Path, name: str, label: str, table: str | None, select: str | None = None, where: str = "") -> None:
    """Make the raw table `name` of a table of the file, or of the rows of `select`.

    Raises
    ------
    DataError
        There is no such table, or the query does anything but select.
    """
    known = table_names(path)
    if select is None and table is None and len(known) != 1:
        raise DataError(
            "the database has several tables" if known else "the database has no tables",
            where=str(path),
            cure=f"name one: table: …; there are {', '.join(known)}" if known else "is it the right file?",
        )
    if table is not None and table not in known:
        raise DataError(f"the database has no table «{table}»", where=str(path), cure=nearest(table, known))
    with _connected(path) as con:
        con.set_authorizer(
            lambda action, argument, *_: sqlite3.SQLITE_OK if action in _ALLOWED and argument != "load_extension" else sqlite3.SQLITE_DENY
        )
        end = time.monotonic() + limits.QUERY_SECONDS
        con.set_progress_handler(lambda: int(time.monotonic() > end), 100_000)
        try:
            cursor = con.execute(select or f"SELECT * FROM {quoted(table or known[0])}")
            names = header_names([str(column[0]) for column in cursor.description])
            rows = _fetched(cursor, where or str(path))
        except (sqlite3.Error, sqlite3.Warning) as error:
            slow = time.monotonic() > end
            told = f"the query takes longer than {limits.QUERY_SECONDS:g} s" if slow else f"the query fails: {error}"
            raise DataError(told, where=where or str(path), cure="write one SELECT over the tables of the database") from None
    columns = {column: [as_text(row[place]) for row in rows] for place, column in enumerate(names)}
    create_from_texts(intake, name, label, columns, range(1, len(rows) + 1))


def _fetched(cursor: sqlite3.Cursor, where: str) -> list[tuple[object, ...]]:
    """All rows, as long as they are no more cells than a sheet may have."""
    rows: list[tuple[object, ...]] = []
    while some := cursor.fetchmany(50_000):
        rows += some
        if len(rows) * len(some[0]) > limits.SHEET_CELLS:
            raise DataError("the table has more cells than can be read", where=where, cure="select the columns and rows that are needed")
    return rows


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    con = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
    con.text_factory = lambda raw: raw.decode("utf-8", errors="replace")  # a text cut in the middle of a letter is no reason to stop
    con.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(4 * limits.CELL_LETTERS, 1 << 20))
    try:
        yield con
    except sqlite3.DatabaseError as error:
        raise DataError(f"the database cannot be read: {error}", where=str(path), cure="copy it again, when nobody writes to it") from None
    finally:
        con.close()
