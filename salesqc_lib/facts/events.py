"""A fact table as a card sees it: its columns are deferred, and events are chosen and added up over them."""

from dataclasses import dataclass, field, replace

import narwhals as nw

from salesqc_lib.errors import MissingSource
from salesqc_lib.facts.columns import START, Columns
from salesqc_lib.facts.measures import Amount, Count, Mean, Median, Projection, Rows, Share, Sum, Time
from salesqc_lib.units import HOUR

LOG = "log"  # what a card has asked for, where it counts contacts
CLOSINGS = ("contract_at", "closed_at")  # moments that an undated deal does not tell


def _number(condition: nw.Expr) -> nw.Expr:
    """A condition as 1 or 0: a sum of booleans does not exist on Spark."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _summed(condition: nw.Expr, value: nw.Expr | None) -> nw.Expr:
    return _number(condition) if value is None else nw.when(condition).then(value).otherwise(nw.lit(None))


@dataclass(frozen=True)
class Events:
    """The rows of a fact table whose `clock` lies in the window; of a snapshot (no clock), those that satisfy `given`."""

    facts: "Facts"
    clock: str
    given: nw.Expr | None = None

    def where(self, condition: nw.Expr) -> "Events":
        """Only those that satisfy the condition."""
        return replace(self, given=condition if self.given is None else self.given & condition)

    def count(self, condition: nw.Expr | None = None) -> Count:
        """How many of them (satisfy the condition)."""
        return Count({"k": self.amount(condition)})

    def amount(self, condition: nw.Expr | None = None, value: nw.Expr | None = None) -> Amount:
        """The number of them, or the sum of `value` over them."""
        both = self._every_row()
        for part in (self.given, condition):
            if part is not None:
                both = both & part
        sure, perhaps = (
            Amount(self.facts.undated, "", _summed(both & inside, value)) for inside in self._undated()
        ) if self.facts.undated is not None and self.clock in CLOSINGS else (None, None)  # fmt: skip
        return Amount(self.facts, self.clock, _summed(both, value), sure, perhaps)

    def _undated(self) -> tuple[nw.Expr, nw.Expr]:
        """Of rows that closed nobody knows when: those that must have in the window, and those that may have."""
        since, until, clock = nw.col("undated_from_at"), nw.col("undated_to_at"), nw.col(self.clock)
        is_open = clock.is_null() & (nw.col("outcome") == "won" if self.clock == "contract_at" else nw.col("outcome") != "open")
        is_sure = is_open & (since >= nw.col(START)) & (until <= nw.col("__end"))
        return is_sure, is_open & (since < nw.col("__end")) & (until > nw.col(START)) & ~is_sure

    def _every_row(self) -> nw.Expr:
        """A condition that each row satisfies; over a column, because a bare literal has no rows on pandas."""
        column = nw.col(self.clock or min(self.facts.columns))
        return column.is_null() | ~column.is_null()

    def sum(self, value: nw.Expr) -> Sum:
        """The sum of `value` over them, with the number of rows that have one."""
        return Sum({"k": self.amount(value=value), "n": self.amount(~value.is_null())})

    def share(self, condition: nw.Expr) -> Share:
        """How many of them satisfy the condition."""
        return Share({"k": self.amount(condition), "n": self.amount()})

    def mean(self, value: nw.Expr) -> Mean:
        """The mean of `value` over those that have one."""
        return Mean(self._rows({"value": value}, ~value.is_null()))

    def mean_amount(self, value: nw.Expr) -> Mean:
        """The mean of an amount of money over those that have one; several deals of one customer are no independent cases."""
        customer = {"cluster": nw.col("customer_id").fill_null("")} if self.facts.has("customer_id") else {}
        return Mean(self._rows({"value": value, **customer}, ~value.is_null()), is_skewed=True)

    def median(self, value: nw.Expr) -> Median:
        """The median of `value` over those that have one."""
        return Median(self._rows({"value": value}, ~value.is_null()))

    def time(
        self,
        until: str,
        *,
        start: str = "",
        lost: str = "",
        is_competing: bool = False,
        working: bool = False,
        in_hours: bool = False,
        q: float = 0.5,
    ) -> Time:
        """Time from `start` (default: the clock) to column `until`; open ones are censored at the export, lost ones at column `lost`.

        A row whose event precedes its start is left out: one of the two moments was entered after the fact. So is a deal that closed nobody
        knows when. `working`: in seconds of the working calendar. `in_hours`: bare dates do not do for it; else they count in whole days.
        """
        if in_hours or working:
            self.facts.require(until)
            self.facts.require_hours(start or self.clock, until)
        return Time(self._rows(*self._survival(until, start, lost, is_competing, working)), q=q, is_competing=is_competing)

    def projection(self, until: str, *, lost: str, horizon_days: int, reference: "Events") -> Projection:
        """The share of them that will have reached `until` within the horizon."""
        own, other = (events._rows(*events._survival(until, "created_at", lost, is_competing=True)) for events in (self, reference))
        by_day = bool({"created_at", until, lost} & self.facts.days) and self.facts.has("created_at_d")
        observed = self.facts.observed_day if by_day else self.facts.observed_s
        followed = observed - self.facts.seconds("created_at", by_day=by_day)
        own = replace(own, fields={**own.fields, "followed": followed})
        return Projection(own, horizon=horizon_days * 86400.0, reference=replace(other, step=HOUR))

    def _survival(self, until: str, start: str, lost: str, is_competing: bool, working: bool = False) -> tuple[dict[str, nw.Expr], nw.Expr]:
        """Duration and event of each row, and the condition under which they make sense."""
        facts, first = self.facts, start or self.clock
        by_day = not working and bool({first, until, *([lost] if lost else [])} & facts.days) and facts.has(f"{first}_d")
        begin, event = (facts.seconds(name, working=working, by_day=by_day) for name in (first, until))
        stop: nw.Expr = facts.working_observed_s if working else facts.observed_day if by_day else facts.observed_s
        happened, kind = facts.reached(until, exactly=True), nw.lit(0)
        if lost:
            is_lost = facts.is_lost & facts.reached(lost)
            stop = nw.when(is_lost).then(facts.seconds(lost, working=working, by_day=by_day)).otherwise(stop)
            kind = nw.when(is_lost).then(nw.lit(2 if is_competing else 0)).otherwise(nw.lit(0))
        is_undated = facts.has("undated_from_at") and until != "first_contact_at"
        if is_undated and lost:
            # a loss without a date is a loss: it counts from the last that is known of the deal
            is_late_loss = facts.is_lost & facts.reached("undated_from_at", exactly=True) & ~happened
            stop = nw.when(is_late_loss).then(facts.seconds("undated_from_at", by_day=by_day)).otherwise(stop)
            kind = nw.when(is_late_loss).then(nw.lit(2 if is_competing else 0)).otherwise(kind)
        duration = nw.when(happened).then(event).otherwise(stop) - begin
        known = duration >= 0
        if is_undated:
            undated = ~nw.col("undated_from_at").is_null()
            known = known & ~(undated & ~facts.is_lost if lost and not working else undated)
        return {"duration": duration, "event": nw.when(happened).then(nw.lit(1)).otherwise(kind)}, known

    def _rows(self, values: dict[str, nw.Expr], where: nw.Expr) -> Rows:
        return Rows(self.facts, self.clock, values, where if self.given is None else where & self.given)


@dataclass(frozen=True)
class Facts(Columns):
    """One fact table as a card sees it: its columns, and the events that can be chosen and added up over them. `undated`: of deals, those
    that closed nobody knows when."""

    undated: "Facts | None" = field(default=None, repr=False, compare=False)

    def at(self, clock: str) -> Events:
        """The rows whose moment `clock` lies in the period."""
        self.require(clock)
        return Events(self, clock)

    def arrivals(self) -> Events:
        """Deals created in the period whose creation is the moment at which they came in: those of a bulk import are left out."""
        came = self.at("created_at")
        return came.where(~self.is_imported) if self.has("is_imported") else came

    def snapshot(self) -> Events:
        """All rows, as they stand at the close of the period."""
        if self.frame is None:
            raise MissingSource(self.reason or f"no_table:{self.name}")
        return Events(self, "")

    def answerable(self) -> Events:
        """Arrivals of the time that the log of activities covers: of the others, nobody knows whether they were answered."""
        self.touched.add(LOG)
        came = self.arrivals()
        return came.where(self.is_logged) if self.has("is_logged") else came

    def logged(self, events: Events) -> Events:
        """Those of deals all of whose life lies in the log of activities: of the others, it does not have every contact."""
        self.touched.add(LOG)
        return events.where(self.is_life_logged) if self.has("is_life_logged") else events
