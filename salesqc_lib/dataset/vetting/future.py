"""What lies after the export is set aside: it has not happened."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset.vetting.rewriting import rewrite
from salesqc_lib.tables import MILESTONES, TABLES
from salesqc_lib.warnings import Warned

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS = {
    "deals": "created_at", "stage_events": "at", "activities": "at", "tasks": "created_at", "reviews": "at", "surveys": "at", "purchases": "at",
}  # fmt: skip
CELLS = {"deals": ("closed_at", *MILESTONES.values()), "tasks": ("completed_at",)}
GOES_ON_DAYS = 30
FEW, PLANNED = 3, 0.01  # of the closings after the export: more are no typing errors


def set_future_aside(con: "DuckDBPyConnection", have: dict[str, frozenset[str]], as_of: datetime, *, keeps_rejected: bool) -> list[Warned]:
    """Leave out rows whose moment is later than the export, and moments of closings and steps that are. They are counted and told."""
    export, warned = f"to_timestamp({as_of.timestamp()})", []
    is_look_back = _goes_on(con, as_of)
    for table, clock in ROWS.items():
        own = have[table]
        late = [name for name in (clock, *CELLS.get(table, ())) if name in own]
        if not late:
            continue
        numbers = ", ".join(f"count({q(name)}), sum(CASE WHEN {q(name)} > {export} THEN 1 ELSE 0 END)" for name in late)
        row = [int(n or 0) for n in con.execute(f"SELECT {numbers} FROM canonical.{table}").fetchall()[0]]
        filled, counts = dict(zip(late, row[::2], strict=True)), {name: n for name, n in zip(late, row[1::2], strict=True) if n}
        if not counts:
            continue
        if keeps_rejected:
            _note(con, table, clock, counts, export)
        if table == "deals" and clock in counts and keeps_rejected:
            _keep_deals(con, own, export)
        cells = {name: f"CASE WHEN {q(name)} <= {export} THEN {q(name)} END" for name in counts if name != clock}
        if table == "deals" and is_look_back and "closed_at" in counts and "outcome" in own:
            cells["outcome"] = f"CASE WHEN closed_at > {export} THEN 'open' ELSE outcome END"  # then, it was open still
        if table == "deals" and "closed_at" in cells:
            cells["late_at"] = f"CASE WHEN closed_at > {export} THEN closed_at END"  # by then at the latest, if that is what it means
            have["deals"] |= {"late_at"}
        keep = f"({q(clock)} IS NULL OR {q(clock)} <= {export})" if clock in counts else ""
        rewrite(con, table, sorted(own), cells, keep)
        for name, n in counts.items():
            if name == "closed_at" and not is_look_back and n > max(FEW, PLANNED * filled[name]):
                warned.append(Warned("W405", {"n": n, "all": filled[name]}, "deals", "closed_at", rows=n))
            else:
                warned.append(Warned("W103", {"n": n, "column": f"{table}.{name}"}, table, name, rows=n))
    return warned


def _goes_on(con: "DuckDBPyConnection", as_of: datetime) -> bool:
    """Whether deals go on coming in after the moment: then it lies before the real export, and what closed later was open."""
    until = (as_of + timedelta(GOES_ON_DAYS)).timestamp()
    rows = con.execute(
        f"SELECT count(*) FROM canonical.deals WHERE created_at > to_timestamp({as_of.timestamp()}) AND created_at <= to_timestamp({until})"
    ).fetchall()
    return bool(rows[0][0])


def q(name: str) -> str:
    """A column's name in SQL."""
    return f'"{name}"'


def _keep_deals(con: "DuckDBPyConnection", own: frozenset[str], export: str) -> None:
    rows = con.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'aside' AND table_name = 'deals'"
    ).fetchall()
    if names := ", ".join(q(row[0]) for row in rows if row[0] in own):
        con.execute(f"INSERT INTO aside.deals BY NAME SELECT 'future' AS reason, {names} FROM canonical.deals WHERE created_at > {export}")


def _note(con: "DuckDBPyConnection", table: str, clock: str, counts: Mapping[str, int], export: str) -> None:
    """The rows and cells in `rejected`, by the id of their record."""
    key = TABLES[table].key or ("deal_id" if table == "stage_events" else "")
    told = f"' «' || left(coalesce({q(key)}, ''), 60) || '»'" if key else "''"
    for name in counts:
        con.execute(
            f"INSERT INTO rejected SELECT {literal(table)}, '', NULL, 'in_future:{name}' || {told}, {'false' if name == clock else 'true'} "
            f"FROM canonical.{table} WHERE {q(name)} > {export}"
        )
