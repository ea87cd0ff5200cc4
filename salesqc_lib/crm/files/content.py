"""What a file is, by its content: its ending is only a claim."""

import codecs
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path

from salesqc_lib.errors import DataError


class Content(StrEnum):
    """The kinds of files that are read."""

    CSV = "CSV"
    WORKBOOK = "workbook"  # XLSX, XLSB, XLS, ODS
    WEB = "web table"  # HTML or XML, often with an Excel name
    JSON = "JSON"
    PARQUET = "Parquet"
    SQLITE = "SQLite"
    ZIP = "zip"
    GZIP = "gzip"


_SAVE = "open it where it was made and save it as XLSX or CSV"
# how other files begin: what they are and what to do
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF: its tables cannot be read back", "export the list itself from the CRM, as CSV or XLSX"),
    (b"\x89PNG", "a picture", "export the list itself from the CRM, as CSV or XLSX"),
    (b"\xff\xd8\xff", "a picture", "export the list itself from the CRM, as CSV or XLSX"),
    (b"GIF8", "a picture", "export the list itself from the CRM, as CSV or XLSX"),
    (b"Rar!", "a RAR archive", "unpack it, or pack it as zip"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it, or pack it as zip"),
    (b"{\\rtf", "a text of a word processor", "export the list itself from the CRM, as CSV or XLSX"),
    (b"PGDMP", "a backup of a PostgreSQL database", "restore it, and name the database as a connection"),
    (b"\x00\x01\x00\x00Standard", "an Access database", "export its tables as CSV or XLSX"),
    (b"BZh", "a bzip2 archive", "unpack it, or pack it as zip"),
    (b"\xfd7zXZ", "an xz archive", "unpack it, or pack it as zip"),
    (b"(\xb5/\xfd", "a zstd archive", "unpack it, or pack it as zip"),
)
_HEAD = 4096
_CONTROL = frozenset({*range(0x09), *range(0x0E, 0x20)} - {0x1A, 0x1B})
MOST_CONTROL = 0.02  # of the bytes of a text: a stray one in a name is no reason to refuse the file


def content_of(path: Path) -> Content:
    """The kind of a file.

    Raises
    ------
    DataError
        It is empty, protected by a password, cut off, or of a kind that holds no table.
    """
    if path.stat().st_size == 0:
        raise DataError("the file is empty", where=str(path), cure="export it again; an export with no deals still has a header")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for start, what, cure in _OTHERS:
        if head.startswith(start):
            raise DataError(f"this is {what}", where=str(path), cure=cure)
    if head.startswith(b"PK"):
        return _zipped(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound(path)
    for start, content in ((b"\x1f\x8b", Content.GZIP), (b"PAR1", Content.PARQUET), (b"SQLite format 3\x00", Content.SQLITE)):
        if head.startswith(start):
            return content
    return _text(head, path)


def _zipped(path: Path) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            is_locked = any(member.flag_bits & 1 for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError, EOFError):  # a table of contents may say anything
        raise DataError(
            "the file is cut off or damaged: its table of contents is missing",
            where=str(path),
            cure="copy or download it again, and wait until it is whole",
        ) from None
    if is_locked:
        raise DataError("the archive is protected by a password", where=str(path), cure="unpack it, and give the files in it")
    if any(name.startswith("xl/workbook") for name in names):
        return Content.WORKBOOK
    if "content.xml" in names:
        if "mimetype" not in names or b"opendocument.spreadsheet" in _part(path, "mimetype"):
            return Content.WORKBOOK
        raise DataError("this is an OpenDocument file, but no spreadsheet", where=str(path), cure=_SAVE)
    if any(name.startswith("word/") for name in names):
        raise DataError("this is a Word document", where=str(path), cure="export the list itself from the CRM, as CSV or XLSX")
    if any(name.startswith("ppt/") for name in names):
        raise DataError("this is a presentation", where=str(path), cure="export the list itself from the CRM, as CSV or XLSX")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise DataError("this is a spreadsheet of Apple Numbers", where=str(path), cure="in Numbers: File → Export to → Excel or CSV")
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".ods"):
        raise DataError("the workbook has no sheets in it: it is damaged, or a plain zip archive", where=str(path), cure=_SAVE)
    return Content.ZIP


def _part(path: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise DataError(f"«{name}» in it is damaged: {error}", where=str(path), cure="copy or download it again") from None


def _compound(path: Path) -> Content:
    with path.open("rb") as file:
        start = file.read(1 << 20)
    named = {name for name in ("EncryptedPackage", "Workbook", "Book", "WordDocument", "__substg1.0_") if name.encode("utf-16-le") in start}
    if "EncryptedPackage" in named:
        raise DataError(
            "the workbook is protected by a password", where=str(path), cure="take the protection off in Excel and save it again"
        )
    if not {"Workbook", "Book"} & named and {"WordDocument", "__substg1.0_"} & named:
        raise DataError(
            "this is an old Word document or a letter of Outlook", where=str(path), cure="export the list itself, as CSV or XLSX"
        )
    return Content.WORKBOOK


def _text(head: bytes, path: Path) -> Content:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Content.CSV
    if sum(byte in _CONTROL for byte in head) > MOST_CONTROL * len(head) and not _is_utf16(head):
        raise DataError("this is no table: the file holds binary data", where=str(path), cure="export CSV, XLSX, JSON or Parquet")
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"<"):
        return Content.WEB
    if start.startswith(b"{") or (start.startswith(b"[") and start[1:].lstrip()[:1] in (b"{", b"[", b"]")):
        return Content.JSON
    return Content.CSV


def _is_utf16(head: bytes) -> bool:
    """UTF-16 without its mark: every second byte of plain letters is zero."""
    return len(head) > 8 and (head[1:200:2].count(0) > 60 or head[0:200:2].count(0) > 60)
