"""Against published tables and hand-worked examples."""

import numpy as np
import pytest

from salesqc_lib.statistics.means import mean_interval, median_interval
from salesqc_lib.statistics.peers import funnel_p, is_different, shrink
from salesqc_lib.statistics.shares import wilson
from salesqc_lib.statistics.survival import aalen_johansen, kaplan_meier, project, time_to_share_of_final


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


def test_a_young_cohort_is_projected_with_the_tail_of_older_ones() -> None:
    """Own: 10 leads followed for 2 days, 2 signed on day 1. Older: 10 leads, 2 signed on day 1, 4 on day 5, the rest lost on day 9.

    F(2) = 0.2, still waiting 0.8; of the older, from day 2 to day 10: 0.4 out of the 0.8 still waiting.
    Projected: 0.2 + 0.8 · 0.4 / 0.8 = 0.6.
    """
    own = ([1, 1] + [2] * 8, [1, 1] + [0] * 8)
    older = ([1, 1, 5, 5, 5, 5, 9, 9, 9, 12], [1, 1, 1, 1, 1, 1, 2, 2, 2, 2])
    value, low, high = project(own, older, horizon=10)
    assert value == pytest.approx(0.6)
    assert low < 0.6 < high


def test_a_projection_beyond_what_anybody_was_followed_is_not_known() -> None:
    assert np.isnan(project(([1, 2], [1, 0]), ([3, 4], [1, 0]), horizon=30)[0])


def test_means_with_students_interval() -> None:
    """1..40: mean 20.5, s = 11.690, t(0.975, 39) = 2.0227 → ± 3.739."""
    mean, low, high = mean_interval(range(1, 41))
    assert (mean, round(low, 2), round(high, 2)) == (20.5, 16.76, 24.24)


def test_few_values_are_bootstrapped_and_one_has_no_interval() -> None:
    mean, low, high = mean_interval([1.0, 2.0, 3.0, 10.0])
    assert mean == 4.0
    assert 1.0 <= low < mean < high <= 10.0
    assert mean_interval([1.0, 2.0, 3.0, 10.0]) == (mean, low, high), "the bootstrap gives the same interval every time"
    assert np.isnan(mean_interval([5.0])[1])


def test_median_between_order_statistics() -> None:
    """n = 10: the interval from the 2nd to the 9th value covers 97.9 %, from the 3rd to the 8th only 89.1 % (binomial)."""
    assert median_interval(range(1, 11)) == (5.5, 2.0, 9.0)
    assert np.isnan(median_interval([1, 2, 3])[1])


def test_benjamini_hochberg_by_hand() -> None:
    """Limits 0.0125, 0.025, 0.0375, 0.05: the two smallest pass; unknown p values are no discoveries."""
    assert list(is_different([0.01, 0.02, 0.04, 0.5, np.nan])) == [True, True, False, False, False]


def test_a_seller_is_tested_against_the_others() -> None:
    """10 of 100 against 60 of 200: pooled 70/300, z = −3.86, p = 0.0001."""
    p = funnel_p([10, 30, 30], [100, 100, 100])
    assert p[0] == pytest.approx(0.000113, rel=0.02)


def test_equal_estimates_shrink_to_their_mean_and_distant_ones_stay() -> None:
    estimate, low, high = shrink([0.9, 1.1], [0.5, 0.5])
    assert list(estimate) == pytest.approx([1.0, 1.0])
    assert low[0] < 0.9
    assert high[0] > 1.1
    far, *_ = shrink([0.0, 10.0], [0.1, 0.1])
    assert list(far) == pytest.approx([0.0, 10.0], abs=0.01)
