"""A finding: what is wrong, where, how sure, what it costs. It speaks no language: `show` puts it into words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.measure.names import check_names
from salesqc_lib.words import Reader

Rule = Literal[
    "peers", "target", "norm", "past", "left", "absent", "mix", "mix_changed", "changed", "divided", "new", "immature", "not_measurable", "same",
]  # fmt: skip
Severity = Literal["critical", "major", "minor", "note"]
Grade = Literal["certain", "likely", ""]
Tag = Literal["counted", "differs", "goes_together", ""]
SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "note")
# rules whose findings are faults; the others tell how far the figures reach
FAULTS = ("peers", "target", "norm", "past", "left", "absent")
ASSOCIATED = ("speed",)  # stages whose effect on contracts is an association, not counted


@dataclass(frozen=True)
class Money:
    """What is at stake in the client's currency, as revenue: `low` to `high` is the range, `why_not` says why there is no figure.

    `is_apart`: a difference by nature (as of a channel), which is in no total. `most`: an upper bound where no figure can be told.
    `draws` are joint over all findings of a report, so that sums have a range of their own.
    """

    low: float = float("nan")
    base: float = float("nan")
    high: float = float("nan")
    why_not: str = ""
    is_apart: bool = False
    most: float = float("nan")
    draws: Any = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, draws: Any, *, is_apart: bool = False) -> "Money":
        """From joint draws: their mean, and the range that holds 95 % of them."""
        low, high = np.quantile(draws, [0.025, 0.975])
        return cls(float(low), float(draws.mean()), float(high), is_apart=is_apart, draws=draws)

    @classmethod
    def total(cls, parts: Iterable["Money"]) -> "Money":
        """All that is at stake together; what stands apart is not in it."""
        known = [part for part in parts if part.is_known and not part.is_apart]
        return cls.of(np.sum([part.draws for part in known], axis=0)) if known else cls(why_not="nothing_valued")

    @property
    def is_known(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class Finding:
    """One finding. `peer` is what the value is held against: the median of the others, the target, the norm, or the value a year ago.

    `grade`: certain or likely. `gap`: how much worse than the peer, as a part of it, with all allowed for that is no fault of the
    segment (mix, age of the cases, chance), and its range. `consequences` are figures of the same segment that follow from this one,
    `members` the groups in which it shows; neither is counted again. `chance` that the gap is large enough to matter.
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
    grade: Grade = "certain"
    chance: float = float("nan")
    gap: float = float("nan")
    gap_low: float = float("nan")
    gap_high: float = float("nan")
    estimate: float = float("nan")  # the value with all allowed for
    peer_fair: float = float("nan")  # the peers' median with all allowed for; `peer` is the plain one where that misleads nobody
    allowed: tuple[str, ...] = ()  # what is: mix, age, tenure, season
    is_strong: bool = False
    reason: str = ""
    consequences: tuple[str, ...] = ()
    followers: tuple["Finding", ...] = field(default=(), repr=False, compare=False)  # the same, as the findings they would have been
    members: tuple[tuple[str, str, str], ...] = ()
    id: str = ""
    severity: Severity = "note"
    money: Money = field(default_factory=lambda: Money(why_not="not_valued"))
    stages: tuple[str, ...] = ()  # what its money is made of
    money_grade: Grade = "certain"  # its money may be only likely where the finding is certain
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

    @property
    def tag(self) -> Tag:
        """What stands behind it: counted, a difference beyond chance, or (its money) things that go together."""
        if not self.is_fault:
            return ""
        if self.rule in ("peers", "past"):
            return "goes_together" if set(self.stages) & set(ASSOCIATED) else "differs"
        return "counted"


@dataclass(frozen=True)
class Findings(Sequence[Finding]):
    """Findings in the order of their weight. `evidence` holds the cases behind each, by its id; `compared` counts the comparisons by
    family, `expected_false` how many findings chance alone would bring. `control` is the money that a department whose sellers do
    not differ would show in 95 of 100 cases. `assumptions` are those that the money rests on, by name.
    """

    items: tuple[Finding, ...] = ()
    evidence: dict[str, pd.DataFrame] = field(default_factory=dict, compare=False)
    reader: Reader = field(default_factory=Reader)
    compared: dict[str, int] = field(default_factory=dict)
    expected_false: float = 0.0
    control: float = 0.0
    assumptions: dict[str, float] = field(default_factory=dict)
    revenue: float = float("nan")
    elsewhere: tuple[Finding, ...] = ()  # faults of other chapters of which something follows in this one
    changes: dict[tuple[str, str], Any] = field(
        default_factory=dict, repr=False, compare=False
    )  # shares against earlier windows (see `past`)

    def __getitem__(self, place: Any) -> Any:
        return self.items[place]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    @property
    def looked_at(self) -> int:
        """How many comparisons were made."""
        return sum(self.compared.values())

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What is wrong."""
        return tuple(finding for finding in self.items if finding.is_fault)

    @property
    def money(self) -> Money:
        """What is at stake in what is certain. None where a department without any difference would often show as much."""
        found = Money.total(one.money for one in self.faults if one.money_grade == "certain")
        if found.is_known and found.base <= self.control:
            return Money(why_not="no_more_than_chance")
        return found

    @property
    def likely_money(self) -> Money:
        """The same of what is only likely; it stands beside the other, never in it."""
        return Money.total(one.money for one in self.faults if one.money_grade == "likely")

    def only(self, *names: str) -> "Findings":
        """Those of some chapters (groups of the catalogue) or KPIs."""
        check_names(names)
        chosen = tuple(finding for finding in self.items if {finding.group, finding.kpi} & set(names))
        kept = {finding.id: self.evidence[finding.id] for finding in chosen if finding.id in self.evidence}
        here = {kpi for kpi in CATALOGUE if {CATALOGUE[kpi].group, kpi} & set(names)}
        elsewhere = tuple(one for one in self.faults if one not in chosen and here & set(one.consequences))
        return Findings(
            chosen,
            kept,
            self.reader,
            self.compared,
            self.expected_false,
            self.control,
            self.assumptions,
            self.revenue,
            elsewhere,
            self.changes,
        )
