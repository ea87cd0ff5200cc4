"""The department against its own past: season, mix and volume are no fault of anybody."""

import pandas as pd
import pytest

from salesqc_lib.findings import Findings, find
from salesqc_lib.findings.past import BEFORE, YEAR_AGO, changes
from salesqc_lib.measure import measure
from salesqc_lib.period import Period
from tests.conftest import Company

PERIOD = Period.parse("2026-Q2")
HEAD = "deal_id,created_at,manager,channel,outcome,closed_at,qualified_at,contract_at,amount"
SELLERS = ("Ann", "Bob", "Cid")


def life(quarters: dict[str, tuple[dict[str, int], dict[str, float]]]) -> str:
    """Leads a day by channel and quarter, and the share of each channel's that qualify and sign two days later, evenly laid out."""
    rows: list[str] = []
    for label, (volume, share) in quarters.items():
        quarter = Period.parse(label)
        passed = dict.fromkeys(volume, 0)
        for day in pd.date_range(quarter.first, quarter.end, inclusive="left"):
            for channel, count in volume.items():
                for _ in range(count):
                    i = passed[channel] = passed[channel] + 1
                    hit = int(i * share[channel] + 1e-9) > int((i - 1) * share[channel] + 1e-9)
                    end = (day + pd.Timedelta(days=2)).date()
                    told = f"won,{end},{day.date()},{end},100" if hit else f"lost,{end},,,"
                    rows.append(f"{len(rows)},{day.date()},{SELLERS[len(rows) % 3]},{channel},{told}")
    return HEAD + "\n" + "\n".join(rows)


def steady(volume: int = 4, share: float = 0.3) -> tuple[dict[str, int], dict[str, float]]:
    return {"Site": volume, "Ads": volume}, {"Site": share, "Ads": share}


def told(company: Company, quarters: dict[str, tuple[dict[str, int], dict[str, float]]]) -> Findings:
    dataset = company(deals=life(quarters), as_of="2026-07-31T00:00:00")
    return find(dataset, PERIOD, measure(dataset, PERIOD))


def falls(findings: Findings) -> dict[str, str]:
    return {one.kpi: one.grade for one in findings.faults if one.rule == "past"}


def test_a_season_is_no_fall(company: Company) -> None:
    """Spring is always worse than winter, by a third; and half as many come."""
    winter, spring = steady(4, 0.36), steady(2, 0.24)
    quarters = {"2025-Q1": winter, "2025-Q2": spring, "2025-Q3": spring, "2025-Q4": winter, "2026-Q1": winter, "2026-Q2": spring}
    findings = told(company, quarters)
    assert falls(findings) == {}
    assert not [one for one in findings if one.rule in ("changed", "mix_changed")]


def test_a_fall_against_the_year_before_is_found_and_has_no_money(company: Company) -> None:
    usual = steady()
    quarters = {"2025-Q1": usual, "2025-Q2": usual, "2025-Q3": usual, "2025-Q4": usual, "2026-Q1": usual, "2026-Q2": steady(4, 0.15)}
    findings = told(company, quarters)
    assert falls(findings)["qualification_rate"] == "certain"
    one = next(one for one in findings.faults if one.rule == "past" and one.kpi == "qualification_rate")
    assert one.gap == pytest.approx(0.5, abs=0.02)
    assert one.peer == pytest.approx(0.3, abs=0.01)
    assert one.money.why_not == "change"


def test_a_campaign_of_a_poor_channel_changes_the_mix_and_nobodys_work(company: Company) -> None:
    shares = {"Site": 0.4, "Ads": 0.1}
    usual, campaign = ({"Site": 4, "Ads": 4}, shares), ({"Site": 4, "Ads": 20}, shares)
    quarters = {"2025-Q1": usual, "2025-Q2": usual, "2025-Q3": usual, "2025-Q4": usual, "2026-Q1": usual, "2026-Q2": campaign}
    findings = told(company, quarters)
    assert falls(findings) == {}
    notes = [one for one in findings if one.rule == "mix_changed"]
    assert {one.segment for one in notes} == {"Ads"}
    one = next(one for one in notes if one.kpi == "qualification_rate")
    assert (one.peer, one.value) == (pytest.approx(0.5), pytest.approx(20 / 24))


def test_without_a_year_before_the_change_is_told_and_is_no_finding(company: Company) -> None:
    findings = told(company, {"2025-Q4": steady(6), "2026-Q1": steady(6), "2026-Q2": steady(6, 0.15)})
    assert falls(findings) == {}
    assert {one.kpi for one in findings if one.rule == "changed"} >= {"qualification_rate"}


def test_the_bridge_adds_up_exactly(company: Company) -> None:
    """Against the winter: half the volume, another mix, the season of the year before, and what is left."""
    shares = {"Site": 0.4, "Ads": 0.1}
    quarters = {
        "2024-Q4": ({"Site": 4, "Ads": 4}, shares), "2025-Q1": ({"Site": 4, "Ads": 4}, shares), "2025-Q2": ({"Site": 3, "Ads": 3}, {"Site": 0.3, "Ads": 0.075}),
        "2025-Q3": ({"Site": 4, "Ads": 4}, shares), "2025-Q4": ({"Site": 4, "Ads": 4}, shares), "2026-Q1": ({"Site": 4, "Ads": 4}, shares),
        "2026-Q2": ({"Site": 2, "Ads": 6}, {"Site": 0.3, "Ads": 0.075}),
    }  # fmt: skip
    dataset = company(deals=life(quarters), as_of="2026-07-31T00:00:00")
    found = changes(dataset, PERIOD, ["lead_to_contract"])
    assert set(found) == {("lead_to_contract", BEFORE), ("lead_to_contract", YEAR_AGO)}
    change = found["lead_to_contract", BEFORE]
    assert change.season == pytest.approx(0.75, abs=0.03), "spring is to winter as 0.3 is to 0.4"
    parts = change.bridge()
    assert sum(parts.values()) == pytest.approx(change.now.k.sum() - change.was.k.sum())
    assert parts["mix"] < 0
    assert abs(parts["rate"]) < 0.15 * abs(parts["season"]), "nothing is left but season and mix"


def test_leads_without_a_channel_are_left_out_of_the_ratio_and_counted(company: Company) -> None:
    """A fifth of the leads of each quarter has no channel; those of this quarter never sign."""
    volume = {"Site": 4, "": 1}
    usual, spoilt = ({"Site": 0.3, "": 0.3}, {"Site": 0.3, "": 0.0})
    quarters = dict.fromkeys(("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"), (volume, usual)) | {"2026-Q2": (volume, spoilt)}
    dataset = company(deals=life(quarters), as_of="2026-07-31T00:00:00")
    change = changes(dataset, PERIOD, ["lead_to_contract"])["lead_to_contract", YEAR_AGO]
    assert change.unknown == 91
    assert change.log_ratio == pytest.approx(0.0, abs=0.03)
    assert change.whole == pytest.approx(-0.06, abs=0.01)
