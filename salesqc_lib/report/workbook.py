"""The figures as an XLSX workbook: measurements, findings, evidence, definitions. Numbers as numbers, texts as texts, never a formula."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.lists import read_list
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.words import Language

FORMATS = {"share": "0.0%", "money": "#,##0", "seconds": "#,##0", "count": "#,##0", "ratio": "0.00", "score": "0.0", "per_1000": "0.0"}
VALUES = ("value", "low", "high", "target", "previous", "previous_low", "previous_high", "year_ago", "peer_value")
MONEY = ("money", "money_low", "money_high", "exposure", "amount")
TEXTS = dict.fromkeys(("segment", "by", "deal_id", "activity_id", "task_id", "review_id", "survey_id", "material_id", "hour"), str)
WIDE = {"kpi", "name", "meaning", "segment", "reason", "action", "owner", "manager", "channel", "product", "stage"}
MOST_ROWS = 1_000_000  # a sheet ends soon after


def write_workbook(folder: Path, target: Path, language: Language) -> None:
    """Write `kpis.csv`, `findings.csv` and the lists of `evidence/` of a report's folder, and what each measure means: a sheet for each
    kind, with a frozen head and a filter."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, frame in _sheets(folder, language):
        _write_sheet(book.create_sheet(name), frame)
    book.save(target)


def _sheets(folder: Path, language: Language) -> Iterator[tuple[str, pd.DataFrame]]:
    kpis = pd.read_csv(folder / "kpis.csv", dtype=TEXTS)
    yield "kpis", _named(kpis, language)
    if (folder / "findings.csv").is_file():
        yield from _found(folder, kpis, language)
    yield "definitions", _definitions(language)


def _named(frame: pd.DataFrame, language: Language) -> pd.DataFrame:
    """The frame with the name of each KPI beside its id."""
    names = frame["kpi"].map({kpi: kpi_name(kpi, language) for kpi in frame["kpi"].dropna().unique()})
    kept = list(frame.columns)
    place = kept.index("kpi") + 1
    return frame.assign(name=names)[[*kept[:place], "name", *kept[place:]]]


def _definitions(language: Language) -> pd.DataFrame:
    rows = [
        (
            card.id,
            card.name[language],
            card.meaning[language],
            card.group,
            card.kind,
            card.unit.id,
            card.better,
            "; ".join(s.title for s in card.source),
        )
        for card in CATALOGUE.values()
    ]
    return pd.DataFrame(rows, columns=["kpi", "name", "meaning", "group", "kind", "unit_of_value", "better", "source"])


def _found(folder: Path, kpis: pd.DataFrame, language: Language) -> Iterator[tuple[str, pd.DataFrame]]:
    findings = read_list(folder / "findings.csv")
    units = kpis.drop_duplicates("kpi").set_index("kpi")["unit"]
    yield "findings", _named(findings, language).assign(unit=findings["kpi"].map(units))
    lists = [read_list(file).assign(finding=file.stem) for file in sorted((folder / "evidence").glob("*.csv"))]
    if lists:
        every = pd.concat(lists, ignore_index=True).head(MOST_ROWS)
        yield "evidence", every[["finding", *(name for name in every.columns if name != "finding")]]


def _write_sheet(sheet: Any, frame: pd.DataFrame) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(frame.columns))
    places = {name: place for place, name in enumerate(frame.columns, 1)}
    for number, row in enumerate(frame.to_dict("records"), 2):
        sheet.append([None if pd.isna(value) else value for value in row.values()])
        if isinstance(row.get("unit"), str):
            for name in set(VALUES) & set(places):
                sheet.cell(number, places[name]).number_format = FORMATS[row["unit"]]
        for name in set(MONEY) & set(places):
            sheet.cell(number, places[name]).number_format = FORMATS["money"]
    for column, name in enumerate(frame.columns, 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 26 if name in WIDE else 13
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # openpyxl takes a text with a leading = for a formula
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
