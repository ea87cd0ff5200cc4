"""Times to an event when some are still waiting: Kaplan-Meier, and Aalen-Johansen where another event competes.

Written on numpy: an audit asks for hundreds of curves, and the tests hold them against statsmodels. Durations are seconds; status 1 the event, 2 a competing event, 0 censored.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from salesqc_lib.statistics.shares import normal_quantile

ENOUGH, LATE = 20, 0.1  # of so many events, more than that part after the horizon: it is too short


@dataclass(frozen=True)
class Curve:
    """A cumulative incidence: by `time`, the share `reached` that the event has reached, with its standard error."""

    time: Any
    reached: Any
    error: Any
    n: int
    events: int

    def at(self, moment: float) -> tuple[float, float]:
        """Share reached and standard error at a moment (0 before the first event)."""
        index = int(np.searchsorted(self.time, moment, side="right")) - 1
        return (float(self.reached[index]), float(self.error[index])) if index >= 0 else (0.0, 0.0)

    def band(self, confidence: float = 0.95) -> tuple[Any, Any]:
        """Pointwise interval on the complementary log-log scale of the share not reached (Kalbfleisch & Prentice)."""
        z = normal_quantile((1 + confidence) / 2)
        rest = 1 - self.reached
        # near the end of the curve the width has no bound, and the upper limit is all
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            width = z * self.error / (rest * np.abs(np.log(rest)))
            low, high = 1 - rest ** np.exp(-width), 1 - rest ** np.exp(width)
        low = np.where((self.reached <= 0) | np.isnan(low), np.where(self.reached >= 1, np.nan, 0.0), low)
        high = np.where((self.reached <= 0) | np.isnan(high), np.where(self.reached >= 1, np.nan, 0.0), high)
        return low, high

    def quantile(self, q: float, confidence: float = 0.95) -> tuple[float, float, float]:
        """The first moment at which the share `q` is reached, and the interval from inverting the band.

        NaN where the curve does not get there: less than `q` has been observed, or the upper bound is open.
        """
        low, high = self.band(confidence)
        value = _first(self.time, self.reached >= q - 1e-12)
        return value, _first(self.time, high >= q), _first(self.time, low >= q)


def _first(time: Any, there: Any) -> float:
    return float(time[np.argmax(there)]) if np.any(there) else np.nan


def kaplan_meier(duration: Any, status: Any, weight: Any = None) -> Curve:
    """1 − Kaplan-Meier estimate, Greenwood standard error. Source: Kaplan & Meier (1958), JASA 53:457-481."""
    time, at_risk, events, _ = _life_table(duration, status, weight)
    if not len(time):
        return _nobody(len(np.asarray(duration)))
    waiting = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
    # after the last one has had the event, Greenwood's formula is 0 · ∞: nothing is left to vary
    error = np.where(waiting > 0, waiting * np.sqrt(np.where(np.isfinite(variance), variance, 0.0)), 0.0)
    return Curve(time, 1 - waiting, error, len(np.asarray(duration)), int(events.sum()))


def aalen_johansen(duration: Any, status: Any, weight: Any = None) -> Curve:
    """Cumulative incidence of event 1 with event 2 competing; standard error by the delta method. `weight`: so many like this one.

    Sources: Aalen & Johansen (1978), Scand. J. Statistics 5:141-150; Marubini & Valsecchi (1995), formula 10.12.
    """
    time, at_risk, events, competing = _life_table(duration, status, weight, is_competing=True)
    if not events.sum():
        return _nobody(len(np.asarray(duration)))
    both = events + competing
    before = np.concatenate(([1.0], np.cumprod(1 - both / at_risk)[:-1]))
    step = before * events / at_risk
    reached = np.cumsum(step)
    alive = at_risk - both
    leaving = np.where(alive > 0, both / (at_risk * np.where(alive > 0, alive, 1)), 0.0)  # the last at risk: 0 · ∞
    variance = (
        reached**2 * np.cumsum(leaving)
        - 2 * reached * np.cumsum(leaving * reached)
        + np.cumsum(leaving * reached**2)
        + np.cumsum(before**2 * (at_risk - events) * events / at_risk**3)
        - 2 * (reached * np.cumsum(step / at_risk) - np.cumsum(reached * step / at_risk))
    )
    return Curve(time, reached, np.sqrt(np.maximum(variance, 0.0)), len(np.asarray(duration)), int(events.sum()))


def _life_table(duration: Any, status: Any, weight: Any = None, *, is_competing: bool = False) -> tuple[Any, Any, Any, Any]:
    """Times with an event, in order: how many were at risk just before, how many had event 1, how many event 2."""
    duration, status = np.asarray(duration, float), np.asarray(status)
    order = np.argsort(duration, kind="stable")
    ordered, kinds = duration[order], status[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] > ordered[:-1]))) if len(ordered) else np.array([], int)
    if not len(starts):
        return (np.array([]),) * 4
    counts = np.ones(len(ordered)) if weight is None else np.asarray(weight, float)[order]
    events = np.add.reduceat(np.where(kinds == 1, counts, 0.0), starts)
    competing = np.add.reduceat(np.where(kinds == 2, counts, 0.0), starts)
    happened = (events + competing if is_competing else events) > 0
    at_risk = np.cumsum(np.add.reduceat(counts, starts)[::-1])[::-1]
    return ordered[starts][happened], at_risk[happened], events[happened], competing[happened]


def time_to_share_of_final(curve: Curve, q: float = 0.5) -> tuple[float, float, float]:
    """When the share `q` of all that the event reaches (within what is observed) has been reached.

    The interval inverts the band of the incidence with the final share taken as known, which makes it rather too wide.
    """
    return curve.quantile(q * float(curve.reached[-1])) if curve.events else (np.nan, np.nan, np.nan)


def goes_on(reference: tuple[Any, ...], horizon: float) -> bool:
    """Whether more than a tenth of the events of a reference (durations, what ended them, weights) come after the horizon."""
    duration, status = np.asarray(reference[0], float), np.asarray(reference[1])
    weight = np.asarray(reference[2], float) if len(reference) > 2 else np.ones(len(duration))
    events = weight[status == 1].sum()
    return bool(events >= ENOUGH and weight[(status == 1) & (duration > horizon)].sum() > LATE * events)


def _nobody(n: int) -> Curve:
    return Curve(np.array([]), np.array([]), np.array([]), n, 0)
