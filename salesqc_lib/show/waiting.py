"""Charts of waiting: how fast the share of those served grows (Kaplan-Meier), and at which hours of the week one waits longest."""

from typing import Any, Protocol

import numpy as np
import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import LEAST
from salesqc_lib.measure import Measurement
from salesqc_lib.show.charts import message, segments_of
from salesqc_lib.show.figure import figure, format_axis
from salesqc_lib.show.labels import segment_name
from salesqc_lib.show.shown import Shown, nothing, paragraph
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.theme import COLOURS, INK, PLAIN, QUIET
from salesqc_lib.statistics.peers import is_different, tail_p
from salesqc_lib.statistics.survival import Curve, aalen_johansen, kaplan_meier
from salesqc_lib.units import DAY, HOUR, MINUTE, write, write_duration, write_number
from salesqc_lib.words import Language, Text

FEW, CELL = 10, 6  # cases of a curve, and of a cell of the heat map
LINES = 6  # curves that get a colour of their own meaning and a name
DAYS = Text("пн вт ср чт пт сб вс", "Mon Tue Wed Thu Fri Sat Sun")


class WithCases(Protocol):
    """An audit that gives the cases behind a figure."""

    @property
    def measured(self) -> Measurement: ...
    @property
    def language(self) -> Language: ...
    def cases(self, kpi: str, by: str = "") -> pd.DataFrame: ...


def curves(audit: WithCases, kpi: str, by: str = "") -> Shown:
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
        axes.fill_between(whole.time / scale, low * 100, high * 100, step="post", color=PLAIN, alpha=0.15, lw=0)
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
        "Какая доля заявок дошла за это время с начала; те, кто ещё ждёт, учтены, пока их видно (метод Каплана — Мейера). Пунктир — отдел с 95%-ной полосой, случаев: {n}; цветом — отличия, которые не объяснить случайностью, серым — остальные.",
        "Share of leads that got there within this time from the start; those still waiting count for as long as they are seen (Kaplan-Meier). Dashed: the department with its 95% band, n = {n}; in colour, differences that chance does not explain; grey, the others.",
    ).format(n=write_number(len(every), language))
    title = (
        message(kpi, rows, language) if len(rows) else f"{CATALOGUE[kpi].name[language]}: {write(measured.value(kpi), 'seconds', language)}"
    )
    moments = [end * part for part in (0.1, 0.25, 0.5, 1.0)]
    alt = "; ".join(f"{write_duration(moment, language)}: {write(whole.at(moment)[0], 'share', language)}" for moment in moments)
    frame = pd.DataFrame({"time": whole.time, "reached": whole.reached})
    return figure(draw, title, note[language], alt, height=2.5, frame=frame, accent=measured.reader.accent)


def _curve(cases: pd.DataFrame) -> Curve:
    """The incidence of the event; a loss competes where the measure says so."""
    is_competing = bool((cases["event"] == 2).any())
    estimate = aalen_johansen if is_competing else kaplan_meier
    return estimate(cases["duration"].to_numpy(float), cases["event"].to_numpy())


def _horizon(whole: Curve, cases: pd.DataFrame) -> float:
    """Where the picture ends: most of those who get there have got there, and some are still followed."""
    most = float(whole.quantile(0.9 * float(whole.reached[-1]))[0])
    return max(min(most * 1.15, float(cases["duration"].max())), MINUTE)


def _step(axes: Any, curve: Curve, end: float, scale: float, **style: Any) -> None:
    inside = curve.time <= end
    x = np.concatenate(([0.0], curve.time[inside], [end])) / scale
    y = np.concatenate(([0.0], curve.reached[inside], [curve.at(end)[0]])) * 100
    axes.step(x, y, where="post", **style)


def _name_lines(axes: Any, lines: list[tuple[str, float, str]], x: float) -> None:
    """Names at the ends of their lines, moved apart where they would touch."""
    at = -99.0
    for name, y, colour in sorted(lines, key=lambda line: line[1]):
        at = max(y, at + 0.07 * axes.get_ylim()[1])
        axes.text(x * 1.012, at, name, fontsize=8, color=colour if colour != PLAIN else QUIET, va="center")


def hours(audit: WithCases) -> Shown:
    """Median time to the first answer by the weekday and hour at which a lead came in."""
    measured, language = audit.measured, audit.language
    if measured.is_empty:
        return nothing()
    cases = audit.cases("first_response_time")
    if len(cases) < 7 * FEW or "created_at" not in cases:
        return nothing()
    wide = next((hour for hour in (1, 2, 3, 4, 6) if _usual_cell(cases, hour) >= CELL), 6)
    places = zip(cases["created_at"].dt.dayofweek, cases["created_at"].dt.hour // wide * wide, strict=True)
    where = pd.Series(list(places), index=cases.index)
    cells: dict[tuple[int, int], tuple[float, int]] = {
        place: (float(_curve(part).quantile(0.5)[0]), len(part))
        for place in sorted(set(where))
        if len(part := cases[where == place]) >= CELL
    }
    known = {place: value for place, (value, _) in cells.items() if not np.isnan(value)}
    if len(known) < 4:
        return nothing()
    times = sorted({hour for _, hour in cells})
    grid = pd.DataFrame([[known.get((day, hour), np.nan) for hour in times] for day in range(7)], columns=times)
    names = DAYS[language].split()
    slow = _slower_cells(cases, where, measured.value("first_response_time"))
    whole = write(measured.value("first_response_time"), "seconds", language)
    if slow:
        worst = max(slow, key=lambda place: known.get(place, float("inf")))
        title = Text(
            "Дольше других ждут пришедшие {when}: медиана ответа {value}, по всем заявкам {whole}",
            "Those who come on {when} wait longer than others: median answer {value}, over all leads {whole}",
        ).format(
            when=f"{names[worst[0]]}, {_hours(worst[1], wide)}",
            value=write_duration(known[worst], language) if worst in known else Text("ещё не достигнута", "not reached yet")[language],
            whole=whole,
        )
    else:
        title = Text(
            "Ни один час недели не выделяется больше, чем случайно: медиана ответа {whole}",
            "No hour of the week stands out beyond chance: the median answer takes {whole}",
        ).format(whole=whole)

    def draw(axes: Any) -> None:
        import seaborn as sns

        texts = [
            [f"{write_duration(known[day, hour], language)}\n({cells[day, hour][1]})" if (day, hour) in known else "" for hour in times]
            for day in range(7)
        ]
        sns.heatmap(
            np.log10(grid.clip(lower=1.0)), ax=axes, cmap="Blues", annot=np.array(texts), fmt="", cbar=False, linewidths=1,
            annot_kws={"size": 7},
        )  # fmt: skip
        axes.set_xticklabels([_hours(hour, wide) for hour in times], rotation=0, fontsize=7 if len(times) > 10 else 8)
        axes.set_yticklabels(names, rotation=0)
        axes.set(xlabel="", ylabel="")

    note = Text(
        "Медиана времени до первого ответа (Каплан — Мейер) по дню и часу прихода заявки, в скобках — число заявок; темнее — дольше. Клетки, где заявок меньше {n}, пусты; отличие одной клетки может быть случайным.",
        "Median time to the first answer (Kaplan-Meier) by the day and hour at which a lead came in, number of leads in brackets; darker is longer. Cells with fewer than {n} leads are empty; one cell may differ by chance.",
    ).format(n=CELL)
    alt = "; ".join(f"{names[day]} {_hours(hour, wide)}: {write_duration(value, language)}" for (day, hour), value in known.items())
    return figure(draw, title[language], note[language], alt, height=2.6, frame=grid, accent=measured.reader.accent)


def _slower_cells(cases: pd.DataFrame, where: "pd.Series[Any]", whole: float) -> list[tuple[int, int]]:
    """Cells whose leads wait longer than the department's median more often than the others do: beyond chance (Fisher's mid-p), all cells
    allowed for (Benjamini-Hochberg, 5 %), and with leads enough to be named."""
    if pd.isna(whole):
        return []
    known = cases[(cases["event"] == 1) | (cases["duration"] > whole)]  # of the others, nobody knows yet
    late = ~((known["event"] == 1) & (known["duration"] <= whole))
    counts = late.groupby(where[known.index]).agg(["sum", "size"])
    counts = counts[counts["size"] >= LEAST]
    if counts.empty:
        return []
    k, n = float(late.sum()), float(len(late))
    p = [tail_p(cell["sum"], cell["size"], k - cell["sum"], n - cell["size"], low=False) for cell in counts.to_dict("records")]
    return [place for place, is_found in zip(counts.index, is_different(p), strict=True) if is_found]


def _usual_cell(cases: pd.DataFrame, wide: int) -> float:
    sizes = cases.groupby([cases["created_at"].dt.dayofweek, cases["created_at"].dt.hour // wide]).size()
    return float(sizes.quantile(0.5))


def _hours(hour: int, wide: int) -> str:
    return f"{hour:02}–{hour + wide:02}"
