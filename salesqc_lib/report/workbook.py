"""The figures as an XLSX workbook: contents, notes, measurements, findings, deals, evidence, definitions, and what-if.

Every sheet has its title in A1 and one Excel table with named columns below it; no cell is merged. Numbers are numbers, texts are texts;
the only formulas are our own, on the sheet «what_if», over figures of this workbook.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.lists import read_list
from salesqc_lib.show.words.examples import results_of, rows_of
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.words import Language, Text

FORMATS = {"share": "0.0%", "money": "#,##0", "seconds": "#,##0", "count": "#,##0", "ratio": "0.00", "score": "0.0", "per_1000": "0.0"}
VALUES = ("value", "low", "high", "target", "previous", "previous_low", "previous_high", "year_ago", "peer_value")
MONEY = ("money", "money_low", "money_high", "exposure", "amount", "expected")
TEXTS = dict.fromkeys(("segment", "by", "deal_id", "activity_id", "task_id", "review_id", "survey_id", "material_id", "hour"), str)
WIDE = {
    "kpi",
    "name",
    "meaning",
    "segment",
    "reason",
    "action",
    "owner",
    "manager",
    "channel",
    "product",
    "stage",
    "example",
    "note",
    "flags",
}
MOST_ROWS = 1_000_000  # a sheet ends soon after
TITLE_ROWS = 2  # the title, and a line of air


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its title, what it holds in a sentence, and its table."""

    name: str
    title: Text
    about: Text
    frame: pd.DataFrame


def write_workbook(folder: Path, target: Path, language: Language) -> None:
    """Write what lies in a report's folder as a workbook: `kpis.csv`, `findings.csv`, `deals.csv` and the lists of `evidence/`, what each
    measure means with its worked example, and two cells with which one may ask «what if»."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = list(_sheets(folder, language))
    _write(book.create_sheet("contents"), _contents(sheets, language), language)
    _write(book.create_sheet("notes"), _notes(language), language)
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet, language)
    found = next((sheet.frame for sheet in sheets if sheet.name == "findings"), None)
    if found is not None and "money" in found and found["money"].notna().any():
        _write_what_if(book.create_sheet("what_if"), found, language)
    book.save(target)


def _sheets(folder: Path, language: Language) -> Iterator[Sheet]:
    kpis = pd.read_csv(folder / "kpis.csv", dtype=TEXTS)
    yield Sheet(
        "kpis",
        Text("Все измерения", "All measurements"),
        Text(
            "Каждый показатель по каждому разрезу: значение, интервал, случаи, прошлые периоды, цель",
            "Every measure in every breakdown: value, interval, cases, earlier periods, target",
        ),
        _named(kpis, language),
    )
    if (folder / "findings.csv").is_file():
        yield from _found(folder, kpis, language)
    if (folder / "deals.csv").is_file() and len(deals := read_list(folder / "deals.csv")):
        about = Text(
            "Открытые сделки, которые ждут шага; последние колонки — для решения",
            "Open deals that wait for a step; the last columns are for what is decided",
        )
        yield Sheet("deals", Text("Сделки в работу", "Deals to work through"), about, deals.head(MOST_ROWS))
    yield Sheet(
        "definitions",
        Text("Определения показателей", "Definitions of the measures"),
        Text("Что считается, с примером", "What is counted, with an example"),
        _definitions(language),
    )


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
            f"{rows_of(card.example, language)} → {results_of(card, language)}",
            card.group,
            card.kind,
            card.unit.id,
            card.better,
            "; ".join(s.title for s in card.source),
        )
        for card in CATALOGUE.values()
    ]
    return pd.DataFrame(rows, columns=["kpi", "name", "meaning", "example", "group", "kind", "unit_of_value", "better", "source"])


def _found(folder: Path, kpis: pd.DataFrame, language: Language) -> Iterator[Sheet]:
    findings = read_list(folder / "findings.csv")
    units = kpis.drop_duplicates("kpi").set_index("kpi")["unit"]
    frame = _named(findings, language).assign(unit=findings["kpi"].map(units))
    about = Text(
        "Что найдено, насколько точно, что под вопросом и что сделать", "What was found, how sure, what is at stake and what to do"
    )
    yield Sheet("findings", Text("Замечания", "Findings"), about, frame)
    lists = [read_list(file).assign(finding=file.stem) for file in sorted((folder / "evidence").glob("*.csv"))]
    if lists:
        every = pd.concat(lists, ignore_index=True).head(MOST_ROWS)
        frame = every[["finding", *(name for name in every.columns if name != "finding")]]
        yield Sheet(
            "evidence",
            Text("Случаи за замечаниями", "Cases behind the findings"),
            Text("Сделки, звонки и задачи, по которым сделан вывод", "The deals, calls and tasks behind each finding"),
            frame,
        )


def _contents(sheets: list[Sheet], language: Language) -> Sheet:
    rows = [(sheet.name, sheet.title[language], sheet.about[language], len(sheet.frame)) for sheet in sheets]
    return Sheet(
        "contents",
        Text("Книга аудита отдела продаж", "Workbook of the sales department audit"),
        Text("", ""),
        pd.DataFrame(rows, columns=["sheet", "title", "note", "rows"]),
    )


NOTES = (
    Text("Доли записаны числом от 0 до 1, время — в секундах, деньги — в валюте клиента.", "Shares are numbers from 0 to 1, times are in seconds, money is in the client's currency."),
    Text("low и high — концы интервала, n — число случаев, k — сколько из них «за».", "low and high are the ends of the interval, n the cases, k how many of them count."),
    Text("reason говорит, почему значения нет.", "reason says why a value is missing."),
    Text("Пустые колонки листа «deals» заполняют люди; файл кладут в data/<клиент>/ и читают командой compare.", "The empty columns of the sheet “deals” are for people; the file goes to data/<client>/ and is read back by compare."),
)  # fmt: skip


def _notes(language: Language) -> Sheet:
    return Sheet("notes", Text("Как читать", "How to read"), Text("", ""), pd.DataFrame({"note": [note[language] for note in NOTES]}))


def _write(sheet: Any, given: Sheet, language: Language) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    frame = given.frame
    sheet["A1"] = given.title[language]
    sheet["A1"].font = Font(bold=True, size=14)
    for _ in range(TITLE_ROWS - 1):
        sheet.append([])
    head = TITLE_ROWS + 1
    for place, name in enumerate(frame.columns, 1):
        sheet.cell(head, place, str(name)).font = Font(bold=True)
    _write_rows(sheet, frame, head)
    for column, name in enumerate(frame.columns, 1):
        sheet.column_dimensions[get_column_letter(column)].width = 26 if name in WIDE else 13
    for cells in sheet.iter_rows(min_row=head):
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # openpyxl takes a text with a leading = for a formula
    if len(frame):
        last = f"{get_column_letter(len(frame.columns))}{head + len(frame)}"
        table = Table(displayName=f"t_{given.name}", ref=f"A{head}:{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        sheet.add_table(table)
    sheet.freeze_panes = f"B{head + 1}"


def _write_rows(sheet: Any, frame: pd.DataFrame, head: int) -> None:
    """The rows below the head, numbers in the format of their unit."""
    places = {name: place for place, name in enumerate(frame.columns, 1)}
    for number, row in enumerate(frame.to_dict("records"), head + 1):
        sheet.append([None if pd.isna(value) else value for value in row.values()])
        own = FORMATS[row["unit"]] if isinstance(row.get("unit"), str) else ""
        for name in set(VALUES) & set(places):
            sheet.cell(number, places[name]).number_format = own or "General"
        for name in set(MONEY) & set(places):
            sheet.cell(number, places[name]).number_format = FORMATS["money"]


def _write_what_if(sheet: Any, findings: pd.DataFrame, language: Language) -> None:
    """What is at stake finding by finding, times a part that one may set: the only formulas of the workbook."""
    from openpyxl.styles import Font

    valued = findings[findings["money"].notna()]
    sheet["A1"] = Text("Что, если", "What if")[language]
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = Text(
        "Допущение, а не прогноз: какую часть разницы удастся закрыть", "An assumption, no forecast: which part of the difference is closed"
    )[language]
    sheet["A3"], sheet["B3"] = Text("Часть", "Part")[language], 0.5
    sheet["B3"].number_format = "0%"
    for place, text in enumerate(("id", "kpi", "segment", "money", "part_of_it"), 1):
        sheet.cell(5, place, text).font = Font(bold=True)
    for number, row in enumerate(valued.to_dict("records"), 6):
        for place, name in enumerate(("id", "kpi", "segment"), 1):
            cell = sheet.cell(number, place, None if pd.isna(row[name]) else str(row[name]))
            if cell.value is not None:
                cell.data_type = "s"
        sheet.cell(number, 4, float(row["money"])).number_format = FORMATS["money"]
        sheet.cell(number, 5, f"=D{number}*$B$3").number_format = FORMATS["money"]
    last = 5 + len(valued)
    sheet.cell(last + 1, 1, Text("Вместе", "Together")[language]).font = Font(bold=True)
    sheet.cell(last + 1, 4, f"=SUM(D6:D{last})").number_format = FORMATS["money"]
    sheet.cell(last + 1, 5, f"=SUM(E6:E{last})").number_format = FORMATS["money"]
    for column in "ABCDE":
        sheet.column_dimensions[column].width = 22
