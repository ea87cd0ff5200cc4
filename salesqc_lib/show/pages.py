"""The cover, and what a page needs to know of an audit."""

import base64
import html
from typing import Protocol

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import ParameterError
from salesqc_lib.locations import beside
from salesqc_lib.measure import Measurement
from salesqc_lib.measure.control import Checked
from salesqc_lib.params import Parameters
from salesqc_lib.period import Period
from salesqc_lib.show.forms.shown import Shown
from salesqc_lib.show.words.prose import rows_read
from salesqc_lib.warnings import Warned
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
    "plans": Text("Планы", "Plans"), "managers": Text("Менеджеры", "Sellers"),
    "rates": Text("Курсы валют", "Rates of exchange"), "materials": Text("Материалы", "Materials"),
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
    @property
    def warned(self) -> list[Warned]: ...
    @property
    def checked(self) -> list[Checked]: ...


def cover(audit: Audited, *, is_brief: bool = False) -> Shown:
    """The cover: whose audit, which period, on which data. It also tells the exporters how to dress the report.

    `is_brief`: a line at the head of the page instead of a cover and a table of contents.
    """
    language, parameters = audit.language, audit.parameters
    facts = [
        (Text("Период", "Period")[language], audit.period.name(language)),
        (Text("Данные на", "Data as of")[language], export_moment(audit)),
        (Text("Часовой пояс, валюта", "Time zone, currency")[language], f"{parameters.report.timezone}, {parameters.report.currency}"),
        (
            Text("Прочитано", "Read")[language],
            rows_read(sum(audit.dataset.rows.values()) + rows_rejected(audit.dataset), rows_rejected(audit.dataset), audit.measured.reader),
        ),
    ]
    title, client = audit.title[language], parameters.client.name
    logo = logo_of(parameters)
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


def export_moment(audit: Audited) -> str:
    """The moment of the export, as the language writes it."""
    exported = audit.dataset.as_of.astimezone(audit.parameters.zone)
    return f"{exported:%d.%m.%Y %H:%M}" if audit.language == "ru" else f"{exported:%-d %B %Y, %H:%M}"


LOGO_BYTES = 2 << 20
_BEGINNINGS = {"png": b"\x89PNG", "jpg": b"\xff\xd8", "svg": b"<"}


def logo_of(parameters: Parameters) -> str:
    """The client's logo as `data:<kind>;<base64>`, '' without one."""
    if parameters.client.logo is None:
        return ""
    path = beside(parameters.file, str(parameters.client.logo))
    kind = {".png": "png", ".svg": "svg", ".jpg": "jpg", ".jpeg": "jpg"}.get(path.suffix.lower(), "")
    if not kind or not path.is_file():
        raise ParameterError(
            f"the logo cannot be used: {parameters.client.logo}",
            where=parameters.where("client", "logo"),
            cure="give the path of a PNG, JPEG or SVG file, relative to the parameter file",
        )
    data = path.read_bytes()
    if len(data) > LOGO_BYTES or not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_BEGINNINGS[kind]):
        raise ParameterError(
            f"the logo is no {kind.upper()}, or larger than {LOGO_BYTES >> 20} MB: {parameters.client.logo}",
            where=parameters.where("client", "logo"),
            cure="save it anew as PNG or SVG",
        )
    return f"data:{kind};{base64.b64encode(data).decode()}"


def rows_rejected(dataset: Dataset) -> int:
    """Rows that could not be used."""
    return int((~dataset.rejected["is_row_kept"].astype(bool)).sum())
