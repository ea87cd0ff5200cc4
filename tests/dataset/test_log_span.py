"""From when to when the log of activities runs."""

from datetime import date, timedelta

import numpy as np
import pytest

from salesqc_lib.measure.doubts import warnings_of
from salesqc_lib.period import Period
from tests.conftest import Company, measured

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


def test_what_the_log_has_in_part_is_not_added_up(company: Company) -> None:
    """Calls from 25 February on: those of February are not counted, those of March are, and April has been seen up to the export."""
    data = company(
        as_of=EXPORT,
        deals=table("deal_id,created_at,manager", range(100), "{n},{at},Ann"),
        activities=table("activity_id,kind,at,deal_id,manager,direction", range(55, 100), "a{n},call,{at},{n},Ann,out"),
    )
    february, march = (measured(data, "calls", "never_answered", period=period) for period in ("2026-02", "2026-03"))
    assert february.row("calls")["reason"] == "not_logged"
    assert march.value("calls") == 31
    assert np.isnan(march.row("calls")["previous"])
    assert list(march.segments("calls", "month")["segment"]) == ["2026-03"], "February, of which the log has four days, is no calm month"
    assert february.row("never_answered")["n"] == 4, "leads of the 25th to the 28th"


def test_a_seller_whose_calls_are_logged_elsewhere_is_not_judged_by_the_log(company: Company) -> None:
    """Bob signs every fourth deal, and nobody has written down one of his calls; Ann's deals are called on their day."""
    rows = range(1, 61)
    deals = "\n".join(
        ["deal_id,created_at,manager,outcome,closed_at"]
        + [
            f"{name}{n},{START + timedelta(n % 28)}T10:00,{name},{'won' if n % 4 == 0 else 'open'},"
            + (f"{START + timedelta(29)}T10:00" if n % 4 == 0 else "")
            for name in ("Ann", "Bob")
            for n in rows
        ]
    )
    activities = "\n".join(
        ["activity_id,kind,at,deal_id,manager,direction"] + [f"a{n},call,{START + timedelta(n % 28)}T10:20,Ann{n},Ann,out" for n in rows]
    )
    data = company(as_of="2026-03-20T00:00:00", deals=deals, activities=activities)
    found = measured(data, "never_answered", "idle_deals", "leads")
    assert data.unlogged == ("Bob",)
    assert "W305" in {one.code for one in data.warned}
    assert (found.value("leads"), found.row("never_answered")["n"], found.value("never_answered")) == (120, 60, 0.0)
    assert found.row("never_answered", "manager", "Bob")["reason"] == "not_logged"
    assert found.row("idle_deals")["n"] == 45, "Ann's open deals"


def test_touches_are_those_of_deals_that_came_in_while_the_log_ran(company: Company) -> None:
    deals = table("deal_id,created_at,manager,outcome,closed_at", range(90), "{n},{at},Ann,won,2026-04-05T10:00")
    activities = table("activity_id,kind,at,deal_id,manager,direction", range(55, 90), "a{n},meeting,{at},{n},Ann,out")
    # the deals of before had their meetings, too; nobody wrote them down
    found = measured(company(as_of=EXPORT, deals=deals, activities=activities), "touches_per_deal", period="2026-04")
    assert (found.row("touches_per_deal")["n"], found.value("touches_per_deal")) == (35, 1.0)
