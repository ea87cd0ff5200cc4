"""Deals to work through: the open deals that wait, with what is at stake in them and room for a decision."""

import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.records import records
from salesqc_lib.show.forms.page import Head
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing
from salesqc_lib.show.owner import Advised
from salesqc_lib.show.words.findings import many
from salesqc_lib.show.words.labels import segment_name
from salesqc_lib.units import ABSENT, tell, write_number
from salesqc_lib.words import Language, Text

MOST = 30
RANK = -1e8  # after the chapters
LONGEST = 400  # deals on paper: more are worked through in the file
DEALS = (
    ("открытая сделка ждёт шага", "открытые сделки ждут шага", "открытых сделок ждут шага"),
    ("open deal waits for a step", "open deals wait for a step"),
)
FLAGS = {
    "no_task": Text("без задачи", "no task"), "idle": Text("без касания", "left alone"), "past_date": Text("дата прошла", "date passed"),
    "unanswered": Text("без ответа", "never answered"),
}  # fmt: skip
PROPOSED = {
    "next_step": Text("назначить шаг", "set a next step"), "redate": Text("перенести дату", "set a new date"), "restage": Text("указать этап", "set the stage"),
    "nurture": Text("в подогрев", "nurture"), "close": Text("закрыть с причиной", "close with a reason"),
}  # fmt: skip
NOTE = Text(
    "Порядок: сначала сделки, по которым последний контакт был не больше 180 дней назад (на ранних этапах — 90); среди них — по сумме, умноженной на долю доходящих с этого этапа до договора. «≈» — средний договор продукта. Сделок с контактом за последние 3 дня в списке нет. Показаны {k} из {n}, все — в списке сделок; там же место для решения.",
    "Order: first those touched within 180 days (90 on early stages), among them by the amount times the share that signs from the same stage. “≈”: the product's mean contract. Deals touched within 3 days are left out. {k} of {n} are shown, all of them in the list of deals, with room for a decision.",
)


def deals_head(audit: Advised) -> Head:
    """The head of the page: how many wait, what they may still bring, and where most of it stands."""
    language = audit.language
    frame = audit.worklist
    label = Text("Сделки в работу", "Deals to work through")[language]
    if frame.empty:
        return Head("deals", label, label, rank=RANK, is_left_out=True, why=Text("ждущих сделок нет", "no deal waits")[language])
    title = many(len(frame), language, DEALS)
    # no sum stands here: what idleness costs cannot be told from these data (see the page on the method)
    first = str(frame["stage"].iloc[0])
    warm = frame[(frame["stage"] == first) & ~frame["disposition"].isin(["nurture", "close"])]
    if first != UNSET and len(warm):
        text = Text(
            "; на этапе «{stage}» — {k}, которых касались за последние полгода",
            "; {k} of them, touched within half a year, stand on “{stage}”",
        )
        title += text.format(k=write_number(len(warm), language), stage=first)[language]
    about = Text(
        "Открытые на момент выгрузки; без задачи, без касания дольше нормы, с прошедшей датой или без ответа",
        "Open at the moment of the export; without a task, left alone, past their date, or never answered",
    )
    return Head("deals", label, title, about[language], rank=RANK)


def worklist_head(audit: Advised) -> Head:
    """The head of the whole list, which is a PDF of its own."""
    title = Text("Сделки в работу", "Deals to work through")[audit.language]
    return Head(
        "worklist",
        title,
        title,
        part="basis",
        is_left_out=True,
        why=Text("весь список — в файле deals.pdf", "the whole list stands in deals.pdf")[audit.language],
        file="deals",
    )


def deals_list(audit: Advised) -> Shown:
    """The whole list, with room for who, what and when: it is worked through on paper, or in deals.csv."""
    frame = audit.worklist
    return table_of(frame.head(LONGEST), audit, len(frame), is_blank=True).told(kind="long") if len(frame) else nothing()


def deals(audit: Advised, most: int = MOST) -> Shown:
    """The first of the list."""
    frame = audit.worklist
    if frame.empty:
        return nothing()
    return table_of(frame.head(most), audit, len(frame))


def table_of(frame: pd.DataFrame, audit: Advised, every: int, *, is_blank: bool = False) -> Shown:
    """Deals as a table, with empty columns for what is decided."""
    language, reader = audit.language, audit.measured.reader
    header = [
        text[language]
        for text in (
            Text("Сделка", "Deal"), Text("Менеджер", "Seller"), Text("Этап", "Stage"), Text("Сумма", "Amount"), Text("Без касания, дней", "Days without touch"),
            Text("Почему здесь", "Why here"), Text("Предложение", "Proposal"),
        )
    ]  # fmt: skip
    blank = [text[language] for text in (Text("Решение", "Decision"), Text("Кто", "Who"), Text("Когда", "When"))] if is_blank else []
    rows: list[list[Cell | str]] = []
    for row in records(frame):
        amount = (
            ABSENT
            if pd.isna(row["amount"])
            else ("≈ " if row["is_estimate"] else "") + tell(row["amount"], "money", language, reader.currency)
        )
        idle = ABSENT if pd.isna(row["idle_days"]) else write_number(row["idle_days"], language)
        rows.append(
            [
                Cell(str(row["deal_id"])), segment_name(str(row["manager"]), language), segment_name(str(row["stage"]), language),
                Cell(amount, value=row["amount"]), Cell(idle, value=row["idle_days"]), _why(str(row["flags"]), language), PROPOSED[str(row["disposition"])][language],
                *[""] * len(blank),
            ]
        )  # fmt: skip
    note = NOTE.format(k=write_number(len(frame), language), n=write_number(every, language))[language]
    widths = ["auto", "1.1fr", "1fr", "auto", "auto", "1.1fr", "1fr", *["1fr"] * len(blank)]
    align = "lllrrll" + "l" * len(blank)
    return grid([*header, *blank], rows, align=align, widths=widths, frame=frame, note=note).told(kind="table", name="deals")


def _why(flags: str, language: Language) -> str:
    text = ", ".join(FLAGS[flag][language] for flag in flags.split())
    return text[:1].upper() + text[1:]
