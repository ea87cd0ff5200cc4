"""Control charts of a series."""

from dataclasses import dataclass
from typing import Any

import numpy as np

POINTS = 8
_LIMIT, _RUN = 2.66, 8  # 3 / d2 of ranges of two; so many points on one side


@dataclass(frozen=True)
class XmR:
    """Natural process limits of individual values, and which points are signals (outside them, or in a long run on one side)."""

    centre: float
    low: float
    high: float
    signals: Any


def xmr(values: Any) -> XmR | None:
    """Individuals chart from moving ranges; None with fewer than eight points.

    Source: Shewhart (1931); Wheeler (1993), «Understanding Variation»: mean ± 2.66 · mean moving range.
    """
    values = np.asarray(values, float)
    if len(values) < POINTS or np.isnan(values).any():
        return None
    centre, spread = float(values.mean()), _LIMIT * float(np.abs(np.diff(values)).mean())
    low, high = centre - spread, centre + spread
    side = np.sign(values - centre)
    runs = np.array([i + 1 >= _RUN and abs(side[i + 1 - _RUN : i + 1].sum()) == _RUN for i in range(len(values))])
    return XmR(centre, low, high, (values < low) | (values > high) | runs)
