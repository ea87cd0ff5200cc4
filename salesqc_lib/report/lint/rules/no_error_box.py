"""A04: a client's copy holds no box that says a section failed."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class NoErrorBox(Rule):
    """A client's copy holds no box that says a section failed.

    Why: a report that is not whole is not handed over.

    Bad: «Этот раздел не удалось построить».

    Good: the fault is mended, or the cell taken out.
    """

    code = "A04"
    severity = "error"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for box in report.soup.select("p.failed"):
            yield Fault("html", box.get_text()[:80])
