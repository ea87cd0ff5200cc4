"""P01: no page ends more than 15 % early, but the last of a part (40 %)."""

from collections.abc import Iterator
from typing import Any

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class PagesAreFull(Rule):
    """No page ends more than 15 % early, but the last of a part (40 %).

    Why: white paper in the middle of a report looks like something that was lost.

    Bad: a heading and a table of two lines, alone.

    Good: the next chapter begins on the same page.
    """

    code = "P01"
    severity = "warning"
    needs = ("pdf",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        parts = [_part_on(report, page) for page in report.paper]
        for number, (page, part) in enumerate(zip(report.paper, parts, strict=True), 1):
            if number == len(parts):
                continue  # a report ends where it ends
            is_last = parts[number] != part
            words = [word for word in page.extract_words() if word["bottom"] < page.height - 60]
            low = max([word["bottom"] for word in words] + [image["bottom"] for image in page.images], default=0.0)
            tail = 1 - (low - 62) / (page.height - 62 - 60)
            if tail > (0.40 if is_last else 0.15):
                yield Fault(f"page {number}", f"{tail:.0%} empty")


def _part_on(report: Reading, page: Any) -> str:
    """The part of the report that a page of paper belongs to, by its running head."""
    top = page.crop((0, 0, page.width, 62)).extract_text() or ""
    return next((str(head["part"]) for head in report.heads if head.get("label") and str(head["label"]) in top), "front")
