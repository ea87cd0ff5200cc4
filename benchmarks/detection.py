"""How good the findings are: simulated companies with planted faults of graded strength, and companies without any, are audited.

    .venv/bin/python benchmarks/detection.py [--companies 240] [--jobs 2]

Recall by strength and size, precision, false findings per clean company, and in how many companies the range of money before the
recoverable part is taken off holds the true loss. The truth comes from the simulation: what the same leads would have signed
without the fault, from a large company in which everybody has it against one in which nobody has.
"""

import argparse
import tempfile
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.demo.make import write_canonical
from salesqc_lib.demo.profiles import OLKHA, Channel, Company, Seller
from salesqc_lib.demo.simulate import simulate

FIRST, AS_OF, PERIOD = date(2025, 9, 1), date(2026, 8, 15), "2026-H1"
SIZES = {"small": (4, 3.0), "medium": (7, 8.0), "large": (12, 20.0)}  # sellers, leads a day
GRADES = {
    "slow_seller": {"weak": 3.0, "moderate": 6.0, "strong": 12.0},
    "weak_closer": {"weak": 0.8, "moderate": 0.6, "strong": 0.4},
    "discounter": {"weak": 1.3, "moderate": 1.8, "strong": 2.6},
    "quitter": {"strong": 1.0},
    "bad_channel": {"weak": 0.8, "moderate": 0.6, "strong": 0.4},
    "lunch_gap": {"strong": 0.5},
}
# what an audit may say of a planted fault: any of these, on the right segment, names it
NAMES = {
    "slow_seller": {"first_response_time", "answered_within_1h"},
    "weak_closer": {"key_event_to_contract", "win_rate", "lead_to_contract"},
    "discounter": {"discount_depth"},
    "quitter": {"one_and_done", "never_answered"},
    "bad_channel": {"qualification_rate", "lead_to_contract", "win_rate"},
    "lunch_gap": {"missed_calls"},
}
NO_LUNCH = 99
HEAD = """\
client: {{id: company, name: Company}}
report: {{language: en, currency: EUR, timezone: Europe/Moscow}}
source: {{kind: tables, folder: data, as_of: {as_of}T00:00:00}}
stages: {{New request: lead, Qualified: qualified, Survey booked: key_event_set, Survey done: key_event_held, Contract signed: contract, Installed: act, Lost: lost}}
calendar: {{country: RU, hours: "09:00-19:00", days: [mon, tue, wed, thu, fri, sat]}}
"""


@dataclass(frozen=True)
class Fault:
    name: str
    grade: str
    strength: float
    by: str
    segment: str


def company(seed: int, size: str) -> tuple[Company, list[Fault]]:
    """A company of its own: sellers who differ a little by nature, and up to three planted faults on different segments."""
    random = np.random.default_rng([seed, 4711])
    count, leads = SIZES[size]
    sellers = [
        Seller(f"S{i + 1}", f"T{i % 3 + 1}", *(float(random.lognormal(0, 0.05)) for _ in range(3))) for i in range(count)
    ]  # fmt: skip
    channels = [Channel(f"C{i + 1}", 1 / 5, float(random.lognormal(0, 0.05)), 900.0) for i in range(5)]
    faults: list[Fault] = []
    free = list(range(count))
    random.shuffle(free)
    names = [] if seed % 4 == 0 else list(random.choice(list(GRADES), size=int(random.integers(1, 4)), replace=False))
    for name in names:
        grade = str(random.choice(list(GRADES[name])))
        strength = GRADES[name][grade]
        if name == "bad_channel":
            channels[0] = replace(channels[0], quality=strength)
            faults.append(Fault(name, grade, strength, "channel", "C1"))
        elif name == "lunch_gap":
            faults.append(Fault(name, grade, strength, "hour", "13"))
        else:
            i = free.pop()
            sellers[i] = afflicted(sellers[i], name, strength)
            faults.append(Fault(name, grade, strength, "manager", sellers[i].name))
    lunch = 13 if "lunch_gap" in names else NO_LUNCH
    made = replace(
        OLKHA, id="company", seed=seed + 1, sellers=tuple(sellers), channels=tuple(channels), leads_a_day=leads, first_day=FIRST,
        as_of=AS_OF, lunch_hour=lunch,
    )  # fmt: skip
    return made, faults


def afflicted(seller: Seller, name: str, strength: float) -> Seller:
    changes: dict[str, Any] = {
        "slow_seller": {"delay": strength}, "weak_closer": {"closing": strength}, "discounter": {"discount": strength}, "quitter": {"gives_up": True},
    }[name]  # fmt: skip
    return replace(seller, **changes)


def nature(made: Company, fault: Fault) -> tuple[float, float]:
    """How much more often than in the large company the afflicted segment's leads would sign: without the fault, and with it.

    The fault alone is what is held against the range: a slow seller is compared with the same seller answering in time, a weak
    closer with the same seller closing as the median of the others does, a channel with the median of the others.
    """
    parts = sum(channel.part for channel in made.channels)
    quality = sum(channel.part * channel.quality for channel in made.channels) / parts
    if fault.by == "channel":
        skill = float(np.mean([seller.opening * seller.closing for seller in made.sellers]))
        return float(np.median([channel.quality for channel in made.channels if channel.name != fault.segment])) * skill, skill
    own = next(seller for seller in made.sellers if seller.name == fault.segment)
    if fault.name == "weak_closer":
        others = [seller.closing for seller in made.sellers if seller.name != fault.segment]
        return own.opening * quality * float(np.median(others)), own.opening * quality
    return own.opening * own.closing * quality, own.opening * own.closing * quality


@cache
def worth_of_a_lead(name: str, strength: float) -> float:
    """Contracts per lead in a large company in which everybody is so: the truth that the money ranges are held against."""
    sellers = tuple(
        Seller(f"S{i}", "T") if not name or name == "bad_channel" else afflicted(Seller(f"S{i}", "T"), name, strength) for i in range(8)
    )
    quality = strength if name == "bad_channel" else 1.0
    big = replace(
        OLKHA, seed=97, sellers=sellers, channels=tuple(Channel(f"C{i}", 0.2, quality, 900.0) for i in range(5)), leads_a_day=110.0,
        first_day=date(2026, 2, 1), as_of=AS_OF, lunch_hour=NO_LUNCH,
    )  # fmt: skip
    deals = [deal for deal in simulate(big).deals if deal["is_target"] and deal["created_at"].date() < date(2026, 7, 1)]
    end = datetime(2026, 8, 15, tzinfo=deals[0]["created_at"].tzinfo)
    # counted, not summed: prices differ a hundred times more than chances do
    signed = sum(1 for deal in deals if deal["outcome"] == "won" and deal["contract"] < end)
    return signed / len(deals)


def audited(task: tuple[int, str]) -> dict[str, Any]:
    """One company: what was planted, what was found, what it was said to cost."""
    warnings.simplefilter("ignore")
    from salesqc_lib.dataset import Dataset
    from salesqc_lib.findings import find
    from salesqc_lib.measure import measure
    from salesqc_lib.params import read
    from salesqc_lib.period import Period

    seed, size = task
    made, faults = company(seed, size)
    history = simulate(made)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "data").mkdir()
        write_canonical(history, Path(folder) / "data")
        (Path(folder) / "company.yaml").write_text(HEAD.format(as_of=AS_OF), encoding="utf-8")
        dataset = Dataset.read(read(Path(folder) / "company.yaml"))
        period = Period.parse(PERIOD)
        measured = measure(dataset, period)
        findings = find(dataset, period, measured)
    start, end = period.bounds(dataset.parameters.zone)
    leads = [deal for deal in history.deals if deal["is_target"] and start <= deal["created_at"] < end]
    contracts = [deal for deal in history.deals if deal["outcome"] == "won" and start <= deal["contract"] < end]
    places = {(fault.by, fault.segment): fault for fault in faults}
    wrong = [f"{one.rule}:{one.kpi}:{one.by}" for one in findings.faults if not _is_true(one, places)]
    found = []
    for fault in faults:
        named = [one for one in findings.faults if one.place == (fault.by, fault.segment) and one.kpi in NAMES[fault.name]]
        own = [deal for deal in leads if deal.get(fault.by if fault.by != "hour" else "", "") == fault.segment]
        loss = float("nan")
        if fault.name == "discounter":
            lists = [deal["list_amount"] for deal in contracts if deal["manager"] == fault.segment]
            loss = sum(lists) * 0.05 * (fault.strength - 1)
        elif fault.name != "lunch_gap":
            amount = float(np.mean([deal["amount"] for deal in contracts]))
            usual, worse = nature(made, fault)
            loss = len(own) * (worth_of_a_lead("", 1.0) * usual - worth_of_a_lead(fault.name, fault.strength) * worse) * amount
        money = named[0].money if named else None
        known = money is not None and money.is_known
        # before deals are shared out between findings: the truth of one fault knows nothing of the others
        whole = money.alone / money.base if money and known and money.base else float("nan")
        ends = tuple(end * whole / money.risk for end in (money.low, money.base, money.high)) if money and known else (np.nan,) * 3
        found.append(
            {
                "fault": fault.name,
                "grade": fault.grade,
                "found": bool(named),
                "loss": loss,
                "low": ends[0],
                "base": ends[1],
                "high": ends[2],
            }
        )
    return {
        "seed": seed,
        "size": size,
        "faults": found,
        "wrong": wrong,
        "said": len([one for one in findings.faults if one.rule != "norm"]),
        "looked_at": findings.looked_at,
        "norms": len([one for one in findings.faults if one.rule == "norm"]),
    }


def _is_true(finding: Any, places: dict[tuple[str, str], Fault]) -> bool:
    """Whether a finding speaks of a planted fault. A norm is a fact about the whole company, the same for all of them here; it is
    left out of the count unless the clean company keeps it."""
    if finding.rule == "norm":
        return finding.kpi in BROKEN or bool(places)
    if finding.place in places:
        return True
    # a quitter also leaves deals without a task, a team holds its seller
    return finding.by == "team" and any(fault.by == "manager" for fault in places.values())


# norms that the simulated clean company does not keep: its tasks are often late, a quarter of its open deals has no
# task, under half of its reviewed talks end with a next step; a plan that was missed is a fact
BROKEN = {
    "no_next_task",
    "overdue_tasks",
    "idle_deals",
    "past_close_date",
    "reviewer_agreement",
    "followed_up_after_refusal",
    "review_coverage",
    "next_step_agreed",
    "plan_attainment",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--companies", type=int, default=240)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    tasks = [(seed, list(SIZES)[(seed // 4) % 3]) for seed in range(given.companies)]
    begun = perf_counter()
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(audited, tasks, chunksize=4))
    report(results, perf_counter() - begun)


def report(results: list[dict[str, Any]], took: float) -> None:
    faults = pd.DataFrame([{**fault, "size": one["size"]} for one in results for fault in one["faults"]])
    clean = [one for one in results if not one["faults"]]
    said, wrong = sum(one["said"] for one in results), sum(len(one["wrong"]) for one in results)
    print(
        f"{len(results)} companies ({len(clean)} clean) in {took:.0f} s; {np.mean([one['looked_at'] for one in results]):.0f} comparisons each"
    )
    print("\nrecall by strength and size")
    print(faults.pivot_table(index=["fault", "grade"], columns="size", values="found", aggfunc="mean", margins=True).round(2).to_string())
    print(faults.groupby("grade")["found"].agg(["mean", "count"]).round(3).to_string())
    print(
        f"\nfindings {said}, false {wrong} ({wrong / max(said, 1):.1%}); false per clean company {np.mean([len(one['wrong']) for one in clean]):.2f}"
    )
    kinds = pd.Series([name for one in results for name in one["wrong"]]).value_counts()
    print(kinds.to_string() if len(kinds) else "")
    valued = faults[faults["low"].notna() & faults["loss"].notna()]
    held = (valued["low"] <= valued["loss"]) & (valued["loss"] <= valued["high"])
    print("\nmoney: the range holds the true loss")
    print(
        pd.DataFrame({"fault": valued["fault"], "grade": valued["grade"], "held": held, "ratio": valued["base"] / valued["loss"]})
        .groupby(["fault", "grade"])
        .agg({"held": "mean", "ratio": ["median", "count"]})
        .round(2)
        .to_string()
    )
    print(f"all: {held.mean():.3f} of {len(held)}")


if __name__ == "__main__":
    main()
