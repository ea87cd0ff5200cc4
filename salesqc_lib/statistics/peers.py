"""Funnel-plot limits of segments, tests of a share against the others, and their correction for how many are looked at."""

from typing import Any

import numpy as np


def lower_tail(z: Any) -> Any:
    """The chance of a standard normal value of `z` or below: the one-sided p of a fall."""
    from scipy.special import ndtr

    return ndtr(z)


def two_sided(z: Any) -> Any:
    """Two-sided p of standard normal values."""
    from scipy.special import ndtr

    return 2 * ndtr(-np.abs(z))


def usual_spread(share: Any, n: Any, whole: float) -> float:
    """How much more the segments differ than chance alone would have it: the mean of their squared z values, the outer tenth on either side
    drawn in, and at least 1.

    Source: Spiegelhalter (2005), Statistics in Medicine 24:1185-1202, section 3 (multiplicative over-dispersion, winsorised).
    """
    share, n = np.asarray(share, float), np.asarray(n, float)
    used = (n > 0) & ~np.isnan(share)
    z = (share[used] - whole) / np.sqrt(whole * (1 - whole) / n[used])
    if len(z) < 2:
        return 1.0
    return max(1.0, float(np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2)))


def control_limits(share: float, n: Any, confidence: float, spread: float = 1.0) -> tuple[Any, Any]:
    """Limits of a funnel plot: where a share of `n` lies with this probability if nothing but chance, and the usual `spread` of the segments,
    moves it off `share`.

    Wilson's interval turned round, so that the limits stay within [0, 1]. 95 % warns, 99.8 % calls for action.
    Source: Spiegelhalter (2005), Statistics in Medicine 24:1185-1202.
    """
    from salesqc_lib.statistics.shares import wilson

    n = np.asarray(n, float) / spread
    return wilson(share * n, n, confidence)


def is_different(p: Any, q: float = 0.05) -> Any:
    """Benjamini-Hochberg (1995): which p values are discoveries at false discovery rate `q`; unknown ones are none."""
    p = np.asarray(p, float)
    order = np.argsort(np.where(np.isnan(p), np.inf, p))
    count = int((~np.isnan(p)).sum())
    passes = np.flatnonzero(p[order][:count] <= q * np.arange(1, count + 1) / count) if count else np.array([], int)
    found = np.zeros(p.shape, bool)
    if len(passes):
        found[order[: passes[-1] + 1]] = True
    return found


def tail_p(k: float, n: float, rest_k: float, rest_n: float, *, low: bool) -> float:
    """One-sided p of a share against the others together: Fisher's exact test, mid-p; NaN where either side is empty.

    `low`: how likely so few of the n are if nothing but chance sets them apart; else, so many.
    """
    from scipy.special import gammaln

    if n <= 0 or rest_n <= 0:
        return float("nan")
    whole, hits = n + rest_n, k + rest_k
    x = np.arange(max(0.0, n - (whole - hits)), min(n, hits) + 1)

    def log_choose(top: Any, chosen: Any) -> Any:
        return gammaln(top + 1) - gammaln(chosen + 1) - gammaln(top - chosen + 1)

    chance = np.exp(log_choose(hits, x) + log_choose(whole - hits, n - x) - log_choose(whole, n))
    beyond = chance[x < k].sum() if low else chance[x > k].sum()
    return float(min(1.0, beyond + chance[x == k].sum() / 2))
