"""The plan of action: what to begin with, and what not to do yet."""

import pandas as pd

from salesqc_lib.recommendations import Recommendation
from salesqc_lib.show.advice import DEPARTMENT_WIDE, for_whom
from salesqc_lib.show.forms.page import Head
from salesqc_lib.show.forms.shown import Cell, Shown, bullets, grid, nothing, paragraph
from salesqc_lib.show.owner import Advised
from salesqc_lib.show.words.findings import day, inside, many, note
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.show.words.money import cost_in_short, rounded, span
from salesqc_lib.units import tell, write_number
from salesqc_lib.words import Text

MOST = 7
DAYS = (("день", "дня", "дней"), ("day", "days"))
FEW_HEARD = 0.1  # of conversations reviewed: of fewer, nobody is judged


def plan_head(audit: Advised) -> Head:
    """What to begin with, and what is at stake there."""
    language, reader, advice = audit.language, audit.measured.reader, audit.recommendations
    label = Text("План действий", "Plan of action")[language]
    if not len(advice):
        return Head("plan", label, label, part="front", is_left_out=True, why=Text("замечаний нет", "there are no findings")[language])
    first = advice.items[0]
    title = Text("С чего начать: {what}", "Begin: {what}").format(what=inside(first.action.title[language]))[language]
    effort = first.action.effort
    days = many(effort, language, DAYS) if effort == int(effort) else f"{write_number(effort, language, 1)} {Text('дня', 'days')[language]}"
    if first.money.is_known and audit.findings().money.is_known:
        text = Text(" — {x} под вопросом, {days} работы", ": {x} at stake, {days} of work")
        title += text.format(x=rounded(first.money.base, reader), days=days)[language]
    about = Text(
        "Порядок — цена вопроса на день работы; замечание без оценки в деньгах учитывается как 0,4 % выручки за ступень важности",
        "Order: what is at stake per day of work; a finding that is not valued counts as 0.4% of revenue for each step of importance",
    )
    return Head("plan", label, title, about[language], part="front")


def plan(audit: Advised, most: int = MOST) -> Shown:
    """Actions in the order of what is at stake per day of work: what, whom, who, and by what one will know."""
    advice, language = audit.recommendations, audit.language
    if not len(advice):
        return nothing()
    header = [
        text[language]
        for text in (Text("Что сделать", "What to do"), Text("Кто, дней", "Who, days"), Text("Цена вопроса", "At stake"), Text("Сегодня → порог", "Today → threshold"), Text("Срок, проверка", "Due, check"))
    ]  # fmt: skip
    rows = [_row(one, audit) for one in advice.items[:most]]
    left = len(advice) - most
    more = Text("Ещё {n} — в книге, лист «findings».", "{n} more: see the workbook, sheet “findings”.")
    notes = [more.format(n=left)[language]] if left > 0 else []
    due = {one.check_by for one in advice.items[:most]}
    if len(due) == 1:  # said once
        notes.append(
            Text("Срок и проверка у всех — {day}.", "All are due and checked on {day}.").format(day=day(due.pop(), language))[language]
        )
        header, rows = header[:-1], [row[:-1] for row in rows]
    widths = ["2fr", "1fr", "24mm", "1.1fr", "auto"][: len(header)]
    table = grid(header, rows, align="lllll"[: len(header)], widths=widths, note=" ".join(notes), can_sort=False)
    return table.told(kind="table", name="plan")


def _row(one: Recommendation, audit: Advised) -> list[Cell | str]:
    language, reader = audit.language, audit.measured.reader
    effort = write_number(one.action.effort, language, 1 if one.action.effort % 1 else 0)
    lead = one.findings[0]
    money = Cell("", cost_in_short(lead.money, reader) if lead.money.is_apart else Text("не оценена", "not valued")[language])
    if one.money.is_known and audit.findings().money.is_known:
        money = Cell(rounded(one.money.base, reader), span(one.money, reader))
    own = next((finding for finding in one.findings if finding.kpi == one.check), None)
    shown = own or lead
    unit = shown.unit
    now = tell(shown.value, unit, language, reader.currency) if own else ""
    own_goal = tell(shown.peer, unit, language, reader.currency) if own and shown.peer == shown.peer else ""
    if own is None:
        now, own_goal = _measured(audit, one.check, *lead.place), _usual(audit, one.check, *lead.place)
    if shown.rule == "absent":
        now = ""
    goal = own_goal if shown.rule != "absent" else ""
    return [
        Cell(one.action.title[language], for_whom(one, reader) or DEPARTMENT_WIDE[language]),
        Cell(one.action.owner[language], Text("{n} дн.", "{n} d").format(n=effort)[language]),
        money,
        Cell(f"{now} → {goal}" if now and goal else now or "", kpi_name(one.check, language)),
        Cell(day(one.check_by, language), Text("{n} дн.", "{n} days").format(n=one.action.horizon)[language]),
    ]


def not_yet(audit: Advised) -> Shown:
    """What the data do not bear: no order of sellers where none can be told, no judgement of conversations that were hardly heard."""
    measured, language = audit.measured, audit.language
    known = set(measured.frame["kpi"])
    lines = []
    table = measured.tables.get("top_performers")
    if table is not None and len(table) > 2 and "grade" in table and not table["grade"].max() > table["grade"].min():
        text = Text(
            "Порядок менеджеров по выручке не показателен: при таком числе договоров ({n}) его не отличить от случайного.",
            "The order of sellers by revenue tells nothing: with so few contracts ({n}) it cannot be told from chance.",
        )
        lines.append(text.format(n=_count(audit, "contracts"))[language])
    if "review_coverage" in known and 0 <= measured.value("review_coverage") < FEW_HEARD:
        text = Text(
            "Об отдельных менеджерах по оценкам разговоров судить рано: прослушано {x}.",
            "Scores of conversations do not bear a judgement of single sellers yet: {x} were reviewed.",
        )
        lines.append(text.format(x=tell(measured.value("review_coverage"), "share", language))[language])
    lines += [note(one, audit.measured.reader) for one in audit.findings() if one.rule == "divided"]
    if any(one.rule == "immature" for one in audit.findings()):
        lines.append(
            Text(
                "Конверсия периода не окончательная: его заявки ещё подписывают.",
                "The period's conversion is not final: its leads are still signing.",
            )[language]
        )
    if "leads" in known and _has_before(audit, "leads"):
        row = measured.row("leads")
        if abs(row["value"] / row["previous"] - 1) > 0.1 and abs(row["value"] / row["year_ago"] - 1) < 0.1:
            text = Text(
                "Изменение числа заявок ({was} → {now}) — ещё не спрос: год назад было {ago}.",
                "The change in leads ({was} → {now}) need not be demand: a year ago there were {ago}.",
            )
            lines.append(
                text.format(
                    **{name: write_number(row[key], language) for name, key in (("was", "previous"), ("now", "value"), ("ago", "year_ago"))}
                )[language]
            )
    if not lines:
        return nothing()
    return paragraph(Text("Осторожно", "Take care")[language], "subhead") + bullets(lines)


def _count(audit: Advised, kpi: str) -> str:
    known = set(audit.measured.frame["kpi"])
    return write_number(audit.measured.value(kpi), audit.language) if kpi in known and not pd.isna(audit.measured.value(kpi)) else "—"


def _has_before(audit: Advised, kpi: str) -> bool:
    row = audit.measured.row(kpi)
    return all(not pd.isna(row[name]) and row[name] > 0 for name in ("value", "previous", "year_ago"))


def _measured(audit: Advised, kpi: str, by: str, segment: str) -> str:
    """Today's value of the measure by which one will know, at the place of the finding; '' where it is not measured there."""
    frame, reader = audit.measured.frame, audit.measured.reader
    found = frame[(frame["kpi"] == kpi) & (frame["by"] == by) & (frame["segment"] == segment) & frame["value"].notna()]
    return tell(float(found.iloc[0]["value"]), str(found.iloc[0]["unit"]), audit.language, reader.currency) if len(found) else ""


def _usual(audit: Advised, kpi: str, by: str, segment: str) -> str:
    """The median of the others' plain values, where the place was held against them by this measure; else ''."""
    measured = audit.measured
    compared = measured.compared[(measured.compared["kpi"] == kpi) & (measured.compared["by"] == by)]
    others = [str(name) for name in compared.loc[compared["peer"].notna(), "segment"]]
    if segment not in others or len(others) < 2:
        return ""
    rows = measured.segments(kpi, by).set_index("segment").loc[[name for name in others if name != segment]]
    return tell(float(rows["value"].median()), str(rows["unit"].iloc[0]), audit.language, measured.reader.currency)
