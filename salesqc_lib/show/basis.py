"""What the audit stands on: its data, how it was counted, what each figure means."""

import pandas as pd

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.show.forms.blocks import Entry, glossary
from salesqc_lib.show.forms.page import Head
from salesqc_lib.show.forms.shown import Shown, nothing
from salesqc_lib.show.owner import Advised
from salesqc_lib.show.pages import export_moment
from salesqc_lib.show.passport import measures_given, trust_in
from salesqc_lib.show.words.findings import inside, many
from salesqc_lib.warnings import graded
from salesqc_lib.words import Text


def basis_head(audit: Advised) -> Head:
    """How much of the catalogue could be counted, and how far the data can be trusted."""
    language = audit.language
    given, every = measures_given(audit.measured)
    doubts = len(graded(audit.warned, "grave")) + len(graded(audit.warned, "doubt"))
    text = Text("Посчитано {k} из {n} показателей; доверие к данным {grade}", "{k} of {n} figures are given; trust in the data {grade}")
    title = text.format(k=given, n=every, grade=trust_in(audit.dataset, audit.measured, audit.warned))[language]
    if doubts:
        forms = (("сомнение", "сомнения", "сомнений"), ("doubt", "doubts"))
        title += Text(", {n}", ", {n}").format(n=many(doubts, language, forms))[language]
    about = Text("Выгрузка от {x}", "Export of {x}").format(x=export_moment(audit))
    return Head("basis", Text("На чём стоит аудит", "What the audit stands on")[language], title, about[language], part="basis")


def method_head(audit: Advised) -> Head:
    """That money is a difference, and figures are cohorts."""
    title = Text(
        "Цена вопроса — разница с медианой коллег, а не прогноз", "What is at stake is a difference from the peers' median, and no forecast"
    )
    about = Text("Случай, интервалы, когорты, деньги", "Chance, intervals, cohorts, money")
    return Head(
        "method", Text("Как посчитано", "How it was counted")[audit.language], title[audit.language], about[audit.language], part="basis"
    )


def definitions_head(audit: Advised) -> Head:
    """What the figures of this report mean."""
    n = len(_given(audit))
    forms = (("показатель", "показателя", "показателей"), ("figure", "figures"))
    title = (
        Text("Что значит каждый из {n} отчёта", "What each of the report's {n} means")
        if n != 1
        else Text("Что значит показатель отчёта", "What the report's figure means")
    )
    counted = many(n, audit.language, forms) if audit.language == "en" else f"{n} показателей"
    label = Text("Определения", "Definitions")[audit.language]
    about = Text("Примеры и коды — в книге, лист «definitions»", "Examples and ids stand in the workbook, sheet “definitions”")
    return Head("definitions", label, title.format(n=counted)[audit.language], about[audit.language], part="basis", is_left_out=n == 0)


def meanings(audit: Advised) -> Shown:
    """The figures that are given, a line each."""
    language = audit.language
    entries = [Entry(CATALOGUE[kpi].name[language], "", _sentence(CATALOGUE[kpi].meaning[language])) for kpi in _given(audit)]
    return glossary(entries, "").told(kind="glossary") if entries else nothing()


def _sentence(text: str) -> str:
    return inside(text) if text[:1].isupper() else text


def _given(audit: Advised) -> list[str]:
    frame = audit.measured.frame
    known = set(frame.loc[(frame["by"] == "") & frame["value"].notna(), "kpi"])
    return [
        kpi for kpi in CATALOGUE if kpi in known or (kpi in audit.measured.tables and not pd.DataFrame(audit.measured.tables[kpi]).empty)
    ]
