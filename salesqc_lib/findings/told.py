"""What is told and is no fault: changes that nothing but the season or the mix may explain, who is new, what is still to come."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.findings.finding import Finding
from salesqc_lib.findings.past import BEFORE, FALL, MIX_MATTERS, YEAR_AGO, Change
from salesqc_lib.findings.watch import OF
from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.kpi.card import MANAGER
from salesqc_lib.measure import Measurement
from salesqc_lib.measure.peers.alike import quartiles
from salesqc_lib.measure.peers.compare import STEPS
from salesqc_lib.statistics.peers import lower_tail

RIPE = 0.9  # a cohort of which less of the expected contracts has been seen is young
SURE, GROWN = 0.01, 0.05  # a channel whose part grew by less does not make the mix another one
MAIN = ("lead_to_contract", "qualification_rate", "key_event_to_contract", "win_rate", "answered_within_1h", "never_answered")


def changed(measured: Measurement, found: Mapping[tuple[str, str], Change], faults: Sequence[Finding]) -> list[Finding]:
    """Falls against the period before where the year before is not known, each with its part of the mix; and a mix that changed for the
    worse. Neither is a fault of the work."""
    already = {one.kpi for one in faults if one.rule == "past"}
    notes = []
    for kpi in MAIN:
        change = found.get((kpi, YEAR_AGO)) or found.get((kpi, BEFORE))
        if change is None or kpi in already or not change.was.share > 0:
            continue
        sign = 1.0 if card_of(kpi).better == "higher" else -1.0
        row = measured.row(kpi)
        given = Finding(
            "changed", kpi, value=change.now.share, peer=change.was.share, n=float(row["n"]), unit=str(row["unit"]), gap=change.whole,
            gap_low=change.mix, reason=change.against,
        )  # fmt: skip
        mix = -sign * change.mix / change.was.share
        if mix >= MIX_MATTERS and _is_mixed(change) and change.grown[2] - change.grown[1] >= GROWN:
            channel, before, now = change.grown
            notes.append(replace(given, rule="mix_changed", segment=channel, value=now, peer=before, gap=change.mix))
        elif change.against == BEFORE and np.isfinite(change.log_ratio) and change.error > 0:
            z = sign * change.log_ratio / change.error
            if float(lower_tail(z)) < SURE and -sign * (np.exp(change.log_ratio) - 1) >= FALL:
                notes.append(given)
    return notes


def _is_mixed(change: Change) -> bool:
    """Whether the mix of channels and products differs beyond chance: Pearson's chi-square of the cells of both periods."""
    from scipy.special import chdtrc

    counts = np.vstack([change.now.n.sum(axis=0), change.was.n.sum(axis=0)])
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2:
        return False
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    return float(chdtrc(counts.shape[1] - 1, ((counts - expected) ** 2 / expected).sum())) < SURE


def explained(measured: Measurement) -> list[Finding]:
    """Segments that look worse than the rest and are not, once what they were given is allowed for."""
    chosen = measured.compared[measured.compared["explained"].ne("") & measured.compared["kpi"].isin(OF)]
    notes = []
    for kpi, by, segment, why in chosen[["kpi", "by", "segment", "explained"]].itertuples(index=False):
        if by in OF[kpi].by and segment != UNSET:
            row = measured.row(kpi, by, segment)
            notes.append(Finding("mix", kpi, by, segment, float(row["value"]), n=float(row["n"]), unit=str(row["unit"]), reason=why))
    return notes


def new_sellers(measured: Measurement) -> list[Finding]:
    """Who is too new to be compared: one note a person."""
    chosen = measured.compared[
        measured.compared["verdict"].eq("new") & measured.compared["by"].eq(MANAGER) & measured.compared["kpi"].isin(OF)
    ]
    return [Finding("new", str(own["kpi"].iloc[0]), MANAGER, str(name)) for name, own in chosen.groupby("segment", sort=True)]


def divided(measured: Measurement) -> list[Finding]:
    """Breakdowns whose people do different work, so that nobody is held against anybody, with the figure that shows it best: `value` and
    `peer` are its quartiles."""
    chosen = measured.compared[measured.compared["verdict"].eq("divided") & measured.compared["kpi"].isin(OF)]
    notes = []
    for by, every in chosen.groupby("by", sort=False):
        kpi = max(every["kpi"].unique(), key=lambda kpi: (kpi in STEPS, _apart(measured, kpi, str(by), every)))
        own = every[every["kpi"] == kpi]
        rows = [measured.row(str(kpi), str(by), segment) for segment in own["segment"]]
        low, high = quartiles([float(row["value"]) for row in rows], [float(row["n"]) for row in rows])
        notes.append(
            Finding(
                "divided",
                str(kpi),
                str(by),
                value=low,
                peer=high,
                n=sum(float(row["n"]) for row in rows),
                unit=str(rows[0]["unit"]),
                evidence=len(rows),
            )
        )
    return notes


def _apart(measured: Measurement, kpi: str, by: str, told: pd.DataFrame) -> float:
    """How far the quartiles of a share lie from each other; 0 of another figure."""
    rows = [measured.row(kpi, by, segment) for segment in told.loc[told["kpi"] == kpi, "segment"]]
    if str(rows[0]["unit"]) != "share":
        return 0.0
    low, high = quartiles([float(row["value"]) for row in rows], [float(row["n"]) for row in rows])
    return high - low


def unripe(measured: Measurement) -> list[Finding]:
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


def no_difference(measured: Measurement) -> list[Finding]:
    """Breakdowns in which no segment differs: that nothing was found is a result."""
    notes = []
    told = measured.compared[measured.compared["verdict"].isin(["certain", "likely", "usual"])]
    for (kpi, by), own in told.groupby(["kpi", "by"], sort=False):
        if kpi in OF and by in OF[kpi].by and own["verdict"].eq("usual").all():
            segments = measured.segments(str(kpi), str(by))
            rows = segments[segments["segment"].isin(own["segment"])]
            notes.append(
                Finding(
                    "same",
                    str(kpi),
                    str(by),
                    value=float(rows["value"].median()),
                    n=float(rows["n"].sum()),
                    unit=str(rows["unit"].iloc[0]),
                    evidence=len(own),
                )
            )
    return notes


def missing(measured: Measurement) -> list[Finding]:
    """What cannot be measured: one note for each thing that is missing."""
    total = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].isna()]
    asked = total[total["reason"].str.startswith(("no_table", "no_column", "no_parameter"))]
    found = []
    for reason, rows in asked.groupby("reason", sort=False):
        kpis = [str(kpi) for kpi in rows["kpi"] if kpi in CATALOGUE]
        if kpis:
            found.append(Finding("not_measurable", kpis[0], reason=str(reason), consequences=tuple(kpis[1:])))
    return found
