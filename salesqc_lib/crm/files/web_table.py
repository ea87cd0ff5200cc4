"""Tables of web pages, which many CRMs save under the name of a workbook; and the XML workbooks of Excel 2003."""

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path

from salesqc_lib.crm.files.grid import Grid
from salesqc_lib.crm.files.text import decoded
from salesqc_lib.crm.gate import check_width
from salesqc_lib.errors import DataError

_ROWS, _CELLS, _TABLES = ("tr", "row"), ("td", "th", "cell"), ("table",)
_HIDDEN = ("script", "style")


def grids(path: Path, encoding: str | None = None) -> list[Grid]:
    """The tables of the page that have more than one row, the longest first.

    Raises
    ------
    DataError
        There is none: it is some other page, often the one that asks to log in.
    """
    text = decoded(path, encoding or _stated_encoding(path))[0]
    reader = _Tables(str(path))
    reader.feed(text)
    reader.close()
    found = [rows for rows in reader.tables if len(rows) > 1]
    if not found:
        title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
        called = f" («{' '.join(title[1].split())[:60]}»)" if title else ""
        raise DataError(
            f"this is a web page without a table{called}",
            where=str(path),
            cure="log in to the CRM and export the list again, as CSV or XLSX",
        )
    found.sort(key=len, reverse=True)
    return [Grid(f"table {place}" if len(found) > 1 else "table", rows) for place, rows in enumerate(found, 1)]


def _stated_encoding(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(2048)
    if head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    stated = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", head, re.IGNORECASE)
    try:
        return codecs.lookup(stated[1].decode("ascii")).name if stated else None
    except LookupError:
        return None


class _Tables(HTMLParser):
    """Collects the cells of every table; cells that span columns leave the others empty, those that span rows are repeated."""

    def __init__(self, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self._where = where
        self.tables: list[list[list[str | None]]] = []
        self._open: list[list[list[str | None]]] = []
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._hanging: list[dict[int, tuple[int, str | None]]] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag in _TABLES:
            self._open.append([])
            self._hanging.append({})
        elif tag in _ROWS and self._open:
            self._end_cell()
            self._open[-1].append([])
            self._hang()
        elif tag in _CELLS and self._open and self._open[-1]:
            self._end_cell()
            given = {name.rpartition(":")[2]: value or "" for name, value in attrs}
            self._span = (_number(given.get("colspan")), _number(given.get("rowspan")))
            row = self._open[-1][-1]
            if (index := given.get("index", "")).isdigit():  # of Excel 2003: empty cells before it are left out
                check_width(int(index[:9]), self._where)
                row.extend([None] * (int(index) - 1 - len(row)))
            self._text = []
        elif tag in ("br", "p", "div") and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _CELLS or tag in _ROWS:
            self._end_cell()
        elif tag in _TABLES and self._open:
            self._end_cell()
            self.tables.append([row for row in self._open.pop() if row])
            self._hanging.pop()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._hidden:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        while self._open:  # a page that was cut off
            self._end_cell()
            self.tables.append([row for row in self._open.pop() if row])

    def _end_cell(self) -> None:
        if self._text is None or not self._open or not self._open[-1]:
            return
        row, text = self._open[-1][-1], "".join(self._text).strip() or None
        columns, rows = self._span
        check_width(len(row) + columns, self._where)
        for extra in range(columns):
            if rows > 1:
                self._hanging[-1][len(row)] = (rows - 1, text if not extra else None)
            row.append(text if not extra else None)
        self._text = None
        self._hang()

    def _hang(self) -> None:
        """Cells of rows above that reach down into this one."""
        row, hanging = self._open[-1][-1], self._hanging[-1]
        while len(row) in hanging and len(self._open[-1]) > 1:
            left, text = hanging.pop(len(row))
            if left > 1:
                hanging[len(row)] = (left - 1, text)
            row.append(text)


def _number(text: str | None) -> int:
    return min(int(text), 1000) if text and text.isdigit() and int(text) > 0 else 1
