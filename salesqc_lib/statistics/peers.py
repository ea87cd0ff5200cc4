"""A segment against its peers: funnel-plot tests, corrected for how many are looked at, and shrunk estimates."""

from typing import Any

import numpy as np


def funnel_p(k: Any, n: Any) -> Any:
    """Two-sided p of each share against the others together (score test), element by element; NaN where it cannot be told."""
    from scipy import stats

    k, n = np.asarray(k, float), np.asarray(n, float)
    rest_k, rest_n = k.sum() - k, n.sum() - n
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = k.sum() / n.sum()
        z = (k / n - rest_k / rest_n) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / rest_n))
    return 2 * stats.norm.sf(np.abs(z))


def is_different(p: Any, q: float = 0.05) -> Any:
    """Benjamini-Hochberg: which p values are discoveries at false discovery rate `q`; unknown ones are none."""
    from scipy import stats

    p = np.asarray(p, float)
    known = ~np.isnan(p)
    found = np.zeros(p.shape, bool)
    if known.any():
        found[known] = stats.false_discovery_control(p[known]) <= q
    return found


def shrink(value: Any, error: Any) -> tuple[Any, Any, Any]:
    """Normal-normal shrinkage of estimates with standard errors towards their common mean.

    The variance between segments is DerSimonian and Laird's. Returns estimates, lows and highs (95 %).
    """
    value, variance = np.asarray(value, float), np.asarray(error, float) ** 2
    if len(value) < 2:
        half = 1.959964 * np.sqrt(variance)
        return value, value - half, value + half
    weight = 1 / variance
    fixed = np.sum(weight * value) / weight.sum()
    q = np.sum(weight * (value - fixed) ** 2)
    between = max(0.0, (q - (len(value) - 1)) / (weight.sum() - np.sum(weight**2) / weight.sum()))
    centre = np.sum(value / (variance + between)) / np.sum(1 / (variance + between))
    keep = between / (between + variance)
    estimate = centre + keep * (value - centre)
    half = 1.959964 * np.sqrt(keep * variance + (1 - keep) ** 2 / np.sum(1 / (variance + between)))
    return estimate, estimate - half, estimate + half
