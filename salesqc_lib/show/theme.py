"""The look of a report: one palette and type family for tables, charts, HTML and PDF.

Colours are told apart in greyscale and with colour-blindness; a verdict never stands on colour alone but has its mark too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

INK, QUIET, RULE, PAPER = "#1b2a33", "#5d6b75", "#d5dbe0", "#ffffff"
GOOD, BAD, PLAIN = "#0b6e99", "#b5400a", "#7c8994"
FAMILY = "IBM Plex Sans"
WIDTH = 6.7  # inches: the text width of an A4 page
MARKS = {"better": "▲", "worse": "▼", "same": "=", "unknown": ""}
COLOURS = {"better": GOOD, "worse": BAD, "same": PLAIN, "unknown": PLAIN}
SHAPES = {"better": "^", "worse": "v", "same": "o", "unknown": "o"}


def fonts() -> Path:
    """The folder of the type family that is shipped with the package."""
    return Path(str(files("salesqc_lib.show") / "fonts"))


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
        "font.family": [FAMILY, "DejaVu Sans"], "font.size": 9, "text.color": INK, "axes.labelcolor": QUIET, "axes.labelsize": 8.5,
        "xtick.color": QUIET, "ytick.color": INK, "xtick.labelsize": 8.5, "ytick.labelsize": 9, "axes.edgecolor": RULE, "axes.linewidth": 0.8,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False, "axes.titlelocation": "left", "axes.titlesize": 10,
        "axes.titleweight": "semibold", "axes.axisbelow": True, "grid.color": "#e8ecef", "grid.linewidth": 0.7, "figure.facecolor": PAPER,
        "axes.unicode_minus": True, "svg.fonttype": "none", "svg.hashsalt": "salesqc", "figure.dpi": 100, "xtick.major.size": 0, "ytick.major.size": 0,
    }  # fmt: skip
