"""CSV in all its habits: any encoding, delimiter and line end, «sep=», titles above the header, cells left out at the ends of lines."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from salesqc_lib.crm.files import header
from salesqc_lib.crm.files.raw import create, header_names, raw_columns
from salesqc_lib.crm.files.text import encoding_of
from salesqc_lib.crm.gate import check_width
from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.errors import DataError
from salesqc_lib.scratch import scratch
from salesqc_lib.warnings import Warned

SAMPLE = 1 << 18  # bytes in which the dialect is found
WIDE = 8  # columns
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written: its delimiter, its columns, and the line on which its first record begins."""

    delimiter: str
    columns: list[str]
    first: int  # 1 is the first line of the file


def open_csv(intake: Intake, path: Path, name: str, label: str, table: str, encoding: str | None, delimiter: str | None) -> str:
    """Make the raw table `name` of a CSV file, all columns text, and return the encoding it had."""
    used = encoding or encoding_of(path)
    with _as_utf8(path, used) as readable:
        dialect = dialect_of(_sample(readable), path, delimiter)
        check_width(len(dialect.columns), str(path))
        _load(intake, readable, name, label, dialect, "")
        if intake.count("SELECT count(*) FROM csv_rejects WHERE error_type::VARCHAR = 'MISSING COLUMNS'"):
            # empty cells at the end of a line are often left out: the line is whole all the same
            intake.con.execute(f"DROP TABLE {name}; DROP TABLE csv_rejects; DROP TABLE csv_scans")
            _load(intake, readable, name, label, dialect, ", null_padding=true, parallel=false")
        if intake.count("SELECT count(*) FROM csv_rejects") and dialect.delimiter != ",":
            _load_without_quotes(intake, readable, name, label, dialect)
        _set_aside_what_is_cut_off(intake, readable, name, table, label, dialect)
    _leave_out_unnamed(intake, name)
    _refuse_open_quotes(intake, name, path, dialect)
    # a line whose number of cells differs from the header's
    intake.con.execute(
        f"INSERT INTO rejected SELECT DISTINCT {literal(table)}, {literal(label)}, line, 'broken_line: ' || lower(error_type::VARCHAR), false FROM csv_rejects"
    )
    if broken := intake.count("SELECT count(DISTINCT line) FROM csv_rejects"):
        intake.warn(Warned("W214", {"n": broken}, table, file=label, rows=broken))
    intake.con.execute("DROP TABLE csv_rejects; DROP TABLE csv_scans")
    if used != "utf-8":
        intake.warn(Warned("W210", {"encoding": used}, table, file=label))
    return used


def dialect_of(sample: str, path: Path, delimiter: str | None = None) -> Dialect:
    """The dialect in which the beginning of a file reads as a header over rows.

    >>> dialect_of("sep=;\\nID;Сумма;\\n1;350 000,50;\\n2;1,5;\\n", Path("deals.csv"))
    Dialect(delimiter=';', columns=['ID', 'Сумма', 'column 3'], first=3)
    """
    lines = sample.split("\n", 1)
    stated = lines[0].strip().lower().removeprefix("\ufeff")
    skipped = 0
    if stated.startswith("sep=") and len(stated) <= 5:
        delimiter, sample, skipped = delimiter or stated[4:] or "\t", lines[1] if len(lines) > 1 else "", 1
    found = [reading for mark in ((delimiter,) if delimiter else DELIMITERS) if (reading := _read(sample, mark, delimiter is not None))]
    if not found:
        found = [(1.0, (delimiter or ","), [sample.split("\n")[0].strip()], 1)]
    _, mark, labels, first = max(found, key=lambda reading: (-reading[3], reading[0]))  # a row of data is no earlier header
    return Dialect(mark, header_names(labels), skipped + first + 1)


def _read(sample: str, mark: str, is_given: bool) -> tuple[float, str, list[str], int] | None:
    """The sample cut by one delimiter: how well it fits, the delimiter, the labels, and the number of lines down to the header's last."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=mark)
    rows: list[list[str]] = []
    ends: list[int] = []
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
            if len(rows) >= header.LOOKED_AT + 12:
                break
    except csv.Error:
        if not rows:
            return None
    place = header.header_at(rows)
    if place is None:
        return None
    labels, first = header.names_at(rows, place)
    below = [len(row) for row in rows[first:] if any(row)]
    usual = max(set(below), key=below.count) if below else len(labels)
    if len(labels) < min(usual, 2):
        return None  # the rows have cells that the header does not: they are cut in the middle of a number
    labels += [""] * (usual - len(labels) if usual - len(labels) <= 1 else 0)
    if usual > len(labels) or (below and usual < 2 and not is_given):
        return None
    alike = sum(len(row) == usual for row in rows) / max(1, sum(any(row) for row in rows))
    return len(labels) * alike**2, mark, labels, ends[first - 1]


def _sample(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(SAMPLE)
    text = content.decode("utf-8-sig", errors="ignore").replace("\r\n", "\n").replace("\r", "\n")
    return text if len(content) < SAMPLE else text[: text.rfind("\n") + 1] or text


def _load(intake: Intake, path: Path, name: str, label: str, dialect: Dialect, more: str, quote: str = '"') -> None:
    columns = "{" + ", ".join(f"{literal(column)}: 'VARCHAR'" for column in dialect.columns) + "}"
    options = (
        f"header=false, auto_detect=false, skip={dialect.first - 1}, delim={literal(dialect.delimiter)}, quote={literal(quote)}, escape={literal(quote)}, columns={columns}, "
        f"strict_mode=false, compression='none', store_rejects=true, rejects_table='csv_rejects', rejects_scan='csv_scans', max_line_size=8000000{more}"
    )
    create(intake, name, f"SELECT * FROM read_csv({literal(str(path))}, {options})", label, dialect.first)


def _load_without_quotes(intake: Intake, path: Path, name: str, label: str, dialect: Dialect) -> None:
    """Where quotes are letters of names («"Лютик" ООО», written by hand), the lines read whole without them."""
    broken = intake.count("SELECT count(DISTINCT line) FROM csv_rejects")
    rows = intake.count(f"SELECT count(*) FROM {name}")
    intake.con.execute(f"ALTER TABLE {name} RENAME TO {name}_quoted; DROP TABLE csv_rejects; DROP TABLE csv_scans")
    _load(intake, path, name, label, dialect, "", quote="")
    if intake.count("SELECT count(DISTINCT line) FROM csv_rejects") or intake.count(f"SELECT count(*) FROM {name}") < rows + broken:
        intake.con.execute(f"DROP TABLE {name}; DROP TABLE csv_rejects; DROP TABLE csv_scans; DROP TABLE {name}_quoted")
        _load(intake, path, name, label, dialect, ", null_padding=true, parallel=false")
        return
    intake.con.execute(f"DROP TABLE {name}_quoted")
    for column in raw_columns(intake, name):
        cell = quoted(column)
        intake.con.execute(
            f"UPDATE {name} SET {cell} = replace({cell}[2:-2], '\"\"', '\"') WHERE length({cell}) > 1 AND {cell} LIKE '\"%\"'"
        )


def _set_aside_what_is_cut_off(intake: Intake, path: Path, name: str, table: str, label: str, dialect: Dialect) -> None:
    """A last line without an end and with fewer cells than all others: the file was cut off there."""
    with path.open("rb") as file:
        file.seek(0, 2)
        if not file.tell():
            return
        file.seek(max(0, file.tell() - SAMPLE))
        tail = file.read()
    if tail.endswith((b"\n", b"\r")):
        return
    text = tail.decode("utf-8", errors="ignore").replace("\r\n", "\n")
    lines = [row for row in csv.reader(io.StringIO(text[text.find("\n") + 1 :], newline=""), delimiter=dialect.delimiter) if row]
    if len(lines) < 4 or len(lines[-1]) >= min(map(len, lines[:-1])):
        return
    row = intake.con.execute(f"SELECT max(__row) FROM {name}").fetchall()[0][0]
    intake.con.execute(
        "INSERT INTO rejected VALUES (?, ?, ?, ?, false)", [table, label, row, f"cut_off «{dialect.delimiter.join(lines[-1])[:60]}»"]
    )
    intake.con.execute(f"DELETE FROM {name} WHERE __row = ?", [row])
    intake.warn(Warned("W219", {"file": label}, table, file=label, rows=1))


def _leave_out_unnamed(intake: Intake, name: str) -> None:
    """A column without a name and without a value is the delimiter at the end of every line."""
    unnamed = [column for column in raw_columns(intake, name) if column.startswith("column ")]
    for column in unnamed:
        if not intake.count(f"SELECT count(nullif({quoted(column)}, '')) FROM {name}"):
            intake.con.execute(f"ALTER TABLE {name} DROP COLUMN {quoted(column)}")


def _refuse_open_quotes(intake: Intake, name: str, path: Path, dialect: Dialect) -> None:
    """A quote that is never closed swallows the lines that follow it: a cell then holds whole rows, with as many delimiters."""
    columns = list(raw_columns(intake, name))
    if len(columns) < 4:
        return
    several = [column for column, most in _longest(intake, name, columns).items() if most]
    for column in several:
        cell = quoted(column)
        lines, marks = (f"(length({cell}) - length(replace({cell}, {mark}, '')))" for mark in ("chr(10)", literal(dialect.delimiter)))
        # in a narrow table a remark of several lines may have as many commas: there only whole rows inside it tell
        whole = f"len(list_filter(string_split({cell}, chr(10)), lambda part: len(string_split(part, {literal(dialect.delimiter)})) = {len(columns)}))"
        narrow = f"AND {whole} >= 3" if len(columns) < WIDE else ""
        found = f"SELECT min(__row) FROM {name} WHERE {lines} > 0 AND {marks} >= {lines} * {len(columns) - 2} {narrow}"
        row = intake.con.execute(found).fetchall()[0][0]
        if row is not None:
            raise DataError(
                f"a quote in the column «{column}» is not closed: the rows after it are taken for its text",
                where=f"{path}:{row}",
                cure='close the quote, or double it inside a text (""), and export again',
            )


def _longest(intake: Intake, name: str, columns: list[str]) -> dict[str, int]:
    """How many cells of each column run over several lines."""
    counts = ", ".join(f"count(*) FILTER (WHERE contains({quoted(column)}, chr(10)))" for column in columns)
    return dict(zip(columns, intake.con.execute(f"SELECT {counts} FROM {name}").fetchall()[0], strict=True))


@contextmanager
def _as_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file itself, or a UTF-8 copy of it that lives as long as it is read; lines that end in a lone CR get an LF."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    has_old_line_ends = b"\r" in head and b"\n" not in head
    if encoding == "utf-8" and not has_old_line_ends:
        yield path
        return
    with scratch() as folder:
        copy = Path(folder) / "utf8.csv"
        try:
            with (
                path.open("r", encoding=encoding, newline=None if has_old_line_ends else "") as source,
                copy.open("w", encoding="utf-8", newline="") as target,
            ):
                while block := source.read(1 << 20):
                    target.write(block)
        except (UnicodeError, LookupError) as error:
            raise DataError(
                f"the file cannot be read as {encoding}: {error}", where=str(path), cure="correct «encoding» for this file"
            ) from None
        yield copy
