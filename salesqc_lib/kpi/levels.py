"""Which sellers of a table lie above or below the others, by the same model as all verdicts: only what is certain is marked."""

from typing import Any

import numpy as np

from salesqc_lib.kpi.card import LEAST
from salesqc_lib.statistics import hierarchy

MATTERS, CERTAIN, PEERS = 0.2, 0.9, 3


def levels(k: Any, n: Any) -> Any:
    """`above`, `below` or `same` for each share: with 30 cases behind a name, three to compare, and a gap of a fifth at a chance of 0.9."""
    k, n = np.asarray(k, float), np.asarray(n, float)
    found = np.full(len(n), "same", dtype=object)
    used = np.flatnonzero(n >= LEAST)
    if len(used) < PEERS:
        return found
    gap = hierarchy.gaps(hierarchy.shares(k[used], n[used]), higher=True)
    found[used[(gap >= MATTERS).mean(axis=0) >= CERTAIN]] = "below"
    found[used[(gap <= -MATTERS).mean(axis=0) >= CERTAIN]] = "above"
    return found
