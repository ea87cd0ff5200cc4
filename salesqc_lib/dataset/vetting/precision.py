"""Columns of bare dates: their precision is a day, and what ends on such a day ends with it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from salesqc_lib.dataset.vetting.rewriting import rewrite
from salesqc_lib.dataset.vetting.rhythm import QUARTER
from salesqc_lib.tables import TABLES, Kind
from salesqc_lib.warnings import Warned

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Days = frozenset[tuple[str, str]]  # table and column
BARE = 0.05  # of the values at midnight sharp: more do not come about by chance
FEW = 20  # up to here, all of them
CHANCE = 3  # fewer values at midnight of UTC, which is an hour like any other to the client, may be chance
PLANS = ("due_at", "expected_close_at")  # which programs set to a fixed hour of the working day
AT_WORK = range(7, 19)
STARTS = ("created_at", "hired_at", "first_at", "published_at")  # what begins on a day begins with it
TOLD = ("deals", "stage_events", "activities")


def bare_dates(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]]) -> Days:
    """The columns of moments whose values are days."""
    found = set()
    for table, columns in have.items():
        for name, (filled, bare, _) in _midnights(con, table, columns).items():
            if filled and (bare == filled or (filled > FEW and bare > BARE * filled)):
                found.add((table, name))
    return frozenset(found)


def as_days_of_utc(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], zone: str) -> None:
    """Days that an interface wrote as midnight in UTC (`2026-10-01T00:00:00Z`) are those days, and not the evening before in the client's zone."""
    for table, columns in have.items():
        found = {
            name: f"timezone('{zone}', CAST(CAST(timezone('UTC', {_name(name)}) AS DATE) AS TIMESTAMP))"
            for name, (filled, local, by_utc) in _midnights(con, table, columns).items()
            if filled >= CHANCE and by_utc == filled and local < filled and not (name in PLANS and _is_at_work(zone))
        }
        if found:
            rewrite(con, table, sorted(columns), found)


def _is_at_work(zone: str) -> bool:
    """Whether midnight in UTC is an hour of the client's working day."""
    return datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)).hour in AT_WORK


def _midnights(con: "DuckDBPyConnection", table: str, columns: frozenset[str]) -> dict[str, tuple[int, int, int]]:
    """For each column of moments: the values, those at midnight in the client's zone, and those at midnight in UTC."""
    times = [name for name in sorted(columns) if name in TABLES[table].by_name and TABLES[table].by_name[name].kind is Kind.TIME]
    if not times:
        return {}
    # zones differ by quarters of an hour: what is no quarter sharp is no midnight, and is told apart without a calendar
    counts = ", ".join(
        f"count({_name(t)}), sum(CASE WHEN epoch_us({_name(t)}) % {QUARTER} = 0 AND {_name(t)} = date_trunc('day', {_name(t)}) THEN 1 ELSE 0 END), "
        f"sum(CASE WHEN epoch_us({_name(t)}) % {96 * QUARTER} = 0 THEN 1 ELSE 0 END)"
        for t in times
    )
    row = [int(cell or 0) for cell in con.execute(f"SELECT {counts} FROM canonical.{table}").fetchall()[0]]
    return {name: (row[3 * place], row[3 * place + 1], row[3 * place + 2]) for place, name in enumerate(times)}


def _name(column: str) -> str:
    return f'"{column}"'


def told(days: Days) -> list[Warned]:
    """A note for each such column that a duration or a comparison of moments may need."""
    return [Warned("W104", {"column": f"{table}.{name}"}, table, name) for table, name in sorted(days) if table in TOLD]


def end_days(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], days: Days, as_of: datetime) -> None:
    """Move what happened on a bare day to the end of it (to the export, on its own day); what begins stays at the beginning."""
    export = f"to_timestamp({as_of.timestamp()})"
    for table in sorted({table for table, _ in days}):
        ends = sorted(name for of, name in days if of == table and name not in STARTS)
        changed = {name: _end_of_day(f'"{name}"', export) for name in ends}
        if changed:
            rewrite(con, table, sorted(have[table]), changed)


def _end_of_day(moment: str, export: str) -> str:
    end = f"{moment} + INTERVAL 1 DAY - INTERVAL 1 SECOND"
    late = f"CASE WHEN {moment} <= {export} AND {end} > {export} THEN {export} ELSE {end} END"
    return f"CASE WHEN {moment} = date_trunc('day', {moment}) THEN {late} ELSE {moment} END"
