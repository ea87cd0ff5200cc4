"""D01: no id, path or key of a parameter stands in the text."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class NoMachineWords(Rule):
    """No id, path or key of a parameter stands in the text.

    Why: a client reads no code.

    Bad: «first_response_time», «funnel.horizon_days».

    Good: «первый ответ».
    """

    code = "D01"
    severity = "warning"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for node, text in report.prose:
            for found in re.findall(r"(?<![\w./])[a-z]+(?:_[a-z0-9]+)+(?![\w/])", report.own_words(text)):
                yield Fault(node, f"{found}: {text[:70]}")
