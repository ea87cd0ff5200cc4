"""Means of skewed amounts: what they refuse, what they do not depend on, and that they hold what they promise."""

import numpy as np
import pytest

from salesqc_lib.statistics.skewed import relative_error, skewed_mean


def test_few_values_or_customers_have_no_interval() -> None:
    assert np.isnan(skewed_mean([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 90.0])[1]), "nine"
    assert np.isnan(skewed_mean(np.arange(1.0, 21.0), np.arange(20.0) % 4)[1]), "twenty of four customers"
    assert np.isnan(skewed_mean([5.0] * 20)[1])
    assert skewed_mean([1.0, 3.0])[0] == 2.0


def test_the_error_of_clusters_by_hand() -> None:
    """Customers with 2, 4, 6, 8, 10 in one deal each: mean 6, squares of the differences 40; √(5/4) · √40 / 30. Two equal deals of each are five
    customers still."""
    once = relative_error([2.0, 4.0, 6.0, 8.0, 10.0])
    assert once == pytest.approx((5 / 4) ** 0.5 * 40**0.5 / 30)
    twice = relative_error([2.0, 2, 4, 4, 6, 6, 8, 8, 10, 10], np.repeat(np.arange(5.0), 2))
    assert twice == pytest.approx(once)


def test_the_order_of_rows_does_not_matter() -> None:
    random = np.random.default_rng(4)
    values, customers = random.lognormal(0, 1, 60), random.integers(0, 25, 60).astype(float)
    order = random.permutation(60)
    assert skewed_mean(values, customers) == pytest.approx(skewed_mean(values[order], customers[order]))


def test_who_is_not_known_stands_alone() -> None:
    values = np.random.default_rng(5).lognormal(0, 1, 30)
    assert skewed_mean(values, np.full(30, np.nan)) == pytest.approx(skewed_mean(values))


@pytest.mark.parametrize("part", [0.0, 0.5])
def test_lognormal_means_are_held(part: float) -> None:
    """Of 300 samples of 30 (half of the deals by returning customers who spend alike), at least 93 % hold the mean."""
    random = np.random.default_rng(6)
    inside = 0
    for _ in range(300):
        customer = np.where(random.random(30) < part, random.integers(0, 6, 30), np.arange(30) + 100).astype(float)
        levels = dict(zip(np.unique(customer), random.normal(0, 0.6, len(np.unique(customer))), strict=True))
        values = np.exp(np.array([levels[one] for one in customer]) + random.normal(0, 0.7, 30))
        _, low, high = skewed_mean(values, customer)
        inside += low <= np.exp((0.6**2 + 0.7**2) / 2) <= high
    assert inside / 300 >= 0.93
