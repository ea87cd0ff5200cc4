"""Who of the sellers works: signs of life of each account, and who is gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from salesqc_lib.facts import UNSET

if TYPE_CHECKING:
    from salesqc_lib.dataset.dataset import Dataset

CLOSING_DAYS = 5  # on which an account closes deals: fewer are no work
SILENT_DAYS, FEW_SIGNS, LONG_DAYS, TIMES = 45, 5, 90, 3  # silent for so long (three of their own usual gaps, where these are longer): gone


@dataclass(frozen=True)
class Presence:
    """Signs of life by seller: the days (Unix days) on which they did something, and the moment of leaving where it is known."""

    signs: dict[str, tuple[float, ...]]
    left: dict[str, float]
    as_of: float

    def works(self, manager: str, window: tuple[datetime, datetime]) -> bool:
        """Whether somebody did something in the window and has not gone since."""
        start, end = (moment.timestamp() / 86400 for moment in window)
        return any(start - 1 < day < end for day in self.signs.get(manager, ())) and not self.is_gone(manager)

    def is_gone(self, manager: str) -> bool:
        """Whether an account has no sign of life any more: left, or silent for long while the department went on."""
        if self.left.get(manager, self.as_of + 1) <= self.as_of:
            return True
        days = self.signs.get(manager, ())
        if not days:
            return True
        latest = max((max(signs) for signs in self.signs.values() if signs), default=self.as_of)
        gaps = sorted(after - before for before, after in pairwise(days))
        usual = gaps[int(0.9 * (len(gaps) - 1))] if len(days) >= FEW_SIGNS else LONG_DAYS / TIMES
        return min(latest, self.as_of) - days[-1] > max(SILENT_DAYS, TIMES * usual)

    @property
    def gone(self) -> tuple[str, ...]:
        """Everybody who is gone, by name."""
        return tuple(sorted(name for name in self.signs if self.is_gone(name)))


def find(dataset: "Dataset") -> Presence:
    """Signs of life: human activities and moves by one's own hand; before the activities begin (or without them), deals taken in and closed."""
    con, have = dataset.con, dataset.have
    export = f"to_timestamp({dataset.as_of.timestamp()})"
    parts, since = [], "'9000-01-01'::TIMESTAMPTZ"
    if have["activities"]:
        human = "AND is_automatic IS NOT TRUE" if "is_automatic" in have["activities"] else ""
        parts.append(f'SELECT manager, "at" AS moment FROM linked WHERE true {human}')
        since = '(SELECT min("at") FROM linked)'
    if "author" in have["stage_events"]:
        parts.append('SELECT author AS manager, "at" AS moment FROM canonical.stage_events')
    deals = dataset.shapes["deals"].columns
    if "manager" in deals:
        # who signs, works; so does who closes deals day after day. An account whose deals are cleared out at once does nothing
        if {"outcome", "closed_at"} <= set(deals):
            parts.append(f"""
                SELECT manager, closed_at AS moment FROM facts.deals WHERE outcome <> 'open' AND manager IN (
                    SELECT manager FROM facts.deals WHERE outcome <> 'open' GROUP BY manager HAVING count(DISTINCT CAST(closed_at AS DATE)) >= {CLOSING_DAYS})""")
        parts += [
            f"SELECT manager, {name} AS moment FROM facts.deals WHERE {name} < {since}"
            for name in ("created_at", "closed_at")
            if name in deals
        ]
        parts += ["SELECT manager, contract_at AS moment FROM facts.deals"] if "contract_at" in deals else []
    rows = con.execute(
        f"SELECT DISTINCT manager, date_diff('day', CAST('1970-01-01' AS DATE), CAST(moment AS DATE)) AS day FROM ({' UNION ALL '.join(parts)}) p "
        f"WHERE moment IS NOT NULL AND moment <= {export} AND manager IS NOT NULL ORDER BY 1, 2"
    ).fetchall() if parts else []  # fmt: skip
    signs: dict[str, list[float]] = {}
    for manager, day in rows:
        signs.setdefault(str(manager), []).append(float(day))
    if "manager" in deals:
        for (manager,) in con.execute("SELECT DISTINCT manager FROM facts.deals ORDER BY 1").fetchall():
            signs.setdefault(str(manager), [])
    signs.pop(UNSET, None)
    return Presence({name: tuple(days) for name, days in signs.items()}, _left(dataset), _days(dataset.as_of))


def _left(dataset: "Dataset") -> dict[str, float]:
    if "left_at" not in dataset.have["managers"]:
        return {}
    rows = dataset.con.execute("SELECT manager, epoch(left_at) FROM canonical.managers WHERE left_at IS NOT NULL").fetchall()
    return {str(manager): float(moment) / 86400 for manager, moment in rows}


def _days(moment: datetime) -> float:
    return moment.timestamp() / timedelta(days=1).total_seconds()
