"""What was done about each deal: its first contacts and attempts, and how many contacts it got."""

from datetime import datetime
from typing import TYPE_CHECKING

from salesqc_lib.dataset.fates import Fates

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS = ("first_contact_at", "second_contact_at", "first_attempt_at", "second_attempt_at", "touches")


def prepare(con: "DuckDBPyConnection", fates: Fates, as_of: datetime) -> None:
    """Make `contacts` out of `linked`, a row for each deal that has any.

    `touches` are the human contacts up to the contract, else up to the closing, else up to the export. What came before the
    creation does not answer a lead, and counts as a touch all the same.
    """
    export = f"to_timestamp({as_of.timestamp()})"
    end = ", ".join([*(f"f.{name}" for name in ("contract_at", "closed_at") if name in fates.columns), export])
    con.execute(f"""
        CREATE TEMP TABLE firsts AS
        SELECT a.deal_no, min(a."at") FILTER (WHERE a.is_contact) AS first_contact_at, min(a."at") AS first_attempt_at
        FROM linked a JOIN fates f ON f.deal_no = a.deal_no
        WHERE a.is_attempt AND a."at" >= f.created_at AND a."at" <= {export} GROUP BY a.deal_no""")
    con.execute(f"""
        CREATE TEMP TABLE counted AS
        SELECT a.deal_no, count(*) AS touches FROM linked a JOIN fates f ON f.deal_no = a.deal_no
        WHERE a.is_contact AND a."at" <= least(coalesce({end}), {export}) GROUP BY a.deal_no""")
    con.execute("""
        CREATE TEMP TABLE seconds AS
        SELECT a.deal_no, min(a."at") FILTER (WHERE a.is_contact AND a."at" > f.first_contact_at) AS second_contact_at,
            min(a."at") FILTER (WHERE a."at" > f.first_attempt_at) AS second_attempt_at
        FROM linked a JOIN firsts f ON f.deal_no = a.deal_no WHERE a.is_attempt GROUP BY a.deal_no""")
    con.execute("""
        CREATE TEMP TABLE contacts AS
        SELECT d.deal_no, f.first_contact_at, s.second_contact_at, f.first_attempt_at, s.second_attempt_at, coalesce(c.touches, 0) AS touches
        FROM fates d LEFT JOIN firsts f ON f.deal_no = d.deal_no LEFT JOIN seconds s ON s.deal_no = d.deal_no
        LEFT JOIN counted c ON c.deal_no = d.deal_no""")
