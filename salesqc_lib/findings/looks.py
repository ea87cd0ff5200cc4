"""Looks: segments that are behind their peers, and the department against its targets and norms, before anything is called a finding."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from salesqc_lib.facts import UNSET
from salesqc_lib.findings.finding import Finding, Grade, Rule
from salesqc_lib.findings.watch import WATCHED, Watched
from salesqc_lib.kpi import card_of
from salesqc_lib.kpi.effects import effect_of
from salesqc_lib.measure import Measurement
from salesqc_lib.params import Parameters
from salesqc_lib.records import records

Row = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """One comparison that came out for the worse. `chance` that the gap is large enough to matter; `gap` as a part of the peer."""

    rule: Rule
    watched: Watched
    row: Row
    peer: float
    peer_low: float = float("nan")
    peer_high: float = float("nan")
    grade: Grade = "certain"
    chance: float = float("nan")
    gap: float = float("nan")
    gap_low: float = float("nan")
    gap_high: float = float("nan")
    estimate: float = float("nan")
    peer_fair: float = float("nan")
    allowed: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """The figure, the breakdown, the segment."""
        return self.watched.kpi, str(self.row["by"]), str(self.row["segment"])

    @property
    def behind(self) -> float:
        """How much worse the value itself is, in the measure's own unit."""
        difference = self.peer - float(self.row["value"])
        return difference if card_of(self.watched.kpi).better == "higher" else -difference

    @property
    def is_strong(self) -> bool:
        """Whether the gap is twice as large as what matters."""
        effect = effect_of(self.watched.kpi, card_of(self.watched.kpi))
        gap = self.gap if not np.isnan(self.gap) else self.behind / abs(self.peer) if self.peer else float("nan")
        return gap >= 2 * effect.part

    @property
    def finding(self) -> Finding:
        """The finding that it is, unless something else explains it."""
        row = self.row
        return Finding(
            self.rule, self.watched.kpi, str(row["by"]), str(row["segment"]), float(row["value"]), float(row["low"]), float(row["high"]),
            float(row["n"]), str(row["unit"]), self.peer, self.peer_low, self.peer_high, self.grade, self.chance, self.gap, self.gap_low,
            self.gap_high, self.estimate, self.peer_fair, self.allowed, self.is_strong,
        )  # fmt: skip


def looks(measured: Measurement, parameters: Parameters, *, is_running: bool = False) -> Iterator[Look]:
    """Segments that are certainly or likely worse than their peers, then the department where it breaks a target or a norm.

    In a period that is not over, what was done so far is not held against its plan.
    """
    compared = measured.compared
    worse = compared[compared["direction"].eq("worse") & compared["verdict"].isin(["certain", "likely"])]
    rows = {(row["kpi"], row["by"], row["segment"]): row for row in measured.rows}
    behind = records(worse)
    for watched in WATCHED:
        for one in (one for one in behind if one["kpi"] == watched.kpi and one["by"] in watched.by):
            row = rows[watched.kpi, one["by"], one["segment"]]
            if one["segment"] == UNSET or _is_above(watched, row, rows.get((watched.kpi, "", ""))):
                continue
            yield Look(
                "peers", watched, row, _peer(one, compared, rows), one["peer_low"], one["peer_high"], one["verdict"], one["chance"], one["gap"],
                one["gap_low"], one["gap_high"], one["estimate"], one["peer"], tuple(filter(None, str(one["allowed"]).split("+"))),
            )  # fmt: skip
        total = rows.get((watched.kpi, "", ""))
        target = parameters.targets.of(watched.kpi)
        limit = watched.norm if target is None else target
        if total is None or limit is None or np.isnan(total["value"]) or (watched.kpi == "plan_attainment" and is_running):
            continue
        best = total["high"]
        if watched.kpi == "lead_to_contract" and (ripe := rows.get(("lead_to_contract_projected", "", ""))):
            best = max(best, ripe["high"])  # young leads may still sign
        if look := _limit(watched, total, limit, "norm" if target is None else "target", best):
            yield look


def _is_above(watched: Watched, row: Row, total: Row | None) -> bool:
    """Whether somebody who is behind the others still does better than the department as a whole: what is wrong then lies elsewhere."""
    if total is None or np.isnan(total["value"]):
        return False
    better = row["value"] - total["value"]
    return bool((better if card_of(watched.kpi).better == "higher" else -better) > 0)


def _peer(one: Row, compared: Any, rows: Mapping[tuple[str, str, str], Row]) -> float:
    """What the value is held against in print: the median of the others' plain values, which the tables show, where the plain gap is about
    the one that is left with all allowed for; else the model's, told beside the model's estimate."""
    others = compared[compared["kpi"].eq(one["kpi"]) & compared["by"].eq(one["by"]) & compared["segment"].ne(one["segment"])]
    others = others[others["verdict"].isin(["certain", "likely", "usual"])]
    plain = float(np.median([rows[one["kpi"], one["by"], name]["value"] for name in others["segment"]]))
    value = float(rows[one["kpi"], one["by"], one["segment"]]["value"])
    if not plain > 0:
        return float(one["peer"])
    gap = 1 - value / plain if card_of(one["kpi"]).better == "higher" else value / plain - 1
    # where nothing but chance is allowed for, the interval of the value tells it
    return plain if not one["allowed"] or one["gap_low"] <= gap <= one["gap_high"] else float(one["peer"])


def _limit(watched: Watched, row: Row, limit: float, rule: Rule, best: float) -> Look | None:
    """The department against a target or a norm: broken where the whole interval lies beyond it, or (of a figure without one, which is all
    there is to know) where it is far enough off to matter. `best`: the upper end of the interval, of young cohorts that of what is to come. No test of a cause, and outside of every correction."""
    card = card_of(watched.kpi)
    if (row["n"] < card.named_n and card.kind != "ratio") or str(row["reason"]).startswith("undated"):
        return None
    is_higher = card.better == "higher"
    end = best if is_higher else row["low"]
    look = Look(rule, watched, row, limit, limit, limit)
    if np.isnan(end):
        effect = effect_of(watched.kpi, card)
        # a plan is a limit of its own: a twentieth short of it is short
        part = 0.05 if watched.kpi == "plan_attainment" else effect.part
        return look if look.behind >= part * abs(limit) else None
    return look if (end < limit if is_higher else end > limit) else None


def standing(look: Look, row: Row) -> Look:
    """The same comparison with other figures."""
    return replace(look, row=look.row | row)
