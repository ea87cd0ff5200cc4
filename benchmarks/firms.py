"""Simulated firms with what real ones have, and the truth about them: what each seller and channel would reach with the same leads.

A firm is drawn from a scenario and a seed. Scenarios without a fault differ in what must not be taken for one: natural spread between
sellers, season, a campaign of a poor channel, newcomers, learners, slow seasons, heavy-tailed amounts of returning customers, leads hard to
reach, deals that change hands. «faults» plants one to three faults of graded strength on different segments; «fall» a fall of the whole
department; «no_speed» has slow sellers whose slowness costs nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FIRST, AS_OF = date(2024, 10, 1), date(2026, 7, 31)
DAY = 86400.0
CLEAN = (
    "plain",
    "spread15",
    "spread25",
    "season",
    "campaign",
    "joiners",
    "learners",
    "delays",
    "heavy",
    "hard",
    "moved",
    "no_speed",
    "all",
)
STEPS = ("qualified_at", "key_event_set_at", "key_event_held_at", "contract_at")
CHANCES = np.array([0.66, 0.75, 0.86, 0.52])
DAYS = np.array([1.5, 2.5, 5.0, 12.0])
LATE = np.array([1.0, 0.86, 0.62])
REACHED, ATTEMPTS = 0.58, 5
PRICES, PARTS = np.array([300.0, 140.0, 180.0]), np.array([0.45, 0.3, 0.25])
PRODUCT_CLOSING = np.array([0.95, 1.05, 1.03])
GRADES: dict[str, dict[str, float]] = {
    "slow": {"weak": 3.0, "moderate": 6.0, "strong": 12.0},
    "closer": {"weak": 0.8, "moderate": 0.6, "strong": 0.4},
    "discounter": {"weak": 1.3, "moderate": 1.8, "strong": 2.6},
    "quitter": {"strong": 1.0},
    "channel": {"weak": 0.8, "moderate": 0.6, "strong": 0.4},
}
# what an audit may say of a planted fault: any of these, on the right segment, names it
NAMES = {
    "slow": {"first_response_time", "answered_within_1h"},
    "closer": {"key_event_to_contract", "win_rate", "lead_to_contract"},
    "discounter": {"discount_depth"},
    "quitter": {"one_and_done", "never_answered"},
    "channel": {"qualification_rate", "lead_to_contract", "win_rate"},
}


@dataclass
class Firm:
    """Everything that is drawn once: sellers' and channels' own ways, and what surrounds them. Arrays over sellers or channels."""

    seed: int
    scenario: str
    period: str
    delay: Any
    opening: Any
    closing: Any
    discount: Any
    gives_up: Any
    joined: Any  # day of joining, 0 for those always there
    quality: Any
    part: Any
    reach: Any
    leads_a_day: float
    faults: list[dict[str, Any]] = field(default_factory=list)
    season: float = 0.0
    campaign: bool = False
    learns: bool = False
    slow_season: bool = False
    heavy: bool = False
    unknown_channels: float = 0.0
    moved: float = 0.0
    speed_matters: bool = True
    fall: float = 1.0
    days: Any = None

    @property
    def sellers(self) -> int:
        return len(self.delay)


def firm(scenario: str, seed: int) -> Firm:
    """A firm of a scenario; the same seed gives the same firm."""
    random = np.random.default_rng([seed, 90210, abs(hash_of(scenario))])
    count, leads = [(5, 6.0), (7, 9.0), (10, 14.0)][seed % 3]
    spread = {"spread15": 0.15, "spread25": 0.25}.get(scenario, 0.05)
    draw = lambda sd, n: random.lognormal(0, sd, n)  # noqa: E731 - said once, used five times
    made = Firm(
        seed, scenario, "2026-Q2" if scenario in ("season", "campaign", "delays", "fall", "all") else "2026-H1",
        draw(0.15, count), draw(spread, count), draw(spread, count), draw(0.1, count), np.zeros(count, bool), np.zeros(count),
        np.array([1.0, 0.95, 0.9, 1.1, 1.0]) * draw(0.04, 5), np.array([0.28, 0.24, 0.2, 0.16, 0.12]), np.full(5, REACHED), leads, days=DAYS.copy(),
    )  # fmt: skip
    for name in EVERYTHING if scenario == "all" else (scenario,):
        if name in SURROUND:
            SURROUND[name](made, random)
    return made


def _campaign(made: Firm, random: np.random.Generator) -> None:
    made.campaign = True
    made.quality[4] *= 0.5


def _joiners(made: Firm, random: np.random.Generator) -> None:
    """Two sellers came in the last weeks, and a sale takes two months."""
    _join(made, random, 55, 85)
    made.days = DAYS * np.array([1, 2, 2, 3])


def _learners(made: Firm, random: np.random.Generator) -> None:
    _join(made, random, 100, 260)
    made.learns = True


def _join(made: Firm, random: np.random.Generator, least: int, most: int) -> None:
    new = random.choice(made.sellers, 2, replace=False)
    made.joined[new] = (date(2026, 6, 30) - FIRST).days - random.integers(least, most, 2)


def _hard(made: Firm, random: np.random.Generator) -> None:
    made.reach, made.unknown_channels = np.array([0.58, 0.58, 0.3, 0.58, 0.45]), 0.1


def _no_speed(made: Firm, random: np.random.Generator) -> None:
    made.speed_matters = False
    made.delay[random.choice(made.sellers, 2, replace=False)] *= 8


def _set(name: str, value: Any) -> Callable[[Firm, np.random.Generator], None]:
    return lambda made, random: setattr(made, name, value)


def _fall(made: Firm, random: np.random.Generator) -> None:
    made.fall = [0.6, 0.7][made.seed % 2]


EVERYTHING = ("season", "campaign", "learners", "hard", "moved")
SURROUND: dict[str, Callable[[Firm, np.random.Generator], None]] = {
    "season": _set("season", 0.25), "campaign": _campaign, "joiners": _joiners, "learners": _learners, "delays": _set("slow_season", True),
    "heavy": _set("heavy", True), "hard": _hard, "moved": _set("moved", 0.06), "no_speed": _no_speed, "fall": _fall, "faults": lambda made, random: plant(made, random),
}  # fmt: skip


def hash_of(text: str) -> int:
    """A number of a name that is the same in every process."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(text)) % 1_000_003


def plant(made: Firm, random: np.random.Generator) -> None:
    free = list(random.permutation(made.sellers))
    for name in random.choice(list(GRADES), size=int(random.integers(1, 4)), replace=False):
        grade = str(random.choice(list(GRADES[name])))
        strength = GRADES[name][grade]
        if name == "channel":
            made.quality[2] *= strength
            made.faults.append({"fault": str(name), "grade": grade, "by": "channel", "segment": "C2", "strength": strength})
            continue
        seller = int(free.pop())
        made.faults.append({"fault": str(name), "grade": grade, "by": "manager", "segment": f"S{seller}", "strength": strength})
        if name == "slow":
            made.delay[seller] *= strength
        elif name == "closer":
            made.closing[seller] *= strength
        elif name == "discounter":
            made.discount[seller] *= strength
        else:
            made.gives_up[seller] = True


@dataclass
class Leads:
    """Arrays over leads, as drawn."""

    created: Any
    seller: Any
    channel: Any
    product: Any
    day: Any


@dataclass
class Life:
    """What happened to each lead: price, discount, whether it was won, and the moments of its steps."""

    leads: Leads
    price: Any
    depth: Any
    won: Any
    steps: Any


def deal_out(made: Firm, random: np.random.Generator) -> Leads:
    """Which leads come when, from where, and to whom."""
    days = np.arange((AS_OF - FIRST).days)
    of_year = (days + 274) % 365
    volume = made.leads_a_day * (1 + made.season * np.sin(2 * np.pi * (of_year - 20) / 365)) * np.where(days % 7 >= 5, 0.5, 1.2)
    day = np.repeat(days, random.poisson(volume))
    channel = random.choice(5, len(day), p=made.part / made.part.sum())
    if made.campaign:
        begins = (date(2026, 4, 1) - FIRST).days
        more = np.repeat(days[begins:], random.poisson(volume[begins:] * 0.7))
        day, channel = np.concatenate([day, more]), np.concatenate([channel, np.full(len(more), 4)])
    order = np.argsort(day, kind="stable")
    day, channel = day[order], channel[order]
    chance = random.random((len(day), made.sellers))
    chance[day[:, None] < made.joined[None, :]] = -1.0
    hour = np.clip(random.normal(14.2, 3.6, len(day)), 0.5, 23.4)
    return Leads(day * DAY + hour * 3600, chance.argmax(axis=1), channel, random.choice(3, len(day), p=PARTS), day)


def waits(made: Firm, leads: Leads, random: np.random.Generator, delay: Any = None) -> Any:
    """Seconds until the first attempt: a lognormal delay within working hours."""
    factor = (made.delay if delay is None else delay)[leads.seller]
    hour = leads.created % DAY / 3600
    opens = np.where(hour < 9, (9 - hour) * 3600, np.where(hour >= 19, (33 - hour) * 3600, 0.0))
    return opens + random.lognormal(np.log(18 * 60), 1.0, len(hour)) * factor


def chances(made: Firm, leads: Leads, wait: Any, *, opening: Any = None, closing: Any = None, quality: Any = None) -> Any:
    """The chance of each step, [leads, 4]."""
    opening, closing, quality = (
        own if given is None else given for own, given in ((made.opening, opening), (made.closing, closing), (made.quality, quality))
    )
    band = np.where(wait <= 3600, 0, np.where(wait <= DAY, 1, 2))
    late = LATE[band] if made.speed_matters else np.ones(len(band))
    of_year = (leads.day + 274) % 365
    season = 1 + made.season * np.sin(2 * np.pi * (of_year - 20) / 365)
    learning = np.ones(len(leads.day))
    if made.learns:
        age = leads.day - made.joined[leads.seller]
        learning = np.where((made.joined[leads.seller] > 0) & (age < 90), 0.6 + 0.4 * age / 90, 1.0)
    fallen = np.where(leads.day >= (date(2026, 4, 1) - FIRST).days, made.fall, 1.0)
    found = np.tile(CHANCES, (len(leads.day), 1))
    found[:, 0] *= quality[leads.channel] * late
    found[:, 1] *= opening[leads.seller] * learning
    found[:, 3] *= closing[leads.seller] * season * learning * fallen * PRODUCT_CLOSING[leads.product]
    return np.minimum(found, 0.97)


def reaching(made: Firm, leads: Leads, gives_up: Any = None) -> Any:
    """The chance that a lead is spoken with at all."""
    tries = np.where((made.gives_up if gives_up is None else gives_up)[leads.seller], 1, ATTEMPTS)
    return 1 - (1 - made.reach[leads.channel]) ** tries


def write(made: Firm, folder: Path) -> Life:
    """Draw the firm's life, write it as CSV tables, and return what `truth` needs of it."""
    random = np.random.default_rng([made.seed, 5, abs(hash_of(made.scenario))])
    leads = deal_out(made, random)
    n = len(leads.day)
    end = (AS_OF - FIRST).days * DAY
    wait = waits(made, leads, random)
    tries = np.where(made.gives_up[leads.seller], 1, ATTEMPTS)
    success = random.geometric(made.reach[leads.channel])
    spoke, made_calls = success <= tries, np.minimum(success, tries)
    gaps = random.uniform(40, 900, (n, ATTEMPTS)) * 60
    attempts = leads.created[:, None] + wait[:, None] + np.concatenate([np.zeros((n, 1)), np.cumsum(gaps[:, 1:], axis=1)], axis=1)
    answered = np.where(spoke, attempts[np.arange(n), made_calls - 1], np.inf)
    passed = random.random((n, 4)) < chances(made, leads, wait)
    passed = np.logical_and.accumulate(passed & spoke[:, None], axis=1)
    slow = 1 + (0.5 * np.sin(2 * np.pi * ((leads.day + 274) % 365 - 20) / 365) if made.slow_season else np.zeros(n))
    steps = answered[:, None] + np.cumsum(random.gamma(2.0, made.days / 2, (n, 4)) * slow[:, None], axis=1) * DAY
    steps = np.where(passed, steps, np.inf)
    won = passed[:, 3] & (steps[:, 3] <= end)
    last = np.where(np.isfinite(steps), steps, 0).max(axis=1)
    stopped = np.maximum(last, np.where(spoke, answered, attempts[np.arange(n), made_calls - 1] + 3 * DAY))
    lost_at = stopped + (random.exponential(11, n) + 1) * DAY
    is_lost = ~passed[:, 3] & (random.random(n) > 0.1) & (lost_at <= end)
    if made.moved:  # some that were lost come back and sign
        back = is_lost & passed[:, 1] & (random.random(n) < 0.03) & (lost_at + 40 * DAY < end)
        steps[back, 3], won, is_lost = lost_at[back] + 40 * DAY, won | back, is_lost & ~back
    price = PRICES[leads.product] * random.lognormal(0, 1.1 if made.heavy else 0.4, n)
    depth = np.clip(random.normal(0.05 * made.discount[leads.seller], 0.02, n), 0, 0.4)
    customer = np.where(random.random(n) < (0.4 if made.heavy else 0.02), random.integers(0, max(n // 12, 1), n), np.arange(n) + n)
    owner = np.where(random.random(n) < made.moved, random.integers(0, made.sellers, n), leads.seller)
    channel = np.where(random.random(n) < made.unknown_channels, "", np.char.add("C", leads.channel.astype(str)))
    closed = np.where(won, steps[:, 3], np.where(is_lost, lost_at, np.nan))
    frame = pd.DataFrame(
        {
            "deal_id": [f"d{i}" for i in range(n)], "created_at": _moments(leads.created), "manager": [f"S{i}" for i in owner], "channel": channel,
            "product": [f"P{i}" for i in leads.product], "customer_id": [f"c{i}" for i in customer], "outcome": np.where(won, "won", np.where(is_lost, "lost", "open")),
            "closed_at": _moments(closed), **{name: _moments(np.where(steps[:, i] <= end, steps[:, i], np.nan)) for i, name in enumerate(STEPS)},
            "list_amount": np.where(passed[:, 2], np.round(price, 2), np.nan), "amount": np.where(passed[:, 2], np.round(price * (1 - depth), 2), np.nan),
            "loss_reason": np.where(is_lost, random.choice(["Price", "Rival", "Later"], n), ""),
        }
    )  # fmt: skip
    frame.to_csv(folder / "deals.csv", index=False)
    _activities(made, leads, attempts, made_calls, spoke, steps, end, random).to_csv(folder / "activities.csv", index=False)
    _tasks(leads, frame, end, random).to_csv(folder / "tasks.csv", index=False)
    teams = pd.DataFrame({"manager": [f"S{i}" for i in range(made.sellers)], "team": [f"T{i % 3}" for i in range(made.sellers)]})
    teams.to_csv(folder / "managers.csv", index=False)
    return Life(leads, price, depth, won, steps)


def _moments(seconds: Any) -> Any:
    start = pd.Timestamp(FIRST)
    return (start + pd.to_timedelta(np.round(seconds), unit="s")).strftime("%Y-%m-%d %H:%M:%S")


def _activities(
    made: Firm, leads: Leads, attempts: Any, calls: Any, spoke: Any, steps: Any, end: float, random: np.random.Generator
) -> pd.DataFrame:
    n = len(calls)
    deal = np.repeat(np.arange(n), calls)
    number = np.concatenate([np.arange(c) for c in calls])
    at = attempts[deal, number]
    talked = spoke[deal] & (number == calls[deal] - 1)
    reached = np.where(np.isfinite(steps) & (steps <= end))
    more_deal, more_at = reached[0], steps[reached] - random.uniform(1, 20, len(reached[0])) * 3600
    kept = more_at > leads.created[more_deal]
    deal, at = np.concatenate([deal, more_deal[kept]]), np.concatenate([at, more_at[kept]])
    talked = np.concatenate([talked, random.random(int(kept.sum())) < 0.6])
    frame = pd.DataFrame(
        {
            "activity_id": [f"a{i}" for i in range(len(deal))], "kind": "call", "at": _moments(at), "deal_id": [f"d{i}" for i in deal],
            "manager": [f"S{i}" for i in leads.seller[deal]], "direction": "out", "result": np.where(talked, "conversation", "no_answer"),
            "duration_s": np.where(talked, random.integers(40, 600, len(deal)), 0), "is_automatic": False,
        }
    )  # fmt: skip
    return frame[at <= end]


def _tasks(leads: Leads, deals: pd.DataFrame, end: float, random: np.random.Generator) -> pd.DataFrame:
    n = len(deals)
    created = leads.created + 3600
    due = created + random.uniform(1, 10, n) * DAY
    is_open = deals["outcome"].eq("open").to_numpy()
    done = np.where(is_open & (random.random(n) < 0.75), np.nan, due + random.normal(-12, 20, n) * 3600)
    done = np.where(np.maximum(done, created + 60) <= end, np.maximum(done, created + 60), np.nan)
    frame = pd.DataFrame(
        {"task_id": [f"t{i}" for i in range(n)], "deal_id": deals["deal_id"], "manager": deals["manager"], "created_at": _moments(created), "due_at": _moments(due), "completed_at": _moments(done)}
    )  # fmt: skip
    return frame[created <= end]
