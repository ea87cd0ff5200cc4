"""Whole pages: the cover, what the data can answer, the definitions and the method."""

import base64
import html
from typing import Protocol

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import ParameterError
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement
from salesqc_lib.params import Parameters
from salesqc_lib.period import Period
from salesqc_lib.show.blocks import Tile, tiles
from salesqc_lib.show.labels import kpi_name, reason_text
from salesqc_lib.show.prose import rows_read
from salesqc_lib.show.shown import Cell, Shown, bullets, grid, paragraph
from salesqc_lib.units import write_number
from salesqc_lib.words import Language, Text

GROUP_NAMES = {
    "funnel": Text("Воронка", "Funnel"), "results": Text("Деньги и план", "Money and plan"), "speed": Text("Скорость", "Speed"),
    "activity": Text("Активность и звонки", "Activity and calls"), "quality": Text("Качество разговоров", "Quality of conversations"),
    "discipline": Text("Дисциплина в CRM", "CRM discipline"), "persistence": Text("Потери и настойчивость", "Losses and persistence"),
    "clients": Text("Клиенты и маркетинг", "Clients and marketing"), "content": Text("Контент и соцсети", "Content and social media"),
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


SOURCES = {
    "amocrm_export": Text("amoCRM, выгрузка списка сделок", "amoCRM, export of the list of deals"), "tables": Text("файлы с таблицами", "files of tables"),
    "spark": Text("таблицы Spark", "tables of Spark"),
}  # fmt: skip
GRADES = (("A", 0.9, 0.99), ("B", 0.7, 0.95))  # share of measures given, share of rows read
WEEKDAYS = {
    "mon": Text("пн", "Mon"), "tue": Text("вт", "Tue"), "wed": Text("ср", "Wed"), "thu": Text("чт", "Thu"), "fri": Text("пт", "Fri"),
    "sat": Text("сб", "Sat"), "sun": Text("вс", "Sun"),
}  # fmt: skip


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


def cover(audit: Audited, *, is_brief: bool = False) -> Shown:
    """The cover: whose audit, which period, on which data. It also tells the exporters how to dress the report.

    `is_brief`: a line at the head of the page instead of a cover and a table of contents.
    """
    language, parameters = audit.language, audit.parameters
    facts = [
        (Text("Период", "Period")[language], audit.period.name(language)),
        (Text("Данные на", "Data as of")[language], _moment(audit)),
        (Text("Часовой пояс, валюта", "Time zone, currency")[language], f"{parameters.report.timezone}, {parameters.report.currency}"),
        (
            Text("Прочитано", "Read")[language],
            rows_read(sum(audit.dataset.rows.values()) + _rejected(audit), _rejected(audit), audit.measured.reader),
        ),
    ]
    title, client = audit.title[language], parameters.client.name
    logo = _logo(parameters)
    meta = {
        "is_brief": is_brief,
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


def _moment(audit: Audited) -> str:
    """The moment of the export, as the language writes it."""
    exported = audit.dataset.as_of.astimezone(audit.parameters.zone)
    return f"{exported:%d.%m.%Y %H:%M}" if audit.language == "ru" else f"{exported:%-d %B %Y, %H:%M}"


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


def passport(audit: Audited) -> Shown:
    """What the audit stands on: the period, the export, the calendar, and how far the data can be trusted."""
    language, parameters, measured = audit.language, audit.parameters, audit.measured
    total = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].notna()]
    given, every = len((set(total["kpi"]) | set(measured.tables)) & set(CATALOGUE)), len(CATALOGUE)
    rejected = _rejected(audit)
    rows = sum(audit.dataset.rows.values()) + rejected
    read = 1 - rejected / rows if rows else 0.0
    grade = next((letter for letter, answered, kept in GRADES if given / every >= answered and read >= kept), "C")
    calendar = parameters.calendar
    hours = (
        Text("{days}, {hours}", "{days}, {hours}").format(
            days=", ".join(WEEKDAYS[day][language] for day in calendar.days), hours=calendar.hours
        )[language]
        if calendar
        else Text("не задан: часы календарные", "not set: plain hours")[language]
    )
    lines: list[list[Cell | str]] = [
        [Text("Период", "Period")[language], audit.period.name(language)],
        [
            Text("Данные на", "Data as of")[language],
            f"{_moment(audit)}, {parameters.report.timezone}",
        ],
        [Text("Источник", "Source")[language], SOURCES[parameters.source.kind][language]],
        [Text("Рабочее время", "Working hours")[language], hours],
        [Text("Валюта", "Currency")[language], parameters.report.currency],
    ]
    names = (Text("Имена", "Names"), Text("под псевдонимами", "under pseudonyms"))
    if parameters.report.mask_names:
        lines.append([names[0][language], names[1][language]])
    header = [Text("Что", "What")[language], Text("Значение", "Value")[language]]
    state = [
        Tile(Text("Доверие к данным", "Trust in the data")[language], grade, "", {"A": "good", "B": "warn", "C": "bad"}[grade]),
        Tile(Text("Показателей посчитано", "Measures given")[language], f"{given} / {every}"),
        Tile(
            Text("Строк прочитано", "Rows read")[language],
            write_number(rows - rejected, language),
            rows_read(rows, rejected, measured.reader),
        ),
    ]
    rule = Text(
        "A — посчитано не меньше 90 % показателей и прочитано не меньше 99 % строк; B — 70 % и 95 %; C — меньше.",
        "A: at least 90% of the measures are given and 99% of the rows read; B: 70% and 95%; C: less.",
    )
    return tiles(state) + paragraph(rule[language], "note") + grid(header, lines, align="ll", widths=["1fr", "2.4fr"])


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
