"""Equal follow-up: how much of what a case will ever reach should have shown by now.

The Cape Cod method of claims reserving: a case followed for `a` counts as the part G(a) / G(horizon) of a case, G being the
incidence of the event over older cases. Sources: Bühlmann & Straub; Stanard (1985), PCAS 72:124-148.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from salesqc_lib.statistics.shares import wilson
from salesqc_lib.statistics.survival import Curve, aalen_johansen, goes_on

ENOUGH = 20  # events: fewer tell no shape
KNOTS, JUMP = 16, 0.03
LEAST, LEAST_EXPOSURE = 10, 5.0  # cases, and whole cases that they count for: with fewer, a projection says nothing
RIPE = 0.995  # from so large a part on, a case counts as a whole one


@dataclass(frozen=True)
class Ripeness:
    """The part of the final share that shows by an age: a broken line through `ages` (seconds) and `parts` (0 to 1)."""

    ages: tuple[float, ...]
    parts: tuple[float, ...]

    def at(self, age: Any) -> Any:
        """The part at some ages."""
        return np.interp(np.asarray(age, float), self.ages, self.parts, left=0.0, right=1.0)

    @property
    def ripe_after(self) -> float:
        """From which age on a case counts as a whole one."""
        return float(np.interp(RIPE, self.parts, self.ages))


def ripeness(curve: Curve, horizon: float) -> Ripeness | None:
    """The line of a curve up to a horizon; None where too few events tell its shape, or most cases were not followed so far."""
    if curve.events < ENOUGH:
        return None
    final = curve.at(horizon)[0]
    if final <= 0:
        return None
    until = min(horizon, float(curve.time[-1]))
    places = np.minimum(np.searchsorted(curve.reached, np.linspace(0, final, KNOTS)[1:] - 1e-12), len(curve.time) - 1)
    line = [(0.0, 0.0)]
    for place in dict.fromkeys(int(place) for place in places):
        age, part = min(float(curve.time[place]), until), min(float(curve.reached[place]) / final, 1.0)
        before = float(curve.reached[place - 1]) / final if place else 0.0
        if part - before > JUMP and age > line[-1][0]:  # many at one age: a step, and no slope that leads up to it
            line.append((age * (1 - 1e-9), before))
        if age > line[-1][0]:
            line.append((age, part))
        elif age <= 0:
            line = [(0.0, part)]
    return Ripeness(tuple(age for age, _ in line), tuple(part for _, part in line))


def ripeness_of(duration: Any, status: Any, horizon: float, weight: Any = None) -> Ripeness | None:
    """The line from times and what ended them (1 the event, 2 a competing one, 0 still open)."""
    return ripeness(aalen_johansen(duration, status, weight), horizon)


@dataclass(frozen=True)
class Reference:
    """What older cases tell of a share at the horizon (seconds): whether it is the final one, and the shape in which it ripens."""

    horizon: float
    is_final: bool
    shape: Ripeness | None

    @classmethod
    def of(cls, duration: Any, status: Any, weight: Any, horizon: float) -> "Reference":
        """From durations, what ended them, and weights. The share at the horizon is not the final one where nobody was followed so far and
        some still wait, or where more than a tenth of the events lie beyond it."""
        older = (duration, status, weight)
        is_final = not (goes_on(older, horizon) or _ends_early(older, horizon))
        return cls(horizon, is_final, ripeness_of(duration, status, horizon, weight) if is_final and len(duration) else None)


def projected(own: tuple[Any, Any, Any], older: Reference) -> tuple[float, float, float]:
    """The share that the event will have reached at the horizon, and Wilson's interval on the exposure.

    `own`: durations, what ended them, and for how long each has been followed. Where older cases have too few events to tell a shape, the cases
    followed to the horizon alone are counted. NaN with too few cases, or where the share would not be the final one.
    """
    if not older.is_final:
        return (float("nan"),) * 3
    horizon, shape = older.horizon, older.shape
    duration, status, followed = (np.asarray(x, float) for x in own)
    is_hit = (status == 1) & (duration <= horizon)
    part = (followed >= horizon).astype(float) if shape is None else shape.at(np.minimum(followed, horizon))
    hits, exposed = float(is_hit[part > 0].sum()), float(part.sum())
    if len(duration) < LEAST or exposed < LEAST_EXPOSURE:
        return (float("nan"),) * 3
    exposed = max(exposed, hits)
    low, high = wilson(hits, exposed)
    return hits / exposed, float(low), float(high)


def _ends_early(reference: tuple[Any, ...], horizon: float) -> bool:
    """Whether the oldest case still waits, and is younger than the horizon: what comes after, nobody has seen."""
    duration, status = np.asarray(reference[0], float), np.asarray(reference[1])
    return bool(len(duration) and duration.max() < horizon and (status[duration == duration.max()] == 0).any())
