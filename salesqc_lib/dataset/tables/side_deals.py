"""Deals seen from the side: `non_target` ones, which leave every denominator, and `social_leads`, which social media brought."""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.kpi.content import NETWORKS

SOCIAL_DAYS = 30


@fact_table("non_target")
def prepare_non_target(export: Export) -> Shape:
    """Make `facts.non_target`: spam, test and duplicate leads, with the breakdowns that need no other table."""
    given = export.have["deals"]
    for column in ("is_target", "closed_at"):
        if column not in given:
            return Shape(reason=f"no_column:deals.{column}")
    names = tuple(name for name in ("manager", "channel", "product") if name in given)
    export.con.execute(f"""
        CREATE TABLE facts.non_target AS SELECT d.deal_id, d.created_at, d.closed_at{dimensions.listed(names, "d")}
        FROM canonical.deals d WHERE d.is_target IS FALSE""")
    return Shape(("deal_id", "created_at", "closed_at", *names), dimensions.ABSENT)


@fact_table("social_leads")
def prepare_social(export: Export) -> Shape:
    """Make `facts.social_leads`: deals whose customer had a social-media contact in the 30 days before they came in."""
    activities, deals = export.shape("activities"), export.shape("deals")
    if activities.reason or "customer_id" not in export.have["activities"] or "customer_id" not in deals.columns:
        return Shape(reason=activities.reason or "no_column:activities.customer_id")
    names = dimensions.of_deal(export, "manager", "team")
    networks = ", ".join(map(literal, NETWORKS))
    social = (
        f"(a.kind = 'social' OR (a.kind = 'message' AND lower(a.media) IN ({networks})))"
        if "media" in activities.columns
        else "a.kind = 'social'"
    )
    export.con.execute(f"""
        CREATE TABLE facts.social_leads AS SELECT d.deal_id, d.created_at{dimensions.listed(names, "d")} FROM facts.deals d
        JOIN (SELECT DISTINCT d.deal_no FROM facts.deals d JOIN deal_keys k ON k.deal_no = d.deal_no JOIN linked a ON a.party = k.party
            WHERE {social} AND a."at" <= d.created_at AND a."at" >= d.created_at - INTERVAL {SOCIAL_DAYS} DAY) s ON s.deal_no = d.deal_no""")
    return Shape(("deal_id", "created_at", *names), dimensions.ABSENT)
