"""The hierarchical model of a figure, by hand, by brute force and by simulation."""

from itertools import product

import numpy as np
import pytest

from salesqc_lib.statistics import hierarchy


def test_the_median_of_the_others_by_hand() -> None:
    """Without 1: 2, 3, 4; without 2: 1, 3, 4; and so on. Of three, the two others are averaged."""
    assert hierarchy.others_median(np.array([[1.0, 2.0, 3.0, 4.0]])).tolist() == [[3.0, 3.0, 2.0, 2.0]]
    assert hierarchy.others_median(np.array([[1.0, 3.0, 2.0]])).tolist() == [[2.5, 1.5, 2.0]]
    drawn = np.random.default_rng(1).random((50, 9))
    by_hand = np.stack([np.median(np.delete(drawn, i, axis=1), axis=1) for i in range(9)], axis=1)
    assert hierarchy.others_median(drawn) == pytest.approx(by_hand)


def test_a_gap_is_a_part_of_the_others() -> None:
    """Of 0.2, 0.4, 0.4: half of the others' 0.4 where more is better, half as much again better where less is."""
    drawn = np.array([[0.2, 0.4, 0.4]])
    assert hierarchy.gaps(drawn, higher=True)[0, 0] == pytest.approx(0.5)
    assert hierarchy.gaps(drawn, higher=False)[0].tolist() == pytest.approx([-0.5, 1 / 3, 1 / 3])


def test_many_cases_speak_for_themselves_and_few_do_not() -> None:
    drawn = hierarchy.shares([50_000, 100_000, 100_000, 100_000], [500_000] * 4).mean(axis=0)
    assert drawn == pytest.approx([0.1, 0.2, 0.2, 0.2], rel=0.01)
    few = hierarchy.shares([0, 250, 250, 300, 200], [2, 1000, 1000, 1000, 1000]).mean(axis=0)
    assert few[0] > 0.15, "two cases cannot pull an estimate to 0"


def test_one_exceptional_seller_is_not_pulled_in_and_does_not_spread_the_others() -> None:
    with_outlier = hierarchy.shares([12, 60, 62, 58, 60, 61], [200] * 6)
    assert with_outlier[:, 0].mean() == pytest.approx(0.06, abs=0.03)
    assert with_outlier[:, 1:].mean(axis=0) == pytest.approx([0.3] * 5, abs=0.02)


def test_the_same_data_give_the_same_draws() -> None:
    assert np.array_equal(hierarchy.shares([3, 5, 9], [20, 20, 20]), hierarchy.shares([3, 5, 9], [20, 20, 20]))
    assert np.array_equal(hierarchy.logs([1.0, 1.1, 2.0], [0.1, 0.1, 0.1]), hierarchy.logs([1.0, 1.1, 2.0], [0.1, 0.1, 0.1]))


def test_grades_are_the_best_cuts_of_all() -> None:
    """Every way to cut an order of six, against the dynamic programme."""
    random = np.random.default_rng(7)
    for _ in range(20):
        gain = random.normal(size=(6, 6))
        found = hierarchy._cut(gain)
        best = max(
            sum(gain[i, j] for i in range(6) for j in range(6) if grade[i] < grade[j])
            for cuts in product((0, 1), repeat=5)
            for grade in [np.cumsum([0, *cuts])]
        )
        reached = sum(gain[i, j] for i in range(6) for j in range(6) if found[i] < found[j])
        assert reached == pytest.approx(best)
        assert (np.diff(found) >= 0).all()


def test_sellers_who_differ_plainly_have_grades_and_equal_ones_have_none() -> None:
    apart = np.random.default_rng(2).normal([0.1, 0.5, 0.9], 0.01, (500, 3))
    assert hierarchy.grades(apart, higher=True).tolist() == [2, 1, 0]
    assert hierarchy.grades(apart, higher=False).tolist() == [0, 1, 2]
    alike = np.random.default_rng(3).normal(0.5, 0.1, (500, 5))
    assert hierarchy.grades(alike, higher=True).tolist() == [0] * 5


def test_reliability_and_the_chance_to_be_the_best_by_hand() -> None:
    """Means 1 and 3: variance 1 between; within, 0 and 1: 0.5 on average; 1 / 1.5. The second is the higher in every draw."""
    drawn = np.array([[1.0, 2.0], [1.0, 4.0]])
    assert hierarchy.reliability(drawn) == pytest.approx(1 / 1.5)
    assert hierarchy.best(drawn, higher=True).tolist() == [0.0, 1.0]
    assert hierarchy.best(drawn, higher=False).tolist() == [1.0, 0.0]


@pytest.mark.parametrize("spread", [0.05, 0.25])
def test_intervals_hold_the_true_rates(spread: float) -> None:
    """Forty departments of seven sellers with 150 leads each: 95 % intervals hold at least nine in ten."""
    random = np.random.default_rng(11)
    inside = []
    for _ in range(40):
        true = np.clip(0.3 * random.lognormal(0, spread, 7), 0.01, 0.9)
        low, high = np.quantile(hierarchy.shares(random.binomial(150, true), [150] * 7, draws=400), [0.025, 0.975], axis=0)
        inside += list((low <= true) & (true <= high))
    assert np.mean(inside) > 0.9
