"""Which rows lie in which windows, worked out by hand at the edges of days and windows."""

from datetime import UTC, datetime, timedelta, timezone

import duckdb
import pytest

from salesqc_lib.dataset.engine import ENDS, OPENS, DuckEngine
from salesqc_lib.dataset.vetting.rhythm import with_days

ADELAIDE = timezone(timedelta(hours=9, minutes=30))  # whose days begin at half past two of the afternoon before, in UTC


@pytest.fixture
def engine() -> DuckEngine:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("""CREATE TABLE rows AS SELECT * FROM (VALUES
        ('before', TIMESTAMPTZ '2026-01-31 14:29:59.999999+00'), ('first', TIMESTAMPTZ '2026-01-31 14:30:00+00'), ('noon', TIMESTAMPTZ '2026-02-01 12:00:00+00'),
        ('last', TIMESTAMPTZ '2026-02-02 14:29:59.999999+00'), ('after', TIMESTAMPTZ '2026-02-02 14:30:00+00'), ('old', TIMESTAMPTZ '1969-12-31 23:00:00+00'),
        ('never', NULL)) t(name, happened)""")
    return DuckEngine(con)


def windows(engine: DuckEngine, **ends: tuple[datetime, datetime]) -> str:
    opens, closes = ([pair[i] for pair in ends.values()] for i in (0, 1))
    return engine.small_table({"key": [*ends]}, {OPENS: opens, ENDS: closes}, {})


def found(engine: DuckEngine, table: str, condition: str = "") -> set[tuple[str, str]]:
    columns = engine.fetch(engine.within("rows", table, "happened", condition))
    assert not [name for name in columns if "day" in name]  # what the rows are looked up by is no column of theirs
    return set(zip(columns["name"].tolist(), columns["key"].tolist(), strict=True))


def test_a_window_holds_its_beginning_and_not_its_end(engine: DuckEngine) -> None:
    own = windows(engine, two_days=(datetime(2026, 2, 1, tzinfo=ADELAIDE), datetime(2026, 2, 3, tzinfo=ADELAIDE)))
    assert found(engine, own) == {(name, "two_days") for name in ("first", "noon", "last")}


def test_windows_that_overlap_each_hold_a_row(engine: DuckEngine) -> None:
    first, second = datetime(2026, 2, 1, 12, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC)
    own = windows(engine, moment=(first, first + timedelta(microseconds=1)), day=(first, second), empty=(second, second))
    assert found(engine, own) == {("noon", "moment"), ("noon", "day")}


def test_days_before_1970_are_days(engine: DuckEngine) -> None:
    own = windows(engine, old=(datetime(1969, 12, 31, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)))
    assert found(engine, own) == {("old", "old")}


def test_a_further_condition_narrows_what_a_window_holds(engine: DuckEngine) -> None:
    own = windows(engine, all=(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)))
    assert found(engine, own, "f.name <> 'noon'") == {(name, "all") for name in ("before", "first", "last", "after")}


def test_without_a_clock_every_row_is_in_every_window(engine: DuckEngine) -> None:
    own = windows(engine, a=(datetime(2026, 1, 1, tzinfo=UTC),) * 2, b=(datetime(2026, 1, 1, tzinfo=UTC),) * 2)
    assert len(engine.fetch(engine.within("rows", own, "", ""))["name"]) == 14


def test_local_days_by_the_calendar_of_quarters(engine: DuckEngine) -> None:
    engine.con.execute(
        "INSERT INTO rows VALUES ('eve', TIMESTAMPTZ '1900-01-01 14:29:59+00'), ('midnight', TIMESTAMPTZ '1900-01-01 14:30:00+00')"
    )
    engine.con.execute("SET TimeZone = 'Australia/Adelaide'")  # ten and a half hours in the summer of the south
    rows = engine.con.execute(
        f"SELECT name, CAST(day AS VARCHAR) FROM ({with_days('SELECT * FROM rows', 'happened')}) d ORDER BY happened"
    ).fetchall()
    assert rows == [
        ("eve", "1900-01-01"), ("midnight", "1900-01-02"), ("old", "1970-01-01"), ("before", "2026-02-01"), ("first", "2026-02-01"), ("noon", "2026-02-01"), ("last", "2026-02-03"), ("after", "2026-02-03"),
    ]  # fmt: skip
