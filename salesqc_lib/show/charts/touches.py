"""On which contact deals are won."""

from typing import Any

from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import ACTUAL, INK, PLAIN
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.words.labels import segment_name
from salesqc_lib.units import write_number, write_percent
from salesqc_lib.words import Text


def wins_by_touch(measured: Measurement, span: int = FULL) -> Shown:
    """Contracts by the number of the contact, beside lost deals by the number they got."""
    language = measured.reader.language
    frame = measured.tables.get("wins_by_touch")
    if measured.is_empty:
        return nothing()
    if frame is None or not frame["wins"].sum():
        return paragraph(why_not(measured, ["wins_by_touch"], ""), "lack")
    rows = frame[frame["by"] == "touch_bucket"].sort_values("segment").reset_index(drop=True)
    late = rows[rows["segment"] >= "t05_12"]
    title = Text(
        "{won} договоров подписано на пятом контакте и позже; столько же контактов получили {lost} проигранных сделок",
        "{won} of the contracts were signed on the fifth contact or later; {lost} of the lost deals got as many",
    ).format(
        won=write_percent(late["wins_share"].sum(), language, 0), lost=write_percent(late["losses_share"].fillna(0).sum(), language, 0)
    )

    def draw(axes: Any) -> None:
        width = 0.38
        for shift, column, colour in ((-width / 2, "wins_share", ACTUAL), (width / 2, "losses_share", PLAIN)):
            bars = axes.bar(rows.index + shift, rows[column].fillna(0) * 100, color=colour, width=width)
            labels = [
                f"{write_percent(share, language, 0)}\n({write_number(count, language)})"
                for share, count in zip(rows[column].fillna(0), rows[column.removesuffix("_share")], strict=True)
            ]
            axes.bar_label(bars, labels, fontsize=7.5, padding=2, color=INK)
        axes.set_xticks(rows.index, [segment_name(name, language) for name in rows["segment"]])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)

    note = Text(
        "Цветной столбец — договоры периода по номеру контакта, серый — проигранные сделки по числу полученных контактов; над столбцом — доля своих сделок и их число.",
        "Coloured: contracts of the period by the number of the contact; grey: lost deals by the number of contacts they got; above a bar, the share of its own group and how many.",
    )
    alt = "; ".join(f"{segment_name(row['segment'], language)}: {row['wins']:.0f} / {row['losses']:.0f}" for _, row in rows.iterrows())
    return figure(draw, title[language], note[language], alt, height=2.2, frame=frame, accent=measured.reader.accent, span=span)
