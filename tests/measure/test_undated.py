"""Deals that closed nobody knows when: what is counted, and between which bounds, worked out by hand."""

import pytest

from tests.conftest import Company, measured

# January 2026, the export on 1 February: the third and fourth win have no date. The third was created in January, so that it can have been
# won in January alone; the fourth in December, so that it may have been won in either month.
DEALS = """
    deal_id,created_at,outcome,closed_at,amount
    1,2026-01-02T10:00,won,2026-01-10T12:00,100
    2,2025-12-05T10:00,won,2025-12-20T12:00,200
    3,2026-01-05T10:00,won,,400
    4,2025-12-10T10:00,won,,800
    5,2026-01-06T10:00,lost,2026-01-12T12:00,50
    6,2026-01-07T10:00,open,,50"""


def test_a_win_that_can_only_lie_inside_counts_and_another_makes_bounds(company: Company) -> None:
    found = measured(company(deals=DEALS), "contracts", "revenue", "lead_to_contract", "win_rate")
    row = found.row("contracts")
    assert (row["value"], row["low"], row["high"], row["reason"]) == (2, 2, 3, "undated:n=1")
    row = found.row("revenue")
    assert (row["value"], row["low"], row["high"]) == (500, 500, 1300)
    # of the leads of January, 1 and 3 have signed by the export, whenever that was
    assert (found.row("lead_to_contract")["k"], found.row("lead_to_contract")["n"]) == (2, 4)


def test_the_month_before_has_bounds_too(company: Company) -> None:
    """December: the second for sure, the fourth perhaps."""
    row = measured(company(deals=DEALS), "contracts", period="2025-12").row("contracts")
    assert (row["value"], row["low"], row["high"]) == (1, 1, 2)


@pytest.mark.parametrize(("way", "contracts", "leads"), [("created", 2, 4), ("exclude", 1, 3)])
def test_the_parameters_may_decide_otherwise(company: Company, way: str, contracts: int, leads: int) -> None:
    found = measured(company(deals=DEALS, more=f"dates: {{undated: {way}}}"), "contracts", "leads")
    assert (found.value("contracts"), found.value("leads")) == (contracts, leads)
    assert found.row("contracts")["reason"] == ""


def test_the_last_activity_narrows_the_stretch(company: Company) -> None:
    """Somebody spoke with the fourth in January: it was not won before that."""
    activities = "activity_id,kind,at,deal_id,direction\n1,call,2026-01-08T10:00,4,out"
    row = measured(company(deals=DEALS, activities=activities), "contracts").row("contracts")
    assert (row["value"], row["reason"]) == (3, "")


def test_bounds_are_said_in_words(company: Company) -> None:
    from salesqc_lib.show.words.prose import sentence

    found = measured(company(deals=DEALS), "contracts")
    assert "2 (up to 3 with the undated)" in sentence(found.row("contracts"), found.reader)


def test_segments_have_bounds_of_their_own(company: Company) -> None:
    by_seller = DEALS.replace("amount\n", "amount,manager\n", 1)
    rows = [
        line + ("" if "deal_id" in line else ",Ann" if line.strip()[0] in "124" else ",Bob")
        for line in by_seller.splitlines()
        if line.strip()
    ]
    found = measured(company(deals="\n".join(rows)), "contracts")
    assert (found.row("contracts", "manager", "Ann")["value"], found.row("contracts", "manager", "Ann")["high"]) == (1, 2)
    assert (found.row("contracts", "manager", "Bob")["value"], found.row("contracts", "manager", "Bob")["reason"]) == (1, "")
