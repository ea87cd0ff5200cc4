"""Open deals of people who left, and of accounts that are nobody: one finding of the department, with no name at fault."""

import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.findings.finding import Finding, Money

LEAST = 3  # deals: fewer are an oversight


def deals_of_people_who_left(dataset: Dataset) -> tuple[Finding, pd.DataFrame] | None:
    """The finding and its deals; None where nobody has gone, or left nothing behind."""
    columns = dataset.shapes["deals"].columns
    gone = dataset.presence.gone
    if not gone or not {"manager", "outcome"} <= set(columns):
        return None
    known = ("deal_id", "created_at", "stage", "manager", "team", "channel", "product", "amount", *dataset.parameters.extra)
    shown = [name for name in known if name in columns]
    frame: pd.DataFrame = dataset.frame(f"SELECT {', '.join(shown)} FROM facts.deals WHERE outcome = 'open' ORDER BY manager, deal_id")
    frame = frame[frame["manager"].isin(gone)].reset_index(drop=True)
    if len(frame) < LEAST:
        return None
    amount = float(frame["amount"].sum()) if "amount" in frame and frame["amount"].notna().any() else float("nan")
    finding = Finding(
        "left", "idle_deals", value=float(len(frame)), n=float(len(frame)), unit="count", peer=amount, severity="minor",
        members=tuple(("", "manager", str(name)) for name in frame["manager"].drop_duplicates()), money=Money(why_not="not_valued"), evidence=len(frame),
    )  # fmt: skip
    return finding, frame
