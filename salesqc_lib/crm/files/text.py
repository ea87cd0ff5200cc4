"""Bytes as text: which encoding a file has, found from all of it."""

import codecs
import re
from pathlib import Path

from salesqc_lib.errors import DataError


def encoding_of(path: Path) -> str:
    """UTF-8 where the whole file is valid UTF-8; else UTF-16, windows-1251 where it then reads as Cyrillic, or windows-1252.

    Raises
    ------
    DataError
        None of these reads it.
    """
    with path.open("rb") as file:
        start = file.read(400)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if start[1::2].count(0) > 0.3 * len(start[1::2]):
            return "utf-16-le"
        if start[::2].count(0) > 0.3 * len(start[::2]):
            return "utf-16-be"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        sample = b""
        try:
            while block := file.read(1 << 20):
                sample = sample or block
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            sample += block if block is not sample else b""
            return _of_one_byte(sample, path)
    return "utf-8"


def _of_one_byte(sample: bytes, path: Path) -> str:
    if _is_inside_out(sample.decode("cp1251", errors="replace")):
        return "koi8-r"
    if _share_in_one_alphabet(sample.decode("cp1251", errors="replace"), "А", "я", "Ёё") > 0.9:
        return "cp1251"
    western = sample.decode("cp1252", errors="replace")
    if "�" not in western and _share_of_plain(western) > 0.6:
        return "cp1252"
    raise DataError(
        "the file is neither UTF-8 nor windows-1251 or windows-1252",
        where=str(path),
        cure="save it as «CSV UTF-8», or set «encoding» for this file",
    )


def _is_inside_out(text: str) -> bool:
    """Whether words begin with a small letter and go on with capitals: so looks KOI8 in the alphabet of Windows."""
    words = re.findall(r"[А-Яа-яЁё]{3,}", text)
    return len(words) > 3 and sum(word[0].islower() and word[1:].isupper() for word in words) > 0.5 * len(words)


def decoded(path: Path, encoding: str | None) -> tuple[str, str]:
    """The whole text of a file, and the encoding it had."""
    used = encoding or encoding_of(path)
    try:
        return path.read_text(encoding="utf-8-sig" if used == "utf-8" else used, errors="strict"), used
    except (UnicodeError, LookupError) as error:
        raise DataError(f"the file cannot be read as {used}: {error}", where=str(path), cure="correct «encoding» for this file") from None


def _share_in_one_alphabet(text: str, first: str, last: str, more: str) -> float:
    """The share of the words with letters beyond ASCII that are Russian: another encoding would mix both alphabets in a word."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    own = [word for word in words if all(first <= letter <= last or letter in more for letter in word)]
    return len(own) / len(words) if words else 0.0


def _share_of_plain(text: str) -> float:
    """The share of the words with an accent whose most letters are plain ones, as in Müller: in a wrong reading most are not."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
    plain = [word for word in words if sum(letter.isascii() for letter in word) >= len(word) / 2]
    return len(plain) / len(words) if words else 0.0
