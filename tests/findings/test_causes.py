"""What follows from what: which findings are told with another, and which stand alone."""

from salesqc_lib.findings.causes import without_consequences
from salesqc_lib.findings.finding import Finding, Rule
from salesqc_lib.findings.looks import _error


def finding(rule: Rule, kpi: str, p: float = 0.001) -> Finding:
    return Finding(rule, kpi, p=p)


def test_a_fresh_fall_is_not_explained_by_a_lasting_breach() -> None:
    """Answers have always been slow; that fewer leads qualify than last month needs a reason of its own."""
    kept = without_consequences([finding("norm", "first_response_time"), finding("past", "qualification_rate")])
    assert {one.kpi for one in kept} == {"first_response_time", "qualification_rate"}


def test_a_fresh_fall_is_explained_by_a_fresh_fall() -> None:
    (kept,) = without_consequences([finding("past", "first_response_time"), finding("past", "qualification_rate")])
    assert (kept.kpi, kept.consequences) == ("first_response_time", ("qualification_rate",))


def test_a_breach_that_is_also_a_fall_is_one_finding_and_keeps_what_the_fall_brought() -> None:
    """The fall is told with the norm, is no consequence of itself, and what follows from it is lost neither."""
    given = [finding("norm", "first_response_time"), finding("past", "first_response_time"), finding("past", "qualification_rate")]
    (kept,) = without_consequences(given)
    assert (kept.rule, kept.consequences) == ("norm", ("qualification_rate",))
    assert [(one.rule, one.kpi) for one in kept.followers] == [("past", "first_response_time"), ("past", "qualification_rate")]


def test_an_interval_that_does_not_end_still_tells_its_error() -> None:
    """By hand: from 4 to 10 over 1.959964; a second end as far away changes nothing."""
    row = {"value": 10.0, "low": 4.0, "high": float("nan")}
    assert round(_error(row, float), 4) == 3.0613
    assert round(_error(row | {"high": 16.0}, float), 4) == 3.0613
    assert round(_error(row | {"high": float("inf")}, float), 4) == 3.0613
