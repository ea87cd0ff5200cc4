"""A08: what is at stake in all is the sum of its lines."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class MoneyAddsUp(Rule):
    """What is at stake in all is the sum of its lines.

    Why: the first thing that an owner does is to add up.

    Bad: 2,1 млн ₽ over lines that give 2,9.

    Good: each deal counted once, channels and likely findings apart.
    """

    code = "A08"
    severity = "error"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        money = (report.manifest.get("headline") or {}).get("money")
        if money is None or not len(report.findings) or "money" not in report.findings:
            return
        own = report.findings
        counted = own[(own["grade"].fillna("certain") == "certain") & (own["by"].fillna("") != "channel")]
        total = float(counted["money"].fillna(0).astype(float).sum())
        if total + 1 < 0.99 * float(money):
            yield Fault("findings.csv", f"{total:,.0f} in lines, {float(money):,.0f} in all")
