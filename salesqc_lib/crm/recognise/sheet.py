"""One table of the files that were given, looked at: its columns, and what stands in them."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from salesqc_lib.crm import files
from salesqc_lib.crm.cells import EMPTY_WORDS
from salesqc_lib.crm.files.opened import Part
from salesqc_lib.crm.intake import Intake, literal, quoted, tidy
from salesqc_lib.crm.meanings import NO, YES, plain

SEEN, COMMON = 20_000, 60  # rows that are looked at, and the most frequent values that are kept
_DATE = re.compile(
    r"20\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])|(\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](\d{4}|\d{2}))( ?г\.?)?([T ,]+\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[-. ]+[^\W\d_]{3,9}\.?[-. ,]+(\d{4}|\d{2})( г\.?)?,?( \d{1,2}:\d{2}.*)?|[^\W\d_]{3,9}\.? \d{1,2},? \d{4}.*"
)
_MOMENT = re.compile(r"1\d{9}|1\d{12}")
_NUMBER = re.compile(r"[-−(]?([A-Za-z]{3}\s?|[^\w(]{0,3}\s?)(\d[\d\s\xa0\u202f.,'’]*)\)?\s?([^\d\s]{1,4}\.?)?")
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
    """Read a table and look at its columns. What is empty in words («—», «n/a») counts as empty; of a long table every so manieth row is seen."""
    raw = files.open_file(intake, part.path, "given", sheet=part.sheet)
    rows = intake.count(f"SELECT count(*) FROM {raw}")
    seen = raw
    if rows > SEEN:
        seen = intake.new_raw()
        intake.con.execute(f"CREATE TEMP TABLE {seen} AS SELECT * FROM {raw} WHERE {files.ROW} % {rows // SEEN + 1} = 0")
    sheet = Sheet(part, raw, rows, paths=[part.path])
    sheet.columns = {name: looked(intake, seen, name) for name in files.raw_columns(intake, raw)}
    return sheet


def looked(intake: Intake, raw: str, name: str) -> Looked:
    """Look at one column of a raw table."""
    nothing = ", ".join(literal(word) for word in EMPTY_WORDS)
    cell = tidy(f"({quoted(name)})::VARCHAR")
    intake.con.execute(
        f"CREATE OR REPLACE TEMP TABLE cells AS SELECT CASE WHEN lower({cell}) IN ({nothing}) THEN NULL ELSE {cell} END AS x, {files.ROW} AS row FROM {raw}"
    )
    rows, filled, distinct = intake.con.execute("SELECT count(*), count(x), count(DISTINCT x) FROM cells").fetchall()[0]
    common = (
        intake.con.execute(
            f"SELECT x, count(*) AS n FROM cells WHERE x IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {COMMON}"
        ).fetchall()
        if distinct <= 2000
        else []
    )
    step = max(1, int(filled) // 300)
    sample = intake.con.execute(
        f"SELECT x FROM (SELECT x, row, row_number() OVER (ORDER BY row) AS place FROM cells WHERE x IS NOT NULL) WHERE place % {step} = 0 ORDER BY row LIMIT 400"
    ).fetchall()
    return Looked(
        name,
        int(filled),
        int(rows),
        int(distinct),
        tuple((str(value), int(count)) for value, count in common),
        tuple(str(row[0]) for row in sample),
    )
