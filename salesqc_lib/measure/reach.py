"""How far back the data are complete: from the first creation plus one usual cycle of a deal on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from salesqc_lib.dataset import Dataset
from salesqc_lib.dataset.vetting.rhythm import quiet_days, without_early_singles, without_late_singles
from salesqc_lib.period import Period
from salesqc_lib.warnings import Value, Warned
from salesqc_lib.words import Text

SILENT_DAYS = 21  # without a new deal, unless so long a gap is usual


@dataclass(frozen=True)
class Reach:
    """The day on which the records begin, the usual days from creation to contract, and the day from which all is on record."""

    first: date
    cycle_days: int

    @property
    def complete(self) -> date:
        """Deals that were under way when the records began are not in them: a usual cycle later, they have ended."""
        return self.first + timedelta(self.cycle_days)

    def covers(self, period: Period) -> bool:
        """Whether a period can be compared with."""
        return period.first >= self.complete


def reach_of(dataset: Dataset) -> Reach | None:
    """None where no deal has a creation date. Single creations long before the others are typing errors, not the beginning."""
    return dataset.once("reach", lambda: _reach(dataset))


def _reach(dataset: Dataset) -> Reach | None:
    rows = dataset.con.execute(
        "SELECT CAST(created_at AS DATE) AS day, count(*) AS n FROM facts.deals WHERE created_at IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if not rows:
        return None
    first = without_early_singles([(day, int(n)) for day, n in rows])[0][0]
    return Reach(first, _usual_cycle(dataset))


def _usual_cycle(dataset: Dataset) -> int:
    columns = set(dataset.shapes["deals"].columns)
    for until, where in (("contract_at", ""), ("closed_at", "AND outcome <> 'open'")):
        if until in columns and ("outcome" in columns or not where):
            days = f"date_diff('day', CAST(created_at AS DATE), CAST({until} AS DATE))"
            row = dataset.con.execute(f"SELECT median({days}) FROM facts.deals WHERE {until} >= created_at {where}").fetchall()[0]
            if row[0] is not None:
                return round(float(row[0]))
    return 0


_CYCLE = Text(", обычно до договора {days} д", ", a usual deal takes {days} d")
_UNKNOWN = Text("", "")  # no deal has ended, or on the day it came in


def uncompared(dataset: Dataset, period: Period) -> Warned | None:
    """A note where the data do not reach back far enough to compare the period with the one before, or with the year before."""
    reach = reach_of(dataset)
    if reach is None:
        return None
    without = [other.label for other in (period.previous(), period.year_ago()) if not reach.covers(other)]
    if not without:
        return None
    values: dict[str, Value] = {
        "first": reach.first,
        "cycle": _CYCLE.format(days=reach.cycle_days) if reach.cycle_days else _UNKNOWN,
        "complete": reach.complete,
        "without": ", ".join(dict.fromkeys(without)),
    }
    return Warned("W107", values, "deals", "created_at")


def new_deals_end(dataset: Dataset, period: Period) -> Warned | None:
    """A grave doubt where the creations end long before the closings do, and before the period ends."""
    columns = set(dataset.shapes["deals"].columns)
    if not {"outcome", "closed_at"} <= columns:
        return None
    days = "SELECT CAST({0} AS DATE) AS day, count(*) AS n FROM facts.deals WHERE {0} IS NOT NULL {1} GROUP BY 1 ORDER BY 1"
    created, closed = (
        [(day, int(n)) for day, n in dataset.con.execute(days.format(name, where)).fetchall()]
        for name, where in (("created_at", ""), ("closed_at", "AND outcome <> 'open'"))
    )
    if not created or not closed:
        return None
    last, until = (without_late_singles(counts)[-1][0] for counts in (created, closed))
    if (min(until, period.end) - last).days <= quiet_days([day for day, _ in created], SILENT_DAYS):
        return None
    return Warned("W114", {"last": last, "until": until}, "deals", "created_at")


def beginning(dataset: Dataset) -> datetime | None:
    """The moment at which the records begin."""
    reach = reach_of(dataset)
    return datetime.combine(reach.first, time(), dataset.parameters.zone) if reach else None
