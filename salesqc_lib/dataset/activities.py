"""The fact table `activities`, the links from activities to deals, and each deal's first human contact."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset.fates import Fates
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import UNSET
from salesqc_lib.params import Parameters

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNANSWERED = ("missed", "no_answer", "busy", "voicemail", "declined")


def link(con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]], fates: Fates, as_of: datetime) -> str:
    """Link activities to deals (`linked`) and find first contacts; return why the latter cannot be done, or ''.

    An activity without a deal belongs to the target deal of its customer that was open at that moment (the latest created).
    """
    given = have["activities"]
    if not given:
        return "no_table:activities"
    deal = "a.deal_id" if "deal_id" in given else "NULL::VARCHAR"
    by_customer = "customer_id" in given and "customer_id" in have["deals"]
    if by_customer:
        open_then = '(f.closed_at IS NULL OR f.closed_at > a."at")' if "closed_at" in fates.columns else "true"
        target = "d.is_target IS NOT FALSE" if "is_target" in have["deals"] else "true"
        con.execute(f"""
            CREATE TEMP TABLE links AS
            SELECT a.activity_id, arg_max(d.deal_id, d.created_at) AS deal_id FROM canonical.activities a
            JOIN canonical.deals d ON d.customer_id = a.customer_id AND d.created_at <= a."at" JOIN fates f ON f.deal_id = d.deal_id
            WHERE {deal} IS NULL AND {open_then} AND {target} GROUP BY 1""")
        deal = f"coalesce({deal}, l.deal_id)"
    rest = ", ".join(f"a.{name}" for name in sorted(given - {"deal_id"}))
    links = "LEFT JOIN links l USING (activity_id)" if by_customer else ""
    con.execute(f"""
        CREATE TEMP TABLE linked AS
        SELECT {deal} AS deal_id, {_is_contact(parameters, given)} AS is_contact, {rest} FROM canonical.activities a {links}""")
    if not by_customer and "deal_id" not in given:
        return "no_column:activities.deal_id"
    if "direction" not in given:
        return "no_column:activities.direction"
    con.execute(f"""
        CREATE TABLE facts.first_contacts AS
        SELECT deal_id, min(a."at") AS first_contact_at FROM linked a JOIN canonical.deals d USING (deal_id)
        WHERE is_contact AND a."at" >= d.created_at AND a."at" <= to_timestamp({as_of.timestamp()}) GROUP BY deal_id""")
    return ""


def _is_contact(parameters: Parameters, given: frozenset[str]) -> str:
    """SQL for a human contact: outgoing and not automatic; a call only with a conversation. A meeting has no direction.

    A call is judged by what is recorded of it: its result, its length, or both; where the export has such columns and the call
    has neither, nobody knows that anyone spoke.
    """
    if "direction" not in given:
        return "NULL::BOOLEAN"
    conditions = ["a.kind <> 'note'", "(a.direction = 'out' OR (a.kind = 'meeting' AND a.direction IS NULL))"]
    if "is_automatic" in given:
        conditions.append("a.is_automatic IS NOT TRUE")
    tests = {"result": "a.result = 'conversation'", "duration_s": f"a.duration_s >= {parameters.activity.conversation_seconds}"}
    recorded = [name for name in tests if name in given]
    spoke = [f"coalesce({tests[name]}, true)" for name in recorded]
    if recorded:
        spoke.append(f"coalesce({', '.join(f'a.{name}::VARCHAR' for name in recorded)}) IS NOT NULL")
        conditions.append(f"(a.kind <> 'call' OR ({' AND '.join(spoke)}))")
    return f"coalesce({' AND '.join(conditions)}, false)"


def prepare(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]]) -> Shape:
    """Make `facts.activities`: linked activities with the dimensions of their deal, and for missed calls the call back."""
    given = have["activities"]
    if not given:
        return Shape(reason="no_table:activities")
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
    if "team" not in have["managers"]:
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
    if answer == "NULL" or "direction" not in given:
        return answer, "NULL"
    # the caller, by whatever the export knows of them: a customer, else the deal
    customer = "'c' || customer_id" if "customer_id" in given else "NULL"
    party = f"coalesce({customer}, 'd' || deal_id)"
    con.execute(f"""
        CREATE TEMP TABLE calls_back AS
        WITH calls AS (SELECT *, {party} AS party FROM linked WHERE kind = 'call')
        SELECT a.activity_id, epoch(c."at") - epoch(a."at") AS called_back_s
        FROM calls a ASOF JOIN (SELECT party, "at" FROM calls WHERE direction = 'out' AND party IS NOT NULL) c ON a.party = c.party AND c."at" >= a."at"
        WHERE a.direction = 'in' AND NOT ({answer})""")
    return answer, "b.called_back_s"
