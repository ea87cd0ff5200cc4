"""Against published tables and hand-worked examples."""

import numpy as np
import pytest

from salesqc_lib.statistics.means import mean_interval, median_interval
from salesqc_lib.statistics.peers import is_different
from salesqc_lib.statistics.shares import wilson
from salesqc_lib.statistics.survival import aalen_johansen, kaplan_meier, time_to_share_of_final


@pytest.mark.parametrize(
    ("k", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
)
def test_wilson_intervals_of_newcombe_1998(k: int, n: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17:857-872 (1998), table I, method 3."""
    found = wilson([k], [n])
    assert (round(float(found[0][0]), 4), round(float(found[1][0]), 4)) == (low, high)


def test_wilson_knows_nothing_of_no_cases() -> None:
    low, high = wilson([0, 3], [0, 3])
    assert np.isnan(low[0])
    assert np.isnan(high[0])
    assert high[1] == 1.0


# Freireich et al., Blood 21:699-716 (1963): weeks in remission under 6-MP; the estimates stand in every textbook
SIX_MP = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_kaplan_meier_of_the_6mp_trial() -> None:
    curve = kaplan_meier(SIX_MP, RELAPSED)
    assert list(curve.time) == [6, 7, 10, 13, 16, 22, 23]
    assert [round(1 - share, 4) for share in curve.reached] == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert round(float(curve.error[0]), 4) == 0.0764
    assert round(float(curve.error[6]), 4) == 0.1346
    assert curve.quantile(0.5)[0] == 23
    assert (curve.n, curve.events) == (21, 9)


def test_a_median_that_is_not_reached_is_not_known() -> None:
    assert np.isnan(kaplan_meier([1, 2, 3, 4], [1, 0, 0, 0]).quantile(0.5)[0])
    assert np.isnan(kaplan_meier([1, 2], [0, 0]).quantile(0.5)[0])


def test_aalen_johansen_by_hand() -> None:
    """Five deals: contract at 1, loss at 2, censored at 3, contract at 4, loss at 5.

    Incidence of contracts: 1/5 at 1; still at risk after 1 and 2: 3/5; at 4 two are at risk: 1/5 + 3/5 · 1/2 = 1/2.
    """
    curve = aalen_johansen([1, 2, 3, 4, 5], [1, 2, 0, 1, 2])
    assert curve.at(1)[0] == pytest.approx(0.2)
    assert curve.at(3.5)[0] == pytest.approx(0.2)
    assert curve.at(4)[0] == pytest.approx(0.5)
    assert curve.at(9)[0] == pytest.approx(0.5)
    assert time_to_share_of_final(curve, 0.5)[0] == 4


def test_without_losses_aalen_johansen_is_kaplan_meier() -> None:
    assert aalen_johansen(SIX_MP, RELAPSED).at(16)[0] == pytest.approx(1 - 0.6275, abs=1e-4)


def test_means_with_students_interval() -> None:
    """1..40: mean 20.5, s = 11.690, t(0.975, 39) = 2.0227 → ± 3.739."""
    mean, low, high = mean_interval(range(1, 41))
    assert (mean, round(low, 2), round(high, 2)) == (20.5, 16.76, 24.24)


def test_few_values_are_bootstrapped_and_one_has_no_interval() -> None:
    values = [1.0, 2.0, 3.0, 10.0, 2.0, 6.0]
    mean, low, high = mean_interval(values)
    assert mean == 4.0
    assert 1.0 <= low < mean < high <= 10.0
    assert mean_interval(values) == (mean, low, high), "the bootstrap gives the same interval every time"
    assert np.isnan(mean_interval([5.0])[1])


def test_two_values_claim_next_to_nothing() -> None:
    """30 and 45: s = 10.607, t(0.975, 1) = 12.706, so ± 95.3; a bootstrap would have said 30 to 45. No score is below 0."""
    mean, low, high = mean_interval([30.0, 45.0])
    assert (mean, low, round(high, 1)) == (37.5, 0.0, 132.8)


def test_median_between_order_statistics() -> None:
    """n = 10: the interval from the 2nd to the 9th value covers 97.9 %, from the 3rd to the 8th only 89.1 % (binomial)."""
    assert median_interval(range(1, 11)) == (5.5, 2.0, 9.0)
    assert np.isnan(median_interval([1, 2, 3])[1])


def test_benjamini_hochberg_by_hand() -> None:
    """Limits 0.0125, 0.025, 0.0375, 0.05: the two smallest pass; unknown p values are no discoveries."""
    assert list(is_different([0.01, 0.02, 0.04, 0.5, np.nan])) == [True, True, False, False, False]


def some_waiting(seed: int, count: int = 200) -> tuple[list[float], list[int]]:
    rng = np.random.default_rng(seed)
    return list(rng.integers(1, 40, count).astype(float)), list(rng.choice([0, 1, 1, 2], count))


@pytest.mark.parametrize("seed", range(4))
def test_survival_curves_agree_with_statsmodels(seed: int) -> None:
    from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

    duration, status = some_waiting(seed)
    theirs, ours = SurvfuncRight(duration, [int(s == 1) for s in status]), kaplan_meier(duration, status)
    happened = theirs.n_events > 0
    assert ours.time == pytest.approx(theirs.surv_times[happened])
    assert ours.reached == pytest.approx(1 - theirs.surv_prob[happened], abs=1e-12)
    assert ours.error[:-1] == pytest.approx(theirs.surv_prob_se[happened][:-1], abs=1e-12)
    incidence, curve = CumIncidenceRight(duration, status), aalen_johansen(duration, status)
    assert [curve.at(t)[0] for t in incidence.times] == pytest.approx(list(incidence.cinc[0]), abs=1e-12)
    inner = incidence.times < 35  # at the very end its variance is 0/0
    assert [curve.at(t)[1] for t in incidence.times[inner]] == pytest.approx(list(incidence.cinc_se[0][inner]), rel=0.02)


@pytest.mark.parametrize("seed", range(6))
def test_intervals_agree_with_scipy(seed: int) -> None:
    from scipy import stats

    from salesqc_lib.statistics.means import bca_mean, of_moments

    rng = np.random.default_rng(seed)
    values = rng.lognormal(0, 0.8, 12 + 9 * seed)
    theirs = stats.bootstrap((values,), np.mean, method="BCa", n_resamples=20_000, rng=np.random.default_rng(1)).confidence_interval
    assert bca_mean(np.sort(values)) == pytest.approx((theirs.low, theirs.high), rel=0.06)
    many = rng.normal(50, 7, 300)
    mean, low, high, needed = of_moments(300, many.sum(), (many**2).sum(), (many**3).sum())
    assert (float(mean), float(low), float(high)) == pytest.approx(mean_interval(many))
    assert not needed
    p = rng.uniform(0, 0.2, 20)
    assert list(is_different(p)) == list(stats.false_discovery_control(p) <= 0.05)


def test_the_interval_of_a_difference_of_newcombe_1998() -> None:
    """Newcombe, Statistics in Medicine 17:873-890 (1998), table II, method 10: 56/70 − 48/80 and 9/10 − 3/10."""
    from salesqc_lib.statistics.shares import newcombe

    assert [round(float(x), 4) for x in newcombe(56, 70, 48, 80)] == [0.2, 0.0524, 0.3339]
    assert [round(float(x), 4) for x in newcombe(9, 10, 3, 10)] == [0.6, 0.1705, 0.8090]


def test_control_limits_narrow_with_the_cases() -> None:
    """At 50 % and 100 cases Wilson's 95 % limits are 0.4038 and 0.5962."""
    from salesqc_lib.statistics.peers import control_limits

    low, high = control_limits(0.5, [100, 400], 0.95)
    assert (round(float(low[0]), 4), round(float(high[0]), 4)) == (0.4038, 0.5962)
    assert high[1] - low[1] < high[0] - low[0]
    wide = control_limits(0.5, [400], 0.95, spread=4.0)
    assert (round(float(wide[0][0]), 4), round(float(wide[1][0]), 4)) == (0.4038, 0.5962), (
        "four times the variance: as of a quarter of the cases"
    )


def test_the_usual_spread_by_hand() -> None:
    """Half of the segments one and half two standard errors off: z² of 1 and 4, 2.5 on average; less than chance is taken for chance."""
    from salesqc_lib.statistics.peers import usual_spread

    error = (0.5 * 0.5 / 100) ** 0.5
    assert usual_spread(0.5 + error * np.array([1, -1, 2, -2] * 5), [100] * 20, 0.5) == pytest.approx(2.5)
    assert usual_spread([0.5, 0.5, 0.5], [100] * 3, 0.5) == 1.0


def test_natural_limits_by_hand() -> None:
    """Moving ranges of 10, 12, 10, 12 … are all 2: 11 ± 2.66 · 2 = 5.68 and 16.32. A jump to 30 leaves them; seven points have none."""
    from salesqc_lib.statistics.control import xmr

    steady = xmr([10, 12] * 4)
    assert steady is not None
    assert (round(steady.low, 2), round(steady.high, 2)) == (5.68, 16.32)
    assert not steady.signals.any()
    jump = xmr([10, 12] * 6 + [40])
    assert jump is not None
    assert jump.signals[12]
    assert jump.high < 40, "172 / 13 + 2.66 · 50 / 12 = 24.3"
    assert xmr([10, 12] * 3 + [10]) is None
    shift = xmr([10, 11, 10, 11, 10, 11, 10, 11, 14, 15, 14, 15, 14, 15, 14, 15])
    assert shift is not None
    assert shift.signals[-1], "eight points on one side are no chance"


def test_weights_stand_for_so_many_cases() -> None:
    curve, weighted = aalen_johansen([1, 1, 2, 3, 3], [1, 1, 2, 0, 0]), aalen_johansen([1, 2, 3], [1, 2, 0], [2, 1, 2])
    assert list(curve.reached) == pytest.approx(list(weighted.reached))
    assert list(curve.error) == pytest.approx(list(weighted.error))
