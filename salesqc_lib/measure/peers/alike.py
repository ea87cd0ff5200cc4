"""Whether sellers do the same work: where half of the cases lie with people who nearly always pass a step and half with people who
hardly ever do, work is divided by roles, or a deal is handed to whoever closes it; who is behind whom is then no question."""

from collections.abc import Sequence
from typing import Any

import numpy as np

APART = 0.3  # points between the quartiles
ODDS = 10.0  # the median odds ratio of teachers, surgeons or sellers of one trade is 1.3 to 3 (Merlo et al. 2006)


def quartiles(shares: Any, cases: Sequence[float]) -> tuple[float, float]:
    """The lower and the upper quartile of shares, each weighing by its cases."""
    order = np.argsort(shares)
    share, weight = np.asarray(shares, float)[order], np.asarray(cases, float)[order]
    place = (weight.cumsum() - weight / 2) / weight.sum()
    low, high = np.interp([0.25, 0.75], place, share)
    return float(low), float(high)


def is_divided(shares: Any, cases: Sequence[float]) -> bool:
    """Whether the quartiles of the shares, each segment weighing by its cases, lie in different worlds. One outlier moves no quartile."""
    low, high = quartiles(shares, cases)
    odds = (high / max(1 - high, 1e-9)) / max(low / max(1 - low, 1e-9), 1e-9)
    return bool(high - low >= APART and odds >= ODDS)
