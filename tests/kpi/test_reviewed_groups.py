"""What a review of the numbers found in the groups activity to discipline, each on the smallest company that showed it."""

import pytest

from tests.conftest import STAGES, Company, measured

OPEN = "deal_id,created_at,outcome,closed_at\n1,2026-01-02,open,"


def test_a_month_without_a_case_for_a_table_is_no_error(company: Company) -> None:
    deals = "deal_id,created_at,manager,outcome,closed_at,loss_reason\n1,2025-12-02,Ann,lost,2025-12-20,p\n2,2026-01-02,Ann,open,,"
    found = measured(company(deals=deals, activities="activity_id,kind,at,direction,deal_id\n1,call,2026-01-03,out,2"))
    assert found.value("leads") == 1
    assert "refusal_reasons" not in found.tables


def test_a_date_of_another_century_stops_nothing(company: Company) -> None:
    found = measured(company(deals=OPEN, activities="activity_id,kind,at,direction,deal_id\n1,call,2062-01-03,out,1"), "idle_deals")
    assert (found.row("idle_deals")["k"], found.row("idle_deals")["n"]) == (1, 1), "thirty days since its creation"


def test_a_task_completed_before_it_was_created_counts_once(company: Company) -> None:
    tasks = "task_id,deal_id,created_at,due_at,completed_at\n1,1,2026-01-20,2026-01-21,2026-01-10"
    row = measured(company(deals=OPEN, tasks=tasks), "no_next_task", period="2026-01-01..2026-01-14").row("no_next_task")
    assert (row["k"], row["n"]) == (1, 1)


def test_only_published_materials_are_used(company: Company) -> None:
    materials = "material_id,published_at\nm1,2026-03-01\nm2,2025-01-01"
    activities = "activity_id,kind,at,direction,material_id,deal_id\n1,email,2026-01-05,out,m1,1\n2,email,2026-01-06,out,m2,1\n3,email,2026-01-06,in,m2,1"
    row = measured(company(as_of="2026-04-01T00:00", deals=OPEN, materials=materials, activities=activities), "materials_used").row(
        "materials_used"
    )
    assert (row["k"], row["n"]) == (1, 1)


def test_a_pipeline_has_its_own_moves_and_a_stage_nobody_enters_is_skipped(company: Company) -> None:
    deals = "deal_id,created_at\n1,2026-01-01\n2,2026-01-01"
    events = "deal_id,at,stage,pipeline\n1,2026-01-01,New,A\n1,2026-01-05,Good,A\n1,2026-01-06,New,B\n1,2026-01-07,Set,B\n2,2025-12-01,New,B\n2,2025-12-02,Good,B"
    found = measured(company(deals=deals, stage_events=events, more=STAGES), "skipped_stages")
    assert (found.row("skipped_stages", "pipeline", "B")["k"], found.row("skipped_stages", "pipeline", "B")["n"]) == (1, 1)
    events = "deal_id,at,stage\n1,2026-01-01,New\n1,2026-01-05,Set\n2,2026-01-01,New\n2,2026-01-05,Set"
    row = measured(company(deals=deals, stage_events=events, more=STAGES), "skipped_stages").row("skipped_stages")
    assert (row["k"], row["n"]) == (2, 2), "the map has «Good» between them"


def test_every_move_and_call_of_a_series_is_flagged_and_contracts_can_be_back_dated(company: Company) -> None:
    ids = range(10)
    deals = "deal_id,created_at,manager,outcome,closed_at,contract_at\n" + "\n".join(f"{i},2026-01-01,Ann,open,," for i in ids)
    deals += "\nx,2026-01-10,Ann,won,2026-01-20,2026-01-05"
    events = "deal_id,at,stage,author\n" + "\n".join(f"{i},2026-01-01T09:00,New,Ann\n{i},2026-01-05T10:00:0{i},Good,Ann" for i in ids)
    calls = "activity_id,kind,at,direction,duration_s,manager\n" + "\n".join(f"{i},call,2026-01-05T10:0{i}:00,out,2,Ann" for i in range(5))
    table = measured(company(deals=deals, stage_events=events, activities=calls, more=STAGES), "suspicious_edits").tables[
        "suspicious_edits"
    ]
    (row,) = table.to_dict("records")
    assert (row["mass_moves"], row["short_calls"], row["back_dated"]) == (10, 5, 1)


def test_a_pair_of_reviewers_counts_once(company: Company) -> None:
    reviews = "review_id,criterion,score,activity_id,reviewer,at\n" + "\n".join(
        f"{pair}{who},greeting,{score},{pair},{who},2026-01-06"
        for pair, scores in (("1", (1, 0.5)), ("2", (1, 0.9)))
        for who, score in zip("KL", scores, strict=True)
    )
    activities = "activity_id,kind,at,direction\n1,call,2026-01-05,out\n2,call,2026-01-05,out"
    found = measured(company(deals=OPEN, activities=activities, reviews=reviews), "reviewer_agreement")
    assert found.row("reviewer_agreement")["n"] == 2
    assert found.row("reviewer_agreement", "reviewer", "K")["n"] == 2
    assert found.value("reviewer_agreement") == pytest.approx(30)


def test_the_name_of_the_only_lost_stage_is_no_reason(company: Company) -> None:
    events = "deal_id,at,stage\n1,2026-01-02,New\n1,2026-01-05,Lost"
    found = measured(company(deals="deal_id,created_at\n1,2026-01-02", stage_events=events, more=STAGES), "reason_missing")
    assert found.row("reason_missing")["reason"] == "no_column:deals.loss_reason"


def test_clients_without_a_purchase_count(company: Company) -> None:
    customers = "customer_id,first_at,lost_at\nx,2025-03-01,\ny,2025-03-01,\nz,2025-03-01,2026-01-15"
    row = measured(company(deals=OPEN, customers=customers), "retention").row("retention")
    assert (row["k"], row["n"]) == (2, 3)


def test_retention_waits_until_a_loss_could_show(company: Company) -> None:
    deals = "deal_id,created_at,customer_id,contract_at\n1,2025-06-01,x,2025-06-20\n2,2026-01-02,y,2026-01-10"
    assert measured(company(deals=deals), "retention").row("retention")["reason"] == "zero_denominator", "the first loss could show in June"


def test_a_deal_is_refused_once_in_a_period(company: Company) -> None:
    deals = "deal_id,created_at,outcome,closed_at,qualified_at\n1,2026-01-02,lost,2026-01-10,"
    calls = "activity_id,kind,at,direction,deal_id\n1,call,2026-01-03,out,1\n2,call,2026-01-05,out,1"
    row = measured(company(as_of="2026-03-10T00:00", deals=deals, activities=calls), "followed_up_after_refusal").row(
        "followed_up_after_refusal"
    )
    assert (row["k"], row["n"]) == (0, 1)
    events = "deal_id,at,stage\n1,2026-01-02,New\n1,2026-01-05,Lost\n1,2026-01-08,Lost"
    calls = "activity_id,kind,at,direction,deal_id\n1,call,2026-01-20,out,1"
    data = company(as_of="2026-03-10T00:00", deals="deal_id,created_at\n1,2026-01-02", stage_events=events, activities=calls, more=STAGES)
    assert measured(data, "followed_up_after_refusal").row("followed_up_after_refusal")["n"] == 1


def test_a_win_without_known_steps_is_no_refusal_and_a_letter_no_conversation(company: Company) -> None:
    deals = "deal_id,created_at,outcome,closed_at\n1,2026-01-02,won,2026-01-20"
    calls = "activity_id,kind,at,direction,deal_id\n1,call,2026-01-03,out,1"
    row = measured(company(as_of="2026-03-10T00:00", deals=deals, activities=calls), "followed_up_after_refusal").row(
        "followed_up_after_refusal"
    )
    assert row["n"] == 0
    deals = "deal_id,created_at,outcome,closed_at,qualified_at\n1,2026-01-02,won,2026-01-20,2026-01-06"
    both = "activity_id,kind,at,direction,deal_id\n1,email,2026-01-03,out,1\n2,call,2026-01-06,out,1"
    row = measured(company(as_of="2026-03-10T00:00", deals=deals, activities=both), "followed_up_after_refusal").row(
        "followed_up_after_refusal"
    )
    assert row["n"] == 0


def test_bare_dates_do_not_swallow_the_calls_of_their_day(company: Company) -> None:
    deals = "deal_id,created_at,outcome,closed_at\n1,2026-01-02,lost,2026-01-20"
    calls = (
        "activity_id,kind,at,direction,deal_id\n"
        + "\n".join(f"{i},call,2026-01-03,out,1" for i in range(3))
        + "\n9,call,2026-01-20T12:00,out,1"
    )
    found = measured(company(as_of="2026-03-10T00:00", deals=deals, activities=calls), "one_and_done", "touches_per_deal")
    assert (found.row("one_and_done")["k"], found.row("one_and_done")["n"]) == (0, 1)
    assert found.value("touches_per_deal") == 4


def test_the_second_step_opens_as_well_as_the_first(company: Company) -> None:
    deals = "deal_id,created_at,qualified_at,key_event_set_at\n1,2026-01-02,2026-01-03,2026-01-08"
    calls = "activity_id,kind,at,direction,deal_id,result\n1,call,2026-01-05,out,1,conversation"
    row = measured(company(as_of="2026-03-01T00:00", deals=deals, activities=calls), "contacts_per_1000_calls").row(
        "contacts_per_1000_calls"
    )
    assert (row["k"], row["n"], row["value"]) == (1, 1, 1000)


def test_a_required_field_that_the_export_lacks_is_not_filled(company: Company) -> None:
    more = "hygiene: {required_fields: [channel, product, amount]}"
    row = measured(company(deals="deal_id,created_at,channel\n1,2026-01-02,site", more=more), "fields_filled").row("fields_filled")
    assert (row["k"], row["n"]) == (1, 3)


def test_a_client_clicks_once_and_comes_back_after_the_loss_only(company: Company) -> None:
    deals = "deal_id,created_at,customer_id,outcome,closed_at\n1,2026-01-01,x,lost,2026-01-02\n2,2026-01-01,y,lost,2026-01-02"
    head = "activity_id,kind,at,direction,is_reply,has_link,clicks,deal_id,is_automatic\n"
    mails = (
        head
        + "1,email,2026-01-05,out,1,1,1,1,0\n2,email,2026-01-06,out,1,1,1,1,0\n3,email,2026-01-05,out,1,1,1,2,0\n4,call,2026-01-09,in,0,0,0,1,0\n5,email,2026-01-09,in,0,0,0,2,1"
    )
    row = measured(company(as_of="2026-03-10T00:00", deals=deals, activities=mails), "click_to_return").row("click_to_return")
    assert (row["k"], row["n"]) == (1, 2)


def test_scores_of_another_scale_are_told(company: Company) -> None:
    reviews = "review_id,criterion,score,at\nr1,greeting,80,2026-01-05"
    assert measured(company(deals=OPEN, reviews=reviews), "review_score").row("review_score")["reason"] == "out_of_range:reviews.score"
