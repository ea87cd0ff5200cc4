"""Leads that became contracts, by the speed of the first answer."""

from typing import Any

import pandas as pd

from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure, format_axis
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import ACTUAL, INK, PLAIN
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.words.labels import segment_name
from salesqc_lib.statistics.shares import newcombe
from salesqc_lib.units import write_number, write_percent
from salesqc_lib.words import Language, Text

CASES = Text("случаев: {n}", "n = {n}")


def conversion_by_response(measured: Measurement, span: int = FULL) -> Shown:
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
            color=[ACTUAL if segment <= "b_1h" else PLAIN for segment in rows["segment"]],
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
    return figure(draw, title[language], note[language], alt, height=2.3, frame=rows, accent=reader.accent, span=span)


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
