"""From when to when the log of activities runs: of leads outside of it, nobody knows whether they were answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from salesqc_lib.warnings import Warned

if TYPE_CHECKING:
    from salesqc_lib.dataset.dataset import Dataset

QUIET_DAYS, TIMES, ENOUGH = (
    7,
    3,
    30,
)  # a log that is silent for longer (three usual gaps) has begun late, or ended; of at least so many rows


@dataclass(frozen=True)
class LogSpan:
    """`begins` and `ends` in Unix seconds; open where the log reaches as far as the deals do."""

    begins: float = float("-inf")
    ends: float = float("inf")

    @property
    def is_whole(self) -> bool:
        """Whether the log covers all the time of the deals."""
        return self == LogSpan()


def find(dataset: "Dataset") -> LogSpan:
    """Where the activities begin and end, against the deals' creations. Tells where they do not cover them."""
    if not dataset.have["activities"]:
        return LogSpan()
    day = "CAST({0} AS DATE)"
    export = f"to_timestamp({dataset.as_of.timestamp()})"
    logged = [row[0] for row in dataset.con.execute(
        f"SELECT DISTINCT {day.format(_AT)} AS day FROM canonical.activities WHERE {_AT} IS NOT NULL AND {_AT} <= {export} ORDER BY 1"
    ).fetchall()]  # fmt: skip
    rows = int(dataset.con.execute("SELECT count(*) FROM canonical.activities").fetchall()[0][0])
    first, last = dataset.con.execute(
        f"SELECT min({day.format('created_at')}), max({day.format('created_at')}) FROM canonical.deals WHERE created_at IS NOT NULL"
    ).fetchall()[0]
    if not logged or rows < ENOUGH or first is None:
        return LogSpan()
    gaps = sorted((after - before).days for before, after in pairwise(logged))
    quiet = timedelta(max(QUIET_DAYS, TIMES * (gaps[int(0.9 * (len(gaps) - 1))] if gaps else 0)))
    zone = dataset.parameters.zone
    begins = (
        datetime(logged[0].year, logged[0].month, logged[0].day, tzinfo=zone).timestamp() if logged[0] - first > quiet else float("-inf")
    )
    ends = (
        datetime(logged[-1].year, logged[-1].month, logged[-1].day, tzinfo=zone).timestamp() if last - logged[-1] > quiet else float("inf")
    )
    span = LogSpan(begins, ends)
    if not span.is_whole:
        dataset.warned.append(Warned("W112", {"first": logged[0], "last": logged[-1]}, "activities", "at"))
    return span


_AT = '"at"'
