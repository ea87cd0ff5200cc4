"""What a finding is worth: the deals it exposes, how far the segment lies from its peers, and what becomes of such deals elsewhere.

    exposure of a deal = its worth × what it would still become × the part of such deals that was avoidable × the recoverable part

The avoidable part brings the segment to the median of its peers (or to the target, the norm, its own past), never to the best. A
deal that several findings expose counts for the one that exposes it most, so that the parts never add up to more than the deals.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.findings.finding import Finding, Money
from salesqc_lib.findings.watch import OF
from salesqc_lib.findings.worth import STEPS, Estimate, Worth, product
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import CHANNEL
from salesqc_lib.measure import Measurement, cases
from salesqc_lib.params.model import Assumptions

ON_CONTRACTS = ("discount", "amount")  # levers whose money lies in the contracts themselves
# the cases of a time are told by the share that goes with it
CASES_OF = {"first_response_time": "answered_within_1h"}


@dataclass(frozen=True)
class Exposed:
    """A finding with its cases and what each exposes: `exposure` in money, or the reason why it cannot be valued.

    `factor`: low and high ends as multiples of the exposure.
    """

    finding: Finding
    cases: pd.DataFrame
    factor: tuple[float, float] = (1.0, 1.0)
    risk: float = 1.0
    why_not: str = ""


def value(findings: Sequence[Finding], worth: Worth, measured: Measurement) -> list[tuple[Finding, pd.DataFrame]]:
    """Each finding with its money and its cases; each deal's money stands with one finding only."""
    exposed = [_most(finding, worth, measured) for finding in findings]
    owner = _attributed(exposed)
    found = []
    for i, one in enumerate(exposed):
        frame = one.cases
        if one.why_not:
            found.append((replace(one.finding, money=Money(risk=one.risk, why_not=one.why_not), evidence=len(frame)), frame))
            continue
        alone = float(frame["exposure"].sum())
        mine = frame["deal_id"].map(owner).eq(i) | frame["exposure"].eq(0)
        frame = frame.assign(exposure=frame["exposure"].where(mine, 0.0))
        base = float(frame["exposure"].sum())
        if base <= 0:
            money = Money(risk=one.risk, why_not="counted_elsewhere", alone=alone)
            found.append((replace(one.finding, money=money, evidence=len(frame)), frame))
            continue
        money = Money(base * one.factor[0], base, base * one.factor[1], one.risk, alone=alone)
        found.append((replace(one.finding, money=money, evidence=len(frame)), frame))
    return found


def _most(finding: Finding, worth: Worth, measured: Measurement) -> Exposed:
    """A finding by its own cases, or by those of what follows from it where these expose more: who gives up after one call is
    seen in the leads that nobody answered."""
    own = _exposed(finding, worth, measured)
    others = [_exposed(follower, worth, measured) for follower in finding.followers if follower.rule in ("peers", "past")]
    best = max([own, *others], key=lambda one: -1.0 if one.why_not else float(one.cases["exposure"].sum()))
    if best.why_not or best is own:
        return own
    if OF[best.finding.kpi].lever not in ON_CONTRACTS and "deal_id" in own.cases:
        own = replace(own, cases=own.cases[~_is_won(own.cases, worth)])
    # the finding's own cases stay in its list, also those that the exposure of what follows does not touch
    rest = own.cases[~own.cases["deal_id"].isin(best.cases["deal_id"])] if "deal_id" in own.cases else own.cases.iloc[:0]
    both = pd.concat([best.cases, rest.assign(exposure=0.0)], ignore_index=True)
    return replace(best, finding=finding, cases=both[[name for name in both if name != "exposure"] + ["exposure"]])


def _attributed(exposed: Sequence[Exposed]) -> dict[str, int]:
    """Which finding each deal belongs to: the one that exposes most of it."""
    best: dict[str, tuple[float, int]] = {}
    for i, one in enumerate(exposed):
        if not one.why_not:
            for deal, exposure in zip(one.cases["deal_id"], one.cases["exposure"], strict=True):
                if exposure > best.get(deal, (0.0, -1))[0]:
                    best[deal] = exposure, i
    return {deal: place for deal, (_, place) in best.items()}


def _exposed(finding: Finding, worth: Worth, measured: Measurement) -> Exposed:
    frame = _cases(finding, worth)
    lever = OF[finding.kpi].lever
    risk = worth.assumptions.recoverable_channel if finding.by == CHANNEL else worth.assumptions.recoverable
    if why_not := _why_not(finding, lever, frame, worth):
        return Exposed(finding, frame, risk=risk, why_not=why_not)
    if lever in ON_CONTRACTS:
        return _exposed_contracts(finding, lever, frame, worth, risk)
    # what was won in spite of it is not lost: no such deal stands behind money
    frame = frame[~_is_won(frame, worth)].reset_index(drop=True)
    if frame.empty:
        return Exposed(finding, frame, risk=risk, why_not="no_effect")
    if CATALOGUE[CASES_OF.get(finding.kpi, finding.kpi)].kind != "share":
        return Exposed(finding, frame, risk=risk, why_not="not_valued")
    return _exposed_deals(finding, lever, frame, worth, measured, risk)


def _why_not(finding: Finding, lever: str, frame: pd.DataFrame, worth: Worth) -> str:
    """Why a finding cannot be valued from the start, or ''."""
    if not lever:
        return "not_valued"
    if finding.rule in ("norm", "target") and lever.endswith("_at"):
        return "outcome"  # an outcome is made of its parts: they are valued
    if "deal_id" not in frame or not len(frame):
        return "no_deals"
    if lever == "neglect" and worth.dataset.shapes["deals"].one_sided == "no_losses":
        return "no_losses"  # what is open for long may be lost, and was never closed
    return "no_amounts" if np.isnan(worth.amount[0]) else ""


def _is_won(frame: pd.DataFrame, worth: Worth) -> "pd.Series[bool]":
    return frame["deal_id"].map(worth.deals["is_won"]).eq(True)


def _exposed_contracts(finding: Finding, lever: str, frame: pd.DataFrame, worth: Worth, risk: float) -> Exposed:
    """Money on each contract: a discount, or an amount that was larger before."""
    of_deals, gap = worth.deals.reindex(frame["deal_id"]), _gap(finding)
    amounts = of_deals["list_amount"].to_numpy() if lever == "discount" else np.ones(len(frame))
    exposure = np.minimum(np.nan_to_num(amounts) * gap[0], of_deals["worth"].to_numpy()) * risk
    exposure[frame["deal_id"].duplicated().to_numpy()] = 0.0
    return Exposed(finding, frame.assign(exposure=exposure), _ends(gap), risk)


def _exposed_deals(finding: Finding, lever: str, frame: pd.DataFrame, worth: Worth, measured: Measurement, risk: float) -> Exposed:
    """Deals that would have become contracts more often."""
    of_deals = worth.deals.reindex(frame["deal_id"])
    gap = _in_time_gap(finding, measured) if finding.kpi in CASES_OF else _gap(finding)
    onward = _onward(lever, worth, measured)
    if np.isnan(onward[0]) or np.isnan(gap[0]):
        return Exposed(finding, frame, risk=risk, why_not="no_returns" if lever == "return" else "too_few")
    if gap[0] <= 0 or onward[0] <= 0:
        return Exposed(finding, frame, risk=risk, why_not="no_effect")
    avoidable = min(1.0, gap[0] * _counted(finding, measured) / len(frame))
    chance = _neglected(of_deals, worth) if lever == "neglect" else np.full(len(frame), onward[0])
    exposure = np.nan_to_num(of_deals["worth"].to_numpy() * chance * avoidable * risk)
    exposure[frame["deal_id"].duplicated().to_numpy()] = 0.0  # a deal with two cases is lost once
    if exposure.sum() <= 0:
        return Exposed(finding, frame, risk=risk, why_not="no_effect")  # as open deals that somebody touched lately
    unit = worth.amount if of_deals["amount"].isna().mean() > 0.5 else (1.0, 1.0, 1.0)
    ends = _ends(product(gap, onward, _relative(unit)))
    # no deal is worth more than itself
    most = 1.0 / max(avoidable * float(np.max(chance)), 1e-12)
    return Exposed(finding, frame.assign(exposure=exposure), (ends[0], min(ends[1], most)), risk)


def _cases(finding: Finding, worth: Worth) -> pd.DataFrame:
    """The cases that count against: those that did not reach what is better higher, or did what is better lower."""
    kpi = CASES_OF.get(finding.kpi, finding.kpi)
    if kpi not in CATALOGUE or CATALOGUE[kpi].kind in ("count", "sum", "ratio"):
        return pd.DataFrame()  # these have no cases
    frame = cases(worth.dataset, worth.period, kpi, finding.by, [finding.segment] if finding.by else [])
    if "counted" in frame:
        against = 0 if CATALOGUE[kpi].better == "higher" else 1
        frame = frame[frame["counted"] == against].drop(columns="counted")
    return frame.reset_index(drop=True)


def _counted(finding: Finding, measured: Measurement) -> float:
    """How many cases the share is of."""
    kpi = CASES_OF.get(finding.kpi, finding.kpi)
    return float(measured.row(kpi, finding.by, finding.segment)["n"])


def _gap(finding: Finding) -> Estimate:
    """How much worse than the peers, with the interval of the difference (from the two intervals)."""
    sign = 1.0 if CATALOGUE[finding.kpi].better == "higher" else -1.0
    gap = sign * (finding.peer - finding.value)
    own = (finding.value - finding.low, finding.high - finding.value)
    peer = (finding.peer - finding.peer_low, finding.peer_high - finding.peer)
    up, down = (own[0], peer[1]), (own[1], peer[0])  # what makes the gap larger, where higher is better
    if sign < 0:
        up, down = (own[1], peer[0]), (own[0], peer[1])
    return gap, gap - (down[0] ** 2 + down[1] ** 2) ** 0.5, gap + (up[0] ** 2 + up[1] ** 2) ** 0.5


def _in_time_gap(finding: Finding, measured: Measurement) -> Estimate:
    """The gap of a slow segment in answers in time."""
    row = measured.row("answered_within_1h", finding.by, finding.segment)
    if not finding.by:
        peer = float(row["previous"]) if finding.rule == "past" else float("nan")
        return peer - row["value"], peer - row["high"], peer - row["low"]
    others = measured.segments("answered_within_1h", finding.by)
    others = others[~others["segment"].isin([finding.segment, UNSET]) & (others["n"] >= CATALOGUE["answered_within_1h"].min_n)]
    if others.empty:
        return (float("nan"),) * 3
    peer = float(others["value"].median())
    return peer - row["value"], peer - row["high"], peer - row["low"]


def _onward(lever: str, worth: Worth, measured: Measurement) -> Estimate:
    if lever == "answered":
        return worth.answered
    if lever == "in_time":
        return worth.in_time
    if lever == "neglect":
        return 1.0, 1.0, 1.0  # the chance is each deal's own
    if lever == "return":
        row = measured.row("reactivated") if "reactivated" in set(measured.frame["kpi"]) else None
        if row is None or np.isnan(row["value"]) or row["n"] < CATALOGUE["reactivated"].min_n:
            return (float("nan"),) * 3
        return float(row["value"]), float(row["low"]), float(row["high"])
    return worth.onward(lever)


def _neglected(of_deals: pd.DataFrame, worth: Worth) -> np.ndarray:
    """The chance that an open deal loses by being left alone: that of its step, by how long nobody touched it."""
    onward = {step: worth.onward(step)[0] for step in STEPS[1:]} | {"": worth.answered[0]}
    chance = of_deals["step"].map(onward).fillna(0.0).to_numpy(float)
    given = worth.assumptions
    idle = of_deals["idle_days"].to_numpy(float)
    band = np.select([idle >= 90, idle >= 60, idle >= 30], [given.neglected_90, given.neglected_60, given.neglected_30], 0.0)
    found: np.ndarray = np.nan_to_num(chance) * band
    return found


def _relative(estimate: Estimate) -> Estimate:
    return 1.0, estimate[1] / estimate[0], estimate[2] / estimate[0]


def _ends(estimate: Estimate) -> tuple[float, float]:
    """Low and high as multiples of the value; a loss is never negative."""
    base, low, high = estimate
    return (max(0.0, low / base), max(1.0, high / base)) if base > 0 and np.isfinite(low) and np.isfinite(high) else (0.0, 1.0)


def used(assumptions: Assumptions) -> dict[str, float]:
    """The assumptions behind the money, by name."""
    return {name: value for name, value in assumptions.model_dump().items() if value is not None and name != "gross_margin"}
