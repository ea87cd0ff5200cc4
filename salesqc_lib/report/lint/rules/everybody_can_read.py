"""U01: the PDF is tagged and has a title and a language; every figure has a text."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class EverybodyCanRead(Rule):
    """The PDF is tagged and has a title and a language; every figure has a text.

    Why: who cannot see reads by the tags.

    Bad: a picture without an alternative text.

    Good: PDF/UA.
    """

    code = "U01"
    severity = "error"
    needs = ("pdf",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        document = report.paper[0].pdf.doc
        catalog = document.catalog
        if "StructTreeRoot" not in catalog:
            yield Fault("pdf", "no tags")
        if not catalog.get("Lang"):
            yield Fault("pdf", "no language")
        if not any("Title" in one for one in document.info):
            yield Fault("pdf", "no title")
