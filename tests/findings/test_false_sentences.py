"""Sentences that were false once, each with the data that made them."""

import numpy as np
import pandas as pd
import pytest

from salesqc_lib.findings import find
from salesqc_lib.findings.chain import CONTACT, SPEED
from salesqc_lib.findings.discounts import Signed, discounts
from salesqc_lib.findings.leads import DAY, HOUR, moved_part
from salesqc_lib.findings.past import BEFORE, changes
from salesqc_lib.measure import measure
from salesqc_lib.measure.peers.mix import half_logged, inherited, mix_of
from salesqc_lib.measure.windows import windows_of
from salesqc_lib.period import Period
from tests.conftest import Company
from tests.findings.test_money import PEERS, chain, leads
from tests.findings.test_past import life

PERIOD = Period.parse("2026-H1")


def test_a_deep_discount_on_small_contracts_costs_no_more_than_was_given() -> None:
    """S0 gives 30 % on twenty contracts of 100 and nothing on twenty of 10 000: 600 in all, 0.3 % of the list; the others give 5 %."""
    listed = np.concatenate([np.repeat([100.0, 10_000.0], 20), np.full(120, 5000.0)])
    depth = np.concatenate([np.repeat([0.3, 0.0], 20), np.tile([0.04, 0.06], 60)])
    of = Signed(["S0", "S1", "S2", "S3"], np.repeat([0, 1, 2, 3], 40), np.zeros(160, int), listed, depth)
    found = {one.seller: one for one in discounts(of, PEERS)}
    assert found["S0"].chance < 0.1
    assert float(found["S0"].money.mean()) < 10


def test_a_discount_that_weighs_is_told_by_hand() -> None:
    """S0 gives 15 % on 40 contracts of 1 000 where the others give 5 %: 4 000 more."""
    depth = np.concatenate([np.tile([0.14, 0.16], 20), np.tile([0.04, 0.06], 60)])
    of = Signed(["S0", "S1", "S2", "S3"], np.repeat([0, 1, 2, 3], 40), np.zeros(160, int), np.full(160, 1000.0), depth)
    one = next(one for one in discounts(of, PEERS) if one.seller == "S0")
    assert one.chance > 0.95
    assert float(one.money.mean()) == pytest.approx(4000, rel=0.05)


def test_poor_leads_lose_less() -> None:
    """All of S0's 600 leads come from a channel that signs a tenth, and S0 signs 4 % of them; the others have 300 such leads each, and 300 of a
    channel that signs three in ten. What S0 loses is 600 · 0.06 · 100, not what good leads would have brought."""
    random = np.random.default_rng(3)
    of = leads(600, [1.0] * 4, [0.0] * 4, [0.0] * 4)
    seller = of.codes["manager"]
    poor = (seller == 0) | (np.arange(len(of)) % 2 == 0)
    rate = np.where(seller == 0, 0.04, np.where(poor, 0.1, 0.3))
    signed = random.random(len(of)) < rate
    moments = of.moments | {"contract_at": np.where(signed, of.moments["created_at"] + DAY, np.nan)}
    mixed = type(of)(
        {**of.names, "channel": ["Good", "Poor"]},
        {**of.codes, "channel": poor.astype(int)},
        moments,
        np.where(signed, 100.0, np.nan),
        of.hour,
        of.as_of,
    )
    loss = next(one for one in chain(mixed).losses() if (one.seller, one.stage) == ("S0", "contract_at"))
    assert loss.chance > 0.9
    assert float(loss.money.mean()) == pytest.approx(3600, rel=0.35)


def test_late_leads_that_are_not_reached_are_lost_once() -> None:
    """Leads tried late are reached half as often, and nothing else differs: the loss is one of contact, and none of speed."""
    random = np.random.default_rng(4)
    of = leads(800, [1.0] * 4, [0.25] * 4, [0.9, 0.1, 0.1, 0.1])
    late = of.moments["first_attempt_at"] - of.moments["created_at"] > HOUR
    reached = random.random(len(of)) < np.where(late, 0.45, 0.9)
    moments = of.moments | {
        "first_contact_at": np.where(reached, of.moments["first_attempt_at"], np.nan), "contract_at": np.where(reached, of.moments["contract_at"], np.nan),
    }  # fmt: skip
    found = {
        one.stage: float(one.money.mean())
        for one in chain(type(of)(of.names, of.codes, moments, of.amount, of.hour, of.as_of)).losses()
        if one.seller == "S0"
    }
    true = 800 * 0.8 * 0.45 * 0.25 * 100
    assert found[CONTACT] == pytest.approx(true, rel=0.2)
    assert found[SPEED] < 0.15 * true


def test_who_only_calls_first_is_no_earlier_owner(company: Company) -> None:
    """Zoe makes the first call of every deal and owns none."""
    deals = "deal_id,created_at,manager,outcome,contract_at\n" + "\n".join(
        f"{i},2026-02-0{1 + i % 9},{('Ann', 'Bob')[i % 2]},open," for i in range(40)
    )
    calls = "activity_id,kind,at,deal_id,manager,direction\n" + "\n".join(
        f"c{i},call,2026-02-1{i % 9}T10:00,{i},Zoe,out" for i in range(40)
    )
    data = company(deals=deals, activities=calls, as_of="2026-06-30T00:00:00")
    window = windows_of(data, PERIOD)[0]
    assert moved_part(data, window, frozenset({"Ann", "Bob"})) == 0.0
    assert moved_part(data, window, frozenset({"Ann", "Bob", "Zoe"})) == 0.5, (
        "a seller's own deal that another seller opened has moved; at most one half"
    )


def test_contacts_that_nobody_wrote_down_are_no_lost_contracts(company: Company) -> None:
    """Every second call of Dan is not in the log: of the deals he signed, half have no contact."""
    deals, calls = [], []
    for i in range(600):
        name = ("Ann", "Bob", "Cid", "Dan")[i % 4]
        day = f"2026-0{1 + i % 5}-{10 + i % 15}"
        won = (i // 4) % 3 == 0
        deals.append(f"{i},{day},{name},{'won' if won else 'lost'},{day},{day if won else ''},100")
        if name != "Dan" or (i // 4) % 2:
            calls.append(f"c{i},call,{day}T12:00,{i},{name},out,conversation,90")
    data = company(
        deals="deal_id,created_at,manager,outcome,closed_at,contract_at,amount\n" + "\n".join(deals),
        activities="activity_id,kind,at,deal_id,manager,direction,result,duration_s\n" + "\n".join(calls), as_of="2026-07-15T00:00:00",
    )  # fmt: skip
    assert half_logged(data, windows_of(data, PERIOD)[0]) == {"Dan"}
    findings = find(data, PERIOD, measure(data, PERIOD))
    assert not [one for one in findings.faults if one.segment == "Dan"]
    assert not findings.money.is_known


def test_a_product_that_only_winners_have_is_no_mix(company: Company) -> None:
    rows = [
        f"{i},2026-03-{10 + i % 19},{'won' if i % 3 == 0 else 'lost'},2026-04-01,{'Box' if i % 3 == 0 or i % 10 == 1 else ''},{'Site' if i % 2 else 'Ads'}"
        for i in range(90)
    ]
    data = company(deals="deal_id,created_at,outcome,closed_at,product,channel\n" + "\n".join(rows), as_of="2026-06-30T00:00:00")
    assert mix_of(data) == {"channel"}


def test_other_sellers_are_no_mix_of_leads(company: Company) -> None:
    """The same channels, and three new sellers who sign half as often."""
    shares = {"Site": 0.3, "Ads": 0.3}
    text = life(
        {
            "2025-Q4": ({"Site": 4, "Ads": 4}, shares),
            "2026-Q1": ({"Site": 4, "Ads": 4}, shares),
            "2026-Q2": ({"Site": 4, "Ads": 4}, {"Site": 0.15, "Ads": 0.15}),
        }
    )
    rows = [
        row.replace(",Ann,", ",Xen,").replace(",Bob,", ",Yan,").replace(",Cid,", ",Zoe,")
        if ",2026-0" in row and row.split(",")[1] >= "2026-04"
        else row
        for row in text.splitlines()
    ]
    data = company(deals="\n".join(rows), as_of="2026-07-31T00:00:00")
    period = Period.parse("2026-Q2")
    change = changes(data, period, ["lead_to_contract"])["lead_to_contract", BEFORE]
    assert change.mix == pytest.approx(0.0, abs=0.005)
    assert not [one for one in find(data, period, measure(data, period)) if one.rule == "mix_changed"]


def test_a_rise_by_mix_of_what_is_better_lower_is_a_rise(company: Company) -> None:
    """Leads of the ads are never answered, and there are many more of them: the share rises by mix."""
    deals, calls = [], []
    for quarter, ads in (("2025-Q4", 1), ("2026-Q1", 1), ("2026-Q2", 6)):
        one = Period.parse(quarter)
        for day in pd.date_range(one.first, one.end, inclusive="left"):
            for channel, count in (("Site", 4), ("Ads", ads)):
                for _ in range(count):
                    i = len(deals)
                    deals.append(f"{i},{day.date()}T10:00,{('Ann', 'Bob', 'Cid')[i % 3]},{channel},open,")
                    if channel == "Site":
                        calls.append(f"c{i},call,{day.date()}T11:00,{i},Ann,out,conversation,60")
    data = company(
        deals="deal_id,created_at,manager,channel,outcome,contract_at\n" + "\n".join(deals),
        activities="activity_id,kind,at,deal_id,manager,direction,result,duration_s\n" + "\n".join(calls), as_of="2026-07-31T00:00:00",
    )  # fmt: skip
    period = Period.parse("2026-Q2")
    (one,) = [one for one in find(data, period, measure(data, period)) if one.rule == "mix_changed" and one.kpi == "never_answered"]
    assert one.gap == pytest.approx(6 / 10 - 1 / 5, abs=0.01)


def test_old_deals_of_somebody_who_left_are_not_the_heirs_idleness(company: Company) -> None:
    """Gil left in December; Eve has his forty deals, which nobody has touched since."""
    deals, calls = [], []
    for i in range(200):
        name = ("Ann", "Bob", "Cid", "Eve")[i % 4]
        deals.append(f"{i},2026-05-0{1 + i % 9},{name},open,")
        calls.append(
            f"c{i},call,2026-06-2{i % 9}T10:00,{i},{name},out,conversation,60"
            if i % 5
            else f"c{i},call,2026-05-10T10:00,{i},{name},out,conversation,60"
        )
    deals += [f"o{i},2025-{11 + i % 2}-1{i % 9},{('Ann', 'Bob', 'Cid', 'Eve')[i % 4]},lost,2026-01-10" for i in range(120)]
    for i in range(200, 240):
        deals.append(f"{i},2025-11-1{i % 9},Eve,open,")
        calls.append(f"c{i},call,2025-12-0{1 + i % 9}T10:00,{i},Gil,out,conversation,60")
    data = company(
        deals="deal_id,created_at,manager,outcome,closed_at\n" + "\n".join(deals) + "\nx,2025-11-01,Gil,lost,2025-12-01",
        activities="activity_id,kind,at,deal_id,manager,direction,result,duration_s\n" + "\n".join(calls), as_of="2026-06-30T00:00:00",
    )  # fmt: skip
    assert len(inherited(data)) == 40
    compared = measure(data, PERIOD, ["idle_deals"]).compared
    eve = compared[(compared["by"] == "manager") & (compared["segment"] == "Eve")].iloc[0]
    assert (eve["verdict"], eve["explained"]) == ("usual", "inherited")


def test_a_renamed_channel_is_no_other_mix(company: Company) -> None:
    """On 1 April Site and Ads are called otherwise, and conversion halves: that is told as a change, and not as one of the mix."""
    old, new = {"Site": 0.3, "Ads": 0.3}, {"Web": 0.15, "Spots": 0.15}
    usual = ({"Site": 4, "Ads": 4}, old)
    quarters = dict.fromkeys(("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"), usual) | {"2026-Q2": ({"Web": 4, "Spots": 4}, new)}
    data = company(deals=life(quarters), as_of="2026-07-31T00:00:00")
    period = Period.parse("2026-Q2")
    findings = find(data, period, measure(data, period))
    assert not [one for one in findings if one.rule == "mix_changed"]
    fall = next(one for one in findings.faults if one.rule == "past")
    assert (fall.grade, fall.gap) == ("certain", pytest.approx(0.5, abs=0.03))
    assert "channel" not in fall.allowed


def test_a_whole_year_has_no_season(company: Company) -> None:
    quarters = {f"{year}-Q{q}": ({"Site": 3}, {"Site": 0.4 if year == 2023 else 0.2}) for year in (2023, 2024, 2025) for q in (1, 2, 3, 4)}
    data = company(deals=life(quarters), as_of="2026-01-31T00:00:00")
    change = changes(data, Period.parse("2025"), ["lead_to_contract"])["lead_to_contract", BEFORE]
    assert np.isnan(change.season)
    assert abs(change.bridge()["rate"]) < 3


def test_without_channels_nothing_is_said_of_them(company: Company) -> None:
    from salesqc_lib.show.words.findings import certainty, could_be
    from salesqc_lib.words import Reader

    usual, spoilt = ({"": 8}, {"": 0.3}), ({"": 8}, {"": 0.12})
    quarters = dict.fromkeys(("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"), usual) | {"2026-Q2": spoilt}
    text = "\n".join(",".join(cell for i, cell in enumerate(row.split(",")) if i != 3) for row in life(quarters).splitlines())
    data = company(deals=text, as_of="2026-07-31T00:00:00")
    period = Period.parse("2026-Q2")
    fall = next(one for one in find(data, period, measure(data, period)).faults if one.rule == "past")
    assert "within the same sellers" in certainty(fall, Reader("en", "EUR"))
    assert "mix of channels and products is not" in could_be(fall, "en")
