"""Temporary folders, which hold a client's data meanwhile: each names its process, so that the next run can sweep what a killed one has left."""

import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

_NAME = re.compile(r"salesqc-(\d+)-\w+")


def scratch() -> "tempfile.TemporaryDirectory[str]":
    """A folder for what is unpacked, what does not fit the memory, sockets. It goes with the object, or with its `with` block."""
    _sweep_once()
    return tempfile.TemporaryDirectory(prefix=f"salesqc-{os.getpid()}-", ignore_cleanup_errors=True)


def leave() -> None:
    """Remove this process's own folders: for one that ends without the interpreter's tidying up, as a forked one does."""
    for left in Path(tempfile.gettempdir()).glob(f"salesqc-{os.getpid()}-*"):
        shutil.rmtree(left, ignore_errors=True)


@cache
def _sweep_once() -> None:
    sweep(Path(tempfile.gettempdir()))


def sweep(folder: Path) -> list[Path]:
    """Remove the folders of processes that are no more. Others' folders and links are left alone."""
    gone = []
    for left in folder.glob("salesqc-*-*"):
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
