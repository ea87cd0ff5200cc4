"""The fact table `missed`: inbound calls that nobody took, and whether the caller was called back."""

from typing import TYPE_CHECKING

from salesqc_lib.dataset.shape import Shape

if TYPE_CHECKING:
    from salesqc_lib.dataset.dataset import Dataset

WITHIN = "INTERVAL 1 HOUR"


def prepare(dataset: "Dataset") -> Shape:
    """Make `facts.missed`. `is_called_back`: an outgoing call to the same party within the hour, whatever its result."""
    activities = dataset.shapes["activities"]
    if activities.reason:
        return Shape(reason=activities.reason)
    for column in ("is_answered", "direction"):
        if column not in activities.columns:
            return Shape(reason=activities.absent[column])
    if not {"customer_id", "deal_id"} & dataset.have["activities"]:
        return Shape(reason="no_column:activities.customer_id")
    names = tuple(name for name in ("manager", "team", "hour") if name in activities.columns)
    listed = "".join(f", {name}" for name in names)
    dataset.con.execute(f"""
        CREATE TABLE facts.missed AS
        WITH calls AS (
            SELECT activity_id, party, "at", at_s{listed} FROM facts.activities WHERE kind = 'call' AND direction = 'in' AND NOT is_answered),
        outgoing AS (SELECT party, "at" FROM linked WHERE kind = 'call' AND direction = 'out' AND party IS NOT NULL),
        back AS (
            SELECT DISTINCT c.activity_id FROM calls c
            JOIN outgoing o ON o.party = c.party AND o."at" >= c."at" AND o."at" <= c."at" + {WITHIN})
        SELECT c."at", c.at_s{listed}, b.activity_id IS NOT NULL AS is_called_back FROM calls c LEFT JOIN back b ON b.activity_id = c.activity_id""")
    return Shape(("at", "at_s", "is_called_back", *names), activities.absent)
