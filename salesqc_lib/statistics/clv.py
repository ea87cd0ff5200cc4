"""What a client will be worth: BG/NBD for how often, Gamma-Gamma for how much.

Sources: Fader, Hardie & Lee (2005), Marketing Science 24:275-284; Fader & Hardie (2013), «The Gamma-Gamma model of monetary value».
Why the likelihoods are our own: docs/decisions/0010-clv.md. Times are in any one unit, the same throughout.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

_START = 0.0  # the logarithm of every parameter before the fit


@dataclass(frozen=True)
class BgNbd:
    """Purchases arrive at Gamma(r, alpha) rates; after each one, a client leaves with a Beta(a, b) chance."""

    r: float
    alpha: float
    a: float
    b: float

    def expected(self, horizon: float, x: Any, last: Any, age: Any) -> Any:
        """Purchases that a client of `age` with `x` repeat purchases, the latest at `last`, will make within `horizon`."""
        from scipy.special import hyp2f1

        x, last, age = (np.asarray(values, float) for values in (x, last, age))
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        share = horizon / (alpha + age + horizon)
        bought = 1 - ((alpha + age) / (alpha + age + horizon)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, share)
        gone = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + last)) ** (r + x), 0.0)
        return (a + b + x - 1) / (a - 1) * bought / (1 + gone)


@dataclass(frozen=True)
class GammaGamma:
    """A client's baskets vary around their own mean; the means vary between clients (p, q, v)."""

    p: float
    q: float
    v: float

    def expected(self, x: Any, basket: Any) -> Any:
        """Expected basket of a client with `x` repeat purchases of mean `basket`."""
        x, basket = np.asarray(x, float), np.asarray(basket, float)
        return self.p * (self.v + x * np.where(x > 0, basket, 0.0)) / (self.p * x + self.q - 1)


def fit_bg_nbd(x: Any, last: Any, age: Any) -> BgNbd:
    """Maximum likelihood over clients with `x` repeat purchases, the latest at `last`, observed for `age`.

    Raises
    ------
    ValueError
        The likelihood has no maximum that could be found.
    """
    from scipy.special import gammaln

    cases, weight = np.unique(np.column_stack([np.asarray(values, float) for values in (x, last, age)]), axis=0, return_counts=True)
    x, last, age = cases.T
    scale = float(age.mean())  # the fit works on times near 1

    def loss(logs: Any) -> float:
        r, alpha, a, b = np.exp(logs)
        alpha = alpha * scale
        shared = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        stays = -(r + x) * np.log(alpha + age)
        leaves = np.where(x > 0, np.log(a / (b + np.maximum(x, 1) - 1)) - (r + x) * np.log(alpha + last), -np.inf)
        return float(-np.sum(weight * (shared + np.logaddexp(stays, leaves))) / weight.sum())

    r, alpha, a, b = _minimum(loss, 4)
    return BgNbd(r, alpha * scale, a, b)


def fit_gamma_gamma(x: Any, basket: Any) -> GammaGamma:
    """Maximum likelihood over clients with at least one repeat purchase, `basket` the mean of their repeat purchases.

    Raises
    ------
    ValueError
        The likelihood has no maximum that could be found.
    """
    from scipy.special import gammaln

    x, basket = np.asarray(x, float), np.asarray(basket, float)
    scale = float(basket.mean())

    def loss(logs: Any) -> float:
        p, q, v = np.exp(logs)
        z = basket / scale
        each = (
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(v)
            + (p * x - 1) * np.log(z)
            + p * x * np.log(x)
            - (p * x + q) * np.log(x * z + v)
        )
        return float(-each.mean())

    p, q, v = _minimum(loss, 3)
    return GammaGamma(p, q, v * scale)


def _minimum(loss: Any, size: int) -> tuple[float, ...]:
    from scipy.optimize import minimize

    found = minimize(loss, np.full(size, _START), method="L-BFGS-B", options={"ftol": 1e-11, "gtol": 1e-6, "maxiter": 500})
    if not found.success or np.abs(found.x).max() > 12:
        raise ValueError("the likelihood has no maximum that could be found")
    return tuple(float(value) for value in np.exp(found.x))
