"""Which letters the fonts of the package can draw: an accessible PDF refuses a text of which one letter has no glyph.

The family itself has Latin, Greek and Cyrillic. What it lacks is drawn by the fallback fonts (Noto: symbols, emoji, East Asian, Arabic, Hebrew,
Thai and others); what these lack too is shown as «�», so that a letter never costs a report.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from salesqc_lib.letters import readable
from salesqc_lib.show.forms.theme import fonts

MISSING = "\ufffd"
# scripts whose letters merge into others: a picture cannot say any more which letters they were, and an accessible PDF refuses it
_MERGING = re.compile("[\u0530-\u058f\u0600-\u06ff\u0750-\u077f\u08a0-\u0eff\u1000-\u109f\u1780-\u17ff\ufb13-\ufb17]+")
_KEYCAP = re.compile("[\ufe00-\ufe0f]?\u20e3")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+")
_JOINERS = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")
_MARKED = re.compile("(.)([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+)", re.DOTALL)


def drawable(text: str, *, is_picture: bool = False, is_plain: bool = False, without_merging: bool = False) -> str:
    """A text, or the source of a picture, with «�» for each letter that no font can draw.

    `is_picture`: letters are drawn one by one, so what joins them is left out. `is_plain`: the family alone is counted on.
    `without_merging`: scripts whose letters merge are left out.

    >>> drawable("1\\ufe0f\\u20e3 \\U0001f1f7\\U0001f1fa \\U00012000")
    '1 RU �'
    """
    text = readable(text)
    if text.isascii():
        return text
    text = _KEYCAP.sub("", unicodedata.normalize("NFC", text))
    text = _FLAG.sub(lambda flag: "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in flag[0]), text)
    text = _MARKED.sub(lambda found: found[1] + ("" if is_picture else "".join(mark for mark in found[2] if mark in _family())), text)
    if without_merging:
        text = _MERGING.sub(MISSING, text)
    if is_picture:
        text = _JOINERS.sub("", text)
    missing = {letter for letter in set(text) if not letter.isascii()} - _family()
    if not is_plain:
        for file in sorted((fonts() / "fallback").glob("*.[ot]tf")) if missing else ():
            missing -= _letters(file)
    return text.translate({ord(letter): "" if unicodedata.category(letter) in ("Mn", "Mc", "Cf") else MISSING for letter in missing})


@cache
def _family() -> frozenset[str]:
    """What every weight of the family has: a heading is set in another than its text."""
    return frozenset.intersection(*(_letters(file) for file in sorted(fonts().glob("*.ttf"))))


@cache
def _letters(file: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    with TTFont(file, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))
