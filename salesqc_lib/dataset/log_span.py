"""From when to when the log of activities runs: of leads outside of it, nobody knows whether they were answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from salesqc_lib.dataset.vetting.rhythm import ENOUGH, Count, by_day, quiet_days, without_early_singles, without_late_singles

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

QUIET_DAYS = 7  # a log that is silent for longer (or than three usual gaps) while deals come in has begun late, or ended


@dataclass(frozen=True)
class LogSpan:
    """`first` and `last` day of the log, whether the deals' creations begin before it and go on after it, and the days of a pause that
    is usual in it."""

    first: date = date.min
    last: date = date.max
    begins_late: bool = False
    ends_early: bool = False
    quiet: int = QUIET_DAYS

    @property
    def is_whole(self) -> bool:
        """Whether the log covers all the time of the deals."""
        return not (self.begins_late or self.ends_early)

    def covers(self, first: date, end: date) -> bool:
        """Whether the log has all the days from `first` up to, not including, `end`; those of its last day may be there only in part."""
        return not (self.begins_late and first < self.first) and not (self.ends_early and end > self.last)

    def misses(self, first: date, end: date) -> bool:
        """Whether more of these days lie outside of the log than a pause explains: what they add up to is not what was done."""
        return (self.begins_late and (self.first - first).days > self.quiet) or (self.ends_early and (end - self.last).days > self.quiet)

    def holds(self, day: str) -> str:
        """SQL for whether a day lies in the log."""
        bounds = [f"{day} >= DATE '{self.first}'"] * self.begins_late + [f"{day} < DATE '{self.last}'"] * self.ends_early
        return " AND ".join(bounds) or "true"


def find(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], as_of: datetime) -> LogSpan:
    """Where the activities begin and end, against the deals' creations; single records of another year are typing errors on either side."""
    if not have["activities"] or "created_at" not in have["deals"]:
        return LogSpan()
    logged = _by_day(con, as_of, "activities", '"at"')
    created = _by_day(con, as_of, "deals", "created_at")
    if not created or sum(n for _, n in logged) < ENOUGH:
        return LogSpan()
    quiet = quiet_days([day for day, _ in logged], QUIET_DAYS)
    return LogSpan(
        logged[0][0],
        logged[-1][0],
        begins_late=(logged[0][0] - created[0][0]).days > quiet,
        ends_early=(created[-1][0] - logged[-1][0]).days > quiet,
        quiet=quiet,
    )


def _by_day(con: "DuckDBPyConnection", as_of: datetime, table: str, moment: str) -> list[Count]:
    source = f"canonical.{table} WHERE {moment} IS NOT NULL AND {moment} <= to_timestamp({as_of.timestamp()})"
    rows = con.execute(f"SELECT day, n FROM ({by_day(source, moment)}) d ORDER BY 1").fetchall()
    return list(without_early_singles(without_late_singles([(day, int(n)) for day, n in rows])))
