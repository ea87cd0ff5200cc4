"""`measure`: cards over a client's facts, as one tidy table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset, pipeline
from salesqc_lib.errors import MissingSource
from salesqc_lib.facts import Count, Measure, Sum, Table, Window, leaves
from salesqc_lib.kpi import CATALOGUE, cards
from salesqc_lib.kpi.card import MONTH, PIPELINE, STAGE, WEEK, Card
from salesqc_lib.measure.estimates import NAMES, Estimates, estimate, sources
from salesqc_lib.measure.evaluate import Evaluation, Request, role_of
from salesqc_lib.measure.verdicts import against_peers, against_target
from salesqc_lib.measure.windows import windows_of
from salesqc_lib.period import Period
from salesqc_lib.words import Reader

TIDY = [
    "kpi", "by", "segment", "period_start", "period_end", "value", "unit", "n", "k", "low", "high",
    "target", "previous", "previous_low", "previous_high", "year_ago", "verdict", "reason",
]  # fmt: skip
Row = dict[str, Any]
FACT_TABLES = ("deals", "stage_entries", "activities", "spend", "plans")


@dataclass(frozen=True)
class Measurement:
    """The measurements of one period. `frame` is the tidy table of `kpis.csv`, `tables` the KPIs of kind table by id."""

    frame: pd.DataFrame
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    reader: Reader = field(default_factory=Reader)

    def only(self, names: Sequence[str], by: Iterable[str] | None = None) -> "Measurement":
        """The same for some cards (with their companions), and some breakdowns (the total always stays)."""
        chosen = [card.id for card in cards(*names)]
        frame = self.frame[self.frame["kpi"].map(lambda kpi: _card_of(kpi, chosen) is not None)]
        if by is not None:
            frame = frame[frame["by"].isin(["", *by])]
        return Measurement(frame, {kpi: table for kpi, table in self.tables.items() if kpi in chosen}, self.reader)

    def row(self, kpi: str, by: str = "", segment: str = "") -> "pd.Series[Any]":
        """One measurement; KeyError where there is none."""
        found = self.frame[(self.frame["kpi"] == kpi) & (self.frame["by"] == by) & (self.frame["segment"] == segment)]
        if found.empty:
            raise KeyError((kpi, by, segment))
        return found.iloc[0]

    def value(self, kpi: str, by: str = "", segment: str = "") -> float:
        """The value of one measurement, NaN where it is missing."""
        return float(self.row(kpi, by, segment)["value"])

    def segments(self, kpi: str, by: str) -> pd.DataFrame:
        """The rows of one breakdown."""
        return self.frame[(self.frame["kpi"] == kpi) & (self.frame["by"] == by) & (self.frame["value"].notna() | (self.frame["n"] > 0))]


def _card_of(kpi: str, known: Sequence[str]) -> str | None:
    """The card, of the known ones, that a row belongs to: its own, or that of the figure it stands beside."""
    owner = kpi if kpi in CATALOGUE else max((name for name in CATALOGUE if kpi.startswith(name + "_")), key=len)
    return owner if owner in known else None


def measure(dataset: Dataset, period: Period, names: Sequence[str] = (), by: Sequence[str] | None = None) -> Measurement:
    """Measure cards (all, or groups and KPIs by name) over a period, its predecessor and the year before.

    `by` replaces the breakdowns that the cards name. A table or column that the data lack gives rows without a value and with
    the reason; it is never an error and never 0.
    """
    windows = windows_of(dataset, period)
    given = _given(dataset, windows[0])
    evaluation = Evaluation(dataset, windows)
    built: list[_Built] = []
    for card in cards(*names):
        wanted = card.by if by is None else tuple(by)
        try:
            built.append(_Built(card, card(**given), wanted))
        except MissingSource as missing:
            built.append(_Built(card, None, wanted, missing.reason))
    for one in built:
        one.ask(evaluation)
    evaluation.run()
    rows: list[Row] = []
    for one in built:
        rows += one.rows(evaluation, windows, dataset, period)
    tables = {one.card.id: table for one in built if (table := one.table(evaluation, windows, dataset)) is not None}
    report = dataset.parameters.report
    return Measurement(_frame(rows), tables, Reader(report.language, report.currency, dataset.parameters.client.accent))


def stage_order(dataset: Dataset) -> dict[str, int]:
    """The place of each stage in the client's stage map: stages are read in the order of the funnel, not of the alphabet."""
    return {name.split(" / ")[-1]: place for place, name in enumerate(dataset.parameters.stages)}


def _frame(rows: list[Row]) -> pd.DataFrame:
    """The tidy table: texts as texts, numbers as floats, dates as dates."""
    frame = pd.DataFrame(rows, columns=TIDY)
    numbers = ["value", "n", "k", "low", "high", "target", "previous", "previous_low", "previous_high", "year_ago"]
    return frame.astype(dict.fromkeys(numbers, float))


def _given(dataset: Dataset, current: Window) -> dict[str, Any]:
    """What a card's function may name: fact tables, and the settings of the client."""
    dataset.shapes["open_deals"] = pipeline.prepare(dataset, current)
    parameters = dataset.parameters
    settings = {name: getattr(parameters, name) for name in ("targets", "funnel", "hygiene", "calendar")}
    return {**{name: dataset.facts(name) for name in (*FACT_TABLES, "open_deals")}, **settings}


@dataclass
class _Built:
    """A card's measure, or the reason why there is none."""

    card: Card
    measure: Measure | None
    by: tuple[str, ...]
    reason: str = ""

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
                dimensions = [name for name in wanted if name in (MONTH, WEEK) or source.facts.has(name)]
                evaluation.ask(source, [_request(name) for name in ("", *dimensions)])

    def lacks(self, measure: Measure, dimension: str) -> str:
        """Why a measure cannot be broken down this way, or ''."""
        for source in sources(measure):
            if dimension not in ("", MONTH, WEEK) and not source.facts.has(dimension):
                return source.facts.absent.get(dimension, f"no_column:{source.facts.name}.{dimension}")
        return ""

    def rows(self, evaluation: Evaluation, windows: list[Window], dataset: Dataset, period: Period) -> list[Row]:
        """The card's rows of the tidy table."""
        if self.measure is None:
            return [self._missing(self.card.id, "", self.reason, period)]
        found: list[Row] = []
        for kpi, measure in self.parts():
            total = self._estimates(measure, evaluation, windows, "")
            values = total.columns["value"]
            if kpi != self.card.id and (np.isnan(values).all() or (isinstance(measure, Count) and not values.any())):
                continue  # a figure that could stand beside but says nothing here
            found += self._total(kpi, total, dataset, period)
            whole = found[-1]["value"]
            for dimension in self.by:
                if reason := self.lacks(measure, dimension):
                    found.append(self._missing(kpi, dimension, reason, period))
                elif dimension in (MONTH, WEEK):
                    found += self._series(kpi, self._estimates(measure, evaluation, windows, dimension), dimension, windows)
                else:
                    found += self._segments(
                        kpi, self._estimates(measure, evaluation, windows, dimension), dimension, whole, dataset, period
                    )
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

    def _segments(self, kpi: str, estimates: Estimates, dimension: str, whole: float, dataset: Dataset, period: Period) -> list[Row]:
        rows = self._current(kpi, estimates, dimension, dataset, period)
        # stages differ by their nature: a slow one is no worse than its neighbour
        if rows and self.card.kind not in ("count", "sum", "ratio") and kpi == self.card.id and dimension not in (STAGE, PIPELINE):
            columns = {name: np.array([row[name] for row in rows], float) for name in NAMES}
            for row, verdict in zip(rows, against_peers(self.card, columns, whole), strict=True):
                row["verdict"] = verdict
        return rows

    def _current(self, kpi: str, estimates: Estimates, dimension: str, dataset: Dataset, period: Period) -> list[Row]:
        """Rows of the current period with what the earlier windows gave for the same segment."""
        place = {cell: i for i, cell in enumerate(estimates.cells)}
        rows = []
        order = stage_order(dataset) if dimension == STAGE else {}
        for (window, segment), i in sorted(place.items(), key=lambda item: (order.get(item[0][1], len(order)), item[0][1])):
            if window != "current":
                continue
            row = self._row(kpi, dimension, segment, period.first, period.end) | {name: float(estimates.columns[name][i]) for name in NAMES}
            for role in ("previous", "year_ago"):
                if (j := place.get((role, segment))) is not None:
                    names = {role: "value", f"{role}_low": "low", f"{role}_high": "high"}
                    row |= {name: float(estimates.columns[source][j]) for name, source in names.items() if name in row}
            rows.append(row | {"reason": self._why_missing(row)})
        return rows

    def _series(self, kpi: str, estimates: Estimates, dimension: str, windows: list[Window]) -> list[Row]:
        place = {window: i for i, (window, _) in enumerate(estimates.cells)}
        rows = []
        for window in windows:
            if window.role == dimension and (i := place.get(window.key)) is not None:
                row = self._row(kpi, dimension, window.key, window.start.date(), window.end.date()) | {
                    name: float(estimates.columns[name][i]) for name in NAMES
                }
                rows.append(row | {"reason": self._why_missing(row)})
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

    def _why_missing(self, row: Row) -> str:
        """Why a value is missing: nothing to divide by, or a time or share that has not been reached yet."""
        if not np.isnan(row["value"]):
            return ""
        return "not_reached" if row["n"] > 0 and self.card.kind in ("time", "share") else "zero_denominator"

    def table(self, evaluation: Evaluation, windows: list[Window], dataset: Dataset) -> pd.DataFrame | None:
        """The card's table, over all its breakdowns that the data allow; None where the card is no table."""
        if not isinstance(self.measure, Table):
            return None
        parts = []
        for dimension in self.measure.by:
            columns = {name: column for name, column in self.measure.columns.items() if not self.lacks(column, dimension)}
            if len(columns) < len(self.measure.columns):
                continue
            frames = {name: self._estimates(column, evaluation, windows, dimension).frame("current") for name, column in columns.items()}
            wide = (
                pd.concat([_column(name, frame, self.measure.columns[name]) for name, frame in frames.items()], axis=1)
                .rename_axis("segment")
                .reset_index()
            )
            sums = [name for name, column in columns.items() if isinstance(column, Count | Sum)]
            wide[sums] = wide[sums].fillna(0.0)  # a segment without a row is a sum over nothing
            wide.insert(0, "by", dimension)
            wide = _in_order(wide, stage_order(dataset) if dimension == STAGE else {})
            parts.append(self.measure.finish(wide) if self.measure.finish and len(wide) else wide)
        return pd.concat(parts, ignore_index=True) if parts else None


def _in_order(wide: pd.DataFrame, order: dict[str, int]) -> pd.DataFrame:
    """Rows by the place of their segment, then by its name."""
    places = sorted(range(len(wide)), key=lambda i: (order.get(wide["segment"].iloc[i], len(order)), wide["segment"].iloc[i]))
    return wide.iloc[places].reset_index(drop=True)


def _column(name: str, frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """One column of a table: a count or sum alone, a share with its k, n and interval."""
    kind = type(measure).__name__
    chosen = {"Count": ["value"], "Sum": ["value", "n"]}.get(kind, ["value", "k", "n", "low", "high"])
    return frame[chosen].rename(columns={column: name if column == "value" else f"{name}_{column}" for column in chosen})


def _request(dimension: str) -> Request:
    return (dimension, "") if dimension in (MONTH, WEEK) else ("comparison", dimension)
