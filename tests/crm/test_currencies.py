"""Currencies in cells and columns, and numbers as accounts write them."""

from pathlib import Path

import pytest

from salesqc_lib.crm.currency_signs import code_in
from salesqc_lib.crm.readings import _number_readings
from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import DataError
from salesqc_lib.params import read
from tests.conftest import HEAD, Company


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("(1,200.50)", -1200.5, None), ("1200-", -1200.0, None), ("−5", -5.0, None), ("$ 1,200.25", 1200.25, "USD"), ("900 €", 900.0, "EUR"),
        ("1200 руб.", 1200.0, "RUB"), ("12 р.", 12.0, "RUB"), ("KZT 1200", 1200.0, "KZT"), ("15%", 15.0, None), ("A12", None, None),
        ("US$ 1,200", 1200.0, "USD"), ("S$ 1,200", 1200.0, "SGD"), ("HK$5", 5.0, "HKD"),
    ],
)  # fmt: skip
def test_a_number_as_people_write_it(company: Company, cell: str, value: float | None, code: str | None) -> None:
    con = company(deals="deal_id,created_at\n1,2026-01-05").con
    point = _number_readings("")[0]
    assert con.execute(f"SELECT {point.of('x')}, {code_in('x', 'RUB')} FROM (SELECT ?::VARCHAR AS x)", [cell]).fetchall() == [(value, code)]


def test_a_dollar_is_the_clients_own_where_it_is_one() -> None:
    assert "'CAD'" in code_in("x", "CAD")


DEALS = "deal_id,created_at,amount,currency,outcome,closed_at\n1,2026-01-05,100,EUR,won,2026-01-09\n2,2026-01-05,50,USD,won,2026-01-20\n3,2026-01-06,7,,open,"


def test_another_currency_without_a_rate_is_refused(company: Company) -> None:
    with pytest.raises(
        DataError, match=r"other currencies than EUR: USD: 1; there is no rate for USD\n  → give the rates: rates: \{USD: …\}"
    ):
        company(deals=DEALS)


def test_a_list_amount_alone_shows_its_currency_too(company: Company) -> None:
    with pytest.raises(DataError, match="other currencies than EUR: USD: 1"):
        company(deals="deal_id,created_at,amount,list_amount,currency\n1,2026-01-05,,100,USD\n2,2026-01-06,50,60,EUR")


def test_columns_of_two_currencies_are_no_one_column(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("deal_id,created_at,Sum EUR,Sum USD\n1,2026-01-05,100,\n2,2026-01-05,,50\n")
    more = "source: {kind: tables, tables: {deals: {path: deals.csv, columns: {amount: [Sum EUR, Sum USD]}}}}"
    (tmp_path / "small.yaml").write_text(f"{HEAD}{more}\n")
    with pytest.raises(DataError, match="columns of several currencies: «Sum EUR» EUR, «Sum USD» USD"):
        Dataset.read(read(tmp_path / "small.yaml"))


def test_a_fixed_rate_converts_and_the_own_amount_is_kept(company: Company) -> None:
    data = company(deals=DEALS, more="rates: {USD: 0.9}")
    assert data.con.execute("SELECT amount, own_amount, currency FROM canonical.deals ORDER BY deal_id").fetchall() == [
        (100.0, 100.0, "EUR"), (45.0, 50.0, "USD"), (7.0, 7.0, None),
    ]  # fmt: skip


def test_a_table_of_rates_counts_by_the_day_of_the_closing(company: Company, tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("date,currency,rate\n2026-01-01,USD,0.5\n2026-01-15,USD,0.8\n2026-02-01,USD,9\n")
    data = company(deals=DEALS, more="rates: {path: rates.csv}")
    assert data.con.execute("SELECT amount FROM canonical.deals WHERE deal_id = '2'").fetchall() == [(40.0,)]


def test_before_the_first_rate_there_is_none(company: Company, tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("date,currency,rate\n2026-01-25,USD,0.5\n")
    with pytest.raises(DataError, match=r"no rate for USD on 2026-01-20"):
        company(deals=DEALS, more="rates: {path: rates.csv}")
