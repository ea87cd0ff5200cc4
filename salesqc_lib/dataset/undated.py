"""Deals that were won or lost nobody knows when: between the last that is known of them and the export."""

from collections.abc import Sequence

from salesqc_lib.dataset.export import Export
from salesqc_lib.dataset.fates import Fates
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.warnings import Money, Value, Warned


def known_since(export: Export, fates: Fates) -> str:
    """SQL for the moment since which an undated deal may have closed: its creation, last move, or last activity; '' where every deal has
    its date. Tells how many have none."""
    if not {"outcome", "contract_at"} <= set(fates.columns):
        return ""
    unsure, closed = _unsure(fates), "f.closed_at IS NULL" if "closed_at" in fates.columns else "false"
    late = "AND d.late_at IS NULL" if "late_at" in export.have["deals"] else ""  # those are told apart
    target = "AND d.is_target IS NOT FALSE" if "is_target" in export.have["deals"] else ""
    amount = "d.amount" if "amount" in export.have["deals"] else "NULL"
    # by their creation, if the parameters say so: they have no date of their own all the same
    no_date = "f.contract_at IS NULL" if export.parameters.dates.undated != "created" else f"{closed} AND f.contract_at = d.created_at"
    counts = export.con.execute(f"""
        SELECT sum(CASE WHEN f.outcome = 'won' AND {no_date} {late} THEN 1 ELSE 0 END), sum(CASE WHEN f.outcome = 'won' THEN 1 ELSE 0 END),
            sum(CASE WHEN f.outcome = 'lost' AND {closed} {late} THEN 1 ELSE 0 END), sum(CASE WHEN f.outcome = 'lost' THEN 1 ELSE 0 END),
            sum(CASE WHEN f.outcome = 'won' AND {no_date} {late} THEN {amount} END), sum(CASE WHEN {unsure} THEN 1 ELSE 0 END),
            sum(CASE WHEN f.outcome = 'won' AND {no_date} THEN 1 ELSE 0 END)
        FROM fates f JOIN canonical.deals d USING (deal_id) WHERE 1 = 1 {target}""").fetchall()[0]
    undated, won, unclosed, lost, money, every, without = (float(value or 0) for value in counts)
    if undated:
        values: dict[str, Value] = {"n": int(undated), "all": int(won), "money": Money(money)}
        export.warned.append(Warned("W105", values, "deals", "closed_at", rows=int(undated)))
    if unclosed:
        export.warned.append(Warned("W106", {"n": int(unclosed), "all": int(lost)}, "deals", "closed_at", rows=int(unclosed)))
    export.undated_share = without / won if won else 0.0
    if not every:
        return ""
    known = ["d.created_at", *(["f.last_move_at"] if fates.has_history else []), *(["u.last_at"] if _has_links(export) else [])]
    latest = f"greatest({', '.join(known)})" if len(known) > 1 else known[0]
    return f"CASE WHEN {unsure} THEN coalesce({latest}, '1900-01-01'::TIMESTAMPTZ) END"


def _unsure(fates: Fates) -> str:
    """SQL for «it has closed, or signed, nobody knows when»."""
    no_contract = "(f.outcome = 'won' AND f.contract_at IS NULL)"
    return f"(f.outcome <> 'open' AND f.closed_at IS NULL) OR {no_contract}" if "closed_at" in fates.columns else no_contract


def joins(export: Export) -> str:
    """SQL that brings the last activity of each deal, as `u`."""
    if not _has_links(export):
        return ""
    return 'LEFT JOIN (SELECT deal_no, max("at") AS last_at FROM linked WHERE deal_no IS NOT NULL GROUP BY deal_no) u ON u.deal_no = f.deal_no '


def latest(export: Export, milestones: Sequence[str]) -> str:
    """SQL for `<milestone>_latest`: when a deal had reached the step at the latest, an undated win at the export."""
    now = _until(export)
    is_won = "outcome = 'won' AND contract_at IS NULL"
    return "".join(
        f", coalesce({name}, CASE WHEN {is_won} THEN {now} END) AS {name}_latest" if name != "act_at" else f", {name} AS {name}_latest"
        for name in milestones
    )


def set_apart(export: Export, shape: Shape) -> None:
    """Make `facts.undated_deals`, with the columns of `facts.deals` and `undated_to_at`."""
    now = _until(export)
    export.con.execute(
        f"CREATE TABLE facts.undated_deals AS SELECT *, {now} AS undated_to_at FROM facts.deals WHERE undated_from_at IS NOT NULL"
    )
    export.shapes["undated_deals"] = Shape(
        (*shape.columns, "undated_to_at"), shape.absent, days=shape.days, winners_only=shape.winners_only
    )


def _until(export: Export) -> str:
    """SQL for the moment by which such a deal had closed: the export, or the later date that stands on it."""
    now = f"to_timestamp({export.as_of.timestamp()})"
    return f"greatest({now}, late_at)" if "late_at" in export.have["deals"] else now


def _has_links(export: Export) -> bool:
    return bool(export.have["activities"])
