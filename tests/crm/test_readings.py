"""Numbers, dates and flags as people write them: one format per column."""

from collections.abc import Iterator

import duckdb
import pytest

from salesqc_lib.crm.readings import reading_for
from salesqc_lib.errors import DataError
from salesqc_lib.tables import Kind


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Europe/Moscow'")
    yield connection
    connection.close()


def read(con: duckdb.DuckDBPyConnection, kind: Kind, *values: str, column: str = "amount", given: str | None = None) -> list[object]:
    con.execute("CREATE OR REPLACE TABLE t AS SELECT unnest(?) AS x", [list(values)])
    reading = reading_for(con, "t", "x", column, kind, "Europe/Moscow", given=given)
    sql = reading.of("x")
    shown = f"strftime({sql}, '%Y-%m-%d %H:%M:%S %z')" if kind is Kind.TIME else sql
    return [row[0] for row in con.execute(f"SELECT {shown} FROM t").fetchall()]


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["350000", "350 000", "350\xa0000 ₽", "-12"], [350000, 350000, 350000, -12]),
        (["350 000,50", "7", "1,5"], [350000.5, 7, 1.5]),
        (["1.234,5", "€ 3.500,00", "12"], [1234.5, 3500, 12]),
        (["1,234.5", "$ 3,500.00", "12"], [1234.5, 3500, 12]),
        (["0.25", "1e3"], [0.25, 1000]),
        (["350 000 руб.", "12 000 руб."], [350000, 12000]),
    ],
)
def test_numbers(con: duckdb.DuckDBPyConnection, values: list[str], numbers: list[float]) -> None:
    assert read(con, Kind.NUMBER, *values) == numbers


def test_a_number_that_can_be_read_in_two_ways_is_not_guessed(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(DataError, match="can be read in two ways"):
        read(con, Kind.NUMBER, "1.234", "5.678")
    assert read(con, Kind.NUMBER, "1.234", "5.678", given=",") == [1234, 5678]


def test_what_the_columns_format_does_not_fit_is_not_read(con: duckdb.DuckDBPyConnection) -> None:
    assert read(con, Kind.NUMBER, "1,5", "2,5", "много") == [1.5, 2.5, None]


def test_call_lengths_as_clock_times(con: duckdb.DuckDBPyConnection) -> None:
    assert read(con, Kind.NUMBER, "00:01:35", "1:00:00", "02:05", column="duration_s") == [95, 3600, 125]


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-10-05T12:00:00Z", "2026-10-05 15:00:00 +03"),
        ("2026-10-05 12:00:00+05:00", "2026-10-05 10:00:00 +03"),
        ("2026-10-05 12:00", "2026-10-05 12:00:00 +03"),
        ("05.10.2026 12:00:01", "2026-10-05 12:00:01 +03"),
        ("05.10.2026", "2026-10-05 00:00:00 +03"),
        ("10/25/2026 1:05 PM", "2026-10-25 13:05:00 +03"),
        ("45631", "2024-12-05 00:00:00 +03"),
        ("45631.5", "2024-12-05 12:00:00 +03"),
        ("1700000000", "2023-11-15 01:13:20 +03"),
    ],
)
def test_times(con: duckdb.DuckDBPyConnection, value: str, moment: str) -> None:
    """45631 is the Excel serial of 5 December 2024; 1 700 000 000 s is 14 November 2023, 22:13:20 UTC."""
    assert read(con, Kind.TIME, value, column="created_at") == [moment]


def test_the_day_first_is_found_from_the_whole_column(con: duckdb.DuckDBPyConnection) -> None:
    assert read(con, Kind.TIME, "01/02/2026", "25/02/2026", column="created_at") == ["2026-02-01 00:00:00 +03", "2026-02-25 00:00:00 +03"]


def test_flags(con: duckdb.DuckDBPyConnection) -> None:
    assert read(con, Kind.FLAG, "Да", "нет", "Y", "N", "?") == [True, False, True, False, None]
