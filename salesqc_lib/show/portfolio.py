"""The portfolio: all clients side by side, where each stands, and which faults they share."""

import html
from collections.abc import Sequence
from typing import Any, Protocol

import pandas as pd

from salesqc_lib.findings import Findings
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.figure import figure, format_axis, scale_of
from salesqc_lib.show.forms.shown import Cell, Shown, bullets, grid, nothing, paragraph
from salesqc_lib.show.forms.theme import INK
from salesqc_lib.show.owner import LIGHTS, TONES, lights
from salesqc_lib.show.pages import GROUP_NAMES
from salesqc_lib.show.tables import interval
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.show.words.money import rounded, span
from salesqc_lib.units import ABSENT, tell, write, write_number, write_percent
from salesqc_lib.words import Language, Reader, Text

COLUMNS = ("leads", "lead_to_contract", "win_rate", "first_response_time", "plan_attainment")
MANY = 2  # clients that make a fault a common one


class Member(Protocol):
    """A client as these pages see it."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def measured(self) -> Measurement: ...
    @property
    def found(self) -> Findings: ...
    @property
    def reader(self) -> Reader: ...


class Beside(Protocol):
    """A portfolio as these pages see it."""

    title: Text
    language: Language
    failed: dict[str, str]

    @property
    def members(self) -> Sequence[Any]: ...
    @property
    def period(self) -> Any: ...


def portfolio_cover(portfolio: Beside) -> Shown:
    """The head of the page: how many clients, which period; also how the exporters are to dress the report."""
    language = portfolio.language
    title = portfolio.title[language]
    period = portfolio.period.name(language)
    facts = [
        (Text("Период", "Period")[language], period),
        (Text("Клиентов", "Clients")[language], write_number(len(portfolio.members), language)),
    ]
    meta = {
        "title": title, "client": Text("Клиенты рядом", "Clients side by side")[language], "period": period, "language": language,
        "accent": "#1f6f5c", "logo": "", "facts": facts, "sections": "all", "is_brief": True,
    }  # fmt: skip
    listed = "".join(f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd></div>" for name, value in facts)
    web = f'<header class="cover"><p>{html.escape(title)}</p><h1>{html.escape(str(meta["client"]))}</h1><dl>{listed}</dl></header>'
    return Shown(web, "", f"{title}: {period}", meta=meta)


def portfolio_verdict(portfolio: Beside) -> Shown:
    """All clients in one sentence: how many missed their plan, and where the largest part of the revenue is at stake."""
    language = portfolio.language
    plans = [
        (member, member.measured.value("plan_attainment"))
        for member in portfolio.members
        if "plan_attainment" in set(member.measured.frame["kpi"])
    ]
    known = [(member, value) for member, value in plans if value == value]
    missed = [member.name for member, value in known if value < 1]
    parts = []
    if known:
        text = Text("План выполнили {k} из {n} клиентов, у которых он известен", "{k} of {n} clients with a known plan reached it")
        parts.append(text.format(k=len(known) - len(missed), n=len(known))[language])
    stakes = [
        (member.found.money.base / member.found.revenue, member)
        for member in portfolio.members
        if member.found.money.is_known and member.found.revenue > 0
    ]
    if stakes:
        share, member = max(stakes, key=lambda pair: pair[0])
        text = Text("больше всего под вопросом у клиента «{name}»: {x} выручки", "most is at stake with “{name}”: {x} of revenue")
        parts.append(text.format(name=member.name, x=tell(share, "share", language))[language])
    said = (
        "; ".join(parts)
        or Text("Клиентов: {n}; планов и денег в данных нет", "Clients: {n}; the data hold neither plans nor money").format(
            n=len(portfolio.members)
        )[language]
    )
    return paragraph(f"{said[:1].upper()}{said[1:]}.", "lead")


def clients_beside(portfolio: Beside) -> Shown:
    """A line for each client: the main figures with their intervals, faults, and what is at stake."""
    language = portfolio.language
    rows: list[list[Cell | str]] = [_line(member, language) for member in portfolio.members]
    header = [
        Text("Клиент", "Client")[language], *(kpi_name(kpi, language) for kpi in COLUMNS),
        Text("Замечаний, важных", "Findings, major")[language], Text("Цена вопроса", "At stake")[language],
    ]  # fmt: skip
    widths = ["1.2fr", *["1fr"] * (len(header) - 1)]
    shown = grid(header, rows, align="l" + "r" * (len(header) - 1), widths=widths)
    failed = [f"{name}: {reason}" for name, reason in portfolio.failed.items()]
    if failed:
        told = Text("Не удалось прочитать", "Could not be read")[language]
        shown += paragraph(told, "subhead") + bullets(failed)
    return shown


def _line(member: Member, language: Language) -> list[Cell | str]:
    reader, known = member.reader, set(member.measured.frame["kpi"])
    cells: list[Cell | str] = [member.name]
    for kpi in COLUMNS:
        row = member.measured.row(kpi) if kpi in known else None
        if row is None or pd.isna(row["value"]):
            cells.append(ABSENT)
        else:
            cells.append(Cell(write(row["value"], str(row["unit"]), language, reader.currency), interval(row, reader), value=row["value"]))
    faults = member.found.faults
    serious = sum(1 for one in faults if one.severity in ("critical", "major"))
    cells.append(Cell(f"{len(faults)} / {serious}", value=float(serious)))
    money = member.found.money
    if money.is_known and member.found.revenue > 0:
        part = write_percent(money.base / member.found.revenue, language)
        of_revenue = Text("{x} выручки", "{x} of revenue").format(x=part)[language]
        cells.append(Cell(rounded(money.base, reader), f"{span(money, reader)}; {of_revenue}", value=money.base / member.found.revenue))
    else:
        cells.append(ABSENT)
    return cells


def chapters_beside(portfolio: Beside) -> Shown:
    """The state of each chapter at each client."""
    language = portfolio.language
    rows: list[list[Cell | str]] = []
    for member in portfolio.members:
        line: list[Cell | str] = [member.name]
        line += [Cell(LIGHTS[light][language].split()[0], tone=TONES[light]) for light in lights(member.measured, member.found).values()]
        rows.append(line)
    groups = list(lights(portfolio.members[0].measured, portfolio.members[0].found))
    header = [Text("Клиент", "Client")[language], *(GROUP_NAMES[group][language] for group in groups)]
    key = "; ".join(text[language] for text in LIGHTS.values())
    return grid(header, rows, align="l" + "c" * len(groups), widths=["1.6fr", *["1fr"] * len(groups)], can_sort=False) + paragraph(
        key, "note"
    )


def clients_forest(portfolio: Beside, kpi: str) -> Shown:
    """One measure of every client with its interval."""
    language = portfolio.language
    rows = [(member, member.measured.row(kpi)) for member in portfolio.members if kpi in set(member.measured.frame["kpi"])]
    rows = sorted(((member, row) for member, row in rows if not pd.isna(row["value"])), key=lambda pair: -pair[1]["value"])
    if len(rows) < 2:
        return nothing()
    frame = pd.DataFrame([row for _, row in rows]).assign(client=[member.id for member, _ in rows])
    unit = str(frame["unit"].iloc[0])
    accent = rows[0][0].reader.accent

    def draw(axes: Any) -> None:
        scale = scale_of(unit, frame)
        for i, (_, row) in enumerate(rows):
            ends = [row[side] if not pd.isna(row[side]) else row["value"] for side in ("low", "high")]
            axes.plot([end / scale for end in ends], [i, i], color=INK, lw=2, alpha=0.5)
            axes.plot(row["value"] / scale, i, "o", color=INK, ms=7)
        axes.set_yticks(range(len(rows)), [f"{member.name}  ({write_number(row['n'], language)})" for member, row in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)
        format_axis(axes.xaxis, unit, scale, rows[0][0].reader)

    told = [write(row["value"], unit, language) for _, row in rows]
    spread = (
        Text("{kpi}: от {low} до {high}", "{kpi}: from {low} to {high}") if told[0] != told[-1] else Text("{kpi}: {low}", "{kpi}: {low}")
    )
    title = spread.format(kpi=kpi_name(kpi, language), low=told[-1], high=told[0])
    note = Text(
        "Клиенты; в скобках — число случаев, линия — 95%-ный интервал. Рынки и воронки разные: это не рейтинг.",
        "Clients; number of cases in brackets, line: 95% interval. Markets and funnels differ: this is no ranking.",
    )
    alt = "; ".join(f"{member.name}: {value}" for (member, _), value in zip(rows, told, strict=True))
    return figure(draw, title[language], note[language], alt, height=0.3 * len(rows) + 0.5, frame=frame, accent=accent)


def common_faults(portfolio: Beside) -> Shown:
    """Faults that several clients share, the most common first."""
    language = portfolio.language
    having: dict[str, list[str]] = {}
    for member in portfolio.members:
        for kpi in dict.fromkeys(one.kpi for one in member.found.faults):
            having.setdefault(kpi, []).append(member.name)
    shared = sorted(((kpi, names) for kpi, names in having.items() if len(names) >= MANY), key=lambda pair: (-len(pair[1]), pair[0]))
    if not shared:
        return paragraph(Text("Общих замечаний нет.", "No finding is shared.")[language], "note")
    header = [
        text[language]
        for text in (Text("Замечание", "Finding"), Text("Глава", "Chapter"), Text("Клиентов", "Clients"), Text("У кого", "With whom"))
    ]
    rows: list[list[Cell | str]] = [
        [
            kpi_name(kpi, language),
            GROUP_NAMES[CATALOGUE[kpi].group][language] if kpi in CATALOGUE else "",
            Cell(write_number(len(names), language), value=float(len(names))),
            ", ".join(names),
        ]
        for kpi, names in shared
    ]
    return grid(header, rows, align="llrl", widths=["1.2fr", "1fr", "auto", "1.8fr"])
