"""W07: a sentence lists at most eight things."""

import re
from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class ListsAreShort(Rule):
    """A sentence lists at most eight things.

    Why: the ninth is not read.

    Bad: a note that names ten figures.

    Good: three, and how many more.
    """

    code = "W07"
    severity = "warning"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for node, text in report.prose:
            if node in ("p", "li") and max(part.count(",") for part in re.split(r"[.;:]", text)) > 8:
                yield Fault(node, text[:90])
