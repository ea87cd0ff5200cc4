"""From amounts and rows to estimates: value, n, k and interval for each segment, by the measure's kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.facts import Amount, Count, Formula, Mean, Measure, Projection, Ratio, RowMeasure, Rows, Share, Sum, Summed, Time, Window
from salesqc_lib.measure.evaluate import Cell, Evaluation, Request
from salesqc_lib.statistics import means, shares, survival

Columns = dict[str, Any]  # name: numpy array, one value per cell
NAMES = ("value", "n", "k", "low", "high")


@dataclass(frozen=True)
class Estimates:
    """Estimates over cells (window, segment): `columns` has value, n, k, low, high in the order of `cells`."""

    cells: list[Cell]
    columns: Columns

    def frame(self, window: str) -> pd.DataFrame:
        """The estimates of one window by segment."""
        chosen = [i for i, (key, _) in enumerate(self.cells) if key == window]
        return pd.DataFrame(
            {name: self.columns[name][chosen] for name in NAMES}, index=pd.Index([self.cells[i][1] for i in chosen], name="segment")
        )


def sources(measure: Measure) -> list[Amount | Rows]:
    """What has to be evaluated for a measure (its companions apart)."""
    if isinstance(measure, Summed):
        return list(measure.amounts.values())
    if isinstance(measure, Projection):
        return [measure.rows, measure.reference]
    return [measure.rows] if isinstance(measure, RowMeasure) else []


def estimate(measure: Measure, evaluation: Evaluation, windows: dict[str, Window], request: Request) -> Estimates:
    """Estimates for one breakdown. The total of the current period is always there, over no rows if there are none."""
    role, dimension = request
    always: list[Cell] = [("current", "")] if request == ("comparison", "") else []
    if isinstance(measure, Summed):
        return _summed(measure, evaluation, windows, request, always)
    if not isinstance(measure, RowMeasure):
        raise TypeError(f"no estimate for {type(measure).__name__}")
    frame = evaluation.rows[id(measure.rows)]
    frame = frame[frame["__role"] == role]
    reference = evaluation.rows[id(measure.reference)] if isinstance(measure, Projection) else None
    found: dict[Cell, tuple[float, ...]] = dict.fromkeys(always, (np.nan, 0.0, np.nan, np.nan, np.nan))
    keys = ["__window", dimension] if dimension else ["__window"]
    for key, part in frame.groupby(keys, sort=True):
        found[str(key[0]), str(key[1]) if dimension else ""] = _of_rows(measure, part, reference)
    return Estimates(list(found), dict(zip(NAMES, np.array(list(found.values()), float).reshape(-1, len(NAMES)).T, strict=True)))


def _summed(measure: Summed, evaluation: Evaluation, windows: dict[str, Window], request: Request, always: list[Cell]) -> Estimates:
    sums = {name: evaluation.amounts[id(amount), request] for name, amount in measure.amounts.items()}
    cells = sorted({cell for column in sums.values() for cell in column} | set(always))
    # an amount without a row in a segment is a sum over nothing
    columns = {name: np.array([column.get(cell, 0.0) for cell in cells], float) for name, column in sums.items()}
    if isinstance(measure, Formula):
        if measure.is_current_only:
            keep = [i for i, (window, _) in enumerate(cells) if window == "current"]
            cells, columns = [cells[i] for i in keep], {name: column[keep] for name, column in columns.items()}
        if not cells:
            return Estimates([], {name: np.array([]) for name in NAMES})
        return Estimates(cells, _formula(measure, cells, columns, windows))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _KINDS[type(measure)](columns)
    if isinstance(measure, Ratio) and measure.is_null_at_zero:
        found["value"] = np.where(columns["k"] != 0, found["value"], np.nan)
    return Estimates(cells, found)


def _formula(measure: Formula, cells: list[Cell], columns: Columns, windows: dict[str, Window]) -> Columns:
    frame = pd.DataFrame(columns, index=pd.MultiIndex.from_tuples(cells, names=["window", "segment"]))
    computed = pd.concat([measure.compute(part, windows[str(key)]) for key, part in frame.groupby(level="window")]).reindex(frame.index)
    computed = computed.astype(float).replace([np.inf, -np.inf], np.nan)
    return {name: computed[name].to_numpy() if name in computed else np.full(len(cells), np.nan) for name in NAMES}


def _count(a: Columns) -> Columns:
    return {"value": a["k"], "n": a["k"], "k": a["k"], **_without_interval(a)}


def _sum(a: Columns) -> Columns:
    return {"value": a["k"], "n": a["n"], "k": np.full(len(a["k"]), np.nan), **_without_interval(a)}


def _share(a: Columns) -> Columns:
    low, high = shares.wilson(a["k"], a["n"])
    return {"value": np.where(a["n"] > 0, a["k"] / a["n"], np.nan), "n": a["n"], "k": a["k"], "low": low, "high": high}


def _ratio(a: Columns) -> Columns:
    return {"value": np.where(a["n"] != 0, a["k"] / a["n"], np.nan), "n": a["n"], "k": a["k"], **_without_interval(a)}


def _without_interval(a: Columns) -> Columns:
    return {"low": np.full(len(a["k"]), np.nan), "high": np.full(len(a["k"]), np.nan)}


_KINDS: dict[type, Callable[[Columns], Columns]] = {Count: _count, Sum: _sum, Share: _share, Ratio: _ratio}


def _of_rows(measure: RowMeasure, part: pd.DataFrame, reference: pd.DataFrame | None) -> tuple[float, ...]:
    if isinstance(measure, Mean):
        values = part["value"].to_numpy(float)
        interval = means.median_interval if measure.statistic == "median" else means.mean_interval
        value, low, high = interval(values)
        return value, len(values), np.nan, low, high
    durations: Any = part["duration"].to_numpy(float)
    events: Any = part["event"].to_numpy(int)
    if isinstance(measure, Projection):
        assert reference is not None  # noqa: S101 - a projection always asks for its reference
        older = reference[reference["__window"].isin(part["__window"].unique())]
        value, low, high = survival.project(
            (durations, events), (older["duration"].to_numpy(float), older["event"].to_numpy(int)), measure.horizon
        )
        return value, len(part), float((events == 1).sum()), low, high
    assert isinstance(measure, Time)  # noqa: S101 - the three kinds of row measures
    if measure.is_competing:
        curve = survival.aalen_johansen(durations, events)
        value, low, high = survival.time_to_share_of_final(curve, measure.q)
    else:
        curve = survival.kaplan_meier(durations, events)
        value, low, high = curve.quantile(measure.q)
    return value, len(part), float(curve.events), low, high
