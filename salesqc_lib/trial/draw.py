"""Drawing the half: deals of one seller in pairs, one of each pair to be attended to. What was drawn is a file that nothing overwrites."""

from pathlib import Path

import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import InputError
from salesqc_lib.lists import write_list
from salesqc_lib.measure import cases
from salesqc_lib.params import Parameters, project
from salesqc_lib.period import Period
from salesqc_lib.words import Text

KINDS = {"idle": "idle_deals"}  # what can be tried, and the measure whose cases are drawn from
TOUCH, LEAVE = "touch", "leave"
LEAST = 20  # deals: of fewer, a month tells nothing
SHOWN = ("manager", "stage", "product", "amount")
GROUPS = {TOUCH: Text("уделить внимание", "attend to"), LEAVE: Text("не трогать", "leave alone")}


def folder_of(parameters: Parameters) -> Path:
    """Where a client's trials lie: beside the client's data, never under the reports."""
    return project() / "data" / parameters.client.id / "trials"


def draw(dataset: Dataset, kind: str) -> Path:
    """Draw the half among the client's idle deals as of the export and write it down.

    The file holds `deal_id, group` (touch or leave), `drawn_at`, and what helps to find the deal. The draw depends on the client and the
    day of the export alone.

    Raises
    ------
    InputError
        An unknown kind, too few deals, or a draw of that day that exists already.
    """
    if kind not in KINDS:
        raise InputError(f"no trial «{kind}»", cure=f"there is: {', '.join(KINDS)}")
    parameters = dataset.parameters
    day = dataset.as_of.astimezone(parameters.zone).date()
    path = folder_of(parameters) / f"{kind}-{day}.csv"
    if path.exists():
        raise InputError("this trial has been drawn already", where=str(path), cure="it runs for a month; a new one needs a new export")
    frame = cases(dataset, Period.parse(f"{day:%Y-%m}"), KINDS[kind])
    if "counted" in frame:
        frame = frame[frame["counted"] == 1]
    if "deal_id" not in frame or frame["deal_id"].nunique() < LEAST:
        found = 0 if "deal_id" not in frame else frame["deal_id"].nunique()
        raise InputError(f"too few deals for a trial: {found}", cure=f"a trial needs at least {LEAST}")
    drawn = _halves(frame.drop_duplicates("deal_id").sort_values("deal_id", ignore_index=True), f"{parameters.client.id} {kind} {day}")
    shown = ["deal_id", "group", *(name for name in SHOWN if name in drawn.columns)]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_list(drawn[shown].assign(drawn_at=str(day)), path, parameters.report.language)
    return path


def _halves(frame: pd.DataFrame, text: str) -> pd.DataFrame:
    """Within each seller, deals in random pairs: one of each is touched; the odd one out by a coin."""
    random = np.random.default_rng(list(text.encode()))
    frame = frame.assign(group=LEAVE)
    block = frame["manager"] if "manager" in frame else pd.Series("", index=frame.index)
    for _, own in frame.groupby(block, sort=True):
        order = random.permutation(own.index.to_numpy())
        first = int(random.integers(2))
        frame.loc[order[first::2], "group"] = TOUCH
    return frame
