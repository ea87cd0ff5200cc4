"""The working calendar: which days the department works, and how much working time lies between two moments."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from salesqc_lib.params.model import Calendar, Parameters

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_USUAL = Calendar(country=None)


def working_days(calendar: Calendar | None, first: date, end: date) -> list[date]:
    """Working days of [first, end): the calendar's weekdays without the country's public holidays (Monday to Friday without one)."""
    calendar = calendar or _USUAL
    closed = _holidays(calendar.country, first, end)
    days = (first + timedelta(n) for n in range((end - first).days))
    return [day for day in days if _WEEKDAYS[day.weekday()] in calendar.days and day not in closed]


def _holidays(country: str | None, first: date, end: date) -> set[date]:
    if country is None:
        return set()
    import holidays

    return set(holidays.country_holidays(country, years=range(first.year, end.year + 1)))


def prepare(con: "DuckDBPyConnection", parameters: Parameters, first: date, end: date) -> None:
    """Make `facts.working_days`: each day of [first, end] with its opening (Unix seconds), length and working seconds before it.

    The working clock of a moment is the working time up to it; a difference of two is the working time between them.
    """
    calendar = parameters.calendar or _USUAL
    opens, closes = (_time(part) for part in calendar.hours.split("-"))
    first, end = first - timedelta(1), end + timedelta(2)
    rows, before = [], 0.0
    at_work = set(working_days(calendar, first, end))
    for n in range((end - first).days):
        day = first + timedelta(n)
        start = datetime.combine(day, opens, parameters.zone)
        stop = datetime.combine(day if closes != time() else day + timedelta(1), closes, parameters.zone)
        length = stop.timestamp() - start.timestamp() if day in at_work else 0.0
        rows.append((day, start.timestamp(), length, before))
        before += length
    con.execute(
        "CREATE TABLE facts.working_days AS SELECT unnest(?) AS day, unnest(?) AS opens, unnest(?) AS length, unnest(?) AS before",
        [list(column) for column in zip(*rows, strict=True)],
    )


def add_working_clock(con: "DuckDBPyConnection", parameters: Parameters, table: str, moments: list[str]) -> None:
    """Make `<table>_clock`: the table with a twin `<moment>_w` of each moment; in plain seconds where there is no calendar."""
    if parameters.calendar is None:
        con.execute(
            f"CREATE TEMP TABLE {table}_clock AS SELECT *, {', '.join(f'epoch({name}) AS {name}_w' for name in moments)} FROM {table}"
        )
        return
    twins = ", ".join(f"{_elapsed(f't.{name}', f'w{i}')} AS {name}_w" for i, name in enumerate(moments))
    joins = " ".join(f"LEFT JOIN facts.working_days w{i} ON w{i}.day = t.{name}::DATE" for i, name in enumerate(moments))
    con.execute(f"CREATE TEMP TABLE {table}_clock AS SELECT t.*, {twins} FROM {table} t {joins}")


def working_clock(con: "DuckDBPyConnection", parameters: Parameters, moment: datetime) -> float:
    """The working clock at one moment."""
    if parameters.calendar is None:
        return moment.timestamp()
    rows = con.execute(
        f"SELECT {_elapsed('m.moment', 'w')} FROM (SELECT to_timestamp(?) AS moment) m JOIN facts.working_days w ON w.day = m.moment::DATE",
        [moment.timestamp()],
    ).fetchall()
    return float(rows[0][0])


def day_clock(con: "DuckDBPyConnection", moment: datetime) -> float:
    """Working days up to a moment, counted in parts of a day; 0 before the calendar begins."""
    row = con.execute(
        f"SELECT {_elapsed('m.moment', 'w')} / (SELECT max(length) FROM facts.working_days) FROM (SELECT to_timestamp(?) AS moment) m "
        "JOIN facts.working_days w ON m.moment >= w.day::TIMESTAMPTZ ORDER BY w.day DESC LIMIT 1",
        [moment.timestamp()],
    ).fetchall()
    return float(row[0][0]) if row else 0.0


def _elapsed(moment: str, day: str) -> str:
    return f"({day}.before + greatest(0, least({day}.length, epoch({moment}) - {day}.opens)))"


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time(0 if hour == "24" else int(hour), int(minute))
