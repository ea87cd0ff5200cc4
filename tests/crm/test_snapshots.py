"""Rows of one record: which of them counts."""

from datetime import date
from pathlib import Path

import pytest

from salesqc_lib.crm.snapshots import HOW, day_in_name
from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import DataError
from salesqc_lib.params import read
from tests.conftest import HEAD, Company

TWICE = "deal_id,created_at,amount,closed_at\n1,2026-01-05,100,2026-01-09\n1,2026-01-05,40,2026-01-11\n2,2026-01-06,7,"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("amocrm_export_leads_2026-11-01.csv", date(2026, 11, 1)),
        ("сделки 01.11.2026.xlsx", date(2026, 11, 1)),
        ("deals_20261101.csv", date(2026, 11, 1)),
        ("deals_2026-07-01_2026-09-30.csv", date(2026, 9, 30)),
        ("deals_v20261399.csv", None),
        ("deals.csv", None),
    ],
)
def test_the_day_in_a_files_name(name: str, day: date | None) -> None:
    assert day_in_name(name) == day


def test_files_of_one_name_in_two_folders_are_two_files(company: Company, tmp_path: Path) -> None:
    """Each month in a folder of its own; the deal that is told of twice is that of the later events, whichever row it stands in."""
    for month, rows in ((9, "1,2026-09-05,100,open,\n2,2026-09-06,50,open,"), (10, "3,2026-10-07,8,open,\n1,2026-09-05,70,won,2026-10-09")):
        folder = tmp_path / "in" / f"2026-{month:02}"
        folder.mkdir(parents=True)
        (folder / "deals.csv").write_text(f"deal_id,created_at,amount,outcome,closed_at\n{rows}\n")
    more = "source: {kind: tables, tables: {deals: {path: [in/2026-09/deals.csv, in/2026-10/deals.csv]}}, as_of: 2026-11-01T00:00:00}"
    (tmp_path / "small.yaml").write_text(f"{HEAD}{more}\n")
    data = Dataset.read(read(tmp_path / "small.yaml"))
    assert data.con.execute("SELECT deal_id, amount FROM canonical.deals ORDER BY 1").fetchall() == [("1", 70.0), ("2", 50.0), ("3", 8.0)]
    assert [file.name for file in data.intake.files] == ["2026-09/deals.csv", "2026-10/deals.csv"]


def amounts(company: Company, more: str) -> list[tuple[str, float]]:
    return company(deals=TWICE, more=more).con.execute("SELECT deal_id, amount FROM canonical.deals ORDER BY 1").fetchall()


def test_rows_of_one_deal_with_different_amounts_are_asked_about(company: Company) -> None:
    with pytest.raises(DataError, match=r"1 deals in several rows .* «1»: 100, 40: sum the rows or take one\?\n  → .*duplicates: sum"):
        company(deals=TWICE)


@pytest.mark.parametrize(("way", "amount"), [("sum", 140.0), ("first", 100.0), ("newest", 40.0)])
def test_the_parameters_say_which_counts(company: Company, way: str, amount: float) -> None:
    assert amounts(company, f"duplicates: {way}") == [("1", amount), ("2", 7.0)]


def test_where_there_is_nothing_to_sum_the_newest_counts(company: Company) -> None:
    data = company(deals="deal_id,created_at,closed_at\n1,2026-01-05,2026-01-09\n1,2026-01-05,2026-01-11", more="duplicates: sum")
    assert data.con.execute("SELECT deal_id, day(closed_at) FROM canonical.deals").fetchall() == [("1", 11)]
    assert [one.values["how"] for one in data.warned if one.code == "W202"] == [HOW["newest"]]


def test_replaced_and_repeated_deals_are_kept_apart(company: Company) -> None:
    data = company(deals=TWICE, more="duplicates: first")
    assert data.con.execute("SELECT reason, deal_id, amount FROM aside.deals").fetchall() == [("duplicate", "1", 40.0)]


def test_an_exact_repetition_of_spend_counts_once(company: Company) -> None:
    data = company(deals="deal_id,created_at\n1,2026-01-05", spend="date,amount,note\n2026-01-01,100,a\n2026-01-01,100,a\n2026-01-01,100,b")
    assert data.con.execute("SELECT count(*), sum(amount) FROM canonical.spend").fetchall() == [(2, 200.0)]
    assert [one.rows for one in data.warned if one.code == "W208"] == [1]
