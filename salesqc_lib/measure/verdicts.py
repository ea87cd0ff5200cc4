"""The verdict on a department against its target: a difference must be more than chance."""

import numpy as np

from salesqc_lib.kpi.card import Card


def against_target(card: Card, value: float, low: float, high: float, target: float) -> str:
    """`better` or `worse` where the interval (or, without one, the value) leaves the target out; else `same` or `unknown`."""
    if np.isnan(target) or np.isnan(value):
        return "unknown"
    low, high = (value if np.isnan(low) else low), (value if np.isnan(high) else high)
    return _word(card, above=low > target, below=high < target)


def _word(card: Card, *, above: bool, below: bool) -> str:
    if card.better == "neither":
        return "unknown"
    if not above and not below:
        return "same"
    return "better" if above == (card.better == "higher") else "worse"
