"""C04: the client's colour stands in rules and links, never in a mark of data."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class AccentIsNoData(Rule):
    """The client's colour stands in rules and links, never in a mark of data.

    Why: a brand's green says «good» where nothing is.

    Bad: bars in the colour of the logo.

    Good: ink, greys, and the two colours of a verdict.
    """

    code = "C04"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head, chart in report.charts:
            if chart.get("has_accent"):
                yield Fault(str(head.get("key")), str(chart.get("title")))
