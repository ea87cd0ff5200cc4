"""P03: text on paper is at least 8 pt, furniture and axes at least 7."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class TypeIsLargeEnough(Rule):
    """Text on paper is at least 8 pt, furniture and axes at least 7.

    Why: an owner reads on paper, at arm's length.

    Bad: notes of 6.7 pt.

    Good: 8 pt and more.
    """

    code = "P03"
    severity = "warning"
    needs = ("pdf",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for number, page in enumerate(report.paper, 1):
            small = [letter for letter in page.chars if letter["size"] < 6.9 and letter["text"].strip()]
            if len(small) > 12:
                yield Fault(
                    f"page {number}", f"{len(small)} letters below 7 pt, the smallest {min(letter['size'] for letter in small):.1f}"
                )
