"""The rhythm of dated records: the gap that is usual between their days, and the days at either end that stand alone."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

Count = tuple[date, int]  # a day and its records
ALONE_DAYS, RARE = 30, 0.001  # records further off than that (three usual gaps), and no more of them than that part, stand alone
SINGLE, ENOUGH = 3, 30  # of fewer than so many records, nothing can be said to stand alone; up to so many are singles
TIMES = 3
QUARTER = 900_000_000  # microseconds of a quarter of an hour: clocks of all zones differ by so much, or a multiple
SINCE = (
    62_135_596_800_000_000  # microseconds from the year 1 to 1970: a quotient is cut towards nought, and a quarter before 1970 is one, too
)


def by_day(source: str, moment: str) -> str:
    """SQL for how many rows each local day has: `day`, `n`. The calendar is asked once for each quarter of an hour instead of for each row: no
    day begins within one."""
    quarters = f"SELECT min({moment}) AS moment, count(*) AS n FROM {source} GROUP BY {_quarter(moment)}"
    return f"SELECT CAST(moment AS DATE) AS day, sum(n) AS n FROM ({quarters}) q GROUP BY CAST(moment AS DATE)"


def with_days(query: str, moment: str) -> str:
    """SQL for the rows of a query, each with its local `day`, from the calendar of their quarters of an hour."""
    quarter = _quarter(moment)
    calendar = f"SELECT {quarter} AS quarter, CAST(min({moment}) AS DATE) AS day FROM ({query}) q GROUP BY {quarter}"
    return f"SELECT r.*, c.day FROM (SELECT *, {quarter} AS quarter FROM ({query}) p) r JOIN ({calendar}) c ON c.quarter = r.quarter"


def _quarter(moment: str) -> str:
    return f"(epoch_us({moment}) + {SINCE}) // {QUARTER}"


def quiet_days(days: Sequence[date], least: int) -> int:
    """How many days without a record are more than a pause: `least`, or three of the gaps that nine in ten do not exceed.

    >>> quiet_days([date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 21)], 7)
    30
    """
    gaps = sorted((after - before).days for before, after in pairwise(days))
    return max(least, TIMES * gaps[int(0.9 * (len(gaps) - 1))]) if gaps else least


def without_late_singles(counts: Sequence[Count]) -> Sequence[Count]:
    """The days, in order, without the few at the end that stand alone: typing errors that put a record years ahead."""
    return counts[: len(counts) - _alone([(day.toordinal(), n) for day, n in counts], counts)]


def without_early_singles(counts: Sequence[Count]) -> Sequence[Count]:
    """The days, in order, without the few at the beginning that stand alone: typing errors of another century."""
    return counts[_alone([(-day.toordinal(), n) for day, n in reversed(counts)], counts) :]


def _alone(places: Sequence[tuple[int, int]], counts: Sequence[Count]) -> int:
    """How many days at the end of the places stand alone."""
    total = sum(n for _, n in places)
    if total < ENOUGH:
        return 0
    far = quiet_days([day for day, _ in counts], ALONE_DAYS)
    end = len(places)
    while end > 1:
        start = end - 1
        while start > 0 and places[start][0] - places[start - 1][0] <= far:
            start -= 1
        if start == 0 or sum(n for _, n in places[start:end]) > max(SINGLE, RARE * total):
            break
        end = start
    return len(places) - end
