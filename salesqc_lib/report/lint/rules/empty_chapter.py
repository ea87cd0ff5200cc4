"""A03: a page without anything to show has no heading."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class EmptyChapter(Rule):
    """A page without anything to show has no heading.

    Why: an empty page costs the reader a turn and the consultant a question.

    Bad: a heading over «нет данных».

    Good: the sentence on the page of the data that says what to bring.
    """

    code = "A03"
    severity = "error"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for sheet in report.sheets:
            has_text = bool(sheet.head.about.get("has_text"))
            if sheet.head.about.get("key") and not sheet.pieces and not has_text:
                yield Fault(str(sheet.head.about["key"]), "no exhibit and no text")
