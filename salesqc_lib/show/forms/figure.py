"""A figure: drawn once, as SVG with its text as text; its message above it, its source below, and a text for who cannot see it."""

import base64
import html
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from salesqc_lib.show.forms.canvas import drawn
from salesqc_lib.show.forms.shown import FULL, Shown, quote
from salesqc_lib.show.forms.theme import GUTTER, HALO, INK, WIDTH, drawing, themed
from salesqc_lib.units import DAY, HOUR, MINUTE, write, write_in, write_money_short, write_percent
from salesqc_lib.words import Reader


def figure(
    draw: Callable[[Any], None], title: str, note: str, alt: str, *, height: float, frame: pd.DataFrame, accent: str, span: int = FULL
) -> Shown:
    """Draw on one axes and give the figure in both forms, at its final size. The title stands above the figure as text, the note below it.

    `span`: how many of the page's twelve columns it takes; two figures that fill a row together stand side by side.
    """
    seen: dict[str, Any] = {}

    def look_over(axes: Any) -> None:
        seen.update(_seen(axes, accent))
        _shorten_labels(axes, LONGEST_LABEL if span == FULL else LONGEST_LABEL // 2)

    with drawing():
        svg = drawn(draw, width_of(span), height, look_over)
    alt = _bearable(alt)
    labelled = themed(svg, accent).replace("<svg ", f'<svg role="img" aria-label="{html.escape(alt, quote=True)}" ', 1)
    web = f'<figure><figcaption>{html.escape(title)}</figcaption>{labelled}<p class="source">{html.escape(note)}</p></figure>'
    encoded = base64.b64encode(svg.encode()).decode()
    paper = f"#chart({quote(f'data:svg;{encoded}')}, {quote(alt)}, {quote(title)}, {quote(note)})"
    return Shown(
        web, paper, f"{title}\n{alt}", frame, about={"kind": "chart", "span": span, "title": title, "note": note, "alt": alt, **seen}
    )


def _bearable(alt: str) -> str:
    """A text for who cannot see the chart, no longer than one listens to; the rest stands in the table behind it."""
    return alt if len(alt) <= LONGEST_ALT else alt[: alt.rfind("; ", 0, LONGEST_ALT)] + " …"


def _seen(axes: Any, accent: str) -> dict[str, Any]:
    """What a chart is made of, for who looks it over: whether bars begin at zero, how many series and rows, the accent in a mark of data."""
    from matplotlib.colors import to_hex
    from matplotlib.patches import Rectangle, Wedge

    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle) and (patch.get_alpha() or 1.0) > 0.5]
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    upright = [bar for bar in bars if bar.get_y() == 0]
    lying = [bar for bar in bars if bar.get_x() == 0]
    painted = {to_hex(patch.get_facecolor()) for patch in axes.patches} | {to_hex(line.get_color()) for line in axes.lines}
    return {
        "has_zero": not bars or bool(lying and min(left, right) <= 0) or bool(upright and min(low, high) <= 0),
        "is_round": any(isinstance(patch, Wedge) for patch in axes.patches) or axes.name == "polar",
        "has_accent": to_hex(accent) in painted,
        "series": len(axes.lines),
        "rows": max(len(axes.get_yticks()), 0),
        "texts": len(axes.texts),
        "has_grid": any(line.get_visible() for line in (*axes.get_xgridlines(), *axes.get_ygridlines())),
    }


def width_of(span: int) -> float:
    """The width in inches of so many of the page's twelve columns."""
    return WIDTH * span / FULL - (GUTTER * (FULL - span) / FULL)


LONGEST_ALT = 500
LONGEST_LABEL = 40  # letters beside an axis: a longer name would leave no room for what it names


def short(label: str, longest: int = LONGEST_LABEL) -> str:
    """A label of no more letters than stand beside an axis: its beginning, and its end, by which two long ones differ.

    >>> short("Кухни и шкафы"), short("x" * 60 + " (12)")
    ('Кухни и шкафы', 'xxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxx (12)')
    """
    end = 14 if longest > 30 else 6
    return label if len(label) <= longest else f"{label[: longest - end - 1]}…{label[-end:]}"


def _apart(shown: Sequence[str], labels: Sequence[str], longest: int) -> list[str]:
    """Shortened labels, numbered where two of them became one."""
    return [
        f"{one[: longest - 5]}… {list(shown[: place + 1]).count(one)}" if shown.count(one) > 1 and one != label else one
        for place, (one, label) in enumerate(zip(shown, labels, strict=True))
    ]


def _shorten_labels(axes: Any, longest: int) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        labels = [label.get_text() for label in axis.get_ticklabels()]
        if any(len(label) > longest for label in labels):
            axis.set_ticks(axis.get_ticklocs(), _apart([short(label, longest) for label in labels], labels, longest))
    for text in axes.texts:
        if len(text.get_text()) > 2 * longest:
            text.set_text(short(text.get_text(), longest))


def scale_of(unit: str, rows: pd.DataFrame) -> float:
    """What the numbers are divided by: percent for shares, a fitting unit for times, thousands or millions for money."""
    if unit == "share":
        return 0.01
    largest = float(rows[["value"]].max().iloc[0])
    if unit == "seconds":
        return next((size for size in (DAY, HOUR, MINUTE) if largest >= 1.5 * size), 1.0)
    return 1.0


def format_axis(axis: Any, unit: str, scale: float, reader: Reader) -> None:
    from matplotlib.ticker import FuncFormatter

    language = reader.language

    def label(value: float, _: Any) -> str:
        if unit == "share":
            return write_percent(value / 100, language, 0 if abs(value - round(value)) < 1e-9 else 1)
        if unit == "seconds":
            return write_in(value, scale, language) if value else "0"
        if unit == "money":
            return write_money_short(value, language, reader.currency)
        return write(value, unit, language, reader.currency)

    axis.set_major_formatter(FuncFormatter(label))


def short_date(label: str, by: str) -> str:
    return f"{label[5:7]}.{label[2:4]}" if by == "month" else label[5:]


def name_points(axes: Any, points: Sequence[tuple[float, float, str]]) -> None:
    """Names beside points, each at the first place around its point where it covers neither another name nor another point."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    at = [((x - left) / (right - left), (y - low) / (high - low)) for x, y, _ in points]
    letter, line, gap = 0.0108, 0.05, 0.014  # of the width and the height of the axes, at the size that names are set in
    taken: list[tuple[float, float, float, float]] = []
    for own, (x, y) in enumerate(at):
        wide = letter * len(points[own][2])
        places = [
            (gap, -line / 2),
            (-gap - wide, -line / 2),
            (-wide / 2, gap * 1.6),
            (-wide / 2, -gap * 1.6 - line),
            (gap, gap),
            (gap, -line - gap),
        ]
        boxes = [(x + dx, y + dy, x + dx + wide, y + dy + line) for dx, dy in places]
        others = [point for i, point in enumerate(at) if i != own]
        free = [box for box in boxes if not any(_meet(box, other) for other in taken) and not any(_holds(box, point) for point in others)]
        box = (free or boxes)[0]
        taken.append(box)
        axes.text(box[0], (box[1] + box[3]) / 2, points[own][2], transform=axes.transAxes, fontsize=8.5, color=INK, va="center", zorder=4,
                  bbox={"facecolor": HALO, "edgecolor": "none", "pad": 0.6, "alpha": 0.8})  # fmt: skip


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _holds(box: tuple[float, float, float, float], point: tuple[float, float]) -> bool:
    near = 0.012  # half of a mark
    return box[0] - near < point[0] < box[2] + near and box[1] - near < point[1] < box[3] + near
