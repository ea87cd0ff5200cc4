"""Indirect standardization: what a segment reaches against what the whole department reaches with the same mix and the same follow-up.

Source: Breslow & Day (1987), «Statistical Methods in Cancer Research» II, section 2.3; small strata are drawn towards what they belong to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

FIRM = 10.0  # so many cases of what a stratum belongs to are added to it


def standard(segment: Any, strata: Sequence[Any], hit: Any, part: Any, count: int) -> tuple[Any, Any]:
    """Over codes (0 to `count` − 1 of the segment): hits by segment, and the average cases that its own mix is worth, never fewer than the hits.

    `hit` and `part`: the hits and the cases (or their exposure) of each row; a row may be a single case or a cell of many.
    """
    share = (float(hit.sum()) + 0.5) / (float(part.sum()) + 1)
    expected, code = np.full(len(hit), share), np.zeros(len(hit), int)
    for column in strata:
        _, code = np.unique(code * (int(column.max(initial=0)) + 1) + column, return_inverse=True)
        expected = (np.bincount(code, hit)[code] + FIRM * expected) / (np.bincount(code, part)[code] + FIRM)
    hits = np.bincount(segment, hit, count)
    return hits, np.maximum(np.bincount(segment, part * expected, count) / max(share, 1e-12), hits + 1e-6)


@dataclass(frozen=True)
class Cells:
    """Counts over cells: the segment each belongs to, its strata (none to two of them), hits and cases (or their exposure)."""

    segment: Any
    strata: tuple[Any, ...]
    k: Any
    n: Any

    @classmethod
    def of(cls, names: list[tuple[str, ...]], k: list[float], n: list[float]) -> "Cells":
        columns = [np.array(column, dtype=object) for column in zip(*names, strict=True)] if names else [np.array([], object)]
        return cls(columns[0], tuple(columns[1:]), np.array(k, float), np.array(n, float))

    def standard(self, depth: int | None = None) -> dict[str, tuple[float, float]]:
        """By segment: hits, and the cases of the department's average that its own mix is worth. `depth`: so many of the strata alone."""
        names, place = np.unique(self.segment.astype(str), return_inverse=True)
        strata = [
            np.unique(column.astype(str), return_inverse=True)[1] for column in self.strata[: len(self.strata) if depth is None else depth]
        ]
        hits, worth = standard(place, strata, self.k, self.n, len(names))
        return {str(name): (float(hits[i]), float(worth[i])) for i, name in enumerate(names)}

    def by_segment(self) -> dict[str, tuple[float, float]]:
        """By segment: hits and cases as they are."""
        names, place = np.unique(self.segment.astype(str), return_inverse=True)
        hits, cases = np.bincount(place, self.k), np.bincount(place, self.n)
        return {str(name): (float(hits[i]), float(cases[i])) for i, name in enumerate(names)}
