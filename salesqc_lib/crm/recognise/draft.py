"""The draft of a parameter file: what the files tell of a client, how sure that is, and what nobody can know from them."""

from dataclasses import dataclass, field
from pathlib import Path

from salesqc_lib.crm.recognise.directories import Directory
from salesqc_lib.crm.recognise.outcome import Ends, StageGuess
from salesqc_lib.crm.recognise.settings import Setting
from salesqc_lib.crm.recognise.sheet import Sheet
from salesqc_lib.crm.recognise.table import Mapped, Recognised
from salesqc_lib.words import Text


@dataclass
class Table:
    """A canonical table of the draft: where it comes from, and what names the ids in it."""

    found: Recognised
    paths: list[Path]
    names: dict[str, Directory] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    parts: list[Sheet] = field(default_factory=list)  # every file and sheet that is put together

    @property
    def name(self) -> str:
        return self.found.table

    @property
    def sheet(self) -> str | list[str] | None:
        """The sheet, or the sheets, as a parameter file names them."""
        return (self.sheets[0] if len(self.sheets) == 1 else self.sheets) if self.sheets else None


@dataclass
class Draft:
    """All that the files tell of a client."""

    language: str
    currency: Setting
    zone: Setting
    tables: list[Table]
    ends: Ends
    stages: list[StageGuess] = field(default_factory=list)
    exclude: dict[str, list[str]] = field(default_factory=dict)  # rows that the CRM itself does not show
    proposals: dict[str, dict[str, int]] = field(default_factory=dict)  # column: words that look like tests and duplicates, with their rows
    milestones: dict[str, Mapped] = field(default_factory=dict)  # proposed, not taken
    duplicates: str | None = None
    doubts: list[Text] = field(default_factory=list)
    left_out: list[tuple[str, Text]] = field(default_factory=list)  # files, and why

    @property
    def deals(self) -> Table:
        return next(table for table in self.tables if table.name == "deals")

    @property
    def crm(self) -> str:
        """The CRM of the deals and its generation; '' for a table of the client's own."""
        layout = self.deals.found.layout
        return f"{layout.crm} ({layout.generation})" if layout else ""
