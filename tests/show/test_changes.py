"""The delta report: a fault that is folded under another now is not gone."""

from salesqc_lib.findings.finding import Finding
from salesqc_lib.show.changes import seen


def test_a_fault_tells_of_what_follows_from_it_and_of_the_groups_it_shows_in() -> None:
    one = Finding(
        "peers",
        "first_response_time",
        "manager",
        "Ann",
        consequences=("qualification_rate",),
        members=(("qualification_rate", "team", "A"),),
    )
    assert set(seen(one)) == {
        ("first_response_time", ("manager", "Ann")),
        ("qualification_rate", ("manager", "Ann")),
        ("qualification_rate", ("team", "A")),
    }
