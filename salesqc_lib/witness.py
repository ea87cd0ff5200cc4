"""What a run has read: every file that was opened and every folder that was listed since `begin`, by Python's own audit events.

A report is made anew when anything that it was made from has changed. A list kept by hand would forget a file one day, and a report
would be called unchanged that is not; so the interpreter is asked. What DuckDB reads by itself is seen too, since each file is hashed for the manifest.
"""

import hashlib
import os
import re
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH

Stat = tuple[int, int, int, int]  # size, modified and changed in nanoseconds, inode
_SCRATCH = re.compile(r"salesqc-\d+-\w+")
_FILES: dict[str, Stat | None] = {}
_FOLDERS: dict[str, str] = {}
_OWN: set[str] = set()
_LISTING: list[bool] = []  # while we ourselves list a folder


def begin() -> None:
    """Watch from now on; a second call changes nothing."""
    _watch()


def leave_out(folder: Path) -> None:
    """What lies in a folder is ours, and no part of what is asked for."""
    _OWN.update({f"{form(str(folder))}{os.sep}" for form in (os.path.abspath, os.path.realpath)})


def look_in(folder: Path) -> None:
    """Note a folder in which something may lie one day."""
    _list(os.path.abspath(folder))  # noqa: PTH100 - as it is called, not where a link leads: that may change


def stat_of(path: str) -> Stat | None:
    """What tells a file from its other versions without reading it; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - thousands of them: a Path costs more than the question
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def listing(folder: str) -> str:
    """The names in a folder, as a hash; '' where there is none. Hidden ones (locks, rooms) do not count."""
    try:
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208 - as above
    except OSError:
        return ""
    return hashlib.sha256("\n".join(names).encode("utf-8", "surrogateescape")).hexdigest()


def seen(besides: Sequence[Path] = ()) -> dict[str, Any]:
    """Files with what they were when they were opened (None: there was none), and folders with what was in them, by the path that was asked
    for; without Python's own files and this library's, scratch, and what lies in `besides`. Modules of others are files, too."""
    for module in list(sys.modules.values()):
        if isinstance(path := getattr(module, "__file__", None), str) and path not in _FILES and not path.startswith(_ours()):
            _FILES[path] = stat_of(path)
    left_out = (*_ours(), *_OWN, *(f"{form(str(folder))}{os.sep}" for folder in besides for form in (os.path.abspath, os.path.realpath)))
    # swept of what killed runs have left
    swept = {os.path.abspath(folder) for folder in [Path(tempfile.gettempdir()), *(one.parent for one in besides)]}  # noqa: PTH100

    def is_told(path: str) -> bool:
        is_scratch = any(_SCRATCH.fullmatch(part) for part in Path(path).parts)
        return not is_scratch and not path.startswith(left_out) and not os.path.realpath(path).startswith(left_out)

    places = {os.path.abspath(place) for place in sys.path}  # noqa: PTH100 - where packages were looked for
    files = {path: stat for path, stat in sorted(_FILES.items()) if is_told(path) and path not in places}
    folders = {path: names for path, names in sorted(_FOLDERS.items()) if is_told(path + os.sep) and path not in swept}
    return {"files": files, "folders": folders}


@cache
def _ours() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    places = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")} | {str(Path(__file__).parent)}
    return (
        *(f"{form(place)}{os.sep}" for place in places for form in (os.path.abspath, os.path.realpath)),
        "/proc/",
        "/sys/",
        "/dev/fd/",
        *(f"{place}{os.sep}" for place in TZPATH),
    )


@cache
def _watch() -> None:
    sys.addaudithook(_note)


def _note(event: str, given: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = given
        if isinstance(path, str) and (flags or 0) & os.O_ACCMODE == os.O_RDONLY and not _seeks_modules(sys._getframe(1)):
            whole = os.path.abspath(path)  # noqa: PTH100 - as above
            if whole not in _FILES:
                _FILES[whole] = stat_of(whole)
    elif (
        event in ("os.listdir", "os.scandir")
        and isinstance(given[0], str | os.PathLike)
        and not _LISTING
        and not _seeks_modules(sys._getframe(1))
    ):
        _list(os.path.abspath(given[0]))  # noqa: PTH100 - as above


def _list(folder: str) -> None:
    if folder not in _FOLDERS:
        _LISTING.append(True)
        try:
            _FOLDERS[folder] = listing(folder)
        finally:
            _LISTING.pop()


def _seeks_modules(frame: Any) -> bool:
    """Who looks for modules reads nothing of a client."""
    name = str(frame.f_code.co_filename)
    return name.startswith("<frozen ") or f"{os.sep}importlib{os.sep}" in name or name.endswith("pkgutil.py")
