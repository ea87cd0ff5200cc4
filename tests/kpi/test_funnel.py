"""The funnel on six deals, worked out by hand. January 2026; the export is on 1 February."""

import pytest

from salesqc_lib.facts import UNSET
from tests.conftest import STAGES, Company, measured

DEALS = """
    deal_id,created_at,manager,channel,qualified_at,key_event_set_at,key_event_held_at,contract_at,act_at,outcome,closed_at,amount,key_event_kind,is_target
    1,2026-01-02,Ann,site,2026-01-03,2026-01-05,2026-01-06,2026-01-10,2026-01-20,won,2026-01-10,1000,meeting,
    2,2026-01-03,Ann,site,2026-01-04,2026-01-06,,,,lost,2026-01-12,,meeting,
    3,2026-01-04,Bob,ads,,,,,,open,,,,
    4,2026-01-05,Bob,ads,,,,2026-01-25,,won,2026-01-25,3000,,
    5,2025-12-20,Ann,,2026-01-08,,,,,open,,,,
    6,2026-01-06,Bob,ads,,,,,,lost,2026-01-07,,,false"""
SPEND = "date,channel,amount\n2026-01-01,site,100\n2026-01-15,ads,300\n2026-02-02,ads,999"

EXPECTED = {  # value, k, n; leads of January: 1, 2, 3, 4 (6 is no target, 5 is December's)
    "leads": (4, 4, 4),
    "cost_per_lead": (100.0, 400, 4),
    "qualified_leads": (4, 4, 4),  # 1, 2, 5 and 4, which passed the step on its contract
    "qualification_rate": (3 / 4, 3, 4),
    "cost_per_qualified_lead": (100.0, 400, 4),
    "key_events_set": (3, 3, 3),
    "lead_to_key_event_set": (3 / 4, 3, 4),
    "qualified_to_key_event_set": (3 / 4, 3, 4),
    "cost_per_key_event_set": (400 / 3, 400, 3),
    "key_events_held": (2, 2, 2),
    "key_event_held_rate": (2 / 3, 2, 3),
    "cost_per_key_event_held": (200.0, 400, 2),
    "contracts": (2, 2, 2),
    "lead_to_contract": (2 / 4, 2, 4),
    "key_event_to_contract": (1.0, 2, 2),
    "cost_per_contract": (200.0, 400, 2),
    "acts": (1, 1, 1),
    "contract_to_act": (1 / 2, 1, 2),
    "period_conversion": (2 / 4, 2, 4),
}


@pytest.mark.parametrize("kpi", EXPECTED)
def test_by_hand(company: Company, kpi: str) -> None:
    row = measured(company(deals=DEALS, spend=SPEND), kpi).row(kpi)
    value, k, n = EXPECTED[kpi]
    assert row["value"] == pytest.approx(value)
    assert (row["k"], row["n"]) == (k, n)


def test_key_events_by_kind(company: Company) -> None:
    found = measured(company(deals=DEALS), "key_events_set")
    assert found.value("key_events_set_meeting") == 2
    assert "key_events_set_proposal" not in set(found.frame["kpi"])


def test_breakdowns_add_up_and_a_segment_without_a_name_is_named(company: Company) -> None:
    found = measured(company(deals=DEALS, spend=SPEND), "leads", "qualified_leads", "cost_per_lead")
    assert {row["segment"]: row["value"] for _, row in found.segments("leads", "manager").iterrows()} == {"Ann": 2, "Bob": 2}
    assert {row["segment"]: row["value"] for _, row in found.segments("qualified_leads", "channel").iterrows()} == {
        "site": 2,
        "ads": 1,
        UNSET: 1,
    }
    assert {row["segment"]: row["value"] for _, row in found.segments("cost_per_lead", "channel").iterrows()} == {"site": 50, "ads": 150}


def test_the_outcome_is_that_known_at_the_export(company: Company) -> None:
    """Seen on 15 January, the fourth deal has not signed yet: deals come in after that day, so that it lies before the real export."""
    later = DEALS + "\n    7,2026-01-20,Ann,site,,,,,,open,,,,"
    assert measured(company(deals=later, as_of="2026-01-15T00:00:00"), "lead_to_contract").row("lead_to_contract")["k"] == 1


def test_a_comparison_is_observed_for_as_long_as_the_current_period(company: Company) -> None:
    """January is observed on 1 February, so December is on 1 January: its deal, signed on 5 January, was not signed then."""
    deals = "deal_id,created_at,contract_at,outcome,closed_at\n0,2025-11-01,,open,\n1,2025-12-10,2026-01-05,won,2026-01-05\n2,2025-12-11,2025-12-20,won,2025-12-20\n3,2026-01-10,,open,"
    row = measured(company(deals=deals), "lead_to_contract").row("lead_to_contract")
    assert row["previous"] == 0.5
    assert row["year_ago"] != row["year_ago"], "the data do not reach back a year"


def test_the_projection_of_a_mature_cohort_is_what_was_observed(company: Company) -> None:
    """Twelve leads followed beyond the horizon of 20 days: six signed, three lost, three open."""
    rows = [
        f"{i},2026-01-0{1 + i % 5},{f'2026-01-1{i},won,2026-01-1{i}' if i < 6 else ',lost,2026-01-20' if i < 9 else ',open,'}"
        for i in range(12)
    ]
    found = measured(
        company(
            deals="deal_id,created_at,contract_at,outcome,closed_at\n" + "\n".join(rows),
            as_of="2026-03-01T00:00:00",
            more="funnel: {horizon_days: 20}",
        ),
        "lead_to_contract_projected",
    )
    assert found.value("lead_to_contract_projected") == pytest.approx(6 / 12)
    assert found.value("lead_to_contract_projected_observed") == pytest.approx(6 / 12)


EVENTS = """
    deal_id,at,stage
    1,2026-01-02,New
    1,2026-01-03,Good
    1,2026-01-10,Signed
    2,2026-01-03,New
    2,2026-01-05,Lost
    3,2026-01-04,New
    3,2026-01-06,Good
    3,2026-01-08,New
    4,2025-12-04,New
    4,2026-01-09,Lost"""


def test_stage_flow_adds_up(company: Company) -> None:
    """New in January: deals 1 and 3 went on, 2 was lost, 3 came back and stays; Good: 1 went on, 3 went back."""
    data = company(deals="deal_id,created_at\n1,2026-01-02\n2,2026-01-03\n3,2026-01-04\n4,2025-12-04", stage_events=EVENTS, more=STAGES)
    found = measured(data, "stage_flow", "stage_dropout")
    table = found.tables["stage_flow"].query("by == 'stage'").set_index("segment")
    assert table.loc["New", ["entries", "advanced", "lost", "moved_back", "other_pipeline", "still_there"]].tolist() == [4, 2, 1, 0, 0, 1]
    assert table.loc["Good", ["entries", "advanced", "lost", "moved_back", "other_pipeline", "still_there"]].tolist() == [2, 1, 0, 1, 0, 0]
    assert (table["entries"] == table[["advanced", "lost", "moved_back", "other_pipeline", "still_there"]].sum(axis=1)).all()
    assert list(table.index) == ["New", "Good", "Signed"], "stages stand in the order of the funnel"
    assert (found.row("stage_dropout", "stage", "New")["k"], found.row("stage_dropout", "stage", "New")["n"]) == (1, 4)


@pytest.mark.parametrize(
    ("kpi", "reason"),
    [
        ("cost_per_lead", "no_table:spend"),
        ("qualification_rate", "no_column:deals.qualified_at"),
        ("stage_flow", "no_table:stage_events"),
        ("lead_to_contract", "no_column:deals.contract_at"),
    ],
)
def test_what_the_data_lack_is_a_reason_and_never_a_zero(company: Company, kpi: str, reason: str) -> None:
    row = measured(company(deals="deal_id,created_at\n1,2026-01-02"), kpi).row(kpi)
    assert row["value"] != row["value"]
    assert row["reason"] == reason


def test_a_denominator_of_nothing_is_a_reason(company: Company) -> None:
    row = measured(company(deals=DEALS, as_of="2026-03-01T00:00:00"), "lead_to_contract", period="2026-02").row("lead_to_contract")
    assert (row["n"], row["reason"]) == (0, "zero_denominator")
    assert row["value"] != row["value"]
