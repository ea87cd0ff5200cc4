"""A01: page 1 holds the verdict, at most eight figures, what to begin with, who and by when."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class VerdictFirst(Rule):
    """Page 1 holds the verdict, at most eight figures, what to begin with, who and by when.

    Why: an owner reads one page; what it lacks, the audit has not said.

    Bad: a cover, then a table of contents.

    Good: «План выполнен на 102 %, но 2,1 млн ₽ выручки под вопросом в трёх местах».
    """

    code = "A01"
    severity = "error"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        if not report.heads or report.heads[0].get("key") != "verdict":
            yield Fault("page 1", "no verdict")
            return
        first = report.soup.select_one("section.sheet")
        tiles = first.select(".tiles > div") if first else []
        if not tiles:
            yield Fault("page 1", "no figures")
        if len(tiles) > 8:
            yield Fault("page 1", f"{len(tiles)} figures")
        has_answers = "action" in report.findings and bool((report.findings["action"].fillna("") != "").any())
        if has_answers and not any(piece.about.get("name") == "begin" for piece in report.sheets[0].pieces):
            yield Fault("page 1", "no action, owner and date")
