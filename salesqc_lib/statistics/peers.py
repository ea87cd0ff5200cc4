"""A segment against its peers: funnel-plot tests, corrected for how many are looked at, and shrunk estimates."""

from typing import Any

import numpy as np


def funnel_p(k: Any, n: Any) -> Any:
    """Two-sided p of each share against the others together (score test), element by element; NaN where it cannot be told."""
    k, n = np.asarray(k, float), np.asarray(n, float)
    rest_k, rest_n = k.sum() - k, n.sum() - n
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = k.sum() / n.sum()
        z = (k / n - rest_k / rest_n) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / rest_n))
    return two_sided(z)


def two_sided(z: Any) -> Any:
    """Two-sided p of standard normal values."""
    from scipy.special import ndtr

    return 2 * ndtr(-np.abs(z))


def control_limits(share: float, n: Any, confidence: float) -> tuple[Any, Any]:
    """Limits of a funnel plot: where a share of `n` lies with this probability if nothing but chance moves it off `share`.

    Wilson's interval turned round, so that the limits stay within [0, 1]. 95 % warns, 99.8 % calls for action.
    Source: Spiegelhalter (2005), Statistics in Medicine 24:1185-1202.
    """
    from salesqc_lib.statistics.shares import wilson

    n = np.asarray(n, float)
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


def shrink_shares(k: Any, n: Any) -> tuple[Any, Any, Any]:
    """Beta-binomial shrinkage of shares towards their common share: estimates, lows and highs (95 %, of the posterior).

    The prior is fitted by moments (Kleinman 1973, JASA 68:46-54); where segments differ no more than chance would have it,
    all share the department's value, known as well as all cases together tell it.
    """
    from scipy.special import betaincinv

    k, n = np.asarray(k, float), np.asarray(n, float)
    share, total, count = k.sum() / n.sum(), n.sum(), len(n)
    weight = n / total
    between = np.sum(weight * (k / n - share) ** 2)
    chance = share * (1 - share) * np.sum(weight * (1 - weight) / n)
    room = np.sum(weight * (1 - weight)) - np.sum(weight * (1 - weight) / n)
    spread = (between - chance) / (share * (1 - share) * room) if count > 1 and 0 < share < 1 and room > 0 else 0.0
    # spread is 1 / (a + b + 1) of the beta prior; no more than chance: the prior is as firm as all cases together
    firmness = 1 / spread - 1 if spread > 1 / (total + 1) else total
    a, b = share * firmness + k, (1 - share) * firmness + n - k
    return a / (a + b), betaincinv(a, b, 0.025), betaincinv(a, b, 0.975)


def tail_p(k: float, n: float, rest_k: float, rest_n: float, *, low: bool) -> float:
    """One-sided p of a share against the others together: Fisher's exact test, mid-p; NaN where either side is empty.

    `low`: how likely so few of the n are if nothing but chance sets them apart; else, so many. The score test of `funnel_p` is too
    eager far out in the tails of small groups, and there is where many comparisons are decided.
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
