"""`measure`: cards over a client's facts, as one tidy table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset, pipeline
from salesqc_lib.errors import MissingSource
from salesqc_lib.facts import Measure, Table, Window, leaves
from salesqc_lib.kpi import cards
from salesqc_lib.kpi.card import MONTH, WEEK, Card
from salesqc_lib.measure.estimates import estimate, sources
from salesqc_lib.measure.evaluate import Evaluation, Request
from salesqc_lib.measure.verdicts import against_peers, against_target
from salesqc_lib.measure.windows import windows_of
from salesqc_lib.period import Period

TIDY = [
    "kpi", "by", "segment", "period_start", "period_end", "value", "unit", "n", "k", "low", "high",
    "target", "previous", "previous_low", "previous_high", "year_ago", "verdict", "reason",
]  # fmt: skip
FACT_TABLES = ("deals", "stage_entries", "activities", "spend", "plans")


@dataclass(frozen=True)
class Measurement:
    """The measurements of one period. `frame` is the tidy table of `kpis.csv`, `tables` the KPIs of kind table by id."""

    frame: pd.DataFrame
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    def only(self, names: Sequence[str], by: Iterable[str] | None = None) -> "Measurement":
        """The same for some cards (with their companions), and some breakdowns (the total always stays)."""
        chosen = [card.id for card in cards(*names)]
        frame = self.frame[self.frame["kpi"].map(lambda kpi: _card_of(kpi, chosen) is not None)]
        if by is not None:
            frame = frame[frame["by"].isin(["", *by])]
        return Measurement(frame, {kpi: table for kpi, table in self.tables.items() if kpi in chosen})

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
    """The id of the card that a row belongs to: its own, or that of the figure it stands beside."""
    return kpi if kpi in known else max((name for name in known if kpi.startswith(name + "_")), key=len, default=None)


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
    frames = [one.rows(evaluation, windows, dataset, period) for one in built]
    tables = {one.card.id: table for one in built if (table := one.table(evaluation, windows)) is not None}
    return Measurement(pd.concat([frame for frame in frames if len(frame)], ignore_index=True)[TIDY], tables)


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
        return [(self.card.id, self.measure), *((f"{self.card.id}_{name}", companion) for name, companion in self.measure.companions.items())]

    def ask(self, evaluation: Evaluation) -> None:
        """Ask for everything that the card's rows and table need."""
        if self.measure is None:
            return
        for leaf in leaves(self.measure):
            for source in sources(leaf):
                dimensions = [name for name in self.by if name in (MONTH, WEEK) or source.facts.has(name)]
                evaluation.ask(source, [_request(name) for name in ("", *dimensions)])

    def lacks(self, measure: Measure, dimension: str) -> str:
        """Why a measure cannot be broken down this way, or ''."""
        for source in sources(measure):
            if dimension not in ("", MONTH, WEEK) and not source.facts.has(dimension):
                return source.facts.absent.get(dimension, f"no_column:{source.facts.name}.{dimension}")
        return ""

    def rows(self, evaluation: Evaluation, windows: list[Window], dataset: Dataset, period: Period) -> pd.DataFrame:
        """The card's rows of the tidy table."""
        frames = []
        for kpi, measure in self.parts():
            total = self._estimates(measure, evaluation, windows, "")
            if kpi != self.card.id and total["value"].isna().all():
                continue  # a figure that could stand beside but says nothing here
            frames.append(self._tidy(kpi, total, "", windows, dataset, period))
            whole = frames[-1]["value"].iloc[0]
            for dimension in self.by:
                if reason := self.lacks(measure, dimension):
                    frames.append(_missing(self.card, kpi, dimension, reason, period))
                    continue
                frames.append(self._tidy(kpi, self._estimates(measure, evaluation, windows, dimension), dimension, windows, dataset, period, whole))
        if self.measure is None:
            frames.append(_missing(self.card, self.card.id, "", self.reason, period))
        frames = [frame for frame in frames if len(frame)]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=TIDY)

    def _estimates(self, measure: Measure, evaluation: Evaluation, windows: list[Window], dimension: str) -> pd.DataFrame:
        role, column = _request(dimension)
        chosen = {window.key: window for window in windows if (window.role == role if role != "comparison" else window.role not in (MONTH, WEEK))}
        frame = estimate(measure, evaluation, chosen, column, role)
        if dimension == "" and ("current", "") not in frame.index:
            frame.loc[("current", ""), :] = _nothing(measure)
        return frame

    def _tidy(self, kpi: str, frame: pd.DataFrame, dimension: str, windows: list[Window], dataset: Dataset, period: Period, whole: float = np.nan) -> pd.DataFrame:
        card, by_key = self.card, {window.key: window for window in windows}
        if dimension in (MONTH, WEEK):
            rows = frame.reset_index().assign(segment=lambda f: f["window"], starts=lambda f: [by_key[key].start.date() for key in f["window"]], ends=lambda f: [by_key[key].end.date() for key in f["window"]])
            rows = rows.sort_values("starts").reset_index(drop=True)
        else:
            rows = frame.xs("current", level="window").reset_index().assign(starts=period.first, ends=period.end) if "current" in frame.index.get_level_values(0) else frame.reset_index().iloc[:0].assign(starts=None, ends=None)
            for role in ("previous", "year_ago"):
                earlier = frame.xs(role, level="window") if role in frame.index.get_level_values(0) else None
                for target, source in ((role, "value"), (f"{role}_low", "low"), (f"{role}_high", "high")):
                    rows[target] = np.nan if earlier is None else rows["segment"].map(earlier[source]).astype(float)
        rows = rows.assign(kpi=kpi, by=dimension, unit=card.unit.id, period_start=rows["starts"], period_end=rows["ends"])
        rows["target"] = dataset.parameters.targets.of(card.id) if dimension == "" and kpi == card.id else None
        rows["target"] = rows["target"].astype(float)
        rows["reason"] = _reasons(rows, card)
        if dimension == "":
            rows["verdict"] = against_target(card, rows)
        elif dimension in (MONTH, WEEK) or card.kind in ("count", "sum", "ratio"):
            rows["verdict"] = "unknown"
        else:
            rows["verdict"] = against_peers(card, rows, whole)
        return rows.reindex(columns=TIDY)

    def table(self, evaluation: Evaluation, windows: list[Window]) -> pd.DataFrame | None:
        """The card's table, over all its breakdowns that the data allow; None where the card is no table."""
        if not isinstance(self.measure, Table):
            return None
        parts = []
        for dimension in self.measure.by:
            columns = {name: column for name, column in self.measure.columns.items() if not self.lacks(column, dimension)}
            if len(columns) < len(self.measure.columns):
                continue
            frames = {name: self._estimates(column, evaluation, windows, dimension) for name, column in columns.items()}
            wide = pd.concat([_column(name, frame, self.measure.columns[name]) for name, frame in frames.items()], axis=1)
            wide = wide[wide.index.get_level_values("window") == "current"].droplevel("window").rename_axis("segment").reset_index()
            counts = [name for name in frames if wide[name].notna().any() and not name.endswith(("_low", "_high"))]
            wide[counts] = wide[counts].astype(float)
            wide.insert(0, "by", dimension)
            parts.append(self.measure.finish(wide) if self.measure.finish and len(wide) else wide)
        return pd.concat(parts, ignore_index=True) if parts else None


def _column(name: str, frame: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """One column of a table: a count or sum alone, a share with its k, n and interval."""
    kind = type(measure).__name__
    chosen = {"Count": ["value"], "Sum": ["value", "n"]}.get(kind, ["value", "k", "n", "low", "high"])
    return frame[chosen].rename(columns={column: name if column == "value" else f"{name}_{column}" for column in chosen})


def _request(dimension: str) -> Request:
    return (dimension, "") if dimension in (MONTH, WEEK) else ("comparison", dimension)


def _nothing(measure: Measure) -> list[float]:
    """The estimate over no rows at all: a count or sum of nothing is 0, anything else is not known."""
    is_total = type(measure).__name__ in ("Count", "Sum")
    return [0.0 if is_total else np.nan, 0.0, 0.0 if type(measure).__name__ in ("Count", "Share") else np.nan, np.nan, np.nan]


def _reasons(rows: pd.DataFrame, card: Card) -> "pd.Series[str]":
    """Why a value is missing: nothing to divide by, or a time that has not been reached yet."""
    reason = pd.Series("", rows.index)
    empty = rows["value"].isna()
    reason[empty] = "zero_denominator"
    reason[empty & (rows["n"] > 0)] = "not_reached" if card.kind in ("time", "share") else "zero_denominator"
    return reason


def _missing(card: Card, kpi: str, dimension: str, reason: str, period: Period) -> pd.DataFrame:
    row = dict.fromkeys(TIDY, np.nan) | {"kpi": kpi, "by": dimension, "segment": "", "period_start": period.first, "period_end": period.end, "unit": card.unit.id, "verdict": "unknown", "reason": reason}
    return pd.DataFrame([row]).reindex(columns=TIDY)


