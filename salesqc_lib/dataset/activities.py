"""The fact table `activities`, the links from activities to deals, and each deal's first human contact."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import contacts, dimensions
from salesqc_lib.dataset.fates import Fates
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.params import Parameters

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from salesqc_lib.dataset.dataset import Dataset

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
        SELECT {deal} AS deal_id, {_is_contact(parameters, given)} AS is_contact, {_is_attempt(given)} AS is_attempt,
            {_is_conversation(parameters, given)} AS is_conversation, {rest} FROM canonical.activities a {links}""")
    if not by_customer and "deal_id" not in given:
        return "no_column:activities.deal_id"
    if "direction" not in given:
        return "no_column:activities.direction"
    contacts.prepare(con, fates, as_of)
    return ""


def _is_outgoing(given: frozenset[str]) -> list[str]:
    """SQL conditions of an outgoing activity by a person. A meeting has no direction."""
    automatic = ["a.is_automatic IS NOT TRUE"] if "is_automatic" in given else []
    return ["a.kind <> 'note'", "(a.direction = 'out' OR (a.kind = 'meeting' AND a.direction IS NULL))", *automatic]


def _is_attempt(given: frozenset[str]) -> str:
    """SQL for an attempt at a contact: outgoing and not automatic, whatever came of it."""
    return f"coalesce({' AND '.join(_is_outgoing(given))}, false)" if "direction" in given else "NULL::BOOLEAN"


def _is_contact(parameters: Parameters, given: frozenset[str]) -> str:
    """SQL for a human contact: an attempt; if it is a call, only with a conversation."""
    if "direction" not in given:
        return "NULL::BOOLEAN"
    conversation = _is_conversation(parameters, given)
    spoke = [] if conversation == "NULL::BOOLEAN" else [f"(a.kind <> 'call' OR coalesce({conversation}, false))"]
    return f"coalesce({' AND '.join([*_is_outgoing(given), *spoke])}, false)"


def _is_conversation(parameters: Parameters, given: frozenset[str]) -> str:
    """SQL for «this call was a conversation»; NULL where nothing is recorded of it that tells.

    A call is judged by what is recorded of it: its result, its length, or both; where the export has such columns and the call
    has neither, nobody knows that anyone spoke.
    """
    tests = {"result": "a.result = 'conversation'", "duration_s": f"a.duration_s >= {parameters.activity.conversation_seconds}"}
    recorded = [name for name in tests if name in given]
    if not recorded:
        return "NULL::BOOLEAN"
    known = " OR ".join(f"a.{name} IS NOT NULL" for name in recorded)
    return f"CASE WHEN {known} THEN {' AND '.join(f'coalesce({tests[name]}, true)' for name in recorded)} END"


def prepare(dataset: "Dataset") -> Shape:
    """Make `facts.activities`: linked activities with the breakdowns of their deal, and for missed calls the call back."""
    con, given = dataset.con, dataset.have["activities"]
    if not given:
        return Shape(reason="no_table:activities")
    of_deal = dimensions.of_deal(dataset, "channel", "product")
    seller = ["d.manager"] if dimensions.of_deal(dataset, "manager") else []
    sellers, names = dimensions.own_seller(dataset, "activities", "a", *seller)
    answer, back = _answers(con, given)
    rest = sorted(given - {"deal_id", "manager", "at"})
    deals = dataset.shapes["deals"].columns
    party = party_of(given, "customer_id" in deals)
    con.execute(f"""
        CREATE TABLE facts.activities AS
        SELECT a.deal_id, a."at", epoch(a."at") AS at_s, a.is_contact, a.is_attempt, a.is_conversation{"".join(f", a.{name}" for name in rest)}{sellers}
            {dimensions.listed(of_deal, "d")}, lpad(extract(hour FROM a."at")::VARCHAR, 2, '0') AS hour, {party} AS party,
            {answer} AS is_answered, {back} AS called_back_s
        FROM linked a LEFT JOIN facts.deals d ON d.deal_id = a.deal_id
        LEFT JOIN facts.sellers s ON s.manager = {dimensions.seller_of(dataset, "activities", "a", *seller)}
        {"LEFT JOIN calls_back b ON b.activity_id = a.activity_id" if back != "NULL" else ""}""")
    unknown = {
        "is_answered": "no_column:activities.result" if answer == "NULL" else "",
        "called_back_s": "no_column:activities.customer_id" if back == "NULL" else "",
        "is_conversation": "" if {"result", "duration_s"} & given else "no_column:activities.duration_s",
        "is_contact": "" if "direction" in given else "no_column:activities.direction",
        "is_attempt": "" if "direction" in given else "no_column:activities.direction",
    }
    known = [name for name, reason in unknown.items() if not reason]
    absent = {"direction": "no_column:activities.direction", **dimensions.ABSENT, **{name: why for name, why in unknown.items() if why}}
    return Shape(("deal_id", "at", "at_s", "hour", "party", *rest, *names, *of_deal, *known), absent)


def party_of(given: frozenset[str], is_customer_known: bool) -> str:
    """SQL for the person at the other end: the customer, as far as the export knows them, else the deal."""
    parts = ["'c' || a.customer_id"] * ("customer_id" in given) + ["'c' || d.customer_id"] * is_customer_known
    return f"coalesce({', '.join([*parts, chr(39) + 'd' + chr(39) + ' || a.deal_id'])})"


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
        WITH calls AS (SELECT activity_id, "at", direction, {party} AS party, {answer} AS is_answered FROM linked a WHERE kind = 'call'),
        next_out AS (
            SELECT *, min("at") FILTER (WHERE direction = 'out') OVER (
                PARTITION BY party ORDER BY "at" RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS back_at FROM calls WHERE party IS NOT NULL)
        SELECT activity_id, epoch(back_at) - epoch("at") AS called_back_s FROM next_out
        WHERE direction = 'in' AND NOT is_answered AND back_at IS NOT NULL""")
    return answer, "b.called_back_s"
