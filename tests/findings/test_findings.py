"""Findings: what counts as one, what it is worth, and that nothing is counted twice."""

from pathlib import Path

import numpy as np
import pytest

from salesqc_lib.findings import Findings, find
from salesqc_lib.findings.causes import follows
from salesqc_lib.findings.watch import LEADS_TO, WATCHED
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import cases, measure
from salesqc_lib.period import Period
from salesqc_lib.statistics.peers import tail_p
from tests.conftest import Company
from tests.firm import Ways, alike, firm

PERIOD = Period.parse("2026-01")


def found(company: Company, tables: dict[str, str], more: str = "") -> Findings:
    dataset = company(**tables, as_of="2026-03-01T00:00:00", more=more)
    return find(dataset, PERIOD, measure(dataset, PERIOD))


def test_the_tail_of_fishers_exact_test() -> None:
    """Of four with two hits, two are drawn: no hit in 1 of 6 ways, one in 4, two in 1. Mid-p takes half of the value itself."""
    assert tail_p(0, 2, 2, 2, low=True) == pytest.approx(1 / 12)
    assert tail_p(1, 2, 1, 2, low=True) == pytest.approx(1 / 6 + 4 / 12)
    assert tail_p(2, 2, 0, 2, low=False) == pytest.approx(1 / 12)
    assert np.isnan(tail_p(0, 0, 2, 2, low=True))


def test_fishers_tea() -> None:
    """The lady tasting tea: 8 cups, 4 with milk first, all 4 told: 1 of 70 ways."""
    assert tail_p(4, 4, 0, 4, low=False) == pytest.approx(0.5 / 70)


def test_a_weak_closer_costs_what_the_missing_contracts_are_worth(company: Company) -> None:
    """Ann holds as many key events as the others, and signs a tenth where they sign six of ten. A contract is 100 less 5, 5.5 or 6 %: 94.5."""
    findings = found(company, firm(Ann=alike(signed=0.1)))
    one = next(one for one in findings.faults if one.by == "manager")
    assert (one.kpi, one.segment, one.rule, one.grade, one.tag) == ("key_event_to_contract", "Ann", "peers", "certain", "differs")
    assert one.stages == ("contract_at",)
    held, signed = one.n, round(one.value * one.n)
    assert one.peer == pytest.approx(0.6, abs=0.04)
    missing = (0.6 - signed / held) * held
    assert one.money.base == pytest.approx(missing * 94.5, rel=0.08), "shrunk towards the others, by little"
    assert one.money.low < missing * 94.5 < one.money.high
    assert findings.money.base == pytest.approx(
        sum(other.money.base for other in findings.faults if other.money.is_known and other.grade == "certain")
    )
    assert one.evidence == held - signed


def test_one_cause_is_one_finding(company: Company) -> None:
    """Ann answers late; fewer of her leads qualify and sign. That is one finding, and the rest follows from it."""
    findings = found(company, firm(Ann=alike(answer_min=900, qualified=0.2, again=1.0)))
    of_ann = {one.kpi: one for one in findings.faults if one.segment == "Ann"}
    followed = {"answered_within_1h", "qualification_rate"}
    assert followed <= set(of_ann["first_response_time"].consequences)
    assert not followed & set(of_ann)


def test_two_causes_are_two_findings(company: Company) -> None:
    findings = found(company, firm(Ann=alike(discount=0.25), Bob=alike(signed=0.05)))
    assert {(one.kpi, one.segment) for one in findings.faults if one.by == "manager"} >= {
        ("discount_depth", "Ann"),
        ("key_event_to_contract", "Bob"),
    }


def test_a_seller_of_poor_leads_is_not_to_blame(company: Company) -> None:
    """All of Ann's leads come from the fair, whose leads qualify badly with everybody."""
    tables = firm(Ways(), Ann=alike(qualified=0.1, channels=("Fair",)))
    head, *rows = tables["deals"].splitlines()
    names = head.split(",")
    changed = []
    seen = 0
    for row in rows:
        cells = dict(zip(names, row.split(","), strict=True))
        if cells["channel"] == "Fair" and cells["manager"] != "Ann":
            seen += 1
            if seen % 8:
                cells |= dict.fromkeys(("qualified_at", "key_event_set_at", "key_event_held_at", "contract_at", "act_at"), "")
                cells |= {"outcome": "lost", "closed_at": "2026-01-30 10:00:00"}
        changed.append(",".join(cells.values()))
    findings = found(company, tables | {"deals": "\n".join([head, *changed])})
    assert not [one for one in findings.faults if one.segment == "Ann" and one.kpi == "qualification_rate"]
    assert [one.reason for one in findings if one.rule == "mix" and one.segment == "Ann" and one.kpi == "qualification_rate"] == ["channel"]
    assert ("channel", "Fair") in {one.place for one in findings.faults}


def test_no_difference_is_a_result(company: Company) -> None:
    findings = found(company, firm())
    assert not [one for one in findings.faults if one.by]
    assert ("key_event_to_contract", "manager") in {(one.kpi, one.by) for one in findings if one.rule == "same"}


def test_what_cannot_be_measured_is_told_once_for_each_cause(company: Company) -> None:
    findings = found(company, {"deals": "deal_id,created_at\n1,2026-01-05"})
    reasons = [one.reason for one in findings if one.rule == "not_measurable"]
    assert len(reasons) == len(set(reasons))
    assert "no_table:activities" in reasons


def test_the_target_of_the_client_takes_the_place_of_the_norm(company: Company) -> None:
    findings = found(company, firm(alike(late_task=0.5)), "targets: {overdue_tasks: 0.8}")
    assert not [one for one in findings.faults if one.kpi == "overdue_tasks"]
    findings = found(company, firm(alike(late_task=0.5)), "targets: {overdue_tasks: 0.1}")
    (one,) = [one for one in findings.faults if one.kpi == "overdue_tasks"]
    assert (one.rule, one.peer) == ("target", 0.1)


@pytest.mark.parametrize("client", ["olkha", "larkfield"])
def test_no_stage_of_a_seller_is_valued_twice(demo_folder: Path, client: str) -> None:
    from salesqc_lib.dataset import Dataset
    from salesqc_lib.params import read

    dataset = Dataset.read(read(demo_folder / "params" / f"{client}.yaml"))
    period = Period.parse("2026-H1")
    findings = find(dataset, period, measure(dataset, period))
    valued = [(one.segment, stage) for one in findings.faults if one.by == "manager" for stage in one.stages]
    assert len(valued) == len(set(valued)) >= (3 if client == "olkha" else 1)
    total = findings.money
    certain = [one.money for one in findings.faults if one.money.is_known and not one.money.is_apart and one.grade == "certain"]
    assert total.base == pytest.approx(sum(money.base for money in certain))
    assert total.high - total.low <= sum(money.high - money.low for money in certain) * (1 + 1e-9), (
        "joint draws: not all errors fall the same way"
    )
    assert total.base < findings.revenue
    assert all(one.money.is_apart for one in findings.faults if one.by == "channel" and one.money.is_known)


@pytest.mark.parametrize("client", ["olkha", "larkfield"])
def test_the_cases_are_those_that_were_counted(demo_folder: Path, client: str) -> None:
    """For every share, mean and time: as many cases as its n, as many counted as its k."""
    from salesqc_lib.dataset import Dataset
    from salesqc_lib.params import read

    dataset = Dataset.read(read(demo_folder / "params" / f"{client}.yaml"))
    period = Period.parse("2026-Q3")
    frame = measure(dataset, period).frame
    compared = 0
    for watched in WATCHED:
        if watched.kpi not in CATALOGUE or CATALOGUE[watched.kpi].kind not in ("share", "mean", "time"):
            continue
        for by in ("", "manager"):
            rows = frame[(frame["kpi"] == watched.kpi) & (frame["by"] == by) & (frame["n"] > 0)]
            behind = cases(dataset, period, watched.kpi, by)
            if rows.empty or (by and by not in CATALOGUE[watched.kpi].by):
                continue
            assert len(behind) == rows["n"].sum(), watched.kpi
            if "counted" in behind and rows["k"].notna().all():
                assert behind["counted"].sum() == rows["k"].sum(), watched.kpi
            compared += 1
    assert compared > 40


def test_what_follows_is_known_to_the_catalogue() -> None:
    watched = {one.kpi for one in WATCHED}
    assert set(LEADS_TO) <= watched
    assert {kpi for follow in LEADS_TO.values() for kpi in follow} <= watched
    assert "qualification_rate" in follows("first_response_time")
    assert "first_response_time" not in follows("key_event_to_contract")


def test_a_running_period_is_not_held_against_the_whole_plan(company: Company) -> None:
    """On the 20th, two thirds of the month's plan may well be missing; a finished month that lacks them is a fault."""
    tables = firm(plan=5000.0)
    for as_of, is_fault in (("2026-01-20T00:00:00", False), ("2026-03-01T00:00:00", True)):
        dataset = company(**tables, as_of=as_of)
        findings = find(dataset, PERIOD, measure(dataset, PERIOD))
        assert bool([one for one in findings.faults if one.kpi == "plan_attainment"]) == is_fault


def test_what_idleness_costs_is_not_told(company: Company) -> None:
    """Ann's open deals have no task: what that costs cannot be told from such data; an upper bound stands instead of a figure."""
    findings = found(company, firm(Ann=alike(task=0.0)))
    (one,) = [one for one in findings.faults if one.kpi == "no_next_task" and one.segment == "Ann"]
    assert one.money.why_not == "idle"
    deals = findings.evidence[one.id]
    assert 0 < one.money.most < len(deals) * 100


def test_practices_of_which_there_is_no_trace_are_counted(company: Company) -> None:
    tables = firm()
    for name in ("surveys", "reviews"):
        del tables[name]
    findings = found(company, tables)
    assert {one.reason for one in findings.faults if one.rule == "absent"} == {"surveys", "reviews", "plans"}
    assert {one.tag for one in findings.faults if one.rule == "absent"} == {"counted"}
    assert not [one for one in found(company, firm(plan=100.0)).faults if one.rule == "absent"]


def test_comparisons_are_counted_by_family(company: Company) -> None:
    findings = found(company, firm(Ann=alike(signed=0.1)))
    assert findings.compared["outcomes"] > 20
    assert findings.compared["process"] > 20
    assert 0 <= findings.expected_false < 0.5
    assert findings.looked_at == sum(findings.compared.values())
