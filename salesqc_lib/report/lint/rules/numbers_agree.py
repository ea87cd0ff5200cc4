"""W06: a Russian noun agrees with its number, and no sentence counts as «случаев: 15»."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule
from salesqc_lib.words import counted

FORMS = (
    ("замечание", "замечания", "замечаний"), ("случай", "случая", "случаев"), ("сделка", "сделки", "сделок"), ("договор", "договора", "договоров"),
    ("сравнение", "сравнения", "сравнений"), ("день", "дня", "дней"), ("сомнение", "сомнения", "сомнений"),
)  # fmt: skip


class NumbersAgree(Rule):
    """A Russian noun agrees with its number, and no sentence counts as «случаев: 15».

    Why: a wrong case is the first thing that a reader sees.

    Bad: «21 замечаний», «случаев: 15».

    Good: «21 замечание», «15 случаев».
    """

    code = "W06"
    severity = "warning"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        if report.language != "ru":
            return
        for node, text in report.prose:
            if node in ("td", "th"):
                continue  # two lines of a cell are no sentence
            if "случаев:" in text:
                yield Fault(node, text[:90])
            for number, noun in re.findall(
                r"(?<![\d,.])(\d{1,6})[ \xa0](замечани\w+|случа\w+|сделок|сделк\w+|договор\w*|сравнени\w+|дн\w+|сомнени\w+)", text
            ):
                if not _agrees(int(number), noun):
                    yield Fault(node, f"{number} {noun}")


def _agrees(number: int, noun: str) -> bool:
    """Whether a noun has one of the forms that go with its number; a word that is none of these nouns is let pass."""
    for forms in FORMS:
        if noun in forms:
            return noun == counted(number, "ru", forms, ("", ""))
    return True
