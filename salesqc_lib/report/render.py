"""One report: run the template, export it, write the manifest, put the whole folder in its place.

A report appears whole or not at all. It is made in a room beside its place and moved there at the end; a run that fails or is
killed leaves the last good report untouched. A report with a failed section, or without one of its formats, goes to `<period>.partial`.
"""

import errno
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from salesqc_lib.errors import InputError
from salesqc_lib.locations import MARKS
from salesqc_lib.params import Parameters, find, read
from salesqc_lib.period import Period
from salesqc_lib.report.manifest import READ, left_by_notebook, manifest_name, write_manifest
from salesqc_lib.report.place import PARTIAL, private_files, put, remove_partial, room_for
from salesqc_lib.report.stopwatch import Stopwatch
from salesqc_lib.witness import Stat

if TYPE_CHECKING:
    from salesqc_lib.report.execute import Run

PORTFOLIO = "portfolio"  # the folder of reports on many clients
AT = "at "  # a step that says where the report will lie (`batch.work`)
FUTURE = "W109"  # a warning that rests on the day of the run
INPUT_ERRORS = ("ParameterError", "DataError", "InputError")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
Status = Literal["ok", "partial", "failed"]


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
    seconds: float | None = None  # that the report may take
    is_shared: bool = False  # whether others on this machine may read it
    suffix: str = ""  # of the folder's name, for further languages of one report: `.en`
    deliver: str = ""  # the address that the report is sent to, if it is not to stay in `output`


@dataclass(frozen=True)
class Read:
    """What a report was made from, and what came of it: see `salesqc_lib.witness` and `salesqc_lib.batch`."""

    files: dict[str, Stat | None]
    folders: dict[str, str]
    files_made: tuple[str, ...]
    locations: dict[str, str] = field(default_factory=dict)  # addresses that were read, each with its mark
    is_volatile: str = ""  # why nobody can tell whether it would come out the same


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
    read: Read | None = None
    address: str = ""  # where the report was sent, and the marks of what lies there
    sent: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lost:
    """A format that could not be made, and why."""

    kind: str
    cause: str
    fault: str


def render(job: Job, on_step: Callable[[str], None] = lambda _: None, *, in_this_process: bool = False) -> Outcome:
    """Render one report. Whatever goes wrong becomes an outcome, so that it does not stop the reports after it. `in_this_process`: see
    `execute`.

    An error of the input is told in its own words; anything else is a fault of ours and brings its traceback.
    """
    watch = Stopwatch()
    try:
        with watch.step("total"), private_files(is_shared=job.is_shared):
            return _render(job, watch, on_step, in_this_process=in_this_process)
    except InputError as error:
        return Outcome(job, "failed", None, error.text, watch.seconds.get("total", 0.0), is_usage_error=error.exit_code == 2)
    except Exception as error:
        took = watch.seconds.get("total", 0.0)
        if isinstance(error, OSError) and error.errno in FULL:
            return Outcome(job, "failed", None, _full(job), took)
        text = f"{_told(error)}\n  → this is a fault of SalesQC, not of your input; please report it with the lines below"
        return Outcome(job, "failed", None, text, took, fault=traceback.format_exc())


def _full(job: Job) -> str:
    return f"the disk is full: nothing more can be written to {job.output}; the last whole report is untouched\n  → free some space, or choose another disk with --output"


def _told(error: BaseException) -> str:
    """An error in one line; some have no words of their own."""
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), '') or 'no words'}"


def _render(job: Job, watch: Stopwatch, on_step: Callable[[str], None], *, in_this_process: bool) -> Outcome:
    from datetime import date

    parameters = _first_readable(job.clients) if job.clients else read(find(job.client))
    today = date.fromisoformat(job.today) if job.today else None
    period = Period.parse(job.period, today)
    earlier = Period.parse(job.before, today) if job.before else None
    owner = PORTFOLIO if job.clients else parameters.client.id
    place = job.output / owner / ((f"{earlier.label}_vs_{period.label}" if earlier else period.label) + job.suffix)
    on_step(f"{AT}{place}")
    with room_for(place) as room:
        from salesqc_lib.report.execute import execute

        periods = {"before": earlier.label, "after": period.label} if earlier else {"period": period.label}
        whose = {"clients": ", ".join(str(find(name)) for name in job.clients)} if job.clients else {"client": str(parameters.file)}
        given = {**whose, **periods, "language": job.language, "output": str(room), "today": job.today, **dict(job.settings)}
        with watch.step("run"):
            run = execute(
                job.template, room / f"{job.template.stem}.ipynb", given, lambda: on_step("cell"), seconds=job.seconds,
                in_this_process=in_this_process,
            )  # fmt: skip
        return _finish(job, parameters, room, place, run, watch, on_step)


def _finish(
    job: Job, parameters: Parameters, room: Path, place: Path, run: "Run", watch: Stopwatch, on_step: Callable[[str], None]
) -> Outcome:
    """From the executed notebook to the report in its place."""
    name = job.template.stem
    setup = next((failure for failure in run.failures if failure.is_setup), None)
    if setup is not None and setup.name in INPUT_ERRORS:
        return Outcome(job, "failed", None, setup.message, is_usage_error=setup.name != "DataError")
    if any("No space left" in failure.message for failure in run.failures):
        return Outcome(job, "failed", None, _full(job))
    measured = left_by_notebook(room)
    if setup is not None or measured is None:
        kept = _keep_evidence(room, place, name)
        cause = f"{run.failures[0].name}: {run.failures[0].message}" if run.failures else f"{run.not_run} cells did not run"
        return Outcome(job, "failed", None, f"the notebook stopped: {cause}\n  → the notebook as far as it came: {kept}")
    told = measured.pop(READ, {"files": {}, "folders": {}, "locations": {}})
    _hide_people(run.notebook, room / f"{name}.ipynb", measured.pop("pseudonyms", []), parameters)
    formats = job.formats or parameters.report.formats
    lost = export(run.notebook, room, name, formats, watch, on_step)
    status: Status = "ok" if run.is_whole and not lost else "partial"
    failures = [{"cell": failure.cell, "error": f"{failure.name}: {failure.message}"} for failure in run.failures]
    failures += [{"format": one.kind, "error": one.cause} for one in lost]
    codes = {str(one.get("code")) for one in measured.get("warnings", [])}
    inputs = measured.get("inputs", [])
    is_volatile = ""
    if not inputs or not all(one["sha256"] for one in inputs) or measured.get("failed"):
        is_volatile = "it reads what cannot be looked at from outside: a database, a Spark session, a client that failed"
    elif FUTURE in codes and not job.today:
        is_volatile = "events after the day of the run were left out, and the day is another one every day"
    write_manifest(
        room, measured, parameters, job.template, outcome=status, formats=formats, failures=failures, seconds=watch.seconds
    )  # fmt: skip
    made = tuple(str(file.relative_to(room)) for file in sorted(room.rglob("*")) if file.is_file())
    partial = place.with_name(place.name + PARTIAL)
    target = place if status == "ok" else partial
    put(room, target, {f"{name}.{kind}" for kind in ("html", "pdf", "xlsx")})
    if status == "ok":
        remove_partial(partial, manifest_name(job.template))
    own = (str(place.absolute()) + os.sep, str(place.resolve()) + os.sep)
    files = {path: tuple(stat) if stat else None for path, stat in told["files"].items() if not path.startswith(own)}
    read = Read(files, told["folders"], made, is_volatile=is_volatile, locations=MARKS | told["locations"])
    return Outcome(job, status, target, _partly(run, lost), watch.seconds["run"], fault="\n".join(one.fault for one in lost), read=read)


def _partly(run: "Run", lost: list[Lost]) -> str:
    told = []
    if not run.is_whole:
        cells = "; ".join(f"cell {one.cell}: {one.name}: {next(iter(one.message.splitlines()), '')}" for one in run.failures)
        told.append(f"a section failed ({cells or f'{run.not_run} cells did not run'})")
    told += [f"the {one.kind.upper()} could not be made ({one.cause})" for one in lost]
    return f"{'; '.join(told)}; the last whole report is untouched" if told else ""


def _hide_people(notebook: Any, path: Path, pseudonyms: list[str], parameters: Parameters) -> None:
    """Where names are masked, the sources of the cells hold none either, such as the name of a seller that was asked for."""
    if not pseudonyms:
        return
    import nbformat

    from salesqc_lib.dataset.pseudonyms import Pseudonyms
    from salesqc_lib.params.key import key

    masks = Pseudonyms(key(), parameters.client.id)
    for cell in notebook.cells:
        cell.source = masks.source(cell.source, pseudonyms)
    nbformat.write(notebook, path)


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
) -> list[Lost]:
    """Write the report in each format. One that cannot be made is told, and costs the others nothing."""
    lost = []
    for kind in formats:
        try:
            with watch.step(kind):
                _export(notebook, folder, name, kind)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in FULL:
                raise
            (folder / f"{name}.{kind}").unlink(missing_ok=True)
            lost.append(Lost(kind, _told(error), traceback.format_exc()))
        on_step(kind)
    return lost


def _export(notebook: Any, folder: Path, name: str, kind: str) -> None:
    if kind == "html":
        from salesqc_lib.report.html import ReportHTMLExporter

        text, _ = ReportHTMLExporter().from_notebook_node(notebook)
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    elif kind == "pdf":
        from salesqc_lib.report.pdf import TypstPDFExporter, own_files

        data, _ = TypstPDFExporter().from_notebook_node(notebook)
        (folder / f"{name}.pdf").write_bytes(data)
        for own, page in own_files(notebook).items():
            (folder / f"{own}.pdf").write_bytes(page)
    elif (folder / "kpis.csv").is_file():  # a page beside the audit brings no tables of its own
        from salesqc_lib.report.pieces import pages
        from salesqc_lib.report.workbook import write_workbook

        write_workbook(folder, folder / f"{name}.xlsx", pages(notebook).language)


def _keep_evidence(room: Path, place: Path, name: str) -> Path:
    """The notebook of a failed run, beside the place of the report: its traceback is what a developer needs."""
    kept = place.with_name(f"{place.name}.failed.ipynb")
    (room / f"{name}.ipynb").replace(kept)
    return kept
