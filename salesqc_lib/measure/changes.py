"""Whether a figure has changed beyond chance, when every change that is looked at is allowed for. One rule for prose, tiles and tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from salesqc_lib.kpi import card_of
from salesqc_lib.statistics.peers import is_different, two_sided

Z = 1.959964
SAMPLED = ("share", "share ×1000", "mean", "time")  # kinds whose interval is that of a sample; a count has none, and bounds are none
NEEDED = ("value", "low", "high")
Row = Mapping[str, Any]


def outlooks(pairs: Sequence[tuple[str, Row, Row]]) -> list[str]:
    """For each pair (KPI, its figures now, its figures before): `better`, `worse` or `changed` (where no direction is better) beyond
    chance, `same` within it, '' where there are no intervals to tell by.

    Benjamini-Hochberg at 5 % over all the pairs together: of a hundred changes that are none, five would pass one by one.
    """
    p = np.array([_p(kpi, now, was) for kpi, now, was in pairs], float)
    found = is_different(p) if len(p) else []
    return [
        "" if np.isnan(chance) else _word(kpi, float(now["value"]) - float(was["value"])) if is_real else "same"
        for (kpi, now, was), chance, is_real in zip(pairs, p, found, strict=True)
    ]


def of_frame(rows: Sequence[Row], role: str = "previous") -> dict[str, str]:
    """The same for the totals of a tidy table against an earlier window: by KPI."""
    pairs = [(str(row["kpi"]), row, {"value": row[role], "low": row[f"{role}_low"], "high": row[f"{role}_high"]}) for row in rows]
    return dict(zip([kpi for kpi, *_ in pairs], outlooks(pairs), strict=True))


def _p(kpi: str, now: Row, was: Row) -> float:
    """Two-sided p of the difference, from the two intervals (Zou and Donner 2008); times on the log scale."""
    card = card_of(kpi)
    if card.kind not in SAMPLED or str(now.get("reason", "")).startswith("undated"):
        return float("nan")
    ends = np.array([[float(row[name]) for name in NEEDED] for row in (now, was)])
    if card.kind == "time":
        if (ends <= 0).any():
            return float("nan")
        ends = np.log(ends)
    (value, low, high), (before, before_low, before_high) = ends
    towards = (value - low, before_high - before) if value > before else (high - value, before - before_low)
    error = np.hypot(*towards)
    if not np.isfinite(error):
        return float("nan")
    if error == 0:
        return 1.0 if value == before else float("nan")
    return float(two_sided((value - before) * Z / error))


def _word(kpi: str, gap: float) -> str:
    better = card_of(kpi).better
    return "changed" if better == "neither" else "better" if (gap > 0) == (better == "higher") else "worse"


def chances(rows: Sequence[Row], role: str = "previous") -> dict[str, float]:
    """By KPI, how often chance alone would move it as far as it moved against an earlier window; NaN where there are no intervals to
    tell by. One by one: not corrected for how many are looked at."""
    return {
        str(row["kpi"]): _p(str(row["kpi"]), row, {"value": row[role], "low": row[f"{role}_low"], "high": row[f"{role}_high"]})
        for row in rows
    }
