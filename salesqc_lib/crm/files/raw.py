"""The raw table that every reader makes: the columns of the file as text (Parquet and databases keep their types), the row's number, the file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from salesqc_lib import limits
from salesqc_lib.crm.gate import check_width
from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.letters import readable

ROW = "__row"  # the row's number in its file, as a spreadsheet shows it
FILE = "__file"


def create(intake: Intake, name: str, query: str, label: str, first: int = 2) -> None:
    """Make the raw table `name` of a query's rows; `first` is the number of the first one in its file."""
    intake.con.execute(
        f"CREATE TEMP TABLE {name} AS SELECT row_number() OVER () + {first - 1} AS {ROW}, {literal(label)} AS {FILE}, * FROM ({query})"
    )


def create_from_texts(intake: Intake, name: str, label: str, columns: Mapping[str, Sequence[str | None]], rows: Sequence[int]) -> None:
    """Make the raw table `name` of columns of texts; `rows` are the numbers of the rows in their file."""
    import pyarrow as pa

    check_width(len(columns), label)
    table = pa.table(
        {ROW: pa.array(rows, pa.int64()), **{column: pa.array(map(_whole, cells), pa.string()) for column, cells in columns.items()}}
    )
    intake.con.register("texts", table)
    listed = "".join(f", {quoted(column)}" for column in columns)
    intake.con.execute(f"CREATE TEMP TABLE {name} AS SELECT {ROW}, {literal(label)} AS {FILE}{listed} FROM texts")
    intake.con.unregister("texts")


def _whole(cell: str | None) -> str | None:
    """A text that can be stored: halves of letters, which JSON can hold, are none."""
    return cell if cell is None or cell.isascii() else cell.encode("utf-8", "ignore").decode()


def header_names(cells: Sequence[str]) -> list[str]:
    """Header cells as unique column names: outer spaces off, no-break spaces made plain, repetitions numbered.

    >>> header_names(["Бюджет\\xa0", "Товар", "Товар", ""])
    ['Бюджет', 'Товар', 'Товар (2)', 'column 4']
    """
    seen: Counter[str] = Counter()
    names = []
    for position, cell in enumerate(cells, 1):
        name = " ".join(readable(cell).replace("\xa0", " ").split())[: limits.NAME_LETTERS] or f"column {position}"
        seen[name.lower()] += 1
        names.append(name if seen[name.lower()] == 1 else f"{name} ({seen[name.lower()]})")
    return names


def raw_columns(intake: Intake, name: str) -> dict[str, str]:
    """Column names of a raw table with their DuckDB types, without our own two."""
    described = intake.con.execute(f"DESCRIBE {quoted(name)}").fetchall()
    return {row[0]: row[1] for row in described if row[0] not in (ROW, FILE)}


def as_text(value: Any) -> str | None:
    """A typed cell as text: whole numbers without «.0», times in ISO form; None where it is empty."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
