"""Plan against actual, of the department and of each seller."""

from typing import Any

import pandas as pd

from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import ACTUAL, INK, PAPER, PLAIN, RULE
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.words.labels import segment_name
from salesqc_lib.units import write, write_percent
from salesqc_lib.words import Text


def plan_fact(measured: Measurement, span: int = FULL, most: int = 24) -> Shown:
    """Bullet chart: revenue of the department and of each seller against their plans, the period before beside it."""
    if measured.is_empty:
        return nothing()
    reader, language = measured.reader, measured.reader.language
    rows = measured.segments("plan_attainment", "manager")
    rows = rows[rows["value"].notna()].sort_values("segment")  # by name: with so few contracts an order by revenue is chance
    if rows.empty:
        return paragraph(why_not(measured, ["plan_attainment"], "manager"), "lack")
    whole = measured.row("plan_attainment")
    reached = int((rows["value"] >= 1).sum())
    text = Text(
        "Отдел выполнил план на {whole}; из менеджеров план выполнили {k} из {n}",
        "The department reached {whole} of its plan; {k} of {n} sellers reached theirs",
    ).format(whole=write_percent(whole["value"], language, 0), k=reached, n=len(rows))
    told = rows if len(rows) <= most else rows.loc[rows["n"].nlargest(most).index.sort_values()]  # those with the largest plans
    lines = pd.concat([whole.to_frame().T, told], ignore_index=True)
    names = [Text("Отдел", "Department")[language], *(segment_name(str(name), language) for name in told["segment"])]

    def draw(axes: Any) -> None:
        values = lines["value"].astype(float) * 100
        colours = [ACTUAL if value >= 100 else PLAIN for value in values]
        axes.barh(lines.index, [100.0] * len(lines), color=RULE, height=0.72)
        axes.barh(lines.index, values, color=colours, height=0.36)
        axes.vlines([100.0] * len(lines), lines.index - 0.4, lines.index + 0.4, color=INK, lw=2)
        axes.plot(lines["previous"].astype(float) * 100, lines.index, "D", color=PAPER, mec=INK, mew=1, ms=4.5)
        right = max(100.0, float(values.max()), float(lines["previous"].astype(float).max() or 0) * 100) + 3
        for i, row in lines.iterrows():
            told = f"{write_percent(row['value'], language, 0)} · {write(row['k'], 'money', language, reader.currency)}"
            axes.text(right, i, told, va="center", fontsize=8.5)
        axes.set_yticks(lines.index, names)
        axes.invert_yaxis()
        axes.set_xlim(0, right * 1.28)
        axes.set_xticks([])
        axes.spines[["bottom", "left"]].set_visible(False)

    note = Text(
        "Полоса — выручка в процентах плана, черта — план, ромб — прошлый период. Порядок — по имени: несколько крупных сделок меняют места.",
        "Bar: revenue as a percentage of the plan; line: the plan; diamond: the period before. In the order of names: a few large deals change places.",
    )
    alt = "; ".join(f"{name}: {write_percent(value, language, 0)}" for name, value in zip(names, lines["value"], strict=True))
    return figure(draw, text[language], note[language], alt, height=0.29 * len(lines) + 0.25, frame=rows, accent=reader.accent, span=span)
