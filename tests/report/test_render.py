"""Rendering, and the ways in which it goes wrong."""

import json
import os
from pathlib import Path
from typing import Any

import nbformat
import nbformat.v4 as nbf
import pytest

from salesqc_lib.errors import InputError
from salesqc_lib.report.contract import checked
from salesqc_lib.report.execute import execute
from salesqc_lib.report.render import Job, render
from tests.conftest import write_company

PARAMETERS = "client = 'x'\nperiod = '2026-01'\nlanguage = None\noutput = None\ntoday = None"
DEALS = "deal_id,created_at,manager,contract_at\n" + "\n".join(f"{i},2026-01-05,=Ann,{'2026-01-09' if i % 2 else ''}" for i in range(20))


def template(folder: Path, *sources: str, setup: bool = True) -> Path:
    cells = [nbf.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
    if setup:
        code = "from salesqc_lib import Audit\nfrom salesqc_lib.show import cover, scoreboard\naudit = Audit(client, period, language, output, today)"
        cells += [nbf.new_code_cell(code, metadata={"tags": ["setup", "machinery"]}), nbf.new_code_cell("cover(audit)")]
    cells += [nbf.new_code_cell(source) for source in sources]
    if setup:
        cells.append(nbf.new_code_cell("audit.publish()", metadata={"tags": ["machinery"]}))
    for place, cell in enumerate(cells):
        cell["id"] = f"c{place}"
    path = folder / "audit.ipynb"
    nbformat.write(
        nbf.new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}), path
    )
    return path


@pytest.fixture
def job(tmp_path: Path) -> Any:
    write_company(tmp_path, deals=DEALS)

    def make(*sources: str, period: str = "2026-01", **more: Any) -> Job:
        return Job(str(tmp_path / "small.yaml"), period, tmp_path / "output", template(tmp_path, *sources), **more)

    return make


def listing(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_report_is_whole_with_its_manifest(job: Any, tmp_path: Path) -> None:
    outcome = render(job("scoreboard(audit.measure('funnel'))", formats=("html", "pdf", "xlsx")))
    assert (outcome.status, outcome.folder) == ("ok", tmp_path / "output" / "small" / "2026-01")
    files = listing(tmp_path / "output" / "small" / "2026-01")
    lists = ["deals.csv", "findings.csv", "kpis.csv", "manifest.json", "rejected.csv"]
    assert files == ["audit.html", "audit.ipynb", "audit.pdf", "audit.xlsx", *lists]
    manifest = json.loads((outcome.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["outcome"] == "ok"
    assert manifest["rows"] == {"deals": 20}
    assert manifest["period"] == {"label": "2026-01", "start": "2026-01-01", "end": "2026-02-01"}
    assert manifest["as_of"] == "2026-02-01T00:00:00+00:00"
    assert manifest["inputs"][0]["file"] == "deals.csv"
    assert len(manifest["inputs"][0]["sha256"]) == 64
    assert listing(tmp_path / "output") == [f"small/2026-01/{name}" for name in files], "no working folder is left"


def test_the_clients_logo_is_on_the_cover(job: Any, tmp_path: Path) -> None:
    import base64

    from bs4 import BeautifulSoup

    from tests.report.test_exporters import PIXEL

    wanted, path = job(formats=("html", "pdf")), tmp_path / "small.yaml"
    path.write_text(path.read_text().replace("name: Small,", "name: Small, logo: logo.png,"))
    assert "the logo cannot be used: logo.png" in render(wanted).message
    (tmp_path / "logo.png").write_bytes(base64.b64decode(PIXEL))
    folder = render(wanted).folder
    (picture,) = BeautifulSoup((folder / "audit.html").read_text(encoding="utf-8"), "html.parser").select("header img")
    assert (picture["alt"], picture["src"]) == ("Small", f"data:image/png;base64,{PIXEL}")


def test_a_spreadsheet_runs_nothing_from_the_crm(job: Any) -> None:
    import openpyxl

    outcome = render(job(formats=("xlsx",)))
    assert "'=Ann" in (outcome.folder / "kpis.csv").read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook(outcome.folder / "audit.xlsx")["kpis"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert any(isinstance(cell.value, int | float) for cell in sheet[4]), "below the title and the head"


def test_the_executed_notebook_goes_on_by_hand(job: Any, tmp_path: Path) -> None:
    outcome = render(job(formats=("html",)))
    injected = next(
        cell for cell in nbformat.read(outcome.folder / "audit.ipynb", 4).cells if "injected-parameters" in cell.metadata.get("tags", [])
    )
    assert "output = None" in injected.source
    assert "period = '2026-01'" in injected.source


def test_two_runs_give_the_same_bytes(job: Any) -> None:
    first = render(job("scoreboard(audit.measure('funnel'))", formats=("html", "pdf"))).folder
    kept = {name: (first / name).read_bytes() for name in ("audit.html", "audit.pdf", "audit.ipynb", "kpis.csv")}
    second = render(job("scoreboard(audit.measure('funnel'))", formats=("html", "pdf"))).folder
    assert {name for name, data in kept.items() if (second / name).read_bytes() != data} == set()


def test_one_bad_section_leaves_the_last_whole_report_untouched(job: Any, tmp_path: Path) -> None:
    good = render(job(formats=("html",))).folder
    before = (good / "audit.html").read_bytes()
    (good / "notes.txt").write_text("a consultant's own")
    outcome = render(job("1 / 0", "scoreboard(audit.measure('leads'))", formats=("html",)))
    assert outcome.status == "partial"
    assert "cell 4: ZeroDivisionError: division by zero" in outcome.message
    assert (good / "audit.html").read_bytes() == before
    partial = (tmp_path / "output" / "small" / "2026-01.partial" / "audit.html").read_text(encoding="utf-8")
    assert "This section could not be made" in partial
    assert "Leads" in partial, "the sections after it are there"
    assert "ZeroDivisionError" not in partial
    again = render(job(formats=("html",))).folder
    assert (again / "notes.txt").read_text() == "a consultant's own", "a new report does not take away what others put there"


@pytest.mark.parametrize(("source", "cause"), [("import sys; sys.exit(0)", "SystemExit"), ("import os; os._exit(0)", "DeadKernelError")])
def test_what_papermill_calls_a_success_is_none(job: Any, tmp_path: Path, source: str, cause: str) -> None:
    """`sys.exit(0)` and a kernel that dies: later cells have not run, whatever the flags say."""
    good = render(job(formats=("html",))).folder
    before = listing(good)
    outcome = render(job(source, formats=("html",)))
    assert outcome.status in ("failed", "partial")
    assert cause in outcome.message
    assert listing(good) == before
    assert {file.name for file in (tmp_path / "output" / "small").iterdir()} & {"2026-01.failed.ipynb", "2026-01.partial"}


def test_an_error_of_the_data_is_told_in_words(job: Any, tmp_path: Path) -> None:
    wanted = job()
    (tmp_path / "data" / "deals.csv").write_text("deal_id,created\n1,2026-01-05\n")
    outcome = render(wanted)
    assert (outcome.status, outcome.is_usage_error) == ("failed", False)
    assert "deals needs a column «created_at»" in outcome.message
    assert "Traceback" not in outcome.message
    assert listing(tmp_path / "output") == []


def test_a_period_outside_the_data_is_told(job: Any) -> None:
    outcome = render(job(period="2031-01"))
    assert outcome.is_usage_error
    assert "the period 2031-01 lies outside the data" in outcome.message
    assert "the data reach from 2026-01-05 to 2026-02-01" in outcome.message


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("period\nimport os", "x", "is no name of a parameter"),
        ("priod", "2026-01", "did you mean «period»"),
        ("period", ["2026-01"], "is a list"),
        ("period", Path("x"), "is a PosixPath"),
    ],
)
def test_parameters_are_checked_before_a_kernel_starts(tmp_path: Path, name: str, value: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        checked({name: value}, nbformat.read(template(tmp_path, setup=False), 4))


def test_values_arrive_as_they_were_given_and_readable(tmp_path: Path) -> None:
    hostile = "Ольха'\"\\ {x}\n1/0"
    run = execute(
        template(tmp_path, "print(repr(client), type(output), today)", setup=False),
        tmp_path / "out.ipynb",
        {"client": hostile, "output": None, "today": "2026-11-01"},
    )
    assert run.is_whole
    assert run.notebook.cells[-1].outputs[0]["text"] == f"{hostile!r} <class 'NoneType'> 2026-11-01\n"
    assert "Ольха" in run.notebook.cells[1].source


def test_the_working_directory_is_the_callers_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = execute(template(tmp_path, "import os\nprint(os.getcwd())", setup=False), tmp_path / "out.ipynb", {})
    assert run.notebook.cells[-1].outputs[0]["text"].strip() == os.path.realpath(tmp_path)
    assert Path.cwd() == Path(os.path.realpath(tmp_path))


def test_the_notebook_is_not_saved_after_every_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from papermill.iorw import LocalHandler

    writes: list[str] = []
    write = LocalHandler.write
    monkeypatch.setattr(LocalHandler, "write", lambda self, text, path: (writes.append(path), write(self, text, path))[1])
    execute(template(tmp_path, *["pass"] * 30, setup=False), tmp_path / "out.ipynb", {})
    assert len(writes) < 6


def test_a_fault_of_ours_is_an_outcome_with_its_traceback(job: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salesqc_lib.report.render.read", lambda path: 1 / 0)
    outcome = render(job())
    assert (outcome.status, outcome.is_usage_error) == ("failed", False)
    assert "a fault of SalesQC" in outcome.message
    assert "Traceback" in outcome.fault


def test_runs_at_the_same_time_do_not_meet(tmp_path: Path) -> None:
    """Two kernels in one working directory, each on sockets of its own."""
    from multiprocessing import get_context

    path = template(tmp_path, "import time; time.sleep(1); print(client)", setup=False)
    context = get_context("spawn")
    processes = [context.Process(target=execute, args=(path, tmp_path / f"{name}.ipynb", {"client": name})) for name in "ab"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [nbformat.read(tmp_path / f"{name}.ipynb", 4).cells[-1].outputs[0]["text"] for name in "ab"] == ["a\n", "b\n"]


def test_an_unknown_template_is_told(tmp_path: Path) -> None:
    write_company(tmp_path, deals=DEALS)
    template(tmp_path)
    outcome = render(Job(str(tmp_path / "small.yaml"), "2026-01", tmp_path / "output", tmp_path / "audti.ipynb"))
    assert "no template «audti»" in outcome.message
    assert "did you mean «audit»" in outcome.message
