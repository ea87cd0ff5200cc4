"""Intervals of means of skewed positive amounts, whose cases may come in clusters (several deals of one customer).

Student's interval and the BCa bootstrap are far too short for such means: they hold 69 to 90 % where 95 % is promised. The interval
here is the hull of two: the bootstrap-t of the log of the mean with whole clusters drawn (Hall 1988, Annals of Statistics 16:927-953),
and the lognormal interval of Zou, Taleban & Huo (2009), Computational Statistics & Data Analysis 53:3755-3764, widened by the design
effect of the clusters. For tails as heavy as Pareto's with exponent 2.5 it still holds about 90 to 93 % below a hundred cases.
"""

from functools import lru_cache
from typing import Any

import numpy as np

SEED = 20_260_101
FEW = 10  # cases: with fewer, no interval is worth printing: the median and the range tell more
FEW_CLUSTERS = 5
MANY = 500  # clusters: from here on the log of the mean is normal enough
RESAMPLES = 1000
MOST = 3.0  # on the log scale: an end further off tells nothing
Interval = tuple[float, float, float]


def skewed_mean(values: Any, cluster: Any = None, confidence: float = 0.95) -> Interval:
    """Mean and interval; NaN bounds for fewer than ten values or five clusters, or where no value differs."""
    values = np.asarray(values, float)
    sums, counts = _by_cluster(values, None if cluster is None else np.asarray(cluster, float))
    order = np.lexsort((counts, sums))  # the bootstrap must not depend on the order in which rows arrive
    sums, counts = sums[order], counts[order]
    mean = float(values.mean()) if len(values) else float("nan")
    if len(values) < FEW or len(sums) < FEW_CLUSTERS or np.ptp(values) == 0 or mean <= 0:
        return mean, float("nan"), float("nan")
    error = _relative_error(sums, counts)
    low, high = _bootstrap_t(sums, counts, error, confidence)
    if (values > 0).all():
        plain = float(values.std(ddof=1)) / mean / len(values) ** 0.5
        below, above = _lognormal(values, max(1.0, (error / plain) ** 2), confidence)
        low, high = min(low, below), max(high, above)
    return mean, low, high


def relative_error(values: Any, cluster: Any = None) -> float:
    """The standard error of the mean as a part of it, whole clusters taken together; NaN for fewer than five clusters."""
    sums, counts = _by_cluster(np.asarray(values, float), None if cluster is None else np.asarray(cluster, float))
    return _relative_error(sums, counts) if len(sums) >= FEW_CLUSTERS and sums.sum() > 0 else float("nan")


def _by_cluster(values: Any, cluster: Any) -> tuple[Any, Any]:
    if cluster is None:
        return values, np.ones(len(values))
    known = np.where(np.isnan(cluster), -1.0 - np.arange(len(cluster)), cluster)  # who is not known, stands alone
    _, code = np.unique(known, return_inverse=True)
    return np.bincount(code, values), np.bincount(code).astype(float)


def _relative_error(sums: Any, counts: Any) -> float:
    """Of the ratio of totals, linearised."""
    number = len(sums)
    mean = sums.sum() / counts.sum()
    return float((number / (number - 1)) ** 0.5 * np.sqrt(((sums - mean * counts) ** 2).sum()) / sums.sum())


def _bootstrap_t(sums: Any, counts: Any, error: float, confidence: float) -> tuple[float, float]:
    number, mean = len(sums), float(sums.sum() / counts.sum())
    if number >= MANY:
        from scipy.special import ndtri

        z = float(ndtri((1 + confidence) / 2))
        return mean * float(np.exp(-z * error)), mean * float(np.exp(z * error))
    weight = _resamples(number)
    total, size = weight @ sums, weight @ counts
    drawn = total / size
    square = np.maximum(weight @ (sums * sums) - 2 * drawn * (weight @ (sums * counts)) + drawn**2 * (weight @ (counts * counts)), 0)
    errors = (number / (number - 1)) ** 0.5 * np.sqrt(square) / total
    t = np.log(drawn / mean)[errors > 1e-9] / errors[errors > 1e-9]
    low, high = np.quantile(t, [(1 - confidence) / 2, (1 + confidence) / 2])
    return mean * float(np.exp(-min(high * error, MOST))), mean * float(np.exp(min(-low * error, MOST)))


@lru_cache(maxsize=32)
def _resamples(number: int) -> Any:
    """How often each cluster is drawn, in so many resamples: the same in every run."""
    drawn = np.random.default_rng(SEED).integers(number, size=(RESAMPLES, number), dtype=np.int32)
    drawn += np.arange(0, RESAMPLES * number, number, dtype=np.int32)[:, None]
    return np.bincount(drawn.ravel(), minlength=RESAMPLES * number).reshape(RESAMPLES, number).astype(float)


def _lognormal(values: Any, design: float, confidence: float) -> tuple[float, float]:
    from scipy.special import chdtri, ndtri

    logs, tail = np.log(values), (1 - confidence) / 2
    number, spread = len(logs), float(logs.var(ddof=1))
    centre, freedom = float(logs.mean()) + spread / 2, max(number / design - 1, 1.0)
    of_mean = float(ndtri(1 - tail)) ** 2 * spread * design / number
    least, most = (freedom * spread / float(chdtri(freedom, end)) / 2 for end in (tail, 1 - tail))
    return (
        float(np.exp(centre - min(np.sqrt(of_mean + (spread / 2 - least) ** 2), MOST))),
        float(np.exp(centre + min(np.sqrt(of_mean + (most - spread / 2) ** 2), MOST))),
    )
