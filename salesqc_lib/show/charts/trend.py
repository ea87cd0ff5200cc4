"""A figure month by month, with the natural limits of the series."""

from typing import Any

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure, format_axis, scale_of, short_date
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import ACTUAL, BAD, PLAIN, QUIET
from salesqc_lib.show.tables import NOTHING
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.statistics.control import xmr
from salesqc_lib.units import tell, write
from salesqc_lib.words import Text

LIMITED = Text(
    "Пунктир — границы обычных колебаний.",
    "Dotted: limits of the usual variation.",
)


LIMITED_ODD = Text(
    "Пунктир — границы обычных колебаний; ромб — месяц за ними.",
    "Dotted: limits of the usual variation; a diamond lies beyond them.",
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
        every = 1 if span == FULL or len(rows) < 8 else 3  # so many dates as have room
        shown = rows.index[(len(rows) - 1) % every :: every]
        axes.set_xticks(shown, [short_date(label, by) for label in rows["segment"].iloc[shown]], fontsize=8)
        axes.set_ylim(0, None)
        axes.set(xlabel="", ylabel="")
        axes.grid(axis="y")
        axes.spines["left"].set_visible(False)
        format_axis(axes.yaxis, unit, scale, reader)

    title = _title(measured, kpi, limits)
    young = (
        Text("Молодые заявки ещё могут подписать договор.", "Young leads may still sign.")
        if CATALOGUE[kpi].kind == "share"
        else Text("", "")
    )
    band = Text("; полоса — 95%-ный интервал", "; band: 95% interval") if rows["low"].notna().any() else Text("", "")
    note = Text("Крупные точки — период{band}.", "Large dots: the period{band}.").format(band=band[language])
    alt = "; ".join(f"{row['segment']}: {write(row['value'], unit, language, reader.currency)}" for _, row in rows.iterrows())
    parts = [note[language], young[language], (LIMITED_ODD if limits.signals.any() else LIMITED)[language] if limits else ""]
    return figure(draw, title, " ".join(part for part in parts if part), alt, height=2.1, frame=rows, accent=reader.accent, span=span)


def _title(measured: Measurement, kpi: str, limits: Any) -> str:
    """Whether the months vary as usual, or which of them does not."""
    reader, language = measured.reader, measured.reader.language
    value = tell(measured.value(kpi), str(measured.row(kpi)["unit"]), language, reader.currency)
    name = kpi_name(kpi, language)
    if not limits:
        return Text("{name}: {value} за период", "{name}: {value} in the period").format(name=name, value=value)[language]
    if limits.signals.any():
        text = Text(
            "{name}: {value}; месяцев за границами обычных колебаний — {n}", "{name}: {value}; months beyond the usual variation: {n}"
        )
        return text.format(name=name, value=value, n=int(limits.signals.sum()))[language]
    return Text("{name}: {value}, колебания по месяцам обычные", "{name}: {value}, months vary as usual").format(name=name, value=value)[
        language
    ]
