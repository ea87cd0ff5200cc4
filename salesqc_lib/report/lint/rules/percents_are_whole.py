"""N01: a title writes a per cent without decimals from ten on."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class PercentsAreWhole(Rule):
    """A title writes a per cent without decimals from ten on.

    Why: «18 %» is remembered, «17,9 %» is not, and no sample is so exact.

    Bad: «17,96 %» in a title.

    Good: «18 %».
    """

    code = "N01"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head in report.heads:
            for found in re.findall(r"\d{2,}[.,]\d+[ \xa0]?%", str(head.get("title", ""))):
                yield Fault(str(head["key"]), found)
