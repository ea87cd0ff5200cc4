"""W03: one thing has one name; what the glossary forbids is not said."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule
from salesqc_lib.show.words.glossary import GLOSSARY


class OneWordForOneThing(Rule):
    """One thing has one name; what the glossary forbids is not said.

    Why: a reader takes two names for two things.

    Bad: «нарушение» beside «замечание», “fault” beside “finding”.

    Good: the words of the glossary.
    """

    code = "W03"
    severity = "error"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        banned = [word for term in GLOSSARY for word in (term.never_ru if report.language == "ru" else term.never_en)]
        for node, text in report.prose:
            own = report.own_words(text).lower()
            for word in banned:
                if re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", own):
                    yield Fault(node, f"«{word}»: {text[:90]}")
