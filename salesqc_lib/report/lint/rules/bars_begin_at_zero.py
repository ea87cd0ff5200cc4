"""C01: bars begin at zero."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class BarsBeginAtZero(Rule):
    """Bars begin at zero.

    Why: a cut axis makes a tenth look like a half.

    Bad: columns from 80 to 100 %.

    Good: from 0, or dots.
    """

    code = "C01"
    severity = "error"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head, chart in report.charts:
            if not chart.get("has_zero", True):
                yield Fault(str(head.get("key")), str(chart.get("title")))
