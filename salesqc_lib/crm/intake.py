"""What reading a source leaves behind: tables in DuckDB, rows kept aside, notes and file hashes."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

from salesqc_lib import limits
from salesqc_lib.crm import archive
from salesqc_lib.errors import DataError, InputError
from salesqc_lib.locations import beside
from salesqc_lib.params import Parameters
from salesqc_lib.scratch import scratch
from salesqc_lib.warnings import Warned
from salesqc_lib.witness import Stat, look_in, stat_of

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from duckdb import DuckDBPyConnection


# bytes: from such a file on, reading and measuring use all cores; below it one is cheaper, and every sum is added up in the same order
LARGE = 64 << 20


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def tidy(cell: str) -> str:
    """SQL for a text without outer spaces, with one space between words; NULL where nothing is left. Most cells need nothing done."""
    mended = rf"trim(regexp_replace({cell}, '[\s\x{{a0}}]+', ' ', 'g'))"
    return rf"nullif(CASE WHEN regexp_matches({cell}, '[\t\n\r\f\x{{a0}}]|  |^ | $') THEN {mended} ELSE {cell} END, '')"


@dataclass(frozen=True)
class InputFile:
    """One file that was read: what the manifest says of it."""

    path: Path
    table: str
    rows: int
    sha256: str
    encoding: str = ""
    label: str = ""  # its name, with folders where names alone do not tell the files apart

    @property
    def name(self) -> str:
        """What the report calls it."""
        return self.label or self.path.name


def matching(path: Path) -> list[Path]:
    """The files that a pattern means, in order; a path without stars means itself, also inside a zip."""
    if path.exists():
        return [path]
    if archive.split(path):
        return archive.matching(path) or [path]
    place = next((i for i, part in enumerate(path.parts) if "*" in part), None)
    if place is not None:
        base = Path(*path.parts[:place])
        for level in range(place, len(path.parts)):  # what a star may mean tomorrow
            for folder in base.glob("/".join(path.parts[place:level])) if level > place else [base]:
                look_in(folder)
    return [path] if place is None else sorted(Path(*path.parts[:place]).glob("/".join(path.parts[place:])))


@dataclass
class Intake:
    """A reading in progress. `con` speaks the client's time zone; canonical tables stand in its schema `canonical`, deals that
    do not count (replaced by a newer export, excluded, repeated, in the future) in `aside`, with their reason."""

    parameters: Parameters
    con: "DuckDBPyConnection"
    files: list[InputFile] = field(default_factory=list)
    rows_out: dict[str, int] = field(default_factory=dict)
    warned: list[Warned] = field(default_factory=list)
    extra: dict[str, list[str]] = field(default_factory=dict)  # columns of a canonical table beside those of the contract
    asked: list[tuple[str, list[Path]]] = field(default_factory=list)  # patterns of files, each with those it meant
    stats: dict[Path, tuple[Stat | None, int]] = field(
        default_factory=dict
    )  # what tells the files from later versions, and when it was looked at
    crm: str = ""  # whose list of deals it is, where its headers tell
    _raws: int = 0

    def __post_init__(self) -> None:
        zone = self.parameters.report.timezone
        self.con.execute(f"SET TimeZone = {literal(zone)}")
        self.con.execute("CREATE SCHEMA canonical")
        self.con.execute("CREATE SCHEMA aside")
        self.con.execute('CREATE TABLE rejected("table" VARCHAR, file VARCHAR, row BIGINT, reason VARCHAR, is_row_kept BOOLEAN)')

    @cached_property
    def _unpacked(self) -> "TemporaryDirectory[str]":
        return scratch()

    @property
    def scratch(self) -> Path:
        """A folder for what archives hold; it goes with the intake."""
        return Path(self._unpacked.name)

    def new_raw(self) -> str:
        """The name of a raw table that is not there yet."""
        self._raws += 1
        return f"raw_{self._raws}"

    def warn(self, warned: Warned) -> None:
        """Note a doubt about the data."""
        self.warned.append(warned)

    def paths(self, pattern: str | tuple[str, ...], *key: str | int) -> Iterator[Path]:
        """The files that a path, list or pattern of the parameter file names; relative ones start at that file."""
        for text in (pattern,) if isinstance(pattern, str) else pattern:
            if "**" in text:
                raise DataError(
                    f"{text}: ** stands for any folders",
                    where=self.parameters.where(*key),
                    cure="name the folder; a * stands for any letters of one name",
                )
            path = self._place_of(text, *key)
            found = matching(path)
            self._note(text, found)
            if not found or not (found[0].exists() or archive.matching(found[0])):
                beside = sorted(file.name for file in path.parent.glob("*") if file.is_file())[:8] if path.parent.is_dir() else []
                cure = (
                    f"in that folder there are: {', '.join(beside)}"
                    if beside
                    else "the folder does not exist or is empty; relative paths start at the parameter file"
                )
                if "*" in text:
                    raise DataError(
                        f"no file is called so: {text}",
                        where=self.parameters.where(*key),
                        cure="a * stands for any letters of one name; relative paths start at the parameter file",
                    )
                raise DataError(f"no such file: {text}", where=self.parameters.where(*key), cure=cure)
            if len(found) > limits.ARCHIVE_FILES:
                raise DataError(
                    f"{text} means {len(found):,} files", where=self.parameters.where(*key), cure="name fewer (SALESQC_ARCHIVE_FILES)"
                )
            if folder := next((file for file in found if file.is_dir()), None):
                raise DataError(
                    f"{text} is a folder, not a file",
                    where=self.parameters.where(*key),
                    cure=f"write the file's name; it has: {', '.join(sorted(file.name for file in folder.iterdir())[:8])}",
                )
            yield from found

    def folder(self, text: str, *key: str | int) -> Path:
        """A folder that the parameter file names, with the files that lie in it."""
        path = self._place_of(f"{text}/*", *key)
        self._note(f"{text}/*", matching(path))
        return path.parent

    def _note(self, text: str, found: list[Path]) -> None:
        """What was asked for, and how the files were before they were read; a large one is worth all cores."""
        self.asked.append((text, found))
        for path in found:
            inner = archive.split(path)
            file = inner[0] if inner else path
            if file.is_file():
                self.stats.setdefault(file, (stat_of(str(file)), time_ns()))  # as it was when it was first asked for
                if file.stat().st_size > LARGE:
                    self.con.execute(f"SET threads = {os.cpu_count() or 1}")

    def _place_of(self, text: str, *key: str | int) -> Path:
        try:
            return beside(self.parameters.file, text)
        except InputError as error:
            raise DataError(error.message, where=self.parameters.where(*key), cure=error.cure) from None

    def columns(self, table: str, schema: str = "canonical") -> list[str]:
        """Columns of a table; empty where there is no such table."""
        rows = self.con.execute(
            "SELECT column_name FROM duckdb_columns() WHERE schema_name = ? AND table_name = ? ORDER BY column_index", [schema, table]
        ).fetchall()
        return [row[0] for row in rows]

    def count(self, sql: str) -> int:
        """The single whole number that a query gives."""
        return int(self.con.execute(sql).fetchall()[0][0] or 0)


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, for the manifest."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
