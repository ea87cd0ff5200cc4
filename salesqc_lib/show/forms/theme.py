"""The design system of a report: one palette, type scale and family for tables, charts, the page in a browser and the one on paper.

Colours are told apart in greyscale and with colour-blindness (blue against vermilion, of unequal lightness); a verdict never stands
on colour alone but has its mark too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Palette:
    """Colours by what they are for."""

    ink: str  # text
    quiet: str  # what stands back: notes, axes
    rule: str  # lines
    wash: str  # ground of boxes
    paper: str
    good: str
    bad: str
    warn: str
    plain: str  # marks of charts that say nothing special


LIGHT = Palette("#1b2a33", "#56646e", "#d5dbe0", "#f4f6f7", "#ffffff", "#0b6e99", "#b5400a", "#8a5a00", "#7c8994")
DARK = Palette("#e4eaee", "#a3b1bb", "#3a4851", "#1b262d", "#12191e", "#6bbbe3", "#f08f5f", "#e2b354", "#8d9aa5")
INK, QUIET, RULE, PAPER = LIGHT.ink, LIGHT.quiet, LIGHT.rule, LIGHT.paper
GOOD, BAD, PLAIN = LIGHT.good, LIGHT.bad, LIGHT.plain
# the notation of charts (after ISO 24896): what is, in ink; what was, in light grey; plan and target, an outline; the client's accent
# stands in rules and links and never in a mark of data
ACTUAL, PREVIOUS, PLAN = LIGHT.ink, "#b8c1c8", LIGHT.ink
# type sizes as multiples of the body: the same scale on paper (body 9.5 pt) and in a browser (16 px)
SCALE = {"small": 0.85, "table": 0.9, "lead": 1.15, "h3": 1.1, "h2": 1.25, "number": 1.9, "h1": 1.6, "verdict": 2.1, "title": 3.2}
BODY = 9.5  # pt
HALO = "#fefefe"  # behind names in figures: the page's ground, while white itself stays white on coloured cells
FAMILY = "IBM Plex Sans"
WIDTH = 7.0  # inches: the text width of an A4 page (178 mm)
GUTTER = 0.157  # inches between the columns of its grid (4 mm)
MARKS = {"better": "▲", "worse": "▼", "same": "=", "unknown": ""}
COLOURS = {"better": GOOD, "worse": BAD, "same": PLAIN, "unknown": PLAIN}
SHAPES = {"better": "^", "worse": "v", "same": "o", "unknown": "o"}
READABLE = 4.5  # contrast of text, WCAG 2.2 level AA


def fonts() -> Path:
    """The folder of the type family that is shipped with the package."""
    return Path(str(files("salesqc_lib.show") / "fonts"))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, relative luminance."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def readable(colour: str, on: str) -> str:
    """The colour, moved towards black or white as little as it takes to be read as text on a ground."""
    end = 0 if _luminance(on) > 0.2 else 255
    for step in range(101):
        parts = [round(int(colour[i : i + 2], 16) * (1 - step / 100) + end * step / 100) for i in (1, 3, 5)]
        found = "#" + "".join(f"{part:02x}" for part in parts)
        if contrast(found, on) >= READABLE:
            break
    return found


def css(accent: str) -> str:
    """The tokens as CSS custom properties: by day, by night, and on paper."""
    sizes = "".join(f"--{name}:{size}rem;" for name, size in SCALE.items())
    day, night = (
        "".join(f"--{name}:{value};" for name, value in asdict(palette).items())
        + f"--accent:{accent if palette is LIGHT else readable(accent, palette.paper)};--accent-ink:{readable(accent, palette.wash)};"
        for palette in (LIGHT, DARK)
    )
    return (
        f":root{{color-scheme:light;{sizes}{day}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{night}}}}}"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{night}}}}}"
    )


def typst() -> str:
    """The tokens as Typst definitions: `ink`, `quiet-ink` …, `size-table` …"""
    colours = "".join(f'#let {name}-ink = rgb("{value}")\n' for name, value in asdict(LIGHT).items())
    sizes = "".join(f"#let size-{name} = {round(BODY * size, 2)}pt\n" for name, size in SCALE.items())
    return f'{colours}{sizes}#let size-body = {BODY}pt\n#let family = "{FAMILY}"\n'


def themed(svg: str, accent: str) -> str:
    """A figure whose colours follow the page, by day and by night."""
    for name, value in asdict(LIGHT).items():
        if name != "paper":  # white is written on coloured cells, whatever the page's ground
            svg = svg.replace(f": {value}", f": var(--{name},{value})")
    svg = svg.replace(f": {HALO}", f": var(--paper,{PAPER})")
    return svg.replace(f": {accent}", f": var(--accent,{accent})")


@contextmanager
def drawing() -> Iterator[None]:
    """Figures drawn inside have the report's look; settings are put back afterwards."""
    import matplotlib as mpl
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    if FAMILY not in known:
        for file in fonts().glob("*.ttf"):
            font_manager.fontManager.addfont(file)
    with mpl.rc_context(_settings()):
        yield


def _settings() -> Any:
    return {
        "text.parse_math": False,  # a client's «$» is a dollar
        "font.family": [FAMILY, "DejaVu Sans"], "font.size": 8.5, "text.color": INK, "axes.labelcolor": QUIET, "axes.labelsize": 8,
        "xtick.color": QUIET, "ytick.color": INK, "xtick.labelsize": 8, "ytick.labelsize": 8.5, "axes.edgecolor": RULE, "axes.linewidth": 0.8,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False, "axes.titlelocation": "left", "axes.titlesize": 10,
        "axes.titleweight": "semibold", "axes.axisbelow": True, "grid.color": RULE, "grid.linewidth": 0.5, "figure.facecolor": "none",
        "axes.facecolor": "none", "savefig.facecolor": "none",
        "axes.unicode_minus": True, "svg.fonttype": "none", "svg.hashsalt": "salesqc", "figure.dpi": 100, "xtick.major.size": 0, "ytick.major.size": 0,
    }  # fmt: skip
