"""Clean Parquet is taken as it is; anything else goes the long way, and comes out the same."""

from pathlib import Path

import pandas as pd
import pytest

from salesqc_lib.crm import typed_parquet
from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import DataError
from salesqc_lib.params import read
from tests.conftest import HEAD


def dataset(folder: Path, deals: pd.DataFrame) -> Dataset:
    (folder / "data").mkdir(exist_ok=True)
    deals.to_parquet(folder / "data" / "deals.parquet")
    path = folder / "small.yaml"
    path.write_text(f"{HEAD}source: {{kind: tables, folder: data, as_of: 2026-02-01T00:00:00}}\n", encoding="utf-8")
    return Dataset.read(read(path))


def good() -> pd.DataFrame:
    moments = pd.to_datetime(["2026-01-05T10:00", "2026-01-06T11:00", "2026-01-07T12:00"], utc=True)
    return pd.DataFrame({"deal_id": ["1", "2", "3"], "created_at": moments, "manager": ["Ann", "Bob", None], "amount": [100.0, None, 5.5]})


def rows(found: Dataset) -> list[tuple[object, ...]]:
    return found.con.execute("SELECT deal_id, epoch(created_at), manager, amount FROM canonical.deals ORDER BY 1").fetchall()


def test_both_ways_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long_way = rows(dataset(tmp_path, good()))
    monkeypatch.setattr(typed_parquet, "LARGE", 1)
    short = dataset(tmp_path, good())
    assert rows(short) == long_way
    assert dict(short.rows) == {"deals": 3}
    assert short.intake.files[0].sha256
    monkeypatch.setattr(typed_parquet, "HUGE", 1)
    assert rows(dataset(tmp_path, good())) == long_way


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("deal_id", "1", "duplicate:deal_id «1»"),
        ("created_at", pd.NaT, "empty:created_at"),
        ("deal_id", " 3 ", None),
        ("manager", "Ann\u00a0 Lee", None),
        ("amount", float("inf"), "unreadable:amount «inf»"),
    ],
)
def test_a_row_that_is_not_good_sends_the_file_the_long_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str, value: object, reason: str | None
) -> None:
    monkeypatch.setattr(typed_parquet, "LARGE", 1)
    frame = good()
    frame["amount"] = 100.0  # rows of one deal that differ in it are another matter: tests/crm/test_snapshots.py
    frame.loc[2, column] = value
    found = dataset(tmp_path, frame)
    assert list(found.rejected["reason"]) == ([reason] if reason else [])
    assert "3" in {row[0] for row in rows(found)} or reason, "trimmed"


@pytest.mark.parametrize("name", ["Bob", " Bob"])
def test_a_table_of_names_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(typed_parquet, "LARGE", 1)
    (tmp_path / "data").mkdir()
    pd.DataFrame({"manager": ["Ann", name], "team": ["A", "A"]}).to_parquet(tmp_path / "data" / "managers.parquet")
    found = dataset(tmp_path, good())
    assert found.con.execute("SELECT manager, team FROM canonical.managers ORDER BY 1").fetchall() == [("Ann", "A"), ("Bob", "A")]


def test_ids_as_numbers_are_read_closely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed_parquet, "LARGE", 1)
    assert [row[0] for row in rows(dataset(tmp_path, good().assign(deal_id=[1, 2, 3])))] == ["1", "2", "3"]


def test_a_mapped_column_that_the_file_lacks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed_parquet, "LARGE", 1)
    good().to_parquet(tmp_path / "deals.parquet")
    path = tmp_path / "small.yaml"
    path.write_text(
        f"{HEAD}source: {{kind: tables, tables: {{deals: {{path: deals.parquet, columns: {{amount: Summ}}}}}}}}\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match="has no column «Summ»"):
        Dataset.read(read(path))


def test_masked_names_are_masked_in_a_huge_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed_parquet, "LARGE", 1)
    monkeypatch.setattr(typed_parquet, "HUGE", 1)
    monkeypatch.setattr("tests.crm.test_typed_parquet.HEAD", HEAD.replace("timezone: UTC}", "timezone: UTC, mask_names: true}"))
    assert {row[2] for row in rows(dataset(tmp_path, good()))} & {"Ann", "Bob"} == set()


def test_contacts_are_hidden_in_a_huge_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed_parquet, "LARGE", 1)
    monkeypatch.setattr(typed_parquet, "HUGE", 1)
    found = dataset(
        tmp_path, good().assign(manager=["ann@a.example", "ann@b.example", None], channel=["site", "call +7 916 123-45-67", None])
    )
    assert [row[2] for row in rows(found)] == ["ann", "ann (2)", None]
    assert found.con.execute("SELECT channel FROM canonical.deals ORDER BY deal_id").fetchall() == [("site",), ("call …",), (None,)]
