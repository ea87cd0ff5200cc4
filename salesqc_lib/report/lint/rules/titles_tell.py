"""A02: a page's title says something: it has a figure, a name and what of it, or a verb."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class TitlesTell(Rule):
    """A page's title says something: it has a figure, a name and what of it, or a verb.

    Why: the titles read in sequence are the audit.

    Bad: «Воронка», “Sellers”.

    Good: «Из 649 заявок договором стали 18 %».
    """

    code = "A02"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head in report.heads:
            title = str(head.get("title", ""))
            is_label = title == head.get("label") or (len(title.split()) < 4 and not any(letter.isdigit() for letter in title))
            if head.get("title") is not None and is_label:
                yield Fault(str(head["key"]), title)
