"""Where a report lies, and how a new one comes there: whole or not at all, one run at a time, whatever happens meanwhile.

A report is made in a room beside its place and exchanged for the old one by two renamings. Before the first a note is written, so that the
next run can finish or take back what a kill has left between them. What else lies in the place (reports of other templates, a person's
own files) is taken into the room first. Links are taken along as links, and never followed.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from salesqc_lib import limits
from salesqc_lib.errors import InputError

PARTIAL = ".partial"
# a dot ends the period's name: the rooms of «2026» are not those of «2026-01», which another run may be using
_ROOM, _OLD, _NOTE, _LOCK = ".room-", ".old", ".exchange", ".lock"


class BusyError(InputError):
    """Another run is at work on the same report."""

    exit_code = 1


@contextmanager
def private_files(*, is_shared: bool) -> Iterator[None]:
    """What is written inside may be read by its owner alone, or by everybody where that is asked for."""
    before = os.umask(0o022 if is_shared else 0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextmanager
def room_for(place: Path) -> Iterator[Path]:
    """A folder beside the place, on the same disk, gone at the end unless it was put there. Until then no other run works on the place.

    Raises
    ------
    InputError
        The folder cannot be written to, is a link, or another run is at work on it.
    """
    for link in (place.parent, place):
        if link.is_symlink():
            raise InputError(f"{link} is a link", cure="a report goes to a folder of its own: remove the link, or choose another --output")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _locked(place):
            mend(place.with_name(place.name + PARTIAL))  # first: its note may name a room of this place
            mend(place)
            room = Path(tempfile.mkdtemp(prefix=f".{place.name}{_ROOM}", dir=place.parent))
            room.chmod(0o777 & ~_umask())
            try:
                yield room
            finally:
                shutil.rmtree(room, ignore_errors=True)
    except PermissionError as error:
        raise InputError(f"cannot write to {place.parent}: {error.strerror}", cure="choose another folder with --output") from None
    except NotADirectoryError:
        raise InputError(f"cannot write to {place.parent}: it is a file", cure="choose another folder with --output") from None


def put(room: Path, place: Path, replaced: set[str]) -> None:
    """Exchange the report in `place` for the one in `room`. Files of the old one are kept, but for those called as in `replaced`."""
    if place.is_symlink():
        raise InputError(f"{place} is a link", cure="a report goes to a folder of its own: remove the link, or choose another --output")
    ours = {file.name for file in room.iterdir()} | replaced
    _take_others(place, room, ours)
    old = _beside(place, _OLD)
    note = _beside(place, _NOTE)
    _write(note, json.dumps({"room": room.name, "ours": sorted(ours)}))
    _exchange(room, place, old)
    note.unlink()
    shutil.rmtree(old, ignore_errors=True)


def remove_partial(partial: Path, manifest: str) -> None:
    """Remove what an earlier run of a template left, which is out of date; what other templates left stays."""
    told = partial / manifest
    if partial.is_symlink() or told.is_symlink() or not told.is_file():
        return
    try:
        files = json.loads(told.read_text(encoding="utf-8"))["files"]
    except (ValueError, KeyError, TypeError):
        files = []  # a manifest that cannot be read: it alone goes
    for name in (*files, manifest):
        file = partial / str(name)
        if ".." not in file.parts and file.is_relative_to(partial) and not file.parent.is_symlink():
            file.unlink(missing_ok=True)
    for folder in (*(one for one in partial.iterdir() if one.is_dir() and not one.is_symlink()), partial):
        if not any(folder.iterdir()):
            folder.rmdir()


def mend(place: Path) -> None:
    """Finish, or take back, what a killed run has left; remove its rooms. The caller holds the place."""
    note, old = _beside(place, _NOTE), _beside(place, _OLD)
    if note.is_file() and not note.is_symlink():
        room, ours = _told(note, place)
        if room is not None and room.is_dir() and not room.is_symlink():
            _take_others(place, room, ours)  # as they are now: somebody may have worked on them since
            _exchange(room, place, old)  # the new report was whole when the note was written
        note.unlink()
    if old.is_dir() and not old.is_symlink() and not place.exists():
        old.replace(place)
    for left in (old, *place.parent.glob(f".{_plain(place.name)}{_ROOM}*")):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)


def _exchange(room: Path, place: Path, old: Path) -> None:
    if place.exists():
        shutil.rmtree(old, ignore_errors=True)
        place.replace(old)
    try:
        room.replace(place)
    except OSError:
        if old.is_dir() and not place.exists():
            old.replace(place)
        raise


def _told(note: Path, place: Path) -> tuple[Path | None, set[str]]:
    """The room that a note names, and the files that are the report's own. Only rooms of this place are touched, whatever somebody has
    written there; none of a note that was cut off."""
    try:
        found = json.loads(note.read_text(encoding="utf-8"))
        name, ours = found["room"], set(found["ours"])
    except (ValueError, KeyError, TypeError):
        return None, set()
    prefix = f".{place.name.removesuffix(PARTIAL)}{_ROOM}"
    is_room = isinstance(name, str) and name.startswith(prefix) and name.removeprefix(prefix).replace("_", "").isalnum()
    return place.with_name(name) if is_room else None, ours


def _take_others(place: Path, room: Path, ours: set[str]) -> None:
    """Take what is not the report's own along, as it is now, in place of what was taken before."""
    if not place.is_dir():
        return
    for file in list(room.iterdir()):
        if file.name not in ours:
            shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()
    for file in place.iterdir():
        if file.name not in ours:
            _take_along(file, room / file.name)


def _beside(place: Path, ending: str) -> Path:
    return place.with_name(f".{place.name}{ending}")


def _write(path: Path, text: str) -> None:
    """Write a small file at once: it is there whole, or not."""
    made = path.with_name(f"{path.name}.new")
    with made.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def _take_along(file: Path, target: Path) -> None:
    """The same file in another folder: a second name for it, or a copy where the disk has no second names."""
    if file.is_symlink():
        target.symlink_to(os.readlink(file))  # noqa: PTH115 - as it is written, not where it leads
    elif file.is_dir():
        target.mkdir()
        for inner in file.iterdir():
            _take_along(inner, target / inner.name)
    else:
        try:
            os.link(file, target)
        except OSError:
            shutil.copy2(file, target)


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Hold the place; the system lets go of it when the run ends, however it ends."""
    path = _beside(place, _LOCK)
    end = monotonic() + limits.LOCK_SECONDS
    while (handle := _taken(path)) is None:
        if monotonic() >= end:
            raise BusyError(f"another run is at work on {place}{_holder(path)}", cure="wait for it, or stop it (SALESQC_LOCK_SECONDS)")
        sleep(0.2)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _taken(path: Path) -> int | None:
    """The lock file, open and held; None where another run holds it, or has just removed it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        if _lock(handle) and os.path.samestat(os.fstat(handle), path.lstat()):
            return handle
    except FileNotFoundError:
        pass  # removed meanwhile by the run that had held it
    os.close(handle)
    return None


def _holder(path: Path) -> str:
    try:
        told = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
    return f" (process {told})" if told.isdecimal() else ""


def _lock(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _plain(name: str) -> str:
    """A name for `glob`, none of whose letters is a pattern."""
    return name.replace("[", "[[]")
