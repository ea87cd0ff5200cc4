"""T03: no heading is followed by another heading at once."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class HeadingHasText(Rule):
    """No heading is followed by another heading at once.

    Why: two headings in a row show that one of them says nothing.

    Bad: «Каналы» over «Все показатели».

    Good: a heading, a sentence, an exhibit.
    """

    code = "T03"
    severity = "warning"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for heading in report.soup.select("main h2, main h3"):
            following = heading.find_next_sibling()
            if following is not None and following.name in ("h2", "h3"):
                yield Fault(heading.get_text(strip=True), following.get_text(strip=True))
