"""Intervals of shares, and of the difference of two shares.

Written over whole columns and on `scipy.special` alone: an audit asks for thousands of them, and the import of `scipy.stats` or
statsmodels alone takes longer than all of them together. The tests hold them against both (docs/decisions/0009-statistics.md).
"""

from typing import Any

import numpy as np


def normal_quantile(p: float) -> float:
    """Quantile of the standard normal distribution."""
    from scipy.special import ndtri

    return float(ndtri(p))


def wilson(k: Any, n: Any, confidence: float = 0.95) -> tuple[Any, Any]:
    """Wilson score interval of `k` of `n`, element by element; NaN where n is 0. Source: Wilson (1927), JASA 22:209-212."""
    k, n = np.asarray(k, float), np.asarray(n, float)
    z2 = normal_quantile((1 + confidence) / 2) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(n > 0, k / n, np.nan)
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * p * (1 - p) / n + (z2 / (2 * n)) ** 2) / (1 + z2 / n)
        # the formula gives 0 and 1 only up to rounding
        return np.clip(centre - half, 0, p), np.clip(centre + half, p, 1)


def newcombe(k: Any, n: Any, other_k: Any, other_n: Any, confidence: float = 0.95) -> tuple[Any, Any, Any]:
    """Difference k/n − other_k/other_n with its interval, element by element.

    Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10.
    """
    k, n, other_k, other_n = (np.asarray(x, float) for x in (k, n, other_k, other_n))
    with np.errstate(divide="ignore", invalid="ignore"):
        return difference((k / n, *wilson(k, n, confidence)), (other_k / other_n, *wilson(other_k, other_n, confidence)))


def difference(now: tuple[Any, Any, Any], before: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
    """The difference of two independent estimates (value, low, high) with its interval, from the two intervals.

    Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10; Zou and Donner (2008) for other estimates than shares.
    """
    value = now[0] - before[0]
    below = ((now[0] - now[1]) ** 2 + (before[2] - before[0]) ** 2) ** 0.5
    above = ((now[2] - now[0]) ** 2 + (before[0] - before[1]) ** 2) ** 0.5
    return value, value - below, value + above
