"""The moment of the export, from what has happened: plans, typing errors and the clock of the day of the run do not move it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from salesqc_lib.crm.snapshots import day_in_name
from salesqc_lib.dataset.vetting.precision import Days
from salesqc_lib.dataset.vetting.rhythm import ALONE_DAYS, ENOUGH, Count, by_day, quiet_days, without_late_singles
from salesqc_lib.errors import DataError
from salesqc_lib.params import Parameters
from salesqc_lib.warnings import Warned
from salesqc_lib.words import Text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

AGREED = 0.99  # a day in a file's name is that of the export where so much lies before it
# what has happened: table, column, and of which rows. Meetings stand in a calendar before they are held.
PAST = (
    ("deals", "created_at", ""), ("deals", "closed_at", "outcome <> 'open'"), ("deals", "qualified_at", ""), ("deals", "contract_at", "outcome = 'won'"),
    ("stage_events", "at", ""), ("activities", "at", "kind <> 'meeting'"),
    ("tasks", "created_at", ""), ("tasks", "completed_at", ""),
)  # fmt: skip
NAMED_DAY, RUN = Text("день в имени файла", "the day in the file's name"), Text("день запуска", "the day of the run")
Source = tuple[str, str, str]


@dataclass(frozen=True)
class ExportMoment:
    """`at`, and where it comes from: `source.as_of`, or the column whose event is the latest."""

    at: datetime
    origin: str


def find_export_moment(
    con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]], days: Days, files: Sequence[str], today: date
) -> tuple[ExportMoment, list[Warned]]:
    """The moment that the parameters give, else the latest past event (the end of its day, where it is a bare date).

    Raises
    ------
    DataError
        No event in the data has a time.
    """
    given = parameters.source.as_of
    if given is not None:
        return ExportMoment(given if given.tzinfo else given.replace(tzinfo=parameters.zone), "source.as_of"), []
    sources = _sources(have)
    counts = _by_day(con, sources)
    if not counts:
        raise DataError("no event in the data has a time", where=str(parameters.file), cure="set source.as_of to the moment of the export")
    until, warned = _last_day(counts, files, today)
    return _latest(con, parameters, sources, days, until), warned


def late_export(
    con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], parameters: Parameters, export: ExportMoment
) -> list[Warned]:
    """A doubt where the moment that the parameters give lies long after the last event."""
    if export.origin != "source.as_of":
        return []
    counts = _by_day(con, _sources(have))
    if sum(n for _, n in counts) < ENOUGH:
        return []
    day = export.at.astimezone(parameters.zone).date()
    late = (day - counts[-1][0]).days
    if late <= quiet_days([day for day, _ in counts], ALONE_DAYS):
        return []
    return [Warned("W115", {"as_of": day, "days": late}, "deals", "created_at")]


def _sources(have: Mapping[str, frozenset[str]]) -> list[Source]:
    """The columns of past events that are there. A closing without an outcome may be a plan; a contract's own date is none."""
    return [
        (table, name, where if "outcome" in have[table] or "outcome" not in where else "")
        for table, name, where in PAST
        if name in have[table] and (name != "closed_at" or "outcome" in have[table])
    ]


def _by_day(con: "DuckDBPyConnection", sources: Sequence[Source]) -> list[Count]:
    parts = [
        by_day(f'canonical.{table} WHERE "{name}" IS NOT NULL{f" AND {where}" if where else ""}', f'"{name}"')
        for table, name, where in sources
    ]
    if not parts:
        return []
    return [
        (row[0], int(row[1]))
        for row in con.execute(f"SELECT day, sum(n) FROM ({' UNION ALL '.join(parts)}) p GROUP BY 1 ORDER BY 1").fetchall()
    ]


def _last_day(counts: list[Count], files: Sequence[str], today: date) -> tuple[date, list[Warned]]:
    """The last day on which something is believed to have happened."""
    total = sum(n for _, n in counts)
    latest, warned = counts[-1][0], []
    guards: list[tuple[date, Text]] = [(day, NAMED_DAY) for day in [max(filter(None, map(day_in_name, files)), default=None)] if day]
    guards.append((today, RUN))
    for limit, what in guards:
        within = [(day, n) for day, n in counts if day <= limit]
        share = sum(n for _, n in within) / total
        # were most of the events later, the limit itself would be wrong
        if len(within) < len(counts) and share >= (AGREED if what is not RUN else 0.5):
            warned.append(Warned("W109", {"what": what, "latest": latest, "until": within[-1][0]}))
            counts = within
    kept = without_late_singles(counts)
    if len(kept) < len(counts):
        alone = sum(n for day, n in counts if day > kept[-1][0])
        warned.append(Warned("W102", {"n": alone, "until": kept[-1][0], "latest": counts[-1][0]}, rows=alone))
    return kept[-1][0], warned


def _latest(con: "DuckDBPyConnection", parameters: Parameters, sources: Sequence[Source], days: Days, until: date) -> ExportMoment:
    """The latest moment up to the end of a day."""
    end = datetime.combine(until + timedelta(1), time(), parameters.zone)
    found = []
    for table, name, where in sources:
        row = con.execute(
            f'SELECT epoch(max("{name}")) FROM canonical.{table} WHERE "{name}" < to_timestamp({end.timestamp()}){f" AND {where}" if where else ""}'
        ).fetchall()[0]
        if row[0] is not None:
            moment = datetime.fromtimestamp(row[0], parameters.zone)
            is_bare = (table, name) in days and moment.time() == time()
            found.append(
                (datetime.combine(moment.date() + timedelta(1), time(), parameters.zone) if is_bare else moment, f"{table}.{name}")
            )
    at, origin = max(found)
    return ExportMoment(at, origin)
