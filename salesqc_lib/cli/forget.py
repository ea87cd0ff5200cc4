"""`salesqc forget`: everything that was made of a client goes: reports, what runs left, pages on several clients that name them."""

import json
import shutil
from pathlib import Path

from salesqc_lib.dataset import kept
from salesqc_lib.errors import InputError
from salesqc_lib.params import find, project, read
from salesqc_lib.report.render import PORTFOLIO


def forget(client: str, output: Path, *, with_data: bool, only_say: bool) -> int:
    """Remove what was made of a client, and say what; with `only_say`, say what would go. `with_data`: what lies in `data/` too.

    Raises
    ------
    InputError
        Nothing is known of such a client.
    """
    identity = _id_of(client)
    own = [output / identity] if (output / identity).is_dir() and not (output / identity).is_symlink() else []
    shared = [folder for folder in sorted((output / PORTFOLIO).glob("*")) if identity in _clients_in(folder)]
    data = project() / "data" / identity
    wanted = [*own, *shared, *([data] if with_data and data.is_dir() and not data.is_symlink() else [])]
    prepared = [entry for entry in kept.entries() if entry.client == identity]
    if not wanted and not data.is_dir() and not prepared:
        raise InputError(
            f"nothing is kept of «{identity}» in {output}/", cure="name the output folder with --output, and the client by its id"
        )
    for folder in wanted:
        files = sum(1 for file in folder.rglob("*") if file.is_file())
        if not only_say:
            shutil.rmtree(folder)
        print(f"{'would remove' if only_say else 'removed'}: {folder} ({files} files)")
    for entry in prepared:
        if not only_say:
            entry.remove()
        print(f"{'would remove' if only_say else 'removed'}: {entry.data} (prepared data)")
    if not only_say and output.is_dir():
        from salesqc_lib.batch.index import Index
        from salesqc_lib.batch.tell import NAME

        Index.of(output).forget([output / identity, *shared])
        (output / NAME).unlink(missing_ok=True)  # the last batch may name the client
    if not only_say and own + shared:
        from salesqc_lib.report.index import write_index

        print(f"rewritten: {write_index(output)}")
    for left, why in (
        (data, "what the client sent; --data removes it too"),
        (project() / "params" / f"{identity}.yaml", "the parameters; remove the file by hand"),
    ):
        if left.exists():
            print(f"kept: {left} ({why})")
    return 0


def _id_of(client: str) -> str:
    """The client's id; the parameter file may be gone already."""
    try:
        return read(find(client)).client.id
    except InputError:
        if client and client.replace("-", "").replace("_", "").isalnum() and client.isascii() and client != PORTFOLIO:
            return client
        raise


def _clients_in(folder: Path) -> list[str]:
    found: list[str] = []
    for manifest in folder.glob("manifest*.json"):
        try:
            found += json.loads(manifest.read_text(encoding="utf-8")).get("clients", [])
        except (OSError, ValueError):
            continue  # it names nobody
    return found
