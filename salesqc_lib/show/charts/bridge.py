"""The bridge: from the contracts of the period before to those of this one, by volume, mix, season and what is left."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from salesqc_lib.findings import Findings
from salesqc_lib.findings.past import BEFORE, Change
from salesqc_lib.show.forms.figure import figure
from salesqc_lib.show.forms.shown import FULL, Shown, nothing
from salesqc_lib.show.forms.theme import BAD, GOOD, INK, PREVIOUS, RULE
from salesqc_lib.units import write_number
from salesqc_lib.words import Language, Text

KPI = "lead_to_contract"
ENDS = ("was", "now")
PARTS = {
    "volume": Text("заявок больше", "more leads"), "mix": Text("другой состав заявок", "another mix of leads"),
    "season": Text("сезон", "season"), "rate": Text("остальное", "the rest"),
}  # fmt: skip
FEWER, AS_MANY = Text("заявок меньше", "fewer leads"), Text("заявок столько же", "as many leads")
NAMED = 0.25  # a part is named where the change is so much of it: of parts that cancel each other, none made it
UNKNOWN = Text("сезон и остальное", "season and the rest")
TITLE = Text(
    "Договоров из заявок периода: {now}, в прошлом периоде {was}. Главное в изменении: {part} ({size})",
    "Contracts from the period's leads: {now}, {was} in the period before. Most of the change: {part} ({size})",
)
CALM = Text(
    "Договоров из заявок периода: {now}, в прошлом периоде {was}", "Contracts from the period's leads: {now}, {was} in the period before"
)
NOTE = Text(
    "Договоры по заявкам, пришедшим за период; оба периода прослежены одинаково долго. Состав — каналы и продукты; сезон — то, насколько эти же два периода различались год назад.{known} «Остальное» — не вина и не заслуга: случай в нём есть всегда. Части складываются в изменение точно.",
    "Contracts of the leads that came in the period; both periods are followed for as long. Mix: channels and products; season: how the same two periods differed a year before.{known} The rest is neither guilt nor merit: some of it is always chance. The parts add up to the change exactly.",
)
NO_SEASON = Text(
    " Сезон отделить не удалось: тех же двух периодов годом раньше в данных нет, или они несравнимы.",
    " The season could not be told apart: the same two periods a year before are not in the data, or cannot be compared.",
)


def bridge(findings: Findings, span: int = FULL) -> Shown:
    """A waterfall of the change; nothing where the data do not reach back to the period before."""
    change = findings.changes.get((KPI, BEFORE))
    if change is None:
        return nothing()
    reader, language = findings.reader, findings.reader.language
    was, now = float(change.was.k.sum()), float(change.now.k.sum())
    parts = _parts(change, language)
    rows = _steps(parts, was, now, language)

    def draw(axes: Any) -> None:
        draw_steps(axes, rows, lambda value: write_number(value, language), lambda value: _signed(value, language))

    # of the parts that go the way of the change, the largest
    largest = max(parts, key=lambda pair: pair[2] * (1 if now > was else -1))
    told = {"now": write_number(now, language), "was": write_number(was, language)}
    most = max(abs(size) for _, _, size in parts)
    is_made = now != was and abs(now - was) >= NAMED * most and abs(largest[2]) == most
    title = (
        TITLE.format(**told, part=largest[1], size=_signed(largest[2], language))[language] if is_made else CALM.format(**told)[language]
    )
    note = NOTE.format(known="" if change.season == change.season else NO_SEASON[language])[language]
    alt = "; ".join(
        f"{row['name']}: {write_number(row['value'], language) if row['part'] in ENDS else _signed(row['value'], language)}"
        for _, row in rows.iterrows()
    )
    return figure(draw, title, note, alt, height=0.3 * len(rows) + 0.5, frame=rows, accent=reader.accent, span=span)


def draw_steps(axes: Any, rows: pd.DataFrame, whole: Callable[[float], str], part: Callable[[float], str]) -> None:
    """A waterfall: both ends in ink and grey, what adds in one colour, what takes away in the other; every value printed."""
    ends = rows["start"] + rows["value"]
    top = max(float(ends.max()), float(rows["start"].max()), 1.0)
    for i, row in enumerate(rows.to_dict("records")):
        colour = PREVIOUS if row["part"] == "was" else INK if row["part"] == "now" else GOOD if row["value"] > 0 else BAD
        axes.barh(i, row["value"], left=row["start"], height=0.6, color=colour)
        text = whole(row["value"]) if row["part"] in ENDS else part(row["value"])
        axes.text(max(row["start"], row["start"] + row["value"]) + 0.012 * top, i, text, va="center", fontsize=8.5, color=INK)
        if i + 1 < len(rows):
            axes.plot([row["start"] + row["value"]] * 2, [i - 0.3, i + 1.3], color=RULE, lw=0.8, zorder=0)
    axes.set_yticks(range(len(rows)), rows["name"])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(min(0.0, float(ends.min())), 1.2 * top)
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)


def _parts(change: Change, language: Language) -> list[tuple[str, str, float]]:
    """Id, name and size of each part; season and the rest together where the season is not known."""
    sizes = change.bridge()
    names = {part: text[language] for part, text in PARTS.items()}
    if round(sizes["volume"]) <= 0:
        names["volume"] = (FEWER if round(sizes["volume"]) < 0 else AS_MANY)[language]
    if change.season != change.season:
        names["rate"] = UNKNOWN[language]
        del sizes["season"]
    return [(part, names[part], size) for part, size in sizes.items()]


def _steps(parts: list[tuple[str, str, float]], was: float, now: float, language: Language) -> pd.DataFrame:
    """Where each bar begins and how long it is."""
    before, after = Text("прошлый период", "period before"), Text("этот период", "this period")
    rows = [("was", before[language], 0.0, was)]
    level = was
    for part, name, size in parts:
        rows.append((part, name, level, size))
        level += size
    return pd.DataFrame([*rows, ("now", after[language], 0.0, now)], columns=["part", "name", "start", "value"])


def _signed(value: float, language: Language) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + write_number(abs(value), language, 0 if abs(value) >= 9.5 or not value else 1)
