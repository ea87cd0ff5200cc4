"""A client's rows as files (CSV or XLSX) and a parameter file beside them."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import yaml

from tests.zoo.client import Client

REPORT = {"language": "ru", "currency": "RUB", "timezone": "Europe/Moscow", "formats": ["html"]}


def write(client: Client, folder: Path, kind: str = "csv") -> Path:
    """Write everything and return the parameter file. Texts are written as they are; moments as ISO, bare dates as days."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in client.files.items():
        header = list(dict.fromkeys(key for row in rows for key in row))
        table = [[row.get(key) for key in header] for row in rows]
        (_write_csv if kind == "csv" else _write_xlsx)(folder / f"{name}.{kind}", header, table)
    tables: dict[str, Any] = {}
    for table_name, files in client.tables.items():
        spec: dict[str, Any] = {"path": [f"{name}.{kind}" for name in files]}
        for key, given in (("columns", client.columns), ("values", client.values), ("may_be_empty", client.may_be_empty)):
            if table_name in given:
                spec[key] = given[table_name]
        tables[table_name] = spec
    source: dict[str, Any] = {"kind": "tables", "tables": tables}
    if client.as_of:
        source["as_of"] = client.as_of
    parameters = {"client": {"id": "zoo", "name": "Зоопарк"}, "report": REPORT, "source": source, **client.more}
    path = folder / "zoo.yaml"
    path.write_text(yaml.safe_dump(parameters, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def _write_csv(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([["" if cell is None else _text(cell) for cell in row] for row in rows])


def _text(cell: Any) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _write_xlsx(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    book.save(path)
