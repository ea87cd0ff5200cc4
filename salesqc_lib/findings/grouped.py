"""Findings that say the same of several people or places, as one: «first answer: A 5 h, B 6 h, peers 42 min»."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from salesqc_lib.findings.finding import Finding, Money


@dataclass(frozen=True)
class Group:
    """Findings of one rule on one measure in one breakdown, the heaviest first."""

    findings: tuple[Finding, ...]

    @property
    def lead(self) -> Finding:
        """The heaviest."""
        return self.findings[0]

    @cached_property
    def money(self) -> Money:
        """What is at stake in all of them together; of a single one, its own, with the reason where it has none."""
        return self.lead.money if len(self.findings) == 1 else self._total

    @cached_property
    def _total(self) -> Money:
        counted = [one.money for one in self.findings if one.money.is_known]
        if counted and all(money.is_apart for money in counted):
            return self.lead.money
        total = Money.total(counted)
        return total if total.is_known else self.lead.money

    @property
    def is_certain(self) -> bool:
        """Whether its money is in the total of what is certain."""
        return self.money.is_known and not self.money.is_apart and self.lead.money_grade == "certain"


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Faults in the order of their weight, those that say the same of several as one at the place of the heaviest. Certain and likely
    money is never added up."""
    found: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        if one.is_fault:
            found.setdefault(
                (one.rule, one.kpi, one.by, one.grade, one.money_grade, one.reason if one.rule in ("left", "absent") else ""), []
            ).append(one)
    return [Group(tuple(group)) for group in found.values()]
