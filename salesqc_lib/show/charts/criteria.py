"""The scores of conversations by criterion and seller."""

from typing import Any

import pandas as pd

from salesqc_lib.kpi.card import LEAST_OF_MEAN
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure
from salesqc_lib.show.forms.shown import FULL, Shown, nothing, paragraph
from salesqc_lib.show.forms.theme import QUIET
from salesqc_lib.show.tables import why_not
from salesqc_lib.statistics.shares import difference
from salesqc_lib.units import write_number
from salesqc_lib.words import Text


def heat(measured: Measurement, span: int = FULL) -> Shown:
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
        title = Text("Слабее всего — критерий «{name}»: {score} из 100", "The weakest criterion is “{name}”: {score} of 100").format(
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
    return figure(
        draw, title[language], note[language], alt, height=0.36 * len(scores) + 0.5, frame=frame, accent=measured.reader.accent, span=span
    )


def _ends(row: "pd.Series[float]") -> tuple[float, float, float]:
    return float(row["score"]), float(row["score_low"]), float(row["score_high"])


def _spelt(name: str) -> str:
    """The name of a criterion; a code such as `next_step` is spelt as words."""
    return name.replace("_", " ").capitalize() if name.isascii() and name == name.lower() else name
