"""A small drawing inside a table's cell or a tile: a range with its dot, a line through the months. Lines and dots, no picture files.

Places run from 0 to 1, left to right and top to bottom. In a browser it is an SVG whose colours follow the page, on paper it is drawn
by the typesetter. It says nothing that the text beside it does not say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from salesqc_lib.show.forms.theme import LIGHT

TONES = {"": "ink", "good": "good", "bad": "bad", "warn": "warn", "plain": "plain", "rule": "rule", "quiet": "quiet"}


@dataclass(frozen=True)
class Line:
    """A line through places; `weight` in points."""

    points: tuple[tuple[float, float], ...]
    weight: float = 1.0
    tone: str = ""
    is_dashed: bool = False


@dataclass(frozen=True)
class Dot:
    """A dot, hollow where it stands for what was before; `radius` in millimetres."""

    x: float
    y: float = 0.5
    radius: float = 0.75
    tone: str = ""
    is_hollow: bool = False


@dataclass(frozen=True)
class Drawing:
    """Lines below, dots above them, in a field of millimetres."""

    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    width: float = 26.0
    height: float = 3.6
    is_beside: bool = False  # before the text of its cell, on one line with it

    def svg(self) -> str:
        """For a browser."""
        parts = [self._svg_line(line) for line in self.lines] + [self._svg_dot(dot) for dot in self.dots]
        return (
            f'<svg class="drawn" aria-hidden="true" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'style="width:{self.width / 4:g}rem;height:{self.height / 4:g}rem">{"".join(parts)}</svg>'
        )

    def _svg_line(self, line: Line) -> str:
        points = " ".join(f"{x * self.width:.2f},{y * self.height:.2f}" for x, y in line.points)
        dashed = ' stroke-dasharray="0.8 0.6"' if line.is_dashed else ""
        return f'<polyline points="{points}" fill="none" stroke="{_colour(line.tone)}" stroke-width="{line.weight * 0.35:.2f}"{dashed}/>'

    def _svg_dot(self, dot: Dot) -> str:
        paint = (
            f'fill="var(--paper,{LIGHT.paper})" stroke="{_colour(dot.tone)}" stroke-width="0.3"'
            if dot.is_hollow
            else f'fill="{_colour(dot.tone)}"'
        )
        return f'<circle cx="{dot.x * self.width:.2f}" cy="{dot.y * self.height:.2f}" r="{dot.radius:g}" {paint}/>'

    def typst(self) -> str:
        """For paper."""
        parts = []
        for line in self.lines:
            points = ", ".join(f"({x:.4f}, {y:.4f})" for x, y in line.points)
            parts.append(f"(({points},), {line.weight:g}, {_quoted(line.tone)}, {'true' if line.is_dashed else 'false'})")
        dots = [
            f"({dot.x:.4f}, {dot.y:.4f}, {dot.radius:g}, {_quoted(dot.tone)}, {'true' if dot.is_hollow else 'false'})" for dot in self.dots
        ]
        return (
            f"drawn({self.width:g}, {self.height:g}, ({''.join(part + ', ' for part in parts)}), ({''.join(dot + ', ' for dot in dots)}))"
        )


def _colour(tone: str) -> str:
    name = TONES[tone]
    return f"var(--{name},{getattr(LIGHT, name)})"


def _quoted(tone: str) -> str:
    return f'"{tone}"'


@dataclass(frozen=True)
class Scale:
    """A common scale of drawings: what is at its left and at its right end."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float], *, from_zero: bool = True) -> "Scale":
        """A scale that holds all values that are known, with a little room at its ends."""
        known = [value for value in values if value == value and abs(value) != float("inf")]
        low, high = min([*known, 0.0] if from_zero else known or [0.0]), max(known, default=1.0)
        room = 0.04 * ((high - low) or abs(high) or 1.0)
        return cls(low - (0.0 if from_zero and low == 0 else room), high + room)

    def place(self, value: float) -> float:
        """Where a value stands, 0 to 1; what lies beyond stands at the end."""
        return min(1.0, max(0.0, (value - self.low) / ((self.high - self.low) or 1.0)))


def range_drawn(
    low: float,
    value: float,
    high: float,
    scale: Scale,
    *,
    tone: str = "",
    rule: float = float("nan"),
    target: float = float("nan"),
    width: float = 26.0,
    is_beside: bool = False,
) -> Drawing:
    """A value with its range on a common scale. `rule`: the department's value, dashed; `target`: a tick."""
    lines = []
    if rule == rule:
        at = scale.place(rule)
        lines.append(Line(((at, 0.0), (at, 1.0)), 0.7, "quiet", is_dashed=True))
    if target == target:
        at = scale.place(target)
        lines.append(Line(((at, 0.05), (at, 0.95)), 1.4, "warn"))
    ends = [end if end == end else value for end in (low, high)]
    lines.append(Line(((scale.place(ends[0]), 0.5), (scale.place(ends[1]), 0.5)), 1.5, tone or "plain"))
    return Drawing(tuple(lines), (Dot(scale.place(value), 0.5, 0.85, tone),), width, is_beside=is_beside)


def spark(values: Sequence[float], current: Sequence[bool], *, width: float = 22.0, height: float = 4.6) -> Drawing | None:
    """A line through the months from zero up, the report's period thick; None where there are fewer than three."""
    known = [(i, value) for i, value in enumerate(values) if value == value]
    if len(known) < 3:
        return None
    top = max(max(value for _, value in known), 1e-12)
    last = max(len(values) - 1, 1)
    points = [(0.02 + 0.94 * i / last, 0.95 - 0.85 * max(value, 0.0) / top) for i, value in known]
    now = [point for point, (i, _) in zip(points, known, strict=True) if current[i]]
    lines = [Line(tuple(points), 0.9, "plain")]
    if len(now) > 1:
        lines.append(Line(tuple(now), 1.9, ""))
    return Drawing(tuple(lines), (Dot(*points[-1], 0.7, ""),), width, height)
