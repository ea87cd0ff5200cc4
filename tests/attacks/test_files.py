"""Broken files, bombs and what is no file: each is refused in words that name it, or read for what can be read; none takes the memory or the
disk, and none brings a traceback."""

import gzip
import io
import json
import os
import random
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest

from salesqc_lib import limits
from salesqc_lib.crm import files
from salesqc_lib.crm.intake import Intake
from salesqc_lib.errors import DataError
from salesqc_lib.params.model import Parameters
from tests.crm.test_readers import SCRATCH

CSV = "ID,Created,Manager,Sum\n" + "".join(f"{i},2026-01-{i % 28 + 1:02},Ann,{i * 10}\n" for i in range(1, 40))
SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'


def workbook(rows: list[list[object]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows or [["ID", "Created", "Sum"], [1, "2026-01-05", 5], [2, "2026-01-06", 7]]:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A workbook one of whose parts is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part.filename))
        new.writestr(name, content)
    return out.getvalue()


def sheet(rows: str) -> bytes:
    return with_part("xl/worksheets/sheet1.xml", SHEET.replace("{rows}", rows).encode())


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def database(*statements: str) -> bytes:
    con = sqlite3.connect(":memory:")
    for statement in statements:
        con.execute(statement)
    con.commit()
    return con.serialize()


def ods(row: str) -> bytes:
    body = f'<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="a">{row}</table:table></office:spreadsheet></office:body></office:document-content>'
    return packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_dot_xml=body.encode())


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)  # noqa: S311 - the same noise each time


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 10) for c in range(97, 107))
    + b"]>"
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>ID</t></is></c><c r="B1" t="inlineStr"><is><t>Sum</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>'
ZEROS = bytes(1 << 20)

# name of the file: its content
BROKEN: dict[str, bytes | Callable[[], bytes]] = {
    "empty.csv": b"", "spaces.csv": b"  \n \n", "header.csv": b"ID,Created\n", "bom.csv": b"\xef\xbb\xbf", "nul.csv": b"ID,Created\n1,\x00\x00\n" * 3, "binary.csv": noise(5000), "one line.csv": b"x" * 50_000,
    "quote.csv": (CSV + '40,"2026-01-01,Ann,1\n' + CSV).encode(), "quotes.csv": b'"' * 10_000, "commas.csv": b"," * 40_000 + b"\n" + b"1," * 40_000, "columns.csv": (",".join(f"c{i}" for i in range(30_000)) + "\n" + ",".join("1" * 30_000)).encode(),
    "cell.csv": b"ID,Created,Remark\n1,2026-01-01,a\n2,2026-01-02," + b"x" * 1_200_000 + b"\n", "utf16 cut.csv": CSV.encode("utf-16")[:-1], "utf32.csv": CSV.encode("utf-32"), "half a letter.csv": "ID,Имя\n1,Анна\n".encode()[:-2],
    "mixed.csv": "ID,Имя\n1,Анна\n".encode() + "2,Анна\n".encode("cp1251") * 3, "koi8.csv": ("ID,Имя\n" + "1,Анна Смирнова\n" * 20).encode("koi8-r"), "carriage.csv": CSV.replace("\n", "\r").encode(), "ragged.csv": b"ID,Created\n1\n1,2,3,4\n,,,\n",
    "plain.gz": CSV.encode(), "plain.csv.zst": CSV.encode(), "offset.zip": lambda: packed(a_dot_csv=CSV.encode())[:-6] + b"\xff\xff\xff\x7f\x00\x00",
    "no name.zip": lambda: packed(a_dot_csv=CSV.encode()).replace(b"a.csv", b"\x00.csv"),
    "version.zip": lambda: packed(a_dot_csv=CSV.encode()).replace(b"PK\x01\x02\x14\x03\x14\x00", b"PK\x01\x02\x14\x03\xeb\x00"), "stray nul.csv": (CSV + "40,2026-01-02,A\x00nn,4\n").encode(),
    "not xlsx.xlsx": b"hello", "cut.xlsx": lambda: workbook()[:-200], "middle.xlsx": lambda: workbook()[:800] + noise(400) + workbook()[1200:], "no sheet.xlsx": lambda: packed(xl__workbook_dot_xml=b"<workbook/>"),
    "empty sheet.xlsx": lambda: sheet(""), "no xml.xlsx": lambda: with_part("xl/worksheets/sheet1.xml", b"\x00\x01 no xml"), "open tag.xlsx": lambda: with_part("xl/worksheets/sheet1.xml", SHEET.encode()[:90]),
    "entities.xlsx": lambda: with_part("xl/sharedStrings.xml", ENTITIES + b"<sst><si><t>&k;</t></si></sst>"), "outside.xlsx": lambda: with_part("xl/worksheets/sheet1.xml", OUTSIDE + SHEET.replace("{rows}", CELL.replace("ID", "&x;")).encode()),
    "far corner.xlsx": lambda: sheet(CELL + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "far corner unsorted.xlsx": lambda: sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + CELL),
    "beyond.xlsx": lambda: sheet(CELL + '<row r="999999999"><c r="ZZZ999999999"><v>1</v></c></row>'), "no row.xlsx": lambda: sheet(CELL + '<row r="0"><c r="A0"><v>1</v></c></row>'), "no reference.xlsx": lambda: sheet('<row><c r="??"><v>1</v></c></row>'),
    "wide.xlsx": lambda: workbook([[f"c{i}" for i in range(5000)], list(range(5000))]), "string index.xlsx": lambda: sheet('<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>'), "numbers.xlsx": lambda: sheet(CELL + '<row r="3"><c r="A3"><v>1e999</v></c><c r="B3"><v>nan</v></c></row>'),
    "repeated.ods": lambda: ods('<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/></table:table-row>'),
    "cut.ods": lambda: ods("<table:table-row>")[:-60], "bomb.xlsx": lambda: with_part("xl/worksheets/sheet1.xml", SHEET.split("{rows}")[0].encode() + ZEROS * 150), "shared bomb.xlsx": lambda: with_part("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 30_000_000),
    "bomb.gz": lambda: gzip.compress(ZEROS * 200, 9), "bomb in bomb.gz": lambda: gzip.compress(gzip.compress(ZEROS * 200, 9)), "cut.gz": lambda: gzip.compress(CSV.encode())[:-12], "no gz.gz": b"\x1f\x8b" + noise(300), "empty.gz": lambda: gzip.compress(b""),
    "bomb.zip": lambda: packed(a_dot_csv=ZEROS * 150), "zip in zip.zip": lambda: packed(a_dot_zip=packed(b_dot_csv=CSV.encode())), "empty.zip": lambda: packed(), "many.zip": lambda: packed(**{f"f{i}_dot_csv": b"" for i in range(10_050)}),
    "climbing.zip": lambda: packed(**{"__".join([".."] * 4) + "__pwned_dot_csv": b"\x00\x01\x02"}), "cut.zip": lambda: packed(a_dot_csv=CSV.encode())[:-30], "noise in zip.zip": lambda: packed(a_dot_csv=noise(3000)),
    "lying size.zip": lambda: packed(a_dot_csv=ZEROS * 120).replace((120 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little")),
    "deep.json": b"[" * 100_000, "deep objects.json": b'{"a":' * 50_000, "cut.json": b'[{"id": 1}, {"id"', "error.json": b'{"error": "expired_token", "error_description": "x"}', "numbers.json": b"[1, 2, 3]", "empty list.json": b"[]", "nan.json": b'[{"id": NaN, "x": Infinity}]',
    "surrogates.json": b'[{"id": "\\ud83d", "name": "\\udc00x"}]', "keys.json": lambda: json.dumps([{f"k{i}": i for i in range(8000)}]).encode(), "long key.json": lambda: json.dumps([{"k" * 100_000: 1, "id": 2}]).encode(), "nul key.json": b'[{"\\u0000": 1, "id": 2}]',
    "login.html": b"<html><title>Log in</title><body>please</body></html>", "span.html": b"<table>" + b"<tr><td colspan=999999999 rowspan=999999999>a</td></tr>" * 20 + b"</table>", "nested.html": b"<table><tr><td>" * 5000, "entities.html": ENTITIES + b"<table><tr><td>&k;</td></tr><tr><td>1</td></tr></table>",
    "index.xls": b'<?xml version="1.0"?><Workbook><Worksheet><Table><Row><Cell ss:Index="999999999"><Data>a</Data></Cell></Row><Row><Cell>1</Cell></Row></Table></Worksheet></Workbook>',
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(3000), "cut.parquet": b"PAR1" + noise(500), "lying.parquet": b"PAR1" + noise(200) + b"\xff\xff\xff\x7fPAR1",
    "cut.sqlite": lambda: database("CREATE TABLE a (id)", "INSERT INTO a VALUES (1)")[:3000], "noise.sqlite": b"SQLite format 3\x00" + noise(4000), "no table.sqlite": lambda: database("CREATE TABLE a (id)", "DROP TABLE a"),
    "endless.sqlite": lambda: database("CREATE VIEW v AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n FROM t) SELECT n FROM t"), "bytes.sqlite": lambda: database("CREATE TABLE a (id, x)", "INSERT INTO a VALUES (1, CAST(x'ff00fe' AS TEXT)), (2, zeroblob(100))"),
    "a.pdf": b"%PDF-1.7 " + noise(200), "a.rar": b"Rar!\x1a\x07" + noise(200), "a.png": b"\x89PNG\r\n\x1a\n" + noise(100), "script.csv": b"#!/bin/sh\nrm -rf /\n", "page.csv": b"<!DOCTYPE html><script>alert(1)</script>",
}  # fmt: skip
READABLE = {
    "plain.gz",
    "plain.csv.zst",
    "stray nul.csv",
    "koi8.csv",
    "utf32.csv",
    "commas.csv",
    "middle.xlsx",
    "nul.csv",
    "carriage.csv",
    "ragged.csv",
    "utf16 cut.csv",
    "half a letter.csv",
    "numbers.xlsx",
    "surrogates.json",
    "long key.json",
    "nul key.json",
    "nan.json",
    "bytes.sqlite",
    "outside.xlsx",
    "no row.xlsx",
    "script.csv",
    "entities.html",
    "climbing.zip",
    "spaces.csv",
    "entities.xlsx",
    "mixed.csv",
    "one line.csv",
    "no reference.xlsx",
}  # fmt: skip - what may be read, for what is readable of it


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_or_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "QUERY_SECONDS", 1)
    (tmp_path / "room").mkdir()
    content = BROKEN[name]
    path = tmp_path / "room" / name
    path.write_bytes(content() if callable(content) else content)
    intake = Intake(Parameters.model_validate(SCRATCH), duckdb.connect(config={"memory_limit": "1GB"}))
    told = ""
    try:
        for part in list(files.sheets_of(path, intake.scratch)) or [files.Part(path)]:
            files.open_file(intake, part.path, "deals", sheet=part.sheet)
    except DataError as error:
        told = str(error)
    assert told or name in READABLE, "it was read as if it were whole"
    assert not told or (name in told and "→" in told and len(told) < 1500)
    assert "root:" not in str(intake.con.execute("SELECT * FROM duckdb_tables()").fetchall())
    for (raw,) in intake.con.execute("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'raw%'").fetchall():
        assert "root:x:" not in str(intake.con.execute(f"SELECT * FROM {raw}").fetchall())
    assert sorted(file.name for file in tmp_path.iterdir()) == ["room"]
    assert [file.name for file in path.parent.iterdir()] == [name]


def test_there_are_files_enough() -> None:
    assert len(BROKEN) >= 70


@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "folder"])
def test_what_is_no_file(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    path = tmp_path / "deals.csv"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            monkeypatch.chdir(tmp_path)  # the name of a socket is short
            made.bind(path.name)
    else:
        path.mkdir()
    intake = Intake(Parameters.model_validate(SCRATCH), duckdb.connect())
    with pytest.raises(DataError, match="no file but a pipe, a device or a folder"):
        files.open_file(intake, path, "deals")


def test_limits_can_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("ID,Created,Remark\n1,2026-01-01,a\n2,2026-01-02," + "x" * 1_200_000 + "\n")
    monkeypatch.setattr(limits, "CELL_LETTERS", 2_000_000)
    intake = Intake(Parameters.model_validate(SCRATCH), duckdb.connect())
    files.open_file(intake, tmp_path / "deals.csv", "deals")
    assert intake.files[0].rows == 2


@pytest.mark.parametrize("value", ["many", "-1", "0", "1.5", ""])
def test_a_limit_that_is_none_is_told(value: str) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "salesqc_lib.cli", "check", "nobody.yaml"],
        env={**os.environ, "SALESQC_COLUMNS": value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "SALESQC_COLUMNS" in done.stderr
