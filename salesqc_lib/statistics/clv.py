"""What a client will be worth: BG/NBD for how often, Gamma-Gamma for how much.

Sources: Fader, Hardie & Lee (2005), Marketing Science 24:275-284; Fader & Hardie (2013), «The Gamma-Gamma model of monetary value».
Why the likelihoods are our own: docs/decisions/0010-clv.md. Times are in any one unit, the same throughout.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

_START, _FAR = 0.0, 12.0  # the logarithm of every parameter before the fit; beyond so large a one there is no maximum
_STEP, _POLISH = 1e-5, 30  # of the difference that gives the curvature; Newton's steps at most
_NIL, _FLAT = 1e-9, 1e-4  # of the mean log-likelihood of a client: a slope that is none; a curvature that tells nothing


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
    from scipy.special import expit, gammaln, psi

    cases, weight = np.unique(np.column_stack([np.asarray(values, float) for values in (x, last, age)]), axis=0, return_counts=True)
    x, last, age = cases.T
    scale = float(age.mean())  # the fit works on times near 1
    last, age, weight = last / scale, age / scale, weight / weight.sum()
    has_again, again = x > 0, np.maximum(x, 1)

    def parts(r: float, alpha: float, a: float, b: float) -> tuple[Any, Any]:
        stays = -(r + x) * np.log(alpha + age)
        leaves = np.where(has_again, np.log(a) - np.log(b + again - 1) - (r + x) * np.log(alpha + last), -np.inf)
        return stays, leaves

    def loss(logs: Any) -> float:
        r, alpha, a, b = np.exp(logs)
        shared = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        return -float(weight @ (shared + np.logaddexp(*parts(r, alpha, a, b))))

    def gradient(logs: Any) -> Any:
        r, alpha, a, b = np.exp(logs)
        stays, leaves = parts(r, alpha, a, b)
        gone = expit(leaves - stays)  # the chance that a client has left
        by_r = psi(r + x) - psi(r) + np.log(alpha) - (1 - gone) * np.log(alpha + age) - gone * np.log(alpha + last)
        by_alpha = r / alpha - (r + x) * ((1 - gone) / (alpha + age) + gone / (alpha + last))
        by_a = psi(a + b) - psi(a + b + x) + gone / a
        by_b = psi(a + b) + psi(b + x) - psi(b) - psi(a + b + x) - gone / (b + again - 1)
        return -np.array([weight @ each for each in (by_r, by_alpha, by_a, by_b)]) * np.exp(logs)

    r, alpha, a, b = _minimum(loss, gradient, 4)
    return BgNbd(r, alpha * scale, a, b)


def fit_gamma_gamma(x: Any, basket: Any) -> GammaGamma:
    """Maximum likelihood over clients with at least one repeat purchase, `basket` the mean of their repeat purchases.

    Raises
    ------
    ValueError
        The likelihood has no maximum that could be found.
    """
    from scipy.special import gammaln, psi

    x, basket = np.asarray(x, float), np.asarray(basket, float)
    scale = float(basket.mean())
    z = basket / scale

    def loss(logs: Any) -> float:
        p, q, v = np.exp(logs)
        shapes = gammaln(p * x + q) - gammaln(p * x) - gammaln(q)
        each = shapes + q * np.log(v) + (p * x - 1) * np.log(z) + p * x * np.log(x) - (p * x + q) * np.log(x * z + v)
        return -float(each.mean())

    def gradient(logs: Any) -> Any:
        p, q, v = np.exp(logs)
        spread = np.log(x * z + v)
        by_p = x * (psi(p * x + q) - psi(p * x) + np.log(z) + np.log(x) - spread)
        by_q = psi(p * x + q) - psi(q) + np.log(v) - spread
        by_v = q / v - (p * x + q) / (x * z + v)
        return -np.array([by_p.mean(), by_q.mean(), by_v.mean()]) * np.exp(logs)

    p, q, v = _minimum(loss, gradient, 3)
    return GammaGamma(p, q, v * scale)


def _minimum(loss: Any, gradient: Any, size: int) -> tuple[float, ...]:
    """The parameters, whose logarithms minimise the loss. The solution is judged by itself, never by an optimiser's flag: its gradient
    is nil, its curvature is that of a minimum, and it is better than the start. So every machine takes or refuses it alike."""
    from scipy.optimize import minimize

    def curvature(logs: Any) -> Any:
        steps = np.eye(size) * _STEP
        columns = np.array([(gradient(logs + step) - gradient(logs - step)) / (2 * _STEP) for step in steps])
        return (columns + columns.T) / 2

    start = np.full(size, _START)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):  # a step too far is seen by its value, and taken back
        found = minimize(loss, start, jac=gradient, method="L-BFGS-B", bounds=[(-_FAR, _FAR)] * size, options={"maxiter": 500}).x
        for _ in range(_POLISH):  # Newton's steps, which end at the same digits whatever way led there
            slope, bend = gradient(found), curvature(found)
            if not np.isfinite(slope).all() or not np.isfinite(bend).all() or np.linalg.eigvalsh(bend)[0] < _FLAT:
                break
            step = np.linalg.solve(bend, slope)
            found = found - step / max(1.0, float(np.abs(step).max()))
        slope, bend = gradient(found), curvature(found)
        is_minimum = (
            np.isfinite(slope).all()
            and np.abs(slope).max() < _NIL
            and np.abs(found).max() < _FAR
            and np.linalg.eigvalsh(bend)[0] >= _FLAT
            and loss(found) <= loss(start)
        )
    if not is_minimum:
        raise ValueError("the likelihood has no maximum that could be found")
    return tuple(float(value) for value in np.exp(found))
