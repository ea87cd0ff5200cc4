"""Verdicts: a segment against its peers, a department against its target. A difference must be more than chance."""

from typing import Any

import numpy as np

from salesqc_lib.kpi.card import LEAST_EVENTS, Card
from salesqc_lib.measure.estimates import Columns
from salesqc_lib.statistics.peers import funnel_p, is_different, two_sided
from salesqc_lib.units import PER_1000

Z = 1.959964


def against_target(card: Card, value: float, low: float, high: float, target: float) -> str:
    """`better` or `worse` where the interval (or, without one, the value) leaves the target out; else `same` or `unknown`."""
    if np.isnan(target) or np.isnan(value):
        return "unknown"
    low, high = (value if np.isnan(low) else low), (value if np.isnan(high) else high)
    return _word(card, above=low > target, below=high < target)


def against_peers(card: Card, columns: Columns, whole: float) -> list[str]:
    """Segments that differ from the others at a false discovery rate of 5 %, with cases enough behind a name; of a time, with events
    enough on both sides."""
    value, n, k = columns["value"], columns["n"], columns["k"]
    known = ~np.isnan(value) & (n >= card.named_n)
    if card.kind == "time":
        known &= (k >= LEAST_EVENTS) & (np.nansum(k) - k >= LEAST_EVENTS)
    p = np.full(len(value), np.nan)
    if known.sum() >= 2 and not np.isnan(whole):
        # a projected share is no k of n: its own interval has to tell
        per = 1000 if card.unit is PER_1000 else 1
        if card.is_share and np.allclose(value[known], per * k[known] / n[known]):
            p[known] = funnel_p(k[known], n[known])
            whole = per * k[known].sum() / n[known].sum()  # of the peers: what belongs to nobody is no yardstick
        else:
            p[known] = _interval_p({name: column[known] for name, column in columns.items()}, whole, on_log=card.kind == "time")
    different = is_different(p)
    return [
        _word(card, above=bool(different[i] and value[i] > whole), below=bool(different[i] and value[i] < whole))
        if not np.isnan(p[i])
        else "unknown"
        for i in range(len(value))
    ]


def _interval_p(columns: Columns, whole: float, *, on_log: bool) -> Any:
    """p of the distance from the whole, with the standard error that the interval implies; times on the log scale."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value, low, high, centre = (
            np.log(x) if on_log else x for x in (columns["value"], columns["low"], columns["high"], np.float64(whole))
        )
        error = (high - low) / (2 * Z)
        p = two_sided((value - centre) / error)
    return np.where(np.isfinite(error) & (error > 0), p, np.nan)


def _word(card: Card, *, above: bool, below: bool) -> str:
    if card.better == "neither":
        return "unknown"
    if not above and not below:
        return "same"
    return "better" if above == (card.better == "higher") else "worse"
