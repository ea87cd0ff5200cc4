"""Temporary folders of a run, and what runs that were killed have left of theirs."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = re.compile(r"salesqc-(\d+)-\w+")


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for what a run needs meanwhile: sockets, what is unpacked, what does not fit the memory. It goes with the run."""
    sweep()
    with tempfile.TemporaryDirectory(prefix=f"salesqc-{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def sweep(folder: Path | None = None) -> list[Path]:
    """Remove the folders of processes that are no more. Others' folders and links are left alone."""
    gone = []
    for left in (folder or Path(tempfile.gettempdir())).glob("salesqc-*-*"):
        found = _NAME.fullmatch(left.name)
        if found and not left.is_symlink() and left.is_dir() and _is_ours(left) and not _is_alive(int(found[1])):
            shutil.rmtree(left, ignore_errors=True)
            gone.append(left)
    return gone


def _is_ours(folder: Path) -> bool:
    return not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid()


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return True  # asking would end it: what Windows has left is swept by Windows
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
