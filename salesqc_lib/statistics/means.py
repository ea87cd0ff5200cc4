"""Intervals of means and medians."""

from typing import Any

import numpy as np

SEED = 20_260_101
FEW = 30


def mean_interval(values: Any, confidence: float = 0.95) -> tuple[float, float, float]:
    """Mean with its interval: Student's t, or the BCa bootstrap where there are few values or they are skewed.

    Skewed: fewer than 25·g² values, g their skewness (Cochran's rule for the normal approximation). With one value, or with
    values that do not differ, there is no interval (NaN).
    """
    from scipy import stats

    values = np.sort(np.asarray(values, float))  # the bootstrap must not depend on the order in which rows arrive
    n = len(values)
    if n < 2 or np.ptp(values) == 0:
        return (float(values.mean()) if n else np.nan), np.nan, np.nan
    mean = float(values.mean())
    if n >= max(FEW, 25 * float(stats.skew(values)) ** 2):
        half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * float(values.std(ddof=1)) / np.sqrt(n)
        return mean, mean - half, mean + half
    low, high = _bootstrap(values, np.mean, confidence)
    return mean, low, high


def median_interval(values: Any, confidence: float = 0.95) -> tuple[float, float, float]:
    """Median with the exact interval between two order statistics (binomial); NaN bounds where there are too few values."""
    from scipy import stats

    values = np.sort(np.asarray(values, float))
    n = len(values)
    if n == 0:
        return np.nan, np.nan, np.nan
    rank = int(stats.binom.ppf((1 - confidence) / 2, n, 0.5))
    has_interval = rank >= 1 and stats.binom.cdf(rank - 1, n, 0.5) <= (1 - confidence) / 2
    low, high = (float(values[rank - 1]), float(values[n - rank])) if has_interval else (np.nan, np.nan)
    return float(np.median(values)), low, high


def _bootstrap(values: Any, statistic: Any, confidence: float) -> tuple[float, float]:
    from scipy import stats

    result = stats.bootstrap(
        (values,),
        statistic,
        confidence_level=confidence,
        method="BCa",
        n_resamples=2000,
        vectorized=True,
        batch=100,
        rng=np.random.default_rng(SEED),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)
