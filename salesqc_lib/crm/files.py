"""Opening an export file as a table: CSV in any usual encoding and dialect, XLSX, Parquet."""

import codecs
import csv
import gzip
import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from salesqc_lib.crm.intake import InputFile, Intake, fingerprint, literal, quoted
from salesqc_lib.errors import DataError
from salesqc_lib.warnings import Warned

ROW = "__row"  # the row's number in its file, the header being row 1, as a spreadsheet shows it
FILE = "__file"


def open_all(intake: Intake, paths: Sequence[Path], table: str, **options: str | None) -> list[str]:
    """Read the files of one table, each with a label of its own; `options` as of `open_file`."""
    return [open_file(intake, path, table, label=label, **options) for path, label in zip(paths, labels(paths), strict=True)]


def labels(paths: Sequence[Path]) -> list[str]:
    """What tells each file from the others: its name, and as many of its folders as are needed.

    >>> labels([Path("in/2026-09/deals.csv"), Path("in/2026-10/deals.csv")])
    ['2026-09/deals.csv', '2026-10/deals.csv']
    """
    depth = 1
    while len({path.parts[-depth:] for path in paths}) < len(set(paths)):
        depth += 1
    return ["/".join(path.parts[-depth:]) for path in paths]


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

    Every column keeps the name of its header (a repeated header gets « (2)», « (3)» …). CSV and XLSX columns are text;
    Parquet columns keep their types. `__row` numbers the rows, `__file` names the file (`label`, or its name).

    Raises
    ------
    DataError
        The file is empty, is not what its name says, or has no row below the header.
    """
    if path.stat().st_size == 0:
        raise DataError("the file is empty", where=str(path), cure="export it again; an export with no deals still has a header")
    name = f"raw_{len(intake.files)}"
    with path.open("rb") as file:
        head = file.read(512)
    used, label = "", label or path.name
    if head.startswith(b"PK"):
        _open_xlsx(intake, path, name, label, sheet)
    elif head.startswith(b"PAR1"):
        _create(intake, name, f"SELECT * FROM read_parquet({literal(str(path))})", label)
    elif head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise DataError(
            "this is a web page with an Excel name", where=str(path), cure="open it in Excel or LibreOffice and save it as XLSX"
        )
    elif b"\x00" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"\xd0\xcf\x11\xe0", b"\x1f\x8b")):
        raise DataError("this is no table: the file holds binary data", where=str(path), cure="export CSV, XLSX or Parquet")
    elif head.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataError("this is an old .xls workbook", where=str(path), cure="open it in Excel or LibreOffice and save it as XLSX")
    else:
        used = _open_csv(intake, path, name, label, table, encoding, delimiter)
    rows = intake.count(f"SELECT count(*) FROM {name}")
    if rows == 0:
        raise DataError("the export has a header but no rows", where=str(path), cure="check the filter and the period it was exported with")
    intake.files.append(InputFile(path, table, rows, fingerprint(path), used, label))
    return name


def _create(intake: Intake, name: str, query: str, label: str) -> None:
    intake.con.execute(
        f"CREATE TEMP TABLE {name} AS SELECT row_number() OVER () + 1 AS {ROW}, {literal(label)} AS {FILE}, * FROM ({query})"
    )


def header_names(cells: list[str]) -> list[str]:
    """Header cells as unique column names: outer spaces off, no-break spaces made plain, repetitions numbered.

    >>> header_names(["Бюджет\\xa0", "Товар", "Товар", ""])
    ['Бюджет', 'Товар', 'Товар (2)', 'column 4']
    """
    seen: Counter[str] = Counter()
    names = []
    for position, cell in enumerate(cells, 1):
        name = " ".join(cell.replace("\xa0", " ").split()) or f"column {position}"
        seen[name.lower()] += 1
        names.append(name if seen[name.lower()] == 1 else f"{name} ({seen[name.lower()]})")
    return names


def _open_csv(intake: Intake, path: Path, name: str, label: str, table: str, encoding: str | None, delimiter: str | None) -> str:
    encoding = encoding or _encoding(path)
    with _as_utf8(path, encoding) as readable:
        with _open_bytes(readable) as file:
            line = _header_line(file)
        delimiter = delimiter or max(",;\t|", key=lambda mark: _count_outside_quotes(line, mark))
        names = header_names(next(csv.reader(io.StringIO(line), delimiter=delimiter)))
        columns = "{" + ", ".join(f"{literal(column)}: 'VARCHAR'" for column in names) + "}"
        plain = f"header=true, auto_detect=false, delim={literal(delimiter)}, quote='\"', escape='\"', columns={columns}"
        options = (
            plain + ", strict_mode=false, store_rejects=true, rejects_table='csv_rejects', rejects_scan='csv_scans', max_line_size=8000000"
        )
        _create(intake, name, f"SELECT * FROM read_csv({literal(str(readable))}, {options})", label)
        if intake.count("SELECT count(*) FROM csv_rejects WHERE error_type::VARCHAR = 'MISSING COLUMNS'"):
            # empty cells at the end of a line are often left out: the line is whole all the same
            intake.con.execute(f"DROP TABLE {name}; DROP TABLE csv_rejects; DROP TABLE csv_scans")
            _create(intake, name, f"SELECT * FROM read_csv({literal(str(readable))}, {options}, null_padding=true, parallel=false)", label)
    _refuse_open_quotes(intake, name, path, delimiter, len(names))
    # a line whose number of cells differs from the header's
    intake.con.execute(
        f"INSERT INTO rejected SELECT DISTINCT {literal(table)}, {literal(label)}, line, 'broken_line: ' || lower(error_type::VARCHAR), false FROM csv_rejects"
    )
    if broken := intake.count("SELECT count(DISTINCT line) FROM csv_rejects"):
        intake.warn(Warned("W214", {"n": broken}, table, file=label, rows=broken))
    intake.con.execute("DROP TABLE csv_rejects; DROP TABLE csv_scans")
    if encoding != "utf-8":
        intake.warn(Warned("W210", {"encoding": encoding}, table, file=label))
    return encoding


def _refuse_open_quotes(intake: Intake, name: str, path: Path, delimiter: str, columns: int) -> None:
    """A quote that is never closed swallows the lines that follow it: a cell then holds whole rows, with as many delimiters."""
    if columns < 4:
        return
    for column in raw_columns(intake, name):
        cell = quoted(column)
        lines, marks = (f"(length({cell}) - length(replace({cell}, {mark}, '')))" for mark in ("chr(10)", literal(delimiter)))
        row = intake.con.execute(f"SELECT min({ROW}) FROM {name} WHERE {lines} > 0 AND {marks} >= {lines} * {columns - 2}").fetchall()[0][0]
        if row is not None:
            raise DataError(
                f"a quote in the column «{column}» is not closed: the rows after it are taken for its text",
                where=f"{path}:{row}",
                cure='close the quote, or double it inside a text (""), and export again',
            )


def _open_bytes(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is valid UTF-8; else windows-1251 where it then reads as Cyrillic."""
    with _open_bytes(path) as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        sample = b""
        try:
            while block := file.read(1 << 20):
                sample = sample or block
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            if _reads_as_cyrillic(sample.decode("cp1251", errors="replace")):
                return "cp1251"
            raise DataError(
                "the file is neither UTF-8 nor windows-1251",
                where=str(path),
                cure="save it as «CSV UTF-8», or set «encoding» for this file",
            ) from None
    return "utf-8"


def _reads_as_cyrillic(text: str) -> bool:
    """Whether the words with letters beyond ASCII are Russian ones: another encoding would mix both alphabets in a word."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    russian = [word for word in words if all("А" <= letter <= "я" or letter in "Ёё" for letter in word)]
    return bool(words) and len(russian) / len(words) > 0.9


@contextmanager
def _as_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file itself, or a UTF-8 copy of it that lives as long as it is read."""
    if encoding == "utf-8":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "utf8.csv"
        try:
            with (
                _open_bytes(path) as raw,
                io.TextIOWrapper(raw, encoding=encoding, newline="") as source,
                copy.open("w", encoding="utf-8", newline="") as target,
            ):
                while block := source.read(1 << 20):
                    target.write(block)
        except (UnicodeDecodeError, LookupError) as error:
            raise DataError(
                f"the file cannot be read as {encoding}: {error}", where=str(path), cure="correct «encoding» for this file"
            ) from None
        yield copy


def _header_line(file: IO[bytes]) -> str:
    """The header record, which may run over several lines inside quotes."""
    line = ""
    while (part := file.readline(1 << 20).decode("utf-8-sig" if not line else "utf-8")) and (line + part).count('"') % 2:
        line += part
    return line + part


def _count_outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])


def _open_xlsx(intake: Intake, path: Path, name: str, label: str, sheet: str | None) -> None:
    import openpyxl
    import pyarrow as pa

    content = path.open("rb")  # by content: openpyxl refuses a workbook with another ending
    try:
        book = openpyxl.load_workbook(content, read_only=True, data_only=True)
    except (KeyError, ValueError, OSError) as error:
        raise DataError(f"the workbook cannot be opened: {error}", where=str(path), cure="save it again as XLSX") from None
    if sheet is not None and sheet not in book.sheetnames:
        raise DataError(f"no sheet «{sheet}»", where=str(path), cure=f"the sheets are {', '.join(book.sheetnames)}")
    rows = (book[sheet] if sheet else book[book.sheetnames[0]]).iter_rows(values_only=True)
    header = next(rows, None)
    if header is None:
        raise DataError("the sheet is empty", where=str(path), cure="export it again, or name another «sheet»")
    names = header_names([_cell(value) or "" for value in header])
    body = [[_cell(value) for value in row] for row in rows if any(value is not None for value in row)]
    book.close()
    content.close()
    columns = {column: pa.array([row[i] if i < len(row) else None for row in body], pa.string()) for i, column in enumerate(names)}
    intake.con.register("xlsx_rows", pa.table(columns))
    _create(intake, name, "SELECT * FROM xlsx_rows", label)
    intake.con.unregister("xlsx_rows")


def _cell(value: Any) -> str | None:
    """A spreadsheet cell as text: whole numbers without «.0», times in ISO form."""
    if value is None:
        return None
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def raw_columns(intake: Intake, name: str) -> dict[str, str]:
    """Column names of a raw table with their DuckDB types, without our own two."""
    described = intake.con.execute(f"DESCRIBE {quoted(name)}").fetchall()
    return {row[0]: row[1] for row in described if row[0] not in (ROW, FILE)}
