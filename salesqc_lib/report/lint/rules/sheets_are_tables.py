"""X01: every sheet of the workbook is a table with named columns and a title in A1; no cell is merged."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule

TABLES = ("kpis", "findings", "evidence", "deals", "definitions")


class SheetsAreTables(Rule):
    """Every sheet of the workbook is a table with named columns and a title in A1; no cell is merged.

    Why: an analyst filters and reads by name.

    Bad: merged heads.

    Good: an Excel table below its title.
    """

    code = "X01"
    severity = "warning"
    needs = ("xlsx",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for sheet in report.book.worksheets:
            if sheet.merged_cells.ranges:
                yield Fault(sheet.title, "merged cells")
            if sheet.title in TABLES and not sheet.tables:
                yield Fault(sheet.title, "no table")
            if not isinstance(sheet["A1"].value, str):
                yield Fault(sheet.title, "no title in A1")
