"""T06: no two charts of a report have the same title."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class ChartsDiffer(Rule):
    """No two charts of a report have the same title.

    Why: the second says nothing new.

    Bad: «Конверсия: отличий нет» twice.

    Good: each chart its own message.
    """

    code = "T06"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        titles = [str(chart.get("title", "")) for _, chart in report.charts]
        for title in sorted({title for title in titles if titles.count(title) > 1}):
            yield Fault("charts", title)
