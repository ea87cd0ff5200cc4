"""Why deals are lost."""

from typing import Any

import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.kpi.card import LEAST
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import ACTUAL, INK, PLAIN
from salesqc_lib.show.tables import why_not
from salesqc_lib.show.words.labels import quoted, segment_name
from salesqc_lib.statistics.shares import wilson
from salesqc_lib.units import write_number, write_percent
from salesqc_lib.words import Language, Text

NAMED = 3  # reasons in a title
UNTOLD = Text("не указана", "not set")


RUNNING = Text("{n} · {share}, всего {running}", "{n} · {share}, in all {running}")


def _name(reason: str, language: Language) -> str:
    """A reason as a reader sees it: in Russian a reason is a woman."""
    return UNTOLD[language] if reason == UNSET else segment_name(reason, language)


def pareto(measured: Measurement, span: int = FULL) -> Shown:
    """Reasons of refusal from the frequent to the rare, with the running share."""
    language = measured.reader.language
    if measured.is_empty:
        return nothing()
    frame = measured.tables.get("refusal_reasons")
    if frame is None or frame[frame["by"] == "loss_reason"].empty:
        return paragraph(why_not(measured, ["refusal_reasons"], ""), "lack")
    rows = frame[frame["by"] == "loss_reason"].head(12).reset_index(drop=True)
    title = _main_reason(frame[frame["by"] == "loss_reason"], language)

    def draw(axes: Any) -> None:
        colours = [ACTUAL if known else PLAIN for known in rows["is_explained"]]
        axes.barh(rows.index, rows["lost"], color=colours, height=0.62)
        for i, row in rows.iterrows():
            shares = [write_percent(row[name], language, 0) for name in ("share", "running")]
            text = RUNNING.format(n=write_number(row["lost"], language), share=shares[0], running=shares[1])[language]
            axes.text(row["lost"] + rows["lost"].max() * 0.012, i, text, va="center", fontsize=8.5, color=INK)
        axes.set_yticks(rows.index, [_name(str(name), language) for name in rows["segment"]])
        axes.invert_yaxis()
        axes.set_xlim(0, rows["lost"].max() * 1.34)
        axes.set_xticks([])
        axes.spines[["bottom", "left"]].set_visible(False)

    note = Text(
        "Проигранные сделки периода по причине; рядом — доля причины и нарастающий итог. Серым — причина не названа.",
        "Deals lost in the period by reason; beside it, the share of the reason and the running share. Grey: no reason is told.",
    )
    alt = "; ".join(f"{row['segment']}: {row['lost']:.0f}" for _, row in rows.iterrows())
    return figure(
        draw, title[language], note[language], alt, height=0.27 * len(rows) + 0.3, frame=frame, accent=measured.reader.accent, span=span
    )


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
            "Причины отказов не названы: без причины или «другое» — {silent}", "No reason is told: without one or “other” {silent}"
        ).format(silent=silent)
    most = float(told["lost"].iloc[0])
    # of the losses that have one of two reasons, half would have the first if chance alone decided
    first = told[[wilson(most, most + float(other))[0] <= 0.5 for other in told["lost"]]]
    names = [
        f"{quoted(_name(str(name), language), language)} ({write_percent(share, language, 0)})"
        for name, share in zip(first["segment"], first["share"], strict=True)
    ]
    if len(names) == 1:
        text = Text(
            "Главная причина отказов — {name}; без причины или «другое» — {silent}",
            "The main reason of refusal is {name}; without a reason or “other”: {silent}",
        )
        return text.format(name=names[0], silent=silent)
    text = Text(
        "Чаще других называют {names}: разница между ними случайна; без причины или «другое» — {silent}",
        "Told most often: {names}, with no more than chance between them; without a reason or “other”: {silent}",
    )
    return text.format(names=", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else ""), silent=silent)
