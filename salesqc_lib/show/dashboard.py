"""One screen: the main figures, the steps of the funnel with what each costs, plan against actual, and what waits today."""

import pandas as pd

from salesqc_lib.measure import Measurement
from salesqc_lib.show.charts.curves import WithCases
from salesqc_lib.show.charts.funnel import STEPS
from salesqc_lib.show.forms.blocks import beside, tiles
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing, paragraph
from salesqc_lib.show.owner import key_tile
from salesqc_lib.show.words.labels import kpi_name, segment_name
from salesqc_lib.units import ABSENT, write, write_duration, write_number
from salesqc_lib.words import Text

VITALS = (
    "revenue", "plan_attainment", "plan_forecast", "average_deal", "lead_to_contract", "first_response_time", "never_answered",
    "missed_calls", "no_next_task", "overdue_tasks",
)  # fmt: skip
COSTS = {
    "leads": "cost_per_lead", "qualified_leads": "cost_per_qualified_lead", "key_events_set": "cost_per_key_event_set",
    "key_events_held": "cost_per_key_event_held", "contracts": "cost_per_contract",
}  # fmt: skip
WAITING = 4  # leads named in the list of those that wait


def vitals(measured: Measurement, most: int = 8) -> Shown:
    """The figures that tell how the department is, each against the period before."""
    known = set(measured.frame["kpi"])
    rows = [measured.row(kpi) for kpi in VITALS if kpi in known and not pd.isna(measured.value(kpi))]
    return tiles([key_tile(row, measured) for row in rows[:most]]) if rows else nothing()


def steps_board(measured: Measurement) -> Shown:
    """The steps of the funnel: how many reached each, from how many of the step before, and what one costs."""
    reader, language = measured.reader, measured.reader.language
    known = set(measured.frame["kpi"])
    rows: list[list[Cell | str]] = []
    for kpi, rate in STEPS:
        if kpi not in known or pd.isna(measured.value(kpi)):
            continue
        row = measured.row(kpi)
        cost = COSTS.get(kpi, "")
        passed = measured.value(rate) if rate in known else float("nan")
        rows.append(
            [
                kpi_name(kpi, language),
                Cell(write_number(row["value"], language), value=row["value"]),
                write(row["previous"], "count", language),
                write(passed, "share", language),
                write(measured.value(cost) if cost in known else None, "money", language, reader.currency),
            ]
        )
    header = [
        text[language]
        for text in (Text("Шаг", "Step"), Text("Сейчас", "Now"), Text("Было", "Before"), Text("Из прошлого шага", "Of the step before"), Text("Цена", "Cost"))
    ]  # fmt: skip
    return grid(header, rows, align="lrrrr", can_sort=False) if rows else nothing()


def waiting(audit: WithCases) -> Shown:
    """What waits at the moment of the export: leads of the period that nobody has answered, and each seller's open ends."""
    return beside(_unanswered(audit), _open_ends(audit.measured))


def _unanswered(audit: WithCases) -> Shown:
    language = audit.language
    cases = audit.cases("first_response_time")
    if cases.empty:
        return nothing()
    waiting = cases[cases["event"] == 0].sort_values(["duration", "deal_id"])
    title = paragraph(
        Text("Заявки без ответа: {n}", "Leads without an answer: {n}").format(n=write_number(len(waiting), language))[language], "subhead"
    )
    if waiting.empty:
        return title
    rows: list[list[Cell | str]] = [
        [
            str(row["deal_id"]),
            segment_name(str(row.get("manager", "")), language) if "manager" in row else ABSENT,
            Cell(write_duration(row["duration"], language), value=row["duration"]),
        ]
        for row in waiting.head(WAITING).to_dict("records")
    ]
    header = [text[language] for text in (Text("Сделка", "Deal"), Text("Менеджер", "Seller"), Text("Ждёт", "Waiting for"))]
    return title + grid(header, rows, align="llr", widths=["auto", "1fr", "auto"])


def _open_ends(measured: Measurement) -> Shown:
    language = measured.reader.language
    names = {
        "no_next_task": Text("Сделок без задачи", "Deals without a task"),
        "overdue_tasks": Text("Задач просрочено", "Tasks overdue"),
        "idle_deals": Text("Сделок забыто", "Deals left alone"),
    }
    known = {kpi: part.set_index("segment")["k"] for kpi in names if len(part := measured.segments(kpi, "manager"))}
    if not known:
        return nothing()
    every = {seller for counts in known.values() for seller in counts.index}
    total = {seller: sum(float(counts.get(seller, 0) or 0) for counts in known.values()) for seller in every}
    sellers = sorted(sorted(every, key=lambda seller: (-total[seller], seller))[: WAITING + 1])  # those with most of them
    rows: list[list[Cell | str]] = [
        [
            segment_name(seller, language),
            *(Cell(write(counts.get(seller), "count", language), value=counts.get(seller)) for counts in known.values()),
        ]
        for seller in sellers
    ]
    header = [Text("Менеджер", "Seller")[language], *(names[kpi][language] for kpi in known)]
    return paragraph(Text("Незакрытые концы", "Open ends")[language], "subhead") + grid(header, rows, align="l" + "r" * len(known))
