"""Charts of tables: on which contact deals are won, why they are lost, who scores what; and figures of others beside one's own."""

from typing import Any

import pandas as pd

from salesqc_lib.kpi.benchmarks import BENCHMARKS, GRADES
from salesqc_lib.kpi.card import LEAST, LEAST_OF_MEAN
from salesqc_lib.measure import Measurement
from salesqc_lib.show.figure import figure, format_axis, name_points
from salesqc_lib.show.labels import kpi_name, segment_name
from salesqc_lib.show.shown import Shown, grid, nothing, paragraph
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.theme import BAD, GOOD, INK, PAPER, PLAIN, QUIET, RULE
from salesqc_lib.statistics.shares import difference, wilson
from salesqc_lib.units import write, write_number, write_percent
from salesqc_lib.words import Language, Text

NAMED = 3  # reasons in a title

FEW = 30
RUNNING = Text("{n} · {share}, всего {running}", "{n} · {share}, in all {running}")


def wins_by_touch(measured: Measurement) -> Shown:
    """Contracts by the number of the contact, beside lost deals by the number they got."""
    reader, language = measured.reader, measured.reader.language
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
        for shift, column, colour in ((-width / 2, "wins_share", reader.accent), (width / 2, "losses_share", PLAIN)):
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
    return figure(draw, title[language], note[language], alt, height=2.2, frame=frame, accent=measured.reader.accent)


def pareto(measured: Measurement) -> Shown:
    """Reasons of refusal from the frequent to the rare, with the running share."""
    reader, language = measured.reader, measured.reader.language
    if measured.is_empty:
        return nothing()
    frame = measured.tables.get("refusal_reasons")
    if frame is None or frame[frame["by"] == "loss_reason"].empty:
        return paragraph(why_not(measured, ["refusal_reasons"], ""), "lack")
    rows = frame[frame["by"] == "loss_reason"].head(12).reset_index(drop=True)
    title = _main_reason(frame[frame["by"] == "loss_reason"], language)

    def draw(axes: Any) -> None:
        colours = [reader.accent if known else PLAIN for known in rows["is_explained"]]
        axes.barh(rows.index, rows["lost"], color=colours, height=0.62)
        for i, row in rows.iterrows():
            shares = [write_percent(row[name], language, 0) for name in ("share", "running")]
            text = RUNNING.format(n=write_number(row["lost"], language), share=shares[0], running=shares[1])[language]
            axes.text(row["lost"] + rows["lost"].max() * 0.012, i, text, va="center", fontsize=8.5, color=INK)
        axes.set_yticks(rows.index, [segment_name(str(name), language) for name in rows["segment"]])
        axes.invert_yaxis()
        axes.set_xlim(0, rows["lost"].max() * 1.34)
        axes.set_xticks([])
        axes.spines[["bottom", "left"]].set_visible(False)

    note = Text(
        "Проигранные сделки периода по причине; рядом — доля причины и нарастающий итог. Серым — причина не названа.",
        "Deals lost in the period by reason; beside it, the share of the reason and the running share. Grey: no reason is told.",
    )
    alt = "; ".join(f"{row['segment']}: {row['lost']:.0f}" for _, row in rows.iterrows())
    return figure(draw, title[language], note[language], alt, height=0.27 * len(rows) + 0.3, frame=frame, accent=measured.reader.accent)


def _main_reason(reasons: pd.DataFrame, language: Language) -> Text:
    """The reason told most often, where it is told more often than the next one beyond chance; else those that share the first place."""
    every, is_told = float(reasons["lost"].sum()), reasons["is_explained"].astype(bool)
    told = reasons[is_told].sort_values("lost", ascending=False, kind="stable")
    silent = write_percent(reasons.loc[~is_told, "share"].sum(), language, 0)
    if every < LEAST:
        few = Text("Отказов за период {n}: главной причины по ним не назвать", "Losses in the period: {n}, too few to name a main reason")
        return few.format(n=write_number(every, language))
    if told.empty:
        return Text(
            "Причины отказов не названы: без причины или «другое» — {silent}", "No reason is told: without one or «other» {silent}"
        ).format(silent=silent)
    most = float(told["lost"].iloc[0])
    # of the losses that have one of two reasons, half would have the first if chance alone decided
    first = told[[wilson(most, most + float(other))[0] <= 0.5 for other in told["lost"]]]
    names = [
        f"«{segment_name(str(name), language)}» ({write_percent(share, language, 0)})"
        for name, share in zip(first["segment"], first["share"], strict=True)
    ]
    if len(names) == 1:
        text = Text(
            "Главная причина отказов — {name}; без причины или «другое» — {silent}",
            "The main reason of refusal is {name}; without a reason or «other»: {silent}",
        )
        return text.format(name=names[0], silent=silent)
    text = Text(
        "Чаще других называют {names}: разница между ними случайна; без причины или «другое» — {silent}",
        "Told most often: {names}, with no more than chance between them; without a reason or «other»: {silent}",
    )
    return text.format(names=", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else ""), silent=silent)


def plan_fact(measured: Measurement) -> Shown:
    """Bullet chart: revenue of the department and of each seller against their plans, the period before beside it."""
    if measured.is_empty:
        return nothing()
    reader, language = measured.reader, measured.reader.language
    rows = measured.segments("plan_attainment", "manager")
    rows = rows[rows["value"].notna()].sort_values("value", ascending=False)
    if rows.empty:
        return paragraph(why_not(measured, ["plan_attainment"], "manager"), "lack")
    whole = measured.row("plan_attainment")
    reached = int((rows["value"] >= 1).sum())
    text = Text(
        "Отдел выполнил план на {whole}; из менеджеров план выполнили {k} из {n}",
        "The department reached {whole} of its plan; {k} of {n} sellers reached theirs",
    ).format(whole=write_percent(whole["value"], language, 0), k=reached, n=len(rows))
    lines = pd.concat([whole.to_frame().T, rows], ignore_index=True)
    names = [Text("Отдел", "Department")[language], *(segment_name(str(name), language) for name in rows["segment"])]

    def draw(axes: Any) -> None:
        values = lines["value"].astype(float) * 100
        colours = [reader.accent if value >= 100 else PLAIN for value in values]
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
        "Полоса — выручка в процентах плана, черта — план, ромб — прошлый период. Несколько крупных сделок меняют порядок: см. таблицу с поправкой на случайность.",
        "Bar: revenue as a percentage of the plan; line: the plan; diamond: the period before. A few large deals change the order: see the table that allows for chance.",
    )
    alt = "; ".join(f"{name}: {write_percent(value, language, 0)}" for name, value in zip(names, lines["value"], strict=True))
    return figure(draw, text[language], note[language], alt, height=0.29 * len(lines) + 0.25, frame=rows, accent=reader.accent)


def quadrant(measured: Measurement) -> Shown:
    """Openers and closers: who brings leads to the key event, and who brings it to a contract, each with both intervals."""
    reader, language = measured.reader, measured.reader.language
    if measured.is_empty:
        return nothing()
    frame = measured.tables.get("opener_closer")
    if frame is None or frame[["opens", "closes"]].dropna().empty:
        return paragraph(why_not(measured, ["opener_closer"], ""), "lack")
    rows = frame[frame["by"] == "manager"].dropna(subset=["opens", "closes"]).reset_index(drop=True)
    whole = {name: float(frame[f"{name}_k"].sum() / frame[f"{name}_n"].sum()) for name in ("opens", "closes")}

    def draw(axes: Any) -> None:
        for name, line in (("opens", axes.axvline), ("closes", axes.axhline)):
            line(whole[name] * 100, color=INK, lw=1, ls=(0, (4, 3)))
        for _, row in rows.sort_values("closes").iterrows():
            levels = {row["opens_level"], row["closes_level"]}
            colour = BAD if "below" in levels else GOOD if "above" in levels else PLAIN
            x, y = row["opens"] * 100, row["closes"] * 100
            axes.plot([row["opens_low"] * 100, row["opens_high"] * 100], [y, y], color=colour, lw=0.8, alpha=0.4)
            axes.plot([x, x], [row["closes_low"] * 100, row["closes_high"] * 100], color=colour, lw=0.8, alpha=0.4)
            axes.plot(x, y, "v" if colour == BAD else "^" if colour == GOOD else "o", color=colour, ms=7, zorder=3)
        axes.set_xlabel(Text("заявка → ключевое событие проведено", "lead → key event held")[language])
        axes.set_ylabel(Text("ключевое событие → договор", "key event → contract")[language])
        axes.margins(x=0.12, y=0.06)
        axes.autoscale_view()
        points = [(row["opens"] * 100, row["closes"] * 100, segment_name(str(row["segment"]), language)) for _, row in rows.iterrows()]
        name_points(axes, points)
        axes.grid()
        for axis in (axes.xaxis, axes.yaxis):
            format_axis(axis, "share", 0.01, reader)

    note = Text(
        "Правее — чаще доводит заявку до ключевого события, выше — чаще доводит его до договора; пунктир — отдел, тонкие линии — 95%-ные интервалы. ▲ ▼ — отличия, которые не объяснить случайностью.",
        "Further right: brings more leads to the key event; higher: brings more of these to a contract. Dashed: the department; thin lines: 95% intervals. ▲ ▼: differences that chance does not explain.",
    )
    alt = "; ".join(
        f"{segment_name(str(row['segment']), language)}: {write_percent(row['opens'], language)}, {write_percent(row['closes'], language)}"
        for _, row in rows.iterrows()
    )
    return figure(draw, _openers(rows, language), note[language], alt, height=3.5, frame=rows, accent=reader.accent)


def _openers(rows: pd.DataFrame, language: Language) -> str:
    """Who opens or closes unlike the department; where nobody does, that."""
    told = {
        ("opens", "below"): Text("открывают слабее отдела: {x}", "open worse than the department: {x}"),
        ("closes", "below"): Text("закрывают слабее отдела: {x}", "close worse than the department: {x}"),
        ("opens", "above"): Text("открывают сильнее: {x}", "open better: {x}"),
        ("closes", "above"): Text("закрывают сильнее: {x}", "close better: {x}"),
    }
    parts = [
        text.format(x=", ".join(segment_name(str(name), language) for name in names))[language]
        for (column, level), text in told.items()
        if len(names := rows.loc[rows[f"{column}_level"] == level, "segment"])
    ]
    nobody = Text(
        "Ни в начале, ни в конце воронки никто не отличается от отдела больше, чем случайно",
        "Neither at the start nor at the end of the funnel does anybody differ from the department beyond chance",
    )
    text = "; ".join(parts) or nobody[language]
    return text[:1].upper() + text[1:]


def heat(measured: Measurement) -> Shown:
    """Mean score of each criterion of each seller."""
    language = measured.reader.language
    if measured.is_empty:
        return nothing()
    frame = measured.tables.get("criteria_profile", pd.DataFrame({"by": []}))
    rows = frame[frame["by"] == "manager"]
    if rows.empty:
        return paragraph(why_not(measured, ["criteria_profile"], ""), "lack")
    scores, counts = (rows.pivot_table(index="segment", columns="criterion", values=value, sort=False) for value in ("score", "score_n"))
    known = frame[(frame["by"] == "criterion") & (frame["score_n"] >= LEAST_OF_MEAN)].sort_values("score")
    title = Text("Оценки по критериям и менеджерам", "Scores by criterion and seller")
    if len(known) > 1 and difference(_ends(known.iloc[1]), _ends(known.iloc[0]))[1] > 0:  # beyond chance below the next one
        weakest = known.iloc[0]
        title = Text("Слабее всего — критерий «{name}»: {score} из 100", "The weakest criterion is «{name}»: {score} of 100").format(
            name=_spelt(str(weakest["segment"])), score=write_number(float(weakest["score"]), language)
        )

    def draw(axes: Any) -> None:
        import seaborn as sns

        texts = scores.map(lambda score: "" if pd.isna(score) else write_number(score, language)) + counts.map(
            lambda n: "" if pd.isna(n) else f"\n({write_number(n, language)})"
        )
        sns.heatmap(scores, ax=axes, vmin=0, vmax=100, cmap="Blues", annot=texts, fmt="", cbar=False, linewidths=1, annot_kws={"size": 7.5})
        axes.set(xlabel="", ylabel="")
        axes.set_xticklabels([_spelt(str(name)) for name in scores.columns])
        axes.tick_params(axis="x", labelrotation=0, labelsize=8, colors=QUIET)
        axes.tick_params(axis="y", labelrotation=0)

    note = Text(
        "Средний балл 0–100, в скобках — число оценок; темнее — лучше. При менее чем пяти оценках балл говорит мало.",
        "Mean score 0–100, number of reviews in brackets; darker is better. With fewer than five reviews a score says little.",
    )
    alt = "; ".join(f"{row['segment']}, {row['criterion']}: {row['score']:.0f}" for _, row in rows.iterrows())
    return figure(draw, title[language], note[language], alt, height=0.36 * len(scores) + 0.5, frame=frame, accent=measured.reader.accent)


def _ends(row: "pd.Series[float]") -> tuple[float, float, float]:
    return float(row["score"]), float(row["score_low"]), float(row["score_high"])


def _spelt(name: str) -> str:
    """The name of a criterion; a code such as `next_step` is spelt as words."""
    return name.replace("_", " ").capitalize() if name.isascii() and name == name.lower() else name


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
