"""Since when each seller sells: who is new has young leads and is still learning, and is not held against the others for it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import narwhals as nw

from salesqc_lib.dataset import Dataset
from salesqc_lib.dataset.vetting.rhythm import without_early_singles
from salesqc_lib.facts import UNSET

NEW_DAYS = 90  # the first days of a seller, which are looked at apart
SETTLED_DAYS = 30  # who takes leads so soon after the records begin, may have been there before
HANDED_DAYS = 14  # leads so much older than anything that a seller did were handed over


@dataclass(frozen=True)
class Tenure:
    """The day on which each newcomer began. Who was there when the records began is not among them."""

    since: dict[str, datetime] = field(default_factory=dict)

    def settled_at(self, manager: str) -> datetime | None:
        """The end of somebody's first days; None for those who have always been there."""
        return self.since[manager] + timedelta(NEW_DAYS) if manager in self.since else None

    def new_after(self, moment: datetime) -> dict[str, datetime]:
        """Who is new after a moment, and until when."""
        return {name: until for name in self.since if (until := self.since[name] + timedelta(NEW_DAYS)) > moment}

    def rows_of_newcomers(self, clock: str, start: datetime) -> nw.Expr | None:
        """A condition on rows with a `manager` and a moment: those of somebody's first days; None where nobody is new after `start`."""
        parts = [(nw.col("manager") == name) & (nw.col(clock) < until) for name, until in sorted(self.new_after(start).items())]
        return nw.any_horizontal(*parts, ignore_nulls=True) if parts else None


def tenure_of(dataset: Dataset) -> Tenure:
    """By the first leads of one's own; where the log of activities shows nothing for weeks after them, by the first activity; and by the
    day of hiring where it is known."""
    if "manager" not in dataset.shapes["deals"].columns:
        return Tenure()
    rows = dataset.con.execute(
        "SELECT manager, CAST(created_at AS DATE) AS day, count(*) AS n FROM facts.deals WHERE created_at IS NOT NULL AND manager IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
    ).fetchall()
    days: dict[str, list[tuple[date, int]]] = {}
    for manager, day, n in rows:
        days.setdefault(str(manager), []).append((day, int(n)))
    days.pop(UNSET, None)
    if not days:
        return Tenure()
    first = {name: without_early_singles(counts)[0][0] for name, counts in days.items()}
    beginning = min(first.values())
    for name, day in _first_deeds(dataset).items():
        if name in first and (day - first[name]).days > HANDED_DAYS:
            first[name] = day
    for name, day in _hired(dataset).items():
        if name in first:
            first[name] = max(first[name], day) if day > beginning else first[name]
    zone = dataset.parameters.zone
    return Tenure(
        {name: datetime.combine(day, time(), zone) for name, day in sorted(first.items()) if (day - beginning).days > SETTLED_DAYS}
    )


def _first_deeds(dataset: Dataset) -> dict[str, date]:
    """The first human activity of each seller, where the log reaches back to the beginning of the records."""
    if not dataset.have["activities"] or not dataset.log.is_whole:
        return {}
    human = "WHERE is_automatic IS NOT TRUE" if "is_automatic" in dataset.have["activities"] else ""
    rows = dataset.con.execute(f'SELECT manager, CAST(min("at") AS DATE) AS day FROM linked {human} GROUP BY 1').fetchall()
    return {str(manager): day for manager, day in rows if manager is not None and day is not None}


def _hired(dataset: Dataset) -> dict[str, date]:
    if "hired_at" not in dataset.have["managers"]:
        return {}
    rows = dataset.con.execute(
        "SELECT manager, CAST(hired_at AS DATE) AS day FROM canonical.managers WHERE hired_at IS NOT NULL"
    ).fetchall()
    return {str(manager): day for manager, day in rows}
