"""P05: the contents are not page 2, and take the messages of the pages."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class ContentsAreMessages(Rule):
    """The contents are not page 2, and take the messages of the pages.

    Why: a page of labels before anything is said is a page lost.

    Bad: «1. Воронка … 5».

    Good: the titles, a third of a page.
    """

    code = "P05"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        place = next(
            (number for number, sheet in enumerate(report.sheets) if any(piece.about.get("kind") == "contents" for piece in sheet.pieces)),
            None,
        )
        if place is not None and place == 0:
            yield Fault("contents", "stand on page 1")
