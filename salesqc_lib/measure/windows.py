"""The windows of a report: the period, those it is compared with, and the series that lead up to it."""

from datetime import datetime

from salesqc_lib.dataset import Dataset
from salesqc_lib.dataset.calendar import day_clock
from salesqc_lib.facts import Window
from salesqc_lib.kpi.card import MONTH, WEEK
from salesqc_lib.measure.reach import beginning, reach_of
from salesqc_lib.period import Period

MONTHS, WEEKS = 13, 13


def windows_of(dataset: Dataset, period: Period) -> list[Window]:
    """Current, previous and year-ago windows, then months and weeks up to the end of the period.

    A comparison is made only where the data were complete at its start already.
    """
    return list(dataset.once(("windows", period), lambda: _windows(dataset, period)))


def _windows(dataset: Dataset, period: Period) -> list[Window]:
    zone = dataset.parameters.zone
    current = _window(dataset, period, "current", "current", dataset.as_of)
    reach, since = reach_of(dataset), beginning(dataset)
    found = [current]
    for role, other in (("previous", period.previous()), ("year_ago", period.year_ago())):
        start, end = other.bounds(zone)
        if reach is not None and reach.covers(other):
            found.append(_window(dataset, other, role, role, observed_alike(dataset.as_of, current, start, end)))
    for role, parts in ((MONTH, period.months_up_to(MONTHS)), (WEEK, period.weeks_up_to(WEEKS))):
        for part in parts:
            start, end = part.bounds(zone)
            if since is not None and start < dataset.as_of and end > since:
                found.append(_window(dataset, part, part.label, role, dataset.as_of))
    return found


def _window(dataset: Dataset, period: Period, key: str, role: str, as_of: datetime) -> Window:
    start, end = period.bounds(dataset.parameters.zone)
    # only the running period asks for its working days
    worked, left = working_days_between(dataset, start, min(max(as_of, start), end), end) if role == "current" else (0.0, 0.0)
    return Window(key, role, start, end, as_of, worked, left)


def observed_alike(as_of: datetime, current: Window, start: datetime, end: datetime) -> datetime:
    """Up to when another period is observed: as far into it as the current one, or for as long after its end."""
    return min(end, start + (as_of - current.start)) if as_of < current.end else end + (as_of - current.end)


def working_days_between(dataset: Dataset, start: datetime, moment: datetime, end: datetime) -> tuple[float, float]:
    """Working days of [start, end) before and after a moment; a day that is half over counts by half."""
    clock = [day_clock(dataset.con, at) for at in (start, moment, end)]
    return clock[1] - clock[0], clock[2] - clock[1]
