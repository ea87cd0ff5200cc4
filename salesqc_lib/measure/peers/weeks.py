"""How restless a rate of events is from week to week: sellers' days are no coin tosses."""

from datetime import timedelta

import numpy as np

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import Ratio, Window
from salesqc_lib.measure.evaluate import Evaluation

WEEK = timedelta(7)


def unrest(measure: Ratio, dataset: Dataset, window: Window, by: str) -> float:
    """Pearson's chi-square of a segment's weeks against its own rate, over its degrees of freedom, at least 1.

    Source: McCullagh & Nelder (1989), section 6.2.
    """
    weeks = _weeks(window)
    evaluation = Evaluation(dataset, weeks)
    request = ("comparison", (by,))
    for amount in measure.amounts.values():
        evaluation.ask(amount, [request])
    evaluation.run()
    k, n = (evaluation.sums(measure.amounts[name], request) for name in ("k", "n"))
    whole: dict[str, list[float]] = {}
    for (_, segment), days in n.items():
        whole.setdefault(segment, [0.0, 0.0])[1] += days
    for (_, segment), events in k.items():
        whole.setdefault(segment, [0.0, 0.0])[0] += events
    square, freedom = 0.0, 0
    for segment, (events, days) in whole.items():
        if events <= 0 or days <= 0:
            continue
        parts = [(k.get((week.key, segment), 0.0), n.get((week.key, segment), 0.0)) for week in weeks]
        expected = np.array([events / days * part for _, part in parts])
        seen = np.array([count for count, _ in parts])
        is_used = expected > 0
        square += float(((seen - expected)[is_used] ** 2 / expected[is_used]).sum())
        freedom += int(is_used.sum()) - 1
    return max(1.0, square / freedom) if freedom > 0 else 1.0


def _weeks(window: Window) -> list[Window]:
    found: list[Window] = []
    start = window.start
    while start < window.close:
        end = min(start + WEEK, window.end)
        found.append(Window(f"week {len(found)}", "current", start, end, window.as_of))
        start = end
    return found
