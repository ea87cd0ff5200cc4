"""Closing dates of open deals are plans: they become the expected ones."""

from typing import TYPE_CHECKING

from salesqc_lib.dataset.vetting.rewriting import rewrite
from salesqc_lib.warnings import Warned

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def move_planned_closings(con: "DuckDBPyConnection", have: dict[str, frozenset[str]]) -> list[Warned]:
    """Of a deal whose outcome is open, `closed_at` is `expected_close_at`: it closes nothing."""
    if not {"outcome", "closed_at"} <= have["deals"]:
        return []
    is_planned = "coalesce(outcome, 'open') = 'open' AND closed_at IS NOT NULL"
    rows = con.execute(f"SELECT count(*) FROM canonical.deals WHERE {is_planned}").fetchall()[0][0]
    if not rows:
        return []
    expected = ["expected_close_at"] if "expected_close_at" in have["deals"] else []
    planned = f"coalesce({', '.join([*expected, f'CASE WHEN {is_planned} THEN closed_at END'])})"
    changed = {"expected_close_at": planned, "closed_at": f"CASE WHEN {is_planned} THEN NULL ELSE closed_at END"}
    rewrite(con, "deals", sorted(have["deals"]), changed)
    have["deals"] |= {"expected_close_at"}
    return [Warned("W101", {"n": int(rows)}, "deals", "closed_at", rows=int(rows))]
