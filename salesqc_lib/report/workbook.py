"""The measurements as an XLSX workbook: numbers as numbers, texts as texts, never a formula."""

from pathlib import Path

import pandas as pd

FORMATS = {"share": "0.0%", "money": "#,##0", "seconds": "#,##0", "count": "#,##0", "ratio": "0.00", "score": "0.0", "per_1000": "0.0"}
VALUES = ("value", "low", "high", "target", "previous", "previous_low", "previous_high", "year_ago")


def write_workbook(kpis: Path, target: Path) -> None:
    """Write `kpis.csv` as a sheet with a frozen head and a filter."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    frame = pd.read_csv(kpis, dtype={"segment": str, "by": str})
    book = Workbook()
    sheet = book.create_sheet("kpis", 0)
    book.remove(book.worksheets[1])
    sheet.append(list(frame.columns))
    places = {name: place for place, name in enumerate(frame.columns, 1)}
    for number, row in enumerate(frame.to_dict("records"), 2):
        sheet.append([None if pd.isna(value) else value for value in row.values()])
        for name in VALUES:
            sheet.cell(number, places[name]).number_format = FORMATS[str(row["unit"])]
    for column, name in enumerate(frame.columns, 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 26 if name in ("kpi", "segment", "reason") else 13
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # openpyxl takes a text with a leading = for a formula
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    book.save(target)
