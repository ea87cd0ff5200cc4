"""One report: run the template, export it, write the manifest, put the whole folder in its place.

A report appears whole or not at all. It is made in a folder beside its place and moved there at the end; a run that fails or is
killed leaves the last good report untouched. A report with a failed section goes to `<period>.partial` instead.
"""

import json
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from salesqc_lib import __version__
from salesqc_lib.errors import InputError
from salesqc_lib.params import Parameters, find, read
from salesqc_lib.period import Period
from salesqc_lib.report.stopwatch import Stopwatch

PORTFOLIO = "portfolio"  # the folder of reports on many clients
STEPS = ("run", "html", "pdf", "xlsx")
INPUT_ERRORS = ("ParameterError", "DataError", "InputError")
Status = Literal["ok", "partial", "failed"]

PACKAGES = ("duckdb", "narwhals", "pandas", "scipy", "papermill", "nbconvert", "typst")  # whose versions the manifest names


@dataclass(frozen=True)
class Job:
    """What is to be rendered. `client` is a name in `params/` or the path of a parameter file."""

    client: str
    period: str
    output: Path = Path("output")
    template: Path = Path("notebooks/audit.ipynb")
    formats: tuple[str, ...] = ()
    language: str | None = None
    today: str | None = None
    before: str | None = None  # the period that a delta report compares with
    clients: tuple[str, ...] = ()  # of a portfolio, whose `client` is the first of them
    settings: tuple[tuple[str, Any], ...] = ()  # further parameters of the template


@dataclass(frozen=True)
class Outcome:
    """How a job ended: where the report lies, and what to tell the person who asked for it."""

    job: Job
    status: Status
    folder: Path | None
    message: str = ""
    seconds: float = 0.0
    is_usage_error: bool = False
    fault: str = ""


def render(job: Job, on_step: Callable[[str], None] = lambda _: None) -> Outcome:
    """Render one report. Whatever goes wrong becomes an outcome, so that it does not stop the reports after it.

    An error of the input is told in its own words; anything else is a fault of ours and brings its traceback.
    """
    watch = Stopwatch()
    try:
        with watch.step("total"):
            return _render(job, watch, on_step)
    except InputError as error:
        return Outcome(job, "failed", None, error.text, watch.seconds.get("total", 0.0), is_usage_error=error.exit_code == 2)
    except Exception as error:
        text = f"{type(error).__name__}: {error}\n  → this is a fault of SalesQC, not of your input; please report it with the lines below"
        return Outcome(job, "failed", None, text, watch.seconds.get("total", 0.0), fault=traceback.format_exc())


def _render(job: Job, watch: Stopwatch, on_step: Callable[[str], None]) -> Outcome:
    from datetime import date

    parameters = _first_readable(job.clients) if job.clients else read(find(job.client))
    period = Period.parse(job.period, date.fromisoformat(job.today) if job.today else None)
    earlier = Period.parse(job.before, date.fromisoformat(job.today) if job.today else None) if job.before else None
    owner = PORTFOLIO if job.clients else parameters.client.id
    place = job.output / owner / (f"{earlier.label}_vs_{period.label}" if earlier else period.label)
    formats = job.formats or parameters.report.formats
    with _workroom(place) as room:
        from salesqc_lib.report.execute import execute

        periods = {"before": earlier.label, "after": period.label} if earlier else {"period": period.label}
        whose = {"clients": ", ".join(str(find(name)) for name in job.clients)} if job.clients else {"client": str(parameters.file)}
        given = {**whose, **periods, "language": job.language, "output": str(room), "today": job.today, **dict(job.settings)}
        with watch.step("run"):
            run = execute(job.template, room / f"{job.template.stem}.ipynb", given, lambda: on_step("cell"))
        setup = next((failure for failure in run.failures if failure.is_setup), None)
        if setup is not None and setup.name in INPUT_ERRORS:
            return Outcome(job, "failed", None, setup.message, is_usage_error=setup.name != "DataError")
        if setup is not None or not (room / "run.json").is_file():
            kept = _keep_evidence(room, place, job.template.stem)
            cause = f"{run.failures[0].name}: {run.failures[0].message}" if run.failures else f"{run.not_run} cells did not run"
            return Outcome(job, "failed", None, f"the notebook stopped: {cause}\n  → the notebook as far as it came: {kept}")
        export(run.notebook, room, job.template.stem, formats, watch, on_step)
        status: Status = "ok" if run.is_whole else "partial"
        _write_manifest(room, job, parameters, formats, status, run.failures, watch)
        target = place if status == "ok" else place.with_name(f"{place.name}.partial")
        _put_in_place(room, target, job.template.stem)
        partial = place.with_name(f"{place.name}.partial")
        if status == "ok" and (partial / f"{job.template.stem}.ipynb").is_file():
            shutil.rmtree(partial, ignore_errors=True)  # what an earlier run of this template left is out of date
    failed = "; ".join(f"cell {failure.cell}: {failure.name}: {failure.message.splitlines()[0]}" for failure in run.failures)
    return Outcome(
        job,
        status,
        target,
        f"a section failed ({failed}); the last whole report is untouched" if status == "partial" else "",
        watch.seconds["run"],
    )


def _first_readable(clients: tuple[str, ...]) -> Parameters:
    """The parameters that a portfolio takes its formats from; a client whose own cannot be read is named in the report."""
    faults = []
    for client in clients:
        try:
            return read(find(client))
        except InputError as error:
            faults.append(error)
    raise faults[0]


def export(
    notebook: Any, folder: Path, name: str, formats: tuple[str, ...], watch: Stopwatch, on_step: Callable[[str], None] = lambda _: None
) -> None:
    """Write the report in each format."""
    for kind in formats:
        with watch.step(kind):
            if kind == "html":
                from salesqc_lib.report.html import ReportHTMLExporter

                text, _ = ReportHTMLExporter().from_notebook_node(notebook)
                (folder / f"{name}.html").write_text(text, encoding="utf-8")
            elif kind == "pdf":
                from salesqc_lib.report.pdf import TypstPDFExporter

                data, _ = TypstPDFExporter().from_notebook_node(notebook)
                (folder / f"{name}.pdf").write_bytes(data)
            else:
                from salesqc_lib.report.pieces import pages
                from salesqc_lib.report.workbook import write_workbook

                if not (folder / "kpis.csv").is_file():
                    continue  # a page beside the audit brings no tables of its own
                write_workbook(folder, folder / f"{name}.xlsx", pages(notebook).language)
        on_step(kind)


@contextmanager
def _workroom(place: Path) -> Iterator[Path]:
    """A folder beside the report's place, on the same disk, gone at the end unless it was moved."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as error:
        raise InputError(f"cannot write to {place.parent}: {error.strerror}", cure="choose another folder with --output") from None
    room.chmod(0o755)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _keep_evidence(room: Path, place: Path, name: str) -> Path:
    """The notebook of a failed run, beside the place of the report: its traceback is what a developer needs."""
    kept = place.with_name(f"{place.name}.failed.ipynb")
    (room / f"{name}.ipynb").replace(kept)
    return kept


def _put_in_place(room: Path, place: Path, name: str) -> None:
    """Exchange the old report for the new one; what else lies beside the old one (reports of other templates, a person's own files)
    is kept."""
    if not place.exists():
        room.replace(place)
        return
    ours = {file.name for file in room.iterdir()} | {f"{name}.{kind}" for kind in ("html", "pdf", "xlsx")}
    aside = Path(tempfile.mkdtemp(prefix=f".{place.name}-old-", dir=place.parent))
    place.replace(aside / "old")
    try:
        room.replace(place)
    except OSError:
        (aside / "old").replace(place)
        raise
    for file in (aside / "old").iterdir():
        if file.name not in ours:
            file.replace(place / file.name)
    shutil.rmtree(aside, ignore_errors=True)


def _write_manifest(
    room: Path, job: Job, parameters: Parameters, formats: tuple[str, ...], status: str, failures: tuple[Any, ...], watch: Stopwatch
) -> None:
    import platform
    from importlib.metadata import version

    from salesqc_lib.crm.intake import fingerprint

    measured = json.loads((room / "run.json").read_text(encoding="utf-8"))
    (room / "run.json").unlink()
    timings = {**measured.pop("timings_s"), **{name: seconds for name, seconds in watch.seconds.items() if name in STEPS}}
    manifest = {
        "outcome": status,
        **measured,
        "parameters": json.loads(parameters.model_dump_json()),
        "parameter_file_sha256": fingerprint(parameters.file),
        "template": job.template.name,
        "template_sha256": fingerprint(job.template),
        "files": sorted(str(file.relative_to(room)) for file in room.rglob("*") if file.is_file()),
        "formats": list(formats),
        "failures": [{"cell": failure.cell, "error": f"{failure.name}: {failure.message}"} for failure in failures],
        "versions": {"salesqc": __version__, "python": platform.python_version()} | {name: version(name) for name in PACKAGES},
        "timings_s": timings,
    }
    name = "manifest.json" if job.template.stem in ("audit", "delta") else f"manifest-{job.template.stem}.json"
    (room / name).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
