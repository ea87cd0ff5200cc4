"""Times and means by segment, each case first set right for its stratum: a kitchen takes longer to sell than a wardrobe."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from salesqc_lib.facts import Mean, Time
from salesqc_lib.statistics import survival
from salesqc_lib.statistics.shares import normal_quantile
from salesqc_lib.statistics.skewed import relative_error

ENOUGH = 30  # events or values of a stratum: of fewer, no factor is told
LEAST_PART = 0.05  # of the department's mean: a segment's mean is taken for no less
Z = normal_quantile(0.975)
Cell = tuple[str, ...]  # segment, strata
Rows = Mapping[str, Any]
Estimate = tuple[float, float, float]  # log of the value, its standard error, events or values


def times(measure: Time, cells: Mapping[Cell, Rows]) -> dict[str, Estimate]:
    """Log of the quantile by segment, durations divided by how much slower their stratum is; from the interval, its error."""
    middle = _quantile(measure, _joined(list(cells.values())))[0]
    factor = _factors(cells, lambda rows: _quantile(measure, rows)[0] if (rows["event"] == 1).sum() >= ENOUGH else np.nan, middle)
    found = {}
    for segment, rows in _by_segment(cells, factor, "duration").items():
        value, low, high = _quantile(measure, rows)
        ends = [abs(np.log(end / value)) for end in (low, high) if np.isfinite(end) and end > 0 and value > 0]
        if value > 0 and ends and max(ends) > 0:
            found[segment] = (float(np.log(value)), float(sum(ends) / (len(ends) * Z)), float((rows["event"] == 1).sum()))
    return found


def means(measure: Mean, cells: Mapping[Cell, Rows]) -> dict[str, Estimate]:
    """Log of the mean by segment, values divided by how much larger those of their stratum are; one relative error for all."""
    every = _joined(list(cells.values()))
    middle = float(every["value"].mean()) if len(every["value"]) else np.nan
    if not middle > 0:
        return {}
    factor = _factors(cells, lambda rows: float(rows["value"].mean()) if len(rows["value"]) >= ENOUGH else np.nan, middle)
    parts = _by_segment(cells, factor, "value")
    within = sum(float(((rows["value"] - rows["value"].mean()) ** 2).sum()) for rows in parts.values())
    freedom = sum(len(rows["value"]) for rows in parts.values()) - len(parts)
    if freedom <= 0 or within <= 0:
        return {}
    error = (within / freedom) ** 0.5 / middle * _design(measure, every)
    return {
        segment: (
            float(np.log(max(rows["value"].mean(), LEAST_PART * middle))),
            error / len(rows["value"]) ** 0.5,
            float(len(rows["value"])),
        )
        for segment, rows in parts.items()
        if len(rows["value"])
    }


def _design(measure: Mean, rows: Rows) -> float:
    """How much wider the errors are because several cases belong to one customer."""
    if "cluster" not in rows or not measure.is_skewed:
        return 1.0
    names, code = np.unique(rows["cluster"].astype(str), return_inverse=True)
    plain = float(rows["value"].std(ddof=1)) / float(rows["value"].mean()) / len(rows["value"]) ** 0.5
    with_clusters = relative_error(rows["value"], np.where(names[code] == "", np.nan, code.astype(float)))
    return max(1.0, with_clusters / plain) if plain > 0 and np.isfinite(with_clusters) else 1.0


def _quantile(measure: Time, rows: Rows) -> tuple[float, float, float]:
    if measure.is_competing:
        return survival.time_to_share_of_final(survival.aalen_johansen(rows["duration"], rows["event"]), measure.q)
    return survival.kaplan_meier(rows["duration"], rows["event"]).quantile(measure.q)


def _factors(cells: Mapping[Cell, Rows], of: Any, middle: float) -> dict[Cell, float]:
    """By stratum, how far it lies from the whole; 1 where that is not known."""
    strata: dict[Cell, list[Rows]] = {}
    for cell, rows in cells.items():
        strata.setdefault(cell[1:], []).append(rows)
    found = {}
    for stratum, parts in strata.items():
        value = of(_joined(parts)) if stratum else middle
        found[stratum] = value / middle if np.isfinite(value) and value > 0 and np.isfinite(middle) and middle > 0 else 1.0
    return found


def _by_segment(cells: Mapping[Cell, Rows], factor: dict[Cell, float], name: str) -> dict[str, Rows]:
    parts: dict[str, list[Rows]] = {}
    for cell, rows in cells.items():
        parts.setdefault(cell[0], []).append({**rows, name: rows[name] / factor[cell[1:]]})
    return {segment: _joined(own) for segment, own in parts.items()}


def _joined(parts: list[Rows]) -> Rows:
    return (
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        if parts
        else {"value": np.array([]), "duration": np.array([]), "event": np.array([])}
    )
