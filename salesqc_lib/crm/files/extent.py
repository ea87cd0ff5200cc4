"""How many cells a workbook makes its reader hold: one cell at the far end of a sheet stands for seventeen billion empty ones before it.

Readers of workbooks keep a sheet as a full rectangle, so its corner is looked for first, in the packed XML itself.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from salesqc_lib import limits
from salesqc_lib.crm.archive import check_packing
from salesqc_lib.errors import DataError

_BLOCK = 1 << 22
_FAR_CELL = re.compile(rb'\sr="([A-Z]{3})(\d{1,9})"')  # beyond column ZZ
_FAR_ROW = re.compile(rb'<(?:\w+:)?(?:row|c)\s[^<>]{0,200}?\br="[A-Z]{0,3}(\d{5,9})"')
_ODS = re.compile(
    rb'<table:table-row\b[^<>]*?(?:number-rows-repeated="(\d+)")?[^<>]*>|<table:(?:covered-)?table-cell\b([^<>]*)>|<table:table\b'
)
_REPEATED = re.compile(rb'number-columns-repeated="(\d+)"')


def check_extent(path: Path) -> None:
    """Refuse a workbook whose parts unpack to more than a file may hold, or one of whose sheets reaches too far.

    Raises
    ------
    DataError
        With the corner that was found.
    """
    if not zipfile.is_zipfile(path):
        return  # XLS of old: at most 65,536 rows of 256 cells
    try:
        with zipfile.ZipFile(path) as book:
            check_packing(book, path)
            for part in book.infolist():
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename):
                    _check_corner(*_corner(_blocks(book, part)), path)
                elif part.filename == "content.xml":
                    _check_corner(*_corner_of_ods(_blocks(book, part)), path)
                elif re.fullmatch(r"xl/worksheets/[^/]+\.bin", part.filename):
                    _check_corner(*_corner_of_xlsb(b"".join(_blocks(book, part))), path)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        return  # damaged or protected: who opens it says so


def _check_corner(rows: int, columns: int, path: Path) -> None:
    if rows * columns > limits.SHEET_CELLS:
        raise DataError(
            f"a sheet reaches to row {rows:,} and column {columns:,}: {rows * columns / 1e6:,.0f} million cells, nearly all empty",
            where=str(path),
            cure="delete the stray cell at its end (Ctrl+End shows it) and save again, or export CSV (SALESQC_SHEET_CELLS)",
        )


def _blocks(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part, block by block, cut between tags."""
    left = b""
    with book.open(part) as file:
        while block := file.read(_BLOCK):
            block = left + block
            cut = block.rfind(b"<") if part.filename.endswith(".xml") else len(block)
            left = block[cut:] if cut > 0 else b""
            yield block[:cut] if cut > 0 else block
    yield left


def _corner(blocks: Iterator[bytes]) -> tuple[int, int]:
    rows, columns = 99_999, 702  # what is nearer is not looked for: it fits
    for block in blocks:
        for letters, row in _FAR_CELL.findall(block):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            rows, columns = max(rows, int(row)), max(columns, column)
        for row in _FAR_ROW.findall(block):
            rows = max(rows, int(row))
    # neither far rows nor far columns alone are too many
    return (rows, columns) if columns > 702 else (rows, 1)


def _corner_of_ods(blocks: Iterator[bytes]) -> tuple[int, int]:
    """Rows and cells that hold something, repeated as they say; the empty ones at the end are nothing to a reader."""
    rows, widest, repeated, width, is_filled = 0, 0, 1, 0, False
    furthest = 0

    def end_row() -> None:
        nonlocal rows, furthest, widest
        rows += repeated
        if is_filled:
            furthest, widest = max(furthest, rows), max(widest, width)

    for block in blocks:
        for found in _ODS.finditer(block):
            text = found[0]
            if text.startswith(b"<table:table-row"):
                end_row()
                told = re.search(rb'number-rows-repeated="(\d+)"', text)
                repeated, width, is_filled = int(told[1]) if told else 1, 0, False
            elif text.startswith((b"<table:table-cell", b"<table:covered")):
                told = _REPEATED.search(text)
                here = int(told[1]) if told else 1
                if b"office:value" in text or not text.endswith(b"/>"):
                    is_filled, width = True, width + here
                elif here < 16_000:
                    width += here
            else:
                end_row()
                rows, repeated, width, is_filled = 0, 0, 0, False
    end_row()
    return furthest, widest


def _corner_of_xlsb(data: bytes) -> tuple[int, int]:
    """The records of a binary sheet: 0 is the head of a row, 1 to 19 are cells. Source: [MS-XLSB] 2.1.4, 2.4."""
    at, rows, columns = 0, 0, 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind & 0x80 and at < len(data):
            kind, at = (kind & 0x7F) | (data[at] << 7), at + 1
        size, shift = 0, 0
        while at < len(data) and shift < 28:
            byte, at = data[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if kind == 0 and size >= 4:
            rows = max(rows, int.from_bytes(data[at : at + 4], "little") + 1)
        elif 1 <= kind <= 19 and size >= 4:
            columns = max(columns, int.from_bytes(data[at : at + 4], "little") + 1)
        at += size
    return rows, columns
