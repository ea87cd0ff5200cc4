"""The truth about a simulated firm: what each seller and channel would reach with the same leads, and what each planted fault costs."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from firms import DAY, FIRST, Firm, Leads, Life, chances, reaching, waits


def truth(made: Firm, life: Life) -> dict[str, Any]:
    """By KPI, breakdown and segment, the true value with the same leads for all; and what each planted fault costs."""
    leads, price, depth, won, steps = life.leads, life.price, life.depth, life.won, life.steps
    start, stop = ((date(2026, month, 1) - FIRST).days for month in ((4 if made.period.endswith("Q2") else 1), 7))
    random = np.random.default_rng([made.seed, 6])
    inside = (leads.day >= start) & (leads.day < stop)
    chosen = np.flatnonzero(inside)
    sample = random.choice(chosen, 3000)
    values: dict[str, dict[str, dict[str, float]]] = {"manager": {}, "channel": {}, "team": {}}
    for seller in range(made.sellers):
        own = Leads(leads.created[sample], np.full(len(sample), seller), leads.channel[sample], leads.product[sample], leads.day[sample])
        values["manager"][f"S{seller}"] = _reached(replace(made, learns=False), own, random)
    for channel in range(5):
        own = Leads(leads.created[sample], leads.seller[sample], np.full(len(sample), channel), leads.product[sample], leads.day[sample])
        values["channel"][f"C{channel}"] = _reached(made, own, random)
    for team in range(3):
        members = [values["manager"][f"S{seller}"] for seller in range(made.sellers) if seller % 3 == team]
        values["team"][f"T{team}"] = {kpi: float(np.mean([one[kpi] for one in members])) for kpi in members[0]}
    amount = float((price * (1 - depth))[won].mean()) if won.any() else 0.0
    signed = won & (steps[:, 3] >= start * DAY) & (steps[:, 3] < stop * DAY)
    for fault in made.faults:
        fault["loss"] = _loss(
            made, leads, chosen, fault, amount, random, float(price[signed & (leads.seller == int(fault["segment"][1:]))].sum())
        )
    revenue = float((price * (1 - depth))[signed].sum())
    return {"values": values, "faults": made.faults, "revenue": revenue}


def _reached(made: Firm, leads: Leads, random: np.random.Generator) -> dict[str, float]:
    wait = waits(made, leads, random)
    spoke, steps = reaching(made, leads), chances(made, leads, wait)
    through = spoke[:, None] * np.cumprod(steps, axis=1)
    totals = [float(spoke.mean()), *(float(part) for part in through.mean(axis=0))]
    seller = leads.seller
    hour = leads.created % DAY / 3600
    working = wait[(hour >= 9) & (hour < 19)]
    return {
        "never_answered": 1 - totals[0], "one_and_done": float(np.where(made.gives_up[seller], 0.6, 0.0).mean()), "qualification_rate": totals[1],
        "lead_to_key_event_set": totals[2], "qualified_to_key_event_set": totals[2] / totals[1], "key_event_held_rate": totals[3] / totals[2],
        "key_event_to_contract": totals[4] / totals[3], "lead_to_contract": totals[4], "lead_to_contract_projected": totals[4], "win_rate": totals[4] / totals[1],
        "first_response_time": float(np.median(working)) if len(working) else 0.0, "answered_within_1h": float((spoke * (wait <= 3600)).mean()),
        "discount_depth": float(0.05 * made.discount[seller].mean()),
    }  # fmt: skip


def _loss(made: Firm, leads: Leads, chosen: Any, fault: dict[str, Any], amount: float, random: np.random.Generator, listed: float) -> float:
    """What a fault costs: what the segment's own leads would have signed without it, at the mean contract."""
    own = chosen[(leads.channel if fault["by"] == "channel" else leads.seller)[chosen] == int(fault["segment"][1:])]
    part = Leads(*(getattr(leads, name)[own] for name in ("created", "seller", "channel", "product", "day")))
    place = int(fault["segment"][1:])
    if fault["fault"] == "discounter":
        return listed * 0.05 * float(made.discount[place] - np.median(np.delete(made.discount, place)))

    def signs(**changes: Any) -> float:
        delay, gives_up = changes.pop("delay", None), changes.pop("gives_up", None)
        total = 0.0
        for _ in range(10):
            wait = waits(made, part, random, delay)
            total += float((reaching(made, part, gives_up) * chances(made, part, wait, **changes).prod(axis=1)).sum()) / 10
        return total

    usual = {
        "slow": lambda: signs(delay=_with(made.delay, place)), "closer": lambda: signs(closing=_with(made.closing, place)),
        "quitter": lambda: signs(gives_up=np.zeros(made.sellers, bool)), "channel": lambda: signs(quality=_with(made.quality, place)),
    }[fault["fault"]]  # fmt: skip
    return (usual() - signs()) * amount


def _with(values: Any, place: int) -> Any:
    """The same with one of them at the median of the others."""
    changed = values.copy()
    changed[place] = np.median(np.delete(values, place))
    return changed
