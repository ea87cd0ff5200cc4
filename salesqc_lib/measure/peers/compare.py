"""`compare`: every share, mean, time and rate of a breakdown against its peers, by one hierarchical model a figure.

What may make a segment look worse without its doing is taken out first: the mix of channels and products, the age of its cases, the
first days of newcomers. Then the verdict: `certain` and `likely` where the true gap is large enough to matter with a chance of at least
0.9 and 0.6; else `usual`: within the usual spread of the department, or too few cases to tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import UNSET, Amount, Mean, Measure, Median, Projection, Ratio, Rows, Share, Time, Window
from salesqc_lib.kpi.card import CHANNEL, LEAST_EVENTS, MANAGER, PIPELINE, PRODUCT, STAGE, TEAM, Card
from salesqc_lib.kpi.effects import effect_of
from salesqc_lib.measure.evaluate import Evaluation, Request
from salesqc_lib.measure.peers import adjusted
from salesqc_lib.measure.peers.alike import is_divided
from salesqc_lib.measure.peers.grounds import Grounds
from salesqc_lib.measure.peers.ripening import RIPENING, part_of
from salesqc_lib.measure.peers.standard import Cells
from salesqc_lib.measure.peers.weeks import unrest
from salesqc_lib.statistics import hierarchy
from salesqc_lib.statistics.peers import tail_p

CERTAIN, LIKELY = 0.9, 0.6
PEERS = 3  # of two, nobody can tell which one is usual
LEAST_EXPOSURE = 10.0  # whole cases that a segment's young ones count for
RATES = ("calls_per_day",)
# what rests on contacts being written down
OF_CONTACTS = frozenset(
    {
        "never_answered",
        "one_and_done",
        "first_response_time",
        "answered_within_1h",
        "followed_up_after_refusal",
        "idle_deals",
        "calls_per_day",
    }
)
MIX = {MANAGER: (CHANNEL, PRODUCT), TEAM: (CHANNEL, PRODUCT), CHANNEL: (MANAGER, PRODUCT)}
STEPS = ("qualification_rate", "qualified_to_key_event_set", "key_event_held_rate", "key_event_to_contract", "lead_to_contract", "win_rate")
NOT_ALIKE = (STAGE, PIPELINE, "month", "week")  # stages differ by their nature: a slow one is no worse than its neighbour
COLUMNS = [
    "kpi", "by", "segment", "verdict", "direction", "chance", "gap", "gap_low", "gap_high", "estimate", "low", "high", "peer", "peer_low",
    "peer_high", "exposure", "grade", "grades", "best", "reliability", "explained", "allowed",
]  # fmt: skip
Row = Mapping[str, Any]


@dataclass
class Question:
    """One figure along one breakdown: what is asked of the evaluation, and the rows of the tidy table it is about."""

    card: Card
    kpi: str
    by: str
    measure: Measure
    rows: dict[str, Row]
    request: Request = ("comparison", ())
    amounts: dict[str, Amount] = field(default_factory=dict)
    single: Rows | None = None
    allowed: tuple[str, ...] = ()  # what is set right: mix, age, tenure

    @property
    def wanted(self) -> list[Amount | Rows]:
        """What has to be evaluated."""
        return [*self.amounts.values(), *([self.single] if self.single else [])]

    @property
    def is_higher(self) -> bool:
        """Whether more is better."""
        return self.card.better == "higher"


def compare(dataset: Dataset, window: Window, built: Sequence[Any], rows: Sequence[Row], is_peer: Any) -> pd.DataFrame:
    """A row for each segment that was held against its peers, with the columns `COLUMNS`.

    `is_peer(by, row)` says whether a segment may be compared at all; `gap` is how much worse than the median of the others, as a part
    of it, with its 90 % range; `estimate` the shrunk value with its 95 % range; `best` the chance to be truly the best.
    """
    grounds = Grounds(dataset, window)
    of_segments: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        if row["by"]:
            of_segments.setdefault((row["kpi"], row["by"]), {})[str(row["segment"])] = row
    evaluation = Evaluation(dataset, [window])
    questions = []
    for one in built:
        for kpi, measure in one.parts():
            if one.card.better == "neither" or not (_is_compared(measure) if kpi == one.card.id else kpi in RATES):
                continue
            for by in one.by:
                known = of_segments.get((kpi, by), {})
                if by in NOT_ALIKE or by in dataset.shapes["deals"].winners_only or len(known) < 2:
                    continue
                question = Question(one.card, kpi, by, measure, {name: row for name, row in known.items() if is_peer(by, row)})
                _prepare(question, grounds)
                for thing in question.wanted:
                    evaluation.ask(thing, [question.request])
                questions.append(question)
    evaluation.run()
    found = [row for question in questions for row in _answered(question, evaluation, grounds)]
    return _without_roles(pd.DataFrame(found, columns=COLUMNS))


def _without_roles(found: pd.DataFrame) -> pd.DataFrame:
    """Where sellers do different work on one step of the funnel, nobody is held against anybody by any figure of the breakdown."""
    divided = found.loc[found["verdict"].eq("divided") & found["kpi"].isin(STEPS), "by"]
    told = found["by"].isin(divided) & found["verdict"].isin(["certain", "likely", "usual"])
    found.loc[told, "verdict"], found.loc[told, ["direction", "explained"]] = "divided", ""
    return found


def _is_compared(measure: Measure) -> bool:
    """Whether it has an error by which chance can be told: sums, counts and ratios of sums have none."""
    return isinstance(measure, Share | Time | Mean | Median | Projection)


def _prepare(question: Question, grounds: Grounds) -> None:
    """What has to be evaluated for a fair comparison; nothing where the rows of the tidy table hold it all."""
    measure, by, window = question.measure, question.by, grounds.window
    if by not in MIX:
        return
    strata = [name for name in MIX[by] if name in grounds.mix]
    tenure = ("tenure",) if by in (MANAGER, TEAM) else ()
    if isinstance(measure, Share):
        k, n = measure.amounts["k"], measure.amounts["n"]
        if k.sure is not None or n.sure is not None:
            return  # deals that closed nobody knows when are in the rows alone
        both = [k.facts, n.facts]
        strata = [name for name in strata if all(facts.has(name) for facts in both)]
        question.request = ("comparison", (by, *strata))
        line = grounds.ripening.of(question.kpi, window.as_of.timestamp() - window.close.timestamp())
        exposed = Amount(n.facts, n.clock, n.value * part_of(line, n.clock)) if line else n
        hits = _unanswered(k) if question.kpi == "never_answered" else k
        question.amounts = {"k": _kept(hits, by, grounds), "n": _kept(exposed, by, grounds)}
        question.allowed = (*(("mix",) if strata else ()), *(("age",) if question.kpi in RIPENING else ()), *tenure)
    elif isinstance(measure, Time | Mean):
        rows = measure.rows
        strata = [name for name in strata if rows.facts.has(name)]
        question.request = ("comparison", (by, *strata))
        is_out = grounds.left_out(by, rows.facts, rows.clock)
        question.single = rows if is_out is None else Rows(rows.facts, rows.clock, rows.fields, rows.where & ~is_out)
        question.allowed = (*(("mix",) if strata else ()), *(("age",) if isinstance(measure, Time) else ()), *tenure)


def _unanswered(k: Amount) -> Amount:
    """A lead that signed was spoken with, whether somebody wrote it down or not."""
    if not k.facts.has("contract_at"):
        return k
    return Amount(k.facts, k.clock, nw.when(nw.col("contract_at").is_null()).then(k.value).otherwise(nw.lit(0)))


def _kept(amount: Amount, by: str, grounds: Grounds) -> Amount:
    is_out = grounds.left_out(by, amount.facts, amount.clock)
    if is_out is None:
        return amount
    return Amount(amount.facts, amount.clock, nw.when(~is_out).then(amount.value).otherwise(nw.lit(None)))


def _answered(question: Question, evaluation: Evaluation, grounds: Grounds) -> list[dict[str, Any]]:
    """The verdicts of one figure along one breakdown."""
    measure = question.measure
    counts: dict[str, tuple[float, float]] = {}
    cells: Cells | None = None
    if isinstance(measure, Share):
        cells = _cells(question, evaluation)
        counts = cells.standard()
        values: dict[str, tuple[float, ...]] = {name: (k, n) for name, (k, n) in counts.items() if n >= LEAST_EXPOSURE}
    else:
        values = _logs(question, evaluation, grounds)
    own = cells.by_segment() if cells else {}
    is_raw = not question.amounts and question.single is None  # the rows of the tidy table hold everybody's first days too
    told, chosen = [], []
    for name, row in question.rows.items():
        is_few = not float(row["n"]) >= question.card.named_n or np.isnan(row["value"]) or name == UNSET
        is_few |= question.card.kind == "time" and not row["k"] >= LEAST_EVENTS
        is_few |= question.by == MANAGER and question.kpi in OF_CONTACTS and name in grounds.half_logged
        is_fresh = question.by == MANAGER and name in grounds.fresh and not is_few
        kept = own.get(name, (0.0, 0.0))[1] if cells else values.get(name, (0.0, 0.0, 0.0))[-1]
        if is_few or name not in values or (is_fresh and (is_raw or kept < question.card.named_n)):
            why = "new" if question.by == MANAGER and name in grounds.new and not is_few else "few"
            told.append(_untold(question, name, why, counts.get(name, (0, float("nan")))[1]))
        else:
            chosen.append(name)
    if len(chosen) < PEERS:
        return [*told, *(_untold(question, name, "few", float("nan")) for name in chosen)]
    chosen.sort()
    model = hierarchy.shares if isinstance(measure, Share) else hierarchy.logs
    draws = model([values[name][0] for name in chosen], [values[name][1] for name in chosen])
    exposure = [counts[name][1] if counts else values[name][-1] for name in chosen]
    if question.by in (MANAGER, TEAM) and isinstance(measure, Share) and is_divided(draws.mean(axis=0), exposure):
        return [*told, *(_untold(question, name, "divided", own) for name, own in zip(chosen, exposure, strict=True))]
    verdicts = _verdicts(question, chosen, draws, exposure)
    if cells is not None:
        for one in verdicts:
            one["explained"] = _explained(question, cells, one, chosen, grounds.fresh)
    return [*told, *verdicts]


def _verdicts(question: Question, names: list[str], draws: Any, exposure: list[float]) -> list[dict[str, Any]]:
    effect, per = effect_of(question.kpi, question.card), getattr(question.measure, "per", 1)
    higher = question.is_higher
    median = hierarchy.others_median(draws)
    gap = hierarchy.gaps_from(draws, median, higher=higher)
    is_large = np.abs(draws - median) >= effect.least
    worse, better = ((gap >= effect.part) & is_large).mean(axis=0), ((gap <= -effect.part) & is_large).mean(axis=0)
    gap_ends, ends, median_ends = (
        np.quantile(gap, [0.05, 0.95], axis=0),
        np.quantile(draws, [0.025, 0.975], axis=0),
        np.quantile(median, [0.025, 0.975], axis=0),
    )
    is_people = question.by in (MANAGER, TEAM)  # hours and channels are not put in order
    grade = hierarchy.grades(draws, higher=higher) + 1.0 if is_people else np.full(len(names), np.nan)
    best, real = hierarchy.best(draws, higher=higher), hierarchy.reliability(draws)
    found = []
    for i, name in enumerate(names):
        chance, direction = (float(worse[i]), "worse") if worse[i] >= better[i] else (float(better[i]), "better")
        verdict = "certain" if chance >= CERTAIN else "likely" if chance >= LIKELY else "usual"
        found.append(
            {
                "kpi": question.kpi, "by": question.by, "segment": name, "verdict": verdict, "direction": direction if verdict != "usual" else "",
                "chance": chance, "gap": float(gap[:, i].mean()), "gap_low": float(gap_ends[0, i]), "gap_high": float(gap_ends[1, i]),
                "estimate": float(draws[:, i].mean()) * per, "low": float(ends[0, i]) * per, "high": float(ends[1, i]) * per,
                "peer": float(median[:, i].mean()) * per, "peer_low": float(median_ends[0, i]) * per, "peer_high": float(median_ends[1, i]) * per,
                "exposure": float(exposure[i]), "grade": float(grade[i]), "grades": float(grade.max()), "best": float(best[i]), "reliability": real, "explained": "", "allowed": "+".join(question.allowed),
            }
        )  # fmt: skip
    return found


def _untold(question: Question, name: str, why: str, exposure: float) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS, float("nan"))
    return row | {
        "kpi": question.kpi,
        "by": question.by,
        "segment": name,
        "verdict": why,
        "direction": "",
        "exposure": exposure,
        "explained": "",
        "allowed": "",
    }


def _cells(question: Question, evaluation: Evaluation) -> Cells:
    """Hits and cases by segment and strata: as evaluated, or of the tidy table where nothing needs setting right."""
    if not question.amounts:
        per = getattr(question.measure, "per", 1)
        names = [name for name, row in question.rows.items() if row["n"] > 0]
        cases = [float(question.rows[name]["n"]) for name in names]
        hits = [float(question.rows[name]["value"]) / per * n for name, n in zip(names, cases, strict=True)]
        return Cells.of([(name,) for name in names], hits, cases)
    k, n = (evaluation.sums(question.amounts[name], question.request) for name in ("k", "n"))
    places = [cell for cell in sorted({*k, *n}) if n.get(cell, 0.0) > 0]
    return Cells.of([evaluation.parts(cell) for cell in places], [k.get(cell, 0.0) for cell in places], [n[cell] for cell in places])


def _logs(question: Question, evaluation: Evaluation, grounds: Grounds) -> dict[str, tuple[float, ...]]:
    """Logs of values with their errors: times and means of single rows, rates by their weekly unrest, others by their own interval."""
    measure = question.measure
    if question.single is not None and isinstance(measure, Time | Mean):
        cells = {evaluation.parts(cell): rows for cell, rows in evaluation.rows(question.single, question.request)}
        cells = {parts: rows for parts, rows in cells.items() if parts[0] in question.rows}
        return dict(adjusted.times(measure, cells) if isinstance(measure, Time) else adjusted.means(measure, cells))
    if isinstance(measure, Ratio):
        restless = unrest(measure, grounds.dataset, grounds.window, question.by)
        return {
            name: (float(np.log(row["value"])), (restless / row["k"]) ** 0.5, float(row["n"]))
            for name, row in question.rows.items()
            if row["value"] > 0 and row["k"] > 0
        }
    found: dict[str, tuple[float, ...]] = {}
    for name, row in question.rows.items():
        value = float(row["value"])
        ends = [abs(np.log(float(row[end]) / value)) for end in ("low", "high") if value > 0 and row[end] > 0]
        if ends and max(ends) > 0:
            found[name] = (float(np.log(value)), float(sum(ends) / len(ends) / adjusted.Z), float(row["n"]))
    return found


def _explained(question: Question, cells: Cells, one: dict[str, Any], chosen: list[str], fresh: frozenset[str]) -> str:
    """What makes a segment look worse that is not: its first days or the age of its cases, or a breakdown of its mix; '' for nothing."""
    row = question.rows[one["segment"]]
    if one["verdict"] != "usual" or np.isnan(row["k"]):
        return ""
    effect, per = effect_of(question.kpi, question.card), getattr(question.measure, "per", 1)
    rest_k, rest_n = (sum(float(question.rows[name][part]) for name in chosen if name != one["segment"]) for part in ("k", "n"))

    def is_behind(shares: Mapping[str, float]) -> bool:
        others = float(np.median([shares[name] for name in chosen if name != one["segment"]]))
        gap = (others - shares[one["segment"]]) * (1 if question.is_higher else -1)
        return gap >= max(effect.part * others, effect.least)

    raw = {name: float(question.rows[name]["value"]) / per for name in chosen}
    if not is_behind(raw) or not tail_p(float(row["k"]), float(row["n"]), rest_k, rest_n, low=question.is_higher) < 0.01:
        return ""
    is_snapshot = bool(question.amounts) and not question.amounts["n"].clock
    steps = [("tenure" if one["segment"] in fresh else "inherited" if is_snapshot else "age", cells.by_segment())]
    steps += [(name, cells.standard(depth + 1)) for depth, name in enumerate(question.request[1][1:])]
    for why, counts in steps:
        if not is_behind({name: k / n for name, (k, n) in counts.items() if n > 0}):
            return why
    return ""


def marks(compared: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """The verdict of the tidy table for each segment that was looked at: better, worse, same or unknown."""
    words = {"certain": "", "likely": "same", "usual": "same"}
    return {
        (kpi, by, segment): direction if verdict == "certain" else words.get(verdict, "unknown")
        for kpi, by, segment, verdict, direction in compared[["kpi", "by", "segment", "verdict", "direction"]].itertuples(index=False)
    }
