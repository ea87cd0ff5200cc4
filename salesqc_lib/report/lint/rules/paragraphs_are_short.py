"""W08: a paragraph of a page's head has at most ninety words."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class ParagraphsAreShort(Rule):
    """A paragraph of a page's head has at most ninety words.

    Why: it is read before the exhibit, or not at all.

    Bad: the whole proof in one block.

    Good: how sure, what is at stake, what next.
    """

    code = "W08"
    severity = "info"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for node in report.soup.select("p.message"):
            if len(node.get_text().split()) > 90:
                yield Fault("html", node.get_text()[:90])
