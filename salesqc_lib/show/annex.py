"""The annex: definitions with worked examples, the method, the parameters, and what the report was made from."""

from typing import Any

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.show.forms.blocks import Entry, glossary
from salesqc_lib.show.forms.shown import Cell, Shown, bullets, grid, paragraph
from salesqc_lib.show.pages import GROUP_NAMES, TABLE_NAMES, Audited
from salesqc_lib.show.words.examples import results_of, rows_of
from salesqc_lib.units import write_duration, write_number, write_percent
from salesqc_lib.version import VERSION
from salesqc_lib.words import Text

EXAMPLE = Text("Пример.", "Example.")
SHOWN = ("targets", "calendar", "funnel", "activity", "hygiene", "quality", "assumptions", "clv")  # parts of the parameter file


UNUSED = {"recoverable_channel", "neglected_30", "neglected_60", "neglected_90"}  # still read, and without effect
TIMES = {"first_response", "never_after", "conversation_seconds"}  # parameters that are times


def definitions(audit: Audited, group: str) -> Shown:
    """The KPIs of a group: what each means, and a worked example of those that this report gives."""
    language = audit.language
    frame = audit.measured.frame
    given = {*frame.loc[(frame["by"] == "") & frame["value"].notna(), "kpi"], *audit.measured.tables}
    entries = [
        Entry(
            card.name[language], card.id, card.meaning[language] + ".",
            rows_of(card.example, language) if card.id in given else "",
            results_of(card, language) if card.id in given else "",
        )
        for card in CATALOGUE.values()
        if card.group == group
    ]  # fmt: skip
    return paragraph(GROUP_NAMES[group][language], "subhead") + glossary(entries, EXAMPLE[language])


def method(audit: Audited) -> Shown:
    """How the figures were made, with the client's own limits and assumptions."""
    language, parameters = audit.language, audit.parameters
    targets, calendar = parameters.targets, parameters.calendar
    clock = (
        Text("в рабочих часах ({hours}, праздники: {country})", "in working hours ({hours}, public holidays: {country})").format(
            hours=calendar.hours if calendar else "", country=(calendar.country if calendar else None) or "—"
        )
        if calendar
        else Text("в календарных часах", "in plain hours")
    )
    lines = [
        Text("Доли периода считаются по когорте: заявки, поступившие за период, и сколько из них дошло до шага к моменту выгрузки. Прошлый период и тот же период год назад прослежены столько же времени после их конца, чтобы молодую когорту не сравнивать со зрелой.", "Shares follow the cohort: the leads of the period, and how many of them had reached the step by the export. The previous period and the year before are observed for as long after their end, so that a young cohort is not held against a mature one."),
        Text("Интервалы — 95 %: Вилсона для долей, Стьюдента или бутстреп для средних, Каплана — Мейера для времён; незакрытые сделки не выбрасываются, а учитываются как ещё не завершённые. Для средних сумм сделки одного клиента считаются вместе; меньше чем по десяти суммам интервала нет. Если суммы очень неравны, при сотне и менее сделок интервал может накрывать среднее не в 95, а примерно в 90 случаях из 100.", "Intervals are 95%: Wilson for shares, Student's t or a bootstrap for means, Kaplan-Meier for times; open deals are not thrown away but counted as not yet finished. For mean amounts, deals of one customer count together; fewer than ten amounts have no interval. Where amounts are very unequal, below a hundred deals the interval may hold the mean in about 90 cases of 100, not 95."),
        Text("Менеджеры сравниваются между собой одной иерархической моделью на показатель: состав каналов и продуктов, возраст сделок и первые 90 дней новичка учтены заранее там, где данные это позволяют (что не учтено, сказано у замечания), случайность — самой моделью, которая стягивает малые выборки к отделу. «Достоверно» — разница с медианой остальных достаточно велика (обычно от пятой части) с вероятностью не меньше 0,9, «вероятно» — не меньше 0,6; иначе это обычный разброс отдела или мало случаев. Знаки ▲▼ стоят только у достоверного. «Отличий нет» — тоже результат.", "Sellers are held against each other by one hierarchical model a figure: the mix of channels and products, the age of the deals and a newcomer's first 90 days are allowed for beforehand where the data permit (what is not stands with each finding), chance by the model, which draws small samples towards the department. Certain: the gap from the median of the others is large enough (usually a fifth) with a chance of at least 0.9; likely: at least 0.6; else it is the usual spread of the department, or too few cases. The marks ▲▼ stand for what is certain alone. “No difference” is a result too."),
        Text("Отдел сравнивается со своим прошлым годом внутри каналов, продуктов и менеджеров (Мантель — Хензель): замечанием бывает только такое изменение, а изменение к прошлому периоду показано без оценки, потому что в нём есть сезон. Объём заявок и их состав замечанием не бывают. Сравнение с нормой или целью причины не объясняет: оно показывает, по какую сторону границы стоит показатель.", "The department is held against its own year before within channels, products and sellers (Mantel-Haenszel): only such a change can be a finding; a change on the period before is shown without a verdict, since the season is in it. The volume of leads and their mix are never a finding. Norms and targets test no cause: they are a figure and a limit side by side."),
        Text("Ответ на заявку — первый исходящий контакт сотрудника после её создания; звонок засчитывается, если длился не меньше {seconds}. Срок ответа — {limit} {clock}; без ответа заявка остаётся через {never}.", "A lead is answered by the first outgoing human contact after its creation; a call counts from {seconds}. Time limit {limit} {clock}; never answered: after {never}.").format(seconds=write_duration(parameters.activity.conversation_seconds, language), limit=write_duration(targets.first_response, language), clock=clock[language], never=write_duration(targets.never_after, language)),
        Text("Когорта считается зрелой через {days} дней; в более молодой каждая заявка учитывается с весом: долей договоров, которая у прежних заявок к этому возрасту была уже подписана.", "A cohort is mature after {days} days; a younger lead counts as a part of one: the share of contracts that older leads had shown by that age.").format(days=parameters.funnel.horizon_days),
    ]  # fmt: skip
    if parameters.assumptions.gross_margin is not None:
        share = write_percent(parameters.assumptions.gross_margin, language, 0)
        lines.append(Text("Валовая маржа по параметрам: {x}.", "Gross margin of the parameter file: {x}.").format(x=share))
    return bullets([line[language] for line in lines])


def parameters(audit: Audited) -> Shown:
    """What the parameter file sets, key by key: targets, calendar, limits, assumptions. Sources and secrets are not among them."""
    language = audit.language
    given = audit.parameters.model_dump(mode="json", include=set(SHOWN), exclude_none=True)
    rows: list[list[Cell | str]] = [
        [f"{part}.{name}", write_duration(value, language) if name in TIMES else _written(value)]
        for part in SHOWN
        for name, value in sorted((given.get(part) or {}).items())
        if value not in ([], {}, "") and name not in UNUSED
    ]
    header = [text[language] for text in (Text("Параметр", "Parameter"), Text("Значение", "Value"))]
    return grid(header, rows, align="ll", widths=["1fr", "1.6fr"])


def _written(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_written(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_written(one)}" for name, one in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def manifest(audit: Audited) -> Shown:
    """The files that were read, with their rows and the start of their hashes; the rest stands in manifest.json."""
    language = audit.language
    rows = [
        [file.name, TABLE_NAMES[file.table][language], write_number(file.rows, language), file.sha256[:12]]
        for file in audit.dataset.intake.files
    ]
    header = [
        text[language]
        for text in (Text("Файл", "File"), Text("Таблица", "Table"), Text("Строк", "Rows"), Text("SHA-256 (начало)", "SHA-256 (start)"))
    ]
    version = Text("SalesQC {v}. Полный манифест — в файле manifest.json.", "SalesQC {v}. The whole manifest stands in manifest.json.")
    return grid(header, rows, align="llrl", widths=["1.4fr", "1fr", "auto", "auto"]) + paragraph(
        version.format(v=VERSION)[language], "note"
    )
