"""Looks: every comparison that is made, with its chance of so bad a value, before anything is called a finding."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.findings.finding import Rule
from salesqc_lib.findings.watch import WATCHED, Watched
from salesqc_lib.kpi import card_of
from salesqc_lib.kpi.card import LEAST_EVENTS, STAGE, Card
from salesqc_lib.measure import Measurement
from salesqc_lib.params import Parameters
from salesqc_lib.statistics.peers import tail_p, two_sided
from salesqc_lib.statistics.shares import wilson

Z = 1.959964
MEDIAN_FACTOR = (np.pi / 2) ** 0.5  # a median of normal values is so much less sure than their mean
PEERS = 3  # of two, nobody can tell which one is usual
Row = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """One comparison. `p` is one-sided, towards the worse; `gap` is how much worse, in the measure's own unit."""

    rule: Rule
    watched: Watched
    row: Row
    peer: float
    peer_low: float
    peer_high: float
    p: float

    @property
    def gap(self) -> float:
        """How much worse than what it is held against; negative where it is better."""
        difference = self.peer - float(self.row["value"])
        return difference if card_of(self.watched.kpi).better == "higher" else -difference

    @property
    def is_large(self) -> bool:
        """Whether the difference is large enough to matter."""
        if self.rule in ("norm", "target"):
            is_sure = not np.isnan(self.row["low"])  # without an interval, only the size can tell
            return self.gap > 0 if is_sure else self.gap >= self.watched.effect * abs(self.peer)
        return self.gap >= max(self.watched.effect * abs(self.peer), self.watched.least)

    @property
    def is_strong(self) -> bool:
        """Whether it is twice as large as that."""
        return self.gap >= 2 * max(self.watched.effect * abs(self.peer), self.watched.least)


def looks(
    measured: Measurement, parameters: Parameters, *, is_running: bool = False, is_peer: Callable[[str, Row], bool] | None = None
) -> Iterator[Look]:
    """Every comparison that the measurements allow. In a period that is not over, what was done so far is not held against its plan.

    `is_peer` says of a row of a breakdown whether the segment may be compared: who is gone may not.
    """
    for watched in WATCHED:
        total = _rows(measured, watched.kpi, "")
        if not total or np.isnan(total[0]["value"]):
            continue
        for by in watched.by:
            rows = [row for row in _rows(measured, watched.kpi, by) if is_peer is None or is_peer(by, row)]
            if by == STAGE:  # stages differ by their nature: each is held against its own past
                yield from (look for row in rows if (look := _past(watched, row)))
            else:
                yield from _peers(watched, rows)
        target = parameters.targets.of(watched.kpi)
        limit = watched.norm if target is None else target
        if watched.kpi == "plan_attainment" and is_running:
            continue
        if limit is not None and (look := _limit(watched, total[0], limit, "norm" if target is None else "target")):
            yield look
        if watched.past and (look := _past(watched, total[0])):
            yield look


def _rows(measured: Measurement, kpi: str, by: str) -> list[Row]:
    frame = measured.frame
    return [
        {str(name): value for name, value in row.items()} for row in frame[(frame["kpi"] == kpi) & (frame["by"] == by)].to_dict("records")
    ]


def _peers(watched: Watched, rows: list[Row]) -> Iterator[Look]:
    """Each segment with enough cases against the others together for the chance, and against their median for the size."""
    card = card_of(watched.kpi)
    known = [row for row in rows if row["n"] >= card.named_n and not np.isnan(row["value"]) and row["segment"] != UNSET]
    if card.kind == "time":
        events = sum(row["k"] for row in known)
        known = [row for row in known if row["k"] >= LEAST_EVENTS and events - row["k"] >= LEAST_EVENTS]
    if len(known) < PEERS:
        return
    everybody = [row for row in rows if not np.isnan(row["value"])]
    for row in known:
        others = [other for other in known if other is not row]
        peer = float(np.median([other["value"] for other in others]))
        rest = [other for other in everybody if other is not row]
        if card.is_share and not np.isnan(row["k"]):
            low, high, p = _share_against(row, rest, peer, is_low=card.better == "higher")
        elif watched.kpi == "calls_per_day":
            low, high, p = _rate_against(row, others, peer)
        else:
            low, high, p = _estimate_against(row, others, peer, card)
        yield Look("peers", watched, row, peer, low, high, p)


def _share_against(row: Row, rest: list[Row], peer: float, *, is_low: bool) -> tuple[float, float, float]:
    rest_k, rest_n = sum(other["k"] for other in rest), sum(other["n"] for other in rest)
    low, high = (float(end) for end in wilson(peer * rest_n, rest_n))
    p = tail_p(row["k"], row["n"], rest_k, rest_n, low=is_low)
    return peer - MEDIAN_FACTOR * (peer - low), peer + MEDIAN_FACTOR * (high - peer), p


def _rate_against(row: Row, others: list[Row], peer: float) -> tuple[float, float, float]:
    """A rate of events against those of the others, on the root scale where its noise is the same everywhere; sellers' days are
    no coin tosses, so that the others' own spread is allowed for."""
    roots = np.sqrt([other["value"] for other in others])
    spread = 1.4826 * float(np.median(np.abs(roots - np.median(roots))))
    error = (0.25 / row["n"] + spread**2 * (1 + 1 / len(others))) ** 0.5
    p = float(two_sided((np.sqrt(row["value"]) - np.sqrt(peer)) / error)) / 2
    return peer, peer, p if row["value"] < peer else 1 - p


def _estimate_against(row: Row, others: list[Row], peer: float, card: Card) -> tuple[float, float, float]:
    """A mean or a time by its own interval and those of the others; times on the log scale."""
    scale = np.log if card.kind == "time" else (lambda value: np.asarray(value, float))
    errors = [_error(other, scale) for other in others]
    of_others = [error for error in errors if np.isfinite(error) and error > 0]
    if not of_others:
        return peer, peer, float("nan")
    of_peer = MEDIAN_FACTOR * (1 / sum(1 / error**2 for error in of_others)) ** 0.5
    own = _error(row, scale)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = float((scale(row["value"]) - scale(peer)) / (own**2 + of_peer**2) ** 0.5)
    back = np.exp if card.kind == "time" else (lambda value: value)
    low, high = (float(back(scale(peer) + sign * Z * of_peer)) for sign in (-1, 1))
    return low, high, _one_sided(z, card, df=float("inf") if card.kind == "time" else row["n"] - 1)


def _error(row: Row, scale: Any) -> float:
    """The standard error that an interval implies; where one end is not reached (the slowest are slow beyond what was observed), by
    the other."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = [abs(float(scale(row[side]) - scale(row["value"]))) for side in ("low", "high")]
    known = [end for end in ends if np.isfinite(end)]
    return sum(known) / (len(known) * Z) if known else float("nan")


def _one_sided(z: float, card: Card, df: float = float("inf")) -> float:
    """The chance of a value so far towards the worse; with the tails of Student's distribution for a mean of few cases."""
    from scipy.special import stdtr

    if not np.isfinite(z):
        return float("nan")
    worse = -z if card.better == "higher" else z
    half = float(two_sided(z)) / 2 if np.isinf(df) else float(stdtr(df, -abs(z)))
    return half if worse > 0 else 1 - half


def _limit(watched: Watched, row: Row, limit: float, rule: Rule) -> Look | None:
    """The department against a target or a norm. A figure without an interval is itself all there is to know."""
    card = card_of(watched.kpi)
    if (row["n"] < card.named_n and card.kind != "ratio") or _is_doubtful(row):
        return None
    if card.is_share and not np.isnan(row["k"]) and 0 < limit < 1:
        error = (limit * (1 - limit) / row["n"]) ** 0.5
    else:
        error = _error(row, lambda value: np.asarray(value, float))
    if not np.isfinite(error) or error <= 0:
        is_worse = row["value"] < limit if card.better == "higher" else row["value"] > limit
        return Look(rule, watched, row, limit, limit, limit, 0.0 if is_worse else 1.0)
    return Look(rule, watched, row, limit, limit, limit, _one_sided((row["value"] - limit) / error, card))


def _is_doubtful(row: Row) -> bool:
    """Whether the figure holds deals that closed nobody knows when: its bounds are no interval."""
    return str(row["reason"]).startswith("undated")


def _past(watched: Watched, row: Row) -> Look | None:
    """A figure against the period before, by the interval of the difference (from the two intervals: Newcombe, Zou and Donner)."""
    card, before = card_of(watched.kpi), row["previous"]
    ends = [row[name] for name in ("value", "low", "high", "previous", "previous_low", "previous_high")]
    if any(pd.isna(end) for end in ends) or row["n"] < card.named_n or _is_doubtful(row):
        return None
    if card.kind == "time" and row["k"] < LEAST_EVENTS:
        return None
    with np.errstate(divide="ignore"):
        value, low, high, was, was_low, was_high = (np.log(end) if card.kind == "time" else end for end in ends)
    if value > was:
        error = ((value - low) ** 2 + (was_high - was) ** 2) ** 0.5 / Z
    else:
        error = ((high - value) ** 2 + (was - was_low) ** 2) ** 0.5 / Z
    if not np.isfinite(error) or error <= 0:
        return None
    return Look("past", watched, row, before, row["previous_low"], row["previous_high"], _one_sided((value - was) / error, card))
