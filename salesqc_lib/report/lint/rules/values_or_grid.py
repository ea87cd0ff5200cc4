"""C06: where values are printed, there is no grid."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class ValuesOrGrid(Rule):
    """Where values are printed, there is no grid.

    Why: the eye reads either.

    Bad: numbers on bars over lines.

    Good: one of them.
    """

    code = "C06"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head, chart in report.charts:
            if chart.get("has_grid") and chart.get("texts", 0) > 5:
                yield Fault(str(head.get("key")), str(chart.get("title")))
