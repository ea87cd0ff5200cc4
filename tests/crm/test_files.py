"""Export files as they come: encodings, dialects, headers, and files that are not what their name says."""

from pathlib import Path

import openpyxl
import pytest

from salesqc_lib.crm.files import header_names
from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import DataError, InputError
from salesqc_lib.params import read
from tests.conftest import HEAD

ROWS = [["Номер", "Создана", "Продавец"], ["1", "01.01.2026 10:00:00", "Анна"], ["2", "15.01.2026", "Борис; младший"]]
SOURCE = """source:
  kind: tables
  tables:
    deals: {{path: {name}, columns: {{deal_id: Номер, created_at: Создана, manager: Продавец}}{more}}}
"""


def dataset(folder: Path, name: str, more: str = "") -> Dataset:
    path = folder / "x.yaml"
    path.write_text(HEAD + SOURCE.format(name=name, more=more), encoding="utf-8")
    return Dataset.read(read(path))


def deals(folder: Path, name: str, more: str = "") -> list[tuple[str, str, str]]:
    return (
        dataset(folder, name, more)
        .con.execute("SELECT deal_id, strftime(created_at, '%Y-%m-%d %H:%M'), manager FROM canonical.deals ORDER BY 1")
        .fetchall()
    )


EXPECTED = [("1", "2026-01-01 10:00", "Анна"), ("2", "2026-01-15 00:00", "Борис; младший")]


def as_csv(delimiter: str, end: str = "\n") -> str:
    return "".join(delimiter.join(f'"{cell}"' for cell in row) + end for row in ROWS)


@pytest.mark.parametrize(
    "data",
    [
        as_csv(",").encode(),
        as_csv(";").encode("utf-8-sig"),
        as_csv("\t", "\r\n").encode(),
        as_csv(";", ";\n").encode(),  # Bitrix24 ends each line with a delimiter
        as_csv(";").encode("cp1251"),
        as_csv(",").encode("utf-16"),
    ],
    ids=["utf-8", "bom and semicolon", "tab and crlf", "trailing semicolon", "cp1251", "utf-16"],
)
def test_every_usual_dialect_gives_the_same_deals(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "deals.csv").write_bytes(data)
    assert deals(tmp_path, "deals.csv") == EXPECTED


def test_a_cp1251_file_is_read_and_told_of(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_bytes(as_csv(";").encode("cp1251"))
    (warned,) = [one for one in dataset(tmp_path, "deals.csv").intake.warned if one.code == "W210"]
    assert warned.file == "deals.csv"
    assert "read as cp1251, not UTF-8" in warned.seen("en")


def test_a_file_in_no_known_encoding_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_bytes("Id,Prodejce\n1,Řehoř Šťáva, žďář\n".encode("cp852"))
    with pytest.raises(DataError, match=r"neither UTF-8 nor windows-1251[^→]*→ save it as «CSV UTF-8»"):
        deals(tmp_path, "deals.csv")


def test_xlsx_with_dates_and_numbers(tmp_path: Path) -> None:
    from datetime import datetime

    book = openpyxl.Workbook()
    book.active.append(ROWS[0])
    book.active.append([1, datetime(2026, 1, 1, 10), "Анна"])  # noqa: DTZ001 - a spreadsheet has no zones
    book.active.append([2, datetime(2026, 1, 15), "Борис; младший"])  # noqa: DTZ001
    book.save(tmp_path / "deals.xlsx")
    assert deals(tmp_path, "deals.xlsx") == EXPECTED


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    import duckdb

    duckdb.connect().execute(
        f"COPY (SELECT * FROM (VALUES (1, TIMESTAMP '2026-01-01 10:00:00', 'Анна'), (2, TIMESTAMP '2026-01-15', 'Борис; младший')) t(\"Номер\", \"Создана\", \"Продавец\")) TO '{tmp_path}/deals.parquet'"
    )
    assert deals(tmp_path, "deals.parquet") == EXPECTED


def test_several_files_are_put_together_and_a_repeated_deal_is_set_aside(tmp_path: Path) -> None:
    for name in ("a_1.csv", "a_2.csv"):
        (tmp_path / name).write_text(as_csv(","), encoding="utf-8")
    data = dataset(tmp_path, "a_*.csv")
    assert data.rows["deals"] == 2
    assert data.con.execute("SELECT reason, deal_id FROM aside.deals ORDER BY ALL").fetchall() == [("replaced", "1"), ("replaced", "2")]
    assert [one.rows for one in data.intake.warned if one.code == "W201"] == [2]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        ("Номер,Создана,Продавец\n".encode(), "the export has a header but no rows"),
        (b"\x00\x01\x02 nothing", "this is no table: the file holds binary data"),
        (
            "Номер,Создана,Продавец\n1,2026-01-01,А\n1,2026-01-01,А\n1,2026-01-01,А\n".encode(),
            "2 of 3 rows of deals cannot be used: duplicate:deal_id (2 rows)",
        ),
        (b"<html><title>Log in</title><form></form>", "this is a web page without a table («Log in»)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "the workbook cannot be opened"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "the workbook is protected by a password",
        ),
        (b"PK\x03\x04 half a workbook", "the file is cut off or damaged"),
        (b"%PDF-1.7", "this is a PDF: its tables cannot be read back"),
        (b'{"result": [{"ID": "1", "TITLE": ', "the JSON is cut off"),
        (
            b'{"error": "expired_token", "error_description": "The access token has expired"}',
            "an error message of the CRM's interface, no data: «The access token has expired»",
        ),
        (b"\x1f\x8b\x08\x00 no archive", "the archive is cut off or damaged"),
        (b"SQLite format 3\x00" + bytes(50), "the database cannot be read"),
        ("Номер,Создано,Продавец\n1,2026-01-01,А\n".encode(), "has no column «Создана»\n  → did you mean «Создано»?"),
        ("Номер,Создана,Продавец\n1,завтра,А\n".encode(), "no value of created_at can be read as a date: «завтра»"),
        ("Номер,Создана,Продавец\n1,01/02/2026,А\n".encode(), "can be read in two ways, %d/%m/%Y or %m/%d/%Y"),
    ],
    ids=[
        "empty",
        "no rows",
        "binary",
        "mostly duplicates",
        "web page",
        "old workbook",
        "password",
        "half a workbook",
        "pdf",
        "half a json",
        "an error",
        "half a gz",
        "half a database",
        "missing column",
        "no date",
        "ambiguous date",
    ],
)
def test_a_wrong_file_says_what_is_wrong_and_what_to_do(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "deals.csv").write_bytes(content)
    with pytest.raises(DataError) as error:
        deals(tmp_path, "deals.csv")
    assert message in error.value.text
    assert "→" in error.value.text


def test_a_missing_file_lists_what_lies_there(tmp_path: Path) -> None:
    (tmp_path / "deals 2026.csv").write_text("x")
    with pytest.raises(InputError, match=r"no such file: deals.csv[^→]*→ in that folder there are: deals 2026.csv"):
        deals(tmp_path, "deals.csv")


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").mkdir()
    with pytest.raises(InputError, match=r"deals.csv is a folder, not a file"):
        deals(tmp_path, "deals.csv")


def test_a_workbook_with_a_csv_name_is_read_as_what_it_is(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    (tmp_path / "book.xlsx").rename(tmp_path / "deals.csv")
    assert deals(tmp_path, "deals.csv") == EXPECTED


def test_a_given_date_format_settles_an_ambiguity(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Номер,Создана,Продавец\n1,01/02/2026,А\n", encoding="utf-8")
    path = tmp_path / "x.yaml"
    text = SOURCE.format(name="deals.csv", more="").replace("created_at: Создана", "created_at: {column: Создана, format: '%m/%d/%Y'}")
    path.write_text(HEAD + text, encoding="utf-8")
    assert Dataset.read(read(path)).con.execute("SELECT strftime(created_at, '%Y-%m-%d') FROM canonical.deals").fetchall() == [
        ("2026-01-02",)
    ]


def test_ids_that_have_lost_digits_are_refused(tmp_path: Path) -> None:
    import duckdb

    duckdb.connect().execute(
        f"COPY (SELECT 1234567890123456789::DOUBLE AS \"Номер\", TIMESTAMP '2026-01-01' AS \"Создана\", 'А' AS \"Продавец\") TO '{tmp_path}/deals.parquet'"
    )
    with pytest.raises(DataError, match="last digits are lost"):
        deals(tmp_path, "deals.parquet")


def test_a_19_digit_id_stays_whole(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Номер,Создана,Продавец\n1234567890123456789,2026-01-01,А\n", encoding="utf-8")
    assert deals(tmp_path, "deals.csv")[0][0] == "1234567890123456789"


def test_repeated_and_dirty_headers() -> None:
    assert header_names(["Бюджет\xa0", "Товар", " товар ", ""]) == ["Бюджет", "Товар", "товар (2)", "column 4"]


def test_all_faults_of_a_client_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("Id,Created,Closed,State\n1,never,01.02.2026,maybe\n2,soon,02.02.2026,perhaps\n", encoding="utf-8")
    (tmp_path / "x.yaml").write_text(
        "client: {id: x, name: X}\nreport: {language: en, currency: EUR, timezone: UTC}\nsource:\n  kind: tables\n  tables:\n"
        "    deals: {path: deals.csv, columns: {deal_id: Id, created_at: Created, closed_at: Closed, outcome: State}}\n"
        "    tasks: {path: tasks.csv}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as caught:
        Dataset.read(read(tmp_path / "x.yaml"))
    told = caught.value.text
    assert "no value of created_at can be read as a date: «never», «soon»" in told
    assert "deals.outcome has values that are not known: «maybe» (1 rows), «perhaps» (1 rows)" in told
    assert "no such file: tasks.csv" in told
