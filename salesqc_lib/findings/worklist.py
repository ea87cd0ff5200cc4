"""Open deals that wait for a step: each once, with everything that says so, what it may still bring, and a proposal of what to do."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import UNSET
from salesqc_lib.findings.worth import Worth
from salesqc_lib.measure import cases
from salesqc_lib.period import Period
from salesqc_lib.records import records

FLAGS = {"no_task": "no_next_task", "idle": "idle_deals", "past_date": "past_close_date", "unanswered": "never_answered"}
COLUMNS = (
    "deal_id", "manager", "stage", "product", "amount", "is_estimate", "expected", "idle_days", "flags", "disposition", "reason", "next_step", "owner", "date",
)  # fmt: skip
DISPOSITIONS = ("next_step", "redate", "restage", "nurture", "close")
FRESH = 3  # days: a deal touched within them does not wait
COLD, DEAD = 90, 180  # days without a touch after which a deal is nurtured, or closed; twice as many where it has come far


def worklist(dataset: Dataset, period: Period) -> pd.DataFrame:
    """The open deals that wait: those still warm first, the largest expected result first among them.

    `amount`: the deal's own, else the mean of its product (`is_estimate`); `expected`: that times the share of deals on its step which
    sign (NaN where it is not known); `idle_days` since the last touch; `flags`: what says that it waits; `disposition`: next_step,
    redate, restage, nurture or close. The last four columns are for people to fill in.
    """
    told = {flag: _counted(dataset, period, kpi) for flag, kpi in FLAGS.items()}
    known = [frame for frame in told.values() if not frame.empty]
    if not known:
        return pd.DataFrame(columns=list(COLUMNS))
    every = pd.concat(known, ignore_index=True).drop_duplicates("deal_id").set_index("deal_id")
    flags = pd.DataFrame(
        {flag: every.index.isin(frame["deal_id"]) if len(frame) else False for flag, frame in told.items()}, index=every.index
    )
    open_now = _open(dataset)
    found = every[every.index.isin(open_now)]
    if found.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    flags = flags.loc[found.index]
    worth = Worth(dataset, period)
    own = worth.deals.reindex(found.index)
    onward = {step: worth.onward(step) for step in set(own["step"].dropna())}
    frame = pd.DataFrame(
        {
            "deal_id": found.index.astype(str),
            **{name: found[name].astype(str) if name in found else UNSET for name in ("manager", "stage", "product")},
            "amount": own["worth"].astype(float),
            "is_estimate": own["amount"].isna(),
            "expected": own["worth"].astype(float) * own["step"].map(onward).astype(float),
            "idle_days": own["idle_days"].astype(float),
            "flags": [" ".join(flag for flag in FLAGS if row[flag]) for row in records(flags)],
            "step": own["step"].fillna(""),
        }
    )
    frame = frame[~(frame["idle_days"] < FRESH) | frame["flags"].str.contains("past_date")]
    frame["disposition"] = [_proposal(row) for row in records(frame)]
    for name in ("reason", "next_step", "owner", "date"):
        frame[name] = ""
    frame = frame.reset_index(drop=True)
    frame["warmth"] = frame["disposition"].map({"nurture": 1, "close": 2}).fillna(0)
    order = ["warmth", "expected", "idle_days", "deal_id"]
    frame = frame.sort_values(order, ascending=[True, False, False, True], na_position="last", ignore_index=True)
    return frame[list(COLUMNS)]


def _counted(dataset: Dataset, period: Period, kpi: str) -> pd.DataFrame:
    frame = cases(dataset, period, kpi)
    if frame.empty or "deal_id" not in frame or "counted" not in frame:
        return pd.DataFrame(columns=["deal_id"])
    return frame[frame["counted"] == 1]


def _open(dataset: Dataset) -> set[str]:
    if "outcome" not in dataset.shapes["deals"].columns:
        return set()
    return set(dataset.frame("SELECT deal_id FROM facts.deals WHERE outcome = 'open'")["deal_id"].astype(str))


def _proposal(row: Mapping[Any, Any]) -> str:
    """What to do with a deal, by how long it has waited, how far it has come, and what is wrong with its card."""
    idle, flags = float(str(row["idle_days"])), str(row["flags"]).split()
    has_come_far = str(row["step"]) in ("contract_at", "key_event_held_at", "key_event_set_at")
    late = 2 if has_come_far else 1
    if not np.isnan(idle) and idle > DEAD * late:
        return "close"
    if not np.isnan(idle) and idle > COLD * late:
        return "nurture"
    if str(row["stage"]) == UNSET:
        return "restage"
    if "past_date" in flags and len(flags) == 1:
        return "redate"
    return "next_step"
