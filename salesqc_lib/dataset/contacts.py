"""What was done about each deal: its first contacts and attempts, and how many contacts it got."""

from datetime import datetime
from typing import TYPE_CHECKING

from salesqc_lib.dataset.fates import Fates

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS = ("first_contact_at", "first_talk_at", "contact_after_talk_at", "first_attempt_at", "second_attempt_at", "touches", "efforts")


def prepare(con: "DuckDBPyConnection", fates: Fates, as_of: datetime) -> None:
    """Make `contacts` out of `linked`, a row for each deal that has any.

    `touches` are the human contacts up to the contract, else up to the closing, else up to the export; `efforts` those up to the
    closing, else up to the export. What came before the creation does not answer a lead, and counts as a touch all the same. A talk
    is a call with a conversation, or a meeting. An ending that is a bare date lasts to the end of that day.
    """
    export = f"to_timestamp({as_of.timestamp()})"
    closed = ["f.closed_at"] if "closed_at" in fates.columns else []
    signed = ["f.contract_at"] if "contract_at" in fates.columns else []
    until = {"touches": ", ".join([*signed, *closed, export]), "efforts": ", ".join([*closed, export])}
    ends = ", ".join(
        f"CASE WHEN coalesce({end}) = date_trunc('day', coalesce({end})) THEN coalesce({end}) + INTERVAL 1 DAY - INTERVAL 1 SECOND ELSE coalesce({end}) END AS {name}_end"
        for name, end in until.items()
    )
    # every contact is an attempt (`links`): one look at the attempts finds all of this
    con.execute(f"""
        CREATE TEMP TABLE firsts AS
        WITH ended AS (SELECT f.deal_no, f.created_at, {ends} FROM fates f)
        SELECT a.deal_no, min(a."at") FILTER (WHERE a.is_contact AND a."at" >= f.created_at) AS first_contact_at,
            min(a."at") FILTER (WHERE a.is_contact AND (a.kind = 'call' OR a.kind = 'meeting') AND a."at" >= f.created_at) AS first_talk_at,
            min(a."at") FILTER (WHERE a."at" >= f.created_at) AS first_attempt_at,
            count(*) FILTER (WHERE a.is_contact AND a."at" <= f.touches_end) AS touches,
            count(*) FILTER (WHERE a.is_contact AND a."at" <= f.efforts_end) AS efforts
        FROM linked a JOIN ended f ON f.deal_no = a.deal_no WHERE a.is_attempt AND a."at" <= {export} GROUP BY a.deal_no""")
    con.execute("""
        CREATE TEMP TABLE seconds AS
        SELECT a.deal_no, min(a."at") FILTER (WHERE a.is_contact AND a."at" > f.first_talk_at) AS contact_after_talk_at,
            CASE WHEN count(*) FILTER (WHERE a."at" = f.first_attempt_at) > 1 THEN min(f.first_attempt_at)
                 ELSE min(a."at") FILTER (WHERE a."at" > f.first_attempt_at) END AS second_attempt_at
        FROM linked a JOIN firsts f ON f.deal_no = a.deal_no WHERE a.is_attempt GROUP BY a.deal_no""")
    con.execute("""
        CREATE TEMP TABLE contacts AS
        SELECT d.deal_no, f.first_contact_at, f.first_talk_at, s.contact_after_talk_at, f.first_attempt_at, s.second_attempt_at,
            coalesce(f.touches, 0) AS touches, coalesce(f.efforts, 0) AS efforts
        FROM fates d LEFT JOIN firsts f ON f.deal_no = d.deal_no LEFT JOIN seconds s ON s.deal_no = d.deal_no""")
