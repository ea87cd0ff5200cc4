"""The demo clients' parameter files, in a folder that does not have them yet."""

import shutil
from collections.abc import Iterable

from salesqc_lib.params import project
from salesqc_lib.shipped import shipped


def place_parameters(clients: Iterable[str]) -> None:
    """Copy the demo's parameter files into `params/`, where they are missing."""
    folder = project() / "params"
    for client in clients:
        target = folder / f"{client}.yaml"
        if not target.exists():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(shipped("params") / target.name, target)
