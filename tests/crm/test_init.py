"""`salesqc init --yes` alone leads to the true leads, contracts and revenue, whatever wrote the file."""

import json
from pathlib import Path

import pytest

from salesqc_lib.cli import main
from salesqc_lib.cli.check import Check
from tests.crm.habits.department import department, truth
from tests.crm.habits.writers import WRITERS

WHOLE = "2026-04-01..2026-09-30"


def made(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    (folder / "params").mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    return main(["init", "acme", *arguments])


@pytest.mark.parametrize("name", WRITERS)
def test_the_totals_are_those_of_the_crm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    write, crm = WRITERS[name]
    deals = department()
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
