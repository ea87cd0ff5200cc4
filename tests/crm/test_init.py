"""`salesqc init --yes` alone leads to the true leads, contracts and revenue, whatever wrote the file."""

import json
import os
from pathlib import Path

import pytest

from salesqc_lib.cli import main
from salesqc_lib.cli.check import Check
from tests.conftest import ROOT
from tests.crm.habits.department import department, truth
from tests.crm.habits.writers import WRITERS

WHOLE = "2026-04-01..2026-09-30"


def made(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    (folder / "params").mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    return main(["init", "acme", *arguments])


# seed and size of the department; `make test-all` tries small and large ones as well
DEPARTMENTS = ((7, 240), *(((1, 12), (2, 25), (3, 60), (4, 600)) if os.environ.get("SALESQC_ALL") else ()))


@pytest.mark.parametrize(("seed", "size"), DEPARTMENTS)
@pytest.mark.parametrize("name", WRITERS)
def test_the_totals_are_those_of_the_crm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, seed: int, size: int
) -> None:
    write, crm = WRITERS[name]
    deals = department(seed, size)
    (tmp_path / "in").mkdir()
    given = write(tmp_path / "in", deals)
    assert made(tmp_path, monkeypatch, *map(str, given), "--yes") == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert crm in said
    totals = Check.of("acme", WHOLE, None).totals
    real = truth(deals)
    assert (totals["leads"], totals["contracts"], totals["sellers"]) == (real.leads, real.contracts, real.sellers)
    assert totals["revenue"] == pytest.approx(real.revenue, abs=0.05)
    assert json.dumps(totals)  # plain values


def test_the_pages_on_each_crm_are_up_to_date() -> None:
    from tests.how_to import FOLDER, PAGES, page

    assert {name: (FOLDER / f"{name}.md").read_text(encoding="utf-8") == page(name) for name in PAGES} == dict.fromkeys(PAGES, True), (
        "run: python -m tests.how_to"
    )


def test_a_new_crm_has_a_page() -> None:
    from salesqc_lib.crm.formats import layouts
    from tests.how_to import PAGES

    assert {layout.crm for layout in layouts()} == {crm for crms, _ in PAGES.values() for crm in crms}


SAMPLES = ROOT.parent / "shared" / "crm-samples"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no samples of real CRMs here")
@pytest.mark.parametrize(
    ("given", "leads", "contracts", "revenue"),
    [
        ("amocrm_csv/amocrm_export_leads.SYNTHETIC-rows.csv", 2, 1, 350000),
        ("bitrix24_csv/deal_export.SYNTHETIC-rows.cp1251.csv", 1, 1, 699.99),
        ("bitrix24_csv/deal_export.SYNTHETIC-rows.utf8.csv", 1, 1, 699.99),
        ("bitrix24_csv/deal_export.SYNTHETIC-rows.html.xls", 1, 1, 699.99),
        ("amocrm", 3, 2, 46333 + 655),
        ("bitrix24", 6, 0, None),
        ("hubspot", 20, 0, None),
        ("salesforce", 10, 5, 24120000),
    ],
)
def test_the_samples_go_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, leads: int, contracts: int, revenue: float | None
) -> None:
    """The totals were counted in the samples by hand."""
    assert made(tmp_path, monkeypatch, str(SAMPLES / given), "--yes") == 0
    totals = Check.of("acme", "2015-01-01..2026-11-01", None).totals
    assert (totals["leads"], totals["contracts"] or 0) == (leads, contracts)
    assert (totals["revenue"] or None) == (pytest.approx(revenue, abs=0.01) if revenue is not None else None)
