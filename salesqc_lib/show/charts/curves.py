"""How the share that has got there grows with time."""

from typing import Any, Protocol

import numpy as np
import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement
from salesqc_lib.show.charts.forest import message, segments_of
from salesqc_lib.show.forms.figure import figure, format_axis
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import COLOURS, INK, PLAIN, QUIET
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.words.labels import segment_name
from salesqc_lib.statistics.survival import Curve, aalen_johansen, kaplan_meier
from salesqc_lib.units import DAY, HOUR, MINUTE, write, write_duration, write_number
from salesqc_lib.words import Language, Text

FEW = 10  # cases of a curve


MOST_STEPS = 300  # points of a curve
MOST_LINES = 16  # curves in one chart
LINES = 6  # curves that get a colour of their own meaning and a name


class WithCases(Protocol):
    """An audit that gives the cases behind a figure."""

    @property
    def measured(self) -> Measurement: ...
    @property
    def language(self) -> Language: ...
    def cases(self, kpi: str, by: str = "") -> pd.DataFrame: ...


def curves(audit: WithCases, kpi: str, by: str = "", span: int = FULL) -> Shown:
    """How the share that has got there grows with time, for the department and its segments; who differs stands out."""
    measured, language = audit.measured, audit.language
    measured.check(kpi, by, kinds=("time",))
    if measured.is_empty:
        return nothing()
    every = audit.cases(kpi)
    if len(every) < FEW or not (every["event"] == 1).any():
        return paragraph(why_not(measured, [kpi], by), "lack")
    whole = _curve(every)
    rows = segments_of(measured, kpi, by) if by else pd.DataFrame()
    parts = {}
    if by:
        apart = audit.cases(kpi, by)
        groups = apart.groupby("segment") if "segment" in apart else ()
        parts = {str(name): _curve(part) for name, part in groups if len(part) >= FEW and name != UNSET}
    verdicts = dict(zip(rows.get("segment", []), rows.get("verdict", []), strict=True))
    parts = _most_telling(parts, verdicts)
    end = _horizon(whole, every)
    scale = next((size for size in (DAY, HOUR, MINUTE) if end >= 2 * size), 1.0)

    def draw(axes: Any) -> None:
        named = [name for name in parts if verdicts.get(name) in ("better", "worse")]
        if not named and len(parts) <= LINES:
            named = list(parts)
        for name, curve in parts.items():
            verdict = verdicts.get(name, "same")
            is_named = name in named
            _step(axes, curve, end, scale, color=COLOURS[verdict], lw=1.8 if is_named else 0.9, alpha=1.0 if is_named else 0.55)
        _step(axes, whole, end, scale, color=INK, lw=1.6, ls=(0, (4, 3)))
        low, high = whole.band()
        steps = _shown_steps(whole, end)
        axes.fill_between(whole.time[steps] / scale, low[steps] * 100, high[steps] * 100, step="post", color=PLAIN, alpha=0.15, lw=0)
        axes.set_xlim(0, end / scale)
        top = max(curve.at(end)[0] for curve in (whole, *parts.values()))
        axes.set_ylim(0, 100 if top > 0.6 else top * 130)
        _name_lines(
            axes,
            [(segment_name(name, language), parts[name].at(end)[0] * 100, COLOURS[verdicts.get(name, "same")]) for name in named],
            end / scale,
        )
        axes.grid(axis="y")
        axes.spines["left"].set_visible(False)
        format_axis(axes.yaxis, "share", 0.01, measured.reader)
        format_axis(axes.xaxis, "seconds", scale, measured.reader)

    note = Text(
        "Доля заявок, дошедших за это время; ещё ждущие учтены (Каплан — Мейер, n = {n}). Пунктир — отдел, цвет — отличия больше случайного.",
        "Share of leads that got there within this time; those still waiting are allowed for (Kaplan-Meier, n = {n}). Dashed: the department; colour: differences beyond chance.",
    ).format(n=write_number(len(every), language))
    title = (
        message(kpi, rows, language) if len(rows) else f"{CATALOGUE[kpi].name[language]}: {write(measured.value(kpi), 'seconds', language)}"
    )
    moments = [end * part for part in (0.1, 0.25, 0.5, 1.0)]
    alt = "; ".join(f"{write_duration(moment, language)}: {write(whole.at(moment)[0], 'share', language)}" for moment in moments)
    frame = pd.DataFrame({"time": whole.time, "reached": whole.reached})
    return figure(draw, title, note[language], alt, height=2.5, frame=frame, accent=measured.reader.accent, span=span)


def _most_telling(parts: dict[str, Curve], verdicts: dict[str, str]) -> dict[str, Curve]:
    """Of many segments those that differ, then those with most steps: sixty grey lines are a texture, and a megabyte."""
    order = sorted(parts, key=lambda name: (verdicts.get(name) not in ("better", "worse"), -len(parts[name].time), name))
    return {name: parts[name] for name in parts if name in order[:MOST_LINES]}


def _curve(cases: pd.DataFrame) -> Curve:
    """The incidence of the event; a loss competes where the measure says so."""
    is_competing = bool((cases["event"] == 2).any())
    estimate = aalen_johansen if is_competing else kaplan_meier
    return estimate(cases["duration"].to_numpy(float), cases["event"].to_numpy())


def _horizon(whole: Curve, cases: pd.DataFrame) -> float:
    """Where the picture ends: most of those who get there have got there, and some are still followed."""
    most = float(whole.quantile(0.9 * float(whole.reached[-1]))[0])
    return max(min(most * 1.15, float(cases["duration"].max())), MINUTE)


def _shown_steps(curve: Curve, end: float) -> Any:
    """Which steps of a curve are drawn: finer ones than a line can show would make the page heavy."""
    inside = np.flatnonzero(curve.time <= end)
    return inside[np.linspace(0, len(inside) - 1, MOST_STEPS).round().astype(int)] if len(inside) > MOST_STEPS else inside


def _step(axes: Any, curve: Curve, end: float, scale: float, **style: Any) -> None:
    inside = _shown_steps(curve, end)
    x = np.concatenate(([0.0], curve.time[inside], [end])) / scale
    y = np.concatenate(([0.0], curve.reached[inside], [curve.at(end)[0]])) * 100
    axes.step(x, y, where="post", **style)


def _name_lines(axes: Any, lines: list[tuple[str, float, str]], x: float) -> None:
    """Names at the ends of their lines, moved apart where they would touch."""
    at = -99.0
    for name, y, colour in sorted(lines, key=lambda line: line[1]):
        at = max(y, at + 0.07 * axes.get_ylim()[1])
        axes.text(x * 1.012, at, name, fontsize=8, color=colour if colour != PLAIN else QUIET, va="center")
