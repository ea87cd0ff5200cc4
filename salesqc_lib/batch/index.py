"""What every report of an output folder was made from: one file of lines, added to as reports appear, so that a batch that was stopped goes on."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from salesqc_lib.batch.stamps import Stamp
from salesqc_lib.locations import text_of, write_text
from salesqc_lib.witness import Stat

NAME = ".batch.jsonl"
VERSION = 2
LONGEST = 4  # lines a report, on average, until the file is written anew


@dataclass(frozen=True)
class Made:
    """A report that was made: from which files and folders, asked for how, and which files came of it."""

    id: str
    parts: dict[str, str]
    files: dict[str, Stamp]
    folders: dict[str, str]
    outputs: dict[str, Stamp]
    place: str
    locations: dict[str, str] = field(default_factory=dict)  # addresses that were read, each with its mark
    sent: dict[str, str] = field(default_factory=dict)  # of a report that lies at an address, its files
    version: int = VERSION

    def line(self) -> str:
        """As it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")) + "\n"

    @classmethod
    def of(cls, line: str) -> "Made | None":
        """From a stored line; None of one that was cut off, or is of another version."""
        try:
            told: dict[str, Any] = json.loads(line)
            if told.pop("version") != VERSION:
                return None
            for name in ("files", "outputs"):
                told[name] = {path: Stamp(one["sha"], _stat(one["stat"]), int(one["at"])) for path, one in told[name].items()}
            return cls(**told)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def _stat(told: Any) -> Stat | None:
    return None if told is None else (int(told[0]), int(told[1]), int(told[2]), int(told[3]))


@dataclass
class Index:
    """The lines of an output folder, the last one of a report being the one that counts."""

    path: Path
    known: dict[str, Made] = field(default_factory=dict)

    @classmethod
    def of(cls, output: Path) -> "Index":
        """Read it; a file that cannot be read is as good as none: then all is made again."""
        path = output / NAME
        index = cls(path)
        try:
            lines = path.read_text(encoding="utf-8").splitlines() if not path.is_symlink() else []
        except (OSError, UnicodeDecodeError):
            lines = []
        for line in lines:
            if made := Made.of(line):
                index.known[made.id] = made
        if len(lines) > LONGEST * max(len(index.known), 8):
            with suppress(OSError):  # it stays long
                index._write_anew()
        return index

    def add(self, made: Made) -> None:
        """Remember a report at once, beside what other batches add meanwhile."""
        self.known[made.id] = made
        with _held(self.path):
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            try:
                whole = self.path.stat().st_size == 0 or self._ends_a_line()
                os.write(handle, (("" if whole else "\n") + made.line()).encode())
            finally:
                os.close(handle)

    def forget(self, folders: Sequence[Path]) -> None:
        """Keep nothing of the reports that lay in some folders."""
        gone = [folder.resolve() for folder in folders]
        self.known = {
            name: one for name, one in self.known.items() if not any(Path(one.place).resolve().is_relative_to(path) for path in gone)
        }
        if self.path.is_file():
            self._write_anew()

    def _ends_a_line(self) -> bool:
        """A kill may have left half a line: what follows begins a new one."""
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def _write_anew(self) -> None:
        with _held(self.path):
            made = self.path.with_name(f"{NAME}.new")
            made.write_text("".join(one.line() for one in self.known.values()), encoding="utf-8")
            made.chmod(0o600)
            made.replace(self.path)


class IndexElsewhere(Index):
    """The same of an output that is an address: read once, written whole. Of two batches at once the last one is remembered: it costs time, and
    nothing else."""

    def __init__(self, address: str) -> None:
        super().__init__(Path(NAME))
        self.address = f"{address}/{NAME}"
        for line in text_of(self.address).splitlines():
            if made := Made.of(line):
                self.known[made.id] = made

    def add(self, made: Made) -> None:
        """Remember a report."""
        self.known[made.id] = made
        write_text(self.address, "".join(one.line() for one in self.known.values()))


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Nobody else writes meanwhile, where the system can hold a file."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(path.with_name(f"{NAME}.lock"), os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
