"""C03: there is no pie, ring, gauge or radar."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class NoRoundCharts(Rule):
    """There is no pie, ring, gauge or radar.

    Why: angles are compared worse than lengths.

    Bad: a ring of reasons.

    Good: bars in order.
    """

    code = "C03"
    severity = "error"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head, chart in report.charts:
            if chart.get("is_round"):
                yield Fault(str(head.get("key")), str(chart.get("title")))
