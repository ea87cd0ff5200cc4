"""The fact table `activities`, the links from activities to deals, and each deal's first human contact."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import UNSET
from salesqc_lib.params import Parameters

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNANSWERED = ("missed", "no_answer", "busy", "voicemail", "declined")


def link(con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]]) -> str:
    """Link activities to deals and find first contacts; return why that cannot be done, or ''.

    An activity without a deal belongs to the deal of its customer that was open at that moment (the latest created).
    """
    given = have["activities"]
    if not given:
        return "no_table:activities"
    deal = "a.deal_id" if "deal_id" in given else "NULL::VARCHAR"
    by_customer = "customer_id" in given and "customer_id" in have["deals"]
    if by_customer:
        still_open = "(d.closed_at IS NULL OR d.closed_at > a.at)" if "closed_at" in have["deals"] else "true"
        con.execute(
            f"CREATE TEMP TABLE links AS SELECT a.activity_id, arg_max(d.deal_id, d.created_at) AS deal_id FROM canonical.activities a "
            f'JOIN canonical.deals d ON d.customer_id = a.customer_id AND d.created_at <= a."at" AND {still_open} WHERE {deal} IS NULL GROUP BY 1'
        )
        deal = f"coalesce({deal}, l.deal_id)"
    elif "deal_id" not in given:
        return "no_column:activities.deal_id"
    rest = ", ".join(f"a.{name}" for name in sorted(given - {"deal_id"}))
    links = "LEFT JOIN links l USING (activity_id)" if by_customer else ""
    con.execute(f"""
        CREATE TEMP TABLE linked AS
        SELECT {deal} AS deal_id, {_is_contact(parameters, given)} AS is_contact, {rest} FROM canonical.activities a {links}""")
    if "direction" not in given:
        return "no_column:activities.direction"
    con.execute("""
        CREATE TABLE facts.first_contacts AS
        SELECT deal_id, min(a."at") AS first_contact_at FROM linked a JOIN canonical.deals d USING (deal_id)
        WHERE is_contact AND a."at" >= d.created_at GROUP BY deal_id""")
    return ""


def _is_contact(parameters: Parameters, given: frozenset[str]) -> str:
    """SQL for a human contact: outgoing and not automatic; a call only with a conversation. A meeting has no direction."""
    if "direction" not in given:
        return "NULL::BOOLEAN"
    conditions = ["a.kind <> 'note'", "(a.direction = 'out' OR (a.kind = 'meeting' AND a.direction IS NULL))"]
    if "is_automatic" in given:
        conditions.append("a.is_automatic IS NOT TRUE")
    if "result" in given:
        conditions.append("(a.kind <> 'call' OR a.result = 'conversation')")
    if "duration_s" in given:
        conditions.append(f"(a.kind <> 'call' OR a.duration_s >= {parameters.activity.conversation_seconds})")
    return f"coalesce({' AND '.join(conditions)}, false)"


def prepare(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], reason: str) -> Shape:
    """Make `facts.activities`: linked activities with the dimensions of their deal, and for missed calls the call back."""
    given = have["activities"]
    if not given or reason == "no_column:activities.deal_id":
        return Shape(reason=reason)
    deal_columns = {row[0] for row in con.execute("DESCRIBE facts.deals").fetchall()}
    own_manager = "a.manager" if "manager" in given else "NULL"
    manager = f"coalesce({own_manager}, {'d.manager' if 'manager' in deal_columns else 'NULL'}, {literal(UNSET)})"
    dimensions = {
        "manager": manager,
        "team": f"coalesce(s.team, {literal(UNSET)})",
        "hour": "lpad(extract(hour FROM a.\"at\")::VARCHAR, 2, '0')",
    }
    dimensions |= {name: f"coalesce(d.{name}, {literal(UNSET)})" for name in ("channel", "product") if name in deal_columns}
    answer, back = _answers(con, given)
    rest = sorted(given - {"deal_id", "manager", "at"})
    con.execute(
        f'CREATE TABLE facts.activities AS SELECT a.deal_id, a."at", epoch(a."at") AS at_s, a.is_contact, {", ".join(f"a.{name}" for name in rest)}, '
        f"{', '.join(f'{sql} AS {name}' for name, sql in dimensions.items())}, {answer} AS is_answered, {back} AS called_back_s "
        f"FROM linked a LEFT JOIN facts.deals d USING (deal_id) LEFT JOIN facts.sellers s ON s.manager = {manager} {'LEFT JOIN calls_back b USING (activity_id)' if back != 'NULL' else ''}"
    )
    absent = {"direction": "no_column:activities.direction", "team": "no_column:managers.team"}
    if answer == "NULL":
        absent["is_answered"] = "no_column:activities.result"
    if back == "NULL":
        absent["called_back_s"] = "no_column:activities.customer_id"
    if not have["managers"]:
        dimensions.pop("team")
    columns = {"deal_id", "at", "at_s", "is_contact", *rest, *dimensions, "is_answered", "called_back_s"} - {
        name for name in absent if name in ("is_answered", "called_back_s")
    }
    return Shape(tuple(sorted(columns)), absent)


def _answers(con: "DuckDBPyConnection", given: frozenset[str]) -> tuple[str, str]:
    """SQL for «this inbound call was answered» and «seconds until the caller was called back», where they can be known."""
    if "result" in given:
        answer = f"CASE WHEN a.result IN ({', '.join(map(literal, UNANSWERED))}) THEN false WHEN a.result IS NOT NULL THEN true END"
    elif "duration_s" in given:
        answer = "a.duration_s > 0"
    else:
        answer = "NULL"
    party = "customer_id" if "customer_id" in given else "deal_id"
    if answer == "NULL" or "direction" not in given:
        return answer, "NULL"
    con.execute(
        f'CREATE TEMP TABLE calls_back AS SELECT a.activity_id, epoch(c."at") - epoch(a."at") AS called_back_s FROM linked a ASOF JOIN '
        f'(SELECT {party}, "at" FROM linked WHERE kind = \'call\' AND direction = \'out\' AND {party} IS NOT NULL) c ON a.{party} = c.{party} AND c."at" >= a."at" '
        f"WHERE a.kind = 'call' AND a.direction = 'in' AND NOT ({answer})"
    )
    return answer, "b.called_back_s"
