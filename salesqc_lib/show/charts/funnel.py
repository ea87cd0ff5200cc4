"""The steps of the funnel: events of the period on each, and what part passes to the next."""

from typing import Any

import pandas as pd

from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import ACTUAL, INK
from salesqc_lib.show.tables import NOTHING
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.statistics.shares import difference
from salesqc_lib.units import tell, tell_interval, write_number
from salesqc_lib.words import Language, Text

STEPS = (
    ("leads", ""),
    ("qualified_leads", "qualification_rate"),
    ("key_events_set", "qualified_to_key_event_set"),
    ("key_events_held", "key_event_held_rate"),
    ("contracts", "key_event_to_contract"),
    ("acts", "contract_to_act"),
)


DROP = Text(" · проходят {passed} ({span})", " · {passed} pass ({span})")
SHORT_DROP = Text(" · {passed} ({span})", " · {passed} ({span})")


def funnel(measured: Measurement, span: int = FULL) -> Shown:
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
    title = Text("Больше всего теряется на шаге «{step}»: проходят {value}", "Most is lost on the step “{step}”: {value} pass")
    message = (
        title.format(step=kpi_name(str(lowest["kpi"]), language), value=tell(lowest["value"], "share", language))[language]
        if lowest is not None
        else _whole_funnel(measured, language)
    )

    def draw(axes: Any) -> None:
        names = [kpi_name(kpi, language) for kpi, _, _ in steps]
        counts = [value for _, _, value in steps]
        axes.barh(names, counts, color=ACTUAL, height=0.62)
        axes.invert_yaxis()
        for i, (value, rate) in enumerate(zip(counts, rates, strict=True)):
            text = write_number(value, language)
            if rate is not None and not pd.isna(rate["value"]):
                ends = tell_interval(rate["low"], rate["high"], "share", language)
                text += (DROP if span == FULL else SHORT_DROP)[language].format(passed=tell(rate["value"], "share", language), span=ends)
            axes.text(value + max(counts) * 0.012, i, text, va="center", fontsize=8.5, color=INK)
        axes.set_xlim(0, max(counts) * (1.42 if span == FULL else 1.75))
        axes.set_xticks([])
        axes.spines[["bottom", "left"]].set_visible(False)

    note = Text(
        "Столбец — события периода; рядом — доля вошедших в предыдущий шаг, которая дошла до этого, с интервалом. Доля считается по одним и тем же сделкам и не равна отношению столбцов.",
        "Bar: events of the period; beside it, the share of those entering the step before that reached this one, with its interval. The share follows the same deals and is no ratio of bars.",
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
        span=span,
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
    value = tell(measured.value("lead_to_contract"), "share", language)
    return Text("Договором становится {value} заявок периода", "{value} of the period's leads become contracts").format(value=value)[
        language
    ]
