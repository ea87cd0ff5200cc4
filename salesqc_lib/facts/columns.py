"""The columns of a fact table: deferred expressions, and what can be said of moments and the window they are counted in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw

from salesqc_lib.errors import MissingSource

AS_OF, CLOSE, START = "__as_of", "__close", "__start"  # columns of the window, beside those of the table
UNSET = "(not set)"


@dataclass(frozen=True)
class Columns:
    """The columns of one fact table as deferred expressions.

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
    days: frozenset[str] = frozenset()
    winners_only: frozenset[str] = frozenset()
    one_sided: str = ""
    touched: set[str] = field(default_factory=set, repr=False, compare=False)  # steps that a card has asked for

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

    def reached(self, milestone: str, *, exactly: bool = False) -> nw.Expr:
        """Whether the milestone was reached by the moment up to which the window is observed. A win without a date has reached it by the
        export at the latest, unless the moment itself is asked for (`exactly`)."""
        self.require(milestone)
        self.touched.add(milestone)
        moment = nw.col(milestone if exactly or not self.has(f"{milestone}_latest") else f"{milestone}_latest")
        return ~moment.is_null() & (moment <= nw.col(AS_OF))

    def require_hours(self, *moments: str) -> None:
        """Raise `MissingSource` where one of the moments is a bare date: hours between them are not known."""
        if self.days & set(moments):
            raise MissingSource("precision:day")

    def require_both_outcomes(self) -> None:
        """Raise `MissingSource` where no deal was ever lost, or none ever won: such a rate says nothing."""
        if self.one_sided:
            raise MissingSource(self.one_sided)

    def require_all_leads(self) -> None:
        """Raise `MissingSource` where the export holds winners alone: of such leads, all have signed."""
        if self.one_sided == "only_wins":
            raise MissingSource("only_wins")

    def seconds(self, moment: str, *, working: bool = False, by_day: bool = False) -> nw.Expr:
        """A moment in Unix seconds, in seconds of the working calendar, or as its day in seconds."""
        self.require(moment)
        return nw.col(moment + ("_w" if working else "_d" if by_day else "_s"))

    def between(self, start: str, until: str) -> nw.Expr:
        """Seconds from one moment to another, in whole days where one of them is a bare date."""
        by_day = bool({start, until} & self.days)
        return self.seconds(until, by_day=by_day) - self.seconds(start, by_day=by_day)

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
    def observed_day(self) -> nw.Expr:
        """The day of observation in Unix seconds."""
        return nw.col(AS_OF + "_d")

    @property
    def working_observed_s(self) -> nw.Expr:
        """The moment of observation in seconds of the working calendar."""
        return nw.col(AS_OF + "_w")

    def waited(self, *, working: bool = False) -> nw.Expr:
        """Seconds from the creation to the moment of observation."""
        return (self.working_observed_s if working else self.observed_s) - self.seconds("created_at", working=working)

    def response(self, *, working: bool = False) -> nw.Expr:
        """Seconds from the creation to the first human contact; bare dates do not tell."""
        self.require_hours("created_at", "first_contact_at")
        return self.seconds("first_contact_at", working=working) - self.seconds("created_at", working=working)
