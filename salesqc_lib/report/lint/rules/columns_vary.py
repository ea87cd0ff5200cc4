"""D03: no column of a table has the same value in every row, or is mostly empty."""

from collections.abc import Iterator

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import Fault, Rule


class ColumnsVary(Rule):
    """No column of a table has the same value in every row, or is mostly empty.

    Why: it takes room and says nothing.

    Bad: eight times 83 %.

    Good: the column is left out.
    """

    code = "D03"
    severity = "warning"
    needs = ("html",)

    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
        for table in report.soup.select("main table"):
            rows = [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in table.select("tbody tr")]
            if len(rows) < 4 or any(len(row) != len(rows[0]) for row in rows):
                continue
            heads = [cell.get_text(" ", strip=True) for cell in table.select("thead th")]
            for place in range(1, len(rows[0])):
                column = [row[place] for row in rows]
                drawn = any(row.select("th, td")[place].find("svg") for row in table.select("tbody tr"))
                if not drawn and len(set(column)) == 1 and any(letter.isdigit() for letter in column[0]):
                    yield Fault(heads[place], f"{len(column)} × {column[0]}")
                elif sum(value == "—" for value in column) > len(column) / 2:
                    yield Fault(heads[place], "mostly «—»")
