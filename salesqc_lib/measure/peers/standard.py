"""Indirect standardization: what a segment reaches against what the whole department reaches with the same mix and the same follow-up.

Source: Breslow & Day (1987), «Statistical Methods in Cancer Research» II, section 2.3; small strata are drawn towards what they belong to.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

FIRM = 10.0  # so many cases of what a stratum belongs to are added to it


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
        whole = float(self.n.sum())
        share = (float(self.k.sum()) + 0.5) / (whole + 1)
        expected = np.full(len(self.k), share)
        code = np.zeros(len(self.k), int)
        for column in self.strata[: len(self.strata) if depth is None else depth]:
            _, own = np.unique(column.astype(str), return_inverse=True)
            _, code = np.unique(code * (own.max(initial=0) + 1) + own, return_inverse=True)
            hits, cases = np.bincount(code, self.k), np.bincount(code, self.n)
            expected = (hits[code] + FIRM * expected) / (cases[code] + FIRM)
        names, place = np.unique(self.segment.astype(str), return_inverse=True)
        hits, worth = np.bincount(place, self.k), np.bincount(place, self.n * expected) / max(share, 1e-12)
        return {str(name): (float(hits[i]), max(float(worth[i]), float(hits[i]) + 1e-6)) for i, name in enumerate(names)}

    def by_segment(self) -> dict[str, tuple[float, float]]:
        """By segment: hits and cases as they are."""
        names, place = np.unique(self.segment.astype(str), return_inverse=True)
        hits, cases = np.bincount(place, self.k), np.bincount(place, self.n)
        return {str(name): (float(hits[i]), float(cases[i])) for i, name in enumerate(names)}
