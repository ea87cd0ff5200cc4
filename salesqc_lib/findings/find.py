"""`find`: from the measurements to findings. Each is beyond chance, large, and no one else's doing; one cause is one finding."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.findings.causes import without_consequences, without_totals
from salesqc_lib.findings.finding import FAULTS, SEVERITIES, Finding, Findings, Money, Severity
from salesqc_lib.findings.left import deals_of_people_who_left
from salesqc_lib.findings.looks import Look, looks, standing
from salesqc_lib.findings.money import Stakes, used
from salesqc_lib.findings.past import SURE as SURE_FALL
from salesqc_lib.findings.past import changes, falls
from salesqc_lib.findings.practice import absent
from salesqc_lib.findings.told import changed, divided, explained, missing, new_sellers, no_difference, unripe
from salesqc_lib.findings.watch import OF, WATCHED, family_of
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import TEAM
from salesqc_lib.measure import Measurement
from salesqc_lib.measure.windows import windows_of
from salesqc_lib.period import Period
from salesqc_lib.statistics.peers import tail_p

CRITICAL, MAJOR = 0.1, 0.03  # of the period's revenue
SURE = 0.01


def find(dataset: Dataset, period: Period, measured: Measurement) -> Findings:
    """The findings of a period, in the order of their weight, with money and the cases behind them.

    Sellers, teams, channels and hours against each other: certain or likely by the hierarchical model of each figure. The department
    against the year before: within channel, product and seller, corrected for all changes looked at. Against targets and norms:
    counted. Then what follows from another finding is folded into it.
    """
    window = windows_of(dataset, period)[0]
    is_running = dataset.as_of < window.end
    known = set(measured.frame.loc[(measured.frame["by"] == "") & measured.frame["value"].notna(), "kpi"])
    found_changes = changes(dataset, period, [one.kpi for one in WATCHED if one.past and one.kpi in known & set(CATALOGUE)])
    fallen, held_against_past = falls(measured, found_changes)
    looked = [*looks(measured, dataset.parameters, is_running=is_running), *fallen]
    roots = without_consequences([look.finding for look in looked])
    roots = without_totals(roots, _StandsWithout(dataset, measured, looked))
    stakes = Stakes(dataset, period, measured)
    revenue = measured.value("revenue") if "revenue" in set(measured.frame["kpi"]) else float("nan")
    graded = [(replace(finding, severity=_severity(finding, revenue)), frame) for finding, frame in stakes.value(roots)]
    if left := deals_of_people_who_left(dataset):
        graded.append(left)
    graded += [(finding, pd.DataFrame()) for finding in absent(dataset)]
    graded.sort(key=lambda pair: _weight(pair[0]))
    numbered = [(replace(finding, id=f"f{place:02}"), frame) for place, (finding, frame) in enumerate(graded, 1)]
    notes = [
        *changed(measured, found_changes, [finding for finding, _ in graded]),
        *explained(measured),
        *divided(measured),
        *new_sellers(measured),
        *unripe(measured),
        *no_difference(measured),
        *missing(measured),
    ]
    told = [replace(note, id=f"n{place:02}") for place, note in enumerate(notes, 1)]
    evidence = {finding.id: frame for finding, frame in numbered if len(frame)}
    has_money = any(finding.money.is_known and not finding.money.is_apart and finding.money_grade == "certain" for finding, _ in numbered)
    compared = _compared(measured) | {"past": held_against_past}
    past = sum(1 for one in looked if one.rule == "past" and one.grade == "certain")
    wrong = sum(1 - one.chance for one in looked if one.rule == "peers" and one.grade == "certain") + min(
        past, SURE_FALL * held_against_past
    )
    control = stakes.control() if has_money else 0.0
    return Findings(
        (*(finding for finding, _ in numbered), *told), evidence, measured.reader, {family: n for family, n in compared.items() if n}, float(wrong),
        control, used(dataset.parameters.assumptions), revenue, changes=found_changes,
    )  # fmt: skip


def _compared(measured: Measurement) -> dict[str, int]:
    """How many segments of watched figures were held against their peers, by family."""
    told = measured.compared[measured.compared["verdict"].isin(["certain", "likely", "usual"])]
    found = {"outcomes": 0, "process": 0}
    for kpi, by in zip(told["kpi"], told["by"], strict=True):
        if kpi in OF and by in OF[kpi].by:
            found[family_of(kpi)] += 1
    return found


class _StandsWithout:
    """Whether a team's or the department's finding stands once the sellers (or channels) found inside it are taken out."""

    def __init__(self, dataset: Dataset, measured: Measurement, looked: Sequence[Look]) -> None:
        self.dataset, self.measured, self.looked = dataset, measured, looked

    def __call__(self, whole: Finding, parts: Sequence[Finding]) -> bool:
        inside = [part for part in parts if whole.by != TEAM or part.segment in self._members(whole.segment)]
        if not inside:
            return True
        look = next(look for look in self.looked if look.key == (whole.kpi, whole.by, whole.segment) and look.rule == whole.rule)
        if whole.rule == "past":
            return True  # the change is the department's, whoever made it
        if np.isnan(look.row["k"]):
            return whole.by != TEAM
        return all(self._stands(look, [part for part in inside if part.by == by]) for by in {part.by for part in inside})

    def _members(self, team: str) -> set[str]:
        rows = self.dataset.con.execute("SELECT DISTINCT manager, team FROM facts.deals").fetchall()
        return {str(manager) for manager, of in rows if of == team}

    def _stands(self, look: Look, parts: Sequence[Finding]) -> bool:
        frame = self.measured.frame
        of_kpi = frame[frame["kpi"] == look.watched.kpi]
        own = of_kpi[(of_kpi["by"] == parts[0].by) & of_kpi["segment"].isin([part.segment for part in parts])]
        k, n = look.row["k"] - own["k"].sum(), look.row["n"] - own["n"].sum()
        if n <= 0:
            return False
        rest = standing(look, {"value": k / n, "k": k, "n": n})
        if look.rule != "peers":
            return rest.behind > 0
        others = of_kpi[(of_kpi["by"] == look.row["by"]) & (of_kpi["segment"] != look.row["segment"])]
        is_low = CATALOGUE[look.watched.kpi].better == "higher"
        return rest.behind > 0 and tail_p(k, n, float(others["k"].sum()), float(others["n"].sum()), low=is_low) < SURE


def _severity(finding: Finding, revenue: float) -> Severity:
    """By money against the period's revenue; without money, by how far it goes beyond what matters. What is only likely weighs a step less."""
    if finding.money.is_known and not finding.money.is_apart and revenue > 0:
        part = finding.money.base / revenue
        place = 0 if part >= CRITICAL else 1 if part >= MAJOR else 2
    else:
        place = 1 if finding.is_strong and (finding.rule in ("peers", "past") or finding.kpi == "plan_attainment") else 2
    return SEVERITIES[2 if finding.money.why_not == "no_gift" else min(2, place + (finding.grade == "likely"))]


def _weight(finding: Finding) -> tuple[float, ...]:
    money = finding.money.base if finding.money.is_known and not finding.money.is_apart else 0.0
    # of the same weight, what is certain, and what is beyond chance against peers, comes before a limit that practice sets
    return (
        SEVERITIES.index(finding.severity),
        float(finding.grade == "likely"),
        -money,
        float(finding.rule in ("norm", "absent")),
        -abs(_known(finding.gap)),
    )


def _known(value: float) -> float:
    return 0.0 if np.isnan(value) else value


def watched_groups(measured: Measurement) -> dict[str, bool]:
    """Chapters, and whether anything watched in them could be judged: held against a norm, a target or its peers."""
    frame = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].notna()]
    given = set(frame["kpi"])
    judged = set(measured.compared.loc[measured.compared["verdict"].isin(["certain", "likely", "usual"]), "kpi"])
    with_target = set(frame.loc[frame["target"].notna(), "kpi"])
    groups: dict[str, bool] = {}
    for card in CATALOGUE.values():
        groups.setdefault(card.group, False)
        is_judged = card.id in judged or card.id in with_target or (card.id in OF and OF[card.id].norm is not None)
        groups[card.group] |= card.id in given and card.id in OF and is_judged
    return groups


NAMED = ("id", "rule", "grade", "tag", "severity", "kpi", "by", "segment", "value", "peer", "low", "high", "n")


def as_frame(findings: Findings) -> pd.DataFrame:
    """The findings as a table, without their recommendations. What stands apart is in no money column: those may be added up."""
    frame = pd.DataFrame([{name: getattr(finding, name) for name in NAMED} for finding in findings], columns=list(NAMED))
    frame.loc[~frame["rule"].isin(FAULTS), "grade"] = ""
    money = [Money() if finding.money.is_apart else finding.money for finding in findings]
    for name, values in (
        ("money_low", [one.low for one in money]),
        ("money", [one.base for one in money]),
        ("money_high", [one.high for one in money]),
    ):
        frame[name] = values
    return frame.rename(columns={"peer": "peer_value"})


def gaps_of(findings: Findings) -> pd.DataFrame:
    """How much worse each finding is with all allowed for, and the money that stands apart."""
    return pd.DataFrame(
        {
            **{name: [getattr(finding, name) for finding in findings] for name in ("gap", "gap_low", "gap_high")},
            "money_apart": [finding.money.base if finding.money.is_apart else float("nan") for finding in findings],
        }
    )
