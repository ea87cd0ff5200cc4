"""One table of the files that were given, looked at: its columns, and what stands in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from salesqc_lib.crm import files
from salesqc_lib.crm.canonical import EMPTY_WORDS
from salesqc_lib.crm.files.opened import Part
from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.crm.meanings import NO, YES, plain

SAMPLE, COMMON = 3000, 60  # rows that are looked at, and the most frequent values that are kept
_DATE = re.compile(
    r"(\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](\d{4}|\d{2}))([T ,]+\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[-. ]+[^\W\d_]{3,9}\.?[-. ,]+(\d{4}|\d{2})( г\.?)?,?( \d{1,2}:\d{2}.*)?|[^\W\d_]{3,9}\.? \d{1,2},? \d{4}.*"
)
_MOMENT = re.compile(r"1\d{9}|1\d{12}")
_NUMBER = re.compile(r"[-−(]?[^\w(]{0,3}\s?(\d[\d\s\xa0\u202f.,'’]*)\)?\s?([^\d\s]{1,4}\.?)?")
_PHONE = re.compile(r"'?\+?\d[\d\s()-]{8,17}\d")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Looked:
    """What stands in a column: shares of its filled cells in the sample."""

    name: str
    filled: int
    rows: int
    distinct: int
    common: tuple[tuple[str, int], ...]  # the most frequent values and how many cells have them
    sample: tuple[str, ...]

    @property
    def examples(self) -> tuple[str, ...]:
        """Two values that show what it is."""
        return tuple(dict.fromkeys(value[:40] for value in self.sample))[:2]

    def share(self, pattern: re.Pattern[str]) -> float:
        """How many of the sample's values have a form."""
        return sum(bool(pattern.fullmatch(value)) for value in self.sample) / len(self.sample) if self.sample else 0.0

    @cached_property
    def is_date(self) -> bool:
        return self.share(_DATE) > 0.8 or (self.share(_MOMENT) > 0.95 and len(set(self.sample)) > 1)

    @cached_property
    def is_serial(self) -> bool:
        """Days as a spreadsheet counts them."""
        return self.share(re.compile(r"[3-5]\d{4}([.,]\d+)?")) > 0.95

    @cached_property
    def is_number(self) -> bool:
        return not self.is_date and self.share(_NUMBER) > 0.9

    @cached_property
    def is_phone(self) -> bool:
        return self.share(_PHONE) > 0.7

    @cached_property
    def is_email(self) -> bool:
        return self.share(_EMAIL) > 0.7

    @cached_property
    def is_flag(self) -> bool:
        return bool(self.common) and all(plain(value) in (*YES, *NO) for value, _ in self.common)

    @property
    def is_unique(self) -> bool:
        return self.filled > 1 and self.distinct == self.filled


@dataclass
class Sheet:
    """A table of a file, read into the raw table `raw`."""

    part: Part
    raw: str
    rows: int
    columns: dict[str, Looked] = field(default_factory=dict)
    paths: list[Path] = field(default_factory=list)  # this file, and others of the same kind

    @property
    def label(self) -> str:
        """What the reader calls it."""
        return f"{self.part.path.name}" + (f" · {self.part.sheet}" if self.part.sheet else "")

    def named(self, name: str) -> Looked | None:
        """The column that has a name, whatever its case and spaces."""
        return self._by_plain.get(plain(name))

    @cached_property
    def _by_plain(self) -> dict[str, Looked]:
        return {plain(column.name): column for column in reversed(list(self.columns.values()))}


def look(intake: Intake, part: Part) -> Sheet:
    """Read a table and look at its columns. What is empty in words («—», «n/a») counts as empty."""
    raw = files.open_file(intake, part.path, "given", sheet=part.sheet)
    rows = intake.count(f"SELECT count(*) FROM {raw}")
    sheet = Sheet(part, raw, rows, paths=[part.path])
    sheet.columns = {name: looked(intake, raw, name, rows) for name in files.raw_columns(intake, raw)}
    return sheet


def looked(intake: Intake, raw: str, name: str, rows: int) -> Looked:
    """Look at one column of a raw table."""
    nothing = ", ".join(literal(word) for word in EMPTY_WORDS)
    cell = rf"nullif(trim(regexp_replace(({quoted(name)})::VARCHAR, '[\s\x{{a0}}]+', ' ', 'g')), '')"
    values = f"SELECT {cell} AS x, {files.ROW} AS row FROM {raw} WHERE {cell} IS NOT NULL AND lower({cell}) NOT IN ({nothing})"
    filled, distinct = intake.con.execute(f"SELECT count(*), count(DISTINCT x) FROM ({values})").fetchall()[0]
    common = (
        intake.con.execute(f"SELECT x, count(*) AS n FROM ({values}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {COMMON}").fetchall()
        if distinct <= 2000
        else []
    )
    step = max(1, int(filled) // 300)
    sample = intake.con.execute(
        f"SELECT x FROM (SELECT x, row_number() OVER (ORDER BY row) AS place FROM ({values})) WHERE place % {step} = 0 ORDER BY place LIMIT 400"
    ).fetchall()
    return Looked(
        name,
        int(filled),
        rows,
        int(distinct),
        tuple((str(value), int(count)) for value, count in common),
        tuple(str(row[0]) for row in sample),
    )


def values_of(intake: Intake, sheet: Sheet, columns: Sequence[str]) -> list[tuple[str | None, ...]]:
    """The rows of some columns, trimmed."""
    listed = ", ".join(f"nullif(trim(({quoted(name)})::VARCHAR), '')" for name in columns)
    return [tuple(row) for row in intake.con.execute(f"SELECT {listed} FROM {sheet.raw}").fetchall()]
