"""Charts of tables: on which contact deals are won, why they are lost, who scores what; and figures of others beside one's own."""

from typing import Any

import pandas as pd

from salesqc_lib.kpi.benchmarks import BENCHMARKS, GRADES
from salesqc_lib.measure import Measurement
from salesqc_lib.show.charts import figure
from salesqc_lib.show.labels import kpi_name, segment_name
from salesqc_lib.show.shown import Shown, grid, nothing, paragraph
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.theme import INK, PLAIN, QUIET
from salesqc_lib.units import write, write_number, write_percent
from salesqc_lib.words import Text

FEW = 30
OTHERS = Text("ещё {n}", "{n} more")


def wins_by_touch(measured: Measurement) -> Shown:
    """Contracts by the number of the contact, beside lost deals by the number they got."""
    reader, language = measured.reader, measured.reader.language
    frame = measured.tables.get("wins_by_touch")
    if measured.is_empty:
        return nothing()
    if frame is None or not frame["wins"].sum():
        return paragraph(why_not(measured, ["wins_by_touch"], ""), "note")
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
        for shift, column, colour in ((-width / 2, "wins_share", reader.accent), (width / 2, "losses_share", PLAIN)):
            bars = axes.bar(rows.index + shift, rows[column].fillna(0) * 100, color=colour, width=width)
            labels = [write_number(count, language) for count in rows[column.removesuffix("_share")]]
            axes.bar_label(bars, labels, fontsize=7.5, padding=2, color=INK)
        axes.set_xticks(rows.index, [segment_name(name, language) for name in rows["segment"]])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)

    note = Text(
        "Цветной столбец — договоры периода по номеру контакта, серый — проигранные сделки по числу полученных контактов; над столбцом — число сделок.",
        "Coloured: contracts of the period by the number of the contact; grey: lost deals by the number of contacts they got; above a bar, how many.",
    )
    alt = "; ".join(f"{segment_name(row['segment'], language)}: {row['wins']:.0f} / {row['losses']:.0f}" for _, row in rows.iterrows())
    return figure(draw, title[language], note[language], alt, height=2.2, frame=frame)


def pareto(measured: Measurement) -> Shown:
    """Reasons of refusal from the frequent to the rare, with the running share."""
    reader, language = measured.reader, measured.reader.language
    if measured.is_empty:
        return nothing()
    frame = measured.tables.get("refusal_reasons")
    if frame is None or frame[frame["by"] == "loss_reason"].empty:
        return paragraph(why_not(measured, ["refusal_reasons"], ""), "note")
    rows = frame[frame["by"] == "loss_reason"].head(12).reset_index(drop=True)
    first, silent = rows.iloc[0], frame[(frame["by"] == "loss_reason") & ~frame["is_explained"].astype(bool)]
    title = Text(
        "Главная причина отказов — «{name}»: {share}; без причины или «другое» — {silent}",
        "The main reason of refusal is «{name}»: {share}; without a reason or «other»: {silent}",
    ).format(
        name=segment_name(str(first["segment"]), language),
        share=write_percent(first["share"], language, 0),
        silent=write_percent(silent["share"].sum(), language, 0),
    )

    def draw(axes: Any) -> None:
        colours = [reader.accent if known else PLAIN for known in rows["is_explained"]]
        axes.barh(rows.index, rows["lost"], color=colours, height=0.62)
        for i, row in rows.iterrows():
            text = f"{write_number(row['lost'], language)} · {write_percent(row['running'], language, 0)}"
            axes.text(row["lost"] + rows["lost"].max() * 0.012, i, text, va="center", fontsize=8.5, color=INK)
        axes.set_yticks(rows.index, [segment_name(str(name), language) for name in rows["segment"]])
        axes.invert_yaxis()
        axes.set_xlim(0, rows["lost"].max() * 1.2)
        axes.set_xticks([])
        axes.spines[["bottom", "left"]].set_visible(False)

    note = Text(
        "Проигранные сделки периода по причине; после точки — доля нарастающим итогом. Серым — причина не названа.",
        "Deals lost in the period by reason; after the dot, the running share. Grey: no reason is told.",
    )
    alt = "; ".join(f"{row['segment']}: {row['lost']:.0f}" for _, row in rows.iterrows())
    return figure(draw, title[language], note[language], alt, height=0.27 * len(rows) + 0.3, frame=frame)


def heat(measured: Measurement) -> Shown:
    """Mean score of each criterion of each seller."""
    language = measured.reader.language
    if measured.is_empty:
        return nothing()
    frame = measured.tables.get("criteria_profile", pd.DataFrame({"by": []}))
    rows = frame[frame["by"] == "manager"]
    if rows.empty:
        return paragraph(why_not(measured, ["criteria_profile"], ""), "note")
    scores, counts = (rows.pivot_table(index="segment", columns="criterion", values=value, sort=False) for value in ("score", "score_n"))
    weakest = frame[frame["by"] == "criterion"].sort_values("score").iloc[0]
    title = Text("Слабее всего — критерий «{name}»: {score} из 100", "The weakest criterion is «{name}»: {score} of 100").format(
        name=weakest["segment"], score=write_number(float(weakest["score"]), language)
    )

    def draw(axes: Any) -> None:
        import seaborn as sns

        texts = scores.map(lambda score: "" if pd.isna(score) else write_number(score, language)) + counts.map(
            lambda n: "" if pd.isna(n) else f"\n({write_number(n, language)})"
        )
        sns.heatmap(
            scores, ax=axes, vmin=0, vmax=100, cmap="cividis", annot=texts, fmt="", cbar=False, linewidths=1, annot_kws={"size": 7.5}
        )
        axes.set(xlabel="", ylabel="")
        axes.tick_params(axis="x", labelrotation=0, labelsize=8, colors=QUIET)
        axes.tick_params(axis="y", labelrotation=0)

    note = Text(
        "Средний балл 0–100, в скобках — число оценок; светлее — лучше. При менее чем пяти оценках балл говорит мало.",
        "Mean score 0–100, number of reviews in brackets; lighter is better. With fewer than five reviews a score says little.",
    )
    alt = "; ".join(f"{row['segment']}, {row['criterion']}: {row['score']:.0f}" for _, row in rows.iterrows())
    return figure(draw, title[language], note[language], alt, height=0.36 * len(scores) + 0.5, frame=frame)


def benchmarks(measured: Measurement) -> Shown:
    """What others say of these KPIs, with the grade of its reliability, beside the client's own figure."""
    reader, language = measured.reader, measured.reader.language
    own = measured.frame[measured.frame["by"] == ""].set_index("kpi")
    chosen = [
        benchmark
        for benchmark in BENCHMARKS
        if benchmark.kpi in own.index and measured.value(benchmark.kpi) == measured.value(benchmark.kpi)
    ]
    if not chosen:
        return nothing()
    rows = []
    for benchmark in chosen:
        row = own.loc[benchmark.kpi]
        value = write(measured.value(benchmark.kpi), str(row["unit"]), language, reader.currency)
        rows.append(
            [
                benchmark.claim[language],
                benchmark.source.title,
                GRADES[benchmark.source.grade][language],
                f"{kpi_name(benchmark.kpi, language)}: {value}",
            ]
        )
    header = [
        text[language]
        for text in (
            Text("Что говорят", "What is said"),
            Text("Кто", "By whom"),
            Text("Надёжность", "Reliability"),
            Text("У вас", "Your own"),
        )
    ]
    return grid(header, rows, align="llll", widths=["1.3fr", "1.2fr", "0.8fr", "1fr"])
