"""A figure month by month, with the natural limits of the series."""

from typing import Any

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure, format_axis, scale_of, short_date
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import ACTUAL, BAD, PLAIN, QUIET
from salesqc_lib.show.tables import NOTHING
from salesqc_lib.show.words.prose import sentence
from salesqc_lib.statistics.control import xmr
from salesqc_lib.units import write
from salesqc_lib.words import Text

LIMITED = Text(
    "Пунктир — естественные границы ряда (XmR): внутри них месяцы колеблются сами по себе.",
    "Dotted: the natural limits of the series (XmR); within them months vary by themselves.",
)


LIMITED_ODD = Text(
    "Пунктир — естественные границы ряда (XmR); ромб — месяц, который из них выбивается.",
    "Dotted: the natural limits of the series (XmR); a diamond is a month that stands out.",
)


def trend(measured: Measurement, kpi: str, by: str = "month", span: int = FULL) -> Shown:
    """A KPI month by month up to the end of the period, with its interval; the period itself stands out."""
    measured.check(kpi, by)
    if measured.is_empty:
        return nothing()
    reader, language = measured.reader, measured.reader.language
    rows = measured.frame[(measured.frame["kpi"] == kpi) & (measured.frame["by"] == by) & measured.frame["value"].notna()].reset_index(
        drop=True
    )
    if len(rows) < 2:
        return paragraph(NOTHING[language], "note")
    unit, current = str(rows["unit"].iloc[0]), measured.row(kpi)
    is_current = (rows["period_start"] >= current["period_start"]) & (rows["period_end"] <= current["period_end"])

    limits = xmr(rows["value"])

    def draw(axes: Any) -> None:
        import seaborn as sns

        scale = scale_of(unit, rows)
        values = rows["value"] / scale
        sns.lineplot(x=rows.index, y=values, ax=axes, color=PLAIN, lw=1.6, errorbar=None)
        if rows["low"].notna().any():
            axes.fill_between(rows.index, rows["low"] / scale, rows["high"] / scale, color=PLAIN, alpha=0.18, lw=0)
        axes.plot(rows.index[is_current], values[is_current], "o", color=ACTUAL, ms=6.5)
        axes.plot(rows.index[~is_current], values[~is_current], "o", color=PLAIN, ms=3.5)
        if limits:
            for limit in (limits.low, limits.high):
                axes.axhline(limit / scale, color=QUIET, lw=0.9, ls=(0, (1, 2)))
            odd = limits.signals
            axes.plot(rows.index[odd], values[odd], "D", color=BAD, ms=5.5, zorder=4)
        axes.set_xticks(rows.index, [short_date(label, by) for label in rows["segment"]], fontsize=7.5)
        axes.set_ylim(0, None)
        axes.set(xlabel="", ylabel="")
        axes.grid(axis="y")
        axes.spines["left"].set_visible(False)
        format_axis(axes.yaxis, unit, scale, reader)

    title = sentence(current, reader, measured.outlook.get(kpi, ""))
    young = (
        Text("Молодые заявки ещё могут подписать договор.", "Young leads may still sign.")
        if CATALOGUE[kpi].kind == "share"
        else Text("", "")
    )
    band = Text("; полоса — 95%-ный интервал", "; band: 95% interval") if rows["low"].notna().any() else Text("", "")
    note = Text("По месяцам; крупные точки — отчётный период{band}.", "By month; large dots: the report's period{band}.").format(
        band=band[language]
    )
    alt = "; ".join(f"{row['segment']}: {write(row['value'], unit, language, reader.currency)}" for _, row in rows.iterrows())
    parts = [note[language], young[language], (LIMITED_ODD if limits.signals.any() else LIMITED)[language] if limits else ""]
    return figure(draw, title, " ".join(part for part in parts if part), alt, height=2.1, frame=rows, accent=reader.accent, span=span)
