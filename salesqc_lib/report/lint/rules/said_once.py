"""W04: no long sentence is printed more than twice."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class SaidOnce(Rule):
    """No long sentence is printed more than twice.

    Why: what stands under nine charts is read under none.

    Bad: the legend of a chart under each of nine.

    Good: «Как читать», once.
    """

    code = "W04"
    severity = "warning"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        sentences = [
            sentence.strip()
            for node, text in report.prose
            if node in ("p", "li", "figcaption")
            for sentence in re.split(r"(?<=[.!?])\s", text)
        ]
        long = [sentence for sentence in sentences if len(sentence.split()) > 12]
        for sentence in sorted({sentence for sentence in long if long.count(sentence) > 2}):
            yield Fault("html", f"{long.count(sentence)} times: {sentence[:90]}")
