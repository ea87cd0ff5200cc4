"""What a card returns: amounts, and counts, shares, means, times, ratios and tables made of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

import narwhals as nw

from salesqc_lib.facts.columns import Columns
from salesqc_lib.units import Unit

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Window:
    """A stretch of time in which events count, and the moment up to which their outcome is known.

    `role` is `current`, `previous`, `year_ago`, `month` or `week`. A comparison window is observed for as long after its end
    as the current one, so that a younger cohort is not held against an older one. Days are working days up to `as_of` and after, of the current window.
    """

    key: str
    role: str
    start: datetime
    end: datetime
    as_of: datetime
    days_worked: float = 0.0
    days_left: float = 0.0

    @property
    def close(self) -> datetime:
        """The moment of a snapshot: the end of the window, or the export if that came first."""
        return min(self.end, self.as_of)


@dataclass(frozen=True)
class Amount:
    """A sum over the rows of one fact table whose `clock` lies in the window (of all rows, where `clock` is empty).

    Of deals that closed nobody knows when, `sure` sums those that can have closed in the window alone, and `perhaps` those that may
    have closed in it: the sum is `self + sure`, and may be as far as `perhaps` off.
    """

    facts: Columns
    clock: str
    value: nw.Expr
    sure: "Amount | None" = None
    perhaps: "Amount | None" = None

    def __truediv__(self, other: "Amount") -> "Ratio":
        return Ratio({"k": self, "n": other})


@dataclass(frozen=True)
class Measure:
    """What a card returns. `companions` are figures that stand beside it, as `<id>_<name>`; `unit` is its own, where it is not the
    card's."""

    companions: Mapping[str, "Measure"] = field(default_factory=dict, kw_only=True)
    unit: Unit | None = field(default=None, kw_only=True)

    def as_unit(self, unit: Unit) -> Self:
        """The same figure in a unit of its own."""
        return replace(self, unit=unit)

    def beside(self, **companions: "Measure") -> Self:
        """The same measure with further figures beside it."""
        return replace(self, companions={**self.companions, **companions})


@dataclass(frozen=True)
class Summed(Measure):
    """A measure made of amounts alone: they are folded apart, each on its own table, and put together last."""

    amounts: Mapping[str, Amount]


@dataclass(frozen=True)
class Count(Summed):
    """How many. Amount `k`."""


@dataclass(frozen=True)
class Sum(Summed):
    """How much. Amounts `k` (the sum) and `n` (over how many rows)."""


@dataclass(frozen=True)
class Share(Summed):
    """`k` of `n`, with a Wilson interval. Each of the k is one of the n. `per` 1000 gives so many of a thousand."""

    per: int = 1

    def per_1000(self) -> "Share":
        """The same as so many of a thousand."""
        return replace(self, per=1000)


@dataclass(frozen=True)
class Ratio(Summed):
    """`k` / `n`, two sums that may come from two tables; no interval.

    `is_null_at_zero`: a numerator of nothing is not known rather than 0, as a cost where no spend is on record.
    """

    is_null_at_zero: bool = False


@dataclass(frozen=True)
class Formula(Summed):
    """Amounts put together by a function of its own: (amounts as columns, window) → columns value, low, high, n.

    `is_current_only`: it rests on facts prepared for the current period, so earlier windows have no value.
    """

    compute: "Callable[[pd.DataFrame, Window], pd.DataFrame]"
    is_current_only: bool = False


@dataclass(frozen=True)
class Rows:
    """Single rows of one fact table, where a statistic needs each value: named row-level expressions and a condition.

    With a `step`, durations are counted in classes of that width, with their number as `weight`: for a whole history.
    """

    facts: Columns
    clock: str
    fields: Mapping[str, nw.Expr]
    where: nw.Expr
    step: float = 0.0


@dataclass(frozen=True)
class RowMeasure(Measure):
    """A measure that needs single rows."""

    rows: Rows


@dataclass(frozen=True)
class Mean(RowMeasure):
    """Mean of `value` over the rows, with an interval.

    `is_skewed`: amounts of money, a few of them far larger than the rest; rows of one `cluster` (a customer) go together.
    """

    is_skewed: bool = False

    @cached_property
    def moments(self) -> dict[str, Amount]:
        """The sums that a mean and Student's interval need: how many, and the first three powers of the value."""
        rows, value = self.rows, self.rows.fields["value"]
        powers = {"n": nw.lit(1), "s1": value, "s2": value * value, "s3": value * value * value}
        return {
            name: Amount(rows.facts, rows.clock, nw.when(rows.where).then(power).otherwise(nw.lit(None))) for name, power in powers.items()
        }


@dataclass(frozen=True)
class Median(RowMeasure):
    """Median of `value` over the rows, with an interval."""


@dataclass(frozen=True)
class Time(RowMeasure):
    """Time to an event: rows hold `duration` (seconds) and `event` (1 happened, 2 competing event, 0 censored).

    The value is the quantile `q` of the Kaplan-Meier estimate; with competing events, of the Aalen-Johansen estimate
    among those that the event will reach.
    """

    q: float = 0.5
    is_competing: bool = False


@dataclass(frozen=True)
class Projection(RowMeasure):
    """The share that the event (1) will have reached after `horizon` seconds, with loss (2) competing.

    Rows also hold for how long they were `followed`; `reference` holds all cases, which tell how much of the final share shows by when.
    """

    horizon: float
    reference: Rows


@dataclass(frozen=True)
class Table(Measure):
    """Several measures side by side for each segment of the breakdowns `by`; `finish` may add columns to the frame.

    A breakdown of two dimensions is written `manager*criterion`. `whole` are measures of the total, repeated in every row.
    """

    by: tuple[str, ...]
    columns: Mapping[str, Measure]
    whole: Mapping[str, Measure] = field(default_factory=dict)
    finish: "Callable[[pd.DataFrame], pd.DataFrame] | None" = None


def leaves(measure: Measure) -> Iterator[Measure]:
    """The measure, its companions and the columns of a table: everything that is computed."""
    yield measure
    for companion in measure.companions.values():
        yield from leaves(companion)
    if isinstance(measure, Table):
        for column in (*measure.columns.values(), *measure.whole.values()):
            yield from leaves(column)
