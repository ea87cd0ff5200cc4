"""Breakdowns that a fact table takes over from the deal it belongs to."""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset.export import Export
from salesqc_lib.facts import UNSET

OF_DEAL = ("manager", "team", "channel", "campaign", "product", "pipeline", "stage")
ABSENT = {name: f"no_column:deals.{name}" for name in OF_DEAL} | {"team": "no_column:managers.team"}


def of_deal(export: Export, *names: str) -> tuple[str, ...]:
    """The breakdowns that the client's deals know, of those asked for (all without names); those of the client's own always."""
    return tuple(name for name in (*(names or OF_DEAL), *export.parameters.extra) if name in export.shape("deals").columns)


def listed(names: tuple[str, ...], alias: str) -> str:
    """SQL that takes these columns over; what has no deal is not set."""
    return "".join(f", coalesce({alias}.{name}, {literal(UNSET)}) AS {name}" for name in names)


def of_seller(export: Export, alias: str) -> tuple[str, str, tuple[str, ...]]:
    """For rows of `linked` under an alias: SQL for `manager` and `team`, the join that `team` needs, and their names.

    `linked` is many times smaller to scan than `facts.activities`, which looks up the deal of each row.
    """
    if "team" not in export.have["managers"]:
        return f", {alias}.manager", "", ("manager",)
    return (
        f", {alias}.manager, coalesce(s.team, {literal(UNSET)}) AS team",
        f"LEFT JOIN facts.sellers s ON s.manager = {alias}.manager",
        ("manager", "team"),
    )


def own_seller(export: Export, table: str, alias: str, *others: str) -> tuple[str, tuple[str, ...]]:
    """SQL for the columns `manager` and `team` of a table with sellers of its own (else those of `others`, in order), and their names.

    The seller table must be joined as `s` on `s.manager = <the manager>`: use `seller_of`.
    """
    names = ("manager", "team") if "team" in export.have["managers"] else ("manager",)
    manager = seller_of(export, table, alias, *others)
    parts = {"manager": manager, "team": f"coalesce(s.team, {literal(UNSET)})"}
    return "".join(f", {parts[name]} AS {name}" for name in names), names


def seller_of(export: Export, table: str, alias: str, *others: str) -> str:
    """SQL for the seller of a row: its own, else that of the first of `others` that has one."""
    own = [f"{alias}.manager"] if "manager" in export.have[table] else []
    return f"coalesce({', '.join([*own, *others, literal(UNSET)])})"
