"""The one scoreboard of the report: a line for each figure, drawn through the months and with its interval, held against what was before."""

import pandas as pd

from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.measure import Measurement
from salesqc_lib.measure.changes import chances
from salesqc_lib.records import records
from salesqc_lib.show.first import months_drawn
from salesqc_lib.show.forms.drawn import Dot, Drawing, Scale, range_drawn
from salesqc_lib.show.forms.page import Head
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing, paragraph
from salesqc_lib.show.owner import Advised
from salesqc_lib.show.tables import undated_note
from salesqc_lib.show.words.change import really_changed
from salesqc_lib.show.words.figures import change_cell
from salesqc_lib.show.words.findings import inside
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.units import tell, tell_interval, write_number
from salesqc_lib.words import Reader, Text

ALWAYS = ("revenue", "contracts", "average_deal", "plan_attainment", "leads", "lead_to_contract")
OFTEN = (
    "win_rate",
    "first_response_time",
    "never_answered",
    "no_next_task",
    "idle_deals",
    "one_and_done",
    "qualification_rate",
    "cross_sell_rate",
)
MOST = 12
RAW = 0.05  # a change that chance alone brings in so many of a hundred is worth a question, and no more
HOW = Text(
    "Как читать (сказано один раз). Линия — месяцы, толще — период. Отрезок — интервал: в 95 случаях из 100 настоящее значение лежит в нём; кружок — прошлый период, черта — цель. ▲▼ — отличие, которое остаётся с поправкой на все сравнения отчёта; ○ — крупное, но могло выпасть и случайно; без знака — различия не видно или проверить его нельзя.",
    "How to read (said once). The line: months, thicker the period. The bar: the interval, which holds the true value 95 times in 100; circle: the period before; tick: target. ▲▼: a difference that holds when all comparisons of the report are allowed for; ○: large, but may be chance; no sign: no difference can be seen, or none can be tested.",
)


def scoreboard_head(audit: Advised) -> Head:
    """How many figures moved, and which."""
    measured, language = audit.measured, audit.language
    compared = [kpi for kpi, word in measured.outlook.items() if word and kpi in CATALOGUE]
    moved = [kpi for kpi in compared if really_changed(measured, kpi)]
    label = Text("Показатели", "Figures")[language]
    if not compared:
        title = Text(
            "Сравнить с прошлым периодом нечего: показаны значения периода",
            "There is no period before to compare with: the figures of the period",
        )[language]
    elif not moved:
        text = Text(
            "Из {n} показателей больше случайного не сдвинулся ни один",
            "Of {n} figures none moved beyond chance",
        )
        title = text.format(n=write_number(len(compared), language))[language]
    else:
        names = ", ".join(inside(kpi_name(kpi, language)) for kpi in moved[:4])
        text = Text("Показателей, сдвинувшихся больше случайного, {k} из {n}: {names}", "{k} of {n} figures moved beyond chance: {names}")
        title = text.format(n=write_number(len(compared), language), k=write_number(len(moved), language), names=names)[language]
    about = Text(
        "Значение периода, изменение к прошлому периоду и к прошлому году при равной зрелости",
        "Value of the period, change on the period before and on a year ago at equal maturity",
    )
    shown = [kpi for kpi in chosen(audit) if kpi not in moved]
    return Head("scoreboard", label, title, about[language], _questions(measured, shown), part="front")


def _questions(measured: Measurement, shown: list[str]) -> str:
    """The largest moves of the board that may be chance, as what they are: questions."""
    language = measured.reader.language
    p = {kpi: chance for kpi, chance in _raw(measured).items() if chance < RAW and kpi in shown}
    names = [inside(kpi_name(kpi, language)) for kpi in sorted(p, key=lambda kpi: p[kpi])[:3]]
    if not names:
        return ""
    text = Text(
        "Возможно, это случайный сдвиг, но спросить стоит: {names}.", "These may have moved by chance, and are worth a question: {names}."
    )
    return text.format(names=", ".join(names))[language]


def _raw(measured: Measurement) -> dict[str, float]:
    total = measured.frame[(measured.frame["by"] == "") & measured.frame["previous"].notna()]
    return chances(records(total))


def chosen(audit: Advised, most: int = MOST) -> list[str]:
    """The figures of the board: those always asked for, those with findings, those that moved most, those often asked for."""
    measured = audit.measured
    total = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].notna() & measured.frame["kpi"].isin(list(CATALOGUE))]
    known = set(total["kpi"])
    raw = _raw(measured)
    found = [one.kpi for one in audit.findings().faults if one.kpi in known]
    largest = [kpi for kpi in sorted(raw, key=lambda kpi: raw[kpi]) if raw[kpi] < RAW]
    wanted = [*ALWAYS, *(kpi for kpi in measured.outlook if really_changed(measured, kpi)), *found[:4], *largest[:3], *OFTEN]
    picked = list(dict.fromkeys(kpi for kpi in wanted if kpi in known))[:most]
    order = list(CATALOGUE)
    return sorted(picked, key=lambda kpi: (ALWAYS.index(kpi) if kpi in ALWAYS else len(ALWAYS), order.index(kpi)))


def board(audit: Advised, most: int = MOST) -> Shown:
    """The scoreboard."""
    measured, language = audit.measured, audit.language
    reader = measured.reader
    kpis = chosen(audit, most)
    if not kpis:
        return nothing()
    raw = _raw(measured)
    lines = [(kpi, measured.row(kpi)) for kpi in kpis]
    columns = [
        (Text("Показатель", "Measure"), "l", "1fr"), (Text("По месяцам", "By month"), "l", "auto"), (Text("Период", "Period"), "r", "auto"),
        (Text("Интервал", "Interval"), "l", "auto"), (Text("К прошлому периоду", "On the period before"), "r", "auto"), (Text("К прошлому году", "On a year ago"), "r", "auto"),
        (Text("Цель", "Target"), "r", "auto"),
    ]  # fmt: skip
    rows: list[list[Cell | str]] = []
    for kpi, row in lines:
        unit = str(row["unit"])
        mark = {"better": " ▲", "worse": " ▼"}.get(measured.outlook.get(kpi, ""), " ○" if raw.get(kpi, 1.0) < RAW else "")
        undated = undated_note(row, reader)
        before = "" if undated else change_cell(row, "previous", language)
        ago = "" if undated else change_cell(row, "year_ago", language)
        tone = {"better": "good", "worse": "bad"}.get(measured.outlook.get(kpi, ""), "")
        rows.append(
            [
                kpi_name(kpi, language), Cell("", drawn=months_drawn(measured, kpi)), Cell(tell(row["value"], unit, language, reader.currency), undated, value=row["value"]),
                Cell("", _ends(row, reader) if undated == "" else "", drawn=_interval(row)), Cell(before + (mark if before else ""), tone=tone), ago,
                "" if pd.isna(row["target"]) else tell(row["target"], unit, language, reader.currency),
            ]
        )  # fmt: skip
    keep = [i for i in range(len(columns)) if i == 0 or any(_holds(row[i]) for row in rows)]
    header = [columns[i][0][language] for i in keep]
    frame = pd.DataFrame([row for _, row in lines])
    table = grid(
        header,
        [[row[i] for i in keep] for row in rows],
        align="".join(columns[i][1] for i in keep),
        widths=[columns[i][2] for i in keep],
        frame=frame,
        can_sort=False,
    )
    return (table + paragraph(HOW[language], "note")).told(kind="table", name="scoreboard")


def _holds(cell: Cell | str) -> bool:
    return bool(cell) if isinstance(cell, str) else bool(cell.text or cell.small or cell.drawn)


def _ends(row: "pd.Series[float]", reader: Reader) -> str:
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return ""
    return tell_interval(row["low"], row["high"], str(row["unit"]), reader.language, reader.currency)


def _interval(row: "pd.Series[float]") -> Drawing | None:
    """The interval on the figure's own scale, the period before as a circle, the target as a tick."""
    if pd.isna(row["low"]) or pd.isna(row["high"]) or card_of(str(row["kpi"])).kind == "count":
        return None
    scale = Scale.of([row["low"], row["high"], row["previous"], row["target"]], from_zero=False)
    drawn = range_drawn(row["low"], row["value"], row["high"], scale, target=row["target"])
    if pd.isna(row["previous"]):
        return drawn
    return Drawing(drawn.lines, (Dot(scale.place(row["previous"]), 0.5, 0.8, "quiet", is_hollow=True), *drawn.dots), drawn.width)
