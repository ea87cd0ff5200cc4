"""N04: a number and its sign stand on one line."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class SpacesDoNotBreak(Rule):
    """A number and its sign stand on one line.

    Why: «18» at the end of a line and «%» at the start of the next is misread.

    Bad: an ordinary space before % or ₽.

    Good: a space that does not break.
    """

    code = "N04"
    severity = "warning"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for node, text in report.prose:
            if re.search(r"\d (?:%|₽|п\.п\.)", text):
                yield Fault(node, text[:90])
