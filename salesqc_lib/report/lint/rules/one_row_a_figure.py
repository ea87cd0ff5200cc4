"""D04: only one table of the report lists figures line by line."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class OneRowAFigure(Rule):
    """Only one table of the report lists figures line by line.

    Why: the second scoreboard repeats the first.

    Bad: eleven scoreboards.

    Good: one, and the quiet page with what it does not hold.
    """

    code = "D04"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        boards = [str(head.get("key")) for head, piece in report.pieces if piece.about.get("name") == "scoreboard"]
        if len(boards) > 1:
            yield Fault(", ".join(boards), f"{len(boards)} scoreboards")
