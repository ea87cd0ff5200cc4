"""Every habit in which a table is written reads back as the same table."""

import csv
import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesqc_lib.crm import files
from salesqc_lib.crm.files import header
from salesqc_lib.crm.files.records import flattened, record_lists
from salesqc_lib.crm.intake import Intake
from salesqc_lib.errors import DataError
from salesqc_lib.params.model import Parameters

HEAD = ["ID", "Название", "Бюджет", "Создана"]
ROWS = [
    ["41", "Кухня, ул. «Ленина»", "350 000,50", "02.09.2024 18:37:18"],
    ["42", 'Шкаф "купе"\nбелый', "1200", "03.09.2024 09:00:00"],
    ["43", "Стол", "", "04.09.2024"],
]
SCRATCH = {
    "client": {"id": "x", "name": "X"},
    "report": {"language": "ru", "currency": "RUB", "timezone": "Europe/Moscow"},
    "source": {"kind": "tables"},
}


def read(path: Path, **options: str) -> list[tuple[str | None, ...]]:
    """The rows of a file, its header first."""
    intake = Intake(Parameters.model_validate(SCRATCH), duckdb.connect())
    raw = files.open_file(intake, path, "deals", **options)
    rows = intake.con.execute(f"SELECT * EXCLUDE (__row, __file) FROM {raw} ORDER BY __file, __row").fetchall()
    return [tuple(files.raw_columns(intake, raw)), *(tuple(cell or None for cell in row) for row in rows)]


def table(head: list[str] = HEAD, rows: list[list[str]] = ROWS) -> list[tuple[str | None, ...]]:
    return [tuple(head), *(tuple(cell or None for cell in row) for row in rows)]


def as_csv(rows: list[list[str]], mark: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator=end).writerows(rows)
    return out.getvalue()


def as_html(rows: list[list[str]]) -> str:
    cells = ["".join(f"<td>{cell.replace('&', '&amp;').replace('<', '&lt;')}</td>" for cell in row) for row in rows]
    return "<table border=1><thead>" + "".join(f"<tr>{cell}</tr>" for cell in cells) + "</table>"


def workbook(path: Path, rows: list[list[str]], *sheets: str) -> Path:
    book = openpyxl.Workbook()
    for name in sheets:
        book.create_sheet(name, 0).append(["Пояснения"])
    for row in rows:
        book[book.sheetnames[-1]].append([cell or None for cell in row])
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_of_any_encoding_delimiter_and_line_end(tmp_path: Path, encoding: str, mark: str, end: str) -> None:
    (tmp_path / "a.csv").write_bytes(as_csv([HEAD, *ROWS], mark, end).encode(encoding))
    assert read(tmp_path / "a.csv") == table()


def test_latin_1_reads_as_german(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("Id;Verkäufer;Größe\n1;Jürgen Müller;5\n2;Käthe Weiß;7\n".encode("cp1252"))
    assert read(tmp_path / "a.csv") == [("Id", "Verkäufer", "Größe"), ("1", "Jürgen Müller", "5"), ("2", "Käthe Weiß", "7")]


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n" + as_csv([HEAD, *ROWS], ";"),
        "Сделки за сентябрь\n\nСформирован: 05.10.2024\n" + as_csv([HEAD, *ROWS], ";"),
        as_csv([[*HEAD, ""], *([*row, ""] for row in ROWS)], ";"),  # a delimiter at the end of every line
        as_csv([HEAD, *ROWS, ["Итого", "", "351200,50", ""]], ";"),
        as_csv([HEAD, *ROWS], ";") + "\n\nCopyright (c) 2000-2026 salesforce.com\nConfidential Information - Do Not Distribute\n",
        as_csv([HEAD, *ROWS, ["Grand Totals (3 records)", "", "", ""]], ";"),
    ],
    ids=["sep", "titles above", "trailing delimiter", "total", "footer", "grand total"],
)
def test_what_stands_around_the_table_is_left_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert read(tmp_path / "a.csv") == table()


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(as_csv([HEAD, *ROWS, ["Итого", "", "351200,50", ""]]), encoding="utf-8")
    intake = Intake(Parameters.model_validate(SCRATCH), duckdb.connect())
    files.open_file(intake, tmp_path / "a.csv", "deals")
    assert intake.con.execute("SELECT row, reason, is_row_kept FROM rejected").fetchall() == [(5, "no_record «Итого»", False)]
    assert [(one.code, one.rows) for one in intake.warned] == [("W218", 1)]


def test_a_last_record_with_few_cells_is_no_footer(tmp_path: Path) -> None:
    rows = [[str(i), f"Сделка {i}", "100", f"{i % 28 + 1:02}.09.2024"] for i in range(1, 60)] + [["60", "", "", "05.09.2024"]]
    (tmp_path / "a.csv").write_text(as_csv([HEAD, *rows]), encoding="utf-8")
    assert len(read(tmp_path / "a.csv")) == 61


def test_a_company_called_total_is_a_deal(tmp_path: Path) -> None:
    rows = [["Total Produce", "1", "100", "02.09.2024"], ["Ромашка", "2", "200", "03.09.2024"]]
    (tmp_path / "a.csv").write_text(as_csv([HEAD, *rows]), encoding="utf-8")
    assert read(tmp_path / "a.csv") == table(HEAD, rows)


def test_a_workbook_with_titles_a_merged_header_and_a_total(tmp_path: Path) -> None:
    rows = [
        ["Отчёт по заявкам", "", "", "", ""],
        ["", "", "", "", ""],
        ["№", "Даты", "", "Клиент", "Сумма, руб."],
        ["", "Обращение", "Договор", "", ""],
        ["1", "01.09.2026", "05.09.2026", "Ромашка", "1200"],
        ["2", "02.09.2026", "", "Лютик", "900"],
        ["Итого", "", "", "", "2100"],
    ]
    found = read(workbook(tmp_path / "a.xlsx", rows))
    assert found == [
        ("№", "Обращение", "Договор", "Клиент", "Сумма, руб."),
        ("1", "01.09.2026", "05.09.2026", "Ромашка", "1200"),
        ("2", "02.09.2026", None, "Лютик", "900"),
    ]


def test_a_seller_merged_over_their_deals_stands_beside_each(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Менеджер", "Номер", "Сумма"], ["Анна", 1, 100], [None, 2, 200], ["Борис", 3, 300], [None, 4, None]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.active.merge_cells("A4:A5")
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[1:] == [("Анна", "1", "100"), ("Анна", "2", "200"), ("Борис", "3", "300"), ("Борис", "4", None)]


def test_a_spreadsheet_of_libreoffice(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="{0}"><text:p>{0}</text:p></table:table-cell>'
    date = '<table:table-cell office:value-type="date" office:date-value="2026-09-02T10:30:00"><text:p>02.09.26</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{row}</table:table-row>"
        for row in ("".join(map(cell.format, ("Номер", "Сумма", "Создана"))), number.format("1") + number.format("200.5") + date)
    )
    names = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text"))
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body><office:spreadsheet><table:table table:name="Лист1">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        archive.writestr("content.xml", content)
    assert read(tmp_path / "a.ods") == [("Номер", "Сумма", "Создана"), ("1", "200.5", "2026-09-02T10:30:00")]


def test_groups_of_a_merged_header_tell_equal_names_apart() -> None:
    rows = [["Создание", None, "Закрытие", None], ["Дата", "Кем", "Дата", "Кем"], ["01.02.2026", "Анна", "03.02.2026", "Борис"]]
    assert header.header_at(rows) == 1
    assert header.names_at(rows, 1) == (["Создание Дата", "Создание Кем", "Закрытие Дата", "Закрытие Кем"], 2)


def test_the_first_sheet_with_cells_is_read_and_another_by_its_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *ROWS], "О файле")
    assert read(path, sheet="Sheet") == table()
    with pytest.raises(DataError, match=r"no sheet «Лист»[^→]*→ the sheets are О файле, Sheet"):
        read(path, sheet="Лист")


def test_a_stated_dimension_is_not_believed(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", [HEAD, *ROWS])
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as target:
        for info in source.infolist():
            content = source.read(info)
            target.writestr(info.filename, content.replace(b'<dimension ref="A1:D4"', b'<dimension ref="A1"'))
    assert b'ref="A1"' in zipfile.ZipFile(tmp_path / "b.xlsx").read("xl/worksheets/sheet1.xml")
    assert read(tmp_path / "b.xlsx") == table()


WRITERS: dict[str, Callable[[Path], Path]] = {
    "html.xls": lambda folder: _write(folder / "a.xls", ('<meta charset="windows-1251">' + as_html([HEAD, *ROWS])).encode("cp1251")),
    "json": lambda folder: _write(folder / "a.json", json.dumps([dict(zip(HEAD, row, strict=True)) for row in ROWS]).encode()),
    "jsonl": lambda folder: _write(folder / "a.jsonl", "\n".join(json.dumps(dict(zip(HEAD, row, strict=True))) for row in ROWS).encode()),
    "gz": lambda folder: _write(folder / "a.csv.gz", gzip.compress(as_csv([HEAD, *ROWS]).encode())),
    "zip": lambda folder: _zip(folder / "a.zip", {"deals.csv": as_csv([HEAD, *ROWS]), "__MACOSX/._deals.csv": "x"}),
    "zip of a month each": lambda folder: _zip(folder / "a.zip", {f"{i}.csv": as_csv([HEAD, row]) for i, row in enumerate(ROWS)}),
    "sqlite": lambda folder: _sqlite(folder / "a.sqlite"),
}


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _zip(path: Path, texts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return path


def _sqlite(path: Path) -> Path:
    con = sqlite3.connect(path)
    con.execute(f"CREATE TABLE deals ({', '.join(HEAD)})")
    con.executemany("INSERT INTO deals VALUES (?, ?, ?, ?)", ROWS)
    con.commit()
    con.close()
    return path


@pytest.mark.parametrize("kind", WRITERS)
def test_other_files_read_back_as_the_same_table(tmp_path: Path, kind: str) -> None:
    assert read(WRITERS[kind](tmp_path)) == table()


def test_a_file_inside_an_archive_has_a_path(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"сделки.csv": as_csv([HEAD, *ROWS]), "звонки.csv": "ID;Кто\n1;Анна\n"})
    assert read(path / "сделки.csv") == table()
    assert read(path / "звонки.csv") == [("ID", "Кто"), ("1", "Анна")]


def test_a_query_of_a_database_reaches_nothing_else(tmp_path: Path) -> None:
    from salesqc_lib.crm.files.sqlite import open_sqlite

    path, other = _sqlite(tmp_path / "a.sqlite"), tmp_path / "other.sqlite"
    intake = Intake(Parameters.model_validate(SCRATCH), duckdb.connect())
    for select in (
        f"ATTACH '{other}' AS other",
        "DELETE FROM deals",
        "PRAGMA journal_mode=WAL",
        "SELECT load_extension('x')",
        "SELECT 1; SELECT 2",
    ):
        with pytest.raises(DataError):
            open_sqlite(intake, path, "t", "t", None, select)
    assert not other.exists()
    open_sqlite(intake, path, "t", "t", None, "SELECT ID FROM deals WHERE ID > '41'")
    assert intake.con.execute("SELECT ID FROM t ORDER BY 1").fetchall() == [("42",), ("43",)]


@pytest.mark.parametrize(
    ("document", "lists"),
    [
        ({"_embedded": {"leads": [{"id": 1}]}, "_page": 1}, {"leads": 1}),
        ([{"_embedded": {"leads": [{"id": 1}]}}, {"_embedded": {"leads": [{"id": 2}]}}], {"leads": 2}),
        ({"result": [{"ID": "1"}], "total": 1}, {"rows": 1}),
        ({"result": {"items": [{"id": 1}]}}, {"items": 1}),
        ({"results": [{"id": "1", "properties": {"amount": "5"}}], "paging": {}}, {"rows": 1}),
        ({"success": True, "data": [{"id": 1}]}, {"rows": 1}),
        ({"id": 7, "price": 5, "_embedded": {"tags": []}}, {"rows": 1}),
    ],
    ids=["HAL", "pages of HAL", "result", "result with items", "HubSpot", "Pipedrive", "one record"],
)
def test_envelopes_are_opened(tmp_path: Path, document: object, lists: dict[str, int]) -> None:
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    assert {name: len(records) for name, records in record_lists(tmp_path / "a.json")[0].items()} == lists


def test_a_record_is_laid_flat() -> None:
    record = {
        "id": "19619",
        "custom_fields_values": [{"field_id": "1", "field_name": "Город", "values": [{"value": "Тверь"}]}],
        "value_after": [{"lead_status": {"id": "142", "pipeline_id": "9"}}],
        "properties": {"amount": "50.00"},
        "_links": {"self": {"href": "x"}},
        "result": [],
    }
    assert flattened(record) == {
        "id": "19619", "Город": "Тверь", "value_after.lead_status.id": "142", "value_after.lead_status.pipeline_id": "9", "amount": "50.00", "result": None,
    }  # fmt: skip


def test_ids_of_nineteen_digits_keep_them(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"id": 1234567890123456789, "x": 1.50}, {"id": 9007199254740993, "x": 2}]', encoding="utf-8")
    assert read(tmp_path / "a.json") == [("id", "x"), ("1234567890123456789", "1.50"), ("9007199254740993", "2")]


CELL = st.text("абвXYZ019 ,;|\"'\n.-", max_size=12).map(lambda text: " ".join(text.split(" ")).strip())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(1, 10**9).map(str), CELL, CELL, CELL).map(list), min_size=3, max_size=8),
    mark=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
)
def test_any_text_in_any_habit_reads_back(tmp_path: Path, rows: list[list[str]], mark: str, encoding: str) -> None:
    head = ["Номер", "Имя клиента", "Товар", "Комментарий"]
    (tmp_path / "a.csv").write_bytes(as_csv([head, *rows], mark, "\n").encode(encoding))
    assert read(tmp_path / "a.csv") == table(head, rows)


def test_an_unusual_packing_is_no_password(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"deals.csv": as_csv([HEAD, *ROWS])})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(mark) + place] = 97  # a method of packing that nobody knows
    path.write_bytes(bytes(content))
    with pytest.raises(DataError, match="packed in an unusual way"):
        read(path)


def test_parquet_in_an_archive_and_under_a_name_like_a_pattern(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from salesqc_lib.dataset import Dataset
    from salesqc_lib.params import read as parameters

    pq.write_table(pa.table({"deal_id": ["1"], "created_at": ["2026-01-01"]}), tmp_path / "deals [1].parquet")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "deals [1].parquet", "deals.parquet")
    for name in ("deals [1].parquet", "a.zip/deals.parquet"):
        file = tmp_path / "x.yaml"
        file.write_text(
            f"client: {{id: x, name: X}}\nreport: {{language: en, currency: EUR, timezone: UTC}}\nsource: {{kind: tables, tables: {{deals: {{path: '{name}'}}}}}}\n",
            encoding="utf-8",
        )
        assert Dataset.read(parameters(file)).rows["deals"] == 1
