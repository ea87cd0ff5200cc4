"""The audit speaks: the page for the owner, findings of a chapter, the plan of action and what the money rests on."""

import html
from typing import Protocol

from salesqc_lib.findings import FAULTS, Findings, Money, watched_groups
from salesqc_lib.recommendations import Recommendation, Recommendations
from salesqc_lib.show.labels import kpi_name, segment_name
from salesqc_lib.show.pages import GROUP_NAMES, Audited
from salesqc_lib.show.shown import Cell, Shown, bullets, grid, nothing, paragraph
from salesqc_lib.show.words_of_findings import SEVERITY, alike, certainty, consequences, cost, day, inside, note, rounded, statement
from salesqc_lib.units import write_number, write_percent
from salesqc_lib.words import Reader, Text

MOST_FINDINGS, FIRST_ACTIONS = 5, 3
LIGHTS = {
    "red": Text("▼ требует решения", "▼ calls for a decision"), "amber": Text("◆ есть что поправить", "◆ something to mend"),
    "green": Text("● нарушений не найдено", "● no fault found"), "grey": Text("○ данных нет", "○ no data"),
}  # fmt: skip
TONES = {"red": "bad", "amber": "warn", "green": "good", "grey": "quiet"}
NOTHING = Text(
    "Сравнений сделано: {n}. Нарушений, которые больше случайных и заметны по размеру, не найдено.",
    "Comparisons made: {n}. No fault was found that is beyond chance and large enough to matter.",
)
VERDICT = Text(
    "Сравнений сделано: {n}; нарушений найдено: {faults}, из них серьёзных: {serious}. {money}",
    "Comparisons made: {n}; faults found: {faults}, serious ones: {serious}. {money}",
)
TOTAL = Text(
    "Вернуть можно {base} (от {low} до {high}), это {share} выручки периода.",
    "To be won back: {base} ({low} to {high}), {share} of the period's revenue.",
)
STEPS = {
    30: Text("Первые 30 дней", "First 30 days"),
    60: Text("До 60 дней", "Up to 60 days"),
    90: Text("До 90 дней", "Up to 90 days"),
}
ASSUMED = {
    "recoverable": Text("Какую часть потери можно вернуть обучением и порядком", "Part of a loss that training and order can win back"),
    "recoverable_channel": Text("То же для рекламного канала", "The same for a channel"),
    "neglected_30": Text("Какую часть шанса теряет открытая сделка без внимания 30 дней", "Part of its chance that an open deal loses when left alone for 30 days"),
    "neglected_60": Text("… 60 дней", "… for 60 days"), "neglected_90": Text("… 90 дней и дольше", "… for 90 days and longer"),
}  # fmt: skip


class Advised(Audited, Protocol):
    """An audit with its findings and recommendations."""

    def findings(self, group: str = "") -> Findings: ...

    @property
    def recommendations(self) -> Recommendations: ...


def summary(audit: Advised) -> Shown:
    """The page for the owner: verdict, traffic light by chapter, the findings that weigh most, what to do first."""
    findings, reader = audit.findings(), audit.measured.reader
    return verdict(findings) + _lights(audit) + _weightiest(findings) + _first(audit.recommendations, reader)


def verdict(findings: Findings) -> Shown:
    """The whole audit in two sentences."""
    reader, language = findings.reader, findings.reader.language
    if not findings.faults:
        return paragraph(NOTHING.format(n=write_number(findings.looked_at, language))[language], "lead")
    total = findings.money
    money = ""
    if total.is_known and findings.revenue > 0:
        low, base, high = (rounded(end, reader) for end in (total.low, total.base, total.high))
        money = TOTAL.format(base=base, low=low, high=high, share=write_percent(total.base / findings.revenue, language))[language]
    serious = sum(1 for one in findings.faults if one.severity in ("critical", "major"))
    counts = {"n": write_number(findings.looked_at, language), "faults": len(findings.faults), "serious": serious}
    return paragraph(VERDICT.format(**counts, money=money)[language].strip(), "lead")


def lights(audit: Advised) -> dict[str, str]:
    """By chapter: red for a serious fault, amber for a lesser one, green where nothing was found, grey where nothing could be."""
    found: dict[str, str] = {}
    for group, is_measured in watched_groups(audit.measured).items():
        worst = {one.severity for one in audit.findings(group).faults}
        found[group] = "red" if worst & {"critical", "major"} else "amber" if worst else "green" if is_measured else "grey"
    return found


def _lights(audit: Advised) -> Shown:
    language = audit.language
    found = lights(audit)
    cells: list[list[Cell | str]] = []
    half = (len(found) + 1) // 2
    pairs = [(Cell(GROUP_NAMES[group][language]), Cell(LIGHTS[light][language], tone=TONES[light])) for group, light in found.items()]
    for i in range(half):
        right = pairs[i + half] if i + half < len(pairs) else (Cell(""), Cell(""))
        cells.append([*pairs[i], *right])
    chapter, state = Text("Глава", "Chapter")[language], Text("Состояние", "State")[language]
    return grid([chapter, state, chapter, state], cells, align="llll", widths=["1fr", "1.2fr", "1fr", "1.2fr"])


def _weightiest(findings: Findings) -> Shown:
    reader, language = findings.reader, findings.reader.language
    chosen = findings.faults[:MOST_FINDINGS]
    if not chosen:
        return nothing()
    header = [text[language] for text in (Text("Главное", "What weighs most"), Text("Можно вернуть", "To be won back"))]
    rows: list[list[Cell | str]] = [
        [Cell(statement(one, reader), certainty(one, reader)), _money(one.money, reader)]
        for one in chosen
    ]  # fmt: skip
    return grid(header, rows, align="lr", widths=["2.6fr", "1fr"])


def _money(money: Money, reader: Reader) -> Cell:
    """What can be won back, its range below it; where it cannot be said, why."""
    if not money.is_known:
        return Cell("—", cost(money, reader))
    return Cell(rounded(money.base, reader), f"{rounded(money.low, reader)} – {rounded(money.high, reader)}")


def _first(advice: Recommendations, reader: Reader) -> Shown:
    language = reader.language
    if not len(advice):
        return nothing()
    header = [
        text[language] for text in (Text("Что сделать первым", "What to do first"), Text("Кто", "Who"), Text("Проверить", "Check by"))
    ]
    rows: list[list[Cell | str]] = [
        [Cell(f"{i}. {one.action.title[language]}", _for_whom(one, reader)), one.action.owner[language], Cell(day(one.check_by, language), kpi_name(one.check, language))]
        for i, one in enumerate(advice.items[:FIRST_ACTIONS], 1)
    ]  # fmt: skip
    return grid(header, rows, align="lll", widths=["2.2fr", "1fr", "1fr"])


def _for_whom(one: Recommendation, reader: Reader) -> str:
    language = reader.language
    names = [segment_name(segment, language) for by, segment in one.places if by]
    return Text("Для кого: {x}", "For: {x}").format(x=", ".join(names[:4]))[language] if names else ""


def faults(findings: Findings, advice: Recommendations) -> Shown:
    """The findings of a chapter: what is wrong, how sure, what it costs, what to do, how we will know; then where nothing differs."""
    reader, language = findings.reader, findings.reader.language
    lines = []
    for one in findings.faults:
        line = f"{statement(one, reader)} ({certainty(one, reader)}). {cost(one.money, reader)}{consequences(one, language)}"
        answer = advice.of(one)
        if answer:
            line += (
                " "
                + Text("Что делать: {a}. Проверить {d} по показателю «{k}».", "What to do: {a}. Check by {d}: {k}.").format(
                    a=inside(answer.action.title[language]), d=day(answer.check_by, language), k=kpi_name(answer.check, language)
                )[language]
            )
        lines.append(line)
    notes = [text for one in findings if one.rule in ("mix", "immature") and (text := note(one, reader))]
    if same := alike(findings):
        notes.append(same)
    if not lines and not notes:
        return nothing()
    head = nothing() if lines else paragraph(Text("Нарушений не найдено.", "No fault was found.")[language])
    return head + (bullets(lines) if lines else nothing()) + (paragraph(" ".join(notes), "note") if notes else nothing())


def register(findings: Findings) -> Shown:
    """Every fault with its money and the file of the cases behind it; in a browser, a link to that file."""
    reader, language = findings.reader, findings.reader.language
    chosen = [one for one in findings if one.rule in FAULTS]
    if not chosen:
        return paragraph(NOTHING.format(n=write_number(findings.looked_at, language))[language])
    header = [
        text[language]
        for text in (Text("№", "No."), Text("Что найдено", "What was found"), Text("Вес", "Weight"), Text("Можно вернуть", "To be won back"), Text("Случаи", "Cases"))
    ]  # fmt: skip
    rows: list[list[Cell | str]] = [
        [
            one.id, Cell(statement(one, reader), certainty(one, reader)), SEVERITY[one.severity][language],
            _money(one.money, reader),
            Cell(write_number(one.evidence, language), f"evidence/{one.id}.csv" if one.id in findings.evidence else ""),
        ]
        for one in chosen
    ]  # fmt: skip
    shown = grid(header, rows, align="lllrr", widths=["auto", "2.4fr", "auto", "1.2fr", "1fr"])
    web = shown.web
    for one in chosen:
        name = html.escape(f"evidence/{one.id}.csv")
        web = web.replace(f"<small>{name}</small>", f'<small><a href="{name}">{name}</a></small>')
    return Shown(web, shown.paper, shown.plain, shown.frame)


def roadmap(advice: Recommendations) -> Shown:
    """All actions by the day on which they should be in place, each with what it answers, its effort and how one will know."""
    reader, language = advice.findings.reader, advice.findings.reader.language
    if not len(advice):
        return paragraph(NOTHING.format(n=write_number(advice.findings.looked_at, language))[language])
    header = [
        text[language]
        for text in (Text("Что сделать", "What to do"), Text("Кто, дней", "Who, days"), Text("Можно вернуть", "To be won back"), Text("Как узнаем", "How we will know"))
    ]  # fmt: skip
    shown = nothing()
    for horizon, name in STEPS.items():
        chosen = [one for one in advice if one.action.horizon == horizon]
        if not chosen:
            continue
        rows: list[list[Cell | str]] = [
            [
                Cell(one.action.title[language], " ".join(filter(None, (_for_whom(one, reader) + "." if _for_whom(one, reader) else "", one.action.how[language])))),
                Cell(one.action.owner[language], write_number(one.action.effort, language, 1 if one.action.effort % 1 else 0)),
                _money(one.money, reader),
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
        "Деньги — это выручка, а не прибыль. Отстающего подтягиваем к медиане остальных, не к лучшему; сделка учтена один раз, в том нарушении, которое угрожает ей сильнее; диапазон следует из интервалов показателя, конверсии и среднего договора. Допущения меняются в файле параметров (assumptions).",
        "Money is revenue, not profit. Who lags is brought to the median of the others, not to the best; a deal counts once, with the fault that threatens it most; the range follows from the intervals of the measure, the conversion and the mean contract. The assumptions are set in the parameter file.",
    )
    rows: list[list[Cell | str]] = [
        [ASSUMED[name][language], write_percent(value, language, 0), name]
        for name, value in findings.assumptions.items()
        if name in ASSUMED
    ]
    header = [text[language] for text in (Text("Допущение", "Assumption"), Text("Значение", "Value"), Text("Код", "Id"))]
    return paragraph(how[language]) + grid(header, rows, align="lrl", widths=["2fr", "auto", "auto"])
