"""The annex: definitions with worked examples, the method, the parameters, and what the report was made from."""

from typing import Any

from salesqc_lib import __version__
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.show.blocks import Entry, glossary
from salesqc_lib.show.examples import results_of, rows_of
from salesqc_lib.show.pages import GROUP_NAMES, TABLE_NAMES, Audited
from salesqc_lib.show.shown import Cell, Shown, bullets, grid, paragraph
from salesqc_lib.units import write_duration, write_number, write_percent
from salesqc_lib.words import Text

EXAMPLE = Text("Пример.", "Example.")
SHOWN = ("targets", "calendar", "funnel", "activity", "hygiene", "quality", "assumptions", "clv")  # parts of the parameter file


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
        Text("Доли периода считаются по когорте: заявки, поступившие за период, и сколько из них дошло до шага к моменту выгрузки. Прошлый период и год назад наблюдаются столько же времени после своего конца, чтобы молодую когорту не сравнивать со зрелой.", "Shares follow the cohort: the leads of the period, and how many of them had reached the step by the export. The previous period and the year before are observed for as long after their end, so that a young cohort is not held against a mature one."),
        Text("Интервалы — 95 %: Вилсона для долей, Стьюдента или бутстреп BCa для средних, Каплана — Мейера для времён; незакрытые сделки не выбрасываются, а учитываются как ещё не завершённые.", "Intervals are 95%: Wilson for shares, Student's t or the BCa bootstrap for means, Kaplan-Meier for times; open deals are not thrown away but counted as not yet finished."),
        Text("Знаки ▲▼ в таблицах: сегмент отличается от остальных по этому показателю больше, чем случайно. Нарушением он становится, если разница остаётся с поправкой на все сравнения отчёта (Бенджамини — Хохберг, 1 %), велика по размеру, не объясняется составом каналов и продуктов и не следует из другого нарушения. «Отличий нет» — тоже результат.", "The marks ▲▼ in tables: the segment differs from the rest in this measure beyond chance. It becomes a finding where the difference holds when all comparisons of the report are allowed for (Benjamini–Hochberg, 1%), is large enough to matter, is not explained by the mix of channels and products, and does not follow from another finding. «No difference» is a result too."),
        Text("Ответ на заявку — первый исходящий контакт человека после её создания; звонок считается от {seconds}. Срок ответа {limit} {clock}; без ответа — через {never}.", "A lead is answered by the first outgoing human contact after its creation; a call counts from {seconds}. Time limit {limit} {clock}; never answered: after {never}.").format(seconds=write_duration(parameters.activity.conversation_seconds, language), limit=write_duration(targets.first_response, language), clock=clock[language], never=write_duration(targets.never_after, language)),
        Text("Когорта считается зрелой через {days} дней.", "A cohort is mature after {days} days.").format(days=parameters.funnel.horizon_days),
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
        if value not in ([], {}, "")
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
        version.format(v=__version__)[language], "note"
    )
