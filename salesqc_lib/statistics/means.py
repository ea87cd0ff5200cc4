"""Intervals of means and medians."""

from functools import lru_cache
from typing import Any

import numpy as np

SEED = 20_260_101
FEW = 30
HANDFUL = 5  # fewer values have no tails to draw from: the bootstrap would claim far too much
RESAMPLES = 2000
_CACHED = 400  # values; larger samples are drawn anew rather than kept


def mean_interval(values: Any, confidence: float = 0.95) -> tuple[float, float, float]:
    """Mean with its interval: Student's t, or the BCa bootstrap where there are few values or they are skewed.

    Skewed: fewer than 25·g² values, g their skewness (Cochran's rule for the normal approximation). Below five values it is
    Student's, wide as it is, and not below 0 where no value is. With one value, or with values that do not differ, there is none (NaN).
    """
    values = np.sort(np.asarray(values, float))  # the bootstrap must not depend on the order in which rows arrive
    n = len(values)
    if n < 2 or np.ptp(values) == 0:
        return (float(values.mean()) if n else np.nan), np.nan, np.nan
    mean = float(values.mean())
    off = values - mean
    if n < HANDFUL or n >= cases_for_students(float(np.mean(off**3) / np.mean(off**2) ** 1.5)):
        half = float(_t(confidence, n - 1)) * float(values.std(ddof=1)) / np.sqrt(n)
        low = mean - half
        return mean, max(low, 0.0) if n < HANDFUL and values[0] >= 0 else low, mean + half
    low, high = bca_mean(values, confidence)
    return mean, low, high


def cases_for_students(skewness: Any) -> Any:
    """How many values Student's interval needs."""
    return np.maximum(FEW, 25 * np.asarray(skewness, float) ** 2)


def of_moments(n: Any, s1: Any, s2: Any, s3: Any, confidence: float = 0.95) -> tuple[Any, Any, Any, Any]:
    """Mean, Student's interval and «the single values are needed», from sums of powers, element by element.

    The values are needed where Student's interval does not hold, and where they differ so little that the sums cannot tell.
    """
    n, s1, s2, s3 = (np.asarray(x, float) for x in (n, s1, s2, s3))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(n > 0, s1 / n, np.nan)
        spread = s2 / n - mean**2
        skewness = (s3 / n - 3 * mean * s2 / n + 2 * mean**3) / spread**1.5
        half = _t(confidence, n - 1) * np.sqrt(spread / (n - 1))
        is_flat = spread <= 1e-9 * mean**2
        needed = (n >= 2) & (is_flat | (n < cases_for_students(np.where(np.isfinite(skewness), skewness, 0))))
    half = np.where(n >= 2, half, np.nan)
    return mean, mean - half, mean + half, needed


def _t(confidence: float, df: Any) -> Any:
    from scipy.special import stdtrit

    return stdtrit(df, (1 + confidence) / 2)


def bca_mean(values: Any, confidence: float = 0.95) -> tuple[float, float]:
    """Bias-corrected and accelerated bootstrap interval of a mean. Source: Efron (1987), JASA 82:171-185.

    The resamples of n values are drawn once for each n: they are the same for every run.
    """
    from scipy.special import ndtr, ndtri

    n = len(values)
    mean, off = float(np.mean(values)), values - np.mean(values)
    resampled = np.asarray(values, float)[_resamples(n)].mean(axis=1)
    # half of the ties, so that few distinct values do not push the correction to one side
    below = float(np.mean(resampled < mean) + np.mean(resampled == mean) / 2)
    bias = float(ndtri(np.clip(below, 1 / RESAMPLES, 1 - 1 / RESAMPLES)))
    acceleration = float(np.sum(off**3) / (6 * np.sum(off**2) ** 1.5))
    z = ndtri(np.array([(1 - confidence) / 2, (1 + confidence) / 2]))
    shifted = ndtr(bias + (bias + z) / (1 - acceleration * (bias + z)))
    low, high = np.quantile(resampled, shifted)
    return float(low), float(high)


def _resamples(n: int) -> Any:
    return _kept_resamples(n) if n <= _CACHED else np.random.default_rng(SEED).integers(0, n, (RESAMPLES, n), dtype=np.int32)


@lru_cache(maxsize=_CACHED)
def _kept_resamples(n: int) -> Any:
    return np.random.default_rng(SEED).integers(0, n, (RESAMPLES, n), dtype=np.int32)


def median_interval(values: Any, confidence: float = 0.95) -> tuple[float, float, float]:
    """Median with the exact interval between two order statistics (binomial); NaN bounds where there are too few values."""
    values = np.sort(np.asarray(values, float))
    n = len(values)
    if n == 0:
        return np.nan, np.nan, np.nan
    rank = _rank(n, (1 - confidence) / 2)
    low, high = (float(values[rank - 1]), float(values[n - rank])) if rank else (np.nan, np.nan)
    return float(np.median(values)), low, high


@lru_cache(maxsize=4096)
def _rank(n: int, tail: float) -> int:
    """The largest rank r for which at most `tail` of Binomial(n, ½) lies below r; 0 where there is none."""
    from scipy.special import bdtr

    rank = int(n / 2 - 0.5 * abs(_z(tail)) * np.sqrt(n)) + 2
    while rank > 0 and bdtr(rank - 1, n, 0.5) > tail:
        rank -= 1
    return rank


def _z(tail: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(tail))
