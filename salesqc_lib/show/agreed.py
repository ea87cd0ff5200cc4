"""The first page of the delta report: what was agreed, what was done, and what came of it, each measure then and now on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from salesqc_lib.findings import Findings
from salesqc_lib.findings.worked import Worked
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement
from salesqc_lib.recommendations import Recommendations
from salesqc_lib.show.changes import BETTER, OUTCOMES, REGRESSION, TONE, UNKNOWN, WORSE, Place, seen, verdicts
from salesqc_lib.show.forms.drawn import Dot, Drawing, Line, Scale
from salesqc_lib.show.forms.page import Head
from salesqc_lib.show.forms.shown import Cell, Shown, bullets, grid, nothing, paragraph
from salesqc_lib.show.pages import export_moment
from salesqc_lib.show.plan import plan
from salesqc_lib.show.words.findings import many
from salesqc_lib.show.words.labels import kpi_name, segment_name
from salesqc_lib.show.words.money import rounded
from salesqc_lib.units import tell, write_number
from salesqc_lib.words import Language, Text

MOST = 12
MEASURES = (("мера", "меры", "мер"), ("measure", "measures"))
STORED = Text(
    "Договорённости взяты из сохранённого отчёта за прошлый период: его замечания, его значения, его сроки.",
    "What was agreed is taken from the stored report of the earlier period: its findings, its values, its terms.",
)
RECOMPUTED = Text(
    "Сохранённого отчёта за прошлый период нет: его замечания посчитаны заново по нынешней выгрузке, тогдашних договорённостей они могут не повторять.",
    "There is no stored report of the earlier period: its findings are reckoned anew from the present export, and need not be what was agreed then.",
)


class Both(Protocol):
    """What these pages need to know of two audits."""

    @property
    def before(self) -> Any: ...
    @property
    def after(self) -> Any: ...
    @property
    def promised(self) -> Recommendations: ...
    @property
    def stored(self) -> pd.DataFrame | None: ...
    @property
    def stored_money(self) -> float | None: ...
    @property
    def worked(self) -> Worked | None: ...
    @property
    def language(self) -> Language: ...
    @property
    def period(self) -> Any: ...
    @property
    def parameters(self) -> Any: ...


@dataclass(frozen=True)
class Agreed:
    """A measure that was agreed on: the action, whose it is, the place it is measured at, and its value of then."""

    action: str
    owner: str
    place: Place
    value: float
    low: float
    high: float


def agreed_on(delta: Both) -> list[Agreed]:
    """What was agreed, the heaviest first: from the stored report where there is one."""
    if delta.stored is not None:
        rows = delta.stored[delta.stored["action"].fillna("").astype(str) != ""] if "action" in delta.stored else delta.stored.head(0)
        return [
            Agreed(
                str(row["action"]),
                str(row["owner"] or ""),
                (str(row["kpi"]), _text(row["by"]), _text(row["segment"])),
                _number(row["value"]),
                _number(row["low"]),
                _number(row["high"]),
            )
            for row in rows.to_dict("records")
            if str(row["kpi"]) in CATALOGUE
        ]
    language = delta.language
    return [
        Agreed(
            one.action.title[language],
            one.action.owner[language],
            (finding.kpi, finding.by, finding.segment),
            finding.value,
            finding.low,
            finding.high,
        )
        for one in delta.promised
        for finding in one.findings
    ]


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _number(value: Any) -> float:
    return float("nan") if value is None or value != value or value == "" else float(value)


def _told(delta: Both, agreed: Sequence[Agreed]) -> dict[Place, str]:
    before: Measurement = delta.before.measured
    after: Measurement = delta.after.measured
    return verdicts(before, after, [one.place for one in agreed])


def delta_verdict(delta: Both) -> Shown:
    """The head of the page: of so many measures agreed on, how many moved beyond chance; what is at stake now against then."""
    language = delta.language
    agreed = agreed_on(delta)
    told = _told(delta, agreed)
    moved = [place for place in dict.fromkeys(one.place for one in agreed) if told.get(place) in (BETTER, WORSE)]
    better = [place for place in moved if told[place] == BETTER]
    n = len({one.place for one in agreed})
    if not n:
        said = Text("Прошлый аудит ничего не рекомендовал", "The earlier audit recommended nothing")[language]
    elif not moved:
        text = Text(
            "Ни одна из {n} договорённостей не сдвинулась больше случайного", "None of the {n} measures agreed on moved beyond chance"
        )
        alone = Text("То, о чём договорились, не сдвинулось больше случайного", "What was agreed has not moved beyond chance")
        said = (text if n > 1 else alone).format(n=write_number(n, language))[language]
    else:
        text = Text(
            "Договорённостей, сдвинувшихся больше случайного, {k} из {n}, к лучшему — {b}",
            "{k} of {n} measures agreed on moved beyond chance, {b} for the better",
        )
        said = text.format(n=write_number(n, language), k=write_number(len(moved), language), b=write_number(len(better), language))[
            language
        ]
    said += _stakes(delta)
    title, client = Text("Что изменилось после аудита", "What has changed since the audit")[language], delta.parameters.client.name
    facts = [delta.period.name(language), Text("данные на {x}", "data as of {x}").format(x=export_moment(delta.after))[language]]
    return _band(delta, title, client, facts, said)


def _stakes(delta: Both) -> str:
    """What is at stake now, and what was."""
    findings: Findings = delta.after.findings()
    reader, language = delta.after.measured.reader, delta.language
    was = (
        delta.stored_money
        if delta.stored is not None
        else (delta.before.findings().money.base if delta.before.findings().money.is_known else None)
    )
    if not findings.money.is_known and not was:
        return ""
    now = rounded(findings.money.base, reader) if findings.money.is_known else Text("не оценено", "not valued")[language]
    before = rounded(was, reader) if was else Text("не оценено", "not valued")[language]
    return Text("; под вопросом {now}, было {was}", "; {now} at stake, {was} before").format(now=now, was=before)[language]


def _band(delta: Both, title: str, client: str, facts: list[str], said: str) -> Shown:
    from salesqc_lib.show.first import dressed

    return dressed(delta.after, title, client, facts, said, label=Text("Итог", "Outcome")[delta.language], file="")


def agreed(delta: Both, most: int = MOST) -> Shown:
    """What was agreed, with its measure then and now drawn on one scale, and whether it moved beyond chance."""
    language = delta.language
    every = agreed_on(delta)
    if not every:
        return nothing()
    told = _told(delta, every)
    rows = [_row(delta, one, told.get(one.place, UNKNOWN)) for one in every[:most]]
    header = [
        text[language]
        for text in (Text("О чём договорились", "What was agreed"), Text("Мера", "Measure"), Text("Было", "Then"), Text("Стало", "Now"), Text("Было ○ → стало ●", "Then ○ → now ●"), Text("Вывод", "Verdict"))
    ]  # fmt: skip
    notes = [(STORED if delta.stored is not None else RECOMPUTED)[language], REGRESSION[language]]
    return grid(
        header, rows, align="llrrll", widths=["1.7fr", "1.1fr", "auto", "auto", "auto", "1fr"], note=" ".join(notes), can_sort=False
    ).told(kind="table", name="agreed")


def _row(delta: Both, one: Agreed, outcome: str) -> list[Cell | str]:
    language, reader = delta.language, delta.after.measured.reader
    kpi, by, segment = one.place
    frame = delta.after.measured.frame
    found = frame[(frame["kpi"] == kpi) & (frame["by"] == by) & (frame["segment"] == segment)]
    now = found.iloc[0] if len(found) else None
    unit = str(frame.loc[frame["kpi"] == kpi, "unit"].iloc[0]) if (frame["kpi"] == kpi).any() else CATALOGUE[kpi].unit.id
    values = [tell(value, unit, language, reader.currency) for value in (one.value, None if now is None else float(now["value"]))]
    return [
        Cell(one.action, one.owner),
        Cell(kpi_name(kpi, language), segment_name(segment, language) if by else ""),
        values[0],
        values[1],
        Cell("", drawn=None if now is None else _then_and_now(one, now)),
        Cell(OUTCOMES[outcome][language], tone=TONE[outcome]),
    ]


def _then_and_now(one: Agreed, now: "pd.Series[Any]") -> Drawing | None:
    """Both values with their intervals on one scale: above then, below now."""
    ends = [float(now[name]) for name in ("value", "low", "high")]
    if one.value != one.value or ends[0] != ends[0]:
        return None
    scale = Scale.of([one.value, one.low, one.high, *ends], from_zero=False)
    lines = (_line(scale, one.value, one.low, one.high, 0.28, "plain"), _line(scale, ends[0], ends[1], ends[2], 0.72, ""))
    dots = (Dot(scale.place(one.value), 0.28, 0.8, "plain", is_hollow=True), Dot(scale.place(ends[0]), 0.72, 0.8, ""))
    return Drawing(lines, dots, 34.0, 5.0)


def _line(scale: Scale, value: float, low: float, high: float, y: float, tone: str) -> Line:
    ends = [end if end == end else value for end in (low, high)]
    return Line(((scale.place(ends[0]), y), (scale.place(ends[1]), y)), 1.2, tone)


def done(delta: Both) -> Shown:
    """What was done with the list of deals, as people have filled it in."""
    language = delta.language
    one = delta.worked
    if one is None:
        text = Text(
            "Список сделок не возвращён: заполненный файл называют командой compare … --worklist.",
            "The list of deals was not brought back: the filled file is named by compare … --worklist.",
        )
        return paragraph(text[language], "note")
    text = Text(
        "Решение записано по {decided} из {deals}: договор подписан по {won}, закрыто {lost}, открыто {open}.",
        "Something was decided for {decided} of {deals} deals: {won} have signed, {lost} were closed, {open} are open.",
    )
    deals = (("сделки", "сделок", "сделок"), ("deal", "deals"))  # the genitive: «из 302 сделок»
    counted = many(one.deals, language, deals) if language == "ru" else write_number(one.deals, language)
    if not one.decided:
        none = Text("В списке из {deals} не записано ни одного решения.", "Nothing was decided in the list of {deals} deals.")
        return paragraph(none.format(deals=counted)[language], "note")
    lines = [
        text.format(decided=write_number(one.decided, language), deals=counted, won=one.won, lost=one.lost, open=one.still_open)[language]
    ]
    if one.missing:
        gone = Text("В выгрузке больше нет: {n}.", "No longer in the export: {n}.")
        lines.append(gone.format(n=write_number(one.missing, language))[language])
    return paragraph(Text("Сделки в работу", "Deals to work through")[language], "subhead") + bullets(lines)


def next_head(delta: Both) -> Head:
    """The page of what is new and what comes next."""
    language = delta.language
    before, after = ({(one.kpi, one.place) for one in audit.findings().faults} for audit in (delta.before, delta.after))
    was, now = ({key for one in audit.findings().faults for key in seen(one)} for audit in (delta.before, delta.after))
    fresh, stay = sum(1 for key in after if key not in was), sum(1 for key in after if key in was)
    gone = sum(1 for key in before if key not in now)
    text = Text("Новых замечаний {new}, осталось {stay}, больше не видно {gone}", "{new} new findings, {stay} stay, {gone} no longer seen")
    about = Text("Замечания нынешнего периода и действия по ним", "Findings of the present period, and what answers them")
    return Head(
        "next", Text("Дальше", "Next")[language], text.format(new=fresh, stay=stay, gone=gone)[language], about[language], part="front"
    )


def next_steps(delta: Both) -> Shown:
    """What to do next: the plan of the later audit."""
    return plan(delta.after)


def next_page(delta: Both) -> Shown:
    """The head of the page of what comes next."""
    return next_head(delta).shown()


def changes_page(delta: Both) -> Shown:
    """The head of the page of the department's figures."""
    language = delta.language
    title = Text(
        "Показатели отдела: что изменилось с поправкой на все сравнения",
        "The department's figures: what changed when all comparisons are allowed for",
    )
    about = Text("Оба периода прослежены одинаково долго", "Both periods are followed for as long")
    return Head("changes", Text("Показатели", "Figures")[language], title[language], about[language], part="front").shown()
