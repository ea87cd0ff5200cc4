"""The fact table `refusals`: a first conversation that ended without agreement, or a loss, and what was done about it."""

from typing import TYPE_CHECKING

from salesqc_lib.dataset import dimensions, stages
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.tables import MILESTONES

if TYPE_CHECKING:
    from salesqc_lib.dataset.dataset import Dataset


def prepare(dataset: "Dataset") -> Shape:
    """Make `facts.refusals`, a row for each.

    A first conversation ended without agreement if no step of the funnel was reached within a day of it; where nothing followed
    before the loss, the two are one refusal, the loss. Contacts with the same customer count as well as those on the deal.
    `next_contact_at`: the next human contact; `won_at`: the next contract, of the same deal or of the same customer.
    """
    deals = dataset.shapes["deals"]
    for column in ("first_contact_at", "outcome", "closed_at"):
        if column not in deals.columns:
            return Shape(reason=deals.absent.get(column, f"no_column:deals.{column}"))
    names = dimensions.of_deal(dataset, "manager", "team", "channel")
    steps = [f"d.{name}" for name in MILESTONES.values() if name in deals.columns]
    agreed = f"(least({', '.join(steps)}) <= d.first_contact_at + INTERVAL 1 DAY) IS NOT TRUE" if steps else "true"
    contract = "contract_at" in deals.columns
    dataset.con.execute(f"""
        CREATE TEMP TABLE refused AS
        WITH losses AS ({_losses(dataset)}),
        first AS (
            SELECT d.deal_id, d.first_contact_at AS "at", 'conversation' AS kind FROM facts.deals d
            LEFT JOIN losses l ON l.deal_id = d.deal_id AND (l."at" <= d.second_contact_at) IS NOT FALSE AND l."at" >= d.first_contact_at
            WHERE d.first_contact_at IS NOT NULL AND {agreed} AND l.deal_id IS NULL)
        SELECT k.deal_no, k.party, r."at", r.kind
        FROM (SELECT deal_id, "at", 'loss' AS kind FROM losses UNION ALL SELECT deal_id, "at", kind FROM first) r
        JOIN deal_keys k ON k.deal_id = r.deal_id""")
    later = {"next_contacts": 'SELECT party, "at" FROM linked WHERE is_contact AND party IS NOT NULL'}
    if contract:
        later["next_wins"] = 'SELECT k.party, d.contract_at AS "at" FROM facts.deals d JOIN deal_keys k ON k.deal_no = d.deal_no'
    for name, events in later.items():
        dataset.con.execute(f"""
            CREATE TEMP TABLE {name} AS SELECT r.deal_no, r."at", min(e."at") AS next_at
            FROM refused r JOIN ({events}) e ON e.party = r.party AND e."at" > r."at" GROUP BY r.deal_no, r."at\"""")
    won = 'LEFT JOIN next_wins w ON w.deal_no = r.deal_no AND w."at" = r."at"' if contract else ""
    dataset.con.execute(f"""
        CREATE TABLE facts.refusals AS
        SELECT d.deal_id, r."at", epoch(r."at") AS at_s, r.kind, c.next_at AS next_contact_at, epoch(c.next_at) AS next_contact_at_s
            {", w.next_at AS won_at" if contract else ""}{dimensions.listed(names, "d")}
        FROM refused r JOIN facts.deals d ON d.deal_no = r.deal_no
        LEFT JOIN next_contacts c ON c.deal_no = r.deal_no AND c."at" = r."at" {won}""")
    columns = ("deal_id", "at", "at_s", "kind", "next_contact_at", "next_contact_at_s", *(["won_at"] if contract else []), *names)
    return Shape(columns, dimensions.ABSENT | {"won_at": "no_column:deals.contract_at"})


def _losses(dataset: "Dataset") -> str:
    """SQL for every loss: the closing of a lost deal, and each entry of a «lost» stage, also of a deal that came back."""
    closed = "SELECT deal_id, closed_at AS \"at\" FROM facts.deals WHERE outcome = 'lost' AND closed_at IS NOT NULL"
    if not dataset.have["stage_events"]:
        return closed
    meaning = stages.meaning_of(dataset.parameters, dataset.have["stage_events"])
    came_back = f"""SELECT e.deal_id, e."at" FROM (SELECT deal_id, "at" FROM canonical.stage_events WHERE {meaning} = 'lost') e
        JOIN facts.deals d ON d.deal_id = e.deal_id WHERE d.outcome <> 'lost' OR e."at" < d.closed_at - INTERVAL 1 DAY"""
    return f"{closed} UNION {came_back}"
