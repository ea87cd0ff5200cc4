"""C08: a chart shows at most 24 rows."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class FewRows(Rule):
    """A chart shows at most 24 rows.

    Why: forty bars are a texture.

    Bad: a bar for every product.

    Good: those that differ, the others in the workbook.
    """

    code = "C08"
    severity = "info"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head, chart in report.charts:
            if chart.get("rows", 0) > 26:
                yield Fault(str(head.get("key")), f"{chart['rows']} rows")
