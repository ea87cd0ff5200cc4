"""Contents of files by their hash, read only where a file may have changed."""

import hashlib
from dataclasses import dataclass, field
from time import time_ns

from salesqc_lib.errors import InputError
from salesqc_lib.locations import matching, together
from salesqc_lib.witness import Stat, stat_of

GRAIN = 2_000_000_000  # nanoseconds: a file that was written so shortly before it was hashed may have changed within the clock's grain


@dataclass(frozen=True)
class Stamp:
    """A file as it was: its hash, and what tells without reading that it is the same still. `at`: when it was looked at."""

    sha: str
    stat: Stat | None
    at: int

    @property
    def is_sure(self) -> bool:
        """Whether an equal stat means an equal content: the file was at rest when it was hashed."""
        return self.stat is not None and max(self.stat[1], self.stat[2]) < self.at - GRAIN


@dataclass
class Stamps:
    """Hashes of files, each asked for once. `is_thorough`: trust nothing but the content."""

    is_thorough: bool = False
    _now: dict[str, Stamp] = field(default_factory=dict)
    _lying: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, path: str, known: Stamp | None = None) -> Stamp:
        """The file as it is now; '' for the hash of one that is not there. `known`: what is remembered of it."""
        if path not in self._now:
            self._now[path] = self._look(path, known)
        return self._now[path]

    def mark(self, address: str) -> str:
        """What tells the files of an address from their other versions; '' where there are none, or nobody can look."""
        return together(self.lying(address))

    def lying(self, address: str) -> dict[str, str]:
        """The files of an address, each with its mark; none where nobody can look: whoever makes the report tells why."""
        if address not in self._lying:
            try:
                self._lying[address] = matching(address)
            except InputError:
                self._lying[address] = {}
        return self._lying[address]

    def _look(self, path: str, known: Stamp | None) -> Stamp:
        stat = stat_of(path)
        if stat is None:
            return Stamp("", None, time_ns())
        if known is not None and not self.is_thorough and known.is_sure and known.stat == stat:
            return known
        at = time_ns()
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - a text from the index
                return Stamp(hashlib.file_digest(file, "sha256").hexdigest(), stat, at)
        except OSError:
            return Stamp("", None, at)
