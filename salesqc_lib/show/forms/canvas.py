"""A figure drawn once, as SVG with its text as text.

A layout engine draws a figure blind to learn what stands outside its axes, and measures each text anew for each figure: both cost more than the
drawing. Here one renderer measures and draws, and what it has measured is kept for the process.
"""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

MARGIN = 3.0  # points around what stands outside the axes, as the layout engine leaves them
SETTLED = 0.25  # points: margins that move by less have come to rest
PASSES = 3  # narrower axes may have fewer ticks, and those other labels


def drawn(draw: Callable[[Any], None], width: float, height: float, look_over: Callable[[Any], None]) -> str:
    """The SVG, of a size in inches, of what `draw` puts on one pair of axes; `look_over` is given the axes when everything stands on them.

    Axes that `draw` adds besides are set by matplotlib's own layout.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    canvas = Figure(figsize=(width, height), dpi=POINTS)
    FigureCanvasSVG(canvas)
    axes = canvas.add_axes((0.2, 0.15, 0.75, 0.8))
    draw(axes)
    look_over(axes)
    written = io.StringIO()
    renderer = _renderer()(width * POINTS, height * POINTS, written, image_dpi=IMAGES, metadata={"Date": None, "Creator": None})
    if len(canvas.axes) == 1:
        _fit(canvas, axes, renderer)
    else:
        axes.set_subplotspec(canvas.add_gridspec(1, 1)[0])
        canvas.set_layout_engine("constrained")
    canvas.draw(renderer)
    renderer.finalize()
    svg = written.getvalue()
    return svg[svg.index("<svg") :]


POINTS = 72  # of an inch: the unit of SVG
IMAGES = 100  # dots of an inch, where a mark can only be given as a picture


def _fit(canvas: Any, axes: Any, renderer: Any) -> None:
    """Give the axes what the labels around them leave."""
    width, height = canvas.bbox.width, canvas.bbox.height
    for _ in range(PASSES):
        place, needed = axes.get_position().extents * (width, height, width, height), axes.get_tightbbox(renderer, for_layout_only=True)
        if needed is None:
            return
        left, low = (place[0] - needed.x0 + MARGIN, place[1] - needed.y0 + MARGIN)
        right, high = (needed.x1 - place[2] + MARGIN, needed.y1 - place[3] + MARGIN)
        if left + right >= width or low + high >= height:  # labels that leave nothing: as they are
            return
        moved = (left - place[0], low - place[1], width - right - place[2], height - high - place[3])
        axes.set_position((left / width, low / height, (width - left - right) / width, (height - low - high) / height))
        if max(abs(part) for part in moved) < SETTLED:
            return


@cache
def _renderer() -> Any:
    from matplotlib.backends.backend_svg import RendererSVG

    class Remembering(RendererSVG):
        """Remembers how large texts are: the same words and numbers stand in figure after figure."""

        def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
            key = (s, hash(prop), ismath)
            if key not in SIZES:
                if len(SIZES) >= MOST:
                    SIZES.clear()
                SIZES[key] = super().get_text_width_height_descent(s, prop, ismath)  # type: ignore[no-untyped-call]
            return SIZES[key]

    return Remembering


SIZES: dict[tuple[str, int, Any], tuple[float, float, float]] = {}
MOST = 20_000  # texts that are remembered
