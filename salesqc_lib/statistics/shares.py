"""Intervals of shares."""

from typing import Any

import numpy as np


def wilson(k: Any, n: Any, confidence: float = 0.95) -> tuple[Any, Any]:
    """Wilson score interval of `k` of `n`, element by element; NaN where n is 0.

    Source: Wilson (1927), JASA 22:209-212; computed by statsmodels.
    """
    from statsmodels.stats.proportion import proportion_confint

    k, n = np.asarray(k, float), np.asarray(n, float)
    low, high = np.full(k.shape, np.nan), np.full(k.shape, np.nan)
    seen = n > 0
    if seen.any():
        bounds = proportion_confint(k[seen], n[seen], alpha=1 - confidence, method="wilson")
        # the formula gives 0 and 1 only up to rounding
        low[seen], high[seen] = np.clip(bounds[0], 0, k[seen] / n[seen]), np.clip(bounds[1], k[seen] / n[seen], 1)
    return low, high
