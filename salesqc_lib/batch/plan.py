"""What has to be made: reports that nothing has changed under are left as they are, and every other one says why it is made."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from salesqc_lib.batch.index import Index, Made
from salesqc_lib.batch.key import identity, parts_of
from salesqc_lib.batch.stamps import Stamp, Stamps
from salesqc_lib.errors import InputError
from salesqc_lib.period import Period
from salesqc_lib.witness import listing, stat_of

if TYPE_CHECKING:
    from salesqc_lib.report.render import Job, Outcome

PARTS = {
    "asked": "it was asked for otherwise (language, formats, settings, limits)",
    "template": "the template",
    "library": "this version of SalesQC",
    "packages": "the installed packages",
    "secret": "the secret of pseudonyms",
}
VOLATILE = "volatile"


@dataclass(frozen=True)
class Task:
    """A report that is asked for. `why`: what makes it necessary, empty where it lies there unchanged, in `place`. `parts`: what it is made
    from beside files, as it was before it was made."""

    job: "Job"
    id: str
    why: tuple[str, ...]
    label: str = ""  # of its period
    place: str = ""
    parts: dict[str, str] = field(default_factory=dict, compare=False)


def plan(jobs: Iterable["Job"], index: Index, *, force: bool = False, verify: bool = False) -> list[Task]:
    """A task a report; one that is asked for twice is one. `force`: all are made; `verify`: files are compared by content, whatever their times say."""
    stamps = Stamps(is_thorough=verify)
    tasks: dict[str, Task] = {}
    for place, job in enumerate(jobs):
        task = _task(job, index, stamps, force=force)
        tasks.setdefault(task.id or f"unknown {place}", task)
    return list(tasks.values())


def _task(job: "Job", index: Index, stamps: Stamps, *, force: bool) -> Task:
    try:
        period = Period.parse(job.period, date.fromisoformat(job.today) if job.today else None)
    except InputError:
        return Task(job, "", ("it was never made",), job.period)  # whoever makes it tells the fault
    name, parts = identity(job, period), parts_of(job, stamps)
    fixed = replace(job, period=period.label)  # «last month» is that of this moment, also for who makes it after midnight
    made = index.known.get(name)
    if made is None:
        return Task(fixed, name, ("it was never made",), period.label, parts=parts)
    why = ["--force"] if force else changes(made, parts, stamps)
    return Task(fixed, name, tuple(why), period.label, made.place, parts)


def changes(made: Made, parts: dict[str, str], stamps: Stamps) -> list[str]:
    """What has changed since a report was made, in words; empty for nothing."""
    if told := made.parts.get(VOLATILE):
        return [told]
    why = [f"changed: {told}" for part, told in PARTS.items() if made.parts.get(part) != parts[part]]
    why += [f"changed: {_short(path)}" for path, stamp in made.files.items() if stamps.of(path, stamp).sha != stamp.sha]
    why += [f"other files in {_short(folder)}" for folder, names in made.folders.items() if listing(folder) != names]
    why += [f"changed: {address}" for address, mark in made.locations.items() if stamps.mark(address) != mark]
    if any(stamps.lying(f"{made.place}/*").get(address) != mark for address, mark in made.sent.items()):
        why.append("the report itself: a file of it is gone or was changed")
    why += [
        f"the report itself: {Path(path).name} is gone or was changed"
        for path, stamp in made.outputs.items()
        if not _is_kept(path, stamp, stamps)
    ]
    return why


def _is_kept(path: str, stamp: Stamp, stamps: Stamps) -> bool:
    """Whether a file of the report is as it was left: by size and time (taking it along gives it another inode), else by its content, since a cache
    between two machines gives it another time."""
    now = stat_of(path)
    if now is None or stamp.stat is None or now[0] != stamp.stat[0]:
        return False
    return (now[1] == stamp.stat[1] and not stamps.is_thorough) or stamps.of(path).sha == stamp.sha


def remembered(task: Task, outcome: "Outcome", index: Index) -> None:
    """Note what a report was made from. What changed while it was read is not noted: it will be made again."""
    if outcome.status != "ok" or outcome.folder is None or not task.id or outcome.read is None:
        return
    stamps, read = Stamps(), outcome.read
    known = index.known[task.id].files if task.id in index.known else {}
    files = {path: stamps.of(path, known.get(path)) for path in read.files}
    if any(files[path].stat != stat for path, stat in read.files.items()):
        return
    parts = task.parts | ({VOLATILE: read.is_volatile} if read.is_volatile else {})
    if outcome.address:
        index.add(Made(task.id, parts, files, read.folders, {}, outcome.address, read.locations, outcome.sent))
        return
    folder = outcome.folder.resolve()
    outputs = {path: stamps.of(path) for name in read.files_made if stat_of(path := str(folder / name))}
    index.add(Made(task.id, parts, files, read.folders, outputs, str(folder), read.locations))


def _short(path: str) -> str:
    """A path from the working folder, where it lies below."""
    whole = Path(path)
    return str(whole.relative_to(Path().resolve())) if whole.is_relative_to(Path().resolve()) else path
