"""A finding: what is wrong, where, how sure, what it costs. It speaks no language: `show` puts it into words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.measure.names import check_names
from salesqc_lib.words import Reader

Rule = Literal["peers", "target", "norm", "past", "left", "mix", "immature", "not_measurable", "same"]
Severity = Literal["critical", "major", "minor", "note"]
SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "note")
FAULTS = ("peers", "target", "norm", "past", "left")  # rules whose findings are faults; the others tell how far the figures reach


@dataclass(frozen=True)
class Money:
    """What a finding is worth in the client's currency: what can be won back (`low`, `base`, `high`), a part of what was lost.

    `risk` is that part; `alone` is the base before deals are shared out between findings; `why_not` says why there is no figure.
    """

    low: float = float("nan")
    base: float = float("nan")
    high: float = float("nan")
    risk: float = 1.0
    why_not: str = ""
    alone: float = float("nan")

    @property
    def is_known(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class Finding:
    """One finding. `peer` is what the value is held against: the median of the peers, the target, the norm, or the earlier value.

    `consequences` are figures of the same segment that follow from this one, and `members` the groups in which it shows; neither
    is counted again. `p` is the one-sided chance of so bad a value, if the segment were like the others.
    """

    rule: Rule
    kpi: str
    by: str = ""
    segment: str = ""
    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    n: float = float("nan")
    unit: str = ""
    peer: float = float("nan")
    peer_low: float = float("nan")
    peer_high: float = float("nan")
    p: float = float("nan")
    is_strong: bool = False
    reason: str = ""
    consequences: tuple[str, ...] = ()
    followers: tuple["Finding", ...] = field(default=(), repr=False, compare=False)  # the same, as the findings they would have been
    members: tuple[tuple[str, str, str], ...] = ()
    id: str = ""
    severity: Severity = "note"
    money: Money = field(default_factory=lambda: Money(why_not="not_valued"))
    evidence: int = 0

    @property
    def place(self) -> tuple[str, str]:
        """The breakdown and the segment; two empty texts for the department."""
        return self.by, self.segment

    @property
    def group(self) -> str:
        """The chapter."""
        return card_of(self.kpi).group

    @property
    def is_fault(self) -> bool:
        """Whether something is wrong, rather than said about the figures."""
        return self.rule in FAULTS


@dataclass(frozen=True)
class Findings(Sequence[Finding]):
    """Findings in the order of their weight. `evidence` holds the cases behind each, by its id; `looked_at` counts the comparisons.

    `assumptions` are those that the money rests on, by name.
    """

    items: tuple[Finding, ...] = ()
    evidence: dict[str, pd.DataFrame] = field(default_factory=dict, compare=False)
    reader: Reader = field(default_factory=Reader)
    looked_at: int = 0
    assumptions: dict[str, float] = field(default_factory=dict)
    revenue: float = float("nan")
    elsewhere: tuple[Finding, ...] = ()  # faults of other chapters of which something follows in this one

    def __getitem__(self, place: Any) -> Any:
        return self.items[place]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What is wrong."""
        return tuple(finding for finding in self.items if finding.is_fault)

    @property
    def money(self) -> Money:
        """All that can be won back. No deal is in it twice; the low and high ends are those of all findings together, whose errors
        are taken as independent."""
        known = [finding.money for finding in self.faults if finding.money.is_known]
        if not known:
            return Money(why_not="nothing_valued")
        base = sum(money.base for money in known)
        below = sum((money.base - money.low) ** 2 for money in known) ** 0.5
        above = sum((money.high - money.base) ** 2 for money in known) ** 0.5
        return Money(max(0.0, base - below), base, base + above, 1.0)

    def only(self, *names: str) -> "Findings":
        """Those of some chapters (groups of the catalogue) or KPIs."""
        check_names(names)
        chosen = tuple(finding for finding in self.items if {finding.group, finding.kpi} & set(names))
        kept = {finding.id: self.evidence[finding.id] for finding in chosen if finding.id in self.evidence}
        here = {kpi for kpi in CATALOGUE if {CATALOGUE[kpi].group, kpi} & set(names)}
        elsewhere = tuple(one for one in self.faults if one not in chosen and here & set(one.consequences))
        return Findings(chosen, kept, self.reader, self.looked_at, self.assumptions, self.revenue, elsewhere)
