"""A PostgreSQL server of the test's own, on loopback, for as long as the tests run."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PASSWORD = "geheim:p@ss/word"  # noqa: S105 - of a server that lives for a minute


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    offers = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in offers if (folder / "pg_ctl").exists()), None)


@contextmanager
def server() -> Iterator[str]:
    """The address of the running server, without its password."""
    folder = binaries()
    assert folder is not None
    # the server does not run as root
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as room:
        Path(room).chmod(0o755)
        home = Path(room) / "home"
        home.mkdir()
        (home / "password").write_text(PASSWORD, encoding="utf-8")
        if as_user:
            shutil.chown(home, "postgres")
            shutil.chown(home / "password", "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        data = home / "data"
        subprocess.run(
            [
                *as_user,
                folder / "initdb",
                "-D",
                data,
                "-U",
                "reader",
                "--auth=scram-sha-256",
                f"--pwfile={home / 'password'}",
                "-E",
                "UTF8",
            ],
            check=True,
            capture_output=True,
            cwd=home,
        )
        options = f"-p {port} -h 127.0.0.1 -k {home} -c fsync=off"
        subprocess.run(
            [*as_user, folder / "pg_ctl", "-D", data, "-w", "-o", options, "-l", home / "log", "start"],
            check=True,
            capture_output=True,
            cwd=home,
        )
        try:
            yield f"postgresql://reader@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*as_user, folder / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=home)
