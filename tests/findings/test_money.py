"""The chain of stages: by hand, without what cannot be known, and no more than chance where nobody differs."""

import numpy as np
import pytest

from salesqc_lib.findings.chain import CONTACT, SPEED, Chain
from salesqc_lib.findings.finding import Finding, Findings, Money
from salesqc_lib.findings.leads import DAY, HOUR, Leads
from salesqc_lib.measure.peers.standard import standard

PEERS = frozenset({"S0", "S1", "S2", "S3"})


def leads(count: int, contact: list[float], sign: list[float], late: list[float], seed: int = 1) -> Leads:
    """`count` leads of each of four sellers, with each seller's chances of being reached, of signing, and of being tried late."""
    random = np.random.default_rng(seed)
    seller = np.repeat(np.arange(4), count)
    created = random.uniform(0, 180 * DAY, len(seller))
    attempt = created + np.where(random.random(len(seller)) < np.array(late)[seller], 3 * HOUR, 0.2 * HOUR)
    reached = random.random(len(seller)) < np.array(contact)[seller]
    signed = reached & (random.random(len(seller)) < np.array(sign)[seller])
    moments = {
        "created_at": created, "first_attempt_at": attempt, "first_contact_at": np.where(reached, attempt, np.nan),
        "contract_at": np.where(signed, attempt + DAY, np.nan),
    }  # fmt: skip
    names = {"manager": [f"S{i}" for i in range(4)], "channel": ["C"], "product": ["P"]}
    zero = np.zeros(len(seller), int)
    return Leads(
        names,
        {"manager": seller, "channel": zero, "product": zero},
        moments,
        np.where(signed, 100.0, np.nan),
        np.full(len(seller), 12.0),
        400 * DAY,
    )


def chain(of: Leads) -> Chain:
    return Chain(of, np.ones(len(of), bool), PEERS, (100.0, 0.0), 0.0, 90 * DAY)


def test_hits_and_what_the_mix_is_worth_over_codes() -> None:
    """The numbers of `test_peers`: Ann has the ads alone, 10 of 100, worth 45.4 average leads."""
    segment = np.repeat([0, 1, 1], 100)
    stratum = np.repeat([0, 0, 1], 100)
    hit = np.concatenate([np.arange(100) < 10, np.arange(100) < 10, np.arange(100) < 50])
    hits, worth = standard(segment, [stratum], hit, np.ones(300), 2)
    assert hits.tolist() == [10, 60]
    assert round(float(worth[0]), 1) == 45.4


def test_a_seller_who_does_not_reach_leads_loses_their_contracts() -> None:
    """500 leads each; S0 reaches half, the others nine in ten; all sign a fifth: 500 · 0.4 · 0.2 · 100 = 4 000."""
    found = {(one.seller, one.stage): one for one in chain(leads(500, [0.5, 0.9, 0.9, 0.9], [0.2] * 4, [0.1] * 4)).losses()}
    loss = found["S0", CONTACT]
    assert loss.chance > 0.9
    assert float(loss.money.mean()) == pytest.approx(4000, rel=0.15)
    assert found["S1", CONTACT].chance < 0.1
    assert found["S0", "contract_at"].chance < 0.5, "of those reached, as many sign"


def test_deals_that_change_hands_blur_the_gap() -> None:
    of = leads(500, [0.5, 0.9, 0.9, 0.9], [0.2] * 4, [0.1] * 4)
    plain, blurred = (
        next(
            one
            for one in Chain(of, np.ones(len(of), bool), PEERS, (100.0, 0.0), moved, 90 * DAY).losses()
            if one.seller == "S0" and one.stage == CONTACT
        )
        for moved in (0.0, 0.2)
    )
    assert float(blurred.money.mean()) == pytest.approx(float(plain.money.mean()) / 0.8)


def test_slowness_that_shows_no_effect_costs_next_to_nothing() -> None:
    of = leads(800, [0.9] * 4, [0.2] * 4, [0.8, 0.1, 0.1, 0.1])
    loss = next(one for one in chain(of).losses() if one.seller == "S0" and one.stage == SPEED)
    assert loss.chance > 0.9, "slow it is"
    assert float(loss.money.mean()) < 0.06 * 800 * 0.18 * 100


def test_a_department_in_which_nobody_differs_shows_no_certain_loss() -> None:
    of = chain(leads(300, [0.9] * 4, [0.2] * 4, [0.1] * 4, seed=5))
    random = np.random.default_rng(2)
    certain = [sum(float(one.money.mean()) for one in of.shuffled(random).losses() if one.chance >= 0.9) for _ in range(20)]
    assert np.quantile(certain, 0.9) == 0.0
    again = of.shuffled(random)
    assert sorted(again.year.codes["manager"]) == sorted(of.year.codes["manager"])


def test_what_stands_apart_is_in_no_total_and_the_control_can_silence_it() -> None:
    draws = np.linspace(50, 150, 101)
    seller, channel = (
        Finding("peers", "never_answered", money=Money.of(draws)),
        Finding("peers", "win_rate", money=Money.of(9 * draws, is_apart=True)),
    )
    likely = Finding("peers", "win_rate", grade="likely", money_grade="likely", money=Money.of(3 * draws))
    findings = Findings((seller, channel, likely))
    assert (findings.money.base, findings.likely_money.base) == (pytest.approx(100), pytest.approx(300))
    assert Findings((seller,), control=120.0).money.why_not == "no_more_than_chance"
    assert Findings(()).money.why_not == "nothing_valued"
