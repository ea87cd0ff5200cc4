"""A grid of cells, as sheets of workbooks and tables of web pages are, becomes a raw table: header found, empty rows and columns left out."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, zip_longest
from pathlib import Path
from typing import Any

from salesqc_lib.crm.files import header
from salesqc_lib.crm.files.raw import as_text, create_from_texts, header_names
from salesqc_lib.crm.gate import check_width
from salesqc_lib.crm.intake import Intake
from salesqc_lib.errors import DataError


@dataclass(eq=False)
class Grid:
    """A sheet: its name, and its rows of cells from the first row on."""

    name: str
    rows: list[list[Any]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)  # first and last cell, counted from 0

    @cached_property
    def table(self) -> tuple[dict[str, list[str | None]], list[int]] | None:
        """The columns below the header as texts, and the rows' numbers; None where no row names the columns."""
        top = [[as_text(cell) for cell in row] for row in self.rows[: header.LOOKED_AT + 12]]
        place = header.header_at(top)
        if place is None:
            return None
        labels, first = header.names_at(top, place)
        width = max((len(row) for row in self.rows[place:]), default=len(labels))
        check_width(width, self.name)
        labels += [""] * (width - len(labels))
        self._fill_down(first)
        filled = [any(cell not in ("", None) for cell in row) for row in self.rows[first:]]
        body = list(compress(self.rows[first:], filled))
        columns = {}
        for column, label, cells in zip(header_names(labels), labels, zip_longest(*body) if body else [()] * width, strict=False):
            texts = [cell if type(cell) is str and cell else as_text(cell) for cell in cells]
            if label or any(cell is not None for cell in texts):
                columns[column] = texts
        return columns, list(compress(range(first + 1, len(self.rows) + 1), filled))

    def _fill_down(self, first: int) -> None:
        """A cell that is merged over several rows of the table stands for each of them: a seller beside all their deals."""
        for (top, left), (bottom, right) in self.merged:
            if first <= top < bottom < len(self.rows) and left == right and left < len(self.rows[top]):
                for row in self.rows[top + 1 : bottom + 1]:
                    if left < len(row) and row[left] in ("", None):
                        row[left] = self.rows[top][left]


def store(intake: Intake, name: str, label: str, grid: Grid, path: Path) -> None:
    """Make the raw table `name` of a grid.

    Raises
    ------
    DataError
        There is no row of labels at its head.
    """
    if grid.table is None:
        raise DataError(
            "no row at the head of the sheet names the columns",
            where=str(path),
            cure="put a header over the table, or name another «sheet»",
        )
    create_from_texts(intake, name, label, *grid.table)
