"""Whether a segment is worse by itself, or by what it is given: a seller of a poor channel's leads sells less and is not to blame.

Indirect standardization: what the others reach in the same channels (or products), weighted by the segment's own mix. A difference
that this explains is no finding about the segment. Source: Spiegelhalter (2005), Statistics in Medicine 24:1185-1202, section 2.
"""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from salesqc_lib.dataset import Dataset
from salesqc_lib.findings.looks import Look
from salesqc_lib.findings.watch import MIX
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement, measure
from salesqc_lib.measure.evaluate import JOINED
from salesqc_lib.period import Period
from salesqc_lib.statistics.peers import two_sided

STANDS = 0.7  # a finding stands where so much of the difference that matters is left
SURE = 0.01
Table = dict[tuple[str, str], tuple[float, float]]  # (segment, part of the mix): k, n


def explained(dataset: Dataset, period: Period, found: Iterable[Look]) -> dict[tuple[str, str, str], str]:
    """Of the comparisons of shares with peers, those that the mix explains: (kpi, by, segment) → the breakdown that does it."""
    asked: dict[tuple[str, str], list[Look]] = defaultdict(list)
    have = dataset.shapes["deals"].columns
    for look in found:
        by = str(look.row["by"])
        kpi = look.watched.kpi
        if look.rule == "peers" and kpi in CATALOGUE and CATALOGUE[kpi].is_share and not np.isnan(look.row["k"]):
            for other in MIX.get(by, ()):
                if other in have and by in have:
                    asked[f"{by}*{other}", by].append(look)
    answers: dict[tuple[str, str, str], str] = {}
    for (both, by), wanted in asked.items():
        kpis = sorted({look.watched.kpi for look in wanted})
        measured = measure(dataset, period, kpis, [both])
        for look in wanted:
            cells = _cells(measured, look.watched.kpi, both)
            if cells and not _stands(look, cells):
                answers[look.watched.kpi, by, str(look.row["segment"])] = both.partition("*")[2]
    return answers


def _cells(measured: Measurement, kpi: str, both: str) -> Table:
    rows = measured.frame[(measured.frame["kpi"] == kpi) & (measured.frame["by"] == both) & (measured.frame["n"] > 0)]
    found = {}
    for segment, k, n in zip(rows["segment"], rows["k"], rows["n"], strict=True):
        one, _, other = str(segment).partition(JOINED)
        found[one, other] = (k, n)
    return found


def _stands(look: Look, cells: Table) -> bool:
    """Whether the segment is still worse than the others would be with its mix."""
    segment = str(look.row["segment"])
    own = {part: counts for (one, part), counts in cells.items() if one == segment}
    rest: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (one, part), (k, n) in cells.items():
        if one != segment:
            rest[part][0] += k
            rest[part][1] += n
    whole_k, whole_n = (sum(counts[i] for counts in rest.values()) for i in (0, 1))
    n = sum(counts[1] for counts in own.values())
    if not n or not whole_n:
        return True
    expected = variance = 0.0
    for part, (_, size) in own.items():
        k, of = rest[part] if rest[part][1] else (whole_k, whole_n)
        share = k / of
        expected += size * share
        variance += size * share * (1 - share) * (1 + size / of)
    if variance <= 0:
        return True
    is_higher = CATALOGUE[look.watched.kpi].better == "higher"
    worse = (expected - sum(counts[0] for counts in own.values())) * (1 if is_higher else -1)
    p = float(two_sided(worse / variance**0.5)) / 2 if worse > 0 else 1.0
    matters = max(look.watched.effect * expected / n, look.watched.least)
    return worse / n >= STANDS * matters and p < SURE
