"""The consultancy's own settings, `salesqc.toml` beside `params/`: hosts and where their secrets are. A client's file names only a connection."""

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from salesqc_lib.errors import ParameterError, nearest
from salesqc_lib.params.part import Part
from salesqc_lib.params.reading import project

FILE = "salesqc.toml"


class Connection(Part):
    """A database that clients' tables are read from."""

    kind: Literal["postgresql", "sqlite"]
    url: str = Field(min_length=1, description="postgresql://user@host:5432/database, without its password; of SQLite the path of the file")
    password_env: str | None = Field(
        None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="The environment variable that holds the password"
    )

    @property
    def password(self) -> str | None:
        """The secret, from the environment; it never reaches a file.

        Raises
        ------
        ParameterError
            The variable is not set.
        """
        if self.password_env is None:
            return None
        if self.password_env not in os.environ:
            raise ParameterError(
                f"the environment variable {self.password_env} is not set",
                where=FILE,
                cure="set it in the shell or in the settings of CI, not in a file",
            )
        return os.environ[self.password_env]


def connection(name: str, where: str) -> tuple[Connection, Path]:
    """The connection that a parameter file names, and the folder its paths start in. `where` is the place of that name.

    Raises
    ------
    ParameterError
        There is no `salesqc.toml`, it cannot be read, or it has no such connection.
    """
    path = project() / FILE
    if not path.is_file():
        raise ParameterError(
            f"the connection «{name}» is named, and there is no {FILE} beside params/",
            where=where,
            cure=f'write one: [connections.{name}] with kind = "postgresql", url = "postgresql://user@host/database", password_env = "…"',
        )
    try:
        known: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")).get("connections", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"the file cannot be read: {error}", where=str(path), cure="mend it near this place") from None
    if name not in known:
        raise ParameterError(f"{FILE} has no connection «{name}»", where=where, cure=nearest(name, list(known)))
    try:
        return Connection.model_validate(known[name]), path.parent
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, ("connections", name, *first["loc"])))
        raise ParameterError(f"{key}: {first['msg']}", where=str(path), cure="a connection has kind, url and password_env") from None
