"""A fact table as a card sees it: its columns are deferred, and events are chosen and added up over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals as nw

from salesqc_lib.errors import MissingSource
from salesqc_lib.facts.measures import AS_OF, CLOSE, START, Amount, Count, Mean, Median, Projection, Rows, Share, Sum, Time
from salesqc_lib.units import HOUR


def _number(condition: nw.Expr) -> nw.Expr:
    """A condition as 1 or 0: a sum of booleans does not exist on Spark."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


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
        return Amount(self.facts, self.clock, _number(both) if value is None else nw.when(both).then(value).otherwise(nw.lit(None)))

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

    def median(self, value: nw.Expr) -> Median:
        """The median of `value` over those that have one."""
        return Median(self._rows({"value": value}, ~value.is_null()))

    def time(
        self, until: str, *, start: str = "", lost: str = "", is_competing: bool = False, working: bool = False, q: float = 0.5
    ) -> Time:
        """Time from `start` (default: the clock) to column `until`; open ones are censored at the export, lost ones at column `lost`.

        A row whose event precedes its start is left out: one of the two moments was entered after the fact. `working`: in
        seconds of the working calendar.
        """
        return Time(self._rows(*self._survival(until, start, lost, is_competing, working)), q=q, is_competing=is_competing)

    def projection(self, until: str, *, lost: str, horizon_days: int, reference: "Events") -> Projection:
        """The share of them that will have reached `until` within the horizon."""
        own, other = (events._rows(*events._survival(until, "created_at", lost, is_competing=True)) for events in (self, reference))
        return Projection(own, horizon=horizon_days * 86400.0, reference=replace(other, step=HOUR))

    def _survival(self, until: str, start: str, lost: str, is_competing: bool, working: bool = False) -> tuple[dict[str, nw.Expr], nw.Expr]:
        """Duration and event of each row, and the condition under which they make sense."""
        facts = self.facts
        begin, event = facts.seconds(start or self.clock, working=working), facts.seconds(until, working=working)
        stop: nw.Expr = facts.working_observed_s if working else facts.observed_s
        happened, kind = facts.reached(until), nw.lit(0)
        if lost:
            is_lost = facts.is_lost & facts.reached(lost)
            stop = nw.when(is_lost).then(facts.seconds(lost, working=working)).otherwise(stop)
            kind = nw.when(is_lost).then(nw.lit(2 if is_competing else 0)).otherwise(nw.lit(0))
        duration = nw.when(happened).then(event).otherwise(stop) - begin
        return {"duration": duration, "event": nw.when(happened).then(nw.lit(1)).otherwise(kind)}, duration >= 0

    def _rows(self, values: dict[str, nw.Expr], where: nw.Expr) -> Rows:
        return Rows(self.facts, self.clock, values, where if self.given is None else where & self.given)


@dataclass(frozen=True)
class Facts:
    """One fact table as a card sees it: its columns are deferred expressions.

    `frame` is any narwhals frame (DuckDB, pandas, Spark); None where the client has no such table. `absent` tells why a column
    is not there (`no_column:deals.qualified_at`). Asking for an absent table or column raises `MissingSource` with that reason.
    A column `<x>_at` has a twin `<x>_at_s`, the same moment in Unix seconds, for durations. `levels`: each row counts on one level
    only (the total or one breakdown), named by the column `level`. `is_planned`: its rows lie in the future as well as in the past.
    """

    name: str
    frame: Any = field(default=None, repr=False, compare=False)
    columns: frozenset[str] = frozenset()
    absent: Mapping[str, str] = field(default_factory=dict, compare=False)
    reason: str = ""
    levels: bool = False
    is_planned: bool = False

    def __getattr__(self, column: str) -> nw.Expr:
        if column.startswith("__"):
            raise AttributeError(column)
        self.require(column)
        return nw.col(column)

    def require(self, column: str) -> None:
        """Raise `MissingSource` unless the column is there."""
        if self.frame is None:
            raise MissingSource(self.reason or f"no_table:{self.name}")
        if column not in self.columns:
            raise MissingSource(self.absent.get(column, f"no_column:{self.name}.{column}"))

    def has(self, column: str) -> bool:
        """Whether the column is there."""
        return self.frame is not None and column in self.columns

    def at(self, clock: str) -> Events:
        """The rows whose moment `clock` lies in the period."""
        self.require(clock)
        return Events(self, clock)

    def snapshot(self) -> Events:
        """All rows, as they stand at the close of the period."""
        if self.frame is None:
            raise MissingSource(self.reason or f"no_table:{self.name}")
        return Events(self, "")

    def reached(self, milestone: str) -> nw.Expr:
        """Whether the milestone was reached by the moment up to which the window is observed."""
        self.require(milestone)
        return ~nw.col(milestone).is_null() & (nw.col(milestone) <= nw.col(AS_OF))

    def seconds(self, moment: str, *, working: bool = False) -> nw.Expr:
        """A moment in Unix seconds, or in seconds of the working calendar."""
        self.require(moment)
        return nw.col(moment + ("_w" if working else "_s"))

    @property
    def is_lost(self) -> nw.Expr:
        """Whether the deal ended in a loss."""
        self.require("outcome")
        return nw.col("outcome") == "lost"

    @property
    def as_of(self) -> nw.Expr:
        """The moment up to which the window is observed."""
        return nw.col(AS_OF)

    @property
    def start(self) -> nw.Expr:
        """The beginning of the window."""
        return nw.col(START)

    @property
    def end(self) -> nw.Expr:
        """The end of the window."""
        return nw.col("__end")

    @property
    def start_s(self) -> nw.Expr:
        """The beginning of the window in Unix seconds."""
        return nw.col(START + "_s")

    @property
    def close(self) -> nw.Expr:
        """The moment of a snapshot."""
        return nw.col(CLOSE)

    @property
    def close_s(self) -> nw.Expr:
        """The moment of a snapshot in Unix seconds."""
        return nw.col(CLOSE + "_s")

    @property
    def observed_s(self) -> nw.Expr:
        """The moment of observation in Unix seconds."""
        return nw.col(AS_OF + "_s")

    @property
    def working_observed_s(self) -> nw.Expr:
        """The moment of observation in seconds of the working calendar."""
        return nw.col(AS_OF + "_w")

    def waited(self, *, working: bool = False) -> nw.Expr:
        """Seconds from the creation to the moment of observation."""
        return (self.working_observed_s if working else self.observed_s) - self.seconds("created_at", working=working)

    def response(self, *, working: bool = False) -> nw.Expr:
        """Seconds from the creation to the first human contact."""
        return self.seconds("first_contact_at", working=working) - self.seconds("created_at", working=working)
