"""Who opens deals and who closes them."""

from typing import Any

import pandas as pd

from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure, format_axis, name_points
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import BAD, GOOD, INK, PLAIN
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.words.labels import segment_name
from salesqc_lib.units import write_percent
from salesqc_lib.words import Language, Text


def quadrant(measured: Measurement, span: int = FULL) -> Shown:
    """Openers and closers: who brings leads to the key event, and who brings it to a contract, each with both intervals."""
    reader, language = measured.reader, measured.reader.language
    if measured.is_empty:
        return nothing()
    frame = measured.tables.get("opener_closer")
    if frame is None or frame[["opens", "closes"]].dropna().empty:
        return paragraph(why_not(measured, ["opener_closer"], ""), "lack")
    rows = frame[frame["by"] == "manager"].dropna(subset=["opens", "closes"]).reset_index(drop=True)
    whole = {name: float(frame[f"{name}_k"].sum() / frame[f"{name}_n"].sum()) for name in ("opens", "closes")}

    def draw(axes: Any) -> None:
        for name, line in (("opens", axes.axvline), ("closes", axes.axhline)):
            line(whole[name] * 100, color=INK, lw=1, ls=(0, (4, 3)))
        for _, row in rows.sort_values("closes").iterrows():
            levels = {row["opens_level"], row["closes_level"]}
            colour = BAD if "below" in levels else GOOD if "above" in levels else PLAIN
            x, y = row["opens"] * 100, row["closes"] * 100
            axes.plot([row["opens_low"] * 100, row["opens_high"] * 100], [y, y], color=colour, lw=0.8, alpha=0.4)
            axes.plot([x, x], [row["closes_low"] * 100, row["closes_high"] * 100], color=colour, lw=0.8, alpha=0.4)
            axes.plot(x, y, "v" if colour == BAD else "^" if colour == GOOD else "o", color=colour, ms=7, zorder=3)
        axes.set_xlabel(Text("заявка → ключевое событие проведено", "lead → key event held")[language])
        axes.set_ylabel(Text("ключевое событие → договор", "key event → contract")[language])
        axes.margins(x=0.12, y=0.06)
        axes.autoscale_view()
        points = [(row["opens"] * 100, row["closes"] * 100, segment_name(str(row["segment"]), language)) for _, row in rows.iterrows()]
        name_points(axes, points)
        axes.grid()
        for axis in (axes.xaxis, axes.yaxis):
            format_axis(axis, "share", 0.01, reader)

    note = Text(
        "Правее — чаще доводит заявку до ключевого события, выше — чаще доводит его до договора; пунктир — отдел, тонкие линии — 95%-ные интервалы. ▲ ▼ — отличия, больше случайного.",
        "Further right: brings more leads to the key event; higher: brings more of these to a contract. Dashed: the department; thin lines: 95% intervals. ▲ ▼: differences beyond chance.",
    )
    alt = "; ".join(
        f"{segment_name(str(row['segment']), language)}: {write_percent(row['opens'], language)}, {write_percent(row['closes'], language)}"
        for _, row in rows.iterrows()
    )
    return figure(draw, _openers(rows, language), note[language], alt, height=3.5, frame=rows, accent=reader.accent, span=span)


def _openers(rows: pd.DataFrame, language: Language) -> str:
    """Who opens or closes unlike the department; where nobody does, that."""
    told = {
        ("opens", "below"): Text("открывают слабее отдела: {x}", "open worse than the department: {x}"),
        ("closes", "below"): Text("закрывают слабее отдела: {x}", "close worse than the department: {x}"),
        ("opens", "above"): Text("открывают сильнее: {x}", "open better: {x}"),
        ("closes", "above"): Text("закрывают сильнее: {x}", "close better: {x}"),
    }
    parts = [
        text.format(x=", ".join(segment_name(str(name), language) for name in names))[language]
        for (column, level), text in told.items()
        if len(names := rows.loc[rows[f"{column}_level"] == level, "segment"])
    ]
    nobody = Text(
        "Ни в начале, ни в конце воронки никто не отличается от отдела больше случайного",
        "Neither at the start nor at the end of the funnel does anybody differ from the department beyond chance",
    )
    text = "; ".join(parts) or nobody[language]
    return text[:1].upper() + text[1:]
