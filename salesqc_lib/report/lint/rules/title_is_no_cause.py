"""T04: a title on things that go together names no cause."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule
from salesqc_lib.show.words.glossary import CAUSAL_EN, CAUSAL_RU


class TitleIsNoCause(Rule):
    """A title on things that go together names no cause.

    Why: letters are sent to those who are near to a contract.

    Bad: «Что даёт быстрый ответ».

    Good: «При ответе за час договоры чаще: 24 %, позже — 13 %».
    """

    code = "T04"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        banned = CAUSAL_RU if report.language == "ru" else CAUSAL_EN
        for head, chart in report.charts:
            text = report.own_words(str(chart.get("title", ""))).lower()
            for word in banned:
                if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
                    yield Fault(str(head.get("key")), f"«{word}» in «{chart['title']}»")
