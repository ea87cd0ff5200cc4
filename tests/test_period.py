from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from salesqc_lib.errors import InputError
from salesqc_lib.period import Period


@pytest.mark.parametrize(
    ("text", "first", "end", "label"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1), "2026-10"),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1), "2026-12"),
        ("2026-Q3", date(2026, 7, 1), date(2026, 10, 1), "2026-Q3"),
        ("2026-H1", date(2026, 1, 1), date(2026, 7, 1), "2026-H1"),
        ("2026", date(2026, 1, 1), date(2027, 1, 1), "2026"),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5), "2026-W01"),
        ("2026-10-05..2026-10-18", date(2026, 10, 5), date(2026, 10, 19), "2026-10-05..2026-10-18"),
        ("2026-10-01..2026-10-31", date(2026, 10, 1), date(2026, 11, 1), "2026-10"),
        ("last-month", date(2026, 10, 1), date(2026, 11, 1), "2026-10"),
        ("last-quarter", date(2026, 7, 1), date(2026, 10, 1), "2026-Q3"),
        ("last-week", date(2026, 11, 9), date(2026, 11, 16), "2026-W46"),
        ("ytd", date(2026, 1, 1), date(2026, 11, 22), "2026-01-01..2026-11-21"),
    ],
)
def test_forms(text: str, first: date, end: date, label: str) -> None:
    period = Period.parse(text, today=date(2026, 11, 22))
    assert (period.first, period.end, period.label) == (first, end, label)


@pytest.mark.parametrize("text", ["2026-13", "2026-W60", "october", "2026-10-18..2026-10-05", "2026-02-30..2026-03-01", ""])
def test_what_is_no_period_says_how_to_write_one(text: str) -> None:
    with pytest.raises(InputError, match="write 2026-10"):
        Period.parse(text)


def test_previous_and_year_ago_keep_the_kind() -> None:
    assert Period.parse("2026-03").previous().label == "2026-02"
    assert Period.parse("2026-Q1").previous().label == "2025-Q4"
    assert Period.parse("2026-Q1").year_ago().label == "2025-Q1"
    assert Period.parse("2026-W02").previous().label == "2025-12-29..2026-01-04"
    weeks = Period.parse("2026-10-05..2026-10-18")
    assert weeks.year_ago().first.weekday() == weeks.first.weekday()


def test_bounds_follow_the_clock_of_the_zone() -> None:
    """New York left summer time on 1 November 2026: that day has 25 hours."""
    start, end = Period.parse("2026-11-01..2026-11-01").bounds(ZoneInfo("America/New_York"))
    assert end.astimezone(UTC) - start.astimezone(UTC) == datetime(2026, 1, 2, 1, tzinfo=UTC) - datetime(2026, 1, 1, tzinfo=UTC)


def test_series_reach_back_from_the_end_of_the_period() -> None:
    assert [month.label for month in Period.parse("2026-Q1").months_up_to(4)] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert [week.label for week in Period.parse("2026-01").weeks_up_to(2)] == ["2026-W04", "2026-W05"]


def test_names_in_both_languages() -> None:
    assert Period.parse("2026-10").name("ru") == "октябрь 2026"
    assert Period.parse("2026-Q3").name("en") == "Q3 2026"
