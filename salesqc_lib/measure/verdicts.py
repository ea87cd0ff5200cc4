"""Verdicts: a segment against its peers, a department against its target. A difference must be more than chance."""

import numpy as np
import pandas as pd

from salesqc_lib.kpi.card import Card
from salesqc_lib.statistics.peers import funnel_p, is_different


def against_target(card: Card, rows: pd.DataFrame) -> pd.Series:
    """`better` or `worse` where the interval (or, without one, the value) leaves the target out; else `same` or `unknown`."""
    low, high = rows["low"].fillna(rows["value"]), rows["high"].fillna(rows["value"])
    return _say(card, rows, above=low > rows["target"], below=high < rows["target"], known=rows["target"].notna() & rows["value"].notna())


def against_peers(card: Card, rows: pd.DataFrame, whole: float) -> pd.Series:
    """Segments that differ from the others at a false discovery rate of 5 %, with at least `min_n` cases."""
    known = rows["value"].notna() & (rows["n"] >= card.min_n)
    p = pd.Series(np.nan, rows.index)
    if known.sum() >= 2 and whole == whole:
        chosen = rows[known]
        p[known] = funnel_p(chosen["k"], chosen["n"]) if card.is_share and chosen["k"].notna().all() else _interval_p(chosen, whole, on_log=card.kind == "time")
    different = pd.Series(is_different(p), rows.index)
    return _say(card, rows, above=different & (rows["value"] > whole), below=different & (rows["value"] < whole), known=p.notna())


def _interval_p(rows: pd.DataFrame, whole: float, *, on_log: bool) -> np.ndarray:
    """p of the distance from the whole, with the standard error that the interval implies; times on the log scale."""
    from scipy import stats

    values = {name: rows[name].where(rows[name] > 0) if on_log else rows[name] for name in ("value", "low", "high")}
    centre = np.float64(whole) if whole > 0 or not on_log else np.nan
    if on_log:
        values, centre = {name: np.log(series) for name, series in values.items()}, np.log(centre)
    error = (values["high"] - values["low"]) / (2 * 1.959964)
    return np.asarray(2 * stats.norm.sf(np.abs((values["value"] - centre) / error.where(error > 0))))


def _say(card: Card, rows: pd.DataFrame, *, above: pd.Series, below: pd.Series, known: pd.Series) -> pd.Series:
    words = {"higher": ("better", "worse"), "lower": ("worse", "better"), "neither": ("unknown", "unknown")}[card.better]
    verdict = pd.Series("unknown", rows.index)
    verdict[known & (card.better != "neither")] = "same"
    verdict[known & above], verdict[known & below] = words
    return verdict
