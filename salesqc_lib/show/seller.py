"""A page for a talk with one seller: where they stand among their peers, what they do well, what to do next, which calls to hear."""

import html
import re
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.errors import InputError, nearest
from salesqc_lib.facts import UNSET
from salesqc_lib.kpi import card_of
from salesqc_lib.kpi.card import MANAGER
from salesqc_lib.measure import Measurement
from salesqc_lib.show.advice import DO, KNOW
from salesqc_lib.show.forms.blocks import card
from salesqc_lib.show.forms.figure import figure
from salesqc_lib.show.forms.page import Head
from salesqc_lib.show.forms.shown import Cell, Shown, bullets, grid, nothing, paragraph
from salesqc_lib.show.forms.theme import COLOURS, INK, PLAIN, SHAPES
from salesqc_lib.show.owner import Advised
from salesqc_lib.show.passport import grave_doubts
from salesqc_lib.show.tables import interval
from salesqc_lib.show.words.findings import certainty, day, statement
from salesqc_lib.show.words.labels import kpi_name, segment_name
from salesqc_lib.units import write, write_duration, write_number
from salesqc_lib.words import Language, Text

TALKED_OF = (
    "first_response_time", "answered_within_1h", "never_answered", "one_and_done", "calls_per_day", "conversation_rate", "qualification_rate", "lead_to_key_event_set",
    "key_event_to_contract", "lead_to_contract", "average_deal", "discount_depth", "followed_up_after_refusal", "review_score",
    "no_next_task", "overdue_tasks",
)  # fmt: skip
STRENGTHS = ACTIONS = CALLS = 3
PEERS = 2
LONGEST_NAME = 40
BEYOND, PERHAPS = Text("больше случайного", "beyond chance"), Text("может быть случайным", "may be chance")


def sellers_of(measured: Measurement) -> list[str]:
    """All sellers with leads in the period; leads without a seller are nobody's."""
    return sorted(str(name) for name in set(measured.segments("leads", MANAGER)["segment"]) - {UNSET})


def one_of(audit: Advised, manager: str | None) -> list[str]:
    """The sellers that are asked for: the one that is named, or all.

    Raises
    ------
    InputError
        There is no such seller in the data of the period.
    """
    gone = set(audit.dataset.presence.gone)
    if manager is not None and audit.dataset.pseudonyms and not manager.startswith("M-"):
        manager = audit.dataset.pseudonyms.of_name(manager)
    if manager in gone:
        raise InputError(
            f"«{manager}» has no sign of life any more", cure="nobody who is gone is talked to; their open deals are a finding of the audit"
        )
    known = [name for name in sellers_of(audit.measured) if name not in gone]
    if manager is not None and manager not in known:
        raise InputError(f"no seller «{manager}» in the period", cure=nearest(manager, known))
    return known if manager is None else [manager]


def dressing(audit: Advised) -> Shown:
    """Tells the exporters how to dress a report that has no cover: whose it is, which period, in which language."""
    parameters, language = audit.parameters, audit.language
    meta = {
        "title": audit.title[language], "client": parameters.client.name, "period": audit.period.name(language), "language": language,
        "accent": parameters.client.accent, "facts": [], "order": "notebook",
    }  # fmt: skip
    web = (
        f'<header class="band"><div><p class="kind">{html.escape(audit.title[language])}</p><h1 class="whose">{html.escape(parameters.client.name)}</h1></div>'
        f'<p class="facts">{html.escape(audit.period.name(language))}</p></header>'
    )
    return Shown(web, "", f"{audit.title[language]}: {parameters.client.name}", meta=meta)


def talks(audit: Advised, names: list[str]) -> None:
    """Show a page for each of the sellers; each is a PDF of its own as well."""
    from IPython.display import display

    taken: set[str] = set()
    for name in names:
        display(_head(audit, name, taken).shown())  # type: ignore[no-untyped-call]
        display(talk(audit, name))  # type: ignore[no-untyped-call]


def _head(audit: Advised, manager: str, taken: set[str]) -> Head:
    """The head of a talk sheet: the one difference beyond chance that weighs most, or that there is none."""
    language, reader = audit.language, audit.measured.reader
    own = [one for one in audit.findings().faults if one.place == (MANAGER, manager) and one.grade == "certain"]
    none = Text("{name}: отличий больше случайного нет", "{name}: no difference beyond chance")
    title = statement(own[0], reader) if own else none.format(name=segment_name(manager, language))[language]
    file = _file_name(manager, taken)
    about = Text("Против медианы коллег; {period}", "Against the others' median; {period}").format(period=audit.period.name(language))
    return Head(file, segment_name(manager, language), title, about[language], part="front", file=file, is_anew=True)


def _file_name(manager: str, taken: set[str]) -> str:
    """A name for the file of a seller's page: letters, digits and hyphens, no two alike."""
    base = "talk-" + (re.sub(r"[^\w]+", "-", manager).strip("-")[:LONGEST_NAME] or "seller")
    name, again = base, 1
    while name.lower() in taken:
        again += 1
        name = f"{base}-{again}"
    taken.add(name.lower())
    return name


def talk(audit: Advised, manager: str) -> Shown:
    """The page of one seller."""
    rows = _profile(audit.measured, manager)
    page = _picture(audit.measured, rows, manager) + _strengths(rows, audit) + _next(audit, manager, rows) + _calls(audit, manager)
    return page + _agreed(audit.language) + grave_doubts(audit)


def _agreed(language: Language) -> Shown:
    """Room for what is agreed, when it is looked at, and two names."""
    header = [text[language] for text in (Text("Договорились", "Agreed"), Text("Срок", "By"), Text("Подписи", "Signed"))]
    return grid(header, [["1.", "", ""], ["2.", "", ""]], align="lll", widths=["2.4fr", "1fr", "1.4fr"], can_sort=False)


def _profile(measured: Measurement, manager: str) -> pd.DataFrame:
    """By measure: the seller's row, the peers' median and spread, and how far ahead the seller is (in spreads, better is positive)."""
    found = []
    for kpi in TALKED_OF:
        rows = measured.segments(kpi, MANAGER)
        # of a few cases nobody should be talked to; leads without a seller are no colleague
        rows = rows[(rows["n"] >= card_of(kpi).named_n) & (rows["segment"] != UNSET)]
        own = rows[rows["segment"] == manager]
        others = rows[(rows["segment"] != manager) & rows["value"].notna()]
        if own.empty or pd.isna(own.iloc[0]["value"]) or len(others) < PEERS:
            continue
        values = others["value"].to_numpy(float)
        median = float(np.median(values))
        spread = 1.4826 * float(np.median(np.abs(values - median))) or 0.1 * abs(median) or 1.0  # of peers all alike: a tenth
        sign = {"higher": 1.0, "lower": -1.0, "neither": 0.0}[card_of(kpi).better]
        ahead = sign * (float(own.iloc[0]["value"]) - median) / spread
        found.append({**own.iloc[0].to_dict(), "peers": values, "median": median, "ahead": ahead, "sign": sign})
    return pd.DataFrame(found)


def _picture(measured: Measurement, rows: pd.DataFrame, manager: str) -> Shown:
    """Each measure on its own scale, the better end to the right: peers as grey dots, the seller large."""
    reader, language = measured.reader, measured.reader.language
    if rows.empty:
        return paragraph(Text("Слишком мало данных, чтобы сравнивать.", "Too few data to compare.")[language], "note")

    def draw(axes: Any) -> None:
        for i, row in enumerate(rows.to_dict("records")):
            every = np.append(row["peers"], row["value"]) * (row["sign"] or 1.0)
            low, high = float(every.min()), float(every.max())
            at = (every - low) / (high - low) if high > low else np.full(len(every), 0.5)
            middle = ((row["median"] * (row["sign"] or 1.0)) - low) / (high - low) if high > low else 0.5
            axes.plot([0, 1], [i, i], color=PLAIN, lw=0.6, alpha=0.5)
            axes.plot(at[:-1], [i] * (len(at) - 1), "o", color=PLAIN, ms=4.5, alpha=0.7)
            axes.plot([middle, middle], [i - 0.3, i + 0.3], color=INK, lw=1.2)
            verdict = row["verdict"] if row["verdict"] in ("better", "worse") else "same"
            axes.plot(at[-1], i, SHAPES[verdict], color=COLOURS[verdict] if verdict != "same" else INK, ms=9, zorder=3)
            own, peer = (write(row[name], row["unit"], language, reader.currency) for name in ("value", "median"))
            axes.text(1.05, i, f"{own}  ({peer})", va="center", fontsize=8.5)
        axes.set_yticks(range(len(rows)), [kpi_name(kpi, language) for kpi in rows["kpi"]])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(-0.03, 1.5)
        axes.set_xticks([])
        axes.spines[["left", "bottom"]].set_visible(False)

    note = Text(
        "Правее — лучше. Большая метка — {x}, серые точки — коллеги, черта — их медиана (в скобках). ▲ и ▼ — отличия, больше случайного; остальное может быть случайным.",
        "Further right is better. Large mark: {x}; grey dots: colleagues; line: their median (in brackets). ▲ and ▼: differences beyond chance; the rest may be chance.",
    ).format(x=segment_name(manager, language))
    worse, better = (int((rows["verdict"] == verdict).sum()) for verdict in ("worse", "better"))
    title = Text(
        "Показателей: {n}; больше случайного лучше коллег — {better}, хуже — {worse}",
        "Measures: {n}; better than colleagues beyond chance: {better}, worse: {worse}",
    ).format(n=len(rows), better=better, worse=worse)
    alt = "; ".join(
        f"{kpi_name(row['kpi'], language)}: {write(row['value'], row['unit'], language, reader.currency)} ({write(row['median'], row['unit'], language, reader.currency)})"
        for row in rows.to_dict("records")
    )
    frame = rows.drop(columns="peers")
    return figure(draw, title[language], note[language], alt, height=0.26 * len(rows) + 0.25, frame=frame, accent=reader.accent)


def _strengths(rows: pd.DataFrame, audit: Advised) -> Shown:
    """Up to three measures in which the seller is ahead of most colleagues, the surest first."""
    language, reader = audit.language, audit.measured.reader
    if rows.empty:
        return nothing()
    ahead = rows[(rows["ahead"] > 0.5) | ((rows["verdict"] == "better") & (rows["sign"] != 0))]
    ahead = ahead.assign(is_sure=ahead["verdict"] == "better").sort_values(["is_sure", "ahead"], ascending=False).head(STRENGTHS)
    head = paragraph(Text("Сильные стороны", "Strengths")[language], "subhead")
    if ahead.empty:
        return head + paragraph(
            Text("Ни в одном показателе отрыва от коллег не видно.", "No measure stands out above the colleagues.")[language], "note"
        )
    lines = []
    for row in ahead.to_dict("records"):
        own, peer = (write(row[name], row["unit"], language, reader.currency) for name in ("value", "median"))
        bounds = interval(pd.Series(row), reader)
        told = Text("{kpi}: {own}{bounds} против {peer} у коллег — {sure}.", "{kpi}: {own}{bounds} against {peer} with colleagues, {sure}.")
        lines.append(
            told.format(
                kpi=kpi_name(row["kpi"], language), own=own, bounds=f" ({bounds})" if bounds else "", peer=peer,
                sure=(BEYOND if row["is_sure"] else PERHAPS)[language],
            )[language]
        )  # fmt: skip
    return head + bullets(lines)


def _next(audit: Advised, manager: str, rows: pd.DataFrame) -> Shown:
    """Up to three actions, those that answer the seller's findings; then what to ask about."""
    language, reader = audit.language, audit.measured.reader
    shown = paragraph(Text("Что делать дальше", "What to do next")[language], "subhead")
    own = [one for one in audit.findings().faults if one.place == (MANAGER, manager)][:ACTIONS]
    for one in own:
        answer = audit.recommendations.of(one)
        lines = [(Text("Насколько точно", "How sure")[language], certainty(one, reader))]
        if answer:
            lines.append((DO[language], f"{answer.action.title[language]}. {answer.action.how[language]}"))
            lines.append((KNOW[language], f"{kpi_name(answer.check, language)}, {day(answer.check_by, language)}"))
        shown += card(statement(one, reader), Text("замечание", "finding")[language], "bad", lines)
    told = {one.kpi for one in own} | {kpi for one in own for kpi in one.consequences}
    if len(own) < ACTIONS and not rows.empty:
        shown += _questions(rows[~rows["kpi"].isin(told)], ACTIONS - len(own), language, audit)
    if _is_new(audit, manager):
        new = Text(
            "К концу периода — меньше 90 дней на работе: сравнивать с коллегами рано.",
            "Less than 90 days at work by the end of the period: too new to be compared with the colleagues.",
        )
        shown += paragraph(new[language], "note")
    return shown


def _questions(rows: pd.DataFrame, most: int, language: Language, audit: Advised) -> Shown:
    """What to ask about: where the seller lies furthest behind the median, within the usual spread. A question, no advice: the report does
    not call it a difference."""
    behind = rows[(rows["ahead"] < -0.5) & (rows["verdict"] != "worse")].sort_values("ahead").head(most)
    if behind.empty:
        return nothing()
    lines = []
    for row in behind.to_dict("records"):
        own, peer = (write(row[name], row["unit"], language, audit.measured.reader.currency) for name in ("value", "median"))
        told = Text("{kpi}: {own}, медиана коллег {peer}.", "{kpi}: {own}, the colleagues' median is {peer}.")
        lines.append(told.format(kpi=kpi_name(row["kpi"], language), own=own, peer=peer)[language])
    note = Text(
        "Спросить, как это выглядит изнутри (в пределах обычного разброса отдела или мало случаев, отличием отчёт это не называет):",
        "To ask how it looks from the inside (within the department's usual spread, or too few cases: the report calls it no difference):",
    )
    return paragraph(note[language]) + bullets(lines)


def _is_new(audit: Advised, manager: str) -> bool:
    """Whether somebody is too new to be compared."""
    compared = audit.measured.compared
    return bool(((compared["by"] == MANAGER) & (compared["segment"] == manager) & (compared["verdict"] == "new")).any())


def _calls(audit: Advised, manager: str) -> Shown:
    """The calls to hear together: the longest conversations on deals that came far and were lost, and one on a deal won."""
    language, dataset = audit.language, audit.dataset
    shape, deals = dataset.shapes["activities"], set(dataset.shapes["deals"].columns)
    if shape.reason or not {"is_conversation", "duration_s", "activity_id", "deal_id"} <= set(shape.columns) or "outcome" not in deals:
        return nothing()
    start, end = (moment.timestamp() for moment in audit.period.bounds(audit.parameters.zone))
    step = "d.key_event_held_at IS NOT NULL" if "key_event_held_at" in deals else "true"
    name = manager.replace("'", "''")
    frame: pd.DataFrame = dataset.frame(f"""
        SELECT a.activity_id, a.deal_id, a."at", a.duration_s, d.outcome, {step} AS is_far FROM facts.activities a JOIN facts.deals d USING (deal_id)
        WHERE a.kind = 'call' AND a.is_conversation AND a.manager = '{name}' AND d.outcome IN ('won', 'lost')
        AND a."at" >= to_timestamp({start}) AND a."at" < to_timestamp({end})
        QUALIFY row_number() OVER (PARTITION BY a.deal_id ORDER BY a.duration_s DESC, a.activity_id) = 1
        ORDER BY is_far DESC, a.duration_s DESC, a.activity_id""")
    chosen = pd.concat([frame[frame["outcome"] == "lost"].head(CALLS), frame[frame["outcome"] == "won"].head(1)])
    if chosen.empty:
        return nothing()
    is_bare = ("activities", "at") in dataset.days
    outcomes = {"won": Text("выиграна", "won"), "lost": Text("проиграна", "lost")}
    rows: list[list[Cell | str]] = [
        [
            str(row["activity_id"]), str(row["deal_id"]),
            day(row["at"], language) + ("" if is_bare else f", {row['at']:%H:%M}"), write_duration(row["duration_s"], language),
            outcomes[row["outcome"]][language],
        ]
        for row in chosen.assign(at=chosen["at"].dt.tz_convert(audit.parameters.zone)).to_dict("records")
    ]  # fmt: skip
    header = [
        text[language]
        for text in (Text("Звонок", "Call"), Text("Сделка", "Deal"), Text("Когда", "When"), Text("Длина", "Length"), Text("Сделка в итоге", "The deal was"))
    ]  # fmt: skip
    title = Text(
        "Что послушать вместе (закрытых сделок с разговором за период: {n})",
        "What to hear together (closed deals with a conversation in the period: {n})",
    )
    return paragraph(title.format(n=write_number(len(frame), language))[language], "subhead") + grid(
        header, rows, align="lllll", widths=["auto", "auto", "1fr", "auto", "1fr"]
    )
