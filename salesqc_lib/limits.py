"""What no real export meets and an attack does: the limits of files, texts, queries and runs.

Each can be set anew by an environment variable, `SALESQC_` and its name: `SALESQC_QUERY_SECONDS=600`. The register is
`docs/reference/limits.md`, made from here.
"""

import os
from dataclasses import dataclass

from salesqc_lib.errors import InputError

MB, GB = 1 << 20, 1 << 30


@dataclass(frozen=True)
class Limit:
    """A limit: its usual value, the unit it is written in, and what it holds for."""

    name: str
    usual: int
    unit: str
    what: str


EVERY: list[Limit] = []


def _limit(name: str, usual: int, unit: str, what: str, size: int = 1) -> int:
    """The value of a limit, as the environment has it or else the usual one, in units of `size`.

    Raises
    ------
    InputError
        The variable holds no number, or leaves nothing.
    """
    EVERY.append(Limit(name, usual, unit, what))
    given = os.environ.get(f"SALESQC_{name}", str(usual)).replace("_", "")
    if not given.isdecimal() or not int(given):
        raise InputError(f"SALESQC_{name}: «{given[:40]}» is no limit", cure=f"write a whole number of {unit}; the usual one is {usual}")
    return int(given) * size


FILE_BYTES = _limit("FILE_BYTES", 8, "GB", "one file, and what one file of an archive unpacks to", GB)
PACKED_RATIO = _limit("PACKED_RATIO", 300, "times", "how much larger than packed a file of more than 100 MB may be when it is unpacked")
ARCHIVE_FILES = _limit("ARCHIVE_FILES", 10_000, "files", "in one archive")
COLUMNS = _limit("COLUMNS", 3_000, "columns", "of one table")
CELL_LETTERS = _limit("CELL_LETTERS", 500_000, "letters", "in one cell")
SHEET_CELLS = _limit("SHEET_CELLS", 120, "million cells", "of one sheet, from its first to its last, empty ones too", 1_000_000)
NAME_LETTERS = _limit("NAME_LETTERS", 160, "letters", "of a name, a stage, a reason, an id; a longer one is shortened, and told")
TEXT_LETTERS = _limit("TEXT_LETTERS", 5_000, "letters", "of any other text that a report may show; a longer one is shortened, and told")
QUERY_LETTERS = _limit("QUERY_LETTERS", 50_000, "letters", "of a `query:`")
QUERY_SECONDS = _limit("QUERY_SECONDS", 120, "seconds", "that a `query:` may run")
_QUERY_MB = _limit("QUERY_MEMORY", 1_500, "MB", "that a `query:` may use")
QUERY_MEMORY = f"{_QUERY_MB}MB"
QUERY_BYTES = 2 * _QUERY_MB * 1_000_000 + 2 * GB  # of address space: programs and threads reserve more than they use
QUERY_SPILL = f"{_limit('QUERY_SPILL', 8, 'GB', 'of disk that a `query:` may use meanwhile')}GB"
DATABASE_SECONDS = _limit("DATABASE_SECONDS", 600, "seconds", "that a query of a `connection:` may run")
PARAMETER_BYTES = _limit("PARAMETER_BYTES", 1_000, "kB", "of a parameter file", 1_000)
PARAMETER_NODES = _limit("PARAMETER_NODES", 100_000, "values", "in a parameter file, those that aliases repeat counted each time")
PARAMETER_DEPTH = _limit("PARAMETER_DEPTH", 30, "blocks", "one inside another in a parameter file")
CELL_SECONDS = _limit("CELL_SECONDS", 1_800, "seconds", "that one cell of a template may run")
REPORT_SECONDS = _limit("REPORT_SECONDS", 3_600, "seconds", "that one report may take (`--timeout`)")
LOCK_SECONDS = _limit("LOCK_SECONDS", 600, "seconds", "that a run waits for another one that is at work on the same report")
CACHE_BYTES = _limit("CACHE_BYTES", 10, "GB", "of prepared data that are kept in `data/.cache/`; what was used longest ago goes first", GB)
REPORT_MEMORY = _limit("REPORT_MEMORY", 16, "GB", "of memory that one report may take", GB)
