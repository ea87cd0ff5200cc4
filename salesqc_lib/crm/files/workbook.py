"""Workbooks of any age: XLSX, XLSB, XLS and ODS. What a sheet says of its own size is not believed: its cells are counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salesqc_lib.crm.files.extent import check_extent
from salesqc_lib.crm.files.grid import Grid
from salesqc_lib.errors import DataError

_kept: dict[tuple[Path, str | None], Grid] | None = None


@contextmanager
def kept() -> Iterator[None]:
    """Sheets that are read here once are not read from their files again: a command that looks first and reads then."""
    global _kept
    _kept = {}
    try:
        yield
    finally:
        _kept = None


def sheet_names(path: Path) -> list[str]:
    """The sheets of cells, in their order; charts and macros are none."""
    with _opened(path) as book:
        return _tables(book)


def grid(path: Path, sheet: str | None) -> Grid:
    """A sheet's cells, as `read_grid` reads them."""
    key = (path.resolve(), sheet)
    if _kept is None:
        return read_grid(path, sheet)
    if key not in _kept:
        _kept[key] = read_grid(path, sheet)
    return _kept[key]


def read_grid(path: Path, sheet: str | None) -> Grid:
    """A sheet's cells: the one called `sheet`, or the first that has any.

    Raises
    ------
    DataError
        The workbook cannot be opened, or has no such sheet, or nothing in it.
    """
    with _opened(path) as book:
        names = _tables(book)
        if sheet is not None and sheet not in names:
            raise DataError(f"no sheet «{sheet}»", where=str(path), cure=f"the sheets are {', '.join(names)}")
        for name in [sheet] if sheet is not None else names:
            rows = _rows(book, name, path)
            if any(any(cell not in ("", None) for cell in row) for row in rows):
                return Grid(name, rows, list(book.get_sheet_by_name(name).merged_cell_ranges or []))
    raise DataError("the sheet is empty", where=str(path), cure="export it again, or name another «sheet»")


def _opened(path: Path) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    check_extent(path)
    try:
        return CalamineWorkbook.from_path(path)
    except PasswordError:
        raise DataError(
            "the workbook is protected by a password", where=str(path), cure="take the protection off in Excel and save it again"
        ) from None
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(
            f"the workbook cannot be opened: {_plain(error)}",
            where=str(path),
            cure="open it in Excel or LibreOffice and save it again as XLSX",
        ) from None


def _tables(book: Any) -> list[str]:
    from python_calamine import SheetTypeEnum

    return [meta.name for meta in book.sheets_metadata if meta.typ is SheetTypeEnum.WorkSheet] or list(book.sheet_names)


def _rows(book: Any, name: str, path: Path) -> list[list[Any]]:
    from python_calamine import CalamineError

    try:
        rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(
            f"the sheet «{name}» cannot be read: {_plain(error)}", where=str(path), cure="save the workbook again as XLSX"
        ) from None
    return rows


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
