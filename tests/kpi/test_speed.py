"""Speed, worked out by hand."""

import pytest

from tests.conftest import STAGES, Company, measured

DEALS = """
    deal_id,created_at,manager,outcome,closed_at,contract_at
    1,2026-01-05T10:00,Ann,won,2026-01-10T10:00,2026-01-10T10:00
    2,2026-01-05T10:00,Ann,open,,
    3,2026-01-06T10:00,Bob,lost,2026-01-06T11:30,
    4,2026-01-07T10:00,Bob,open,,
    5,2026-01-31T23:30,Bob,open,,"""
CALLS = """
    activity_id,kind,at,deal_id,customer_id,manager,direction,result
    1,call,2026-01-05T10:03,1,p1,Ann,out,conversation
    2,call,2026-01-05T13:00,2,p2,Ann,out,conversation
    3,call,2026-01-08T10:00,4,p4,Bob,in,missed
    4,call,2026-01-08T10:30,4,p4,Bob,out,no_answer
    5,call,2026-01-09T10:00,4,p4,Bob,in,missed
    6,call,2026-01-09T12:00,4,p4,Bob,out,no_answer
    7,call,2026-01-09T15:00,1,p1,Ann,in,conversation
    8,call,2026-01-31T23:30,4,p4,Bob,in,missed"""


def test_answers(company: Company) -> None:
    """Answered: 1 after 3 minutes, 2 after 3 hours; 3 was lost after 1.5 hours, 4 and 5 wait. 5 is half an hour old at the export.

    Kaplan-Meier: 1/5 at 3 min; 5 leaves at 0.5 h, 3 at 1.5 h; at 3 h two are at risk (2 and 4): 1 − 4/5 · 1/2 = 0.6 ≥ 0.5, so 3 h.
    """
    found = measured(company(deals=DEALS, activities=CALLS), "first_response_time", "answered_within_1h", "never_answered")
    row = found.row("first_response_time")
    assert (row["value"], row["n"], row["k"]) == (3 * 3600, 5, 2)
    assert "first_response_time_p90" not in set(found.frame["kpi"]), "nine in ten have not been answered yet"
    assert (found.row("answered_within_1h")["k"], found.row("answered_within_1h")["n"]) == (1, 4)
    assert (found.row("never_answered")["k"], found.row("never_answered")["n"]) == (2, 4)
    assert found.row("answered_within_1h", "hour", "10")["n"] == 4


def test_the_plain_hours_stand_beside_the_working_ones(company: Company) -> None:
    calendar = "calendar: {hours: '12:00-18:00', days: [mon, tue, wed, thu, fri]}"
    found = measured(company(deals=DEALS, activities=CALLS, more=calendar), "answered_within_1h")
    assert (found.row("answered_within_1h")["k"], found.row("answered_within_1h_plain")["k"]) == (2, 1), (
        "from 12:00 the second lead waited one hour"
    )


def test_conversion_by_speed_of_answer(company: Company) -> None:
    table = measured(company(deals=DEALS, activities=CALLS), "conversion_by_response").tables["conversion_by_response"].set_index("segment")
    assert table["lead_to_contract_n"].to_dict() == {"a_5min": 1, "c_24h": 1, "e_never": 2}
    assert table.loc["a_5min", "lead_to_contract"] == 1.0


def test_missed_calls_and_calls_back(company: Company) -> None:
    """Four inbound calls, three missed; of the two older than an hour one was called back within the hour."""
    found = measured(company(deals=DEALS, activities=CALLS), "missed_calls")
    assert (found.row("missed_calls")["k"], found.row("missed_calls")["n"]) == (3, 4)
    assert (found.row("missed_calls_called_back")["k"], found.row("missed_calls_called_back")["n"]) == (1, 2)
    assert found.row("missed_calls", "manager", "Bob")["n"] == 3


def test_the_sales_cycle_counts_from_the_first_contact_and_losses_compete(company: Company) -> None:
    """One contract: five days less the three minutes until the first contact; the plain mean is the same here."""
    found = measured(company(deals=DEALS, activities=CALLS), "sales_cycle")
    assert found.value("sales_cycle") == 5 * 86400 - 180
    assert found.value("sales_cycle_naive") == 5 * 86400 - 180


EVENTS = """
    deal_id,at,stage
    1,2026-01-01,New
    1,2026-01-03,Good
    2,2026-01-01,New
    2,2026-01-05,Lost
    3,2026-01-01,New
    3,2026-01-07,Good
    4,2026-01-02,New
    5,2026-01-28,New"""


def test_time_in_stage_and_stuck_deals(company: Company) -> None:
    """Stays in New: 2, 4 (ended by the loss) and 6 days; 4 still there after 30, 5 after 4 days.

    Kaplan-Meier: 1/5 at 2 days; at 4 days four are at risk, one of them leaves: 0.4; deal 5 is censored at 4 days; at 6 days two are
    at risk: 0.7. So the median is 6 days, and only deal 4 has been there for more than 12. Good: nobody has left, no yardstick.
    """
    deals = "deal_id,created_at\n" + "\n".join(f"{i},2026-01-01" for i in range(1, 6))
    data = company(deals=deals, stage_events=EVENTS, more=STAGES)
    found = measured(data, "stage_duration", "stuck_deals")
    assert found.value("stage_duration", "stage", "New") == 6 * 86400
    assert found.row("stage_duration", "stage", "Good")["reason"] == "not_reached"
    assert found.value("stuck_deals") == 1
    assert found.value("stuck_deals", "stage", "New") == 1


@pytest.mark.parametrize(
    ("table", "reason"),
    [("", "no_table:activities"), ("activity_id,kind,at,deal_id\n1,call,2026-01-05,1", "no_column:activities.direction")],
)
def test_without_calls_the_reason_says_what_to_bring(company: Company, table: str, reason: str) -> None:
    given = {"activities": table} if table else {}
    assert measured(company(deals=DEALS, **given), "first_response_time").row("first_response_time")["reason"] == reason
