"""U03: every table has a head whose cells say what they head."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class TablesHaveHeads(Rule):
    """Every table has a head whose cells say what they head.

    Why: a screen reader says the head with each cell.

    Bad: a first row in bold.

    Good: th with scope.
    """

    code = "U03"
    severity = "warning"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for table in report.soup.select("main table"):
            if any(not cell.get("scope") for cell in table.select("th")):
                yield Fault("html", table.get_text(" ", strip=True)[:80])
