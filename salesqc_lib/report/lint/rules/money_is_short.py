"""N02: a title writes money in at most three figures."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class MoneyIsShort(Rule):
    """A title writes money in at most three figures.

    Why: more are not read, and are not so exact.

    Bad: «32 458 400 ₽».

    Good: «32,5 млн ₽».
    """

    code = "N02"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head in report.heads:
            for found in re.findall(r"(?:[£$€]\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \xa0]\d{3})+[ \xa0]?[₽€$])", str(head.get("title", ""))):
                yield Fault(str(head["key"]), found)
