"""Findings and what to do about them: the cards of a chapter, the plan of action, the register, and what the money rests on."""

from salesqc_lib.findings import FAULTS, Finding, Findings, Money
from salesqc_lib.kpi.card import MANAGER, TEAM
from salesqc_lib.recommendations import Recommendation, Recommendations
from salesqc_lib.show.forms.blocks import card
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing, paragraph
from salesqc_lib.show.words.findings import SEVERITY, TAGS, alike, certainty, consequences, could_be, day, echo, note, statement
from salesqc_lib.show.words.labels import kpi_name, segment_name
from salesqc_lib.show.words.money import cost, rounded, span  # fmt: skip
from salesqc_lib.units import write_number, write_percent
from salesqc_lib.words import Language, Reader, Text

NO_FAULT = Text(
    "Сравнений сделано: {n}. Замечаний, которые больше случайных и заметны по размеру, не найдено.",
    "Comparisons made: {n}. Nothing was found that is beyond chance and large enough to matter.",
)
FAMILIES = {
    "outcomes": Text("итогов — {n}", "{n} outcomes"), "process": Text("показателей работы — {n}", "{n} process figures"),
    "past": Text("показателей против прошлого года — {n}", "{n} with last year"),
}  # fmt: skip
COMPARED = Text(
    "Сравнено: {list}. Среди «достоверных» находок ложных ожидается {wrong}.",
    "Compared: {list}. Of the certain findings, {wrong} are expected to be false.",
)
DEPARTMENT_WIDE = Text("Для отдела", "For the department")
STEPS = {
    30: Text("Первые 30 дней", "First 30 days"),
    60: Text("До 60 дней", "Up to 60 days"),
    90: Text("До 90 дней", "Up to 90 days"),
}
SURE = Text("Насколько точно", "How sure")
COST = Text("Цена вопроса", "What is at stake")
ELSE = Text("Что ещё может объяснять", "What else could explain it")
DO = Text("Что делать", "What to do")
KNOW = Text("Как узнаем", "How we will know")
TONE = {"critical": "bad", "major": "bad", "minor": "warn", "note": ""}
ASSUMED = {
    "recoverable": Text("Какую часть цены вопроса, по допущению, возвращают обучение и порядок; в самих суммах её нет", "Part of what is at stake that training and order win back, by assumption; the sums themselves are without it"),
}  # fmt: skip


def faults(findings: Findings, advice: Recommendations) -> Shown:
    """The findings of a chapter, a card each: what is wrong, how sure, what it costs, what to do, how we will know; then where nothing
    differs."""
    reader, language = findings.reader, findings.reader.language
    shown = nothing()
    for one in findings.faults:
        rows = [
            (SURE[language], ". ".join(filter(None, (certainty(one, reader), TAGS[one.tag][language].capitalize() if one.rule != "absent" else "")))),
            (ELSE[language], could_be(one, language)), (COST[language], cost(one.money, reader) + consequences(one, language)),
        ]  # fmt: skip
        answer = advice.of(one)
        if answer:
            rows.append((DO[language], f"{answer.action.title[language]}. {answer.action.how[language]}"))
            rows.append((KNOW[language], f"{kpi_name(answer.check, language)}, {day(answer.check_by, language)}"))
        shown += card(statement(one, reader), SEVERITY[one.severity][language], TONE[one.severity], rows, anchor=one.id)
    notes = [echo(one, language) for one in findings.elsewhere]
    notes += [
        text
        for one in findings
        if one.rule in ("mix", "mix_changed", "changed", "divided", "new", "immature") and (text := note(one, reader))
    ]
    if same := alike(findings):
        notes.append(same)
    if not findings.faults and notes:
        shown = paragraph(Text("Замечаний не найдено.", "Nothing was found.")[language])
    return shown + (paragraph(" ".join(notes), "note") if notes else nothing())


def money_cell(money: Money, reader: Reader) -> Cell:
    """What is at stake, its range below it; where it cannot be said, why."""
    if not money.is_known or money.is_apart:
        return Cell("—", cost(money, reader))
    return Cell(rounded(money.base, reader), span(money, reader), value=money.base)


def for_whom(one: Recommendation, reader: Reader) -> str:
    language = reader.language
    certain = {finding.place for finding in one.findings if finding.grade == "certain"}
    names = [segment_name(segment, language) for by, segment in one.places if by and (not certain or (by, segment) in certain)]
    is_people = {by for by, _ in one.places if by} <= {MANAGER, TEAM}
    text = Text("Для кого: {x}", "For: {x}") if is_people else Text("Где: {x}", "Where: {x}")
    return text.format(x=", ".join(names[:4]))[language] if names else ""


def register(findings: Findings) -> Shown:
    """Every fault with its money and the file of the cases behind it; in a browser, a link to that file."""
    reader, language = findings.reader, findings.reader.language
    chosen = [one for one in findings if one.rule in FAULTS]
    if not chosen:
        return paragraph(NO_FAULT.format(n=write_number(findings.looked_at, language))[language])
    header = [
        text[language]
        for text in (Text("№", "No."), Text("Что найдено", "What was found"), Text("Вес", "Weight"), Text("Цена вопроса", "At stake"), Text("Случаи", "Cases"))
    ]  # fmt: skip
    rows: list[list[Cell | str]] = [
        [
            one.id, Cell(statement(one, reader), certainty(one, reader)), SEVERITY[one.severity][language],
            money_cell(one.money, reader),
            _cases(one, findings),
        ]
        for one in chosen
    ]  # fmt: skip
    return grid(header, rows, align="lllrr", widths=["auto", "2.4fr", "auto", "1.2fr", "1fr"]) + paragraph(compared(findings), "note")


def compared(findings: Findings) -> str:
    """How many comparisons were made, by family, and how many findings are to be expected false."""
    language = findings.reader.language
    parts = [FAMILIES[name].format(n=write_number(n, language))[language] for name, n in findings.compared.items() if name in FAMILIES]
    return COMPARED.format(list=", ".join(parts), wrong=_few(findings.expected_false, language))[language] if parts else ""


def _few(number: float, language: Language) -> str:
    """A small number as one would say it."""
    return Text("меньше 0,1", "fewer than 0.1")[language] if number < 0.1 else write_number(number, language, 1)


def _cases(finding: Finding, findings: Findings) -> Cell:
    """How many cases there are, and in a browser the way to their list."""
    name = f"evidence/{finding.id}.csv" if finding.id in findings.evidence else ""
    return Cell(write_number(finding.evidence, findings.reader.language), name, value=finding.evidence, link=name)


def roadmap(advice: Recommendations) -> Shown:
    """All actions by the day on which they should be in place, each with what it answers, its effort and how one will know."""
    reader, language = advice.findings.reader, advice.findings.reader.language
    if not len(advice):
        return paragraph(NO_FAULT.format(n=write_number(advice.findings.looked_at, language))[language])
    header = [
        text[language]
        for text in (Text("Что сделать", "What to do"), Text("Кто, дней", "Who, days"), Text("Цена вопроса", "At stake"), Text("Как узнаем", "How we will know"))
    ]  # fmt: skip
    shown = nothing()
    for horizon, name in STEPS.items():
        chosen = [one for one in advice if one.action.horizon == horizon]
        if not chosen:
            continue
        rows: list[list[Cell | str]] = [
            [
                Cell(one.action.title[language], " ".join(filter(None, (for_whom(one, reader) + "." if for_whom(one, reader) else "", one.action.how[language])))),
                Cell(one.action.owner[language], write_number(one.action.effort, language, 1 if one.action.effort % 1 else 0)),
                money_cell(one.money, reader),
                Cell(kpi_name(one.check, language), day(one.check_by, language)),
            ]
            for one in chosen
        ]  # fmt: skip
        shown = shown + paragraph(name[language], "subhead") + grid(header, rows, align="llrl", widths=["2.6fr", "1fr", "1fr", "1.1fr"])
    return shown


def assumptions(findings: Findings) -> Shown:
    """How the money was reckoned, and every assumption behind it."""
    language = findings.reader.language
    how = Text(
        "Цена вопроса — это выручка, а не прибыль: столько сверх нынешнего принесли бы те же заявки, если бы на каждом этапе отстающий держался медианы остальных, а не лучшего. Этап учитывается один раз, в одном замечании. Это разница, а не вина: люди различаются и там, где никто не ошибся. Сумма складывается только из достоверных замечаний менеджеров; вероятные стоят рядом, каналы и простой открытых сделок в неё не входят. Сумма не называется, если такую же часто показал бы отдел, где никто не отличается (проверено перестановкой менеджеров). На смоделированных фирмах диапазон накрывает настоящую потерю примерно в 90 случаях из 100. Допущения меняются в файле параметров (assumptions).",
        "What is at stake is revenue, not profit: the contracts that the same leads would bring if, on each stage, those behind kept to the median of the others, not to the best. A stage counts once, with one finding. It is a difference and no guilt: people differ where nobody has done wrong, too. The total is of sellers' certain findings alone; likely ones stand beside it, and channels and left-alone deals are not in it. No total is told where a department in which nobody differs would often show as much (tried by dealing the sellers out anew). With simulated firms the range holds the true loss in about 90 cases of 100. The assumptions are set in the parameter file.",
    )
    rows: list[list[Cell | str]] = [
        [ASSUMED[name][language], write_percent(value, language, 0), name]
        for name, value in findings.assumptions.items()
        if name in ASSUMED
    ]
    header = [text[language] for text in (Text("Допущение", "Assumption"), Text("Значение", "Value"), Text("Код", "Id"))]
    return paragraph(how[language]) + grid(header, rows, align="lrl", widths=["2fr", "auto", "auto"])
