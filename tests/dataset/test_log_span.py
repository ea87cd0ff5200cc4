"""From when to when the log of activities runs."""

from datetime import date, timedelta

import pytest

from salesqc_lib.measure.doubts import warnings_of
from salesqc_lib.period import Period
from tests.conftest import Company

START = date(2026, 1, 1)
EXPORT = "2026-04-11T00:00:00"


def table(header: str, days: range, line: str) -> str:
    return "\n".join([header, *(line.format(n=n, at=f"{START + timedelta(n)}T10:00") for n in days)])


@pytest.mark.parametrize(("period", "code"), [("2026-02", "W112"), ("2026-03", "W116"), ("2026-02-20..2026-03-05", "W112")])
def test_a_log_that_begins_late_matters_to_the_period_that_it_cuts(company: Company, period: str, code: str) -> None:
    data = company(
        as_of=EXPORT,
        deals=table("deal_id,created_at,manager", range(100), "{n},{at},Ann"),
        activities=table("activity_id,kind,at,deal_id,manager", range(55, 100), "a{n},call,{at},{n},Ann"),
    )
    assert (data.log.first, data.log.begins_late, data.log.ends_early) == (date(2026, 2, 25), True, False)
    assert [one.code for one in warnings_of(data, Period.parse(period), ()) if one.code in ("W112", "W116")] == [code]


def test_a_deal_of_another_century_makes_no_log_begin_late(company: Company) -> None:
    deals = table("deal_id,created_at,manager", range(100), "{n},{at},Ann") + "\nold,1926-01-05T10:00,Ann"
    data = company(as_of=EXPORT, deals=deals, activities=table("activity_id,kind,at,deal_id,manager", range(100), "a{n},call,{at},{n},Ann"))
    assert data.log.is_whole
