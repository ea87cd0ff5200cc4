"""Segments against their peers: what makes one look worse without its doing is taken out first. By hand where a hand reaches."""

import numpy as np
import pandas as pd
import pytest

from salesqc_lib.findings import find
from salesqc_lib.measure import measure
from salesqc_lib.measure.peers import tenure_of
from salesqc_lib.measure.peers.alike import is_divided, quartiles
from salesqc_lib.measure.peers.standard import Cells
from salesqc_lib.measure.peers.weeks import unrest
from salesqc_lib.period import Period
from tests.conftest import Company

PERIOD = Period.parse("2026-H1")
HEAD = "deal_id,created_at,manager,channel,outcome,closed_at,qualified_at,contract_at,amount"


def lead(number: int, day: str, manager: str, channel: str = "Site", *, qualified: bool = False, won_after: int = 0) -> str:
    """A lead that qualifies at once or not, and signs so many days later or not."""
    at = pd.Timestamp(day)
    won = (at + pd.Timedelta(days=won_after)).date() if won_after else ""
    return f"{number},{at.date()},{manager},{channel},{'won' if won_after else 'open'},{won},{at.date() if qualified else ''},{won},{100 if won_after else ''}"


def department(rows: list[str]) -> str:
    return HEAD + "\n" + "\n".join(rows)


def told(company: Company, rows: list[str], kpi: str, by: str = "manager", as_of: str = "2026-07-31T00:00:00") -> pd.DataFrame:
    compared = measure(company(deals=department(rows), as_of=as_of), PERIOD, [kpi]).compared
    return compared[(compared["kpi"] == kpi) & (compared["by"] == by)].set_index("segment")


def test_hits_against_what_the_same_mix_is_worth() -> None:
    """Ann has the ads alone: 10 of 100; Bob the site, 50 of 100, and the ads, 10 of 100. The department: 70 / 300 → (70.5 / 301) = 0.2342.
    Ads: (20 + 10 · 0.2342) / 210 = 0.1064, worth 100 · 0.1064 / 0.2342 = 45.4 average leads: Ann's rate is 0.22, not 0.10."""
    cells = Cells.of([("Ann", "ads"), ("Bob", "ads"), ("Bob", "site")], [10, 10, 50], [100, 100, 100])
    assert cells.by_segment() == {"Ann": (10, 100), "Bob": (60, 200)}
    hits, worth = cells.standard()["Ann"]
    assert (hits, round(worth, 1)) == (10, 45.4)
    assert cells.standard(0)["Ann"] == (10, pytest.approx(100))


def test_poor_leads_are_no_fault_of_their_seller(company: Company) -> None:
    """Eve has the fair alone, where one in five qualifies with everybody; elsewhere it is four in five."""
    rows = []
    for i in range(1200):
        manager = ("Ann", "Bob", "Cid", "Dan", "Eve")[i % 5]
        channel = "Fair" if manager == "Eve" or i % 4 == 0 else ("Site", "Ads")[i // 7 % 2]
        rows.append(lead(i, f"2026-0{1 + i % 6}-1{i % 9}", manager, channel, qualified=(i // 5) % 5 < (1 if channel == "Fair" else 4)))
    compared = told(company, rows, "qualification_rate")
    assert compared.loc["Eve", "verdict"] == "usual"
    assert compared.loc["Eve", "explained"] == "channel"
    assert told(company, rows, "qualification_rate", "channel").loc["Fair", ["verdict", "direction"]].tolist() == ["certain", "worse"]


def test_a_seller_who_is_worse_with_the_same_leads_is_named(company: Company) -> None:
    rows = [
        lead(i, f"2026-0{1 + i % 6}-1{i % 9}", manager := ("Ann", "Bob", "Cid", "Dan", "Eve")[i % 5], "Site", qualified=(i // 5) % 10 < (3 if manager == "Eve" else 7))
        for i in range(1000)
    ]  # fmt: skip
    one = told(company, rows, "qualification_rate").loc["Eve"]
    assert one[["verdict", "direction"]].tolist() == ["certain", "worse"]
    assert one["gap"] == pytest.approx(1 - 0.3 / 0.7, abs=0.05)
    assert one["gap_low"] < one["gap"] < one["gap_high"]
    assert one["estimate"] == pytest.approx(0.3, abs=0.03)
    assert (one["grade"], one["grades"]) == (2, 2)


def test_who_joined_two_months_ago_is_too_new(company: Company) -> None:
    """Sales take 60 days; Eve came on 10 May and has signed nothing by the end of July but one."""
    rows = [
        lead(i, f"2026-0{1 + i // 4 % 6}-{10 + i % 18}", ("Ann", "Bob", "Cid", "Dan")[i % 4], won_after=60 if (i // 4) % 4 == 0 and i // 4 % 6 < 4 else 0)
        for i in range(800)
    ]  # fmt: skip
    rows += [lead(2000 + i, f"2026-0{5 + i % 2}-{12 + i % 16}", "Eve") for i in range(90)]
    one = told(company, rows, "lead_to_contract").loc["Eve"]
    assert (one["verdict"], one["direction"]) == ("new", "")
    data = company(deals=department(rows), as_of="2026-07-31T00:00:00")
    assert set(tenure_of(data).since) == {"Eve"}


def test_young_leads_are_no_fault_either(company: Company) -> None:
    """All sign one lead in two after exactly 40 days; of Eve's leads, most came in the last weeks. With equal follow-up, she is like the others."""
    rows = []
    for i in range(1500):
        manager = ("Ann", "Bob", "Cid", "Dan")[i % 4]
        day = pd.Timestamp("2025-09-01") + pd.Timedelta(days=i // 5)
        rows.append(
            lead(
                i,
                str(day.date()),
                manager,
                won_after=40 if (i // 4) % 2 and day + pd.Timedelta(days=40) < pd.Timestamp("2026-07-10") else 0,
            )
        )
    for i in range(260):
        day = pd.Timestamp("2025-09-01") + pd.Timedelta(days=i) if i < 60 else pd.Timestamp("2026-06-05") + pd.Timedelta(days=i % 24)
        signs = i % 2 and day + pd.Timedelta(days=40) < pd.Timestamp("2026-07-10")
        rows.append(lead(9000 + i, str(day.date()), "Eve", won_after=40 if signs else 0))
    one = told(company, rows, "lead_to_contract", as_of="2026-07-10T00:00:00").loc["Eve"]
    assert one["direction"] == ""


def test_two_peers_tell_nothing_and_few_cases_are_not_named(company: Company) -> None:
    rows = [lead(i, f"2026-03-1{i % 9}", "Ann" if i % 2 else "Bob", qualified=i % 2 == 0) for i in range(200)]
    assert set(told(company, rows, "qualification_rate")["verdict"]) == {"few"}
    rows += [lead(900 + i, "2026-03-12", "Cid") for i in range(8)]
    assert told(company, rows, "qualification_rate").loc["Cid", "verdict"] == "few"


def test_marks_of_the_tables_are_the_certain_verdicts(company: Company) -> None:
    rows = [
        lead(i, f"2026-0{1 + i % 6}-1{i % 9}", manager := ("Ann", "Bob", "Cid", "Dan", "Eve")[i % 5], qualified=(i // 5) % 10 < (2 if manager == "Eve" else 7))
        for i in range(800)
    ]  # fmt: skip
    measured = measure(company(deals=department(rows), as_of="2026-07-31T00:00:00"), PERIOD, ["qualification_rate"])
    marks = measured.segments("qualification_rate", "manager").set_index("segment")["verdict"]
    assert marks.to_dict() == {"Ann": "same", "Bob": "same", "Cid": "same", "Dan": "same", "Eve": "worse"}


def test_restless_weeks_by_hand(company: Company) -> None:
    """Ann calls 20 times in one week and never in the next, with as many days: 10 expected each, (10² + 10²) / 10 over one degree of freedom."""
    from salesqc_lib.kpi import CATALOGUE
    from salesqc_lib.measure.measurement import Given
    from salesqc_lib.measure.windows import windows_of

    calls = [f"a{i},call,2026-03-02T10:{i:02},1,Ann,out" for i in range(20)] + ["b,email,2026-03-13T10:00,1,Ann,out"]
    data = company(
        deals="deal_id,created_at,manager\n1,2026-03-02,Ann",
        activities="activity_id,kind,at,deal_id,manager,direction\n" + "\n".join(calls), as_of="2026-03-16T00:00:00",
    )  # fmt: skip
    window = windows_of(data, Period.parse("2026-03-02..2026-03-15"))[0]
    rate = CATALOGUE["calls"](Given(data, window)).companions["per_day"]
    found = unrest(rate, data, window, "manager")  # type: ignore[arg-type]
    assert found == pytest.approx(20.0, rel=0.01)


def test_every_seller_who_may_be_compared_has_a_row(company: Company) -> None:
    rows = [lead(i, f"2026-03-1{i % 9}", f"S{i % 5}", qualified=i % 3 == 0) for i in range(300)]
    compared = told(company, rows, "qualification_rate")
    assert set(compared.index) == {f"S{i}" for i in range(5)}
    assert np.isfinite(compared["reliability"]).all()


def test_who_does_other_work_is_not_compared(company: Company) -> None:
    """Ann and Bob check what is good already, the others open: quartiles of about 25 and 95 % tell of roles, not of skill."""
    shares = {"Ann": 19, "Bob": 20, "Cid": 4, "Dan": 6, "Eve": 2}
    rows = [
        lead(i, f"2026-0{1 + i % 6}-1{i % 9}", manager := list(shares)[i % 5], qualified=(i // 5) % 20 < shares[manager])
        for i in range(1000)
    ]
    assert set(told(company, rows, "qualification_rate")["verdict"]) == {"divided"}
    data = company(deals=department(rows), as_of="2026-07-31T00:00:00")
    findings = find(data, PERIOD, measure(data, PERIOD))
    assert not [one for one in findings.faults if one.by == "manager"]
    (note,) = [one for one in findings if one.rule == "divided"]
    assert (note.kpi, note.n) == ("qualification_rate", 1000)
    assert note.value < 0.3
    assert note.peer > 0.9


@pytest.mark.parametrize(
    ("shares", "cases", "expected"),
    [
        ([0.1, 0.1, 0.95, 0.95], [1, 1, 1, 1], True),
        ([0.5, 0.5, 0.5, 0.02], [1, 1, 1, 1], False),  # one outlier moves no quartile
        ([0.4, 0.5, 0.6, 0.7], [1, 1, 1, 1], False),
        ([0.02, 0.02, 0.2, 0.2], [1, 1, 1, 1], False),  # odds of twelve, and eighteen points apart
        ([0.1, 0.1, 0.95, 0.95], [1, 1, 100, 100], False),  # nearly all cases lie with the same kind
    ],
)
def test_quartiles_in_different_worlds(shares: list[float], cases: list[float], *, expected: bool) -> None:
    assert is_divided(np.array(shares), cases) is expected


def test_quartiles_weigh_by_cases() -> None:
    """Cases 1, 2, 1: their middles stand at 0.125, 0.5 and 0.875; a quarter is a third of the way from the first to the second."""
    assert quartiles(np.array([0.0, 0.3, 0.9]), [1, 2, 1]) == (pytest.approx(0.1), pytest.approx(0.7))


def test_who_does_better_than_the_department_is_not_blamed(company: Company) -> None:
    """Of the leads of nobody none qualifies; Eve passes 50 %, the others 80 %, the department 37 %: what is wrong lies elsewhere."""
    rows = [
        lead(i, f"2026-0{1 + i % 6}-1{i % 9}", manager := ("Ann", "Bob", "Cid", "Dan", "Eve")[i % 5], qualified=(i // 5) % 10 < (5 if manager == "Eve" else 8))
        for i in range(1000)
    ]  # fmt: skip
    rows += [lead(5000 + i, f"2026-0{1 + i % 6}-1{i % 9}", "") for i in range(1000)]
    assert told(company, rows, "qualification_rate").loc["Eve", ["verdict", "direction"]].tolist() == ["certain", "worse"]
    data = company(deals=department(rows), as_of="2026-07-31T00:00:00")
    assert not [one for one in find(data, PERIOD, measure(data, PERIOD)).faults if one.segment == "Eve"]


def test_what_a_value_is_held_against_in_print_is_what_the_tables_show(company: Company) -> None:
    """With nothing but chance to allow for: the median of 70, 70, 70 and 70 % of the others."""
    rows = [
        lead(i, f"2026-0{1 + i % 6}-1{i % 9}", manager := ("Ann", "Bob", "Cid", "Dan", "Eve")[i % 5], "Site", qualified=(i // 5) % 10 < (3 if manager == "Eve" else 7))
        for i in range(1000)
    ]  # fmt: skip
    data = company(deals=department(rows), as_of="2026-07-31T00:00:00")
    (one,) = [one for one in find(data, PERIOD, measure(data, PERIOD)).faults if one.segment == "Eve" and one.kpi == "qualification_rate"]
    assert (one.value, one.peer) == (0.3, 0.7)
