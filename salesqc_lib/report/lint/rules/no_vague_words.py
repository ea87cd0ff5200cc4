"""W02: no sentence says «considerably» where a figure could stand."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule
from salesqc_lib.show.words.glossary import VAGUE_EN, VAGUE_RU


class NoVagueWords(Rule):
    """No sentence says «considerably» where a figure could stand.

    Why: a figure can be checked.

    Bad: «ответ заметно медленнее».

    Good: «6,1 ч, у коллег 42 мин».
    """

    code = "W02"
    severity = "warning"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        banned = VAGUE_RU if report.language == "ru" else VAGUE_EN
        for node, text in report.prose:
            for word in banned:
                if re.search(rf"(?<!\w){word}(?!\w)", report.own_words(text).lower()):
                    yield Fault(node, f"«{word}»: {text[:90]}")
