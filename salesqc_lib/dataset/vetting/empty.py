"""Columns that are mapped and empty in every row: nothing is known of them, as if they were not there."""

from typing import TYPE_CHECKING

from salesqc_lib.warnings import Warned

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# columns without which a figure is not 0 but unknown. That no deal has a seller, a closing or a loss reason is itself a figure
NEEDED = {
    "deals": ("outcome", "amount", "list_amount", "items", "qualified_at", "key_event_set_at", "key_event_held_at", "act_at"),
    "activities": ("direction", "result", "duration_s", "deal_id", "customer_id"),
}  # fmt: skip
ENOUGH = 10  # rows: fewer may be empty by chance


def leave_out_empty_columns(con: "DuckDBPyConnection", have: dict[str, frozenset[str]]) -> list[Warned]:
    """Take such columns of the deals and activities out of what is known, so that a figure that needs one is refused and not 0."""
    warned = []
    for table, needed in NEEDED.items():
        names = [name for name in needed if name in have[table]]
        if not names:
            continue
        rows, *counts = con.execute(
            f"SELECT count(*), {', '.join(f'count({_q(name)})' for name in names)} FROM canonical.{table}"
        ).fetchall()[0]
        empty = [name for name, filled in zip(names, counts, strict=True) if not filled and rows >= ENOUGH]
        have[table] -= set(empty)
        warned += [Warned("W215", {"column": f"{table}.{name}"}, table, name) for name in empty]
    return warned


def _q(name: str) -> str:
    return f'"{name}"'
