"""The cases behind a measurement: which deals, calls or tasks were counted, and which of them count for or against."""

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import MissingSource
from salesqc_lib.facts import Columns, Mean, Share, Time
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure.evaluate import TOTAL, Evaluation
from salesqc_lib.measure.measurement import Given
from salesqc_lib.measure.names import check_breakdown, check_kpi
from salesqc_lib.measure.windows import windows_of
from salesqc_lib.period import Period

# what identifies a case and places it; personal data (phones, names of clients) are not among them
SHOWN = (
    "deal_id", "activity_id", "task_id", "review_id", "survey_id", "material_id", "created_at", "at", "due_at", "stage", "manager", "team",
    "channel", "campaign", "product", "hour", "amount", "criterion", "question", "field",
)  # fmt: skip


def cases(dataset: Dataset, period: Period, kpi: str, by: str = "", segments: Sequence[str] = ()) -> pd.DataFrame:
    """The rows of the current period that a share, mean or time counts, of some segments or of all.

    Columns: those of `SHOWN` that the fact table has, `segment` (of `by`), and `counted` (1 where the row is one of the k) for a
    share, `value` for a mean, `duration` (s) and `event` for a time. Empty for a KPI of another kind, or one that cannot be measured.
    """
    check_kpi(kpi, kinds=("share", "share ×1000", "mean", "time", "table"))
    check_breakdown(by, dataset.shapes["deals"].columns)
    window = windows_of(dataset, period)[0]
    evaluation = Evaluation(dataset, [window])
    try:
        measure = CATALOGUE[kpi](Given(dataset, window))
        if isinstance(measure, Share):
            return _of_share(measure, evaluation, by, segments)
        if isinstance(measure, Mean | Time):
            rows = measure.rows
            return _fetch(evaluation, rows.facts, rows.clock, rows.where, dict(rows.fields), by, segments)
    except MissingSource:
        pass  # what cannot be measured has no cases; the tidy table says why
    return pd.DataFrame()


def _of_share(share: Share, evaluation: Evaluation, by: str, segments: Sequence[str]) -> pd.DataFrame:
    """The n, each with whether it is one of the k; where the k of a segment are other rows than its n, they are found by their id."""
    k, n = share.amounts["k"], share.amounts["n"]
    if k.facts != n.facts or k.clock != n.clock:
        return _by_id(share, evaluation, by, segments)
    both = _fetch(evaluation, n.facts, n.clock, (n.value == 1) | (k.value == 1), {"counted": k.value, "__n": n.value}, by, segments)
    is_other = (both["counted"] == 1) & (both["__n"] != 1)
    if not is_other.any():
        return both.drop(columns="__n")
    if not by:
        return _by_id(share, evaluation, by, segments)
    others = sorted(set(both.loc[is_other, "segment"]))
    found = pd.concat([both[~both["segment"].isin(others)].drop(columns="__n"), _by_id(share, evaluation, by, others)])
    return found.sort_values([str(name) for name in found if name not in ("segment", "counted")], ignore_index=True)


def _by_id(share: Share, evaluation: Evaluation, by: str, segments: Sequence[str]) -> pd.DataFrame:
    """The n, each with whether its id is among those of the k."""
    k, n = share.amounts["k"], share.amounts["n"]
    whole = _fetch(evaluation, n.facts, n.clock, n.value == 1, {}, by, segments)
    part = _fetch(evaluation, k.facts, k.clock, k.value == 1, {}, by, segments)
    ids = [name for name in SHOWN if name.endswith("_id") and name in whole and name in part]
    if not ids:
        return pd.DataFrame()
    keys = [*ids[:1], *(["segment"] if by else [])]
    counted = pd.MultiIndex.from_frame(whole[keys]).isin(pd.MultiIndex.from_frame(part[keys]))
    return whole.assign(counted=counted.astype(int))


def _fetch(
    evaluation: Evaluation, facts: Columns, clock: str, where: nw.Expr, values: dict[str, nw.Expr], by: str, segments: Sequence[str]
) -> pd.DataFrame:
    if by and by not in facts.columns:
        raise MissingSource(facts.absent.get(by, f"no_column:{facts.name}.{by}"))
    base = evaluation.base(facts, clock, {TOTAL}).filter(where)
    if facts.levels:
        base = base.filter(nw.col("level") == (by or "total"))
    if by and segments:
        base = base.filter(nw.col(by).is_in(list(segments)))
    shown = [name for name in (*SHOWN, *evaluation.dataset.parameters.extra) if name in facts.columns]
    named = [nw.col(name) for name in shown] + ([nw.col(by).alias("segment")] if by else [])
    frame = pd.DataFrame(evaluation.dataset.engine.fetch(base.select(*named, *(value.alias(name) for name, value in values.items()))))
    return frame.sort_values(shown, ignore_index=True)
