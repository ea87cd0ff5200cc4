"""Every piece of advice of the texts is given to a small firm that deserves it, and to nobody else."""

from datetime import date

import pytest

from salesqc_lib.findings import find
from salesqc_lib.measure import measure
from salesqc_lib.period import Period
from salesqc_lib.recommendations import ACTIONS, Recommendations, recommend
from tests.conftest import Company
from tests.firm import Ways, alike, firm

PERIOD = Period.parse("2026-01")


def advised(company: Company, tables: dict[str, str], more: str = "") -> Recommendations:
    dataset = company(**tables, as_of="2026-03-01T00:00:00", more=more)
    measured = measure(dataset, PERIOD)
    return recommend(find(dataset, PERIOD, measured), measured, date(2026, 3, 1))


DESERVED = {
    "distribute_leads": {"Ann": alike(answer_min=600)},
    "follow_up_cadence": {"Ann": alike(answered=0.4, attempts=1)},
    "train_closing": {"Ann": alike(signed=0.1)},
    "place_openers_and_closers": {"Ann": alike(qualified=1.0, set=1.0, held=1.0, signed=0.15)},
    "train_opening": {"Ann": alike(set=0.2)},
    "confirm_appointments": {"Ann": alike(held=0.3)},
    "qualify_leads": {"Ann": alike(qualified=0.2)},
    "coach_calls": {"Ann": alike(calls_a_day=0)},
    "call_hours": {"Ann": alike(talked=0.2)},
    "listen_to_recordings": {"Ann": alike(signed=0.05, calls_a_day=40)},
    "limit_discounts": {"Ann": alike(discount=0.2, signed=0.9)},
    "train_objections": {"Ann": alike(objection=0.3)},
    "script": {"Ann": alike(review=0.3)},
    "next_step": {"Ann": alike(next_step=0.1)},
    "new_content": {"Ann": alike(clicks=0.0)},
    "crm_discipline": {"Ann": alike(task=0.0)},
    "after_contract": {"Ann": alike(act=0.2)},
}  # fmt: skip
EVERYBODY = {
    "regular_audits": (alike(reviews=1, calls_a_day=30), {}),
    "plan_and_motivation": (Ways(), {"plan": 5000.0}),
    "look_at_conversions": (Ways(), {"plan": 5000.0}),
    "missed_calls": (Ways(), {"lunch": 0.6}),
    "cross_sell": (alike(more_items=0.9), {"Ann": alike(more_items=0.0)}),
    "use_materials": (Ways(), {"materials": 30}),
}


@pytest.mark.parametrize("action", DESERVED)
def test_a_seller_who_deserves_the_advice_gets_it(company: Company, action: str) -> None:
    advice = advised(company, firm(**DESERVED[action]))
    (found,) = [one for one in advice if one.action.id == action] or pytest.fail(f"{action} not among {[one.action.id for one in advice]}")
    assert ("manager", "Ann") in found.places


@pytest.mark.parametrize("action", EVERYBODY)
def test_a_department_that_deserves_the_advice_gets_it(company: Company, action: str) -> None:
    ways, settings = EVERYBODY[action]
    advice = advised(company, firm(ways, **settings))
    assert action in {one.action.id for one in advice}


def fair(steps: tuple[str, ...]) -> dict[str, str]:
    """A firm in which every fourth lead comes from the fair; there, nobody reaches some steps, and who has been on the way is lost."""
    tables = firm(Ways())
    head, *rows = tables["deals"].splitlines()
    found = []
    for row in rows:
        cells = dict(zip(head.split(","), row.split(","), strict=True))
        if cells["channel"] == "Fair" and any(cells[step] for step in (*steps, "contract_at")):
            cells |= dict.fromkeys(steps, "") | {"outcome": "lost", "closed_at": "2026-01-30 10:00:00"}
        found.append(",".join(cells.values()))
    return tables | {"deals": "\n".join([head, *found])}


def test_a_channel_of_poor_leads_is_to_be_mended(company: Company) -> None:
    """Nobody from the fair qualifies."""
    advice = advised(company, fair(("qualified_at", "key_event_set_at", "key_event_held_at", "contract_at", "act_at")))
    (found,) = [one for one in advice if one.action.id == "mend_channel"]
    assert found.places == [("channel", "Fair")]


def test_a_channel_of_good_leads_that_do_not_buy_needs_another_offer(company: Company) -> None:
    """From the fair they qualify and meet as all do, and none signs: the channel's leads are not poor."""
    advice = {one.action.id: one.places for one in advised(company, fair(("contract_at", "act_at")))}
    assert ("channel", "Fair") in advice["fit_the_offer"]


def test_a_stage_slower_than_before_is_to_be_watched(company: Company) -> None:
    rows, events = [], []
    for year, month, days in ((2025, 1, 2), (2025, 12, 3), (2026, 1, 9)):
        for i in range(40):
            day = f"{year}-{month:02}-{1 + i % 15:02}"
            left = f"{year}-{month:02}-{1 + i % 15 + days + i % 4:02}"
            rows.append(f"{year}-{month}-{i},{day}")
            events += [f"{year}-{month}-{i},{day},New", f"{year}-{month}-{i},{left},Good"]
    tables = {"deals": "deal_id,created_at\n" + "\n".join(rows), "stage_events": "deal_id,at,stage\n" + "\n".join(events)}
    advice = advised(company, tables, "stages: {New: lead, Good: qualified}")
    assert ("stage", "New") in next(one for one in advice if one.action.id == "watch_slow_stages").places


def test_clients_who_leave_call_for_segmentation(company: Company) -> None:
    """A hundred clients of the autumn before last; five were lost in that January, half of the others in this one."""
    deals, customers = [], []
    for i in range(100):
        deals.append(f"{i},2024-10-0{1 + i % 9},c{i},won,2024-10-1{i % 9},2024-10-1{i % 9},100")
        lost = "2026-01-15" if i < 45 else "2025-01-15" if i < 50 else ""
        customers.append(f"c{i},2024-10-1{i % 9},{lost}")
    tables = {
        "deals": "deal_id,created_at,customer_id,outcome,closed_at,contract_at,amount\n" + "\n".join(deals),
        "customers": "customer_id,first_at,lost_at\n" + "\n".join(customers),
    }
    assert "segmentation" in {one.action.id for one in advised(company, tables)}


def test_a_firm_in_which_all_are_alike_gets_no_advice_about_a_person(company: Company) -> None:
    advice = advised(company, firm())
    assert [place for one in advice for place in one.places if place[0]] == []


def test_open_deals_of_somebody_who_left_are_handed_over(company: Company) -> None:
    """Ann left on 20 January: nobody coaches her, and her open deals are the department's."""
    tables = firm(Ann=alike(signed=0.1)) | {"managers": "manager,left_at\nAnn,2026-01-20\nBob,\nCid,\nDan,\nEve,"}
    advice = advised(company, tables)
    (found,) = [one for one in advice if one.action.id == "reassign"]
    assert found.places == [("", "")]
    open_deals = [row for row in tables["deals"].splitlines() if row.startswith("Ann") and ",open," in row]
    assert [one.n for one in found.findings] == [len(open_deals)]
    assert not [one for one in advice.findings.faults if one.segment == "Ann"]


def test_a_practice_of_which_there_is_no_trace_is_to_be_begun(company: Company) -> None:
    """Nobody is asked, and no loss has a reason."""
    tables = firm(alike(reason=0.0))
    del tables["surveys"]
    found = {one.action.id: one for one in advised(company, tables)}
    assert [one.reason for one in found["ask_clients"].findings if one.rule == "absent"] == ["surveys"]
    assert [one.reason for one in found["write_reasons"].findings if one.rule == "absent"] == ["loss_reasons"]


def test_every_action_is_held_by_a_test() -> None:
    held = {
        *DESERVED,
        *EVERYBODY,
        "mend_channel",
        "fit_the_offer",
        "watch_slow_stages",
        "segmentation",
        "reassign",
        "ask_clients",
        "write_reasons",
    }
    assert {action.id for action in ACTIONS} == held


def test_the_action_named_beside_a_finding_holds_its_money(company: Company) -> None:
    """Ann closes badly though she opens well: two actions answer it; the one beside the finding is the one that its money stands with."""
    advice = advised(company, firm(**DESERVED["place_openers_and_closers"]))
    shared = [one for one in advice.findings.faults if sum(one in other.findings for other in advice) > 1 and one.money.is_known]
    assert shared
    for finding in shared:
        answer = advice.of(finding)
        assert answer is not None
        assert answer.money.base >= finding.money.base
