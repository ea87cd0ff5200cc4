"""Against the published estimates on CDNOW's sample, read in place; and by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from salesqc_lib.statistics.clv import BgNbd, GammaGamma, fit_bg_nbd, fit_gamma_gamma
from tests.conftest import SHARED

CDNOW = SHARED / "data" / "cdnow"
needs_cdnow = pytest.mark.skipif(not CDNOW.exists(), reason="the CDNOW data are not here")


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return pd.read_csv(CDNOW / "cdnow_customers_summary.csv")


@pytest.fixture(scope="module")
def baskets() -> pd.DataFrame:
    """Repeat days of the calibration period (to 30 September 1997): how many, and the mean spent on one."""
    log = pd.read_csv(
        CDNOW / "CDNOW_sample.txt", sep=r"\s+", header=None, names=["master", "id", "date", "cds", "spent"], dtype={"date": str}
    )
    log = log[log["date"] <= f"{date(1997, 9, 30):%Y%m%d}"]
    days = log.groupby(["id", "date"])["spent"].sum().reset_index()
    repeats = days[days.groupby("id").cumcount() > 0]
    return repeats.groupby("id")["spent"].agg(["count", "mean"])


@needs_cdnow
def test_bg_nbd_of_cdnow(customers: pd.DataFrame) -> None:
    """Fader, Hardie & Lee (2005), table 2: r 0.243, alpha 4.414, a 0.793, b 2.426."""
    fitted = fit_bg_nbd(customers["frequency"], customers["recency"], customers["T"])
    assert (round(fitted.r, 3), round(fitted.alpha, 3), round(fitted.a, 3), round(fitted.b, 3)) == (0.243, 4.414, 0.793, 2.426)


@needs_cdnow
def test_gamma_gamma_of_cdnow(baskets: pd.DataFrame) -> None:
    """Fader & Hardie (2013): 946 repeaters, mean repeat basket 35.08; p 6.25, q 3.74, v 15.45; first customers 24.6586, 18.9115, 35.1710."""
    assert len(baskets) == 946
    assert round(float(baskets["mean"].mean()), 2) == 35.08
    fitted = fit_gamma_gamma(baskets["count"], baskets["mean"])
    assert (round(fitted.p, 2), round(fitted.q, 2)) == (6.25, 3.74)
    assert fitted.v == pytest.approx(15.45, rel=5e-4), (
        "the likelihood is flat: theirs, by a spreadsheet's solver, stands 0.04 % off its maximum"
    )
    frequency, spent = [2, 1, 0], [22.35, 11.77, 0.0]
    assert list(np.round(fitted.expected(frequency, spent), 2)) == [24.66, 18.91, 35.17]


def test_expected_purchases_by_the_published_spreadsheet() -> None:
    """Fader, Hardie & Lee (2005), «Implementing the BG/NBD model in Excel»: x 2, t_x 30.43, T 38.86, 39 weeks: 1.226."""
    assert round(float(BgNbd(0.243, 4.414, 0.793, 2.426).expected(39, 2, 30.43, 38.86)), 3) == 1.226


def test_without_repeats_a_basket_is_the_mean_of_all() -> None:
    """p·v / (q − 1) = 2·30 / (4 − 1) = 20."""
    assert GammaGamma(2, 4, 30).expected([0], [0.0])[0] == pytest.approx(20)


def test_a_likelihood_without_a_maximum_says_so() -> None:
    with pytest.raises(ValueError, match="no maximum"):
        fit_gamma_gamma([1, 1, 1], [10.0, 10.0, 10.0])
