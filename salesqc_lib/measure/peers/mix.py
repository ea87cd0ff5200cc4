"""What may be held for and against a segment: a mix that was known of every deal, deals of one's own, contacts that are written down."""

from datetime import timedelta

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import UNSET, Window
from salesqc_lib.kpi.card import CHANNEL, PRODUCT

UNWRITTEN, FEW_PASSED = 0.1, 3  # of the deals that came further, so many without a contact (and no fewer than that) tell of gaps in the log
UNEQUAL = 0.15  # a field filled so much more often for deals that were won tells of the outcome, not of the mix


def mix_of(dataset: Dataset) -> frozenset[str]:
    """Channel and product, as far as the deals have them, and won and lost ones alike."""
    shape = dataset.shapes["deals"]
    have = set(shape.columns)
    names = [name for name in (CHANNEL, PRODUCT) if name in have and name not in shape.winners_only]
    if not names or "outcome" not in have:
        return frozenset(names)
    parts = ", ".join(
        f"avg(CASE WHEN outcome = '{outcome}' THEN CASE WHEN {name} <> '{UNSET}' THEN 1.0 ELSE 0.0 END END)"
        for name in names
        for outcome in ("won", "lost")
    )
    row = [float(value) if value is not None else None for value in dataset.con.execute(f"SELECT {parts} FROM facts.deals").fetchall()[0]]
    pairs = dict(zip(names, zip(row[::2], row[1::2], strict=True), strict=True))
    return frozenset(name for name, (won, lost) in pairs.items() if won is None or lost is None or abs(won - lost) <= UNEQUAL)


def inherited(dataset: Dataset) -> list[str]:
    """Open deals whose last human activity was by somebody who is gone: who has them now did not leave them alone for so long."""
    if (
        dataset.shapes["activities"].reason
        or not dataset.presence.gone
        or not {"manager", "outcome"} <= set(dataset.shapes["deals"].columns)
    ):
        return []
    human = "AND is_automatic IS NOT TRUE" if "is_automatic" in dataset.have["activities"] else ""
    rows = dataset.con.execute(
        f"""SELECT d.deal_id, d.manager, a.manager FROM facts.deals d
        JOIN (SELECT deal_no, max("at") AS at FROM linked WHERE deal_no IS NOT NULL {human} GROUP BY 1) l ON l.deal_no = d.deal_no
        JOIN linked a ON a.deal_no = l.deal_no AND a."at" = l.at WHERE d.outcome = 'open' {human.replace("is_automatic", "a.is_automatic")} ORDER BY 1"""
    ).fetchall()
    owners = {str(row[0]) for row in dataset.con.execute("SELECT DISTINCT manager FROM facts.deals").fetchall()} - {UNSET}
    own = {str(deal) for deal, owner, last in rows if str(last) == str(owner)}
    return sorted({str(deal) for deal, owner, last in rows if str(last) in owners and str(last) != str(owner)} - own)


def half_logged(dataset: Dataset, window: Window) -> frozenset[str]:
    """Sellers whose log has gaps: deals of the year up to the window's close that qualified, met or signed without any contact written down."""
    have = set(dataset.shapes["deals"].columns)
    steps = [name for name in ("qualified_at", "key_event_set_at", "key_event_held_at", "contract_at") if name in have]
    if not {"manager", "first_contact_at"} <= have or not steps:
        return frozenset()
    logged = "AND is_life_logged" if "is_life_logged" in have else ""
    start, end = ((window.close - timedelta(365)).timestamp(), window.close.timestamp())
    passed = " OR ".join(f"{name}_s < {end}" for name in steps)
    rows = dataset.con.execute(
        f"""SELECT manager, count(*), count(*) - count(first_contact_at) FROM facts.deals
        WHERE created_at_s >= {start} AND created_at_s < {end} AND ({passed}) {logged} GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    return frozenset(str(name) for name, further, without in rows if without >= FEW_PASSED and without > UNWRITTEN * further)
