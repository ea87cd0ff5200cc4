"""Segments of one department against each other: a hierarchical model with the prior integrated, and a tail for who does not belong.

The true values of the segments are draws from a common distribution whose mean and spread (coefficient of variation) are not known:
both are integrated over a grid. A part of the segments may come from a wide distribution around the same mean, so that an outlier is
neither pulled in nor makes the others look spread. Sources: Gelman & Hill (2007), ch. 11-12; Berger (1985), ch. 4.5, contaminated
priors. The draws come from a generator with a fixed seed: the same data give the same verdicts.
"""

from typing import Any

import numpy as np

SEED = 20_260_101
DRAWS = 1000
MANY = 40  # segments: of more, pairs are not counted draw by draw
OUTLIERS = 0.08  # prior chance of a segment not to belong to the usual spread
_SPREADS = np.linspace(0.01, 0.81, 21)  # coefficient of variation between segments
_USUAL_OF_SHARES, _WIDE_OF_SHARES = 0.2, 0.6  # half-normal prior of the spread; what the outliers' prior adds to it
_USUAL_OF_LOGS, _WIDE_OF_LOGS = 0.3, 0.8


def shares(k: Any, n: Any, *, draws: int = DRAWS, seed: int = SEED, coarse: int = 1) -> Any:
    """Draws [draws, segments] of the true shares, beta-binomial. `n` may be an exposure (no whole number), never below `k`.

    `coarse`: every so-manieth point of the grid, for where many are wanted quickly.
    """
    from scipy.special import betaln

    rng = np.random.default_rng(seed)
    k, n = np.asarray(k, float), np.asarray(n, float)
    middle = 0.5 * np.median((k + 0.5) / (n + 1)) + 0.5 * (k.sum() + 0.5) / (n.sum() + 1)
    mean = np.clip(middle * np.exp(np.linspace(-0.7, 0.7, 25)[::coarse]), 1e-4, 0.998)[:, None]
    spread = _SPREADS[::coarse]

    def prior(cv: Any) -> tuple[Any, Any, Any]:
        firmness = np.maximum((1 - mean) / (mean * cv**2) - 1, 0.3)
        a, b = mean * firmness, (1 - mean) * firmness
        return a, b, betaln(a[..., None] + k, b[..., None] + n - k) - betaln(a, b)[..., None]

    usual_a, usual_b, usual = prior(spread)
    wide_a, wide_b, wide = prior(np.hypot(spread, _WIDE_OF_SHARES))
    both = np.logaddexp(np.log(1 - OUTLIERS) + usual, np.log(OUTLIERS) + wide)
    chosen = _picked(both.sum(-1) - (spread / _USUAL_OF_SHARES) ** 2 / 2, draws, rng)
    is_out = rng.random((draws, len(k))) < np.exp(np.log(OUTLIERS) + wide - both).reshape(-1, len(k))[chosen]
    a, b = (
        np.where(is_out, far.ravel()[chosen][:, None], near.ravel()[chosen][:, None])
        for near, far in ((usual_a, wide_a), (usual_b, wide_b))
    )
    return rng.beta(a + k, b + n - k)


def logs(value: Any, error: Any, *, draws: int = DRAWS, seed: int = SEED) -> Any:
    """Draws [draws, segments] of true positive values (times, means, rates) from estimates on the log scale and their standard errors;
    normal, given back on the plain scale."""
    rng = np.random.default_rng(seed)
    y, v = np.asarray(value, float), np.asarray(error, float) ** 2
    width = max(0.25, 1.5 * float(np.ptp(y)) / len(y) ** 0.5)
    mean, variance = (np.median(y) + np.linspace(-1, 1, 41) * width)[:, None, None], _SPREADS[None, :, None] ** 2

    def density(within: Any) -> Any:
        return -0.5 * np.log(v + within) - 0.5 * (y - mean) ** 2 / (v + within)

    usual, wide = density(variance), density(variance + _WIDE_OF_LOGS**2)
    both = np.logaddexp(np.log(1 - OUTLIERS) + usual, np.log(OUTLIERS) + wide)
    score = both.sum(-1) - (_SPREADS / _USUAL_OF_LOGS) ** 2 / 2
    chosen = _picked(score, draws, rng)
    is_out = rng.random((draws, len(y))) < np.exp(np.log(OUTLIERS) + wide - both).reshape(-1, len(y))[chosen]
    centre = np.broadcast_to(mean[..., 0], score.shape).ravel()[chosen][:, None]
    within = np.broadcast_to(variance[..., 0], score.shape).ravel()[chosen][:, None] + is_out * _WIDE_OF_LOGS**2
    keep = within / (within + v)
    return np.exp(centre + keep * (y - centre) + np.sqrt(keep * v) * rng.normal(size=is_out.shape))


def _picked(score: Any, draws: int, rng: np.random.Generator) -> Any:
    """Points of the grid in proportion to their posterior weight."""
    weight = np.exp(score - score.max()).ravel()
    return rng.choice(weight.size, draws, p=weight / weight.sum())


def others_median(draws: Any) -> Any:
    """By draw and segment, the median of the other segments."""
    count = draws.shape[1]
    order = np.argsort(draws, axis=1)
    ranked = np.take_along_axis(draws, order, axis=1)
    rank = np.argsort(order, axis=1)
    # without the one at rank r, those above it move down by one; of an even number of others, the two in the middle
    middles = ((count - 2) // 2, (count - 1) // 2)
    lower, upper = (np.take_along_axis(ranked, np.minimum(np.where(rank <= one, one + 1, one), count - 1), axis=1) for one in middles)
    return (lower + upper) / 2


def gaps(draws: Any, *, higher: bool) -> Any:
    """By draw, how much worse a segment is than the median of the others, as a part of that median; negative where it is better."""
    return gaps_from(draws, others_median(draws), higher=higher)


def gaps_from(draws: Any, median: Any, *, higher: bool) -> Any:
    """The same where the median of the others is known."""
    ratio = draws / np.maximum(median, 1e-12)
    return 1 - ratio if higher else ratio - 1


def reliability(draws: Any) -> float:
    """Which part of the variance between the segments' estimates is real rather than chance, 0 to 1."""
    real = float(draws.mean(axis=0).var())
    return real / (real + float(draws.var(axis=0).mean())) if real > 0 else 0.0


def best(draws: Any, *, higher: bool) -> Any:
    """The chance of each segment to be truly the best."""
    place = draws.argmax(axis=1) if higher else draws.argmin(axis=1)
    return np.bincount(place, minlength=draws.shape[1]) / len(draws)


def grades(draws: Any, *, higher: bool, wrong: float = 0.05) -> Any:
    """Grades (0 the best) instead of places: as many as keep the expected part of wrongly ordered pairs among pairs of unlike grade
    at `wrong` or below; all 0 where no order can be told.

    Segments are ordered by their mean rank; the cuts are chosen by dynamic programming. Source: Kline, Rose & Walters (2024),
    American Economic Review 114, «A discrimination report card».
    """
    drawn = draws if higher else -draws
    count = drawn.shape[1]
    order = np.argsort(-drawn.argsort(1).argsort(1).mean(axis=0), kind="stable")
    above = _above(drawn[:, order])
    chosen = np.zeros(count, int)
    for weight in np.linspace(0.02, 1, 50 if count <= MANY else 20):
        grade = _cut(weight * above - (1 - above))
        apart = grade[:, None] < grade[None, :]
        if not apart.any():
            continue
        if (1 - above)[apart].mean() > wrong:
            break
        if grade.max() >= chosen.max():
            chosen = grade
    found = np.empty(count, int)
    found[order] = chosen
    return found


def _above(ranked: Any) -> Any:
    """The chance of each to be truly above each other; of many, from the means and variances of their draws."""
    if ranked.shape[1] <= MANY:
        return (ranked[:, :, None] > ranked[:, None, :]).mean(axis=0)
    from scipy.special import ndtr

    mean, variance = ranked.mean(axis=0), ranked.var(axis=0)
    return ndtr((mean[:, None] - mean[None, :]) / np.sqrt(np.maximum(variance[:, None] + variance[None, :], 1e-300)))


def _cut(gain: Any) -> Any:
    """The grades that gain most, where setting i above j gains `gain[i, j]`."""
    count = len(gain)
    value, cut = np.zeros(count + 1), np.zeros(count + 1, int)
    # gain of all before s over the members s..e-1, from sums over the corner of the matrix
    corner = np.zeros((count + 1, count + 1))
    corner[1:, 1:] = gain.cumsum(0).cumsum(1)
    for end in range(1, count + 1):
        starts = np.arange(end)
        sums = value[:end] + corner[starts, end] - corner[starts, starts]
        cut[end] = int(np.argmax(sums))
        value[end] = sums[cut[end]]
    grade, end, number = np.zeros(count, int), count, 0
    while end:
        grade[cut[end] : end] = number
        number += 1
        end = cut[end]
    return grade.max() - grade
