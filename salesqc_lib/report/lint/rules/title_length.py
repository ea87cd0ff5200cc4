"""T01: a title has at most 22 words."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class TitleLength(Rule):
    """A title has at most 22 words.

    Why: a title of two lines is read, one of four is skipped.

    Bad: a sentence that holds its whole proof.

    Good: the message; how sure it is stands below it.
    """

    code = "T01"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head in report.heads:
            words = len(str(head.get("title", "")).split())
            if words > 22:
                yield Fault(str(head["key"]), f"{words} words")
