"""The demo clients: the same every time, and the audit finds what is planted in them."""

import json
from pathlib import Path

import pytest

from salesqc_lib.dataset import Dataset
from salesqc_lib.demo import make_exports
from salesqc_lib.measure import Measurement, measure
from salesqc_lib.params import read
from salesqc_lib.period import Period

FEW = 70  # cases


def test_the_exports_are_the_same_every_time(demo_folder: Path, tmp_path: Path) -> None:
    make_exports(tmp_path)
    files = sorted(file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file())
    assert len(files) == 23
    for file in files:
        assert (tmp_path / file).read_bytes() == (demo_folder / "data" / "demo" / file).read_bytes(), file


@pytest.fixture(scope="module", params=["olkha", "larkfield"])
def year(request: pytest.FixtureRequest, demo_folder: Path) -> tuple[Measurement, list[dict[str, object]], Dataset]:
    dataset = Dataset.read(read(demo_folder / "params" / f"{request.param}.yaml"))
    truth = json.loads((demo_folder / "data" / "demo" / request.param / "truth.json").read_text(encoding="utf-8"))
    return measure(dataset, Period.parse("2025-11-01..2026-10-31")), truth, dataset


def test_every_planted_fault_is_seen_on_its_segment(year: tuple[Measurement, list[dict[str, object]], Dataset]) -> None:
    found, truth, _ = year
    for fault in truth:
        row = found.row(str(fault["kpi"]), str(fault["by"]), str(fault["segment"]))
        if row["n"] >= FEW:
            assert row["verdict"] == "worse", fault
        else:  # 62 meetings of a year: behind the others, and too few to name somebody
            compared = found.compared
            one = compared[
                (compared["kpi"] == fault["kpi"]) & (compared["by"] == fault["by"]) & (compared["segment"] == fault["segment"])
            ].iloc[0]
            assert one["gap"] > 0.15, fault
            assert one["chance"] > 0.4, fault


def test_every_call_of_the_amocrm_client_finds_its_deal_by_phone(demo_folder: Path) -> None:
    """The telephony knows no deals, only phones in four spellings: outgoing calls follow a lead, so nearly all of them must link, but for those after its closing."""
    dataset = Dataset.read(read(demo_folder / "params" / "olkha.yaml"))
    linked, every = dataset.con.execute(
        "SELECT count(deal_id), count(*) FROM facts.activities WHERE direction = 'out' AND kind = 'call'"
    ).fetchall()[0]
    assert linked / every > 0.9
    assert (
        list(dataset.rejected["reason"]) == ["duplicate:deal_id «10007437»", "unreadable:created_at «32.13.2024»"]
        or len(dataset.rejected) == 2
    )
