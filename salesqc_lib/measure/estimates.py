"""From amounts and rows to estimates: value, n, k and interval for each segment, by the measure's kind."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.facts import Amount, Count, Formula, Mean, Measure, Projection, Ratio, RowMeasure, Rows, Share, Sum, Summed, Time, Window
from salesqc_lib.measure.evaluate import Evaluation
from salesqc_lib.statistics import means, shares, survival

COLUMNS = ["value", "n", "k", "low", "high"]


def sources(measure: Measure) -> list[Amount | Rows]:
    """What has to be evaluated for a measure (its companions apart)."""
    if isinstance(measure, Summed):
        return list(measure.amounts.values())
    if isinstance(measure, Projection):
        return [measure.rows, measure.reference]
    return [measure.rows] if isinstance(measure, RowMeasure) else []


def estimate(measure: Measure, evaluation: Evaluation, windows: dict[str, Window], dimension: str, role: str) -> pd.DataFrame:
    """Estimates over (window, segment) for one breakdown."""
    if isinstance(measure, Summed):
        return _summed(measure, evaluation, windows, dimension)
    if isinstance(measure, RowMeasure):
        frame = evaluation.rows[id(measure.rows)]
        frame = frame[(frame["__role"] == role) & frame["__window"].isin(list(windows))]
        segments = frame[dimension].astype(str) if dimension else pd.Series("", frame.index)
        reference = evaluation.rows[id(measure.reference)] if isinstance(measure, Projection) else None
        found = {key: _of_rows(measure, part, reference) for key, part in frame.groupby([frame["__window"], segments], sort=True)}
        index = pd.MultiIndex.from_tuples(list(found), names=["window", "segment"]) if found else _empty_index()
        return pd.DataFrame(list(found.values()), index=index, columns=COLUMNS, dtype=float)
    raise TypeError(f"no estimate for {type(measure).__name__}")


def _empty_index() -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([[], []], names=["window", "segment"])


def _summed(measure: Summed, evaluation: Evaluation, windows: dict[str, Window], dimension: str) -> pd.DataFrame:
    columns = {}
    for name, amount in measure.amounts.items():
        series = evaluation.amounts[id(amount)]
        chosen = series[(series.index.get_level_values(1) == dimension) & series.index.get_level_values(0).isin(list(windows))]
        columns[name] = chosen.droplevel(1)
    # an amount without a row in a segment is a sum over nothing
    frame = pd.DataFrame(columns).fillna(0.0) if len(columns) > 1 else pd.concat(columns, axis=1).fillna(0.0)
    frame.index = frame.index.set_names(["window", "segment"])
    if isinstance(measure, Formula):
        parts = [measure.compute(part, windows[str(key)]) for key, part in frame.groupby(level="window")]
        computed = pd.concat(parts) if parts else pd.DataFrame(columns=["value", "low", "high", "n"], index=frame.index)
        return computed.assign(k=np.nan)[COLUMNS].replace([np.inf, -np.inf], np.nan).astype(float)
    return _KINDS[type(measure)](frame).replace([np.inf, -np.inf], np.nan)[COLUMNS]


def _count(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(value=frame["k"], n=frame["k"], low=np.nan, high=np.nan)


def _sum(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(value=frame["k"], k=np.nan, low=np.nan, high=np.nan)


def _share(frame: pd.DataFrame) -> pd.DataFrame:
    low, high = shares.wilson(frame["k"], frame["n"])
    return frame.assign(value=frame["k"] / frame["n"].where(frame["n"] > 0), low=low, high=high)


def _ratio(frame: pd.DataFrame) -> pd.DataFrame:
    # nothing above or nothing below: the quotient says nothing (no spend on record is no free lead)
    value = frame["k"].where(frame["k"] != 0) / frame["n"].where(frame["n"] != 0)
    return frame.assign(value=value, low=np.nan, high=np.nan)


_KINDS: dict[type, Callable[[pd.DataFrame], pd.DataFrame]] = {Count: _count, Sum: _sum, Share: _share, Ratio: _ratio}


def _of_rows(measure: RowMeasure, part: pd.DataFrame, reference: pd.DataFrame | None) -> tuple[float, ...]:
    if isinstance(measure, Mean):
        values = part["value"].astype(float).to_numpy()
        interval = means.median_interval if measure.statistic == "median" else means.mean_interval
        value, low, high = interval(values)
        return value, len(values), np.nan, low, high
    durations: Any = part["duration"].astype(float).to_numpy()
    events: Any = part["event"].astype(int).to_numpy()
    if isinstance(measure, Projection):
        assert reference is not None  # noqa: S101 - a projection always asks for its reference
        own_window = reference[reference["__window"].isin(part["__window"].unique())]
        value, low, high = survival.project((durations, events), (own_window["duration"].astype(float), own_window["event"].astype(int)), measure.horizon)
        return value, len(part), float((events == 1).sum()), low, high
    assert isinstance(measure, Time)  # noqa: S101 - the three kinds of row measures
    if measure.is_competing:
        curve = survival.aalen_johansen(durations, events)
        value, low, high = survival.time_to_share_of_final(curve, measure.q)
    else:
        curve = survival.kaplan_meier(durations, events)
        value, low, high = curve.quantile(measure.q)
    return value, len(part), float(curve.events), low, high
