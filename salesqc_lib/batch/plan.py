"""What has to be made: reports that nothing has changed under are left as they are, and every other one says why it is made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salesqc_lib.batch.index import Index, Made
from salesqc_lib.batch.key import identity, parts_of
from salesqc_lib.batch.stamps import Stamps
from salesqc_lib.errors import InputError
from salesqc_lib.period import Period
from salesqc_lib.witness import stat_of

if TYPE_CHECKING:
    from salesqc_lib.report.render import Job, Outcome

PARTS = {
    "asked": "it was asked for otherwise (language, formats, settings)",
    "template": "the template",
    "library": "this version of SalesQC",
    "packages": "the installed packages",
    "secret": "the secret of pseudonyms",
}
DAY, VOLATILE = "day", "volatile"


@dataclass(frozen=True)
class Task:
    """A report that is asked for. `why`: what makes it necessary, empty where it lies there unchanged, in `place`."""

    job: "Job"
    id: str
    why: tuple[str, ...]
    label: str = ""  # of its period
    place: str = ""


def plan(jobs: Iterable["Job"], index: Index, *, force: bool = False, verify: bool = False) -> list[Task]:
    """A task a job. `force`: all are made; `verify`: files are compared by content, whatever their times say."""
    stamps = Stamps(is_thorough=verify)
    return [_task(job, index, stamps, force=force) for job in jobs]


def _task(job: "Job", index: Index, stamps: Stamps, *, force: bool) -> Task:
    try:
        period = Period.parse(job.period, date.fromisoformat(job.today) if job.today else None)
    except InputError:
        return Task(job, "", ("it was never made",), job.period)  # whoever makes it tells the fault
    name = identity(job, period)
    made = index.known.get(name)
    if made is None:
        return Task(job, name, ("it was never made",), period.label)
    why = ["--force"] if force else changes(made, parts_of(job, stamps), stamps)
    return Task(job, name, tuple(why), period.label, made.place)


def changes(made: Made, parts: dict[str, str], stamps: Stamps) -> list[str]:
    """What has changed since a report was made, in words; empty for nothing."""
    if made.parts.get(VOLATILE):
        return ["it reads a database, whose content cannot be told from outside"]
    why = [f"changed: {told}" for part, told in PARTS.items() if made.parts.get(part) != parts[part]]
    if made.parts.get(DAY, _today()) != _today():
        why.append("changed: the day, up to which events are believed")
    why += [f"changed: {_short(path)}" for path, stamp in made.files.items() if stamps.of(path, stamp).sha != stamp.sha]
    why += [f"other files in {_short(folder)}" for folder, names in made.folders.items() if stamps.listing(folder) != names]
    why += [f"the report itself: {Path(path).name} is gone or was changed" for path, stat in made.outputs.items() if _kept(path) != stat]
    return why


def remembered(task: Task, outcome: "Outcome", index: Index) -> None:
    """Note what a report was made from. What changed while it was read is not noted: it will be made again."""
    if outcome.status != "ok" or outcome.folder is None or not task.id or outcome.read is None:
        return
    stamps, read = Stamps(), outcome.read
    known = index.known[task.id].files if task.id in index.known else {}
    files = {path: stamps.of(path, known.get(path)) for path in read.files}
    if any(files[path].stat != stat for path, stat in read.files.items()):
        return
    parts = parts_of(task.job, stamps)
    if read.is_of_the_day:
        parts[DAY] = _today()
    if read.is_volatile:
        parts[VOLATILE] = "1"
    folders = {folder: stamps.listing(folder) for folder in read.folders}
    outputs = {path: kept for path in _files(outcome.folder, read.files_made) if (kept := _kept(path))}
    index.add(Made(task.id, parts, files, folders, outputs, str(outcome.folder)))


def _today() -> str:
    return str(date.today())  # noqa: DTZ011 - the caller's own day, as on the wall


def _kept(path: str) -> tuple[int, int] | None:
    stat = stat_of(path)
    return (stat[0], stat[1]) if stat else None


def _files(folder: Path, names: Sequence[str]) -> list[str]:
    return [str((folder / name).resolve()) for name in names]


def _short(path: str) -> str:
    """A path from the working folder, where it lies below."""
    whole = Path(path)
    return str(whole.relative_to(Path().resolve())) if whole.is_relative_to(Path().resolve()) else path
