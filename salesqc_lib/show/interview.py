"""People and management: what data cannot tell, asked in an interview; and the consultant's own remarks on a chapter."""

import html
from dataclasses import dataclass

import pandas as pd

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.blocks import form, remark_box
from salesqc_lib.show.forms.shown import Shown, nothing, quote
from salesqc_lib.show.pages import Audited
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.units import write
from salesqc_lib.words import Language, Text


@dataclass(frozen=True)
class Question:
    """A question of the interview, and the measures that stand beside the answer."""

    text: Text
    kpis: tuple[str, ...] = ()


QUESTIONS = (
    Question(Text("Есть ли план у отдела и у каждого менеджера? Кто его ставит и знает ли каждый свой?", "Is there a plan for the department and for each seller? Who sets it, and does everybody know their own?"), ("plan_attainment",)),
    Question(Text("Из чего складывается доход менеджера? За что платят кроме выручки?", "What is a seller's income made of? What is paid for besides revenue?"), ("discount_depth", "average_deal")),
    Question(Text("Как распределяются заявки и что происходит, если менеджер занят или не на смене?", "How are leads handed out, and what happens when a seller is busy or off shift?"), ("first_response_time", "never_answered")),
    Question(Text("Есть ли письменный порядок: срок ответа, число попыток, когда возвращаться к отказу?", "Are there written rules: time to answer, number of attempts, when to return to a refusal?"), ("one_and_done", "followed_up_after_refusal")),
    Question(Text("Как вводят новичка: сколько недель до первых сделок, кто наставник, есть ли экзамен?", "How is a newcomer brought in: weeks to the first deals, a mentor, an examination?")),
    Question(Text("Как часто слушают разговоры и когда менеджер узнаёт, что исправить?", "How often are conversations listened to, and when does a seller learn what to mend?"), ("review_coverage", "review_score")),
    Question(Text("Какие встречи проходят и что на них решают: ежедневно, еженедельно, один на один?", "Which meetings are held and what is decided: daily, weekly, one to one?")),
    Question(Text("Что должно быть в карточке сделки и кто это проверяет?", "What must a deal hold in the CRM, and who checks it?"), ("fields_filled", "no_next_task", "overdue_tasks")),
    Question(Text("Какие материалы даны менеджерам и как они помогают на встрече?", "Which materials do sellers have, and how do these help in a meeting?"), ("material_use_rate",)),
    Question(Text("Кто решает, какой канал рекламы оставить, и видит ли он отказы по каналам?", "Who decides which channel stays, and does he see the losses by channel?"), ("cost_per_lead", "qualification_rate")),
    Question(Text("Почему уходили менеджеры за последний год?", "Why did sellers leave in the last year?")),
)  # fmt: skip
HEADER = (
    Text("Вопрос руководителю и менеджерам", "Question to the head and to sellers"),
    Text("Что говорят данные", "What the data say"),
    Text("Ответ", "Answer"),
)
REMARK = Text("Комментарий консультанта", "The consultant's remark")


def interview(audit: Audited) -> Shown:
    """The checklist of the interview, with what the data say beside each question and room for the answer."""
    language = audit.language
    lines = [(one.text[language], _data(audit.measured, one, language)) for one in QUESTIONS]
    header = (HEADER[0][language], HEADER[1][language], HEADER[2][language])
    return form(lines, header)


def _data(measured: Measurement, question: Question, language: Language) -> str:
    reader, known = measured.reader, set(measured.frame["kpi"])
    rows = [measured.row(kpi) for kpi in question.kpis if kpi in CATALOGUE and kpi in known]
    return "; ".join(
        f"{kpi_name(str(row['kpi']), language)}: {write(row['value'], str(row['unit']), language, reader.currency)}"
        for row in rows
        if not pd.isna(row["value"])
    )


def remark(audit: Audited, section: str) -> Shown:
    """What the consultant says of a chapter: `report.remarks.<section>` of the parameter file. Nothing where nothing is said."""
    text = next((said for name, said in audit.parameters.report.remarks.items() if name == section), "")
    if not text.strip():
        return nothing()
    paragraphs = [part.strip() for part in text.strip().split("\n\n")]
    web = "".join(f"<p>{html.escape(part)}</p>" for part in paragraphs)
    paper = "".join(f"#par({quote(part)})" for part in paragraphs)
    return remark_box(REMARK[audit.language], web, paper, text.strip())
