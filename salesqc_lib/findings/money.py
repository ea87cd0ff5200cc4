"""What findings are worth: each stage of a seller's leads belongs to one finding, and nothing that cannot be told is in a sum.

In the total: what sellers lose against the median of the others, by stage (`chain`) and on the price (`discounts`). Apart, and in no
total: channels, which differ by nature. Without a figure: idle deals (that they sell less when left alone cannot be told from these
data; an upper bound stands instead), norms, changes against the past, outcomes whose parts are valued.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import UNSET
from salesqc_lib.findings.chain import CERTAIN, DRAWS, LIKELY, Chain, Loss
from salesqc_lib.findings.discounts import Signed, discounts, signed
from salesqc_lib.findings.finding import Finding, Money
from salesqc_lib.findings.leads import leads_of_year, moved_part, settled
from salesqc_lib.findings.watch import OF
from salesqc_lib.findings.worth import Worth
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import CHANNEL, MANAGER
from salesqc_lib.measure import Measurement, cases
from salesqc_lib.measure.peers import tenure_of
from salesqc_lib.measure.peers.mix import half_logged
from salesqc_lib.measure.windows import windows_of
from salesqc_lib.params.model import Assumptions
from salesqc_lib.period import Period
from salesqc_lib.statistics.hierarchy import SEED

SHUFFLES, CONTROL_DRAWS = 50, 150
POINT = 0.95
LEAST_OWN = 10  # leads
IDLE = ("idle_deals", "no_next_task", "past_close_date")
# the cases of a time are told by the share that goes with it
CASES_OF = {"first_response_time": "answered_within_1h"}
SALES = (
    "qualification_rate",
    "qualified_to_key_event_set",
    "key_event_held_rate",
    "key_event_to_contract",
    "lead_to_contract",
    "win_rate",
    "never_answered",
)


@dataclass
class Stakes:
    """The money of a period's findings."""

    dataset: Dataset
    period: Period
    measured: Measurement

    @cached_property
    def worth(self) -> Worth:
        return Worth(self.dataset, self.period)

    @cached_property
    def peers(self) -> frozenset[str]:
        """Sellers who are held against each other."""
        presence = self.dataset.presence
        return frozenset(name for name in presence.signs if name != UNSET and presence.works(name, self.period))

    @cached_property
    def chain(self) -> Chain | None:
        """The stages of the period's leads; None where leads, sellers or amounts are not known."""
        window = windows_of(self.dataset, self.period)[0]
        leads = leads_of_year(self.dataset, window)
        if leads is None or np.isnan(self.worth.unit[0]):
            return None
        created = leads.moments["created_at"]
        own = settled(leads, tenure_of(self.dataset)) & (created >= window.start.timestamp()) & (created < window.close.timestamp())
        if not own.any():
            return None
        horizon = self.dataset.parameters.funnel.horizon_days * 86400.0
        number = np.bincount(leads.codes["manager"][own], minlength=len(leads.names["manager"]))
        # who takes leads of their own; somebody who only calls first is no earlier owner
        owners = frozenset(name for name, n in zip(leads.names["manager"], number, strict=True) if n >= LEAST_OWN) & self.peers
        unlogged = half_logged(self.dataset, window)
        return Chain(leads, own, self.peers, self.worth.unit, moved_part(self.dataset, window, owners), horizon, unlogged)

    @cached_property
    def signed(self) -> Signed | None:
        """The contracts of the period, as far as list amounts are known."""
        return signed(self.dataset, windows_of(self.dataset, self.period)[0], tenure_of(self.dataset))

    @cached_property
    def losses(self) -> dict[tuple[str, str], Loss]:
        """By seller and stage."""
        found = [*(self.chain.losses() if self.chain else []), *discounts(self.signed, self.peers)]
        return {(one.seller, one.stage): one for one in found}

    def value(self, findings: Sequence[Finding]) -> list[tuple[Finding, pd.DataFrame]]:
        """Each finding with its money and its cases. Of a certain finding, a stage that is only likely is not in the money, unless all are:
        then the money is only likely."""
        owner = self._owners(findings)
        rows = self._rows(findings)
        found = []
        for i, finding in enumerate(findings):
            frame = _against(finding, rows)
            stages = tuple(stage for (_, stage), place in owner.items() if place == i)
            sure = tuple(stage for stage in stages if self.losses[finding.segment, stage].chance >= CERTAIN)
            is_sure = finding.grade == "certain" and bool(sure)
            stages = sure if is_sure else stages
            money = self._money(finding, stages, frame)
            valued = replace(
                finding, money=money, stages=stages, evidence=len(frame), money_grade="certain" if is_sure or not stages else "likely"
            )
            found.append((valued, frame))
        return found

    def control(self) -> float:
        """The money that 95 of 100 departments whose sellers do not differ would show as certain: sellers dealt out anew within channel
        and month, and on contracts within the product."""
        random = np.random.default_rng(SEED)
        totals = []
        for _ in range(SHUFFLES):
            losses = self.chain.shuffled(random).losses(CERTAIN) if self.chain else []
            if self.signed is not None:
                losses += discounts(self.signed.shuffled(random), self.peers, CONTROL_DRAWS)
            totals.append(sum(float(one.money.mean()) for one in losses if one.chance >= CERTAIN))
        return float(np.quantile(totals, POINT))

    def _owners(self, findings: Sequence[Finding]) -> dict[tuple[str, str], int]:
        """Which finding the loss of a seller's stage belongs to: that of the stage itself, else that from which it follows, else the
        outcome that holds it."""
        owner: dict[tuple[str, str], int] = {}
        sellers = [(i, one) for i, one in enumerate(findings) if one.rule == "peers" and one.by == MANAGER and one.kpi in OF]
        narrow = sorted(sellers, key=lambda pair: len(OF[pair[1].kpi].stages))
        for of_consequences in (False, True):
            for i, one in narrow:
                kpis = [kpi for kpi in one.consequences if kpi in OF] if of_consequences else [one.kpi]
                for kpi in sorted(kpis, key=lambda kpi: len(OF[kpi].stages)):
                    for stage in OF[kpi].stages:
                        loss = self.losses.get((one.segment, stage))
                        if loss is not None and loss.chance >= LIKELY and loss.money.mean() > 0:
                            owner.setdefault((one.segment, stage), i)
        return owner

    def _money(self, finding: Finding, stages: tuple[str, ...], frame: pd.DataFrame) -> Money:
        if finding.kpi in IDLE:
            return Money(why_not="idle", most=self.worth.most_of(frame))
        if finding.rule == "past":
            return Money(why_not="change")
        if stages and finding.by == MANAGER:
            return Money.of(np.sum([self.losses[finding.segment, stage].money for stage in stages], axis=0))
        if finding.rule != "peers" or finding.kpi not in OF or not OF[finding.kpi].stages:
            return Money(why_not="not_valued" if finding.kpi not in SALES else "outcome")
        if np.isnan(self.worth.unit[0]):
            return Money(why_not="no_amounts")
        if finding.by == CHANNEL:
            return self._of_channel(finding)
        if finding.by != MANAGER:
            return Money(why_not="in_sellers")
        missing = "no_gift" if finding.kpi == "discount_depth" else "no_effect"
        return Money(why_not="counted_elsewhere" if self._is_counted(finding) else missing)

    def _is_counted(self, finding: Finding) -> bool:
        """Whether another finding holds all the stages of this one that show a loss."""
        shown = [self.losses.get((finding.segment, stage)) for stage in OF[finding.kpi].stages]
        return any(loss is not None and loss.chance >= LIKELY and loss.money.mean() > 0 for loss in shown)

    def _of_channel(self, finding: Finding) -> Money:
        """How much less a channel's leads bring than those of the others: a difference, not a loss."""
        if self.chain is None or np.isnan(finding.gap_low):
            return Money(why_not="not_valued")
        error = (finding.gap_high - finding.gap_low) / (2 * 1.644854)
        gap = finding.gap + error * np.random.default_rng(SEED + 5).normal(size=DRAWS)
        fewer = np.maximum(gap, 0.0) * finding.peer_fair
        stages = self.chain.stages
        reached = {"never_answered": "contact"}.get(finding.kpi, OF[finding.kpi].stages[-1])
        after = stages[stages.index(reached) + 1 :] if reached in stages else []
        onward = np.prod([self.chain.usual[stage] for stage in after], axis=0) if after else np.ones(DRAWS)
        return Money.of(finding.n * fewer * onward * self.chain.amount, is_apart=True)

    def _rows(self, findings: Sequence[Finding]) -> dict[tuple[str, str], pd.DataFrame]:
        """The cases of the findings by KPI and breakdown, those of all segments at once."""
        wanted: dict[tuple[str, str], set[str]] = {}
        for one in findings:
            wanted.setdefault((_counted_by(one), one.by), set()).add(one.segment)
        return {
            (kpi, by): cases(self.dataset, self.period, kpi, by, sorted(segments) if by else [])
            for (kpi, by), segments in wanted.items()
            if kpi in CATALOGUE and CATALOGUE[kpi].kind not in ("count", "sum", "ratio")  # these have no cases
        }


def _counted_by(finding: Finding) -> str:
    """The KPI whose cases are those of the finding."""
    return CASES_OF.get(finding.kpi, finding.kpi)


def _against(finding: Finding, rows: dict[tuple[str, str], pd.DataFrame]) -> pd.DataFrame:
    """The cases that count against: those that did not reach what is better higher, or did what is better lower."""
    kpi = _counted_by(finding)
    frame = rows.get((kpi, finding.by), pd.DataFrame())
    if "segment" in frame:
        frame = frame[frame["segment"] == finding.segment]
    if "counted" in frame:
        against = 0 if CATALOGUE[kpi].better == "higher" else 1
        frame = frame[frame["counted"] == against].drop(columns="counted")
    return frame.reset_index(drop=True)


def used(assumptions: Assumptions) -> dict[str, float]:
    """The assumptions that are told beside the money, by name."""
    return {"recoverable": assumptions.recoverable}
