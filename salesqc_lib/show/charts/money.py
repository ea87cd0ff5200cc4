"""Revenue, and what made its change: the number of contracts and the average deal; and month by month beside the year before."""

from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.measure import Measurement
from salesqc_lib.period import Period
from salesqc_lib.show.charts.bridge import draw_steps
from salesqc_lib.show.forms.figure import figure, format_axis
from salesqc_lib.show.forms.shown import FULL, Shown, nothing
from salesqc_lib.show.forms.theme import ACTUAL, PREVIOUS
from salesqc_lib.show.words.figures import known_role
from salesqc_lib.show.words.money import signed_percent
from salesqc_lib.units import tell, write_number
from salesqc_lib.words import Language, Reader, Text

ADDS_UP = 0.01  # contracts times the average deal must give the revenue, to a hundredth
ROLES = {"year_ago": Text("год назад", "a year ago"), "previous": Text("прошлый период", "period before")}
MONTHS = Text("янв фев мар апр май июн июл авг сен окт ноя дек", "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")


def revenue_bridge(measured: Measurement, span: int = FULL) -> Shown:
    """From the revenue of a year before (or the period before) to this one's: by contracts, and by the average deal. Nothing where the
    parts do not add up to it."""
    known = set(measured.frame["kpi"])
    if not {"revenue", "contracts", "average_deal"} <= known or pd.isna(measured.value("revenue")):
        return nothing()
    role = known_role(measured, "revenue")
    rows = {kpi: measured.row(kpi) for kpi in ("revenue", "contracts", "average_deal")}
    if not role or any(pd.isna(row[name]) for row in rows.values() for name in ("value", role)):
        return nothing()
    reader, language = measured.reader, measured.reader.language
    (was, now), (n_was, n_now), (deal_was, deal_now) = ([float(row[role]), float(row["value"])] for row in rows.values())
    if not all(abs(n * deal - sum_) <= ADDS_UP * abs(sum_) for n, deal, sum_ in ((n_was, deal_was, was), (n_now, deal_now, now))):
        return nothing()
    by_number = (n_now - n_was) * (deal_was + deal_now) / 2
    by_deal = (deal_now - deal_was) * (n_was + n_now) / 2
    parts = [
        ("was", ROLES[role][language], 0.0, was),
        ("contracts", _contracts(n_was, n_now, language), was, by_number),
        ("deal", Text("средний чек", "average deal")[language], was + by_number, now - was - by_number),
        ("now", Text("период", "this period")[language], 0.0, now),
    ]
    frame = pd.DataFrame(parts, columns=["part", "name", "start", "value"])

    def draw(axes: Any) -> None:
        draw_steps(axes, frame, lambda value: tell(value, "money", language, reader.currency), lambda value: _signed(value, reader))

    title = _title(was, now, by_number, by_deal, reader)
    note = Text(
        "Выручка по договорам периода, {ago} и сейчас; совместная часть поделена поровну.",
        "Revenue of the period's contracts, {ago} and now; what both made together is halved.",
    )
    alt = "; ".join(f"{row['name']}: {tell(row['value'], 'money', language, reader.currency)}" for row in frame.to_dict("records"))
    return figure(
        draw,
        title,
        note.format(ago=ROLES[role][language])[language],
        _alt(alt, language),
        height=1.75,
        frame=frame,
        accent=reader.accent,
        span=span,
    )


def _alt(text: str, language: Language) -> str:
    return f"{Text('График-мост', 'Bridge chart')[language]}: {text}"


def _contracts(was: float, now: float, language: Language) -> str:
    text = Text("договоры: {a} → {b}", "contracts: {a} → {b}")
    return text.format(a=write_number(was, language), b=write_number(now, language))[language]


def _signed(value: float, reader: Reader) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + tell(abs(value), "money", reader.language, reader.currency)


def _title(was: float, now: float, by_number: float, by_deal: float, reader: Reader) -> str:
    """The change, and the larger of what made it."""
    language = reader.language
    change = signed_percent(now / was - 1, language)
    first, second = (Text("число договоров", "the number of contracts"), Text("средний чек", "the average deal"))
    larger, size = (first, by_number) if abs(by_number) >= abs(by_deal) else (second, by_deal)
    text = Text("Выручка {change}; сильнее всего сказалось вот что: {what}, {size}", "Revenue {change}; most of it is {what}: {size}")
    return text.format(change=change, what=larger[language], size=_signed(size, reader))[language]


def months(measured: Measurement, kpi: str = "revenue", span: int = FULL) -> Shown:
    """A sum month by month as columns, the same month of the year before behind it; the period itself stands out."""
    measured.check(kpi, "month")
    reader, language = measured.reader, measured.reader.language
    rows = measured.frame[(measured.frame["kpi"] == kpi) & (measured.frame["by"] == "month") & measured.frame["value"].notna()].reset_index(
        drop=True
    )
    if measured.is_empty or len(rows) < 3:
        return nothing()
    current, unit = measured.row(kpi), str(rows["unit"].iloc[0])
    is_current = ((rows["period_start"] >= current["period_start"]) & (rows["period_end"] <= current["period_end"])).to_numpy()
    by_label = dict(zip(rows["segment"], rows["value"], strict=True))
    before = [by_label.get(f"{int(label[:4]) - 1}{label[4:]}", float("nan")) for label in rows["segment"]]
    before = [value if value == value else float(ago) for value, ago in zip(before, rows["year_ago"], strict=True)]
    names = MONTHS[language].split()

    def draw(axes: Any) -> None:
        places = np.arange(len(rows))
        axes.bar(places - 0.16, np.nan_to_num(before), width=0.5, color=PREVIOUS, alpha=0.75)
        axes.bar(places + 0.08, rows["value"], width=0.5, color=[ACTUAL if now else "#6d7a84" for now in is_current])
        every = 1 if span == FULL else 2
        shown = places[(len(rows) - 1) % every :: every]
        axes.set_xticks(shown, [names[int(label[5:7]) - 1] for label in rows["segment"].iloc[shown]], fontsize=8)
        axes.yaxis.set_major_locator(_few_ticks())
        axes.grid(axis="y")
        axes.spines["left"].set_visible(False)
        format_axis(axes.yaxis, unit, 1.0, reader)

    best = rows.iloc[int(rows["value"].to_numpy().argmax())]
    title = Text("Самый сильный месяц года — {month}: {value}", "The strongest month of the year is {month}: {value}")
    told = title.format(month=_month(str(best["segment"]), language), value=tell(best["value"], unit, language, reader.currency))[language]
    note = Text(
        "Тёмные столбцы — период, светлые позади — тот же месяц годом раньше.",
        "Dark: the period; light behind: the same month a year before.",
    )[language]
    alt = _alt_of_columns(rows, unit, reader)
    return figure(draw, told, note, alt, height=1.75, frame=rows, accent=reader.accent, span=span)


def _few_ticks() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(4)


def _month(label: str, language: Language) -> str:
    return Period.parse(label).name(language)


def _alt_of_columns(rows: pd.DataFrame, unit: str, reader: Reader) -> str:
    low, high = (tell(float(value), unit, reader.language, reader.currency) for value in (rows["value"].min(), rows["value"].max()))
    text = Text("График столбцами по месяцам: от {low} до {high}.", "Column chart by month: from {low} to {high}.")
    return text.format(low=low, high=high)[reader.language]
