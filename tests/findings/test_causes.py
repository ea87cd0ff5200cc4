"""What follows from what: which findings are told with another, and which stand alone."""

from salesqc_lib.findings.causes import without_consequences
from salesqc_lib.findings.finding import Finding, Rule


def finding(rule: Rule, kpi: str) -> Finding:
    return Finding(rule, kpi)


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
