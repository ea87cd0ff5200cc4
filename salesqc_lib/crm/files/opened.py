"""Any file of a client's as a raw table, whatever it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from salesqc_lib.crm import archive
from salesqc_lib.crm.files import footers
from salesqc_lib.crm.files.content import Content, content_of
from salesqc_lib.crm.files.raw import FILE, ROW, create, raw_columns
from salesqc_lib.crm.gate import check_width, let_in
from salesqc_lib.crm.intake import InputFile, Intake, fingerprint, literal
from salesqc_lib.errors import DataError


@dataclass(frozen=True)
class Part:
    """One table inside a file: its sheet, list or table, where the file has several."""

    path: Path  # may go on inside a zip
    sheet: str | None = None


def open_all(
    intake: Intake, paths: Sequence[Path], table: str, *, sheet: str | None = None, has_sheets: bool = False, **options: str | None
) -> list[str]:
    """Read the files of one table, each with a label of its own, which names the sheet where several are read; `options` as of `open_file`."""
    named = [f"{label} · {sheet}" if has_sheets else label for label in labels(paths)]
    return [open_file(intake, path, table, label=label, sheet=sheet, **options) for path, label in zip(paths, named, strict=True)]


def labels(paths: Sequence[Path]) -> list[str]:
    """What tells each file from the others: its name, and as many of its folders as are needed.

    >>> labels([Path("in/2026-09/deals.csv"), Path("in/2026-10/deals.csv")])
    ['2026-09/deals.csv', '2026-10/deals.csv']
    """
    depth = 1
    while len({path.parts[-depth:] for path in paths}) < len(set(paths)):
        depth += 1
    return ["/".join(path.parts[-depth:]) for path in paths]


def sheets_of(path: Path, folder: Path, left_out: Callable[[DataError, str], None] | None = None) -> Iterator[Part]:
    """The tables that a file holds, for whoever looks before he reads. Archives are unpacked into `folder`; what is no table in one is told
    to `left_out`, where there is one."""
    actual, content = _reached(path, folder)
    if content is Content.ZIP and not path.exists():
        raise DataError("this is an archive inside an archive", where=str(path), cure="unpack it, and give the files in it")
    if content is Content.ZIP:
        for member in archive.members(actual):
            try:
                yield from sheets_of(path / member, folder, left_out)
            except DataError as error:
                if left_out is None:
                    raise
                left_out(error, f"{path.name}/{member}")
    elif content is Content.WORKBOOK:
        from salesqc_lib.crm.files import workbook

        names = workbook.sheet_names(actual)
        yield from (Part(path, name if len(names) > 1 else None) for name in names)
    elif content is Content.JSON:
        from salesqc_lib.crm.files import records

        own, nested = records.record_lists(actual)
        yield from (Part(path, name if len(own) > 1 else None) for name in own)
        yield from (Part(path, name) for name in nested)
    elif content is Content.SQLITE:
        from salesqc_lib.crm.files import sqlite

        yield from (Part(path, name) for name in sqlite.table_names(actual))
    elif content is Content.WEB:
        from salesqc_lib.crm.files import web_table

        found_tables = web_table.grids(actual)
        yield from (Part(path, grid.name if len(found_tables) > 1 else None) for grid in found_tables)
    else:
        yield Part(path)


def open_file(
    intake: Intake,
    path: Path,
    table: str,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    label: str = "",
) -> str:
    """Read a file into a temporary DuckDB table and return its name.

    Every column keeps the name of its header (a repeated header gets « (2)», « (3)» …). Columns are text; those of Parquet keep their
    types. `__row` numbers the rows, `__file` names the file (`label`, or its name). `sheet`: of a workbook, the list of a JSON, the
    table of a database.

    Raises
    ------
    DataError
        The file is empty, is damaged, is nothing that holds a table, or has no row below the header.
    """
    import duckdb

    actual, content = _reached(path, intake.scratch)
    label = label or path.name
    if content is Content.ZIP:
        return _open_members(intake, path, actual, table, label, sheet=sheet, encoding=encoding, delimiter=delimiter)
    name = intake.new_raw()
    try:
        used = _opened(intake, actual, content, name, table, label, sheet, encoding, delimiter)
    except DataError as error:
        raise _of(error, actual, path) from None
    except duckdb.Error as error:
        told = str(error).splitlines()[0].replace(str(actual), path.name)[:300]
        raise DataError(f"the file cannot be read: {told}", where=str(path), cure="export it again; is it whole?") from None
    if content not in (Content.PARQUET, Content.SQLITE, Content.JSON):
        footers.set_aside(intake, name, table, label)
    columns = raw_columns(intake, name)
    check_width(len(columns), str(path))
    let_in(intake, name, [column for column, kind in columns.items() if kind == "VARCHAR"], table, label)
    rows = intake.count(f"SELECT count(*) FROM {name}")
    if rows == 0:
        raise DataError("the export has a header but no rows", where=str(path), cure="check the filter and the period it was exported with")
    intake.files.append(InputFile(path, table, rows, fingerprint(actual), used, label))
    return name


def _reached(path: Path, folder: Path) -> tuple[Path, Content]:
    """A file that can be opened: the path itself, or what it means inside an archive; never a name that a reader takes for a pattern."""
    if path.exists() and not path.is_file():
        raise DataError("this is no file but a pipe, a device or a folder", where=str(path), cure="save the export as a file, and name it")
    actual = path if path.exists() else archive.unpacked(path, folder)
    if any(mark in str(actual) for mark in "*?["):
        plain = archive.room(folder) / "file"
        plain.symlink_to(actual.resolve())
        actual = plain
    try:
        content = content_of(actual)
        if content is Content.GZIP:
            actual = archive.gunzipped(actual, folder)
            content = content_of(actual)
    except DataError as error:
        raise _of(error, actual, path) from None
    if content is Content.GZIP:
        raise DataError("this is an archive inside an archive", where=str(path), cure="unpack it, and give the files in it")
    return actual, content


def _of(error: DataError, actual: Path, path: Path) -> DataError:
    """An error of a copy, told of the file that was given."""
    where = error.where.replace(str(actual), str(path))
    return DataError(error.message, where=where if str(path) in where else f"{path}: {where}", cure=error.cure)


def _opened(
    intake: Intake,
    path: Path,
    content: Content,
    name: str,
    table: str,
    label: str,
    sheet: str | None,
    encoding: str | None,
    delimiter: str | None,
) -> str:
    """Make the raw table, and return the encoding of a text."""
    match content:
        case Content.CSV:
            from salesqc_lib.crm.files.delimited import open_csv

            return open_csv(intake, path, name, label, table, encoding, delimiter)
        case Content.PARQUET:
            create(intake, name, f"SELECT * FROM read_parquet({literal(str(path))})", label)
        case Content.WORKBOOK:
            from salesqc_lib.crm.files import grid, workbook

            grid.store(intake, name, label, workbook.grid(path, sheet), path)
        case Content.WEB:
            from salesqc_lib.crm.files import grid, web_table

            found = web_table.grids(path, encoding)
            chosen = next((one for one in found if sheet in (None, one.name)), None)
            if chosen is None:
                raise DataError(f"no table «{sheet}»", where=str(path), cure=f"the tables are {', '.join(one.name for one in found)}")
            grid.store(intake, name, label, chosen, path)
        case Content.JSON:
            from salesqc_lib.crm.files.records import open_json

            open_json(intake, path, name, label, sheet)
        case Content.SQLITE:
            from salesqc_lib.crm.files.sqlite import open_sqlite

            open_sqlite(intake, path, name, label, sheet)
    return ""


def _open_members(intake: Intake, path: Path, archive_path: Path, table: str, label: str, **options: str | None) -> str:
    """All files of a zip as one table, columns matched by name."""
    names = archive.members(archive_path)
    if not names:
        raise DataError("the archive is empty", where=str(path), cure="pack the export again")
    raws = [open_file(intake, path / member, table, label=f"{label}/{member}", **options) for member in names]
    if len(raws) == 1:
        return raws[0]
    name = intake.new_raw()
    intake.con.execute(
        f"CREATE TEMP TABLE {name} AS "
        + " UNION ALL BY NAME ".join(f"SELECT {ROW}, {FILE}, * EXCLUDE ({ROW}, {FILE}) FROM {raw}" for raw in raws)
    )
    return name
