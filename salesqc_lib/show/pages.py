"""Whole pages: the cover, what the data can answer, the definitions and the method."""

import base64
import html
from typing import Protocol

from salesqc_lib import __version__
from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import ParameterError
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement
from salesqc_lib.params import Parameters
from salesqc_lib.period import Period
from salesqc_lib.show.examples import results_of, rows_of
from salesqc_lib.show.labels import kpi_name, reason_text
from salesqc_lib.show.prose import rows_read
from salesqc_lib.show.shown import Cell, Shown, bullets, grid, paragraph
from salesqc_lib.units import write_duration, write_number, write_percent
from salesqc_lib.words import Language, Text

GROUP_NAMES = {
    "funnel": Text("Воронка", "Funnel"), "results": Text("Деньги и план", "Money and plan"), "speed": Text("Скорость", "Speed"),
    "activity": Text("Активность и звонки", "Activity and calls"), "persistence": Text("Настойчивость", "Persistence"),
    "content": Text("Контент и соцсети", "Content and social media"), "clients": Text("Клиенты", "Clients"),
    "quality": Text("Качество разговоров", "Quality of conversations"), "discipline": Text("Дисциплина в CRM", "CRM discipline"),
}  # fmt: skip
TABLE_NAMES = {
    "deals": Text("Сделки", "Deals"), "stage_events": Text("История этапов", "Stage history"), "activities": Text("Звонки и письма", "Calls and messages"),
    "tasks": Text("Задачи", "Tasks"), "reviews": Text("Оценки разговоров", "Conversation reviews"), "surveys": Text("Опросы", "Surveys"),
    "purchases": Text("Покупки", "Purchases"), "customers": Text("Клиенты", "Customers"), "spend": Text("Расходы на рекламу", "Advertising spend"),
    "plans": Text("Планы", "Plans"), "managers": Text("Менеджеры", "Sellers"), "materials": Text("Материалы", "Materials"),
}  # fmt: skip
NOTES = {
    "undated_deals": Text(
        "Сделок без даты создания: {n}. Они не входят ни в один период.", "Deals without a creation date: {n}. They belong to no period."
    ),
    "non_target_deals": Text(
        "Нецелевых заявок (спам, дубли) во всех данных: {n}. Они исключены из всех знаменателей.",
        "Non-target leads (spam, duplicates) in all data: {n}. They are left out of every denominator.",
    ),
    "created_after_export": Text("Сделок с датой создания позже выгрузки: {n}.", "Deals created after the export: {n}."),
    "closed_before_created": Text("Сделок, закрытых раньше создания: {n}.", "Deals closed before they were created: {n}."),
    "closed_without_time": Text(
        "Закрытых сделок без даты закрытия: {n}. Они не входят в закрытые ни одного периода.",
        "Closed deals without a closing date: {n}. They count as closed in no period.",
    ),
    "without_manager": Text("Сделок без ответственного: {n}.", "Deals without a responsible seller: {n}."),
}


class Audited(Protocol):
    """What a page needs to know of an audit."""

    parameters: Parameters
    period: Period
    title: Text

    @property
    def language(self) -> Language: ...
    @property
    def dataset(self) -> Dataset: ...
    @property
    def measured(self) -> Measurement: ...


def cover(audit: Audited) -> Shown:
    """The cover: whose audit, which period, on which data. It also tells the exporters how to dress the report."""
    language, parameters = audit.language, audit.parameters
    exported = audit.dataset.as_of.astimezone(parameters.zone)
    facts = [
        (Text("Период", "Period")[language], audit.period.name(language)),
        (Text("Данные на", "Data as of")[language], f"{exported:%d.%m.%Y %H:%M}" if language == "ru" else f"{exported:%-d %B %Y, %H:%M}"),
        (Text("Часовой пояс, валюта", "Time zone, currency")[language], f"{parameters.report.timezone}, {parameters.report.currency}"),
        (
            Text("Прочитано", "Read")[language],
            rows_read(sum(audit.dataset.rows.values()) + _rejected(audit), _rejected(audit), audit.measured.reader),
        ),
    ]
    title, client = audit.title[language], parameters.client.name
    logo = _logo(parameters)
    meta = {
        "logo": logo,
        "title": title,
        "client": client,
        "period": audit.period.name(language),
        "language": language,
        "accent": parameters.client.accent,
        "facts": facts,
        "sections": list(parameters.report.sections) if parameters.report.sections != "all" else "all",
    }
    listed = "".join(f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>" for name, value in facts)
    kind, _, data = logo.removeprefix("data:").partition(";")
    picture = (
        f'<img class="logo" alt="{html.escape(client, quote=True)}" src="data:image/{"svg+xml" if kind == "svg" else kind};base64,{data}">'
        if logo
        else ""
    )
    web = f'<header class="cover">{picture}<p>{html.escape(title)}</p><h1>{html.escape(client)}</h1><dl>{listed}</dl></header>'
    return Shown(web, "", f"{title}: {client}, {audit.period.label}", meta=meta)


def _logo(parameters: Parameters) -> str:
    """The client's logo as `data:<kind>;<base64>`, '' without one."""
    if parameters.client.logo is None:
        return ""
    path = parameters.file.parent / parameters.client.logo
    kind = {".png": "png", ".svg": "svg", ".jpg": "jpg", ".jpeg": "jpg"}.get(path.suffix.lower(), "")
    if not kind or not path.is_file():
        raise ParameterError(
            f"the logo cannot be used: {parameters.client.logo}",
            where=parameters.where("client", "logo"),
            cure="give the path of a PNG, JPEG or SVG file, relative to the parameter file",
        )
    return f"data:{kind};{base64.b64encode(path.read_bytes()).decode()}"


def _rejected(audit: Audited) -> int:
    return int((~audit.dataset.rejected["is_row_kept"].astype(bool)).sum())


def readiness(audit: Audited) -> Shown:
    """What was read, what could not be read, and which questions the data cannot answer."""
    language = audit.language
    rejected = audit.dataset.rejected
    rows = []
    for name, count in audit.dataset.rows.items():
        own = rejected[rejected["table"] == name]
        kept = own["is_row_kept"].astype(bool)
        rows.append(
            [
                TABLE_NAMES[name][language],
                write_number(count, language),
                write_number((~kept).sum(), language),
                write_number(kept.sum(), language),
            ]
        )
    header = [
        text[language]
        for text in (
            Text("Таблица", "Table"),
            Text("Строк прочитано", "Rows read"),
            Text("Строк отложено", "Rows set aside"),
            Text("Ячеек не прочитано", "Cells not read"),
        )
    ]
    read = grid(header, rows, align="lrrr")
    notes = [NOTES[name].format(n=write_number(count, language))[language] for name, count in audit.dataset.notes.items()]
    return read + (bullets(notes) if notes else paragraph("")) + _unanswered(audit.measured)


def _unanswered(measured: Measurement) -> Shown:
    language = measured.reader.language
    missing = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].isna()]
    reasons: dict[str, list[str]] = {}
    for _, row in missing.iterrows():
        reasons.setdefault(reason_text(str(row["reason"]), language), []).append(kpi_name(str(row["kpi"]), language))
    if not reasons:
        return paragraph(Text("Данных хватает на все показатели.", "The data answer every measure.")[language], "note")
    header = [
        Text("Почему нет показателя", "Why it is not given")[language],
        Text("Показатели", "Measures")[language],
    ]
    rows = [[reason.capitalize() if reason[:1].islower() else reason, "; ".join(names)] for reason, names in reasons.items()]
    return grid(header, rows, align="ll", widths=["1fr", "1.6fr"])


def definitions(audit: Audited, group: str) -> Shown:
    """The KPIs of a group: what each means, and a worked example of those that this report gives."""
    language = audit.language
    cards = [card for card in CATALOGUE.values() if card.group == group]
    header = [text[language] for text in (Text("Показатель", "Measure"), Text("Что считается", "What is counted"), Text("Код", "Id"))]
    rows = [[card.name[language], card.meaning[language], card.id] for card in cards]
    found = paragraph(GROUP_NAMES[group][language], "subhead") + grid(header, rows, align="lll", widths=["1fr", "1.7fr", "auto"])
    frame = audit.measured.frame
    given = {*frame.loc[(frame["by"] == "") & frame["value"].notna(), "kpi"], *audit.measured.tables}
    worked = [card for card in cards if card.id in given]
    if not worked:
        return found
    heads = [
        text[language]
        for text in (
            Text("Пример", "Example"),
            Text(
                "Строки (период — январь 2026 года, выгрузка в его конце)",
                "Rows (the period is January 2026, the export stands at its end)",
            ),
            Text("Получается", "Comes to"),
        )
    ]
    lines: list[list[Cell | str]] = [
        [card.name[language], Cell("", rows_of(card.example, language)), results_of(card, language)] for card in worked
    ]
    return found + grid(heads, lines, align="lll", widths=["1fr", "2fr", "0.8fr"])


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
    files = [
        [file.path.name, TABLE_NAMES[file.table][language], write_number(file.rows, language), file.sha256[:12]]
        for file in audit.dataset.intake.files
    ]
    header = [
        text[language]
        for text in (Text("Файл", "File"), Text("Таблица", "Table"), Text("Строк", "Rows"), Text("SHA-256 (начало)", "SHA-256 (start)"))
    ]
    version = paragraph(f"SalesQC {__version__}", "note")
    return (
        bullets([line[language] for line in lines]) + grid(header, files, align="llrl", widths=["1.4fr", "1fr", "auto", "auto"]) + version
    )
