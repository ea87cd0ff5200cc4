"""The fact table `first_calls`: outgoing calls to people with whom nobody had spoken before, and whether they opened anything."""

from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape


@fact_table("first_calls")
def prepare(export: Export) -> Shape:
    """Make `facts.first_calls`.

    Somebody was spoken with by a call with a conversation, a meeting, or anything but a missed call that came in. `opened_at`: when
    a deal of theirs was next qualified, or got a key event.
    """
    activities, deals = export.shape("activities"), export.shape("deals")
    if activities.reason:
        return Shape(reason=activities.reason)
    for column in ("is_attempt", "is_conversation"):
        if column not in activities.columns:
            return Shape(reason=activities.absent[column])
    steps = [name for name in ("qualified_at", "key_event_set_at") if name in deals.columns]
    if not steps:
        return Shape(reason=deals.absent.get("qualified_at", "no_column:deals.qualified_at"))
    sellers, join, names = dimensions.of_seller(export, "a")
    channel = dimensions.of_deal(export, "channel")
    openings = " UNION ALL ".join(
        f'SELECT k.party, d.{name} AS "at" FROM facts.deals d JOIN deal_keys k ON k.deal_no = d.deal_no WHERE d.{name} IS NOT NULL'
        for name in steps
    )
    export.con.execute(f"""
        CREATE TABLE facts.first_calls AS
        WITH reached AS (
            SELECT party, min("at") AS "at" FROM linked
            WHERE party IS NOT NULL AND (coalesce(is_conversation, false) OR kind = 'meeting' OR (direction = 'in' AND kind <> 'call'))
            GROUP BY party),
        calls AS (
            SELECT a.party, a.deal_no, a."at", coalesce(a.is_conversation, false) AS is_conversation, a.manager
            FROM linked a LEFT JOIN reached r ON r.party = a.party
            WHERE a.kind = 'call' AND a.is_attempt AND a.party IS NOT NULL AND (r."at" IS NULL OR a."at" <= r."at")),
        openings AS ({openings}),
        opened AS (
            SELECT c.party, c."at", min(o."at") AS opened_at FROM calls c JOIN openings o ON o.party = c.party AND o."at" >= c."at"
            WHERE c.is_conversation GROUP BY c.party, c."at")
        SELECT a."at", epoch(a."at") AS at_s, a.is_conversation, o.opened_at, epoch(o.opened_at) AS opened_at_s{sellers}{dimensions.listed(channel, "d")}
        FROM calls a LEFT JOIN opened o ON o.party = a.party AND o."at" = a."at" AND a.is_conversation LEFT JOIN facts.deals d ON d.deal_no = a.deal_no {join}""")
    return Shape(("at", "at_s", "is_conversation", "opened_at", "opened_at_s", *names, *channel), dimensions.ABSENT)
