"""N06: a finding on a person rests on at least fifteen cases."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class EnoughCases(Rule):
    """A finding on a person rests on at least fifteen cases.

    Why: ten cases are nobody's character.

    Bad: «лучший по оценке разговоров», n = 5.

    Good: no name before there are enough.
    """

    code = "N06"
    severity = "warning"

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        if len(report.findings) and "n" in report.findings:
            own = report.findings
            few = own[(own["by"].fillna("") == "manager") & (own["rule"] == "peers") & (own["n"].astype(float) < 10)]
            for row in few.to_dict("records"):
                yield Fault(str(row["id"]), f"{row['segment']}: n = {row['n']}")
