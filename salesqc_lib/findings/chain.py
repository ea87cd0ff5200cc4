"""What is lost where a seller's leads stop: stage by stage, in joint draws.

    loss of a stage = leads · (median of the others − own rate)+ · own rates of the other stages · own mix · mean contract

over the draws of the hierarchical model of each stage, the mean contract and the effect of speed being shared by all. Stages are set
right for channel, product and lateness, so that no difference is counted twice, and young leads count by their exposure; what the own
mix is worth on each stage turns rates of the department's average leads back into those of the own ones.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from salesqc_lib.findings.leads import DAY, STEPS, TRIED_DAYS, Leads
from salesqc_lib.measure.peers.standard import standard
from salesqc_lib.statistics import hierarchy
from salesqc_lib.statistics.exposure import Ripeness, ripeness_of
from salesqc_lib.statistics.strata import mantel_haenszel

DRAWS = 400
LEAST_EXPOSURE, PEERS = 10.0, 3
MATTERS, LIKELY, CERTAIN = 0.2, 0.6, 0.9
CONTACT, SPEED = "contact", "speed"
LOST_CONTACTS = 0.4, 0.03  # leads that nobody reached: what matters, as a part of the others' and in points
HIDDEN = 1.07  # E-value (VanderWeele & Ding 2017): a hidden cause of strength 1.35 on both sides makes the effect so much too strong


@dataclass(frozen=True)
class Loss:
    """What one seller loses on one stage: the chance that the gap matters, and the money by draw."""

    seller: str
    stage: str
    chance: float
    money: Any


@dataclass
class Chain:
    """The stages of the period's leads. `year` are all leads of the year, from which times and the effect of speed are learnt; `own`
    says which of them are the period's, of settled sellers; `unit` the mean contract and its relative error."""

    year: Leads
    own: Any
    peers: frozenset[str]
    unit: tuple[float, float]
    moved: float
    horizon: float
    unlogged: frozenset[str] = frozenset()  # whose contacts are not all written down: nothing is told of their first stage and speed
    draws: int = DRAWS
    coarse: int = 1
    seed: int = hierarchy.SEED
    _ripe: dict[str, Ripeness | None] = field(default_factory=dict)

    @cached_property
    def leads(self) -> Leads:
        """The period's."""
        return self.year.only(self.own)

    @cached_property
    def is_logged(self) -> bool:
        """Whether contacts are known, so that the first stage is being reached at all."""
        return {"first_contact_at", "first_attempt_at"} <= set(self.year.moments)

    @cached_property
    def stages(self) -> list[str]:
        """What a lead passes, in order."""
        return [*([CONTACT] if self.is_logged else []), *(step for step in STEPS if step in self.year.moments)]

    def passed(self, leads: Leads, stage: str) -> Any:
        """Who got past a stage. A lead that came further was spoken with, whether somebody wrote it down or not."""
        if stage != CONTACT:
            return leads.reached(stage)
        return np.logical_or.reduce([leads.reached("first_contact_at"), *(leads.reached(one) for one in self.stages[1:])])

    def at(self, leads: Leads, stage: str) -> Any:
        """Who stood before a stage: who got past the one before; those that jumped it are with those that passed."""
        place = self.stages.index(stage)
        return np.logical_or.reduce([self.passed(leads, one) for one in self.stages[place - 1 :]]) if place else np.ones(len(leads), bool)

    def ripe(self, stage: str) -> Any:
        """The part of a lead that a lead of the period counts for on a stage, by the time since it reached it."""
        if stage == CONTACT:
            return np.ones(len(self.leads))
        begins = self._begins(self.leads, stage)
        if stage not in self._ripe:
            begun = self._begins(self.year, stage)
            reached = self.year.moments[stage]
            known = ~np.isnan(begun) & ~(reached < begun)
            duration = np.where(np.isnan(reached), self.year.as_of, reached) - begun
            self._ripe[stage] = ripeness_of(duration[known], (~np.isnan(reached[known])).astype(int), self.horizon)
        line = self._ripe[stage]
        return np.ones(len(self.leads)) if line is None else line.at(np.nan_to_num(self.leads.as_of - begins, nan=0.0))

    def _begins(self, leads: Leads, stage: str) -> Any:
        """When a lead came before a stage."""
        place = self.stages.index(stage)
        before = self.stages[place - 1] if place else ""
        moment = leads.moments["first_contact_at" if before == CONTACT else before] if before else leads.moments["created_at"]
        return np.where(self.at(leads, stage), np.where(np.isnan(moment), leads.moments["created_at"], moment), np.nan)

    @cached_property
    def amount(self) -> Any:
        """The mean contract by draw."""
        return self.unit[0] * np.exp(self.unit[1] * np.random.default_rng(self.seed).normal(size=self.draws))

    @cached_property
    def worth(self) -> Any:
        """By seller, how the contracts of the products that they are given compare with the mean one."""
        leads, year = self.leads, self.year
        count = len(year.names["product"])
        is_signed = year.reached("contract_at") & (year.amount > 0)
        product = year.codes["product"]
        number, total = np.bincount(product[is_signed], minlength=count), np.bincount(product[is_signed], year.amount[is_signed], count)
        mean = float(year.amount[is_signed].mean()) if is_signed.any() else 1.0
        factor = np.where(number >= LEAST_EXPOSURE, total / np.maximum(number, 1) / mean, 1.0)
        sellers = np.bincount(leads.codes["manager"], minlength=self.count)
        given = np.bincount(leads.codes["manager"], factor[leads.codes["product"]], self.count) / np.maximum(sellers, 1)
        return np.where(sellers > 0, given, 1.0)

    @property
    def count(self) -> int:
        return len(self.year.names["manager"])

    def strata(self, stage: str) -> list[Any]:
        """What a stage is set right for: the channel, after the contact the lateness, later on the product; codes over the leads."""
        leads = self.leads
        further = [leads.band] if stage == self._after_contact else [leads.codes["product"]] if stage != CONTACT else []
        return [leads.codes["channel"], *further]

    def standard(self, stage: str) -> tuple[Any, Any]:
        """By seller: who passed the stage, and the department's average leads that those before it are worth."""
        here = self.at(self.leads, stage)
        strata = [column[here] for column in self.strata(stage)]
        return standard(self.leads.codes["manager"][here], strata, self.passed(self.leads, stage)[here], self.ripe(stage)[here], self.count)

    def mix(self, *, late: bool = True) -> Any:
        """By seller, what the own mix is worth over all stages, 1 for the department's average. Without `late`, lateness is left out of it."""
        found = np.ones(self.count)
        for stage in self.stages:
            here = self.at(self.leads, stage)
            strata = [column[here] for column in (self.strata(stage) if late or stage != self._after_contact else self.strata(stage)[:1])]
            seller, part = self.leads.codes["manager"][here], self.ripe(stage)[here]
            _, worth = standard(seller, strata, self.passed(self.leads, stage)[here] * 1.0, part, self.count)
            cases = np.bincount(seller, part, self.count)
            found *= np.where(cases > 0, worth / np.maximum(cases, 1e-12), 1.0)
        return found

    @cached_property
    def _after_contact(self) -> str:
        return self.stages[1] if self.is_logged and len(self.stages) > 1 else ""

    @cached_property
    def compared(self) -> Any:
        """Sellers who may be held against each other."""
        return np.array([name in self.peers for name in self.year.names["manager"]])

    @cached_property
    def is_unlogged(self) -> Any:
        """Sellers whose contacts are not all written down."""
        return np.array([name in self.unlogged for name in self.year.names["manager"]])

    @cached_property
    def posterior(self) -> dict[str, tuple[Any, Any]]:
        """By stage: the sellers with cases enough, and draws of their rates."""
        found = {}
        for i, stage in enumerate(self.stages):
            hits, worth = self.standard(stage)
            used = np.flatnonzero((worth >= LEAST_EXPOSURE) & (self.compared & ~self.is_unlogged if stage == CONTACT else self.compared))
            if len(used) >= PEERS:
                drawn = hierarchy.shares(hits[used], worth[used], draws=self.draws, seed=self.seed + 1 + i, coarse=self.coarse)
                found[stage] = (used, drawn)
        return found

    def rate(self, stage: str, seller: int) -> Any:
        """Draws of a seller's rate; the department's where the seller has too few cases."""
        if stage in self.posterior:
            used, drawn = self.posterior[stage]
            place = np.flatnonzero(used == seller)
            if len(place):
                return drawn[:, place[0]]
        return self.usual[stage]

    @cached_property
    def usual(self) -> dict[str, Any]:
        """Draws of the department's rate by stage."""
        random = np.random.default_rng(self.seed + 99)
        found = {}
        for stage in self.stages:
            here = self.at(self.leads, stage)
            n = float(self.ripe(stage)[here].sum())
            k = min(float(self.passed(self.leads, stage)[here].sum()), n)
            found[stage] = random.beta(k + 0.5, n - k + 0.5, self.draws)
        return found

    def losses(self, at_least: float = 0.0) -> list[Loss]:
        """Every seller and stage with its chance and money, speed among them; `at_least` so great a chance."""
        return [*self._of_stages(at_least), *self._speed(at_least)]

    def _of_stages(self, at_least: float) -> list[Loss]:
        found = []
        for stage, (used, drawn) in self.posterior.items():
            median = hierarchy.others_median(drawn)
            chance = _chance(stage, drawn, median)
            for i in np.flatnonzero(chance >= at_least):
                seller = int(used[i])
                through = np.prod([self.rate(other, seller) for other in self.stages if other != stage], axis=0)
                contract = self.amount * self.worth[seller]
                money = self._sizes[seller] * np.maximum(median[:, i] - drawn[:, i], 0.0) * through * contract * self._undo
                # no more than if every lead that stopped there had signed
                most = self._stopped(stage)[seller] * contract
                found.append(Loss(self.year.names["manager"][seller], stage, float(chance[i]), np.minimum(money, most)))
        return found

    @cached_property
    def _sizes(self) -> Any:
        """By seller, the leads given, in leads of the department's average."""
        return self._given * self.mix()

    @property
    def _given(self) -> Any:
        return np.bincount(self.leads.codes["manager"], minlength=self.count)

    @property
    def _undo(self) -> float:
        """What sets right that part of what a seller does shows under the names of later owners."""
        return 1.0 / (1.0 - self.moved)

    def _stopped(self, stage: str) -> Any:
        """By seller, how many leads stand before a stage and have not passed it."""
        is_left = self.at(self.leads, stage) & ~self.passed(self.leads, stage)
        return np.bincount(self.leads.codes["manager"][is_left], minlength=self.count)

    @cached_property
    def effect(self) -> tuple[Any, Any] | None:
        """By draw, how many times as often a lead tried within a day, and later, qualifies as one tried within the hour (Mantel-Haenszel
        over seller, channel and time of day, all leads of the year that were spoken with: not being reached is a stage of its own); half of
        the draws allow for a hidden cause."""
        if not self.is_logged or not self._after_contact:
            return None
        year = self.year
        tried = self._spoken(year) & (year.moments["created_at"] < year.as_of - TRIED_DAYS * DAY)
        channels, blocks = len(year.names["channel"]), 5
        stratum = (year.codes["manager"] * channels + year.codes["channel"]) * blocks + year.block
        size = self.count * channels * blocks
        hit, band = year.reached(self._after_contact), year.band

        def counts(which: int) -> tuple[Any, Any]:
            chosen = tried & (band == which)
            return np.bincount(stratum[chosen], hit[chosen], size), np.bincount(stratum[chosen], minlength=size)

        random = np.random.default_rng(self.seed + 77)
        hidden = random.choice((1.0, HIDDEN), self.draws)
        in_time = counts(0)
        found = []
        for which in (1, 2):
            log_ratio, error = mantel_haenszel(*counts(which), *in_time)
            noise = random.normal(size=self.draws)
            found.append(np.exp(log_ratio + error * noise) * hidden if np.isfinite(log_ratio) else np.ones(self.draws))
        return found[0], found[1]

    def _spoken(self, leads: Leads) -> Any:
        """Leads that were tried and spoken with."""
        return leads.reached("first_attempt_at") & self.passed(leads, CONTACT)

    def _speed(self, at_least: float) -> list[Loss]:
        """What is lost by trying late."""
        if self.effect is None:
            return []
        leads = self.leads
        tried = self._spoken(leads)
        seller, band = leads.codes["manager"][tried], leads.band[tried]
        by_band = np.stack([np.bincount(seller[band == which], minlength=self.count) for which in range(3)], axis=1).astype(float)
        used = np.flatnonzero((by_band.sum(axis=1) >= LEAST_EXPOSURE) & self.compared & ~self.is_unlogged)
        if len(used) < PEERS:
            return []
        late = by_band[used, 1] + by_band[used, 2]
        drawn = hierarchy.shares(late, by_band[used].sum(axis=1), draws=self.draws, seed=self.seed + 50, coarse=self.coarse)
        chance = (hierarchy.gaps(1 - drawn, higher=True) >= MATTERS).mean(axis=0)
        if not (chance >= at_least).any():
            return []
        sizes = self._given * self.mix(late=False)
        random = np.random.default_rng(self.seed + 51)
        parts = random.gamma(by_band[used] + 0.5, size=(self.draws, len(used), 3))
        parts /= parts.sum(axis=2, keepdims=True)
        lost = parts[..., 1] * (1 - self.effect[0])[:, None] + parts[..., 2] * (1 - self.effect[1])[:, None]
        median = hierarchy.others_median(lost)
        is_in_time = tried & (leads.band == 0)
        base = float(leads.reached(self._after_contact)[is_in_time].mean()) if is_in_time.any() else 0.0
        found = []
        for i in np.flatnonzero(chance >= at_least):
            one = used[i]
            more = (lost[:, i] - median[:, i]) * base
            if more.mean() <= 0:
                more = np.zeros(self.draws)  # not shown in these data
            through = np.prod([self.rate(stage, int(one)) for stage in self.stages if stage != self._after_contact], axis=0)
            money = np.maximum(sizes[one] * more * through * self.amount * self.worth[one] * self._undo, 0.0)
            found.append(Loss(self.year.names["manager"][one], SPEED, float(chance[i]), money))
        return found

    def shuffled(self, random: np.random.Generator) -> "Chain":
        """The same with sellers dealt out anew within channel and month: a department whose sellers do not differ."""
        code = self.year.codes["manager"].copy()
        month = (self.year.moments["created_at"] // (30 * DAY)).astype(int)
        group = self.year.codes["channel"] * 100_000 + month
        places = np.flatnonzero(self.own)
        order = places[np.argsort(group[places], kind="stable")]
        mixed = places[np.lexsort((random.random(len(places)), group[places]))]
        code[order] = self.year.codes["manager"][mixed]
        year = Leads(
            self.year.names, self.year.codes | {"manager": code}, self.year.moments, self.year.amount, self.year.hour, self.year.as_of
        )
        return Chain(year, self.own, self.peers, self.unit, self.moved, self.horizon, self.unlogged, 150, 2, self.seed, self._ripe)


def _chance(stage: str, drawn: Any, median: Any) -> Any:
    """The chance that the gap matters."""
    if stage == CONTACT:
        missed, usual = 1 - drawn, 1 - median
        return ((missed / np.maximum(usual, 1e-12) - 1 >= LOST_CONTACTS[0]) & (missed - usual >= LOST_CONTACTS[1])).mean(axis=0)
    return (1 - drawn / np.maximum(median, 1e-12) >= MATTERS).mean(axis=0)
