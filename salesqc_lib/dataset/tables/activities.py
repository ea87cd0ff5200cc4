"""The fact table `activities`: what was done, by whom, for which deal."""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.links import is_answered
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import UNSET

HOUR = """lpad(CAST(extract(hour FROM a."at") AS VARCHAR), 2, '0') AS hour, """


@fact_table("activities")
def prepare(export: Export) -> Shape:
    """Make `facts.activities`: linked activities with their seller and the breakdowns of their deal."""
    given = export.have["activities"]
    if not given:
        return Shape(reason="no_table:activities")
    of_deal = dimensions.of_deal(export, "channel", "product")
    has_team = "team" in export.have["managers"]
    names = ("manager", "team") if has_team else ("manager",)
    team = f", coalesce(s.team, {literal(UNSET)}) AS team" if has_team else ""
    rest = sorted(given - {"deal_id", "customer_id", "manager", "at"})
    is_bare = ("activities", "at") in export.days
    export.con.execute(f"""
        CREATE VIEW facts.activities AS
        SELECT d.deal_id, a.deal_no, a.party, a."at", epoch(a."at") AS at_s, a.is_contact, a.is_attempt, a.is_conversation, a.manager{team}
            {"".join(f", a.{name}" for name in rest)}{dimensions.listed(of_deal, "d")},
            {"" if is_bare else HOUR}{is_answered(given)} AS is_answered
        FROM linked a LEFT JOIN facts.deals d ON d.deal_no = a.deal_no {"LEFT JOIN facts.sellers s ON s.manager = a.manager" if has_team else ""}""")
    unknown = {
        "is_answered": "" if {"result", "duration_s"} & given else "no_column:activities.result",
        "is_conversation": "" if {"result", "duration_s"} & given else "no_column:activities.duration_s",
        "is_contact": "" if "direction" in given else "no_column:activities.direction",
        "is_attempt": "" if "direction" in given else "no_column:activities.direction",
    }
    known = [name for name, reason in unknown.items() if not reason]
    absent = {"direction": "no_column:activities.direction", **dimensions.ABSENT, **{name: why for name, why in unknown.items() if why}}
    if is_bare:
        absent["hour"] = "precision:day"
    hour = () if is_bare else ("hour",)
    days = frozenset({"at"}) if is_bare else frozenset[str]()
    return Shape(("deal_id", "deal_no", "party", "at", "at_s", *hour, *rest, *names, *of_deal, *known), absent, days=days)
