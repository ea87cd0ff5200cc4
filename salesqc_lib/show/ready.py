"""Readiness: what came, what it is good for, what to bring and how to export it, which totals to confirm. For the client, before the audit."""

from salesqc_lib.crm.formats import how_to_export
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement
from salesqc_lib.measure.openings import Opening, not_now, openings
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing, paragraph
from salesqc_lib.show.pages import GROUP_NAMES, TABLE_NAMES, Audited, export_moment
from salesqc_lib.show.words.labels import FIELDS, PARAMETERS, TABLES, reason_text
from salesqc_lib.units import write_money, write_number
from salesqc_lib.words import Language, Text, counted

# what a table has to have to be of use
NEEDED = {
    "activities": Text("дата и время, сотрудник, сделка или телефон клиента, направление, результат, длительность", "time, seller, deal or client's phone, direction, result, duration"),
    "stage_events": Text("сделка, когда перешла, на какой этап", "deal, when it moved, to which stage"),
    "tasks": Text("ответственный, срок, когда выполнена, сделка", "seller, due date, when it was done, deal"),
    "reviews": Text("разговор, критерий, балл, менеджер", "conversation, criterion, score, seller"),
    "surveys": Text("оценка, дата, менеджер или сделка", "score, date, seller or deal"),
    "purchases": Text("клиент, дата, сумма", "client, date, amount"),
    "customers": Text("клиент, первая покупка", "client, first purchase"),
    "spend": Text("дата, канал, расход", "date, channel, cost"),
    "plans": Text("месяц, показатель, план, менеджер или команда", "month, metric, target, seller or team"),
    "managers": Text("менеджер, команда, дата найма", "seller, team, date of hire"),
    "materials": Text("материал, вид, дата", "material, kind, date"),
}  # fmt: skip
# where tables usually are that no CRM has
ELSEWHERE = {
    "spend": Text("рекламные кабинеты или сквозная аналитика", "the advertising accounts"),
    "plans": Text("план отдела продаж, любой таблицей", "the sales plan, in any table"),
    "managers": Text("список отдела, любой таблицей", "the list of the department, in any table"),
    "reviews": Text("листы оценки разговоров", "the scorecards of reviewed calls"),
    "surveys": Text("сервис опросов", "the service of the surveys"),
    "purchases": Text("учётная система (1С)", "the accounting system"),
    "customers": Text("учётная система (1С) или CRM", "the accounting system or the CRM"),
    "materials": Text("список материалов, любой таблицей", "the list of materials, in any table"),
    "activities": Text("журнал телефонии", "the log of the telephony"),
    "stage_events": Text("журнал изменений CRM", "the CRM's log of changes"),
    "tasks": Text("список задач CRM", "the CRM's list of tasks"),
}  # fmt: skip
A_FIELD = Text("поле карточки: добавьте его колонкой в выгрузку", "a field of the record: add it as a column to the export")
FEW = 3  # fields of a table are named one by one; more of them are «and N more»


def what_to_bring(opening: Opening, language: Language) -> str:
    """A missing table with its columns, a field, or a parameter: «calls and messages (time, seller, …)»."""
    if opening.parameter:
        return PARAMETERS[opening.parameter][language] if opening.parameter in PARAMETERS else opening.parameter
    table = TABLES[opening.table][language] if opening.table in TABLES else opening.table
    if not opening.column:
        needed = NEEDED.get(opening.table)
        return f"{table} ({needed[language]})" if needed else table
    field = FIELDS[opening.column][language] if opening.column in FIELDS else opening.column
    return f"{table}: {field}"


def what_it_opens(opening: Opening, language: Language) -> str:
    """«25 measures: speed, activity and calls»."""
    names = [GROUP_NAMES[group][language] for group in list(opening.groups)[:FEW]]
    groups = ", ".join(name[0].lower() + name[1:] if name[1].islower() else name for name in names)  # «дисциплина в CRM»
    number = len(opening.kpis)
    noun = counted(number, language, ("показатель", "показателя", "показателей"), ("measure", "measures"))
    return f"{number} {noun}: {groups}"


def where_it_is(opening: Opening, crm: str) -> Text | None:
    """Where the client finds it: in the CRM by its own words, else where such tables usually are."""
    if opening.column:
        return how_to_export(crm, f"{opening.table}.{opening.column}") or A_FIELD
    return how_to_export(crm, opening.table) or ELSEWHERE.get(opening.table)


def came(audit: Audited) -> Shown:
    """The files, what each was taken for, and what of it could be read."""
    language, rejected = audit.language, audit.dataset.rejected
    rows: list[list[Cell | str]] = []
    for file in audit.dataset.intake.files:
        aside = rejected[(rejected["table"] == file.table) & (rejected["file"] == file.name)]
        kept = aside["is_row_kept"].astype(bool)
        name = (
            TABLE_NAMES[file.table][language]
            if file.table in TABLE_NAMES
            else Text("имена вместо кодов", "names in place of ids")[language]
        )
        rows.append([file.name, name, write_number(file.rows, language), write_number(int((~kept).sum()), language)])
    header = [
        text[language]
        for text in (Text("Файл", "File"), Text("Что в нём", "What it holds"), Text("Строк", "Rows"), Text("Не взято", "Not taken"))
    ]
    crm = audit.dataset.intake.crm
    origin = Text(f"CRM: {crm}. ", f"CRM: {crm}. ")[language] if crm else ""
    moment = Text("Данные на", "Data as of")[language]
    return grid(header, rows, align="llrr", widths=["1.6fr", "1fr", "auto", "auto"]) + paragraph(
        f"{origin}{moment} {export_moment(audit)}.", "note"
    )


def good_for(measured: Measurement) -> Shown:
    """How many measures of each group the data give in the period."""
    language = measured.reader.language
    total = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].notna()]
    given = (set(total["kpi"]) | set(measured.tables)) & set(CATALOGUE)
    rows: list[list[Cell | str]] = []
    for group, name in GROUP_NAMES.items():
        every = [card.id for card in CATALOGUE.values() if card.group == group]
        have = sum(kpi in given for kpi in every)
        word = Text("полностью", "in full") if have == len(every) else Text("частично", "in part") if have else Text("пока нет", "not yet")
        rows.append(
            [
                name[language],
                f"{have} / {len(every)}",
                Cell(word[language], "", "good" if have == len(every) else "quiet" if have else "warn"),
            ]
        )
    header = [text[language] for text in (Text("О чём", "On what"), Text("Показателей", "Measures"), Text("Ответ", "The answer"))]
    return grid(header, rows, align="lrl", widths=["1.6fr", "auto", "1fr"])


def to_bring(audit: Audited, measured: Measurement) -> Shown:
    """What is missing, the most useful first, with how to export it from the client's own CRM."""
    language, crm = audit.language, audit.dataset.intake.crm
    rows: list[list[Cell | str]] = []
    for one in openings(measured):
        how = where_it_is(one, crm)
        rows.append([what_to_bring(one, language), what_it_opens(one, language), how[language] if how else "—"])
    if not rows:
        return paragraph(Text("Данных хватает на все показатели.", "The data answer every measure.")[language], "note")
    header = [
        text[language]
        for text in (Text("Что прислать", "What to bring"), Text("Что это откроет", "What it opens"), Text("Где взять", "Where it is"))
    ]
    later = [f"{reason_text(reason, language)}: {len(kpis)}" for reason, kpis in not_now(measured).items()]
    told = Text("Ещё не за этот период — ", "Not in this period yet — ")[language] + "; ".join(later) + "." if later else ""
    return grid(header, rows, align="lll", widths=["1.3fr", "1fr", "1.3fr"]) + (paragraph(told, "note") if told else nothing())


def to_confirm(audit: Audited, measured: Measurement) -> Shown:
    """Our totals of the period, with room for those of the client's own CRM."""
    language, currency = audit.language, audit.parameters.report.currency
    names = {"leads": Text("Заявки", "Leads"), "contracts": Text("Договоры", "Contracts"), "revenue": Text("Сумма договоров", "Revenue")}
    rows: list[list[Cell | str]] = []
    for kpi, name in names.items():
        row = measured.row(kpi)
        value, high = row["value"], row["high"]
        if value != value:
            shown = reason_text(str(row["reason"]), language) if row["reason"] else "—"
        else:
            shown = _amount(kpi, value, language, currency)
            if str(row["reason"]).startswith("undated"):
                shown += f" – {_amount(kpi, high, language, currency)}"
        rows.append([name[language], shown, "……………………"])
    header = [
        text[language]
        for text in (
            Text("Показатель", "Figure"),
            Text("По присланным данным", "By the data that came"),
            Text("В вашей CRM", "In your CRM"),
        )
    ]
    return grid(header, rows, align="lrr", widths=["1fr", "1fr", "1fr"])


def _amount(kpi: str, value: float, language: Language, currency: str) -> str:
    return write_money(value, language, currency) if kpi == "revenue" else write_number(value, language)
