"""U02: a chart's alternative text is there and no longer than a screen reader can bear."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class AltSaysTheMessage(Rule):
    """A chart's alternative text is there and no longer than a screen reader can bear.

    Why: a list of two hundred values is no description.

    Bad: every value of a heat map.

    Good: the kind of chart, and what it shows.
    """

    code = "U02"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head, chart in report.charts:
            if not str(chart.get("alt", "")).strip():
                yield Fault(str(head.get("key")), "no text")
            elif len(str(chart["alt"])) > 1200:
                yield Fault(str(head.get("key")), f"{len(str(chart['alt']))} letters")
