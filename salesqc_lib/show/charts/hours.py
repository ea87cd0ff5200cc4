"""How long leads wait for an answer, by weekday and hour."""

from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.kpi.card import LEAST
from salesqc_lib.show.charts.curves import FEW, WithCases, _curve
from salesqc_lib.show.forms.figure import figure
from salesqc_lib.show.forms.shown import FULL, Shown, nothing
from salesqc_lib.statistics.peers import is_different, tail_p
from salesqc_lib.units import write, write_duration
from salesqc_lib.words import Text

MOST_CELLS = 14  # columns that have room beside each other
CELL = 6  # cases of a cell of the heat map


DAYS = Text("пн вт ср чт пт сб вс", "Mon Tue Wed Thu Fri Sat Sun")


def hours(audit: WithCases, span: int = FULL) -> Shown:
    """Median time to the first answer by the weekday and hour at which a lead came in."""
    measured, language = audit.measured, audit.language
    if measured.is_empty:
        return nothing()
    cases = audit.cases("first_response_time")
    if len(cases) < 7 * FEW or "created_at" not in cases:
        return nothing()
    most = MOST_CELLS if span == FULL else MOST_CELLS // 2
    wide = next((hour for hour in (1, 2, 3, 4, 6) if _usual_cell(cases, hour) >= CELL and _columns(cases, hour) <= most), 6)
    where = [cases["created_at"].dt.dayofweek, cases["created_at"].dt.hour // wide * wide]
    parts: Any = cases.groupby(where)
    cells = {(int(day), int(hour)): (float(_curve(part).quantile(0.5)[0]), len(part)) for (day, hour), part in parts if len(part) >= CELL}
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
            "Дольше других ждут заявки, пришедшие в {when}: медиана ответа — {value}, по всем заявкам — {whole}",
            "Those who come on {when} wait longer than the rest: median answer {value}, over all leads {whole}",
        ).format(
            when=f"{names[worst[0]]}, {_hours(worst[1], wide)}",
            value=write_duration(known[worst], language) if worst in known else Text("ещё не достигнута", "not reached yet")[language],
            whole=whole,
        )
    else:
        title = Text(
            "Ни один день и ни один час не выделяются больше случайного: медиана ответа — {whole}",
            "No part of the week stands out beyond chance: the median answer takes {whole}",
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
        for text in axes.texts:
            text.set_in_layout(False)  # it stands in its cell, and asks for no room around the axes
        axes.set_xticklabels([_hours(hour, wide) for hour in times], rotation=0, fontsize=7 if len(times) > 10 else 8)
        axes.set_yticklabels(names, rotation=0)
        axes.set(xlabel="", ylabel="")

    note = Text(
        "Медиана ответа по дню и часу прихода, в скобках — число заявок; темнее — дольше, меньше {n} заявок — пусто.",
        "Median answer by day and hour of the lead, leads in brackets; darker is longer, empty below {n} leads.",
    ).format(n=CELL)
    alt = "; ".join(f"{names[day]} {_hours(hour, wide)}: {write_duration(value, language)}" for (day, hour), value in known.items())
    return figure(draw, title[language], note[language], alt, height=2.6, frame=grid, accent=measured.reader.accent, span=span)


def _slower_cells(cases: pd.DataFrame, where: "list[pd.Series[Any]]", whole: float) -> list[tuple[int, int]]:
    """Cells whose leads wait longer than the department's median more often than the others do: beyond chance (Fisher's mid-p), all cells
    allowed for (Benjamini-Hochberg, 5 %), and with leads enough to be named."""
    if pd.isna(whole):
        return []
    known = cases[(cases["event"] == 1) | (cases["duration"] > whole)]  # of the others, nobody knows yet
    late = ~((known["event"] == 1) & (known["duration"] <= whole))
    counts = late.groupby([part[known.index] for part in where]).agg(["sum", "size"])
    counts = counts[counts["size"] >= LEAST]
    if counts.empty:
        return []
    k, n = float(late.sum()), float(len(late))
    p = [tail_p(cell["sum"], cell["size"], k - cell["sum"], n - cell["size"], low=False) for cell in counts.to_dict("records")]
    return [(int(place[0]), int(place[1])) for place, is_found in zip(counts.index, is_different(p), strict=True) if is_found]


def _usual_cell(cases: pd.DataFrame, wide: int) -> float:
    sizes = cases.groupby([cases["created_at"].dt.dayofweek, cases["created_at"].dt.hour // wide]).size()
    return float(sizes.quantile(0.5))


def _columns(cases: pd.DataFrame, wide: int) -> int:
    return int((cases["created_at"].dt.hour // wide).nunique())


def _hours(hour: int, wide: int) -> str:
    return f"{hour:02}–{hour + wide:02}"
