"""What a run has read: every file that was opened and every folder that was listed since `begin`, by Python's own audit events.

A report is made anew when anything that it was made from has changed. A list kept by hand would forget a file one day, and a report
would be called unchanged that is not; so the interpreter is asked. What DuckDB reads by itself is seen too, since each file is hashed for the manifest.
"""

import os
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

Stat = tuple[int, int, int, int]  # size, modified and changed in nanoseconds, inode
_FILES: dict[str, Stat | None] = {}
_FOLDERS: set[str] = set()


def begin() -> None:
    """Watch from now on; a second call changes nothing. A process that was forked begins with nothing seen by `forget`."""
    _watch()


def forget() -> None:
    """What was seen until now belongs to another run."""
    _FILES.clear()
    _FOLDERS.clear()


def look_in(folder: Path) -> None:
    """Note a folder in which something may lie one day."""
    _FOLDERS.add(os.path.realpath(folder))


def stat_of(path: str) -> Stat | None:
    """What tells a file from its other versions without reading it; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - thousands of them: a Path costs more than the question
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def seen(besides: Sequence[Path] = ()) -> dict[str, Any]:
    """Files with what they were when they were opened, and folders, by absolute path; without those of Python and of this library, of the system,
    scratch, and `besides`."""
    left_out = (*_ours(), *(f"{os.path.realpath(folder)}{os.sep}" for folder in besides))

    def is_told(path: str) -> bool:
        return (
            not path.startswith(left_out)
            and f"{os.sep}salesqc-" not in path
            and f"{os.sep}." not in path.replace(f"{os.sep}.salesqc{os.sep}", "")
        )

    # swept of what killed runs have left
    swept = {os.path.realpath(folder) for folder in [Path(tempfile.gettempdir()), *(one.parent for one in besides)]}
    files = {path: stat for path, stat in sorted(_FILES.items()) if stat is not None and is_told(path)}
    return {"files": files, "folders": sorted(path for path in _FOLDERS if is_told(path + os.sep) and path not in swept)}


@cache
def _ours() -> tuple[str, ...]:
    places = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), str(Path(__file__).parent)}
    return (*(f"{os.path.realpath(place)}{os.sep}" for place in places), "/proc/", "/sys/", "/dev/", "/usr/", "/lib/", "/etc/")


@cache
def _watch() -> None:
    sys.addaudithook(_note)


def _note(event: str, given: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = given
        if isinstance(path, str) and (flags or 0) & os.O_ACCMODE == os.O_RDONLY:
            whole = os.path.realpath(path)
            if whole not in _FILES:
                _FILES[whole] = stat_of(whole)
    elif event in ("os.listdir", "os.scandir") and isinstance(given[0], str | os.PathLike) and not _seeks_modules(sys._getframe(1)):
        _FOLDERS.add(os.path.realpath(given[0]))


def _seeks_modules(frame: Any) -> bool:
    """Who looks for modules reads nothing of a client."""
    name = str(frame.f_code.co_filename)
    return name.startswith("<frozen importlib") or f"{os.sep}importlib{os.sep}" in name or name.endswith("pkgutil.py")
