"""T02: below a title stands what is measured, of whom and when."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class SubtitleTells(Rule):
    """Below a title stands what is measured, of whom and when.

    Why: a figure without its scope is quoted wrongly.

    Bad: a title alone.

    Good: «Заявки периода и доля, дошедшая до каждого шага. III квартал 2026 года».
    """

    code = "T02"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head in report.heads:
            if head.get("key") not in ("verdict", "") and head.get("title") and not head.get("subtitle"):
                yield Fault(str(head["key"]), "no subtitle")
