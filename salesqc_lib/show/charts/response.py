"""Leads that became contracts, by the speed of the first answer."""

from typing import Any

import pandas as pd

from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure, format_axis
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import ACTUAL, PLAIN
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.words.labels import segment_name
from salesqc_lib.statistics.shares import newcombe
from salesqc_lib.units import tell, write_number, write_percent
from salesqc_lib.words import Language, Text


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
        colours = [ACTUAL if segment <= "b_1h" else PLAIN for segment in rows["segment"]]
        axes.hlines(rows.index, rows["lead_to_contract_low"] * 100, rows["lead_to_contract_high"] * 100, color=colours, lw=1.8)
        axes.scatter(rows["lead_to_contract"] * 100, rows.index, color=colours, s=34, zorder=3)
        names = [
            f"{segment_name(row['segment'], language)} ({write_number(row['lead_to_contract_n'], language)})" for _, row in rows.iterrows()
        ]
        axes.set_yticks(rows.index, names)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(0, None)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        format_axis(axes.xaxis, "share", 0.01, reader)

    note = Text(
        "В скобках — число заявок, линия — интервал. Причину это не доказывает и не исключает: трудные заявки могли ждать дольше.",
        "In brackets: leads; line: interval. This neither proves a cause nor rules one out: hard leads may have waited longer.",
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
        "При ответе за час договоры чаще: {fast} заявок, позже или без ответа — {slow}",
        "With an answer within the hour contracts are more frequent: {fast} of leads, later or never {slow}",
    )
    if high < 0:
        text = Text(
            "При ответе за час договоры реже: {fast} заявок, позже или без ответа — {slow}",
            "With an answer within the hour contracts are rarer: {fast} of leads, later or never {slow}",
        )
    elif low <= 0:
        text = Text(
            "По скорости ответа разницы не видно: договорами стали {fast} заявок при ответе за час и {slow} при более позднем или без ответа",
            "No difference by the speed of the answer can be seen: {fast} signed when answered within the hour, {slow} later or never",
        )
    return text.format(fast=tell(k[0] / n[0], "share", language), slow=tell(k[1] / n[1], "share", language))
