"""Makes the fallback fonts of the package anew, out of Noto as Debian and npm ship it.

    apt-get install fonts-noto-core fonts-noto-cjk && npm pack @fontsource/noto-emoji && tar xzf fontsource-noto-emoji-*.tgz
    .venv/bin/python docs/fonts.py package/files

Hints are left out (a PDF needs none); of the East Asian characters those of the national standards stay, which is what names are written in.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTCollection, TTFont

NOTO = Path("/usr/share/fonts/truetype/noto")
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
TARGET = Path(__file__).parent.parent / "salesqc_lib" / "show" / "fonts" / "fallback"
SCRIPTS = (
    "NotoSans", "NotoSansHebrew", "NotoSansArabic", "NotoSansThai", "NotoSansArmenian", "NotoSansGeorgian", "NotoSansDevanagari", "NotoSansBengali",
    "NotoSansTamil", "NotoSansEthiopic", "NotoSansKhmer", "NotoSansLao", "NotoSansSymbols", "NotoSansSymbols2",
)  # fmt: skip
MATH = [*range(0x2000, 0x2C00), *range(0x1D400, 0x1D800)]


def small(font: TTFont, letters: Iterable[int] | None, name: str) -> None:
    """Store a font with these letters alone, or with all of its own."""
    options = subset.Options(hinting=False, layout_features=["*"], name_IDs=[0, 1, 2, 4, 6, 13, 14], notdef_outline=True, glyph_names=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(letters) if letters is not None else list(font.getBestCmap()))
    subsetter.subset(font)
    font["head"].modified = font["head"].created  # the same file each time
    TARGET.mkdir(parents=True, exist_ok=True)
    font.save(TARGET / f"{name}.{'otf' if 'CFF ' in font else 'ttf'}")


def of_charset(charset: str, rows: range, cells: range) -> set[int]:
    """The characters of a national standard of two bytes."""
    found: set[int] = set()
    for row in rows:
        for cell in cells:
            try:
                found.update(map(ord, bytes([row, cell]).decode(charset)))
            except UnicodeDecodeError:
                continue
    return found


def east_asian() -> set[int]:
    every, cells = range(0x40, 0xFF), range(0xA1, 0xFF)
    chinese = of_charset("gb2312", range(0xA1, 0xF8), cells) | of_charset("big5", range(0xA4, 0xC7), every)
    japanese = of_charset("euc_jp", range(0xB0, 0xD0), cells) | set(range(0x3040, 0x3100))
    return chinese | japanese | of_charset("euc_kr", range(0xB0, 0xC9), cells) | set(range(0x3000, 0x3040)) | set(range(0xFF00, 0xFFF0))


def main(emoji: Path) -> None:
    for name in SCRIPTS:
        small(TTFont(NOTO / f"{name}-Regular.ttf"), None, name)
    small(TTFont(NOTO / "NotoSansMath-Regular.ttf"), MATH, "NotoSansMath")
    faces = TTCollection(CJK).fonts
    chosen = next(face for face in faces if face["name"].getDebugName(1) == "Noto Sans CJK SC")
    small(chosen, east_asian(), "NotoSansCJK")
    parts = []
    for file in sorted(emoji.glob("noto-emoji-*-400-normal.woff")):
        part = TTFont(file)
        part.flavor = None
        parts.append(Path(f"/tmp/{file.stem}.ttf"))  # noqa: S108 - a script of developers
        part.save(parts[-1])
    small(merge.Merger().merge([str(part) for part in parts]), None, "NotoEmoji")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
