"""The fact table `refusals`: a first conversation that ended without agreement, or a loss, and what was done about it."""

from salesqc_lib.dataset import dimensions, stages
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.tables import MILESTONES


@fact_table("refusals")
def prepare(export: Export) -> Shape:
    """Make `facts.refusals`, a row for each.

    A first conversation ended without agreement if no step of the funnel was reached within a day of it; where nothing followed
    before the loss, the two are one refusal, the loss. Contacts with the same customer count as well as those on the deal.
    `next_contact_at`: the next human contact; `won_at`: the next contract after that, of the same deal or of the same customer.
    """
    deals = export.shape("deals")
    for column in ("first_talk_at", "outcome", "closed_at"):
        if column not in deals.columns:
            return Shape(reason=deals.absent.get(column, f"no_column:deals.{column}"))
    names = dimensions.of_deal(export, "manager", "team", "channel")
    steps = [f"d.{name}" for name in MILESTONES.values() if name in deals.columns]
    # where no step before the contract is known, nobody can tell how the first conversation ended
    earlier = {"qualified_at", "key_event_set_at", "key_event_held_at"} & set(deals.columns)
    agreed = (
        f"(least({', '.join(steps)}) <= d.first_talk_at + INTERVAL 1 DAY) IS NOT TRUE"
        if earlier and len(steps) > 1
        else f"({steps[0]} <= d.first_talk_at + INTERVAL 1 DAY) IS NOT TRUE"
        if earlier
        else "false"
    )
    contract = "contract_at" in deals.columns
    losses = _losses(export)
    export.con.execute(f"""
        CREATE TEMP TABLE refused AS
        WITH losses AS ({losses}),
        first AS (
            SELECT d.deal_id, d.first_talk_at AS "at", 'conversation' AS kind FROM facts.deals d
            LEFT JOIN losses l ON l.deal_id = d.deal_id AND (l."at" <= d.contact_after_talk_at) IS NOT FALSE AND l."at" >= d.first_talk_at
            WHERE d.first_talk_at IS NOT NULL AND {agreed} AND l.deal_id IS NULL)
        SELECT k.deal_no, k.party, r."at", r.kind, lead(r."at") OVER (PARTITION BY k.deal_no ORDER BY r."at") AS next_refusal_at
        FROM (SELECT deal_id, "at", 'loss' AS kind FROM losses UNION ALL SELECT deal_id, "at", kind FROM first) r
        JOIN deal_keys k ON k.deal_id = r.deal_id""")
    export.con.execute("""
        CREATE TEMP TABLE next_contacts AS SELECT r.deal_no, r.party, r."at", min(e."at") AS next_at
        FROM refused r JOIN linked e ON e.party = r.party AND e."at" > r."at" WHERE e.is_contact GROUP BY r.deal_no, r.party, r."at\"""")
    if contract:
        export.con.execute("""
            CREATE TEMP TABLE next_wins AS SELECT c.deal_no, c."at", min(d.contract_at) AS next_at
            FROM next_contacts c JOIN deal_keys k ON k.party = c.party
            JOIN facts.deals d ON d.deal_no = k.deal_no AND d.contract_at >= c.next_at GROUP BY c.deal_no, c."at\"""")
    won = 'LEFT JOIN next_wins w ON w.deal_no = r.deal_no AND w."at" = r."at"' if contract else ""
    export.con.execute(f"""
        CREATE TABLE facts.refusals AS
        SELECT d.deal_id, r."at", epoch(r."at") AS at_s, r.kind, r.next_refusal_at, c.next_at AS next_contact_at, epoch(c.next_at) AS next_contact_at_s
            {", w.next_at AS won_at" if contract else ""}{dimensions.listed(names, "d")}
        FROM refused r JOIN facts.deals d ON d.deal_no = r.deal_no
        LEFT JOIN next_contacts c ON c.deal_no = r.deal_no AND c."at" = r."at" {won} {"WHERE d.is_watched" if export.unlogged else ""}""")
    columns = (
        "deal_id",
        "at",
        "at_s",
        "kind",
        "next_refusal_at",
        "next_contact_at",
        "next_contact_at_s",
        *(["won_at"] if contract else []),
        *names,
    )
    return Shape(columns, dimensions.ABSENT | {"won_at": "no_column:deals.contract_at"})


def _losses(export: Export) -> str:
    """SQL for every loss: each time a deal came to a «lost» stage from another, also if it came back; else the closing of a lost deal."""
    closed = "SELECT d.deal_id, d.closed_at AS \"at\" FROM facts.deals d {} WHERE d.outcome = 'lost' AND d.closed_at IS NOT NULL {}"
    if not export.have["stage_events"]:
        return closed.format("", "")
    meaning = stages.meaning_of(export.parameters, export.have["stage_events"])
    export.con.execute(f"""
        CREATE TEMP TABLE lost_events AS
        WITH e AS (SELECT deal_id, "at", {meaning} AS meaning FROM canonical.stage_events),
        o AS (SELECT *, lag(meaning) OVER (PARTITION BY deal_id ORDER BY "at") AS before FROM e)
        SELECT o.deal_id, o."at" FROM o JOIN facts.deals d ON d.deal_id = o.deal_id WHERE o.meaning = 'lost' AND coalesce(o.before, '') <> 'lost'""")
    rest = closed.format("LEFT JOIN (SELECT DISTINCT deal_id FROM lost_events) h ON h.deal_id = d.deal_id", "AND h.deal_id IS NULL")
    return f'SELECT deal_id, "at" FROM lost_events UNION ALL {rest}'
