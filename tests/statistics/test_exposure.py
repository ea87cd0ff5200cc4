"""Equal follow-up: what part of a case counts, and projections by it, by hand."""

import numpy as np
import pytest

from salesqc_lib.statistics.exposure import Reference, projected, ripeness_of
from salesqc_lib.statistics.shares import wilson

# forty older leads: ten signed on day 1, ten on day 5, twenty lost on day 9
OLDER = ([1.0] * 10 + [5.0] * 10 + [9.0] * 20, [1] * 20 + [2] * 20, [1.0] * 40)


def test_half_of_the_final_share_shows_after_a_day() -> None:
    line = ripeness_of(OLDER[0], OLDER[1], 10.0)
    assert line is not None
    assert [float(line.at(age)) for age in (0, 1, 5, 9)] == pytest.approx([0.0, 0.5, 1.0, 1.0])
    assert line.ripe_after == pytest.approx(5.0, abs=0.05)
    assert ripeness_of([1.0] * 19, [1] * 19, 10.0) is None, "nineteen events tell no shape"


def test_a_young_cohort_counts_by_its_exposure() -> None:
    """Ten leads followed for a day, two signed: ten halves are five whole leads, 2 / 5."""
    value, low, high = projected(([1.0] * 10, [1, 1] + [0] * 8, [1.0] * 10), Reference.of(*OLDER, 10.0))
    assert value == pytest.approx(0.4)
    assert (low, high) == (pytest.approx(float(wilson(2, 5)[0])), pytest.approx(float(wilson(2, 5)[1])))


def test_nobody_has_signed_and_the_interval_is_not_empty() -> None:
    value, low, high = projected(([9.0] * 12, [0] * 12, [9.0] * 12), Reference.of(*OLDER, 10.0))
    assert (value, low) == (0.0, 0.0)
    assert high == pytest.approx(0.2425, abs=1e-4), "Wilson's upper limit of 0 of 12"


def test_too_few_or_too_young_leads_have_no_projection() -> None:
    assert np.isnan(projected(([9.0] * 9, [0] * 9, [9.0] * 9), Reference.of(*OLDER, 10.0))[0])
    assert np.isnan(projected(([0.5] * 10, [0] * 10, [0.5] * 10), Reference.of(*OLDER, 10.0))[0]), "ten quarters are two and a half"


def test_without_a_shape_only_leads_followed_to_the_horizon_count() -> None:
    """Six of the sixteen are too young; of the ten others, three signed."""
    own = ([2.0] * 3 + [20.0] * 7 + [3.0] * 6, [1] * 3 + [0] * 13, [20.0] * 10 + [3.0] * 6)
    assert projected(own, Reference.of([], [], [], 10.0))[0] == pytest.approx(0.3)


def test_what_nobody_was_followed_to_is_not_known() -> None:
    """The oldest lead is 60 days old and still open; the horizon is 90."""
    older = ([5.0] * 20 + [60.0] * 20, [1] * 20 + [0] * 20, [1.0] * 40)
    assert np.isnan(projected(([20.0] * 20, [1] * 5 + [0] * 15, [20.0] * 20), Reference.of(*older, 90.0))[0])


def test_deals_that_go_on_beyond_the_horizon_have_no_final_share() -> None:
    older = ([5.0] * 20 + [30.0] * 5, [1] * 25, [1.0] * 25)
    assert np.isnan(projected(([20.0] * 20, [1] * 5 + [0] * 15, [20.0] * 20), Reference.of(*older, 10.0))[0])
