"""From amounts and rows to estimates: value, n, k and interval for each segment, by the measure's kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.facts import (
    Amount,
    Count,
    Formula,
    Mean,
    Measure,
    Median,
    Projection,
    Ratio,
    RowMeasure,
    Rows,
    Share,
    Sum,
    Summed,
    Time,
    Window,
)
from salesqc_lib.measure.evaluate import TOTAL, Cell, Evaluation, Request
from salesqc_lib.statistics import means, shares, survival
from salesqc_lib.statistics.exposure import Reference, projected
from salesqc_lib.statistics.skewed import skewed_mean

Columns = dict[str, Any]  # name: numpy array, one value per cell
NAMES = ("value", "n", "k", "low", "high")
DOUBTFUL = "doubtful"  # cases of which nobody knows whether they belong to the window


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


def sources(measure: Measure) -> list[Amount | Rows | Mean]:
    """What has to be evaluated for a measure (its companions apart)."""
    if isinstance(measure, Summed):
        every = list(measure.amounts.values())
        return [*every, *(twin for amount in every for twin in (amount.sure, amount.perhaps) if twin)]
    if isinstance(measure, Mean):
        return [measure]
    if isinstance(measure, Projection):
        return [measure.rows, measure.reference]
    return [measure.rows] if isinstance(measure, RowMeasure) else []


def estimate(measure: Measure, evaluation: Evaluation, windows: dict[str, Window], request: Request) -> Estimates:
    """Estimates for one breakdown. The total of the current period is always there, over no rows if there are none."""
    always: list[Cell] = [("current", "")] if request == TOTAL else []
    if isinstance(measure, Summed):
        return _summed(measure, evaluation, windows, request, always)
    if not isinstance(measure, RowMeasure):
        raise TypeError(f"no estimate for {type(measure).__name__}")
    found: dict[Cell, tuple[float, ...]] = dict.fromkeys(always, (np.nan, 0.0, np.nan, np.nan, np.nan))
    if isinstance(measure, Mean):
        found |= _means(measure, evaluation, request)
    else:
        older = _references(measure, evaluation, request[0]) if isinstance(measure, Projection) else {}
        found |= {cell: _of_rows(measure, values, older.get(cell[0])) for cell, values in evaluation.rows(measure.rows, request)}
    cells = sorted(found)
    return Estimates(cells, dict(zip(NAMES, np.array([found[cell] for cell in cells], float).reshape(-1, len(NAMES)).T, strict=True)))


def _means(measure: Mean, evaluation: Evaluation, request: Request) -> dict[Cell, tuple[float, ...]]:
    """Means by Student's interval from sums, and by the bootstrap from rows where Student's does not hold."""
    sums = {name: evaluation.sums(amount, request) for name, amount in measure.moments.items()}
    cells = [cell for cell, n in sums["n"].items() if n > 0]
    if not cells:
        return {}
    n, s1, s2, s3 = ([sums[name][cell] for cell in cells] for name in ("n", "s1", "s2", "s3"))
    value, low, high, needed = means.of_moments(n, s1, s2, s3)
    needed |= measure.is_skewed
    found: dict[Cell, tuple[float, ...]] = {
        cell: (float(value[i]), n[i], np.nan, float(low[i]), float(high[i])) for i, cell in enumerate(cells) if not needed[i]
    }
    wanted = {cell for i, cell in enumerate(cells) if needed[i]}
    for cell, values in evaluation.rows(measure.rows, request) if wanted else ():
        if cell in wanted:
            mean, below, above = (
                skewed_mean(values["value"], _clusters(values)) if measure.is_skewed else means.mean_interval(values["value"])
            )
            found[cell] = (mean, len(values["value"]), np.nan, below, above)
    return found


def _clusters(values: dict[str, Any]) -> Any:
    """Numbers of the clusters; who belongs to none that is known has NaN."""
    if "cluster" not in values:
        return None
    names, code = np.unique(values["cluster"].astype(str), return_inverse=True)
    return np.where(names[code] == "", np.nan, code.astype(float))


def _summed(measure: Summed, evaluation: Evaluation, windows: dict[str, Window], request: Request, always: list[Cell]) -> Estimates:
    sums = {name: evaluation.sums(amount, request) for name, amount in measure.amounts.items()}
    twins = [
        {name: evaluation.sums(twin, request) for name, amount in measure.amounts.items() if (twin := getattr(amount, which))}
        for which in ("sure", "perhaps")
    ]
    of_twins = {cell for twin in twins for column in twin.values() for cell, value in column.items() if value}
    cells = sorted({cell for column in sums.values() for cell in column} | of_twins | set(always))
    # an amount without a row in a segment is a sum over nothing
    columns, sure, perhaps = (
        {name: np.array([column.get(cell, 0.0) for cell in cells], float) for name, column in one.items()} for one in (sums, *twins)
    )
    columns = {name: column + sure[name] if name in sure else column for name, column in columns.items()}
    if isinstance(measure, Formula):
        if measure.is_current_only:
            keep = [i for i, (window, _) in enumerate(cells) if window == "current"]
            cells, columns = [cells[i] for i in keep], {name: column[keep] for name, column in columns.items()}
        if not cells:
            return Estimates([], {name: np.array([]) for name in NAMES})
        return Estimates(cells, _formula(measure, cells, columns, windows))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = _KINDS[type(measure)](columns)
        if any(column.any() for column in perhaps.values()):
            found = _bounded(measure, columns, perhaps, found)
    if isinstance(measure, Share) and measure.per != 1:
        found = {**found, **{name: found[name] * measure.per for name in ("value", "low", "high")}}
    if isinstance(measure, Ratio) and measure.is_null_at_zero:
        found["value"] = np.where(columns["k"] != 0, found["value"], np.nan)
    return Estimates(cells, found)


def _bounded(measure: Summed, columns: Columns, perhaps: Columns, found: Columns) -> Columns:
    """Where deals closed nobody knows when: the interval reaches from without them to with them; `doubtful` counts them."""
    whole = _KINDS[type(measure)]({name: column + perhaps[name] if name in perhaps else column for name, column in columns.items()})
    is_touched = np.any([column != 0 for column in perhaps.values()], axis=0)
    ends = [[_known(one[side], one["value"]) for one in (found, whole)] for side in ("low", "high")]
    low, high = np.fmin(*ends[0]), np.fmax(*ends[1])
    counted: Any = perhaps.get("n", perhaps.get("k"))
    doubtful = np.abs(counted) if isinstance(measure, Share | Count) else is_touched.astype(float)
    return {
        **found,
        "low": np.where(is_touched, low, found["low"]),
        "high": np.where(is_touched, high, found["high"]),
        "doubtful": np.where(is_touched, doubtful, 0.0),
    }


def _known(end: Any, value: Any) -> Any:
    return np.where(np.isnan(end), value, end)


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


def _references(measure: Projection, evaluation: Evaluation, role: str) -> dict[str, Reference]:
    """By window, what older cases tell of all segments alike."""
    return {
        key: Reference.of(rows["duration"], rows["event"].astype(int), rows["weight"], measure.horizon)
        for (key, _), rows in evaluation.rows(measure.reference, (role, ()))
    }


def _of_rows(measure: RowMeasure, rows: dict[str, Any], older: Reference | None) -> tuple[float, ...]:
    """Value, n, k, low and high of one cell from its rows; `older` is what a projection refers to."""
    if isinstance(measure, Median):
        value, low, high = means.median_interval(rows["value"])
        return value, len(rows["value"]), np.nan, low, high
    durations, events = rows["duration"], rows["event"].astype(int)
    if isinstance(measure, Projection):
        value, low, high = projected((durations, events, rows["followed"]), older or Reference.of([], [], [], measure.horizon))
        return value, len(durations), float((events == 1).sum()), low, high
    assert isinstance(measure, Time)  # noqa: S101 - the three kinds of row measures
    if measure.is_competing:
        curve = survival.aalen_johansen(durations, events)
        value, low, high = survival.time_to_share_of_final(curve, measure.q)
    else:
        curve = survival.kaplan_meier(durations, events)
        value, low, high = curve.quantile(measure.q)
    return value, len(durations), float(curve.events), low, high
