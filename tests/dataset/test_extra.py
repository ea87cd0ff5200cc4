"""Columns of the client's own become breakdowns and stand beside the cases."""

import pytest

from salesqc_lib.errors import ParameterError
from salesqc_lib.measure import measure
from salesqc_lib.measure.cases import cases
from salesqc_lib.period import Period
from tests.conftest import Company

DEALS = "deal_id,created_at,qualified_at,outcome,closed_at,campaign,City\n1,2026-01-01,2026-01-01,won,2026-01-05,spring,Tver\n2,2026-01-02,2026-01-02,lost,2026-01-04,spring,Tver\n3,2026-01-03,2026-01-03,won,2026-01-09,autumn,Omsk\n4,2026-01-04,2026-01-04,open,,autumn,\n"
HEAD = "client: {id: small, name: Small}\nreport: {language: en, currency: EUR, timezone: UTC}\nextra: {city: City}\n"


def test_a_column_of_ones_own_breaks_figures_down(company: Company) -> None:
    data = company(deals=DEALS, head=HEAD)
    frame = measure(data, Period.parse("2026-01"), ["leads", "win_rate"]).frame
    leads = frame[(frame["kpi"] == "leads") & (frame["by"] == "city")]
    assert dict(zip(leads["segment"], leads["value"], strict=True)) == {"(not set)": 1, "Omsk": 1, "Tver": 2}
    rates = frame[(frame["kpi"] == "win_rate") & (frame["by"] == "city")].set_index("segment")["value"]
    assert (rates["Tver"], rates["Omsk"]) == (0.5, 1.0)


def test_a_campaign_is_a_breakdown(company: Company) -> None:
    data = company(deals=DEALS, head=HEAD)
    frame = measure(data, Period.parse("2026-01"), ["leads"], by=["campaign"]).frame
    assert {row["segment"]: row["value"] for row in frame[frame["by"] == "campaign"].to_dict("records")} == {"autumn": 2, "spring": 2}


def test_it_stands_beside_the_cases(company: Company) -> None:
    found = cases(company(deals=DEALS, head=HEAD), Period.parse("2026-01"), "win_rate")
    assert sorted(found["city"]) == ["Omsk", "Tver", "Tver"]


@pytest.mark.parametrize("name", ["amount", "hour", "channel"])
def test_a_name_of_ours_is_refused(company: Company, name: str) -> None:
    with pytest.raises(ParameterError, match=f"extra: «{name}» is a column of ours"):
        company(deals=DEALS, head=HEAD.replace("{city: City}", f"{{{name}: City}}"))


def test_a_column_that_is_not_there_is_told(company: Company) -> None:
    with pytest.raises(Exception, match=r"has no column «Town»[^→]*→ .*City|did you mean"):
        company(deals=DEALS, head=HEAD.replace("City}", "Town}"))
