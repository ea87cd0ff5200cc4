"""Segments with their intervals beside the department's value."""

from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure, format_axis, scale_of
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import COLOURS, INK, PLAIN, SHAPES
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.words.labels import dimension_name, kpi_name, segment_name
from salesqc_lib.statistics.peers import control_limits, usual_spread
from salesqc_lib.units import write, write_number
from salesqc_lib.words import Language, Text

MOST = 24  # segments in one chart: more do not fit a page


FEW = 5  # cases: a segment with fewer is left to the table


NO_DIFFERENCE = Text("{kpi}: {who} не различаются больше случайного", "{kpi}: no detectable difference between {who}")


TOO_FEW = Text("{kpi}: случаев мало, {who} пока не сравнимы", "{kpi}: too few cases to compare {who}")


ALONE = Text("{kpi}: сравнивать не с чем", "{kpi}: there is nothing to compare")


SEVERAL = {
    "manager": Text("менеджеры", "sellers"), "team": Text("команды", "teams"), "channel": Text("каналы", "channels"), "hour": Text("часы", "hours"),
    "product": Text("продукты", "products"), "stage": Text("этапы", "stages"), "material": Text("материалы", "materials"),
}  # fmt: skip


WORSE = Text("{kpi}: хуже остальных — {names}", "{kpi}: worse than the rest: {names}")


BETTER = Text("{kpi}: лучше остальных — {names}", "{kpi}: better than the rest: {names}")


LIMITS = Text(
    " Серая полоса — где лежат 95 % сегментов с таким числом случаев при обычном для отдела разбросе, светлая — 99,8 %.",
    " Grey band: where 95% of segments with so many cases lie with the department's usual spread; the lighter one, 99.8%.",
)


DEPARTMENT = Text("отдел в целом: {value}", "department: {value}")


def forest(measured: Measurement, kpi: str, by: str, span: int = FULL) -> Shown:
    """Each segment's value with its interval beside the department's; who differs is told by colour and by mark."""
    measured.check(kpi, by)
    if measured.is_empty:
        return nothing()
    reader, language = measured.reader, measured.reader.language
    rows = every = segments_of(measured, kpi, by)
    if rows.empty:
        return paragraph(why_not(measured, [kpi], by), "lack")
    few = 2 * FEW if by == "hour" else FEW  # a night hour with a handful of calls would only stretch the axis
    shown = rows[rows["n"] >= few] if (rows["n"] >= few).sum() > 1 else rows
    rows = shown.nlargest(MOST, "n").sort_values(
        "segment" if by == "hour" else "value", ascending=by == "hour" or CATALOGUE[kpi].better == "lower"
    )
    whole, unit = measured.value(kpi), str(rows["unit"].iloc[0])
    is_limited = CATALOGUE[kpi].is_share and 0 < whole < 1
    usual = usual_spread(every["value"].to_numpy(), every["n"].to_numpy(), whole) if is_limited else 1.0
    limits = [control_limits(whole, rows["n"].to_numpy(), sure, usual) for sure in (0.998, 0.95)] if is_limited else None

    def draw(axes: Any) -> None:
        scale = scale_of(unit, rows)
        for low, high in limits or ():  # one upon the other: the narrower is the darker
            axes.barh(range(len(rows)), (high - low) / scale, left=low / scale, height=0.86, color=PLAIN, alpha=0.1, lw=0)
        value, low, high = (rows[name].fillna(rows["value"]).to_numpy() / scale for name in ("value", "low", "high"))
        for verdict in dict.fromkeys(rows["verdict"]):  # one line with gaps, and one set of marks
            at = np.flatnonzero(rows["verdict"] == verdict)
            ends, places = (np.column_stack([*pair, np.full(len(at), np.nan)]).ravel() for pair in ((low[at], high[at]), (at, at)))
            axes.plot(ends, places, color=COLOURS[verdict], lw=2.2, solid_capstyle="butt", alpha=0.75)
            axes.plot(value[at], at, SHAPES[verdict], color=COLOURS[verdict], ms=6.5)
        if not pd.isna(whole):
            axes.axvline(whole / scale, color=INK, lw=1, ls=(0, (4, 3)))
        axes.set_yticks(
            range(len(rows)),
            [f"{segment_name(str(row['segment']), language)}  ({write_number(row['n'], language)})" for _, row in rows.iterrows()],
        )
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        format_axis(axes.xaxis, unit, scale, reader)

    note = Text(
        "{by} (в скобках — число случаев). Точка — значение, линия — 95%-ный интервал, пунктир — {whole}. ▲ и ▼ — отличия, больше случайного.",
        "{by} (number of cases in brackets). Dot: value, line: 95% interval, dashed: {whole}. ▲ and ▼: differences beyond chance.",
    )
    if span < FULL:
        note = Text(
            "В скобках — число случаев; линия — интервал, пунктир — {whole}.", "In brackets: cases; line: interval, dashed: {whole}."
        )
    elif limits is not None:
        note = Text(note.ru + LIMITS.ru, note.en + LIMITS.en)
    if len(every) > len(rows):
        left = Text(" Показаны {k} из {n}: те, где случаев больше.", " {k} of {n} are shown: those with more cases.").format(
            k=len(rows), n=len(every)
        )
        note = Text(note.ru + left.ru, note.en + left.en)
    filled = note.format(
        by=dimension_name(by, language), whole=DEPARTMENT[language].format(value=write(whole, unit, language, reader.currency))
    )
    alt = "; ".join(
        f"{segment_name(str(row['segment']), language)}: {write(row['value'], unit, language, reader.currency)}"
        for _, row in rows.iterrows()
    )
    return figure(
        draw,
        message(kpi, every, language),
        filled[language],
        alt,
        height=0.27 * len(rows) + 0.55,
        frame=rows,
        accent=reader.accent,
        span=span,
    )


def segments_of(measured: Measurement, kpi: str, by: str) -> pd.DataFrame:
    """The segments of a breakdown that have a value."""
    rows = measured.segments(kpi, by)
    return rows[rows["value"].notna()]


def message(kpi: str, rows: pd.DataFrame, language: Language) -> str:
    """What a chart of segments says: who is worse; if nobody, who is better; if nobody, that nobody differs."""
    for verdict, text in (("worse", WORSE), ("better", BETTER)):
        names = [segment_name(str(name), language) for name in rows.loc[rows["verdict"] == verdict, "segment"]]
        if names:
            more = Text(" и ещё {n}", " and {n} more").format(n=len(names) - 3)[language] if len(names) > 3 else ""
            return text.format(kpi=kpi_name(kpi, language), names=", ".join(names[:3]) + more)[language]
    by = str(rows["by"].iloc[0])
    who = SEVERAL.get(by, Text("сегменты", "segments"))
    known = rows[(rows["segment"] != UNSET) & (rows["n"] >= card_of(kpi).named_n)]
    if len(rows[rows["segment"] != UNSET]) < 2:
        return ALONE.format(kpi=kpi_name(kpi, language))[language]
    if len(known) < 2:
        return TOO_FEW.format(kpi=kpi_name(kpi, language), who=who[language])[language]
    return NO_DIFFERENCE.format(kpi=kpi_name(kpi, language), who=who[language])[language]
