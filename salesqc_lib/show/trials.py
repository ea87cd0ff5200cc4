"""Trials in the delta report: what came of attending to a random half."""

from typing import Protocol

from salesqc_lib.dataset import Dataset
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing, paragraph
from salesqc_lib.show.words.findings import day, points_of
from salesqc_lib.trial import Outcome, outcomes
from salesqc_lib.units import write_number, write_percent
from salesqc_lib.words import Language, Text


class Tried(Protocol):
    """What the table needs to know of a report."""

    @property
    def dataset(self) -> Dataset: ...
    @property
    def language(self) -> Language: ...


VERDICTS = {
    "early": Text("месяц ещё не прошёл", "the month is not over"),
    "better": Text("внимание принесло договоры: половины разделил жребий, и случай дал бы такое реже чем в 1 случае из 40", "attention brought contracts: chance chose the halves, and would give as much in fewer than 1 case of 40"),
    "worse": Text("внимание договоров не принесло, их стало меньше", "attention brought no contracts, there were fewer"),
    "same": Text("разница в пределах случайной", "no difference beyond chance"),
    "unknown": Text("сказать нельзя: сделок одной или обеих половин в выгрузке больше нет", "cannot be told: the deals of a half, or of both, are no longer in the export"),
}  # fmt: skip
HEADER = (
    Text("Жребий", "Drawn"), Text("Уделяли внимание: договоров", "Attended to: signed"), Text("Не трогали: договоров", "Left alone: signed"),
    Text("Разница, 95 %", "Difference, 95%"), Text("Вывод", "Verdict"),
)  # fmt: skip
NONE = Text(
    "Опытов не проводили. Что даёт внимание к простаивающим сделкам, показал бы жребий: salesqc trial.",
    "No trial was made. What attention to left-alone deals brings, a draw would tell: salesqc trial.",
)


def trials(audit: Tried) -> Shown:
    """Each trial with both halves, the difference of the shares signed and its interval, and what follows."""
    language = audit.language
    found = outcomes(audit.dataset)
    if not found:
        return paragraph(NONE[language], "note")
    rows: list[list[Cell | str]] = [
        [
            Cell(day(one.drawn, language), Text("прошло дней: {n}", "days since: {n}").format(n=one.followed)[language]),
            Cell(_signed(one.touch, language), _really(one, language)), Cell(_signed(one.leave, language)),
            _difference(one, language),
            VERDICTS[verdict(one)][language],
        ]
        for one in found
    ]  # fmt: skip
    gone = sum(one.gone for one in found)
    board = grid([text[language] for text in HEADER], rows, align="lrrrl", widths=["auto", "1fr", "1fr", "1.2fr", "1.4fr"])
    lost = Text("Сделок из жребия, которых в выгрузке больше нет: {n}.", "Drawn deals that are no longer in the export: {n}.")
    return board + (paragraph(lost.format(n=write_number(gone, language))[language], "note") if gone else nothing())


def _difference(one: Outcome, language: Language) -> Cell:
    if one.difference[0] != one.difference[0]:
        return Cell("—")
    value, low, high = (points_of(end, language) for end in one.difference)
    return Cell(value, f"{low} … {high}")


def verdict(one: Outcome) -> str:
    """`early`, or where the interval lies."""
    if not one.touch[1] or not one.leave[1]:
        return "unknown"
    if not one.is_over:
        return "early"
    return "better" if one.difference[1] > 0 else "worse" if one.difference[2] < 0 else "same"


def _signed(counts: tuple[int, int], language: Language) -> str:
    return Text("{k} из {n}", "{k} of {n}").format(k=write_number(counts[0], language), n=write_number(counts[1], language))[language]


def _really(one: Outcome, language: Language) -> str:
    if one.touched != one.touched:
        return ""
    return Text("контакт был у {x}", "{x} saw a contact").format(x=write_percent(one.touched, language, 0))[language]
