"""From findings to what to do first: actions with whom they concern, their money and effort, and the day to check them by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from salesqc_lib.findings import Finding, Findings, Money
from salesqc_lib.findings.find import as_frame, gaps_of
from salesqc_lib.kpi.card import MANAGER
from salesqc_lib.measure import Measurement
from salesqc_lib.recommendations.actions import ACTIONS, Action, Trigger
from salesqc_lib.words import Language

_URGENCY = {"critical": 3.0, "major": 2.0, "minor": 1.0, "note": 0.0}
MONEYLESS = 0.004  # of the period's revenue: what a finding that cannot be valued weighs, per step of its severity


@dataclass(frozen=True)
class Recommendation:
    """One action with the findings that call for it, the heaviest first. `money` is what is certain of those that stand with it;
    `check_by` the day on which its measure is looked at."""

    action: Action
    findings: tuple[Finding, ...]
    money: Money
    rank: float
    check_by: date

    @property
    def check(self) -> str:
        """The measure by which one will know."""
        touched = {kpi for finding in self.findings for kpi in (finding.kpi, *finding.consequences)}
        return self.action.check if self.action.check in touched else self.findings[0].kpi

    @property
    def places(self) -> list[tuple[str, str]]:
        """For whom: breakdown and segment, the heaviest first."""
        return list(dict.fromkeys(finding.place for finding in self.findings))


@dataclass(frozen=True)
class Recommendations(Sequence[Recommendation]):
    """Recommendations in the order of money over effort."""

    items: tuple[Recommendation, ...]
    findings: Findings
    answers: dict[str, Action]  # by the id of a finding: the action that its money stands with

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        return self.items[place]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Recommendation]:
        return iter(self.items)

    def of(self, finding: Finding) -> Recommendation | None:
        """The recommendation that answers a finding and holds its money."""
        return next((one for one in self.items if one.action is self.answers.get(finding.id)), None)

    def frame(self, language: Language) -> pd.DataFrame:
        """The findings with what to do about them, as in `findings.csv`."""
        frame = as_frame(self.findings)
        chosen = [self.of(finding) for finding in self.findings]
        frame["action"] = [one.action.title[language] if one else "" for one in chosen]
        frame["owner"] = [one.action.owner[language] if one else "" for one in chosen]
        frame["horizon_days"] = [float(one.action.horizon) if one else float("nan") for one in chosen]
        frame["evidence"] = [f"evidence/{finding.id}.csv" if finding.id in self.findings.evidence else "" for finding in self.findings]
        return pd.concat([frame, gaps_of(self.findings)], axis=1)


def recommend(findings: Findings, measured: Measurement, since: date) -> Recommendations:
    """Actions for the findings, ranked by money over effort. A finding's money stands with the first action that answers it.

    What cannot be valued weighs a small part of the revenue by its severity, so that it is not lost behind every valued trifle.
    """
    profiles = _profiles(measured)
    called = [
        (action, [finding for finding in findings.faults if any(_fits(trigger, finding, profiles) for trigger in action.when)])
        for action in ACTIONS
    ]
    revenue = findings.revenue if findings.revenue > 0 else 1.0
    taken: dict[str, Action] = {}
    found = []
    for action, answered in sorted((pair for pair in called if pair[1]), key=lambda pair: -_weight(pair[1], revenue) / pair[0].effort):
        own = [finding for finding in answered if finding.id not in taken]
        taken |= {finding.id: action for finding in own}
        money = Money.total(finding.money for finding in own if finding.money_grade == "certain")
        weight = _weight(own, revenue) if own else 0.0
        found.append(Recommendation(action, tuple(answered), money, weight / action.effort, since + timedelta(action.horizon)))
    return Recommendations(tuple(sorted(found, key=lambda one: -one.rank)), findings, taken)


def _weight(findings: Sequence[Finding], revenue: float) -> float:
    return sum(
        finding.money.base if finding.money.is_known and not finding.money.is_apart else MONEYLESS * revenue * _URGENCY[finding.severity]
        for finding in findings
    )


def _fits(trigger: Trigger, finding: Finding, profiles: dict[str, set[str]]) -> bool:
    is_named = trigger.kpi == finding.kpi and finding.rule in trigger.rules and (not trigger.by or finding.by in trigger.by)
    is_named &= not trigger.reason or trigger.reason == finding.reason
    return is_named and (not trigger.profile or (finding.by == MANAGER and finding.segment in profiles.get(trigger.profile, set())))


def _profiles(measured: Measurement) -> dict[str, set[str]]:
    """Sellers by what the tables of the catalogue say of them: strong openers, and those whose activity is above the usual."""
    found: dict[str, set[str]] = {}
    for name, kpi, column in (("opener", "opener_closer", "opens_level"), ("busy", "activity_vs_result", "per_day_level")):
        table = measured.tables.get(kpi)
        if table is not None and column in table.columns:
            found[name] = set(table.loc[(table["by"] == MANAGER) & (table[column] == "above"), "segment"].astype(str))
    return found
