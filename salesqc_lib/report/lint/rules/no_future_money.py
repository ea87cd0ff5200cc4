"""W01: no sentence says that money will come back."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule
from salesqc_lib.show.words.glossary import FUTURE_EN, FUTURE_RU


class NoFutureMoney(Rule):
    """No sentence says that money will come back.

    Why: what is at stake is a difference and no forecast; the client counts on a promise.

    Bad: «можно вернуть 2,1 млн ₽», “will bring £75K”.

    Good: «цена вопроса 2,1 млн ₽», “£75K at stake”.
    """

    code = "W01"
    severity = "error"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        banned = FUTURE_RU if report.language == "ru" else FUTURE_EN
        for node, text in report.prose:
            for word in banned:
                if word in report.own_words(text).lower():
                    yield Fault(node, f"«{word}»: {text[:90]}")
