"""How one kind of table of a CRM is recognised, and what its columns and words mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from salesqc_lib.crm.meanings import plain
from salesqc_lib.words import Text

# names of one column in different generations: the first that the file has
Names = tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """Where a canonical column comes from.

    `names` are what it has been called, newest first; with `all_of`, several columns of the file count together, the first that is filled.
    `value` is the same in every row. `reading`, `only` and `times` are those of the parameter file.
    """

    names: Names = ()
    all_of: bool = False
    value: str | None = None
    reading: str | None = None
    only: str | None = None
    row: bool = False
    times: float | None = None


Columns = Mapping[str, "Field | str | Names"]


@dataclass(frozen=True)
class Layout:
    """One kind of table as a CRM exports it.

    `marks` are headers that it always has; `signs` are further ones, of which at least `least` are there; none of `without` is. `columns` tells the canonical
    columns, `values` what words of them mean. The table `leads` is that of a CRM that keeps leads apart from deals. `drop` names rows that the CRM itself does not show: deleted ones.
    """

    table: str
    crm: str
    generation: str
    marks: Names
    columns: Columns
    signs: Names = ()
    without: Names = ()  # headers that belong to another kind of table
    least: int = 1
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    drop: Mapping[str, str] = field(default_factory=dict)
    product_columns: Names = ()
    zone: str = ""  # of times without an offset, where the CRM does not write those of the account
    traps: tuple[Text, ...] = ()

    def field_of(self, column: str) -> Field:
        """The field of a canonical column."""
        found: Any = self.columns[column]
        return found if isinstance(found, Field) else Field((found,) if isinstance(found, str) else tuple(found))

    def is_met(self, headers: Iterable[str]) -> bool:
        """Whether a table with these headers is of this kind. Names of interfaces are told apart by their case: ID and id are two CRMs."""
        exact = set(headers)
        by_case = all(mark.isascii() and " " not in mark for mark in self.marks)
        present = exact if by_case else {plain(header) for header in exact}
        has = [(name if by_case else plain(name)) in present for name in (*self.marks, *self.signs)]
        strange = any((name if by_case else plain(name)) in present for name in self.without)
        return all(has[: len(self.marks)]) and not strange and sum(has[len(self.marks) :]) >= (self.least if self.signs else 0)

    def met(self, headers: Iterable[str]) -> int:
        """How many of the marks and signs are there."""
        present = {plain(header) for header in headers}
        return sum(plain(name) in present for name in (*self.marks, *self.signs))
