"""The fact table `missed`: inbound calls that nobody took, and whether the caller was called back."""

from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.links import is_answered
from salesqc_lib.dataset.shape import Shape

WITHIN = "INTERVAL 1 HOUR"


@fact_table("missed")
def prepare(export: Export) -> Shape:
    """Make `facts.missed`. `is_called_back`: an outgoing call to the same party within the hour, whatever its result."""
    activities = export.shape("activities")
    if activities.reason:
        return Shape(reason=activities.reason)
    for column in ("is_answered", "direction"):
        if column not in activities.columns:
            return Shape(reason=activities.absent[column])
    if not {"customer_id", "deal_id"} & export.have["activities"]:
        return Shape(reason="no_column:activities.customer_id")
    sellers, join, names = dimensions.of_seller(export, "c")
    answered = is_answered(export.have["activities"])
    # step by step: in one statement the two joins are planned badly. A party and a moment say which call it is: an id is dear to carry
    export.con.execute(f"""
        CREATE TEMP TABLE missed_calls AS
        SELECT party, "at", manager FROM linked a WHERE kind = 'call' AND direction = 'in' AND NOT {answered}""")
    export.con.execute(f"""
        CREATE TEMP TABLE called_back AS
        SELECT DISTINCT c.party, c."at" FROM missed_calls c
        JOIN (SELECT party, "at" FROM linked WHERE kind = 'call' AND direction = 'out' AND party IS NOT NULL) o
            ON o.party = c.party AND o."at" >= c."at" AND o."at" <= c."at" + {WITHIN}""")
    export.con.execute(f"""
        CREATE TABLE facts.missed AS
        SELECT c."at", epoch(c."at") AS at_s{sellers}, lpad(CAST(extract(hour FROM c."at") AS VARCHAR), 2, '0') AS hour,
            b.party IS NOT NULL AS is_called_back FROM missed_calls c LEFT JOIN called_back b ON b.party = c.party AND b."at" = c."at" {join}""")
    if activities.days:  # within the hour, or not: bare dates do not tell
        return Shape(("at", "at_s", *names), {**activities.absent, "is_called_back": "precision:day"}, days=activities.days)
    return Shape(("at", "at_s", "is_called_back", *names, "hour"), activities.absent)
