"""What a report is made from, part by part: equal parts, equal report."""

import hashlib
import json
import os
import platform
import sysconfig
from functools import cache
from pathlib import Path
from typing import Any

from salesqc_lib.batch.stamps import Stamps
from salesqc_lib.errors import InputError
from salesqc_lib.limits import EVERY
from salesqc_lib.locations import OPEN, is_remote
from salesqc_lib.period import Period
from salesqc_lib.version import contents

SECRET = "SALESQC_KEY"  # noqa: S105 - the variable's name: pseudonyms are made from it


def identity(job: Any, period: Period) -> str:
    """Which report it is: of whom, of when, by which template, where."""
    return digest(
        [
            *(_whole(client) for client in (job.client, *job.clients)),
            period.label,
            job.before or "",
            str(job.template.resolve()),
            job.deliver or str(job.output.resolve()),
            job.suffix,
        ]
    )


def _whole(client: str) -> str:
    """A client as the path of its file: a name means another in another project."""
    if is_remote(client):
        return client
    if client.endswith((".yaml", ".yml")):
        return str(Path(client).resolve())
    from salesqc_lib.params import find

    try:
        return str(find(client).resolve())
    except InputError:
        return f"{Path().resolve()}: {client}"  # whoever makes it tells the fault


def parts_of(job: Any, stamps: Stamps) -> dict[str, str]:
    """The parts that are no files of the client: what was asked for, the template, this library, the packages, the pseudonyms' secret."""
    asked = {name: getattr(job, name) for name in ("formats", "language", "settings", "today", "is_shared")}
    limits = {name: text for name, text in os.environ.items() if name.startswith("SALESQC_") and name not in (SECRET, OPEN)}
    return {
        "asked": json.dumps(asked | limits, sort_keys=True, ensure_ascii=False, default=str),
        "limits": digest(
            sorted(f"{name}={text}" for name, text in limits.items() if name.removeprefix("SALESQC_") in {one.name for one in EVERY})
        ),
        "template": stamps.of(str(job.template.resolve())).sha,
        "library": contents(),
        "packages": _packages(),
        "secret": digest(["salesqc", os.environ[SECRET]]) if SECRET in os.environ else "",
    }


@cache
def _packages() -> str:
    """Which packages are installed, in which version."""
    names = sorted(
        {name for key in ("purelib", "platlib") for name in _names_in(sysconfig.get_paths()[key]) if name.endswith(".dist-info")}
    )
    return digest([platform.python_version(), platform.machine(), *names])


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - names alone
    except OSError:
        return []


def digest(texts: list[str]) -> str:
    """One hash of several texts."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
