"""X02: every figure of the scoreboard stands in the workbook."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class FiguresAreInTheBook(Rule):
    """Every figure of the scoreboard stands in the workbook.

    Why: who doubts a figure looks it up.

    Bad: a table of the PDF that no sheet holds.

    Good: its id, value, interval and n.
    """

    code = "X02"
    severity = "error"
    needs = ("xlsx",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        if "kpis" not in report.book.sheetnames:
            yield Fault("xlsx", "no sheet kpis")
            return
        held = {str(row[0].value) for row in report.book["kpis"].iter_rows(min_row=2, max_col=1)}
        known = {str(name) for name in report.kpis.loc[(report.kpis["by"] == "") & report.kpis["value"].notna(), "kpi"]}
        for name in sorted(known - held):
            yield Fault("kpis", name)
