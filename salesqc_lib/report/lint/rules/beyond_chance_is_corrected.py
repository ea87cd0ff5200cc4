"""A06: «Beyond chance» is said of a change only where it holds with all changes allowed for."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class BeyondChanceIsCorrected(Rule):
    """«Beyond chance» is said of a change only where it holds with all changes allowed for.

    Why: of a hundred changes that are none, five pass one by one.

    Bad: «допродажи упали больше случайного» at p = 0.01 among 57 changes.

    Good: «могли сдвинуться и случайно, но спросить стоит: допродажи».
    """

    code = "A06"
    severity = "error"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        board = next((head for head in report.heads if head.get("key") == "scoreboard"), None)
        marked = "▲" in _marks(report) or "▼" in _marks(report)
        if board and marked and ("ни один" in str(board["title"]) or "none moved" in str(board["title"])):
            yield Fault("scoreboard", "a change is marked while the title says that none moved")


def _marks(report: Reading) -> str:
    """The marks in the column of changes of the scoreboard."""
    for _, piece in report.pieces:
        if piece.about.get("name") == "scoreboard":
            text = str(piece.outputs[0].get("data", {}).get("text/plain", ""))
            return "".join(line for line in text.splitlines() if " | " in line)
    return ""
