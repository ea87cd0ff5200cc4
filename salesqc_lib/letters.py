"""Letters that no text of a report may hold: control characters, marks that turn the direction of a line, and what is no character.

They are invisible, they break pages, or they make a reader see something else than what stands there («gnp.exe» for «exe.png»).
"""

import re
import unicodedata

# as both Python and RE2 (the engine of DuckDB's expressions) read them; tab and the ends of lines are spaces, see `tidy`
_BREAKS = (0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x1F, 0x85, 0x2028, 0x2029)
_RANGES = (
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180E, 0x180E), (0x200B, 0x200B),
    (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xE000, 0xF8FF), (0xFDD0, 0xFDEF), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF), *((plane | 0xFFFE, plane | 0xFFFF) for plane in range(0x10000, 0xF0000, 0x10000)), (0xE0000, 0xE0FFF), (0xF0000, 0x10FFFF),
)  # fmt: skip


def _class(ranges: "tuple[tuple[int, int], ...]", form: str) -> str:
    return "[" + "".join(f"{form % first}-{form % last}" if first != last else form % first for first, last in ranges) + "]"


_LINES = tuple((letter, letter) for letter in _BREAKS)
UNSEEN_SQL = _class((*_RANGES, *_LINES), r"\x{%X}")
BREAKS_SQL = _class(_LINES, r"\x{%X}")
_UNSEEN = re.compile(_class((*_RANGES, (0xD800, 0xDFFF)), r"\U%08x"))
_BREAK = re.compile(_class(_LINES, r"\U%08x"))


def readable(text: str) -> str:
    """A text without letters that cannot be read; what ends a line in some script is a space.

    >>> readable("Ольха\\x00 \\u202egnp.exe"), readable("a\\u2028b"), readable("\\ud83d x")
    ('Ольха gnp.exe', 'a b', ' x')
    """
    return _BREAK.sub(" ", _UNSEEN.sub("", text))


def unreadable_in(text: str) -> str | None:
    """The name of the first letter that cannot be read, such as «U+202E RIGHT-TO-LEFT OVERRIDE»; None where all can."""
    found = _UNSEEN.search(text) or _BREAK.search(text)
    return f"U+{ord(found[0]):04X} {unicodedata.name(found[0], '')}".strip() if found else None
