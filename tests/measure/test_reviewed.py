"""Mistakes that a review found: each with the smallest data that showed it."""

from pathlib import Path

import numpy as np
import pytest

from salesqc_lib.dataset import Dataset
from salesqc_lib.params import read
from tests.conftest import STAGES, Company, measured


def test_the_latest_event_counts_where_the_export_moment_is_not_given(company: Company) -> None:
    found = measured(
        company(
            deals="deal_id,created_at,contract_at,amount,outcome,closed_at\n1,2026-01-02,,,open,\n2,2026-01-05,2026-01-05,100,won,2026-01-05",
            as_of="null",
        ),
        "leads",
        "contracts",
        "revenue",
    )
    assert (found.value("leads"), found.value("contracts"), found.value("revenue")) == (2, 1, 100)


def test_a_history_of_some_deals_does_not_hide_the_columns_of_others(company: Company) -> None:
    data = company(
        deals="deal_id,created_at,contract_at,outcome,closed_at,amount\n1,2026-01-02,2026-01-09,won,2026-01-09,100\n2,2026-01-02,2026-01-09,won,2026-01-09,100\n3,2026-01-02,,open,,",
        stage_events="deal_id,at,stage\n1,2026-01-02,New\n1,2026-01-04,Good",
        more=STAGES,
    )
    found = measured(data, "contracts", "revenue", "lead_to_contract")
    assert (found.value("contracts"), found.value("revenue"), found.value("lead_to_contract")) == (2, 200, 2 / 3)


def test_a_step_that_no_stage_means_is_not_known(company: Company) -> None:
    data = company(
        deals="deal_id,created_at\n1,2026-01-02",
        stage_events="deal_id,at,stage\n1,2026-01-02,New\n1,2026-01-05,Signed",
        more="stages: {New: lead, Signed: contract}",
    )
    found = measured(data, "acts", "key_events_held", "contracts")
    assert found.row("acts")["reason"] == "no_column:deals.act_at"
    assert found.row("key_events_held")["reason"] == "no_column:deals.key_event_held_at"
    assert found.value("contracts") == 1


def test_amocrms_final_stages_end_a_history(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text(
        "ID,Бюджет,Дата создания сделки,Дата закрытия,Этап сделки\n1,1000,02.01.2026,09.01.2026,Успешно реализовано\n2,0,02.01.2026,10.01.2026,Закрыто и не реализовано\n",
        encoding="utf-8",
    )
    (tmp_path / "events.csv").write_text(
        "deal_id,at,stage\n1,2026-01-02,Новая\n1,2026-01-09,Успешно реализовано\n2,2026-01-02,Новая\n2,2026-01-10,Закрыто и не реализовано\n",
        encoding="utf-8",
    )
    path = tmp_path / "x.yaml"
    path.write_text(
        "client: {id: x, name: X}\nreport: {language: ru, currency: RUB, timezone: UTC}\nstages: {Новая: lead}\n"
        "source: {kind: amocrm_export, path: leads.csv, as_of: 2026-02-01T00:00:00, tables: {stage_events: {path: events.csv}}}\n",
        encoding="utf-8",
    )
    found = measured(Dataset.read(read(path)), "contracts", "revenue", "stage_flow", "stage_dropout")
    assert (found.value("contracts"), found.value("revenue")) == (1, 1000)
    row = found.tables["stage_flow"].query("by == 'stage' and segment == 'Новая'").iloc[0]
    assert (row["entries"], row["advanced"], row["lost"], row["moved_back"]) == (2, 1, 1, 0)
    assert found.row("stage_dropout", "stage", "Новая")["k"] == 1


ZERO = "deal_id,created_at,manager,contract_at,outcome,closed_at,amount,qualified_at\n1,2026-01-02,Ann,2026-01-09,won,2026-01-09,1000,2026-01-03\n2,2026-01-02,Bob,,lost,2026-01-09,500,2026-01-03"
TWO_PLANS = "month,metric,target,manager\n2026-01,revenue,2000,Ann\n2026-01,revenue,2000,Bob"


def test_who_sold_nothing_attained_nothing_and_spoils_no_ranking(company: Company) -> None:
    found = measured(company(deals=ZERO, plans=TWO_PLANS), "plan_attainment", "win_rate_amount", "top_performers")
    assert found.value("plan_attainment", "manager", "Bob") == 0.0
    assert found.value("win_rate_amount", "manager", "Bob") == 0.0
    table = found.tables["top_performers"].set_index("segment")
    assert table["attainment"].to_dict() == pytest.approx({"Ann": 0.5, "Bob": 0.0})
    assert table["estimate"].notna().all()


@pytest.mark.parametrize(("as_of", "value", "previous"), [("2026-03-03T00:00:00", 2, 2), ("2026-03-15T00:00:00", 14, 14)])
def test_a_running_month_is_compared_with_as_many_days_of_the_last(company: Company, as_of: str, value: int, previous: int) -> None:
    days = [f"{month}-{day:02}" for month, last in (("2026-01", 31), ("2026-02", 28), ("2026-03", 31)) for day in range(1, last + 1)]
    deals = "deal_id,created_at\n" + "\n".join(f"{i},{day}T12:00" for i, day in enumerate(days))
    row = measured(company(deals=deals, as_of=as_of), "leads", period="2026-03").row("leads")
    assert (row["value"], row["previous"]) == (value, previous)


def test_open_deals_of_today_are_not_held_against_an_earlier_plan(company: Company) -> None:
    deals = "deal_id,created_at,manager,contract_at,outcome,closed_at,amount\n0,2025-11-20,Ann,2025-12-20,won,2025-12-20,10\n" + "\n".join(
        f"{i},2026-01-05,Ann,,open,,1000000" for i in range(1, 6)
    )
    data = company(
        deals=deals, plans="month,metric,target,manager\n2025-12,revenue,5000,Ann\n2026-01,revenue,5000,Ann", as_of="2026-01-15T00:00:00"
    )
    for kpi in ("pipeline_coverage", "plan_forecast"):
        assert np.isnan(measured(data, kpi).row(kpi)["previous"])


def test_a_plan_for_another_month_is_no_crash(company: Company) -> None:
    data = company(
        deals="deal_id,created_at,manager,contract_at,outcome,closed_at,amount\n1,2026-01-02,Ann,,lost,2026-01-03,10",
        plans="month,metric,target,manager\n2026-05,revenue,10,Ann",
        as_of="2026-01-15T00:00:00",
    )
    assert measured(data, "results").row("plan_forecast")["reason"] == "zero_denominator"


def test_the_last_evening_of_a_period_leaves_nothing_to_come(company: Company) -> None:
    """Friday 30 January 2026, 20:00: the last working day is over."""
    deals = "deal_id,created_at,manager,contract_at,outcome,closed_at,amount\n1,2026-01-02,Ann,2026-01-07,won,2026-01-07,3000"
    data = company(deals=deals, plans="month,metric,target,manager\n2026-01,revenue,3000,Ann", as_of="2026-01-30T20:00:00")
    assert measured(data, "plan_forecast").value("plan_forecast_run_rate") == pytest.approx(1.0)


def test_a_call_is_judged_by_what_is_recorded_of_it(company: Company) -> None:
    calls = "activity_id,kind,at,deal_id,direction,result,duration_s\n1,call,2026-01-05T10:05,1,out,,300\n2,call,2026-01-05T10:05,2,out,conversation,\n3,call,2026-01-05T10:05,3,out,,"
    found = measured(
        company(deals="deal_id,created_at\n1,2026-01-05T10:00\n2,2026-01-05T10:00\n3,2026-01-05T10:00", activities=calls),
        "never_answered",
        "answered_within_1h",
    )
    assert (found.row("never_answered")["k"], found.row("answered_within_1h")["k"]) == (1, 2)


def test_a_share_of_nothing_beside_a_kpi_is_shown(company: Company) -> None:
    calls = "activity_id,kind,at,deal_id,customer_id,direction,result\n1,call,2026-01-05T10:00,1,,in,missed\n2,call,2026-01-05T15:00,1,,out,conversation\n3,call,2026-01-06T10:00,1,c,in,missed\n4,call,2026-01-06T10:05,1,c,out,busy"
    found = measured(company(deals="deal_id,created_at\n1,2026-01-02", activities=calls), "missed_calls")
    assert (found.row("missed_calls_called_back")["k"], found.row("missed_calls_called_back")["n"]) == (1, 2)
    assert found.value("missed_calls") == 1.0


def test_inbound_calls_need_no_deal(company: Company) -> None:
    found = measured(
        company(
            deals="deal_id,created_at\n1,2026-01-02",
            activities="activity_id,kind,at,direction,result\n1,call,2026-01-05T10:00,in,missed\n2,call,2026-01-05T11:00,in,conversation",
        ),
        "missed_calls",
        "first_response_time",
    )
    assert found.value("missed_calls") == 0.5
    assert found.row("first_response_time")["reason"] == "no_column:activities.deal_id"


def test_a_team_without_a_plan_of_its_own_has_its_sellers(company: Company) -> None:
    data = company(
        deals="deal_id,created_at,manager\n1,2026-01-02,Ann",
        plans="month,metric,target,manager,team\n2026-01,revenue,1000,,A\n2026-01,revenue,1000,Bob,",
        managers="manager,team\nAnn,A\nBob,B",
    )
    rows = data.con.execute("SELECT level, round(sum(target)) FROM facts.plans GROUP BY 1 ORDER BY 1").fetchall()
    assert rows == [("manager", 1000.0), ("team", 2000.0), ("total", 2000.0)]


def test_a_bad_row_does_not_make_the_good_one_a_duplicate(company: Company) -> None:
    data = company(deals="deal_id,created_at\n1,\n1,2026-01-02\n2,2026-01-02\n1,2026-01-03")
    assert data.rows["deals"] == 2
    assert sorted(data.rejected["reason"]) == ["duplicate:deal_id «1»", "empty:created_at"]


def test_a_stage_has_its_place_in_its_own_pipeline(company: Company) -> None:
    data = company(
        deals="deal_id,created_at\n1,2026-01-02",
        stage_events="deal_id,at,stage,pipeline\n1,2026-01-02,Start,Q\n1,2026-01-04,Talk,Q",
        more='stages: {"P / Talk": lead, "P / Start": qualified, "Q / Start": lead, "Q / Talk": qualified}',
    )
    assert data.con.execute('SELECT exit FROM facts.stage_entries ORDER BY "at"').fetchall() == [("advanced",), ("still_there",)]


def test_dates_that_are_off_by_centuries_cost_nothing(company: Company) -> None:
    data = company(
        deals="deal_id,created_at,outcome,closed_at\n1,0001-01-01,open,\n2,2026-01-02,lost,2999-12-31", more="calendar: {country: RU}"
    )
    assert measured(data, "leads").value("leads") == 1


def test_a_breakdown_of_ones_own_leaves_tables_alone(company: Company) -> None:
    from salesqc_lib.measure import measure
    from salesqc_lib.period import Period

    data = company(deals="deal_id,created_at,manager,channel,key_event_held_at,contract_at\n1,2026-01-02,Ann,site,2026-01-03,2026-01-04")
    assert "opener_closer" in measure(data, Period.parse("2026-01"), ["opener_closer", "leads"], by=["channel"]).tables


def test_a_loss_that_only_the_history_knows_ends_a_deal_for_later_letters(company: Company) -> None:
    """Lost on 3 January: the letter of the 20th belongs to no deal, and the lead was never answered."""
    data = company(
        deals="deal_id,created_at,customer_id\n1,2026-01-02,c",
        stage_events="deal_id,at,stage\n1,2026-01-02,New\n1,2026-01-03,Lost",
        activities="activity_id,kind,at,customer_id,direction\n1,email,2026-01-20,c,out",
        more=STAGES,
    )
    assert measured(data, "never_answered").value("never_answered") == 1.0


def test_the_class_of_an_answer_knows_nothing_from_after_the_export(company: Company) -> None:
    data = company(
        deals="deal_id,created_at,contract_at\n1,2026-01-02T09:30,",
        activities="activity_id,kind,at,deal_id,direction\n1,email,2026-02-10T10:00,1,out\n2,email,2026-01-01T10:00,1,out",
    )
    assert measured(data, "conversion_by_response").tables["conversion_by_response"]["segment"].tolist() == ["e_never"]


def test_numbers_of_a_parquet_file_are_times_and_amounts(tmp_path: Path) -> None:
    """Milliseconds of 5 and 9 January 2026; an amount that is no number is no amount."""
    import duckdb

    (tmp_path / "data").mkdir()
    duckdb.connect().execute(
        "COPY (SELECT * FROM (VALUES ('1', 1767571200000, 1767916800000, 1.0::DOUBLE), ('2', 1767571200000, 1767916800000, 'nan'::DOUBLE)) "
        f"t(deal_id, created_at, contract_at, amount)) TO '{tmp_path}/data/deals.parquet'"
    )
    path = tmp_path / "x.yaml"
    path.write_text(
        "client: {id: x, name: X}\nreport: {language: en, currency: EUR, timezone: UTC}\nsource: {kind: tables, folder: data, as_of: 2026-02-01T00:00:00}\n"
    )
    row = measured(Dataset.read(read(path)), "revenue").row("revenue")
    assert (row["value"], row["n"]) == (1.0, 1)
