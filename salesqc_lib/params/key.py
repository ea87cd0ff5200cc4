"""The consultancy's secret, from which pseudonyms are made: in the environment, or in `.salesqc/key` beside `params/`."""

import os
import secrets
from functools import cache
from pathlib import Path

from salesqc_lib.errors import InputError
from salesqc_lib.params.reading import project

VARIABLE = "SALESQC_KEY"
FEWEST = 16  # letters of a secret that cannot be tried through


def key() -> bytes:
    """The secret; the first use makes one. It never lies under `output/`, and whoever loses it gets other pseudonyms from then on.

    Raises
    ------
    InputError
        It is too short to keep a secret, or cannot be read or written.
    """
    given = os.environ.get(VARIABLE)
    if given is not None:
        return _long_enough(given.strip(), f"the environment variable {VARIABLE}")
    return _of_file(project() / ".salesqc" / "key")


@cache
def _of_file(path: Path) -> bytes:
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600), "w") as file:
                file.write(secrets.token_hex(32) + "\n")
        except FileExistsError:
            pass  # made before, here or by another run at this moment
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the key of pseudonyms cannot be kept: {error}", where=str(path), cure=f"make the folder writable, or set {VARIABLE}"
        ) from None
    return _long_enough(text, str(path))


def _long_enough(text: str, where: str) -> bytes:
    if len(text) < FEWEST:
        raise InputError(
            "the key of pseudonyms is too short to be a secret",
            where=where,
            cure=f"at least {FEWEST} letters, such as the output of: python -c 'import secrets; print(secrets.token_hex(32))'",
        )
    return text.encode()
