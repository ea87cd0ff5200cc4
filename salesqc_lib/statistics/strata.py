"""Change of a share against another period, within strata: what the mix does, and what is left.

A stratum is a combination of what the department does not choose (channel, product, seller). Counts are arrays over strata.
"""

from typing import Any

import numpy as np


def split_change(k: Any, n: Any, was_k: Any, was_n: Any) -> tuple[float, float]:
    """The change of the whole share as the part of the mix and the part of the rates; they add up to it exactly.

    The weights are the means of both periods. What a stratum of one period only changes, is mix. Source: Kitagawa (1955), JASA 50:1168-1194.
    """
    k, n, was_k, was_n = (np.asarray(x, float) for x in (k, n, was_k, was_n))
    weight, was_weight = n / n.sum(), was_n / was_n.sum()
    pooled = (k + was_k) / np.maximum(n + was_n, 1e-12)
    share = np.where(n > 0, k / np.maximum(n, 1e-12), pooled)
    was = np.where(was_n > 0, was_k / np.maximum(was_n, 1e-12), pooled)
    return float(((weight - was_weight) * (share + was) / 2).sum()), float(((share - was) * (weight + was_weight) / 2).sum())


def mantel_haenszel(k: Any, n: Any, was_k: Any, was_n: Any, overdispersion: float = 1.0) -> tuple[float, float]:
    """Log of the ratio of the shares within strata, and its standard error; NaN where either period has no hit in common strata.

    Source: Greenland & Robins (1985), Biometrics 41:55-68.
    """
    k, n, was_k, was_n = (np.asarray(x, float) for x in (k, n, was_k, was_n))
    common = (n > 0) & (was_n > 0)
    k, n, was_k, was_n = (x[common] for x in (k, n, was_k, was_n))
    whole = n + was_n
    now, before = (k * was_n / whole).sum(), (was_k * n / whole).sum()
    if now <= 0 or before <= 0:
        return float("nan"), float("nan")
    spread = (((k + was_k) * n * was_n - k * was_k * whole) / whole**2).sum()
    return float(np.log(now / before)), float(np.sqrt(max(overdispersion, 1.0) * max(spread, 0.0) / (now * before)))


def overdispersion(k: Any, n: Any) -> float:
    """Pearson's chi-square of parts of a period (rows) within strata (columns) over its degrees of freedom, at least 1.

    Source: McCullagh & Nelder (1989), section 4.5 (quasi-binomial).
    """
    k, n = np.asarray(k, float), np.asarray(n, float)
    share = (k.sum(axis=0) + 0.5) / (n.sum(axis=0) + 1)
    variance = n * share * (1 - share)
    used = variance > 0
    freedom = int(used.sum() - (n.sum(axis=0) > 0).sum())
    if freedom <= 0:
        return 1.0
    return max(1.0, float(((k - n * share) ** 2 / np.where(used, variance, 1.0))[used].sum() / freedom))


def common_part(n: Any, was_n: Any) -> float:
    """Which part of the cases of both periods lies in strata that both have."""
    n, was_n = np.asarray(n, float), np.asarray(was_n, float)
    both = (n > 0) & (was_n > 0)
    whole = n.sum() + was_n.sum()
    return float((n[both].sum() + was_n[both].sum()) / whole) if whole > 0 else 0.0


def chance_of_fall(log_ratio: float, error: float, size: float, prior: float = 0.2) -> float:
    """The chance that the true ratio lies below 1 − `size`, where changes of the log ratio are usually of the order of `prior`."""
    from scipy.special import ndtr

    keep = prior**2 / (prior**2 + error**2)
    return (
        float(ndtr((np.log(1 - size) - keep * log_ratio) / np.sqrt(keep * error**2))) if error > 0 else float(log_ratio < np.log(1 - size))
    )
