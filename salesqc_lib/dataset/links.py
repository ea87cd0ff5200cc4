"""The links from activities to deals, what each activity was, and each deal's first human contact."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import contacts
from salesqc_lib.dataset.export import Export
from salesqc_lib.facts import UNSET
from salesqc_lib.params import Parameters
from salesqc_lib.warnings import Warned

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


ENOUGH = 20  # activities of which none is a contact: fewer tell nothing
UNANSWERED = ("missed", "no_answer", "busy", "voicemail", "declined")


def find(export: Export) -> str:
    """Link activities to deals (`linked`) and find first contacts; return why the latter cannot be done, or ''.

    An activity without a deal belongs to the target deal of its customer that was open at that moment (the latest created).
    """
    con, parameters, have, as_of, days, fates = export.con, export.parameters, export.have, export.as_of, export.days, export.fates
    given = have["activities"]
    if not given:
        return "no_table:activities"
    by_customer = "customer_id" in given and "customer_id" in have["deals"]
    _number_people(con, have)
    if by_customer:
        # a bare date stands at the end of its day: on the day of the closing, a deal is still open to it
        since = "date_trunc('day', a.\"at\")" if ("activities", "at") in days else 'a."at"'
        open_then = f"(f.closed_at IS NULL OR f.closed_at > {since})" if "closed_at" in fates.columns else "true"
        target = "d.is_target IS NOT FALSE" if "is_target" in have["deals"] else "true"
        unlinked = "a.deal_id IS NULL" if "deal_id" in given else "true"
        con.execute(f"""
            CREATE TEMP TABLE links AS
            SELECT a.activity_id, arg_max(f.deal_no, d.created_at) AS deal_no FROM canonical.activities a
            JOIN canonical.deals d ON d.customer_id = a.customer_id AND d.created_at <= a."at" JOIN fates f ON f.deal_id = d.deal_id
            WHERE {unlinked} AND {open_then} AND {target} GROUP BY a.activity_id""")
    numbers = ["k.deal_no"] * ("deal_id" in given) + ["l.deal_no"] * by_customer
    parties = ["k.party"] * ("deal_id" in given) + ["m.party"] * by_customer + ["p.person"] * ("customer_id" in given)
    joins = [
        "LEFT JOIN deal_keys k ON k.deal_id = a.deal_id" if "deal_id" in given else "",
        "LEFT JOIN links l ON l.activity_id = a.activity_id LEFT JOIN deal_keys m ON m.deal_no = l.deal_no" if by_customer else "",
        "LEFT JOIN people p ON p.customer_id = a.customer_id" if "customer_id" in given else "",
    ]
    rest = "".join(f", a.{name}" for name in sorted(given - {"deal_id", "customer_id", "manager"}))
    sellers = ["a.manager"] * ("manager" in given)
    if "manager" in have["deals"]:
        sellers += ["k.manager"] * ("deal_id" in given) + ["m.manager"] * by_customer
    con.execute(f"""
        CREATE TEMP TABLE linked AS
        SELECT {_first(numbers, "INTEGER")} AS deal_no, {_first(parties, "BIGINT")} AS party, {_is_contact(parameters, given)} AS is_contact,
            {_is_attempt(given)} AS is_attempt, {_is_conversation(parameters, given)} AS is_conversation,
            coalesce({", ".join([*sellers, literal(UNSET)])}) AS manager{rest}
        FROM canonical.activities a {" ".join(joins)}""")
    if not numbers:
        return "no_column:activities.deal_id"
    if "direction" not in given:
        return "no_column:activities.direction"
    contacts.prepare(con, fates, as_of)
    if not con.execute("SELECT count(*) FROM contacts WHERE first_attempt_at IS NOT NULL OR touches > 0").fetchall()[0][0]:
        rows = int(con.execute("SELECT count(*) FROM linked").fetchall()[0][0])
        if rows >= ENOUGH:
            export.warned.append(Warned("W113", {"n": rows}, "activities", "deal_id", rows=rows))
            return "no_contacts"
    return ""


def _first(expressions: list[str], kind: str) -> str:
    return f"coalesce({', '.join(expressions)})" if expressions else f"CAST(NULL AS {kind})"


def _number_people(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]]) -> None:
    """Make `people`, a number for each customer, and `deal_keys`: the number of each deal and of the party at its other end (the
    customer, as far as the export knows them, else the deal itself)."""
    known = [f"SELECT customer_id FROM canonical.{table}" for table in ("deals", "activities") if "customer_id" in have[table]]
    if known:
        con.execute(f"""
            CREATE TEMP TABLE people AS
            SELECT customer_id, CAST(row_number() OVER (ORDER BY customer_id) AS BIGINT) AS person
            FROM (SELECT DISTINCT customer_id FROM ({" UNION ALL ".join(known)}) b WHERE customer_id IS NOT NULL) c""")
    by_customer = "customer_id" in have["deals"]
    party = "coalesce(p.person, -CAST(f.deal_no AS BIGINT))" if by_customer else "-CAST(f.deal_no AS BIGINT)"
    person = "LEFT JOIN people p ON p.customer_id = d.customer_id" if by_customer else ""
    manager = ", d.manager" if "manager" in have["deals"] else ""
    con.execute(f"""
        CREATE TEMP TABLE deal_keys AS SELECT f.deal_id, f.deal_no, {party} AS party{manager}
        FROM fates f JOIN canonical.deals d ON d.deal_id = f.deal_id {person}""")


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


def is_answered(given: frozenset[str]) -> str:
    """SQL for «this inbound call was answered», where it can be known."""
    if "result" in given:
        missed = " OR ".join(f"a.result = {literal(result)}" for result in UNANSWERED)
        return f"CASE WHEN {missed} THEN false WHEN a.result IS NOT NULL THEN true END"
    return "a.duration_s > 0" if "duration_s" in given else "CAST(NULL AS BOOLEAN)"
