"""Page 1: whose audit, the verdict, four figures, what is at stake and where, what to begin with, and the key lines. It is the owner's
brief as well."""

import html

import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.findings.grouped import Group, grouped
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import CHANNEL, MANAGER, TEAM
from salesqc_lib.measure import Measurement
from salesqc_lib.show.advice import for_whom
from salesqc_lib.show.chapters import chapters
from salesqc_lib.show.forms.blocks import Tile, tiles
from salesqc_lib.show.forms.drawn import Drawing, Scale, range_drawn, spark
from salesqc_lib.show.forms.page import KeyLine, key_lines
from salesqc_lib.show.forms.shown import FULL, Cell, Shown, grid, nothing, paragraph, quote
from salesqc_lib.show.owner import Advised
from salesqc_lib.show.pages import Audited, export_moment, logo_of
from salesqc_lib.show.passport import trust_in
from salesqc_lib.show.state import state_of
from salesqc_lib.show.words.figures import AGO, change_cell
from salesqc_lib.show.words.findings import called, could_be, day, inside, sure_in_short
from salesqc_lib.show.words.groups import group_statement
from salesqc_lib.show.words.labels import kpi_name, segment_name
from salesqc_lib.show.words.money import cost, cost_in_short, rounded, span
from salesqc_lib.show.words.verdict import unexplained, valued, verdict_sentence
from salesqc_lib.units import tell, tell_interval, write_percent
from salesqc_lib.words import Text

TILES = ("revenue", "plan_attainment", "lead_to_contract", "contracts", "leads", "first_response_time", "win_rate")
LINES, ACTIONS, RANGES = 4, 3, 6
STRONG = 4
FIRST = Text("Главное", "Verdict")
TRUST = Text("доверие к данным: {x}", "data quality: {x}")
STAKE = Text("Цена вопроса", "At stake")
STAKES = Text(
    "Цена вопроса — оценка той выручки, которую отдел получил бы за период сверх нынешней, будь эти места на уровне медианы коллег. Это разница, а не прогноз прибавки и не вина.",
    "What is at stake is an estimate of the period's revenue that would have come on top if these places were at the peers' median. It is a difference: neither a forecast nor a verdict on anybody.",
)


def verdict(audit: Advised) -> Shown:
    """The head of page 1: whose audit, of which period, on which data; and the verdict in one sentence."""
    language = audit.language
    trusted = TRUST.format(x=trust_in(audit.dataset, audit.measured, audit.warned))[language]
    facts = [audit.period.name(language), Text("данные на {x}", "data as of {x}").format(x=export_moment(audit))[language], trusted]
    said = verdict_sentence(audit.measured, audit.findings())
    return dressed(audit, audit.title[language], audit.parameters.client.name, facts, said, label=FIRST[language], file="owner")


def dressed(audit: Audited, title: str, client: str, facts: list[str], said: str, *, label: str, file: str) -> Shown:
    """The head of a first page: a band with whose report it is, and one sentence over it all. It tells the exporters how to dress the
    report; `file` is a PDF of its own that is made of the page."""
    language, parameters = audit.language, audit.parameters
    logo = logo_of(parameters)
    meta = {
        "logo": logo, "title": title, "client": client, "period": facts[0], "language": language,
        "accent": parameters.client.accent, "facts": [], "order": parameters.report.order,
        "sections": list(parameters.report.sections) if parameters.report.sections != "all" else "all",
    }  # fmt: skip
    web = (
        f'<header class="sheet-head" data-label="{html.escape(label, quote=True)}"><div class="band"><div>{_picture(logo, client)}'
        f'<p class="kind">{html.escape(title)}</p><p class="whose">{html.escape(client)}</p></div>'
        f'<p class="facts">{html.escape(" · ".join(facts))}</p></div><h1 class="verdict" id="page-verdict">{html.escape(said)}</h1></header>'
    )
    listed = ", ".join(quote(fact) for fact in facts)
    paper = (
        f"#band({quote(title)}, {quote(client)}, ({listed},), logo: {quote(logo)}, accent: accent, accent-text: accent-text)\n#v(5mm)\n"
        f'#verdict-line("verdict", {quote(label)}, {quote(said)})'
    )
    about = {
        "kind": "head",
        "key": "verdict",
        "part": "front",
        "rank": 0.0,
        "label": label,
        "title": said,
        "is_left_out": False,
        "file": file,
    }
    return Shown(web, paper, f"{title}: {client}, {facts[0]}. {said}", meta=meta, about=about)


def _picture(logo: str, client: str) -> str:
    kind, _, data = logo.removeprefix("data:").partition(";")
    kind = "svg+xml" if kind == "svg" else kind
    return f'<img class="logo" alt="{html.escape(client, quote=True)}" src="data:image/{kind};base64,{data}">' if logo else ""


def key_tiles(audit: Advised) -> Shown:
    """Four figures: the result, the plan, the conversion, and what is at stake; each against a year before and the period before."""
    findings, measured = audit.findings(), audit.measured
    reader, language = measured.reader, audit.language
    known = set(measured.frame["kpi"])
    rows = [measured.row(kpi) for kpi in TILES if kpi in known and not pd.isna(measured.value(kpi))]
    stake = []
    if findings.money.is_known and findings.revenue > 0:
        part = findings.money.base / findings.revenue
        share = write_percent(part, language, 0 if part >= 0.01 else 1)
        small = Text("{span}; {share} выручки", "{span}; {share} of revenue").format(span=span(findings.money, reader), share=share)[
            language
        ]
        stake = [Tile(STAKE[language], rounded(findings.money.base, reader), small, "bad")]
    return tiles([*(_tile(measured, row) for row in rows[: 4 - len(stake)]), *stake])


def _tile(measured: Measurement, row: "pd.Series[float]") -> Tile:
    reader, language, unit = measured.reader, measured.reader.language, str(row["unit"])
    parts = []
    for role, ago in AGO.items():
        if change := change_cell(row, role, language):
            parts.append(f"{change} {Text('к', 'on')[language]} {_to(ago)[language]}")
    if not pd.isna(row["low"]) and not pd.isna(row["high"]) and unit in ("share", "seconds"):
        parts.insert(0, tell_interval(row["low"], row["high"], unit, language, reader.currency))
    if not pd.isna(row["target"]) and str(row["kpi"]) != "plan_attainment":
        parts.append(Text("цель {x}", "target {x}").format(x=tell(row["target"], unit, language, reader.currency))[language])
    drawn = months_drawn(measured, str(row["kpi"]), width=34.0)
    return Tile(kpi_name(str(row["kpi"]), language), tell(row["value"], unit, language, reader.currency), "; ".join(parts[:3]), "", drawn)


def _to(ago: Text) -> Text:
    return {"год назад": Text("прошлому году", "a year ago")}.get(ago.ru, Text("прошлому периоду", "the period before"))


def months_drawn(measured: Measurement, kpi: str, width: float = 22.0) -> Drawing | None:
    """A figure through the months, the report's period thick; None where it is not known by months."""
    rows = measured.frame[(measured.frame["kpi"] == kpi) & (measured.frame["by"] == "month")]
    if rows["value"].notna().sum() < 3:
        return None
    current = measured.row(kpi)
    is_current = (rows["period_start"] >= current["period_start"]) & (rows["period_end"] <= current["period_end"])
    return spark(list(rows["value"]), list(is_current), width=width)


def money_ranges(audit: Advised, most: int = RANGES) -> Shown:
    """What is at stake, finding by finding, on one scale: dot the estimate, line its range."""
    findings, reader, language = audit.findings(), audit.measured.reader, audit.language
    groups = valued(findings)
    if not groups:
        return nothing()
    shown = groups[:most]
    scale = Scale.of([end for group in shown for end in (group.money.low, group.money.high)])
    rows: list[list[Cell | str]] = []
    for group in shown:
        money = group.money
        drawn = range_drawn(money.low, money.base, money.high, scale, tone="bad", width=36.0)
        rows.append(
            [Cell(_short(group, audit)), Cell("", drawn=drawn), Cell(rounded(money.base, reader), span(money, reader), value=money.base)]
        )
    left = groups[most:]
    if left:
        total = sum(group.money.base for group in left)
        rows.append([Text("прочие: {n}", "others: {n}").format(n=len(left))[language], Cell(""), Cell(rounded(total, reader), value=total)])
    header = [Text("Где", "Where")[language], Text("Оценка и её диапазон", "Estimate and its range")[language], STAKE[language]]
    note = Text(
        "Точка — оценка за период, линия — диапазон; каждая сделка учтена один раз.",
        "Dot: estimate for the period, line: its range; each deal counted once.",
    )
    return grid(header, rows, align="llr", widths=["1fr", "auto", "auto"], can_sort=False, note=note[language]).told(
        kind="table", span=7 if most == RANGES else FULL, name="money_ranges"
    )


def _short(group: Group, audit: Audited) -> str:
    """Who and what, in a few words: «Павел Егоров: одно касание»."""
    language = audit.language
    name = inside(kpi_name(group.lead.kpi, language)) if group.lead.kpi in CATALOGUE else group.lead.kpi
    if len(group.findings) > 1:
        text = Text("{kpi}: {who} и ещё {n}", "{kpi}: {who} and {n} more")
        return text.format(kpi=kpi_name(group.lead.kpi, language), who=called(group.lead, language), n=len(group.findings) - 1)[language]
    who = called(group.lead, language) if group.lead.by else Text("Отдел", "Department")[language]
    return f"{who}: {name}"


def begin(audit: Advised) -> Shown:
    """What to begin with: three actions, whose they are, and when to look at the result."""
    language = audit.language
    advice = audit.recommendations
    if not len(advice):
        return nothing()
    header = [Text("Начать", "Begin")[language], Text("Кто, проверка", "Who, check")[language]]
    rows: list[list[Cell | str]] = [
        [
            Cell(f"{i}. {one.action.title[language]}", for_whom(one, audit.measured.reader)),
            Cell(one.action.owner[language], day(one.check_by, language)),
        ]
        for i, one in enumerate(advice.items[:ACTIONS], 1)
    ]
    return grid(header, rows, align="ll", widths=["1.7fr", "1fr"], can_sort=False).told(kind="table", span=5, name="begin")


def lines(audit: Advised) -> Shown:
    """The key lines: what weighs most, each with the page that argues it; beside few findings, what the figures of other chapters say."""
    reader = audit.measured.reader
    found: list[KeyLine] = []
    rivals: set[str] = set()
    for group in grouped(audit.findings().faults)[:LINES]:
        rival = could_be(group.lead, audit.language)
        text = _behind(group, audit, "" if rival in rivals else rival)  # the same is said once
        rivals.add(rival)
        found.append(KeyLine(group_statement(group, reader), text, _page_of(group, audit)))
    told = {line.key for line in found}
    for chapter in chapters().values():
        state = state_of(audit, chapter)
        if len(found) < LINES and state.has_page and chapter.key not in told and (said := chapter.fact.said(audit.measured, chapter.kpis)):
            found.append(KeyLine(said, chapter.about[audit.language] + ".", chapter.key))
    return key_lines(found, audit.language) if found else nothing()


def _page_of(group: Group, audit: Advised) -> str:
    """The page that argues a group of findings; of what is not practised, the page of the findings."""
    if group.lead.rule == "absent":
        return "findings"
    return next((key for key, chapter in chapters().items() if chapter.holds(group.lead) and state_of(audit, chapter).has_page), "findings")


def _behind(group: Group, audit: Advised, rival: str) -> str:
    reader, language = audit.measured.reader, audit.language
    sure = sure_in_short(group.lead, reader)
    money = cost(group.money, reader) if group.money.is_known else cost_in_short(group.money, reader) + "."
    answer = audit.recommendations.of(group.lead)
    check = Text("Проверка {day}.", "Check on {day}.").format(day=day(answer.check_by, language))[language] if answer else ""
    parts = [
        f"{sure[:1].upper()}{sure[1:]}.",
        money[:1].upper() + money[1:],
        rival,
        f"→ {answer.action.title[language]}." if answer else "",
        check,
    ]
    return " ".join(part for part in parts if part)


def strengths(audit: Advised) -> Shown:
    """Who is better than the others beyond chance: praise stands beside the findings."""
    measured, language = audit.measured, audit.language
    frame = measured.frame
    better = frame[
        (frame["verdict"] == "better")
        & frame["by"].isin([MANAGER, CHANNEL, TEAM])
        & frame["kpi"].isin(list(CATALOGUE))
        & (frame["segment"] != UNSET)
    ]
    told: dict[str, str] = {}
    for row in better.to_dict("records"):
        value = tell(row["value"], str(row["unit"]), language, measured.reader.currency)
        told.setdefault(
            str(row["segment"]), f"{segment_name(str(row['segment']), language)} ({inside(kpi_name(str(row['kpi']), language))} {value})"
        )
    if not told:
        return nothing()
    text = Text("Лучше остальных, и это не случайность: {names}.", "Better than the others, and not by chance: {names}.")
    return paragraph(text.format(names=", ".join(list(told.values())[:STRONG]))[language])


def stakes_note(audit: Advised) -> Shown:
    """What the findings do not explain, and what «at stake» means."""
    language = audit.language
    told = unexplained(audit.measured, audit.findings())
    parts = [told, STAKES[language] if audit.findings().money.is_known else ""]
    text = " ".join(part for part in parts if part)
    return paragraph(text, "note") if text else nothing()
