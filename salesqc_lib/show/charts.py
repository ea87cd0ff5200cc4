"""Charts. Each title states the message, each axis its unit, each chart its number of cases; the alternative text says it all.

Intervals come with the measurements, so nothing is estimated again; a figure is drawn once, as SVG with its text as text.
"""

from typing import Any

import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.measure import Measurement
from salesqc_lib.show.figure import figure, format_axis, scale_of, short_date
from salesqc_lib.show.labels import dimension_name, kpi_name, segment_name
from salesqc_lib.show.prose import sentence
from salesqc_lib.show.shown import Shown, nothing, paragraph
from salesqc_lib.show.tables import NOTHING, why_not
from salesqc_lib.show.theme import BAD, COLOURS, INK, PLAIN, QUIET, SHAPES
from salesqc_lib.statistics.control import xmr
from salesqc_lib.statistics.peers import control_limits, usual_spread
from salesqc_lib.statistics.shares import difference, newcombe
from salesqc_lib.units import write, write_interval, write_number, write_percent
from salesqc_lib.words import Language, Text

STEPS = (
    ("leads", ""),
    ("qualified_leads", "qualification_rate"),
    ("key_events_set", "qualified_to_key_event_set"),
    ("key_events_held", "key_event_held_rate"),
    ("contracts", "key_event_to_contract"),
    ("acts", "contract_to_act"),
)
DROP = Text(" · проходят {passed} ({span}), отсев {lost}", " · {passed} pass ({span}), {lost} drop off")
MOST = 24  # segments in one chart: more do not fit a page
FEW = 5  # cases: a segment with fewer is left to the table
NO_DIFFERENCE = Text("{kpi}: {who} не отличаются больше, чем случайно", "{kpi}: no detectable difference between {who}")
TOO_FEW = Text("{kpi}: случаев мало, {who} пока не сравнимы", "{kpi}: too few cases to compare {who}")
ALONE = Text("{kpi}: сравнивать не с чем", "{kpi}: there is nothing to compare")
SEVERAL = {
    "manager": Text("менеджеры", "sellers"), "team": Text("команды", "teams"), "channel": Text("каналы", "channels"), "hour": Text("часы", "hours"),
    "product": Text("продукты", "products"), "stage": Text("этапы", "stages"), "material": Text("материалы", "materials"),
}  # fmt: skip
WORSE = Text("{kpi}: хуже остальных — {names}", "{kpi}: worse than the rest: {names}")
BETTER = Text("{kpi}: лучше остальных — {names}", "{kpi}: better than the rest: {names}")
CASES = Text("случаев: {n}", "n = {n}")
LIMITED = Text(
    "Пунктир — естественные границы ряда (XmR): внутри них месяцы колеблются сами по себе.",
    "Dotted: the natural limits of the series (XmR); within them months vary by themselves.",
)
LIMITED_ODD = Text(
    "Пунктир — естественные границы ряда (XmR); ромб — месяц, который из них выбивается.",
    "Dotted: the natural limits of the series (XmR); a diamond is a month that stands out.",
)
LIMITS = Text(
    " Серая полоса — где лежат 95 % сегментов с таким числом случаев при обычном для отдела разбросе, светлая — 99,8 %.",
    " Grey band: where 95% of segments with so many cases lie with the department's usual spread; the lighter one, 99.8%.",
)
DEPARTMENT = Text("отдел в целом: {value}", "department: {value}")


def funnel(measured: Measurement) -> Shown:
    """Events of the period on each step, and the conversion of each step to the next with its interval."""
    if measured.is_empty:
        return nothing()
    reader, language = measured.reader, measured.reader.language
    steps = [
        (kpi, rate, measured.value(kpi)) for kpi, rate in STEPS if kpi in set(measured.frame["kpi"]) and not pd.isna(measured.value(kpi))
    ]
    if len(steps) < 2:
        return paragraph(NOTHING[language], "note")
    rates = [measured.row(rate) if rate and rate in set(measured.frame["kpi"]) else None for _, rate, _ in steps]
    known = [(kpi, rate) for (kpi, _, _), rate in zip(steps, rates, strict=True) if rate is not None and not pd.isna(rate["value"])]
    lowest = _narrowest([rate for _, rate in known])
    title = Text("Больше всего теряется на шаге «{step}»: проходят {value}", "Most is lost on the step «{step}»: {value} pass")
    message = (
        title.format(step=kpi_name(str(lowest["kpi"]), language), value=write_percent(lowest["value"], language))[language]
        if lowest is not None
        else _whole_funnel(measured, language)
    )

    def draw(axes: Any) -> None:
        names = [kpi_name(kpi, language) for kpi, _, _ in steps]
        counts = [value for _, _, value in steps]
        axes.barh(names, counts, color=reader.accent, height=0.62)
        axes.invert_yaxis()
        for i, (value, rate) in enumerate(zip(counts, rates, strict=True)):
            text = write_number(value, language)
            if rate is not None and not pd.isna(rate["value"]):
                passed, lost = (write_percent(share, language, 0) for share in (rate["value"], 1 - rate["value"]))
                text += DROP[language].format(passed=passed, span=write_interval(rate["low"], rate["high"], "share", language), lost=lost)
            axes.text(value + max(counts) * 0.012, i, text, va="center", fontsize=8.5, color=INK)
        axes.set_xlim(0, max(counts) * 1.42)
        axes.set_xticks([])
        axes.spines[["bottom", "left"]].set_visible(False)

    note = Text(
        "События периода на каждом шаге; рядом — какая доля вошедших за период в предыдущий шаг дошла до этого (с 95%-ным интервалом). Это те же сделки, а столбец считает все события периода, поэтому доля не равна отношению столбцов.",
        "Events of the period on each step; beside it, the share of those that entered the step before in the period and reached this one (with its 95% interval). These are the same deals, while a bar counts all events of the period, so that the share is not the ratio of the bars.",
    )
    alt = "; ".join(f"{kpi_name(kpi, language)}: {write_number(value, language)}" for kpi, _, value in steps)
    return figure(
        draw,
        message,
        note[language],
        alt,
        height=0.42 * len(steps) + 0.2,
        frame=measured.frame[measured.frame["kpi"].isin([kpi for kpi, _, _ in steps])],
        accent=reader.accent,
    )


def _narrowest(rates: "list[pd.Series[Any]]") -> "pd.Series[Any] | None":
    """The step that fewest pass, where it is narrower than the next one beyond chance."""
    if len(rates) < 2:
        return None
    first, second = sorted(rates, key=lambda rate: rate["value"])[:2]
    ends = [(rate["value"], rate["low"], rate["high"]) for rate in (second, first)]
    return first if difference(ends[0], ends[1])[1] > 0 else None


def _whole_funnel(measured: Measurement, language: Language) -> str:
    """What the funnel says where no step stands out."""
    if "lead_to_contract" not in set(measured.frame["kpi"]) or pd.isna(measured.value("lead_to_contract")):
        return Text("Сколько сделок дошло до каждого шага", "How many deals came to each step")[language]
    value = write_percent(measured.value("lead_to_contract"), language)
    return Text("Договором становится {value} заявок периода", "{value} of the period's leads become contracts").format(value=value)[
        language
    ]


def forest(measured: Measurement, kpi: str, by: str) -> Shown:
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
        for i, (_, row) in enumerate(rows.iterrows()):
            ends = [row[side] if not pd.isna(row[side]) else row["value"] for side in ("low", "high")]
            axes.plot([end / scale for end in ends], [i, i], color=COLOURS[row["verdict"]], lw=2.2, solid_capstyle="butt", alpha=0.75)
            axes.plot(row["value"] / scale, i, SHAPES[row["verdict"]], color=COLOURS[row["verdict"]], ms=6.5)
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
        "{by} (в скобках — число случаев). Точка — значение, линия — 95%-ный интервал, пунктир — {whole}. ▲ и ▼ — отличия, которые не объяснить случайностью.",
        "{by} (number of cases in brackets). Dot: value, line: 95% interval, dashed: {whole}. ▲ and ▼: differences that chance does not explain.",
    )
    if limits is not None:
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
        draw, message(kpi, every, language), filled[language], alt, height=0.27 * len(rows) + 0.55, frame=rows, accent=reader.accent
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


def trend(measured: Measurement, kpi: str, by: str = "month") -> Shown:
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
        axes.plot(rows.index[is_current], values[is_current], "o", color=reader.accent, ms=6.5)
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
    return figure(draw, title, " ".join(part for part in parts if part), alt, height=2.1, frame=rows, accent=reader.accent)


def conversion_by_response(measured: Measurement) -> Shown:
    """Lead → contract by the speed of the first answer."""
    if measured.is_empty:
        return nothing()
    reader, language = measured.reader, measured.reader.language
    frame = measured.tables.get("conversion_by_response")
    if frame is None or frame["lead_to_contract"].notna().sum() < 2:
        return paragraph(why_not(measured, ["conversion_by_response"], ""), "lack")
    rows = frame[frame["lead_to_contract"].notna()].sort_values("segment").reset_index(drop=True)
    fast, slow = rows[rows["segment"] <= "b_1h"], rows[rows["segment"] > "b_1h"]
    title = _fast_and_slow(fast, slow, language)

    def draw(axes: Any) -> None:
        axes.bar(
            rows.index,
            rows["lead_to_contract"] * 100,
            color=[reader.accent if segment <= "b_1h" else PLAIN for segment in rows["segment"]],
            width=0.58,
        )
        axes.vlines(rows.index, rows["lead_to_contract_low"] * 100, rows["lead_to_contract_high"] * 100, color=INK, lw=1.2)
        axes.set_xticks(
            rows.index,
            [
                f"{segment_name(row['segment'], language)}\n({CASES[language].format(n=write_number(row['lead_to_contract_n'], language))})"
                for _, row in rows.iterrows()
            ],
        )
        axes.grid(axis="y")
        axes.spines["left"].set_visible(False)
        format_axis(axes.yaxis, "share", 0.01, reader)

    note = Text(
        "Доля заявок, ставших договорами, по скорости первого ответа; черта — 95%-ный интервал. Связь, а не доказательство причины.",
        "Share of leads that became contracts, by the speed of the first answer; line: 95% interval. An association, not a proof of cause.",
    )
    alt = "; ".join(
        f"{segment_name(row['segment'], language)}: {write_percent(row['lead_to_contract'], language)}" for _, row in rows.iterrows()
    )
    return figure(draw, title[language], note[language], alt, height=2.3, frame=rows, accent=reader.accent)


def _fast_and_slow(fast: pd.DataFrame, slow: pd.DataFrame, language: Language) -> Text:
    """The two shares, and whether they differ beyond chance (Newcombe's interval of the difference)."""
    k, n = ([float(part[f"lead_to_contract_{name}"].sum()) for part in (fast, slow)] for name in ("k", "n"))
    if not all(n):
        return Text(
            "Сколько заявок становится договорами, по скорости ответа", "How many leads become contracts, by the speed of the answer"
        )
    _, low, high = newcombe(k[0], n[0], k[1], n[1])
    text = Text(
        "Ответ за час: договором становится {fast} заявок, позже — {slow}{chance}",
        "Answered within the hour, {fast} of the leads become contracts; later, {slow}{chance}",
    )
    within = Text("; разница в пределах случайной", "; the difference is within chance") if low <= 0 <= high else Text("", "")
    return text.format(fast=write_percent(k[0] / n[0], language), slow=write_percent(k[1] / n[1], language), chance=within[language])
