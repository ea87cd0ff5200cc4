"""The list of all reports, reports that lie side by side, and the portfolio."""

import json
import shutil
from pathlib import Path

import pytest

from salesqc_lib import Portfolio
from salesqc_lib.errors import InputError
from salesqc_lib.report.index import write_index
from salesqc_lib.report.manifest import manifest_name
from salesqc_lib.report.render import Job, render
from tests.conftest import ROOT, write_company
from tests.report.test_render import DEALS


def entry(folder: Path, **more: object) -> None:
    folder.mkdir(parents=True)
    (folder / "audit.html").write_text("x", encoding="utf-8")
    manifest = {
        "template": "audit.ipynb", "outcome": "ok", "client": folder.parent.name, "as_of": "2026-11-01T00:00:00+03:00",
        "parameters": {"client": {"name": "A"}, "report": {"language": "en", "currency": "EUR"}},
        "headline": {"leads": 1234.0, "lead_to_contract": 0.105, "revenue": 1_500_000.0, "faults": 3.0, "money": None},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest | more), encoding="utf-8")


def test_the_index_lists_every_report_with_its_figures(tmp_path: Path) -> None:
    entry(tmp_path / "acme" / "2026-Q3", parameters={"client": {"name": "<b>ACME</b>"}, "report": {"language": "en", "currency": "EUR"}})
    entry(tmp_path / "beta" / "2026-Q3.partial", outcome="partial")
    page = write_index(tmp_path).read_text(encoding="utf-8")
    assert "&lt;b&gt;ACME&lt;/b&gt;" in page
    assert "<b>ACME" not in page
    assert 'href="acme/2026-Q3/audit.html"' in page
    for figure in ("1,234", "10.5%", "€1.5M", "not whole"):
        assert figure in page
    assert page.count("<tr>") == 3
    assert "http" not in page.replace("http-equiv", "")


def test_a_manifest_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    entry(tmp_path / "acme" / "2026-Q3")
    entry(tmp_path / "beta" / "2026-Q3")
    (tmp_path / "beta" / "2026-Q3" / "manifest.json").write_text("{", encoding="utf-8")
    page = write_index(tmp_path).read_text(encoding="utf-8")
    assert "acme/2026-Q3/audit.html" in page
    assert "beta/2026-Q3/audit.html" in page
    assert "manifest not read" in page


def test_without_reports_it_says_how_to_get_one(tmp_path: Path) -> None:
    assert "salesqc demo" in write_index(tmp_path).read_text(encoding="utf-8")


@pytest.mark.slow
def test_reports_of_other_templates_are_kept(tmp_path: Path) -> None:
    parameters = write_company(tmp_path, deals=DEALS)
    folder = tmp_path / "output" / "small" / "2026-01"
    for template in ("audit", "dashboard", "audit"):
        job = Job(str(parameters.file), "2026-01", tmp_path / "output", ROOT / "notebooks" / f"{template}.ipynb", ("html",))
        assert render(job).status == "ok"
    names = {file.name for file in folder.iterdir()}
    assert {"audit.html", "dashboard.html", "manifest.json", "manifest-dashboard.json", "kpis.csv"} <= names
    manifest = json.loads((folder / "manifest-dashboard.json").read_text(encoding="utf-8"))
    assert manifest["template"] == "dashboard.ipynb"
    assert manifest["headline"]["leads"] == 20


def test_a_setting_that_the_template_does_not_know_is_told(tmp_path: Path) -> None:
    parameters = write_company(tmp_path, deals=DEALS)
    job = Job(
        str(parameters.file), "2026-01", tmp_path / "out", ROOT / "notebooks" / "manager.ipynb", ("html",), settings=(("managr", "Ann"),)
    )
    outcome = render(job)
    assert outcome.status == "failed"
    assert "did you mean «manager»" in outcome.message


def test_a_seller_who_is_not_there_is_told(tmp_path: Path) -> None:
    parameters = write_company(tmp_path, deals=DEALS.replace("=Ann", "Ann"))
    job = Job(
        str(parameters.file), "2026-01", tmp_path / "out", ROOT / "notebooks" / "manager.ipynb", ("html",), settings=(("manager", "Anna"),)
    )
    outcome = render(job)
    assert (outcome.status, outcome.is_usage_error) == ("failed", True)
    assert "no seller «Anna» in the period" in outcome.message
    assert "Ann" in outcome.message


def test_a_client_that_cannot_be_read_is_named_in_the_portfolio(tmp_path: Path) -> None:
    good = write_company(tmp_path, deals=DEALS)
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.file.read_text(encoding="utf-8").replace("folder: data", "folder: nowhere"), encoding="utf-8")
    portfolio = Portfolio(f"{good.file}, {bad}", "2026-01")
    assert [member.id for member in portfolio.members] == ["small"]
    assert "no such folder: nowhere" in portfolio.failed["bad"]
    assert portfolio.figures() == {"small": {"faults": 0, "lead_to_contract": 0.5}}
    with pytest.raises(InputError, match="no client could be read"):
        Portfolio(str(bad), "2026-01")


@pytest.mark.slow
def test_a_parameter_file_with_a_mistake_does_not_stop_the_portfolio(tmp_path: Path) -> None:
    good = write_company(tmp_path, deals=DEALS)
    bad = tmp_path / "bad.yaml"
    bad.write_text("client: {id: bad}\n", encoding="utf-8")
    clients = (str(bad), str(good.file))
    job = Job(clients[0], "2026-01", tmp_path / "out", ROOT / "notebooks" / "portfolio.ipynb", ("html",), clients=clients)
    outcome = render(job)
    assert outcome.status == "ok", outcome.message
    page = (tmp_path / "out" / "portfolio" / "2026-01" / "portfolio.html").read_text(encoding="utf-8")
    assert "Could not be read" in page
    assert "bad.yaml" in page


@pytest.mark.slow
def test_a_page_that_succeeds_leaves_another_templates_failure_to_be_looked_at(tmp_path: Path) -> None:
    parameters = write_company(tmp_path, deals=DEALS)
    partial = tmp_path / "output" / "small" / "2026-01.partial"
    for name in ("audit", "dashboard"):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        (partial / f"{name}.ipynb").write_text("x", encoding="utf-8")
        told = {"outcome": "partial", "files": [f"{name}.ipynb"]}
        (partial / manifest_name(Path(f"{name}.ipynb"))).write_text(json.dumps(told), encoding="utf-8")
        job = Job(str(parameters.file), "2026-01", tmp_path / "output", ROOT / "notebooks" / "dashboard.ipynb", ("html",))
        assert render(job).status == "ok"
        assert partial.exists() == (name == "audit")
