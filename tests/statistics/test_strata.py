"""Changes within strata: by hand, and against statsmodels."""

import numpy as np
import pytest

from salesqc_lib.statistics import strata


def test_mix_and_rate_add_up_to_the_change() -> None:
    """Site 50 of 100, ads 10 of 100; then site 20 of 40, ads 16 of 160. Rates stay at 0.5 and 0.1; the site's part falls from 1/2 to 1/5:
    mix (0.2 − 0.5) · 0.5 + (0.8 − 0.5) · 0.1 = −0.12, and the whole goes from 0.30 to 0.18."""
    mix, rate = strata.split_change([20, 16], [40, 160], [50, 10], [100, 100])
    assert (mix, rate) == (pytest.approx(-0.12), pytest.approx(0.0))
    mix, rate = strata.split_change([10, 16, 5], [40, 160, 9], [50, 10, 0], [100, 100, 0])
    assert mix + rate == pytest.approx(31 / 209 - 60 / 200)


def test_one_stratum_has_the_error_of_katz() -> None:
    """Log of (30/100) / (40/100), variance 1/30 − 1/100 + 1/40 − 1/100 (Katz et al. 1978)."""
    log_ratio, error = strata.mantel_haenszel([30], [100], [40], [100])
    assert log_ratio == pytest.approx(np.log(0.75))
    assert error == pytest.approx((1 / 30 - 1 / 100 + 1 / 40 - 1 / 100) ** 0.5)
    assert strata.mantel_haenszel([30], [100], [40], [100], 4.0)[1] == pytest.approx(2 * error)


def test_the_ratio_agrees_with_statsmodels() -> None:
    from statsmodels.stats.contingency_tables import StratifiedTable

    k, n, was_k, was_n = np.array([12, 30, 7]), np.array([40, 90, 50]), np.array([20, 25, 9]), np.array([45, 80, 30])
    tables = [np.array([[a, b - a], [c, d - c]]) for a, b, c, d in zip(k, n, was_k, was_n, strict=True)]
    assert np.exp(strata.mantel_haenszel(k, n, was_k, was_n)[0]) == pytest.approx(StratifiedTable(tables).riskratio_pooled)


def test_a_stratum_of_one_period_says_nothing_of_the_rate() -> None:
    assert strata.mantel_haenszel([30, 9], [100, 10], [40, 0], [100, 0]) == strata.mantel_haenszel([30], [100], [40], [100])
    assert np.isnan(strata.mantel_haenszel([0], [10], [3], [10])[0])
    assert strata.common_part([90, 10], [90, 0]) == pytest.approx(180 / 190)


def test_overdispersion_by_hand() -> None:
    """Two months of 100 with 20 and 40 hits: share (60 + 0.5) / 201 = 0.301, variance 21.04 each, (20 − 30.1)² + (40 − 30.1)² = 200.0; 200.0 /
    21.04 over one degree of freedom."""
    assert strata.overdispersion([[20.0], [40.0]], [[100.0], [100.0]]) == pytest.approx(9.5, abs=0.05)
    assert strata.overdispersion([[30.0], [30.0]], [[100.0], [100.0]]) == 1.0


def test_a_fall_is_likely_as_far_as_the_prior_lets_it() -> None:
    """No doubt and a fall by 30 %: certain to be more than 15 %. An error as large as the usual change halves it: 0.5 · log 0.7 = −0.178, with
    sd 0.141; log 0.85 = −0.163 lies 0.11 sd above."""
    assert strata.chance_of_fall(np.log(0.7), 1e-6, 0.15) == pytest.approx(1.0)
    assert strata.chance_of_fall(np.log(0.7), 0.2, 0.15) == pytest.approx(0.5438, abs=0.005)
