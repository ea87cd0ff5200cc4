"""A card's measure for one client: what it asks for, and its rows of the tidy table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import LOG, UNSET, Amount, Columns, Count, Mean, Measure, Projection, Rows, Sum, Table, Window, leaves
from salesqc_lib.kpi.card import MANAGER, MONTH, STAGE, WEEK, Card
from salesqc_lib.measure.estimates import DOUBTFUL, NAMES, Estimates, estimate, sources
from salesqc_lib.measure.evaluate import JOINED, TOTAL, Evaluation, Request
from salesqc_lib.measure.lift import role_of
from salesqc_lib.measure.verdicts import against_target
from salesqc_lib.period import Period
from salesqc_lib.tables import MILESTONES

EARLIER = [f"{role}{end}" for role in ("previous", "year_ago") for end in ("", "_low", "_high")]
TIDY = [
    "kpi", "by", "segment", "period_start", "period_end", "value", "unit", "n", "k", "low", "high", "target", *EARLIER, "verdict", "reason",
]  # fmt: skip
OF_CONTRACTS = ("contract_at", "act_at")  # by what is known of winners only, contracts can be counted, and nothing else
LOGGED = {"activities", "first_calls", "missed", "reply_mails", "refusals", "seller_days", "short_calls", "idle"}  # facts made of the log
UNDATED = 0.05  # of the wins: with more of them undated, earlier cohorts are not known well enough to compare with
Row = dict[str, Any]


@dataclass
class Built:
    """A card's measure, or the reason why there is none."""

    card: Card
    measure: Measure | None
    by: tuple[str, ...]
    reason: str = ""
    touched: frozenset[str] = frozenset()

    def parts(self) -> list[tuple[str, Measure]]:
        """The main figure and its companions, with their ids."""
        if self.measure is None or isinstance(self.measure, Table):
            return []
        return [
            (self.card.id, self.measure),
            *((f"{self.card.id}_{name}", companion) for name, companion in self.measure.companions.items()),
        ]

    def ask(self, evaluation: Evaluation) -> None:
        """Ask for everything that the card's rows and table need."""
        if self.measure is None:
            return
        wanted = self.measure.by if isinstance(self.measure, Table) else self.by
        for leaf in leaves(self.measure):
            for source in sources(leaf):
                facts = _facts_of(source)
                requests = [_request(name) for name in wanted]
                evaluation.ask(source, [TOTAL, *(one for one in requests if all(facts.has(name) for name in one[1]))])

    def lacks(self, measure: Measure, dimension: str) -> str:
        """Why a measure cannot be broken down this way, or ''."""
        for source in sources(measure):
            facts, clock = _facts_of(source), source.rows.clock if isinstance(source, Mean) else source.clock
            for name in _request(dimension)[1]:
                if name in facts.winners_only and clock not in OF_CONTRACTS and facts.name != "undated_deals":
                    return f"winners_only:{name}"
                if not facts.has(name):
                    return facts.absent.get(name, f"no_column:{facts.name}.{name}")
        return ""

    def rows(self, evaluation: Evaluation, windows: list[Window], dataset: Dataset, period: Period) -> list[Row]:
        """The card's rows of the tidy table."""
        if self.measure is None:
            return [self._missing(self.card.id, "", self.reason, period)]
        if isinstance(self.measure, Table):
            why = [[self.lacks(column, by) for column in self.measure.columns.values()] for by in self.measure.by]
            # a table that no breakdown can be given for says why
            return [] if any(not any(reasons) for reasons in why) else [self._missing(self.card.id, "", next(filter(None, why[0])), period)]
        found: list[Row] = []
        for kpi, measure in self.parts():
            total = self._estimates(measure, evaluation, windows, "")
            values = total.columns["value"]
            if kpi != self.card.id and (np.isnan(values).all() or (isinstance(measure, Count) and not values.any())):
                continue  # a figure that could stand beside but says nothing here
            start = len(found)
            found += self._total(kpi, total, dataset, period)
            for dimension in self.by:
                if reason := self.lacks(measure, dimension):
                    found.append(self._missing(kpi, dimension, reason, period))
                elif dimension in (MONTH, WEEK):
                    found += self._series(kpi, self._estimates(measure, evaluation, windows, dimension), dimension, windows, dataset)
                else:
                    found += self._current(kpi, self._estimates(measure, evaluation, windows, dimension), dimension, dataset, period)
            for row in found[start:]:
                row["unit"] = (measure.unit or self.card.unit).id
        return found

    def _estimates(self, measure: Measure, evaluation: Evaluation, windows: list[Window], dimension: str) -> Estimates:
        request = _request(dimension)
        return estimate(measure, evaluation, {window.key: window for window in windows if role_of(window) == request[0]}, request)

    def _total(self, kpi: str, estimates: Estimates, dataset: Dataset, period: Period) -> list[Row]:
        (row,) = self._current(kpi, estimates, "", dataset, period)
        target = dataset.parameters.targets.of(self.card.id) if kpi == self.card.id else None
        row["target"] = np.nan if target is None else target
        row["verdict"] = against_target(self.card, row["value"], row["low"], row["high"], row["target"])
        return [row]

    def _current(self, kpi: str, estimates: Estimates, dimension: str, dataset: Dataset, period: Period) -> list[Row]:
        """Rows of the current period with what the earlier windows gave for the same segment."""
        place = {cell: i for i, cell in enumerate(estimates.cells)}
        rows = []
        order = stage_order(dataset) if dimension == STAGE else {}
        for (window, segment), i in sorted(place.items(), key=lambda item: (order.get(item[0][1], len(order)), item[0][1])):
            if window != "current":
                continue
            row = self._row(kpi, dimension, segment, period.first, period.end) | {name: float(estimates.columns[name][i]) for name in NAMES}
            for role in self.comparable(dataset, period):
                if (j := place.get((role, segment))) is not None:
                    names = {role: "value", f"{role}_low": "low", f"{role}_high": "high"}
                    row |= {name: float(estimates.columns[source][j]) for name, source in names.items()}
            rows.append(row | {"reason": self._why_missing(row, dataset) or _doubt(estimates, i)})
        return rows

    def comparable(self, dataset: Dataset, period: Period) -> list[str]:
        """The earlier windows that are known as well as this one: where wins have no dates, the steps of earlier cohorts are not; before
        the log of activities begins, nothing that rests on it is."""
        if dataset.undated_share > UNDATED and self.touched & set(MILESTONES.values()):
            return []
        earlier = {"previous": period.previous(), "year_ago": period.year_ago()}
        if dataset.log.is_whole or not self._rests_on_the_log():
            return list(earlier)
        if not dataset.log.covers(period.first, period.end):
            return []
        return [role for role, other in earlier.items() if dataset.log.covers(other.first, other.end)]

    def _rests_on_the_log(self) -> bool:
        return self.counts_the_log or LOG in self.touched or "first_contact_at" in self.touched

    @property
    def counts_the_log(self) -> bool:
        """Whether the measure adds up what stands in the log of activities."""
        names = {_facts_of(source).name for leaf in leaves(self.measure) for source in sources(leaf)} if self.measure else set()
        return bool(names & LOGGED)

    def _series(self, kpi: str, estimates: Estimates, dimension: str, windows: list[Window], dataset: Dataset) -> list[Row]:
        place = {window: i for i, (window, _) in enumerate(estimates.cells)}
        rows = []
        # a month that the log of activities has in part looks like a calm one
        is_whole = dataset.log.is_whole or not self.counts_the_log
        shown = [one for one in windows if is_whole or dataset.log.covers(one.start.date(), one.end.date())]
        for window in shown:
            if window.role == dimension and (i := place.get(window.key)) is not None:
                row = self._row(kpi, dimension, window.key, window.start.date(), window.end.date()) | {
                    name: float(estimates.columns[name][i]) for name in NAMES
                }
                rows.append(row | {"reason": self._why_missing(row, dataset) or _doubt(estimates, i)})
        return rows

    def _row(self, kpi: str, dimension: str, segment: str, start: date, end: date) -> Row:
        row: Row = dict.fromkeys(TIDY, np.nan)
        return row | {
            "kpi": kpi,
            "by": dimension,
            "segment": segment,
            "period_start": start,
            "period_end": end,
            "unit": self.card.unit.id,
            "verdict": "unknown",
            "reason": "",
        }

    def _missing(self, kpi: str, dimension: str, reason: str, period: Period) -> Row:
        return self._row(kpi, dimension, "", period.first, period.end) | {"reason": reason}

    def _why_missing(self, row: Row, dataset: Dataset) -> str:
        """Why a value is missing: nothing to divide by (or nothing that the log knows of), or a time or share that has not been reached yet."""
        if not np.isnan(row["value"]):
            return ""
        if not row["n"] > 0 and self._rests_on_the_log() and not dataset.log.covers(row["period_start"], row["period_end"]):
            return "not_logged"
        if row["segment"] in dataset.unlogged and self._rests_on_the_log():
            return "not_logged"
        if row["n"] > 0 and isinstance(self.measure, Projection):
            return "horizon"
        return "not_reached" if row["n"] > 0 and self.card.kind in ("time", "share") else "zero_denominator"

    def table(self, evaluation: Evaluation, windows: list[Window], dataset: Dataset) -> pd.DataFrame | None:
        """The card's table, over all its breakdowns that the data allow; None where the card is no table."""
        if not isinstance(self.measure, Table):
            return None
        parts = [
            self._broken_down(self.measure, dimension, evaluation, windows, stage_order(dataset) if dimension == STAGE else {})
            for dimension in self.measure.by
            if not any(self.lacks(column, dimension) for column in self.measure.columns.values())
        ]
        parts = [part for part in parts if len(part)]
        return pd.concat(parts, ignore_index=True) if parts else None

    def _broken_down(
        self, table: Table, dimension: str, evaluation: Evaluation, windows: list[Window], order: dict[str, int]
    ) -> pd.DataFrame:
        frames = {name: self._estimates(column, evaluation, windows, dimension).frame("current") for name, column in table.columns.items()}
        columns = [_column(name, frame, table.columns[name]) for name, frame in frames.items()]
        wide = pd.concat(columns, axis=1).rename_axis("segment").reset_index()
        if wide.empty:
            return wide
        sums = [name for name, column in table.columns.items() if isinstance(column, Count | Sum)]
        wide[sums] = wide[sums].fillna(0.0)  # a segment without a row is a sum over nothing
        wide.insert(0, "by", dimension.partition("*")[0])
        wide = _in_order(wide, order)
        if within := dimension.partition("*")[2]:
            both = wide["segment"].str.partition(JOINED)
            wide["segment"] = both[0]
            wide.insert(2, within, both[2])
        for name, measure in table.whole.items():
            (total,) = self._estimates(measure, evaluation, windows, "").frame("current").to_dict("records")
            wide = wide.assign(**{name: total["value"], f"{name}_k": total["k"], f"{name}_n": total["n"]})
        return table.finish(wide) if table.finish and len(wide) else wide


def _doubt(estimates: Estimates, place: int) -> str:
    """That the interval holds deals of which nobody knows whether they closed in the window."""
    counts = estimates.columns.get(DOUBTFUL)
    return f"undated:n={counts[place]:.0f}" if counts is not None and counts[place] else ""


def is_peer(dataset: Dataset, dimension: str, row: Mapping[str, Any], period: Period) -> bool:
    """Whether a segment may be compared with others: who is gone, or did nothing in the period, is no peer; nor is «not set»."""
    if row["segment"] == UNSET or row["reason"].startswith("undated"):
        return False
    return dimension != MANAGER or dataset.presence.works(str(row["segment"]), period)


def stage_order(dataset: Dataset) -> dict[str, int]:
    """The place of each stage in the client's stage map: stages are read in the order of the funnel, not of the alphabet."""
    return {name.split(" / ")[-1]: place for place, name in enumerate(dataset.parameters.stages)}


def _facts_of(source: Amount | Rows | Mean) -> Columns:
    return source.rows.facts if isinstance(source, Mean) else source.facts


def _in_order(wide: pd.DataFrame, order: dict[str, int]) -> pd.DataFrame:
    """Rows by the place of their segment, then by its name."""
    segments = wide["segment"].tolist()
    places = sorted(range(len(segments)), key=lambda i: (order.get(segments[i], len(order)), segments[i]))
    return wide.iloc[places].reset_index(drop=True)


def _column(name: str, frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """One column of a table: a count or ratio alone, a share or mean with its n and interval."""
    kind = type(measure).__name__
    chosen = {"Count": ["value"], "Sum": ["value", "n"], "Ratio": ["value"], "Mean": ["value", "n", "low", "high"]}
    names = chosen.get(kind, ["value", "k", "n", "low", "high"])
    return frame[names].rename(columns={column: name if column == "value" else f"{name}_{column}" for column in names})


def _request(dimension: str) -> Request:
    if dimension in (MONTH, WEEK):
        return dimension, ()
    return "comparison", tuple(dimension.split("*")) if dimension else ()
