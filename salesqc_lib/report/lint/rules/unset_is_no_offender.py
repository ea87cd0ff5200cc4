"""D02: «Not set» is never named as the one who differs."""

import re
from collections.abc import Iterator

from salesqc_lib.facts import UNSET
from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class UnsetIsNoOffender(Rule):
    """«Not set» is never named as the one who differs.

    Why: it is a gap in the data and nobody.

    Bad: «Менеджер не указан: первый ответ 9 ч».

    Good: a line on the quality of the data.
    """

    code = "D02"
    severity = "error"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        if len(report.findings):
            own = report.findings
            for row in own[own["segment"].fillna("").astype(str).isin([UNSET])].to_dict("records"):
                yield Fault(str(row["id"]), str(row["kpi"]))
        for head in report.heads:
            if re.search(r"\b[0-9a-f]{24,}\b", str(head.get("title", ""))):
                yield Fault(str(head["key"]), str(head["title"])[:90])
