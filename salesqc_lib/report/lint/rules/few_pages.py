"""P02: at most 20 pages for full data, 8 for an export of deals alone."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class FewPages(Rule):
    """At most 20 pages for full data, 8 for an export of deals alone.

    Why: nobody reads the 30th page.

    Bad: 41 pages.

    Good: 16.
    """

    code = "P02"
    severity = "warning"
    needs = ("pdf",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        tables = set(report.manifest.get("rows", {}))
        most = 20 if tables - {"deals", "managers", "rates"} else 8
        if len(report.paper) > most:
            yield Fault("pdf", f"{len(report.paper)} pages, at most {most}")
