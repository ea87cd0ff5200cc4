"""`find`: from the tidy table to findings. Everything looked at is corrected together; one cause is one finding."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.findings.causes import without_consequences, without_totals
from salesqc_lib.findings.finding import SEVERITIES, Finding, Findings, Severity
from salesqc_lib.findings.left import deals_of_people_who_left
from salesqc_lib.findings.looks import Look, looks
from salesqc_lib.findings.mix import explained
from salesqc_lib.findings.money import used, value
from salesqc_lib.findings.watch import OF
from salesqc_lib.findings.worth import Worth
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import TEAM
from salesqc_lib.measure import Measurement
from salesqc_lib.measure.built import is_peer
from salesqc_lib.period import Period
from salesqc_lib.statistics.peers import is_different, tail_p

# stricter than the verdict of a single measure: what follows from a fault is discovered with it and lowers the bar for the rest,
# but is folded into one finding afterwards (benchmarks/detection.py)
Q = 0.01
CRITICAL, MAJOR = 0.05, 0.015  # of the period's revenue
RIPE = 0.9  # a cohort of which less of the expected contracts has been seen is young


def find(dataset: Dataset, period: Period, measured: Measurement) -> Findings:
    """The findings of a period, in the order of their weight, with money and the cases behind them.

    A fault must be beyond chance (Benjamini–Hochberg at 1 % over every comparison made), with enough cases, and large enough to
    matter; it must stand when the mix of channels and products is allowed for; and it must not follow from another one.
    """
    is_running = dataset.as_of < period.bounds(dataset.parameters.zone)[1]
    looked = list(looks(measured, dataset.parameters, is_running=is_running, is_peer=lambda by, row: is_peer(dataset, by, row, period)))
    different = is_different([look.p for look in looked], Q)
    worse = [look for look, is_found in zip(looked, different, strict=True) if is_found and look.is_large]
    by_mix = explained(dataset, period, worse)
    standing = [look for look in worse if _key(look) not in by_mix]
    roots = without_consequences([_finding(look) for look in standing])
    roots = without_totals(roots, _StandsWithout(dataset, measured, standing))
    worth = Worth(dataset, period, dataset.parameters.assumptions)
    valued = value(roots, worth, measured)
    revenue = measured.value("revenue") if "revenue" in set(measured.frame["kpi"]) else float("nan")
    graded = [(replace(finding, severity=_severity(finding, revenue)), frame) for finding, frame in valued]
    if left := deals_of_people_who_left(dataset):
        graded.append(left)
    graded.sort(key=lambda pair: _weight(pair[0]))
    numbered = [(replace(finding, id=f"f{place:02}"), frame) for place, (finding, frame) in enumerate(graded, 1)]
    notes = [
        *(_explained(look, by_mix) for look in worse if _key(look) in by_mix),
        *_immature(measured),
        *_alike(looked, measured),
        *_missing(measured),
    ]
    told = [replace(note, id=f"n{place:02}") for place, note in enumerate(notes, 1)]
    evidence = {finding.id: frame for finding, frame in numbered if len(frame)}
    items = (*(finding for finding, _ in numbered), *told)
    return Findings(items, evidence, measured.reader, len(looked), used(dataset.parameters.assumptions), revenue)


def _key(look: Look) -> tuple[str, str, str]:
    return look.watched.kpi, str(look.row["by"]), str(look.row["segment"])


def _finding(look: Look) -> Finding:
    row = look.row
    return Finding(
        look.rule, look.watched.kpi, str(row["by"]), str(row["segment"]), float(row["value"]), float(row["low"]), float(row["high"]),
        float(row["n"]), str(row["unit"]), look.peer, look.peer_low, look.peer_high, look.p, look.is_strong,
    )  # fmt: skip


class _StandsWithout:
    """Whether a team's or the department's finding stands once the sellers (or channels) found inside it are taken out."""

    def __init__(self, dataset: Dataset, measured: Measurement, standing: Sequence[Look]) -> None:
        self.dataset, self.measured, self.standing = dataset, measured, standing

    def __call__(self, whole: Finding, parts: Sequence[Finding]) -> bool:
        inside = [part for part in parts if whole.by != TEAM or part.segment in self._members(whole.segment)]
        if not inside:
            return True
        look = next(look for look in self.standing if _key(look) == (whole.kpi, whole.by, whole.segment) and look.rule == whole.rule)
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
        own = frame[
            (frame["kpi"] == look.watched.kpi) & (frame["by"] == parts[0].by) & frame["segment"].isin([part.segment for part in parts])
        ]
        k, n = look.row["k"] - own["k"].sum(), look.row["n"] - own["n"].sum()
        if n <= 0:
            return False
        rest = replace(look, row=look.row | {"value": k / n, "k": k, "n": n})
        if look.rule != "peers":
            return rest.gap > 0
        others = frame[(frame["kpi"] == look.watched.kpi) & (frame["by"] == look.row["by"]) & (frame["segment"] != look.row["segment"])]
        is_low = CATALOGUE[look.watched.kpi].better == "higher"
        return rest.is_large and tail_p(k, n, float(others["k"].sum()), float(others["n"].sum()), low=is_low) < 0.01


def _severity(finding: Finding, revenue: float) -> Severity:
    """By money against the period's revenue; without money, by how far it goes beyond what matters."""
    if finding.money.is_known and revenue > 0:
        part = finding.money.base / revenue
        return "critical" if part >= CRITICAL else "major" if part >= MAJOR else "minor"
    return "major" if finding.is_strong and (finding.rule == "peers" or finding.kpi == "plan_attainment") else "minor"


def _weight(finding: Finding) -> tuple[float, ...]:
    money = finding.money.base if finding.money.is_known else 0.0
    # of the same weight, what is beyond chance against peers comes before a limit that practice sets
    return SEVERITIES.index(finding.severity), -money, float(finding.rule == "norm"), finding.p


def _explained(look: Look, by_mix: dict[tuple[str, str, str], str]) -> Finding:
    return replace(_finding(look), rule="mix", reason=by_mix[_key(look)])


def _immature(measured: Measurement) -> list[Finding]:
    """A cohort of which many contracts are still to come."""
    known = set(measured.frame["kpi"])
    if not {"lead_to_contract_projected", "lead_to_contract_projected_observed"} <= known:
        return []
    row, seen = measured.row("lead_to_contract_projected"), measured.value("lead_to_contract_projected_observed")
    if np.isnan(row["value"]) or np.isnan(seen) or row["value"] <= 0 or seen / row["value"] >= RIPE:
        return []
    return [
        Finding("immature", "lead_to_contract", value=seen, peer=float(row["value"]), peer_low=float(row["low"]), peer_high=float(row["high"]),
                n=float(row["n"]), unit="share")
    ]  # fmt: skip


def _alike(looked: Sequence[Look], measured: Measurement) -> list[Finding]:
    """Breakdowns in which no segment differs, by the verdicts that stand in every table: that nothing was found is a result."""
    marked = measured.frame[measured.frame["verdict"].isin(["better", "worse"])]
    found = set(zip(marked["kpi"], marked["by"], strict=True))
    groups: dict[tuple[str, str], list[Look]] = {}
    for look in looked:
        if look.rule == "peers" and not np.isnan(look.p):
            groups.setdefault((look.watched.kpi, str(look.row["by"])), []).append(look)
    return [
        Finding("same", kpi, by, value=float(np.median([look.row["value"] for look in group])), n=float(sum(look.row["n"] for look in group)),
                unit=str(group[0].row["unit"]), evidence=len(group))
        for (kpi, by), group in groups.items() if (kpi, by) not in found
    ]  # fmt: skip


def _missing(measured: Measurement) -> list[Finding]:
    """What cannot be measured: one finding for each thing that is missing."""
    total = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].isna()]
    asked = total[total["reason"].str.startswith(("no_table", "no_column", "no_parameter"))]
    found = []
    for reason, rows in asked.groupby("reason", sort=False):
        kpis = [str(kpi) for kpi in rows["kpi"] if kpi in CATALOGUE]
        if kpis:
            found.append(Finding("not_measurable", kpis[0], reason=str(reason), consequences=tuple(kpis[1:])))
    return found


def watched_groups(measured: Measurement) -> dict[str, bool]:
    """Chapters, and whether anything watched in them could be measured."""
    frame = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].notna()]
    given = set(frame["kpi"])
    groups: dict[str, bool] = {}
    for card in CATALOGUE.values():
        groups.setdefault(card.group, False)
        groups[card.group] |= card.id in given and card.id in OF
    return groups


def as_frame(findings: Findings) -> pd.DataFrame:
    """The findings as a table, without their recommendations."""
    names = ("id", "rule", "severity", "kpi", "by", "segment", "value", "peer", "low", "high", "n")
    frame = pd.DataFrame([{name: getattr(finding, name) for name in names} for finding in findings], columns=list(names))
    money = [finding.money for finding in findings]
    for name, values in (
        ("money_low", [one.low for one in money]),
        ("money", [one.base for one in money]),
        ("money_high", [one.high for one in money]),
    ):
        frame[name] = values
    return frame.rename(columns={"peer": "peer_value"})
