"""The page of what does not differ: chapters without a finding share it, a line for each figure, its segments as dots on one strip."""

import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.kpi.card import CHANNEL, MANAGER, PRODUCT, TEAM
from salesqc_lib.measure import Measurement
from salesqc_lib.show.chapters import chapters
from salesqc_lib.show.forms.drawn import Dot, Drawing, Line, Scale
from salesqc_lib.show.forms.page import Head
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing
from salesqc_lib.show.owner import Advised
from salesqc_lib.show.state import state_of
from salesqc_lib.show.tables import undated_note
from salesqc_lib.show.words.findings import inside, many
from salesqc_lib.show.words.labels import dimension_name, kpi_name
from salesqc_lib.units import tell
from salesqc_lib.words import Text

STRIPS = (MANAGER, TEAM, CHANNEL, PRODUCT)
MOST = 24
NOTE = Text(
    "На полосе точками показаны менеджеры (или каналы, продукты) от меньшего к большему, пунктиром — отдел; имён нет, потому что порядок может быть случайным.",
    "The strip: sellers (or channels, products) as dots from least to most, dashed the department; without names, since their order may be chance.",
)


def _states(audit: Advised) -> list[tuple[str, list[str]]]:
    """The quiet chapters with their figures."""
    wanted = audit.parameters.report.sections
    found = []
    for chapter in chapters().values():
        state = state_of(audit, chapter)
        if state.is_measured and not state.has_page and (wanted == "all" or chapter.section in wanted):
            found.append((chapter.label[audit.language], chapter.measured_in(audit.measured)))
    return [(label, kpis) for label, kpis in found if kpis]


def quiet_head(audit: Advised) -> Head:
    """Which chapters show no difference."""
    language = audit.language
    label = Text("Без замечаний", "No finding")[language]
    states = _states(audit)
    if not states:
        return Head(
            "quiet",
            label,
            label,
            is_left_out=True,
            rank=-1e9,
            why=Text("у каждой главы своя страница", "every chapter has its page")[language],
        )
    names = ", ".join(inside(name) for name, _ in states)
    title = Text("Без замечаний: {names}", "No finding: {names}").format(names=names)[language]
    compared = (("сравнение", "сравнения", "сравнений"), ("comparison", "comparisons"))
    about = Text(
        "Во всём отчёте {n}; показатели этих глав за период", "In the whole report {n}; the figures of these chapters for the period"
    )
    return Head("quiet", label, title, about.format(n=many(audit.findings().looked_at, language, compared))[language], rank=-1e9)


def quiet(audit: Advised, most: int = MOST) -> Shown:
    """A line for each figure of the quiet chapters."""
    states = _states(audit)
    if not states:
        return nothing()
    measured, language = audit.measured, audit.language
    reader = measured.reader
    header = [
        text[language]
        for text in (Text("Показатель", "Measure"), Text("Период", "Period"), Text("Прошлый период", "Period before"), Text("Полоса", "Strip"), Text("По кому", "By"))
    ]  # fmt: skip
    rows: list[list[Cell | str]] = []
    for name, kpis in states:
        for i, kpi in enumerate(kpis):
            if len(rows) >= most:
                break
            row = measured.row(kpi)
            unit = str(row["unit"])
            was = "" if pd.isna(row["previous"]) or undated_note(row, reader) else tell(row["previous"], unit, language, reader.currency)
            by, drawn = _strip(measured, kpi)
            told = Cell(tell(row["value"], unit, language, reader.currency), undated_note(row, reader), value=row["value"])
            rows.append(
                [
                    Cell(kpi_name(kpi, language), name if i == 0 else ""),
                    told,
                    was,
                    Cell("", drawn=drawn),
                    inside(dimension_name(by, language)) if drawn else "",
                ]
            )
    keep = [i for i in range(len(header)) if any(_holds(row[i]) for row in rows)]
    return grid(
        [header[i] for i in keep], [[row[i] for i in keep] for row in rows], align="".join("lrrll"[i] for i in keep),
        widths=[("1fr", "auto", "auto", "auto", "auto")[i] for i in keep], note=NOTE[language] if 3 in keep else "", can_sort=False,
    ).told(kind="table", name="quiet")  # fmt: skip


def _holds(cell: Cell | str) -> bool:
    return bool(cell) if isinstance(cell, str) else bool(cell.text or cell.small or cell.drawn)


def _strip(measured: Measurement, kpi: str) -> tuple[str, Drawing | None]:
    """The segments of the first breakdown that has three of them, as dots."""
    for by in STRIPS:
        rows = measured.frame[
            (measured.frame["kpi"] == kpi)
            & (measured.frame["by"] == by)
            & measured.frame["value"].notna()
            & (measured.frame["segment"] != UNSET)
        ]
        if len(rows) < 3 or str(rows["unit"].iloc[0]) == "count":
            continue
        scale = Scale.of(list(rows["value"]), from_zero=False)
        whole = scale.place(measured.value(kpi))
        lines = (Line(((0.0, 0.5), (1.0, 0.5)), 0.5, "rule"), Line(((whole, 0.0), (whole, 1.0)), 0.8, "quiet", is_dashed=True))
        return by, Drawing(lines, tuple(Dot(scale.place(value), 0.5, 0.8, "plain") for value in rows["value"]), 46.0)
    return "", None
