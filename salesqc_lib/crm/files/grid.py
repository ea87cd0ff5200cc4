"""A grid of cells, as sheets of workbooks and tables of web pages are, becomes a raw table: header found, empty rows and columns left out."""

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from salesqc_lib.crm.files import header
from salesqc_lib.crm.files.raw import as_text, create_from_texts, header_names
from salesqc_lib.crm.intake import Intake
from salesqc_lib.errors import DataError


@dataclass(frozen=True)
class Grid:
    """A sheet: its name, and its rows of cells from the first row on."""

    name: str
    rows: list[list[Any]]


def store(intake: Intake, name: str, label_of_file: str, grid: Grid, path: Path) -> None:
    """Make the raw table `name` of a grid.

    Raises
    ------
    DataError
        There is no row of labels at its head.
    """
    top = [[as_text(cell) for cell in row] for row in grid.rows[: header.LOOKED_AT + 12]]
    place = header.header_at(top)
    if place is None:
        raise DataError(
            "no row at the head of the sheet names the columns",
            where=str(path),
            cure="put a header over the table, or name another «sheet»",
        )
    labels, first = header.names_at(top, place)
    width = max((len(row) for row in grid.rows[place:]), default=len(labels))
    labels += [""] * (width - len(labels))
    body = [row for row in grid.rows[first:] if any(cell not in ("", None) for cell in row)]
    numbers = [number for number, row in enumerate(grid.rows[first:], first + 1) if any(cell not in ("", None) for cell in row)]
    columns = {}
    for column, label, cells in zip(header_names(labels), labels, zip_longest(*body) if body else [()] * width, strict=False):
        texts = [cell if type(cell) is str and cell else as_text(cell) for cell in cells]
        if label or any(cell is not None for cell in texts):
            columns[column] = texts
    create_from_texts(intake, name, label_of_file, columns, numbers)
