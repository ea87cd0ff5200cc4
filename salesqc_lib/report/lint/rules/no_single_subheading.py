"""T05: a page has no subheading that stands alone."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class NoSingleSubheading(Rule):
    """A page has no subheading that stands alone.

    Why: one part is no division.

    Bad: a chapter with a single «По менеджерам».

    Good: the title says it.
    """

    code = "T05"
    severity = "info"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for section in report.soup.select("section.sheet"):
            own = section.find_all("h3")
            if len(own) == 1:
                yield Fault(str(section.h2.get_text() if section.h2 else ""), own[0].get_text())
