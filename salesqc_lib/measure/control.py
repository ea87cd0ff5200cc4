"""The client's own totals beside ours, and the parts that explain the difference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import InputError
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure.measurement import measure
from salesqc_lib.measure.reach import reach_of
from salesqc_lib.params.model import Control
from salesqc_lib.period import Period
from salesqc_lib.units import write_number
from salesqc_lib.warnings import Warned
from salesqc_lib.words import LANGUAGES, Language, Text

NAMES = ("leads", "contracts", "revenue")
ALIKE = 0.005  # a difference of less than half a per cent is none


@dataclass(frozen=True)
class Checked:
    """One total: what the client's CRM shows, ours, and the parts of the difference (theirs − ours) that the data explain.

    Parts: `undated`, `non_target`, `excluded`, `duplicate`, `replaced`, `future`, `by_closing` (by the closing date rather than that of the
    contract), `zone` (the day begins elsewhere).
    """

    period: Period
    name: str
    theirs: float
    ours: float
    high: float
    parts: dict[str, float]

    @property
    def difference(self) -> float:
        """What the client's CRM shows above ours."""
        return self.theirs - self.ours

    @property
    def is_alike(self) -> bool:
        """Whether they agree."""
        return abs(self.difference) <= ALIKE * max(abs(self.theirs), abs(self.ours))

    @property
    def explained(self) -> dict[str, float]:
        """Parts that point the way of the difference; each no larger than what is left of it."""
        left, found = self.difference, {}
        for name, size in self.parts.items():
            if size * left > 0 and abs(left) > ALIKE * abs(self.theirs):
                found[name] = min(size, left) if left > 0 else max(size, left)
                left -= found[name]
        return found

    @property
    def unexplained(self) -> float:
        """What no part explains."""
        return self.difference - sum(self.explained.values())


def checked(dataset: Dataset) -> list[Checked]:
    """Every control total of the parameters beside ours."""
    return [one for control in dataset.parameters.control for one in _of(dataset, control)]


def doubt(found: Sequence[Checked]) -> Warned | None:
    """A grave doubt where a total differs."""
    apart = [one for one in found if not one.is_alike]
    if not apart:
        return None
    return Warned("W207", {"list": Text(*("; ".join(_told(one, language) for one in apart) for language in LANGUAGES))})


def _told(one: Checked, language: Language) -> str:
    theirs, ours = (write_number(value, language) for value in (one.theirs, one.ours))
    return f"{CATALOGUE[one.name].name[language]}, {one.period.name(language)}: {theirs} / {ours}"


def _of(dataset: Dataset, control: Control) -> Iterator[Checked]:
    period = Period.parse(control.period)
    reach = reach_of(dataset)
    if reach is None or period.end <= reach.first or period.bounds(dataset.parameters.zone)[0] >= dataset.as_of:
        raise InputError(
            f"control: the period {period.label} lies outside the data", where=dataset.parameters.where("control"),
            cure="give the totals of a period that the export covers",
        )  # fmt: skip
    wanted = [name for name in NAMES if getattr(control, name) is not None]
    found = measure(dataset, period, wanted, by=())
    window = period.bounds(dataset.parameters.zone)
    for name in wanted:
        row = found.row(name)
        theirs, ours, high = float(getattr(control, name)), float(row["value"]), float(row["high"])
        if ours == ours:
            high = high if high == high else ours
            yield Checked(period, name, theirs, ours, high, _parts(dataset, name, window, high - ours))


def _parts(dataset: Dataset, name: str, window: tuple[datetime, datetime], undated: float) -> dict[str, float]:
    parts = {"undated": undated}
    have = dataset.have["deals"]
    signed = "coalesce(contract_at, closed_at)" if "contract_at" in have else "closed_at"
    clock = "created_at" if name == "leads" else signed
    if name != "leads" and not {"outcome", "closed_at"} <= have:
        return parts
    won = "" if name == "leads" else " AND outcome = 'won'"
    value = "coalesce(sum(amount), 0)" if name == "revenue" else "count(*)"
    inside = _inside(clock, window) + won
    if "is_target" in have:
        parts["non_target"] = _number(dataset, f"SELECT {value} FROM canonical.deals WHERE is_target IS FALSE AND {inside}")
    if _has_aside(dataset):
        for reason, number in dataset.con.execute(
            f"SELECT reason, {value} FROM aside.deals WHERE {inside} GROUP BY 1 ORDER BY 1"
        ).fetchall():
            parts[str(reason)] = float(number or 0)
    if name != "leads" and "contract_at" in have:
        by_closing = _number(dataset, f"SELECT {value} FROM canonical.deals WHERE outcome = 'won' AND {_inside('closed_at', window)}")
        parts["by_closing"] = by_closing - _number(dataset, f"SELECT {value} FROM canonical.deals WHERE {inside}")
    if ("deals", "created_at" if name == "leads" else "closed_at") not in dataset.days:
        parts["zone"] = _by_other_zone(dataset, clock, window, won, value)
    return parts


def _inside(clock: str, window: tuple[datetime, datetime]) -> str:
    start, end = (moment.timestamp() for moment in window)
    return f"{clock} >= to_timestamp({start}) AND {clock} < to_timestamp({end})"


def _by_other_zone(dataset: Dataset, clock: str, window: tuple[datetime, datetime], won: str, value: str) -> float:
    """How many more there would be, did the days begin by UTC."""
    target = " AND is_target IS NOT FALSE" if "is_target" in dataset.have["deals"] else ""
    shifts = [moment.utcoffset() for moment in window]
    by_utc = tuple(moment + shift for moment, shift in zip(window, shifts, strict=True) if shift is not None)
    counts = [
        _number(dataset, f"SELECT {value} FROM canonical.deals WHERE {_inside(clock, (one[0], one[1]))}{won}{target}")
        for one in (by_utc, window)
    ]
    return counts[0] - counts[1]


def _has_aside(dataset: Dataset) -> bool:
    rows = dataset.con.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'aside' AND table_name = 'deals'"
    ).fetchall()
    return bool(rows[0][0]) and bool(dataset.have["deals"])


def _number(dataset: Dataset, sql: str) -> float:
    return float(dataset.con.execute(sql).fetchall()[0][0] or 0)
