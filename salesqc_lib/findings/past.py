"""The department against its own past: the same quarter a year ago, within channel, product and seller.

A change is volume, mix, season and what is left: only that is tested. Against the quarter before, the season cannot be told from the
work; such a change is told, with what the mix does in it, and is never a finding. A volume is never a finding either.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import MissingSource
from salesqc_lib.facts import UNSET, Amount, Columns, Share, Window
from salesqc_lib.findings.looks import Look, Row
from salesqc_lib.findings.watch import WATCHED, Watched
from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.kpi.card import CHANNEL, LEAST_EVENTS, MANAGER, PRODUCT
from salesqc_lib.kpi.effects import effect_of
from salesqc_lib.measure import Measurement
from salesqc_lib.measure.evaluate import Evaluation
from salesqc_lib.measure.measurement import Given
from salesqc_lib.measure.peers import Tenure, tenure_of
from salesqc_lib.measure.peers.mix import mix_of
from salesqc_lib.measure.reach import reach_of
from salesqc_lib.measure.windows import observed_alike, windows_of
from salesqc_lib.period import Period
from salesqc_lib.statistics import strata
from salesqc_lib.statistics.peers import is_different, lower_tail

Q, SURE = 0.05, 0.01  # false discovery rate among all changes looked at, and the chance that each of them by itself must be below
FALL, LIKELY_FALL, LIKELY = 0.2, 0.15, 0.6
COMMON = 0.5  # of the cases in cells that both periods have: with fewer, sellers are left out of the cells
FEW_UNKNOWN = 0.9
MIX_MATTERS = 0.1
NOW, BEFORE, YEAR_AGO, SEASON = "current", "previous", "year_ago", "season"
NEW = "\0new"  # the cell of a seller's first days
LONG_PERIOD, WEEK = 60, 7


@dataclass(frozen=True)
class Counts:
    """Hits and cases of one window: arrays [parts, cells]."""

    k: Any
    n: Any

    @property
    def cells(self) -> tuple[Any, Any]:
        """Over the whole window, by cell."""
        return self.k.sum(axis=0), self.n.sum(axis=0)

    @property
    def share(self) -> float:
        k, n = self.k.sum(), self.n.sum()
        return float(k / n) if n > 0 else float("nan")


@dataclass(frozen=True)
class Change:
    """How a share changed: `mix` and `rate` add up to it; `log_ratio` is that of the rates within cells, with its error. `season` is what
    the same two quarters did a year before, as a ratio (NaN where that is not known). `unknown`: cases without a channel, left out of the ratio."""

    kpi: str
    against: str
    now: Counts
    was: Counts
    mix: float
    rate: float
    log_ratio: float
    error: float
    unknown: float
    within: tuple[str, ...] = ()  # the dimensions of the cells that the ratio is of
    season: float = float("nan")
    grown: tuple[str, float, float] = ("", float("nan"), float("nan"))  # the channel whose part grew most: before, now

    @property
    def whole(self) -> float:
        """The change of the share."""
        return self.now.share - self.was.share

    def bridge(self) -> dict[str, float]:
        """The change of the number of hits by its causes: volume, mix, season, rate. They add up to it exactly."""
        n, was_n = float(self.now.n.sum()), float(self.was.n.sum())
        middle = (n + was_n) / 2
        season = middle * self.was.share * (self.season - 1) if np.isfinite(self.season) else 0.0
        return {
            "volume": (n - was_n) * (self.now.share + self.was.share) / 2,
            "mix": middle * self.mix,
            "season": season,
            "rate": middle * self.rate - season,
        }


def changes(dataset: Dataset, period: Period, kpis: Sequence[str]) -> dict[tuple[str, str], Change]:
    """The changes of shares against the year before and against the period before, as far as the data reach: (KPI, window) → change."""
    windows = _windows(dataset, period)
    if NOW not in windows:  # the export lies before the period
        return {}
    tenure = tenure_of(dataset)
    earliest = min(window.start for parts in windows.values() for window in parts)
    given = Given(dataset, windows[NOW][0])
    mix = mix_of(dataset)
    clocked, snapshots = (
        Evaluation(dataset, [one for parts in cut for one in parts]) for cut in (windows.values(), _whole(dataset, period).values())
    )
    asked = []
    for kpi in kpis:
        try:
            built = given.built(CATALOGUE[kpi], (MANAGER,))
        except MissingSource:
            continue
        share = built.measure
        if not isinstance(share, Share) or share.amounts["n"].sure is not None or share.amounts["k"].sure is not None:
            continue
        roles = {NOW, *built.comparable(dataset, period)}
        if {BEFORE, YEAR_AGO} <= roles and period.previous() != period.year_ago():  # a whole year has no season
            roles.add(SEASON)
        evaluation = clocked if share.amounts["n"].clock else snapshots
        dimensions = _dimensions([amount.facts for amount in share.amounts.values()], mix)
        amounts = [_apart(share.amounts[name], tenure, earliest) for name in ("k", "n")]
        for amount in (one for pair in amounts for one in pair if one):
            evaluation.ask(amount, [("comparison", dimensions)])
        asked.append((kpi, evaluation, dimensions, amounts, roles))
    clocked.run()
    snapshots.run()
    found: dict[tuple[str, str], Change] = {}
    for kpi, evaluation, dimensions, amounts, roles in asked:
        cut = windows if evaluation is clocked else _whole(dataset, period)
        table = _Table(evaluation, dimensions, amounts, cut)
        season = table.ratio(YEAR_AGO, SEASON) if {YEAR_AGO, SEASON} <= roles & set(cut) else float("nan")
        for role in (YEAR_AGO, BEFORE):
            if role in roles and role in cut and (change := table.change(kpi, role, season if role == BEFORE else float("nan"))):
                found[kpi, role] = change
    return found


def falls(measured: Measurement, found: dict[tuple[str, str], Change]) -> tuple[list[Look], int]:
    """Changes for the worse against the year before, and how many figures were held against it.

    Certain: no chance (below 1 % each, and Benjamini–Hochberg at 5 % over all of them) and large, within the same cells. Likely: a fall of
    15 % or more with a chance of 0.6; and times and means beyond chance, which are not set right for the mix.
    """
    rows = {(str(row["kpi"]), str(row["by"]), str(row["segment"])): row for row in measured.rows}
    tested: list[tuple[Look, float]] = []
    for watched in WATCHED:
        if not watched.past:
            continue
        total = rows.get((watched.kpi, "", ""))
        if (change := found.get((watched.kpi, YEAR_AGO))) and total is not None:
            if (one := _fall(watched, total, change)) is not None:
                tested.append(one)
        elif watched.kpi in CATALOGUE and CATALOGUE[watched.kpi].kind in ("time", "mean"):
            own = [
                row for (kpi, by, _), row in rows.items() if kpi == watched.kpi and (by in watched.by if "stage" in watched.by else not by)
            ]
            tested += [one for row in own if (one := _by_interval(watched, row)) is not None]
    chances = np.array([p for _, p in tested])
    is_real = is_different(chances, Q) & (chances < SURE) if tested else []
    judged = [_judged(look, is_found=bool(found)) for (look, _), found in zip(tested, is_real, strict=True)]
    return [look for look in judged if look is not None], len(tested)


def _judged(look: Look, *, is_found: bool) -> Look | None:
    """A change as certain or likely; None where it is neither. Of times and means, which are not set right for the mix, likely at most."""
    card = card_of(look.watched.kpi)
    effect = effect_of(look.watched.kpi, card)
    if look.behind < effect.least:
        return None
    if not look.allowed:
        return replace(look, grade="likely") if is_found and look.gap >= effect.part else None
    if is_found and look.gap >= max(FALL, effect.part if card.better == "lower" else 0.0):
        return look
    return replace(look, grade="likely") if look.chance >= LIKELY else None


def _fall(watched: Watched, row: Row, change: Change) -> tuple[Look, float] | None:
    """The change of a share and its one-sided p; None where it cannot be told."""
    card = card_of(watched.kpi)
    if not np.isfinite(change.log_ratio) or not change.error > 0 or row["n"] < card.named_n:
        return None
    sign = 1.0 if card.better == "higher" else -1.0
    z = sign * change.log_ratio / change.error
    p = float(lower_tail(z))
    chance = strata.chance_of_fall(sign * change.log_ratio, change.error, LIKELY_FALL)
    ends = sorted(sign * (1 - np.exp(change.log_ratio + side * 1.645 * change.error)) for side in (-1, 1))
    gap = sign * (1 - float(np.exp(change.log_ratio)))
    allowed = ("season", *change.within)
    look = Look(
        "past", watched, row, change.was.share, chance=chance, gap=gap, gap_low=float(ends[0]), gap_high=float(ends[1]), allowed=allowed
    )
    return look, p


def _by_interval(watched: Watched, row: Row) -> tuple[Look, float] | None:
    """A time or a mean against the year before, by the interval of the difference of logs (Zou and Donner 2008)."""
    card = card_of(watched.kpi)
    ends = np.array([row[name] for name in ("value", "low", "high", "year_ago", "year_ago_low", "year_ago_high")], float)
    if np.isnan(ends).any() or (ends <= 0).any() or row["n"] < card.named_n or (card.kind == "time" and row["k"] < LEAST_EVENTS):
        return None
    value, low, high, was, was_low, was_high = np.log(ends)
    error = (np.hypot(value - low, was_high - was) if value > was else np.hypot(high - value, was - was_low)) / 1.959964
    if not error > 0:
        return None
    sign = 1.0 if card.better == "higher" else -1.0
    z = sign * (value - was) / error
    p = float(lower_tail(z))
    gap = sign * (1 - float(np.exp(value - was)))
    gap_ends = sorted(sign * (1 - float(np.exp(value - was + side * 1.645 * error))) for side in (-1, 1))
    look = Look("past", watched, row, float(row["year_ago"]), grade="certain", gap=gap, gap_low=gap_ends[0], gap_high=gap_ends[1])
    return look, p


def _dimensions(facts: Sequence[Columns], mix: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in (CHANNEL, PRODUCT, MANAGER) if all(one.has(name) for one in facts) and (name == MANAGER or name in mix))


def _apart(amount: Amount, tenure: Tenure, earliest: Any) -> tuple[Amount, Amount | None]:
    """The amount, and that of newcomers alone (None where there are none)."""
    import narwhals as nw

    if not amount.clock or not amount.facts.has(MANAGER):
        return amount, None
    is_new = tenure.rows_of_newcomers(amount.clock, earliest)
    if is_new is None:
        return amount, None
    return amount, Amount(amount.facts, amount.clock, nw.when(is_new).then(amount.value).otherwise(nw.lit(None)))


class _Table:
    """Counts of one share by window, part and cell."""

    def __init__(
        self,
        evaluation: Evaluation,
        dimensions: tuple[str, ...],
        amounts: list[tuple[Amount, Amount | None]],
        windows: dict[str, list[Window]],
    ) -> None:
        self.dimensions = dimensions
        request = ("comparison", dimensions)
        keys = {window.key: (role, i) for role, parts in windows.items() for i, window in enumerate(parts)}
        cells: dict[tuple[str, ...], dict[str, dict[tuple[str, int], float]]] = {}
        for name, (whole, new) in zip(("k", "n"), amounts, strict=True):
            of_new = evaluation.sums(new, request) if new else {}
            for cell, value in evaluation.sums(whole, request).items():
                parts, place = evaluation.parts(cell), keys[cell[0]]
                fresh = of_new.get(cell, 0.0)
                cells.setdefault(parts, {"k": {}, "n": {}})[name][place] = value - fresh
                if fresh:
                    cells.setdefault((*parts, NEW), {"k": {}, "n": {}})[name][place] = fresh
        self.names = sorted(cells)
        self.counts = {
            role: Counts(*(np.array([[cells[cell][name].get((role, i), 0.0) for cell in self.names] for i in range(len(parts))]).reshape(len(parts), -1) for name in ("k", "n")))
            for role, parts in windows.items()
        }  # fmt: skip

    def merged(self, dimensions: Sequence[str], *, known: bool) -> tuple[dict[str, Counts], list[tuple[str, ...]]]:
        """The counts over fewer dimensions; with `known`, without the cells of no channel."""
        places = [self.dimensions.index(name) for name in dimensions]
        labels = [tuple(cell[i] for i in places) + ((NEW,) if cell[-1:] == (NEW,) and MANAGER in dimensions else ()) for cell in self.names]
        kept = [label for cell, label in zip(self.names, labels, strict=True) if not (known and self._is_unknown(cell))]
        unique = sorted(set(kept))
        code = {label: i for i, label in enumerate(unique)}
        weight = np.zeros((len(self.names), len(unique)))
        for i, (cell, label) in enumerate(zip(self.names, labels, strict=True)):
            if not (known and self._is_unknown(cell)):
                weight[i, code[label]] = 1.0
        return {role: Counts(one.k @ weight, one.n @ weight) for role, one in self.counts.items()}, unique

    def _is_unknown(self, cell: tuple[str, ...]) -> bool:
        return CHANNEL in self.dimensions and cell[self.dimensions.index(CHANNEL)] == UNSET

    def ratio(self, role: str, before: str) -> float:
        """The ratio of the shares of two windows within cells."""
        log_ratio, _ = strata.mantel_haenszel(*self.counts[role].cells, *self.counts[before].cells)
        return float(np.exp(log_ratio))

    def change(self, kpi: str, role: str, season: float) -> Change | None:
        """The change against a window; None where either is empty."""
        now, was = self.counts[NOW], self.counts[role]
        if not now.n.sum() or not was.n.sum():
            return None
        # who sells is no mix of leads: only channels and products are, and only where both periods know them
        of_mix = self._common(role, [name for name in self.dimensions if name != MANAGER], known=False)
        merged, _ = self.merged(of_mix, known=False)
        now, was = merged[NOW], merged[role]
        mix, rate = strata.split_change(*now.cells, *was.cells)
        cases = self.counts[NOW].n.sum(axis=0)
        unknown = sum(float(cases[i]) for i, cell in enumerate(self.names) if self._is_unknown(cell))
        is_few = unknown < FEW_UNKNOWN * float(now.n.sum())
        within = self._common(role, list(self.dimensions), known=is_few)
        counts, _ = self.merged(within, known=is_few and CHANNEL in within)
        one, other = counts[NOW], counts[role]
        parts = min(len(one.k), len(other.k))
        restless = (
            strata.overdispersion(np.hstack([one.k[:parts], other.k[:parts]]), np.hstack([one.n[:parts], other.n[:parts]]))
            if parts > 1
            else 1.0
        )
        log_ratio, error = strata.mantel_haenszel(*one.cells, *other.cells, restless)
        grown = self._grown(role) if CHANNEL in of_mix else ("", float("nan"), float("nan"))
        return Change(kpi, role, now, was, mix, rate, log_ratio, error, unknown if is_few else 0.0, tuple(within), season, grown)

    def _common(self, role: str, dimensions: list[str], *, known: bool) -> list[str]:
        """The most of the dimensions in whose cells both periods have most of their cases: sellers are left out first, then products."""
        for left in ([], [MANAGER], [MANAGER, PRODUCT], [MANAGER, CHANNEL], [CHANNEL, PRODUCT]):
            chosen = [name for name in dimensions if name not in left]
            counts, _ = self.merged(chosen, known=known and CHANNEL in chosen)
            if chosen and strata.common_part(counts[NOW].n.sum(axis=0), counts[role].n.sum(axis=0)) >= COMMON:
                return chosen
        return []

    def _grown(self, role: str) -> tuple[str, float, float]:
        """The channel whose part of the cases grew most."""
        if CHANNEL not in self.dimensions:
            return "", float("nan"), float("nan")
        counts, labels = self.merged([CHANNEL], known=False)
        now, was = (counts[one].n.sum(axis=0) / max(counts[one].n.sum(), 1e-12) for one in (NOW, role))
        place = int(np.argmax(now - was))
        return labels[place][0], float(was[place]), float(now[place])


def _windows(dataset: Dataset, period: Period) -> dict[str, list[Window]]:
    """The period and those it is compared with, cut into months or weeks; each observed for as long after its end."""
    found = {}
    for role, one, as_of in _roles(dataset, period):
        cuts = _cuts(one, dataset.parameters.zone)
        found[role] = [Window(f"{role} {i}", role, *cut, as_of) for i, cut in enumerate(pairwise(cuts)) if cut[0] < as_of]
    return {role: parts for role, parts in found.items() if parts}


def _cuts(period: Period, zone: ZoneInfo) -> list[datetime]:
    """The moments that cut a period into months, a short one into weeks."""
    start, end = period.bounds(zone)
    if period.days >= LONG_PERIOD:
        inner = [moment for month in period.months() if start < (moment := month.bounds(zone)[0]) < end]
    else:
        inner = [moment for i in range(1, period.days // WEEK) if (moment := start + timedelta(WEEK * i)) < end]
    return [start, *inner, end]


def _whole(dataset: Dataset, period: Period) -> dict[str, list[Window]]:
    """The same uncut, for snapshots."""
    zone = dataset.parameters.zone
    return {role: [Window(f"{role} whole", role, *one.bounds(zone), as_of)] for role, one, as_of in _roles(dataset, period)}


def _roles(dataset: Dataset, period: Period) -> list[tuple[str, Period, Any]]:
    current, reach = windows_of(dataset, period)[0], reach_of(dataset)
    found = [(NOW, period, current.as_of)]
    for role, one in ((BEFORE, period.previous()), (YEAR_AGO, period.year_ago()), (SEASON, period.previous().year_ago())):
        if reach is not None and reach.covers(one):
            found.append((role, one, observed_alike(dataset.as_of, current, *one.bounds(dataset.parameters.zone))))
    return found
