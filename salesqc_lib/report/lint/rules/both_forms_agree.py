"""X03: the page for a browser and the paper hold the same pages in the same order."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class BothFormsAgree(Rule):
    """The page for a browser and the paper hold the same pages in the same order.

    Why: two people who speak of page 5 must mean the same.

    Bad: a chapter in one of them.

    Good: one list of pieces makes both.
    """

    code = "X03"
    severity = "warning"
    needs = (
        "html",
        "pdf",
    )

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        text = " ".join(" ".join((page.extract_text() or "").split()) for page in report.paper)
        for node in report.soup.select("main section.sheet h2"):
            title = " ".join(node.get_text(" ", strip=True).replace("\xa0", " ").split())
            if _bare(title) not in _bare(text):
                yield Fault("pdf", title)


def _bare(text: str) -> str:
    """Letters and digits alone: paper breaks words and lines where it likes."""
    return re.sub(r"[\W_]+", "", text)
