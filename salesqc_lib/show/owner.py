"""The page for the owner: the verdict, what weighs most, the state of each chapter, what to do first."""

from typing import Protocol

import pandas as pd

from salesqc_lib.findings import Finding, Findings, watched_groups
from salesqc_lib.measure import Measurement
from salesqc_lib.recommendations import Recommendation, Recommendations
from salesqc_lib.show.advice import NO_FAULT, TONE, compared, for_whom
from salesqc_lib.show.forms.blocks import Problem, Tile, ranked, tiles
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing, paragraph
from salesqc_lib.show.pages import GROUP_NAMES, Audited
from salesqc_lib.show.passport import grave_doubts
from salesqc_lib.show.tables import undated_note
from salesqc_lib.show.words.findings import certainty, day, inside, statement
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.show.words.money import cost_in_short, rounded, span
from salesqc_lib.units import write, write_money_short, write_number, write_percent
from salesqc_lib.words import Reader, Text

MOST_FINDINGS, FIRST_ACTIONS = 5, 3
FIGURES = ("lead_to_contract", "revenue", "plan_attainment", "first_response_time", "win_rate", "contracts", "leads")
LIGHTS = {
    "red": Text("▼ требует решения", "▼ calls for a decision"), "amber": Text("◆ есть что поправить", "◆ something to mend"),
    "green": Text("● замечаний не найдено", "● no finding"), "grey": Text("○ данных нет", "○ no data"),
    "plain": Text("○ цифры без нормы", "○ figures, no norm"),
}  # fmt: skip
TONES = {"red": "bad", "amber": "warn", "green": "good", "grey": "quiet", "plain": "quiet"}
VERDICT = Text(
    "Найдено замечаний: {n}, из них важных: {major}. Ниже самые весомые, все — в реестре приложения.",
    "Findings: {n}, major ones: {major}. Those that weigh most stand below, all of them in the register of the annex.",
)
START = Text("Начать — по отдаче на день работы", "Where to start, by what a day of work brings")
STAKE = Text("Цена вопроса", "At stake")


class Advised(Audited, Protocol):
    """An audit with its findings and recommendations."""

    def findings(self, *names: str) -> Findings: ...

    @property
    def recommendations(self) -> Recommendations: ...

    @property
    def worklist(self) -> pd.DataFrame: ...


def summary(audit: Advised) -> Shown:
    """The owner's page: key figures, verdict, the findings that weigh most, the state of each chapter, what to do first."""
    findings, reader = audit.findings(), audit.measured.reader
    answers = audit.recommendations
    return (
        grave_doubts(audit)
        + headline(audit)
        + verdict(findings)
        + weightiest(findings, advice=answers)
        + _first(answers, reader)
        + _lights(audit)
    )


def headline(audit: Advised) -> Shown:
    """What is at stake, and the department's main figures, each against the period before."""
    findings, measured = audit.findings(), audit.measured
    reader, language = measured.reader, measured.reader.language
    chosen = []
    if (money := findings.money).is_known and findings.revenue > 0:
        share = write_percent(money.base / findings.revenue, language)
        small = Text("{span}; {share} выручки периода", "{span}; {share} of the period's revenue").format(
            span=span(money, reader), share=share
        )
        beside = findings.likely_money
        if beside.is_known:
            more = Text("{told}; рядом вероятное: {x}", "{told}; likely besides: {x}")
            small = more.format(told=small, x=rounded(beside.base, reader))
        chosen.append(Tile(STAKE[language], rounded(money.base, reader), small[language], "bad"))
    return tiles([*chosen, *key_tiles(measured, 4 - len(chosen))])


def key_tiles(measured: Measurement, most: int) -> list[Tile]:
    """The first figures that can be given, of those that an owner asks for."""
    known = set(measured.frame["kpi"])
    rows = [measured.row(kpi) for kpi in FIGURES if kpi in known and not pd.isna(measured.value(kpi))]
    return [key_tile(row, measured) for row in rows[:most]]


def key_tile(row: "pd.Series[float]", measured: Measurement) -> Tile:
    """A figure in large type, against the period before where there is one."""
    reader, unit = measured.reader, str(row["unit"])
    language = reader.language
    value, was = (
        write_money_short(number, language, reader.currency) if unit == "money" and number == number else write(number, unit, language)
        for number in (row["value"], row["previous"])
    )
    if undated := undated_note(row, reader):
        return Tile(kpi_name(str(row["kpi"]), language), value, undated)
    if pd.isna(row["previous"]):
        return Tile(kpi_name(str(row["kpi"]), language), value)
    real = measured.outlook.get(str(row["kpi"]), "")
    small = Text("было {was}{mark}", "was {was}{mark}").format(was=was, mark={"better": " ▲", "worse": " ▼"}.get(real, ""))
    # a change against the period before holds the season: told, and never coloured as a fault or a merit
    return Tile(kpi_name(str(row["kpi"]), language), value, small[language])


def verdict(findings: Findings) -> Shown:
    """How much was looked at and how much was found."""
    language = findings.reader.language
    if not findings.faults:
        return paragraph(NO_FAULT.format(n=write_number(findings.looked_at, language))[language], "lead")
    serious = sum(1 for one in findings.faults if one.severity in ("critical", "major"))
    counts = {"n": len(findings.faults), "major": serious}
    return paragraph(VERDICT.format(**counts)[language], "lead") + (paragraph(told, "note") if (told := compared(findings)) else nothing())


def weightiest(findings: Findings, most: int = MOST_FINDINGS, advice: Recommendations | None = None) -> Shown:
    """The findings that weigh most, in order, each with what to do about it where the advice is given."""
    reader = findings.reader
    chosen = findings.faults[:most]
    return ranked([_problem(one, reader, advice.of(one) if advice else None) for one in chosen]) if chosen else nothing()


def _problem(one: Finding, reader: Reader, answer: Recommendation | None) -> Problem:
    done = f"→ {answer.action.title[reader.language]} ({inside(answer.action.owner[reader.language])})." if answer else ""
    is_summed = one.money.is_known and not one.money.is_apart
    worth = rounded(one.money.base, reader) if is_summed else "—"
    below = cost_in_short(one.money, reader)
    return Problem(statement(one, reader), certainty(one, reader), done, worth, below, TONE[one.severity])


def lights(measured: Measurement, findings: Findings) -> dict[str, str]:
    """By chapter: red for a serious fault, amber for a lesser one, green where nothing was found, grey where nothing could be
    measured, plain where what could be has nothing to be held against."""
    found: dict[str, str] = {}
    known = watched_groups(measured)
    for group in (group for group in GROUP_NAMES if group in known):
        is_measured = known[group]
        worst = {one.severity for one in findings.only(group).faults}
        calm = "green" if is_measured else "grey" if measured.only([group]).is_empty else "plain"
        found[group] = "red" if worst & {"critical", "major"} else "amber" if worst else calm
    return found


def _lights(audit: Advised) -> Shown:
    language = audit.language
    found = lights(audit.measured, audit.findings())
    cells: list[list[Cell | str]] = []
    pairs = [(Cell(GROUP_NAMES[group][language]), Cell(LIGHTS[light][language], tone=TONES[light])) for group, light in found.items()]
    for i in range(0, len(pairs), 2):
        right = pairs[i + 1] if i + 1 < len(pairs) else (Cell(""), Cell(""))
        cells.append([*pairs[i], *right])
    chapter, state = Text("Глава", "Chapter")[language], Text("Состояние", "State")[language]
    return grid([chapter, state, chapter, state], cells, align="llll", widths=["1fr", "1.2fr", "1fr", "1.2fr"], can_sort=False)


def _first(advice: Recommendations, reader: Reader) -> Shown:
    language = reader.language
    if not len(advice):
        return nothing()
    header = [text[language] for text in (START, Text("Кто", "Who"), Text("Проверить", "Check by"))]
    rows: list[list[Cell | str]] = [
        [Cell(f"{i}. {one.action.title[language]}", for_whom(one, reader)), one.action.owner[language], Cell(day(one.check_by, language), kpi_name(one.check, language))]
        for i, one in enumerate(advice.items[:FIRST_ACTIONS], 1)
    ]  # fmt: skip
    return grid(header, rows, align="lll", widths=["2.2fr", "1fr", "1fr"], can_sort=False)
