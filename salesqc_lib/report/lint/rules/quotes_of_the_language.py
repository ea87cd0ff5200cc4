"""W05: quotation marks are those of the language: «…» in Russian, “…” in English."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class QuotesOfTheLanguage(Rule):
    """Quotation marks are those of the language: «…» in Russian, “…” in English.

    Why: foreign marks show a text that was not read.

    Bad: the step «Qualified» in an English report.

    Good: the step “Qualified”.
    """

    code = "W05"
    severity = "error"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        wrong = "“”" if report.language == "ru" else "«»"
        for node, text in report.prose:
            own = report.own_words(text)
            if any(mark in own for mark in wrong):
                yield Fault(node, own[:90])
