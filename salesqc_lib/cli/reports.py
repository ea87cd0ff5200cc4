"""The commands that make reports: `demo`, `render`, `compare`."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesqc_lib.cli.days import day
from salesqc_lib.errors import InputError
from salesqc_lib.locations import is_remote, normal

if TYPE_CHECKING:
    from salesqc_lib.batch.batch import Batch
    from salesqc_lib.report.render import Job

DEMO = (("olkha", "2026-Q3"), ("larkfield", "2026-Q3"))
DEMO_DATA = Path("data/demo")


def demo(given: argparse.Namespace) -> int:
    """Make the demo clients' exports and render their reports; the value is the exit code."""
    from salesqc_lib.demo import make_exports, place_parameters

    place_parameters([client for client, _ in DEMO])
    for folder in make_exports(DEMO_DATA):
        _tell(given, f"demo export: {folder}", event="export", folder=str(folder))
    return _run([_job(given, client, period, "audit") for client, period in DEMO], given)


def render(given: argparse.Namespace) -> int:
    """Render reports, clients × periods × templates × languages; the value is the exit code."""
    clients = list(given.clients)
    if given.all:
        from salesqc_lib.params import every_client

        clients += [str(path) for path in every_client()]
    clients = [found for client in clients for found in _meant(client)]
    if not clients:
        raise InputError("no client to render", cure="name one, or say --all for every client in params/")
    periods = given.period.split(",")
    if Path(given.template).stem == "portfolio":
        from dataclasses import replace

        jobs = [replace(_job(given, clients[0], period, given.template), clients=tuple(clients)) for period in periods]
        return _run(jobs, given)
    templates = given.template.split(",")
    return _run([_job(given, client, period, template) for client in clients for period in periods for template in templates], given)


def compare(given: argparse.Namespace) -> int:
    """Render the delta report of two periods; the value is the exit code."""
    from dataclasses import replace

    if is_remote(given.output):
        raise InputError(
            "the delta report reads the earlier report beside which it lies", cure="compare in a folder of this machine: --output DIR"
        )
    settings: tuple[tuple[str, str], ...] = ()
    if given.worklist is not None:
        from salesqc_lib.findings.worked import read_worklist

        read_worklist(given.worklist)  # a list that cannot be read is told before anything is rendered
        settings = (("worklist", str(given.worklist.resolve())),)
    return _run([replace(_job(given, given.client, given.after, "delta"), before=given.before, settings=settings)], given)


def _meant(client: str) -> list[str]:
    """The parameter files that an address with a * means; anything else means itself."""
    if not is_remote(client) or "*" not in client:
        return [client]
    from salesqc_lib.locations import matching

    if not (found := list(matching(client))):
        raise InputError(f"there is no {client}", cure="check the address; a * stands for any letters of one name")
    return found


def _job(given: argparse.Namespace, client: str, period: str, template: str) -> "Job":
    from salesqc_lib.report.render import Job

    formats = tuple(given.format.split(",")) if given.format else ()
    if unknown := set(formats) - {"html", "pdf", "xlsx"}:
        raise InputError(f"no format «{unknown.pop()}»", cure="the formats are html, pdf and xlsx")
    path = _template(template)
    settings = tuple(_setting(text) for text in getattr(given, "set", []))
    return Job(
        client,
        period,
        Path("output") if is_remote(given.output) else Path(given.output),
        path,
        formats,
        given.language[0] if given.language else None,
        day(given.today),
        settings=settings,
        seconds=given.timeout,
        is_shared=given.shared,
        deliver=normal(given.output) if is_remote(given.output) else "",
    )


def _template(name: str) -> Path:
    """A notebook by its path, or by its name in the project's `notebooks/`, else among those that come with the package."""
    if name.endswith(".ipynb"):
        return Path(name)
    from salesqc_lib.params import project
    from salesqc_lib.shipped import shipped

    here, own = Path("notebooks") / f"{name}.ipynb", project() / "notebooks" / f"{name}.ipynb"
    return next((path for path in (here, own, shipped("notebooks") / f"{name}.ipynb") if path.is_file()), here)


def _setting(text: str) -> "tuple[str, Any]":
    """A template's parameter as it is written on the command line: a YAML value, so that numbers and true arrive as such."""
    import yaml

    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise InputError(f"--set: «{text}» sets nothing", cure="write NAME=VALUE, such as --set manager='Anna Smith'")
    try:
        found = yaml.safe_load(value)
    except yaml.YAMLError:
        found = value
    return name, found if isinstance(found, str | int | float | bool | None) else value


def _run(jobs: "list[Job]", given: argparse.Namespace) -> int:
    """Make the reports, each in every language, and tell of each as it comes."""
    from dataclasses import replace

    from salesqc_lib.scratch import scratch

    scheduler = _scheduler(given)
    jobs = [
        replace(job, language=language, suffix=f".{language}" if place else "")
        for job in jobs
        for place, language in enumerate(given.language or (None,))
    ]

    if not jobs[0].deliver:
        return _batch(jobs, Path(given.output), given, scheduler).run()
    with scratch() as folder:
        return _batch(jobs, Path(folder), given, scheduler, jobs[0].deliver).run()


def _scheduler(given: argparse.Namespace) -> str:
    executor, scheduler = getattr(given, "executor", "local"), getattr(given, "scheduler", "")
    if executor == "dask" and not scheduler:
        raise InputError("--executor dask needs the cluster's address", cure="add --scheduler tcp://host:8786")
    if scheduler and executor != "dask":
        raise InputError("--scheduler is of a cluster", cure="add --executor dask")
    return str(scheduler)


def _batch(jobs: "list[Job]", output: Path, given: argparse.Namespace, scheduler: str, address: str = "") -> "Batch":
    from salesqc_lib.batch.batch import Batch

    return Batch(
        jobs, output, workers=given.jobs, address=address, scheduler=scheduler, is_json=given.log_format == "json", is_shared=given.shared,
        force=getattr(given, "force", True), verify=getattr(given, "verify", False), says_why=getattr(given, "why", False),
        stops_early=getattr(given, "fail_fast", False), retries=getattr(given, "retries", 0),
    )  # fmt: skip


def _tell(given: argparse.Namespace, text: str, **facts: Any) -> None:
    print(json.dumps(facts, ensure_ascii=False) if given.log_format == "json" else text, flush=True)
