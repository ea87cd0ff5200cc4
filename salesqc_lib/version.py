"""Which SalesQC this is: its version, and its files by their contents."""

import hashlib
import os
from functools import cache
from pathlib import Path

VERSION = "0.1.0"


@cache
def contents() -> str:
    """Every file of the package by its content: what two installations that give the same figures have in common."""
    found = hashlib.sha256(VERSION.encode())
    for base, folders, names in os.walk(Path(__file__).parent):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            found.update(name.encode() + b"\0")
            with open(f"{base}/{name}", "rb") as file:  # noqa: PTH123 - four hundred of them
                found.update(hashlib.sha256(file.read()).digest())
    return found.hexdigest()
