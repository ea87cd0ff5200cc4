"""A07: at most six lines of findings stand in the body, at most three of one figure."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class FewFindings(Rule):
    """At most six lines of findings stand in the body, at most three of one figure.

    Why: twenty findings are none.

    Bad: a line for each of 22 sellers.

    Good: «Первый ответ: А 5 ч, Б 6 ч и ещё 20; у коллег 42 мин».
    """

    code = "A07"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for head, piece in report.pieces:
            if piece.about.get("name") == "findings" and head.get("key") == "findings":
                rows = str(piece.outputs[0].get("data", {}).get("text/html", "")).count("<tr>") - 1
                if rows > 6:
                    yield Fault("findings", f"{rows} lines")
