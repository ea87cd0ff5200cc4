"""The worked example of a card: a few rows, and what they come to. It stands in the card's docstring, runs as its test and is printed
in the reference and in the report's appendix.

    Example
    -------
    with        hygiene: {idle_days: 10}
    deals       deal_id  created_at  outcome
                1        01-05       open
    result      1 / 3

The period is January 2026, the export stands at its end (a bare date is the end of that day). `01-05` is the 5th of January 2026, `12-28` the 28th of December before;
`-` is an empty cell. A result is `k / n`, a value (`3`, `2 h`), `<companion>: <value>`, or `<segment>: <column>=<value> …` of a table.
"""

import inspect
import re
from dataclasses import dataclass, field

YEAR, AS_OF, PERIOD = 2026, "2026-01-31", "2026-01"  # a bare date stands for its end
_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_NUMBERED = {"deals": "deal_id", "activities": "activity_id", "tasks": "task_id", "surveys": "survey_id"}


@dataclass(frozen=True)
class Result:
    """What comes out: `value`, or `k` of `n`, of the figure itself, of a companion, or of columns of a segment."""

    value: float | None = None
    k: float | None = None
    n: float | None = None
    companion: str = ""
    segment: str = ""
    columns: dict[str, float] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Example:
    """Tables as they are written (name: header and rows), parameters as YAML lines, and results. `as_of` is the moment of the export."""

    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    settings: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    as_of: str = AS_OF

    def csv(self, table: str) -> str:
        """One table as CSV, with full dates, and ids where it has none of its own."""
        header, *rows = self.tables[table]
        key = _NUMBERED.get(table, "")
        cells = [[_moment(cell) for cell in row] for row in rows]
        if key and key not in header:
            header, cells = [key, *header], [[str(number), *row] for number, row in enumerate(cells, 1)]
        return "\n".join(",".join(row) for row in [header, *cells])


def read_example(docstring: str) -> tuple[str, Example]:
    """What a docstring says is counted, and its example.

    Raises
    ------
    ValueError
        The example is not written as it should be.
    """
    counted, _, text = inspect.cleandoc(docstring).partition("\nExample\n-------\n")
    tables: dict[str, list[list[str]]] = {}
    as_of, settings = AS_OF, list[str]()
    results: list[Result] = []
    rows: list[list[str]] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        if line[0] == " ":
            if len(line.split()) != len(rows[0]):
                raise ValueError(f"a row has {len(line.split())} cells and its head {len(rows[0])}: {line!r}")
            rows.append(line.split())
            continue
        name, rest = line.split(None, 1)
        if name == "with" and rest.startswith("as_of: "):
            as_of = rest.removeprefix("as_of: ").strip()
        elif name == "with":
            settings.append(rest.strip())
        elif name == "result":
            results.append(_result(rest.strip()))
        else:
            rows = tables[name] = [rest.split()]
    return " ".join(counted.split()), Example(tables, tuple(settings), tuple(results), as_of)


def _result(text: str) -> Result:
    label, colon, rest = text.partition(": ")
    if not colon:
        label, rest = "", text
    if "=" in rest:
        columns = {name: float(value) for name, value in (part.split("=") for part in rest.split())}
        return Result(segment=label, columns=columns, text=text)
    if found := re.fullmatch(r"([\d.]+) / ([\d.]+)", rest):
        return Result(k=float(found[1]), n=float(found[2]), companion=label, text=text)
    number, _, unit = rest.partition(" ")
    return Result(value=float(number) * _SECONDS.get(unit, 1.0), companion=label, text=text)


def _moment(cell: str) -> str:
    if cell == "-":
        return ""
    found = re.fullmatch(r"(\d\d)-(\d\d)(T.*)?", cell)
    if not found:
        return cell
    return f"{YEAR if int(found[1]) <= 2 else YEAR - 1}-{cell}"
