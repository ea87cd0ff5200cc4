"""What is prepared before anything is measured: milestones, links, first contacts, working time, stays, plans."""

from datetime import date

import pytest

from salesqc_lib.dataset.calendar import working_days
from salesqc_lib.errors import DataError, ParameterError
from salesqc_lib.params.model import Calendar
from tests.conftest import STAGES, Company


def test_a_skipped_step_is_passed_when_a_later_one_is_reached(company: Company) -> None:
    data = company(
        deals="""
            deal_id,created_at,qualified_at,key_event_set_at,contract_at
            1,2026-01-01,2026-01-02,2026-01-03,2026-01-05
            2,2026-01-01,,2026-01-03,
            3,2026-01-01,2026-01-09,,2026-01-05
            4,2026-01-01,,,"""
    )
    rows = data.con.execute(
        "SELECT deal_id, day(qualified_at), day(key_event_set_at), day(contract_at) FROM facts.deals ORDER BY 1"
    ).fetchall()
    assert rows == [("1", 2, 3, 5), ("2", 3, 3, None), ("3", 5, 5, 5), ("4", None, None, None)]


def test_milestones_and_ending_come_from_the_stage_history(company: Company) -> None:
    data = company(
        deals="deal_id,created_at\n1,2026-01-01\n2,2026-01-01\n3,2026-01-01",
        stage_events="""
            deal_id,at,stage
            1,2026-01-01,New
            1,2026-01-02,Good
            1,2026-01-04,Signed
            2,2026-01-01,New
            2,2026-01-03,Good
            2,2026-01-05,New
            2,2026-01-06,Lost
            3,2026-01-01,New""",
        more=STAGES.replace("Lost: lost", "Lost: lost, Spam: lost"),  # several kinds of loss are reasons of a kind
    )
    rows = data.con.execute(
        "SELECT deal_id, day(qualified_at), day(contract_at), outcome, day(closed_at), loss_reason FROM facts.deals ORDER BY 1"
    ).fetchall()
    assert rows == [("1", 2, 4, "won", 4, "(not set)"), ("2", 3, None, "lost", 6, "Lost"), ("3", None, None, "open", None, "(not set)")]


def test_stays_end_in_one_of_five_ways(company: Company) -> None:
    data = company(
        deals="deal_id,created_at\n1,2026-01-01\n2,2026-01-01",
        stage_events="""
            deal_id,at,stage,pipeline
            1,2026-01-01,New,A
            1,2026-01-02,Good,A
            1,2026-01-02T12:00,Good,A
            1,2026-01-04,New,A
            1,2026-01-05,New,B
            1,2026-01-06,Good,B
            2,2026-01-01,New,A
            2,2026-01-09,Lost,A""",
        more=STAGES,
    )
    rows = data.con.execute(
        'SELECT deal_id, stage, day("at"), day(left_at), exit FROM facts.stage_entries ORDER BY deal_id, "at"'
    ).fetchall()
    assert rows == [
        ("1", "New", 1, 2, "advanced"),
        ("1", "Good", 2, 4, "moved_back"),
        ("1", "New", 4, 5, "other_pipeline"),
        ("1", "New", 5, 6, "advanced"),
        ("1", "Good", 6, None, "still_there"),
        ("2", "New", 1, 9, "lost"),
    ]


CALLS = """
    activity_id,kind,at,deal_id,customer_id,direction,result,duration_s,is_automatic
    1,call,2026-01-01T08:00,1,,out,conversation,60,
    2,call,2026-01-01T10:30,1,,out,no_answer,0,
    3,call,2026-01-01T11:00,1,,out,conversation,20,
    4,email,2026-01-01T11:30,1,,out,,,true
    5,message,2026-01-01T12:00,1,,in,,,
    6,call,2026-01-01T12:30,1,,out,conversation,45,
    7,message,2026-01-03T10:00,,c,out,,,
    8,message,2026-01-08T10:00,,c,out,,,
    9,message,2026-01-20T10:00,,c,out,,,"""
DEALS = """
    deal_id,created_at,customer_id,outcome,closed_at
    1,2026-01-01T10:00,x,open,
    2,2026-01-02T10:00,c,lost,2026-01-10
    3,2026-01-05T10:00,c,lost,2026-01-12"""


def test_only_a_human_outgoing_contact_after_creation_answers_a_lead(company: Company) -> None:
    """Before creation, no answer, too short, automatic, incoming: none counts; the call at 12:30 does."""
    data = company(deals=DEALS, activities=CALLS)
    assert data.con.execute(
        "SELECT strftime(first_contact_at, '%H:%M'), response_bucket FROM facts.deals WHERE deal_id = '1'"
    ).fetchall() == [("12:30", "c_24h")]


def test_an_activity_without_a_deal_belongs_to_the_latest_deal_open_at_that_moment(company: Company) -> None:
    data = company(deals=DEALS, activities=CALLS)
    rows = data.con.execute("SELECT activity_id, deal_id FROM facts.activities WHERE activity_id IN ('7', '8', '9') ORDER BY 1").fetchall()
    assert rows == [("7", "2"), ("8", "3"), ("9", None)]


def test_the_clock_of_a_response_runs_in_working_hours(company: Company) -> None:
    """Friday 9 January 17:30 to Monday 12 January 9:45, open 9–18 on weekdays: half an hour and three quarters."""
    data = company(
        deals="deal_id,created_at,closed_at,outcome\n1,2026-01-09T17:30,,open\n2,2026-01-10T12:00,,open",
        activities="activity_id,kind,at,deal_id,direction\n1,message,2026-01-12T09:45,1,out\n2,message,2026-01-12T09:10,2,out",
        more="calendar: {hours: '09:00-18:00', days: [mon, tue, wed, thu, fri]}",
    )
    rows = data.con.execute(
        "SELECT first_contact_at_w - created_at_w, first_contact_at_s - created_at_s FROM facts.deals ORDER BY deal_id"
    ).fetchall()
    assert rows == [(75 * 60, (64 * 60 + 15) * 60), (10 * 60, (45 * 60 + 10) * 60)]


def test_public_holidays_are_no_working_days() -> None:
    """Russia rests from 1 to 8 January; the 9th of 2026 is a day off too; 2026 begins on a Thursday."""
    calendar = Calendar(country="RU")
    days = working_days(calendar, date(2026, 1, 1), date(2026, 1, 15))
    assert date(2026, 1, 7) not in days
    assert date(2026, 1, 12) in days
    assert date(2026, 1, 10) not in days
    assert len(working_days(None, date(2026, 1, 5), date(2026, 1, 12))) == 5


def test_a_months_plan_counts_evenly_over_its_days(company: Company) -> None:
    data = company(
        deals="deal_id,created_at,manager\n1,2026-01-01,Ann",
        plans="month,metric,target,manager\n2026-01,revenue,3100,Ann\n2026-01,revenue,6200,Bob",
        managers="manager,team\nAnn,North\nBob,South",
    )
    total = data.con.execute(
        'SELECT level, sum(target), count(DISTINCT day("at")) FROM facts.plans WHERE day("at") <= 10 GROUP BY 1 ORDER BY 1'
    ).fetchall()
    assert [(level, round(target, 6), days) for level, target, days in total] == [
        ("manager", 3000.0, 10),
        ("team", 3000.0, 10),
        ("total", 3000.0, 10),
    ]


def test_a_departments_own_plan_goes_before_the_sum_of_its_sellers(company: Company) -> None:
    data = company(
        deals="deal_id,created_at\n1,2026-01-01",
        plans="month,metric,target,manager\n2026-01,revenue,100,Ann\n2026-01,revenue,250,",
    )
    assert data.con.execute("SELECT round(sum(target)) FROM facts.plans WHERE level = 'total'").fetchall() == [(250.0,)]


def test_rows_and_cells_that_cannot_be_read_are_kept_aside_with_their_reason(company: Company) -> None:
    data = company(
        deals="""
            deal_id,created_at,amount
            1,2026-01-01,100
            ,2026-01-02,100
            2,someday,100
            3,2026-01-03,plenty
            1,2026-01-04,100
            5,2026-01-05,100
            6,2026-01-06,100"""
    )
    assert data.rows["deals"] == 4
    rows = data.rejected[["row", "reason", "is_row_kept"]].sort_values("row").to_numpy().tolist()
    assert rows == [
        [2, "duplicate:deal_id «1»", False],  # the newer of the two counts, wherever it stands
        [3, "empty:deal_id", False],
        [4, "unreadable:created_at «someday»", False],
        [5, "unreadable:amount «plenty»", True],
    ]


def test_an_unknown_outcome_is_refused_with_its_count(company: Company) -> None:
    with pytest.raises(DataError, match=r"deals.outcome has values that are not known: «Payment Done» \(2 rows\)[^→]*→ say what they mean"):
        company(deals="deal_id,created_at,outcome\n1,2026-01-01,Payment Done\n2,2026-01-01,Payment Done\n3,2026-01-01,lost")


def test_a_stage_history_needs_a_stage_map(company: Company) -> None:
    with pytest.raises(ParameterError, match="stages occur in the data and not in the map: «New»"):
        company(deals="deal_id,created_at\n1,2026-01-01", stage_events="deal_id,at,stage\n1,2026-01-01,New")


def test_masked_names_are_gone_and_stay_the_same(company: Company) -> None:
    head = "client: {id: small, name: Small}\nreport: {language: en, currency: EUR, timezone: UTC, mask_names: true}\n"
    data = company(deals="deal_id,created_at,manager\n1,2026-01-01,Ann\n2,2026-01-01,Ann\n3,2026-01-01,Bob", head=head)
    names = [row[0] for row in data.con.execute("SELECT manager FROM facts.deals ORDER BY deal_id").fetchall()]
    assert names[0] == names[1] != names[2]
    assert all(name.startswith("M-") and len(name) == 12 for name in names)


def test_the_export_moment_is_the_latest_event_where_none_is_given(company: Company, tmp_path: object) -> None:
    data = company(deals="deal_id,created_at,closed_at,outcome\n1,2026-01-01,2026-01-31T12:00,won", as_of="null")
    assert data.as_of.isoformat() == "2026-01-31T12:00:00+00:00"
