"""Who of the sellers works: signs of life of each account, and who is gone."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from salesqc_lib.dataset.export import Export
from salesqc_lib.dataset.vetting.rhythm import quiet_days, with_days
from salesqc_lib.facts import UNSET
from salesqc_lib.period import Period

CLOSING_DAYS = 5  # on which an account closes deals: fewer are no work
SILENT_DAYS = 45  # silent for so long (three of their own usual gaps, where these are longer): gone
FEW_SIGNS, LONG_DAYS = 5, 90  # fewer signs tell no usual gap: then, after so long


@dataclass(frozen=True)
class Presence:
    """Signs of life by seller: the days on which they did something, in order, and the moment of leaving where it is known."""

    signs: dict[str, tuple[date, ...]]
    left: dict[str, datetime]
    as_of: datetime
    until: date = date.max  # up to when the records tell of everybody: the last new deal or activity

    def works(self, manager: str, period: Period) -> bool:
        """Whether somebody did something in the period and has not gone since."""
        return any(period.first <= day < period.end for day in self.signs.get(manager, ())) and not self.is_gone(manager)

    def is_gone(self, manager: str) -> bool:
        """Whether an account has no sign of life any more: left, or silent for long while the department went on."""
        if manager in self.left and self.left[manager] <= self.as_of:
            return True
        return not self.signs.get(manager) or manager in self._silent

    @cached_property
    def _silent(self) -> frozenset[str]:
        """Accounts that have been silent for long."""
        last = min(max((days[-1] for days in self.signs.values() if days), default=date.max), self.until, self.as_of.date())
        usual = {name: quiet_days(days, SILENT_DAYS) if len(days) >= FEW_SIGNS else LONG_DAYS for name, days in self.signs.items() if days}
        return frozenset(name for name, most in usual.items() if (last - self.signs[name][-1]).days > most)

    @property
    def gone(self) -> tuple[str, ...]:
        """Everybody who is gone, by name."""
        return tuple(sorted(name for name in self.signs if self.is_gone(name)))


def find(export: Export) -> Presence:
    """Signs of life: human activities and moves by one's own hand; before the activities begin (or without them), deals taken in and closed."""
    con, have = export.con, export.have
    now = f"to_timestamp({export.as_of.timestamp()})"
    parts, since = [], "'9000-01-01'::TIMESTAMPTZ"
    if have["activities"]:
        human = "AND is_automatic IS NOT TRUE" if "is_automatic" in have["activities"] else ""
        parts.append(f'SELECT manager, "at" AS moment FROM linked WHERE true {human}')
        since = '(SELECT min("at") FROM linked)'
    if "author" in have["stage_events"]:
        parts.append('SELECT author AS manager, "at" AS moment FROM canonical.stage_events')
    deals = export.shapes["deals"].columns
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
    source = f"({' UNION ALL '.join(parts)}) p WHERE moment IS NOT NULL AND moment <= {now} AND manager IS NOT NULL"
    rows = (
        con.execute(f"SELECT DISTINCT manager, day FROM ({with_days(f'SELECT * FROM {source}', 'moment')}) d ORDER BY 1, 2").fetchall()
        if parts
        else []
    )
    signs: dict[str, list[date]] = {}
    for manager, day in rows:
        signs.setdefault(str(manager), []).append(day)
    if "manager" in deals:
        for (manager,) in con.execute("SELECT DISTINCT manager FROM facts.deals ORDER BY 1").fetchall():
            signs.setdefault(str(manager), [])
    signs.pop(UNSET, None)
    as_of = export.as_of.astimezone(export.parameters.zone)
    return Presence({name: tuple(days) for name, days in signs.items()}, _left(export), as_of, _until(export, now))


def _until(export: Export, now: str) -> date:
    """The last day of a creation or an activity: closings may be entered ahead of their day."""
    parts = [
        f"SELECT CAST(max({moment}) AS DATE) AS day FROM canonical.{table} WHERE {moment} <= {now}"
        for table, moment in (("deals", "created_at"), ("activities", '"at"'))
        if moment.strip('"') in export.have[table]
    ]
    found = export.con.execute(f"SELECT max(day) FROM ({' UNION ALL '.join(parts)}) p").fetchall()[0][0] if parts else None
    return found or date.max


def _left(export: Export) -> dict[str, datetime]:
    if "left_at" not in export.have["managers"]:
        return {}
    rows = export.con.execute("SELECT manager, epoch(left_at) FROM canonical.managers WHERE left_at IS NOT NULL").fetchall()
    return {str(manager): datetime.fromtimestamp(float(moment), export.parameters.zone) for manager, moment in rows}
