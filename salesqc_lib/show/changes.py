"""The delta report: what was promised and what came of it, what changed, which faults are gone, whether the same was measured."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd

from salesqc_lib.findings import Finding, Findings
from salesqc_lib.findings.watch import WATCHED
from salesqc_lib.measure import Measurement
from salesqc_lib.measure.changes import outlooks
from salesqc_lib.recommendations import Recommendations
from salesqc_lib.show.forms.shown import Cell, Shown, bullets, grid, paragraph
from salesqc_lib.show.words.findings import statement
from salesqc_lib.show.words.labels import kpi_name, segment_name
from salesqc_lib.statistics.shares import difference
from salesqc_lib.units import write
from salesqc_lib.words import Language, Reader, Text

MAIN = ("lead_to_contract", "plan_attainment", "average_deal", "win_rate", "first_response_time", "never_answered", "no_next_task")
BETTER, WORSE, SAME, UNKNOWN = "better", "worse", "same", "unknown"
OUTCOMES = {
    BETTER: Text("▲ стало лучше", "▲ better"), WORSE: Text("▼ стало хуже", "▼ worse"),
    SAME: Text("= в пределах случайного", "= within chance"), UNKNOWN: Text("не сравнить", "cannot be compared"),
}  # fmt: skip
TONE = {BETTER: "good", WORSE: "bad", SAME: "", UNKNOWN: "quiet"}


REGRESSION = Text(
    "Что выбрали потому, что оно было хуже всех, обычно становится лучше и само: худшему немного не везло. Поэтому вывод о сегменте сделан по обоим значениям с поправкой на случай, состав и возраст сделок, а не по напечатанным; число сравнений учтено.",
    "What was chosen because it was worst usually gets better by itself: the worst had a little bad luck. So a segment is judged by both values with chance, mix and age of the deals allowed for, not by those that were printed; the number of comparisons is allowed for.",
)


class Measured(Protocol):
    """One of the two audits."""

    @property
    def measured(self) -> Measurement: ...
    def findings(self, *names: str) -> Findings: ...


class Compared(Protocol):
    """What these pages need to know of two audits."""

    @property
    def before(self) -> Measured: ...
    @property
    def after(self) -> Measured: ...
    @property
    def promised(self) -> Recommendations: ...
    @property
    def redefined(self) -> list[str] | None: ...
    @property
    def language(self) -> Language: ...


Place = tuple[str, str, str]  # KPI, breakdown, segment


def verdicts(before: Measurement, after: Measurement, places: Sequence[Place]) -> dict[Place, str]:
    """Of each measure, whether it is for the better, for the worse, or within chance, when all of them are allowed for together.

    A segment is judged by its shrunk values: what had been chosen because it was worst gets better by itself.
    """
    known = [place for place in dict.fromkeys(places) if _has(before, place) and _has(after, place)]
    words = outlooks([(place[0], *_fair(after, before, place)) for place in known])
    told = {"": UNKNOWN, "changed": SAME}
    return {place: told.get(word, word) for place, word in zip(known, words, strict=True)}


def _figures(measured: Measurement, place: Place) -> dict[str, Any]:
    return {str(name): value for name, value in measured.row(*place).items()}


def _fair(after: Measurement, before: Measurement, place: Place) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both values of a place: of a segment that was held against its peers both times, those with mix, age and chance allowed for."""
    now, was = shrunk(after, place), shrunk(before, place)
    both = bool(now and was)
    return _figures(after, place) | (now if both else {}), _figures(before, place) | (was if both else {})


def shrunk(measured: Measurement, place: Place) -> dict[str, float]:
    """The value of a segment allowing for chance, with its interval; nothing where it was not held against its peers."""
    kpi, by, segment = place
    compared = measured.compared
    found = compared[(compared["kpi"] == kpi) & (compared["by"] == by) & (compared["segment"] == segment) & compared["estimate"].notna()]
    if not by or found.empty:
        return {}
    row = found.iloc[0]
    return {"value": float(row["estimate"]), "low": float(row["low"]), "high": float(row["high"])}


def _has(measured: Measurement, place: Place) -> bool:
    frame, (kpi, by, segment) = measured.frame, place
    return bool(((frame["kpi"] == kpi) & (frame["by"] == by) & (frame["segment"] == segment)).any())


def change(before: Measurement, after: Measurement, kpi: str, by: str = "", segment: str = "") -> tuple[float, float, float, float, float]:
    """Both values, and their difference with its interval."""
    if not _has(before, (kpi, by, segment)) or not _has(after, (kpi, by, segment)):
        return (np.nan,) * 5
    was, now = before.row(kpi, by, segment), after.row(kpi, by, segment)
    ends = [float(row[name]) for row in (now, was) for name in ("value", "low", "high")]
    if any(pd.isna(end) for end in ends):
        return float(was["value"]), float(now["value"]), float(now["value"]) - float(was["value"]), np.nan, np.nan
    gap, low, high = difference((ends[0], ends[1], ends[2]), (ends[3], ends[4], ends[5]))
    return ends[3], ends[0], gap, low, high


def promised(delta: Compared) -> Shown:
    """Each recommendation of the earlier audit with the measure it was to be checked by, then and now."""
    language, reader = delta.language, delta.after.measured.reader
    if not len(delta.promised):
        return paragraph(Text("Прошлый аудит ничего не рекомендовал.", "The earlier audit recommended nothing.")[language])
    every = [(finding.kpi, finding.by, finding.segment) for one in delta.promised for finding in one.findings]
    told = verdicts(delta.before.measured, delta.after.measured, every)
    rows: list[list[Cell | str]] = [
        [
            Cell(one.action.title[language], segment_name(finding.segment, language) if finding.by else ""),
            *_cells(delta, (finding.kpi, finding.by, finding.segment), told, reader),
        ]
        for one in delta.promised
        for finding in one.findings
    ]
    board = grid(
        _header(Text("Что рекомендовали", "What was recommended"), language),
        rows,
        align="llrrrl",
        widths=["2fr", "1.2fr", "auto", "auto", "1.2fr", "1fr"],
    )
    return board + paragraph(REGRESSION[language], "note")


def changes(delta: Compared) -> Shown:
    """The watched measures of the department that moved beyond chance, then and now; of the others, how many there are and which are they
    that moved most."""
    language, reader = delta.language, delta.after.measured.reader
    known = set(delta.after.measured.frame["kpi"]) & set(delta.before.measured.frame["kpi"])
    chosen = [watched.kpi for watched in WATCHED if watched.kpi in known]
    told = verdicts(delta.before.measured, delta.after.measured, [(kpi, "", "") for kpi in chosen])
    seen = [kpi for kpi in chosen if not np.isnan(change(delta.before.measured, delta.after.measured, kpi)[2])]
    moved = [kpi for kpi in seen if told.get((kpi, "", "")) in (BETTER, WORSE)]
    shown = [*moved, *(kpi for kpi in MAIN if kpi in seen and kpi not in moved)]
    rows: list[list[Cell | str]] = [list(_cells(delta, (kpi, "", ""), told, reader)) for kpi in shown]
    rest = Text(
        "Ещё {n} в пределах случайного: их значения — в книге, лист «kpis».",
        "{n} more within chance: their values stand in the workbook, sheet “kpis”.",
    )
    left = len([kpi for kpi in seen if kpi not in shown])
    note = rest.format(n=left)[language] if left else ""
    if not rows:
        return paragraph(note, "note")
    return grid(_header(None, language), rows, align="lrrrl", widths=["1.6fr", "auto", "auto", "1.3fr", "1fr"], note=note).told(
        kind="table", name="changes"
    )


def _header(first: Text | None, language: Language) -> list[str]:
    names = (
        first,
        Text("Показатель", "Measure"),
        Text("Было", "Before"),
        Text("Стало", "Now"),
        Text("Изменение, 95 %", "Change, 95%"),
        Text("Вывод", "Verdict"),
    )
    return [name[language] for name in names if name]


def _cells(delta: Compared, place: Place, told: Mapping[Place, str], reader: Reader) -> tuple[Cell, Cell, Cell, Cell, Cell]:
    language, kpi, outcome = reader.language, place[0], told.get(place, UNKNOWN)
    was, now, gap, low, high = change(delta.before.measured, delta.after.measured, *place)
    fair = [shrunk(audit.measured, place) for audit in (delta.before, delta.after)]
    unit = str(delta.after.measured.frame.loc[delta.after.measured.frame["kpi"] == kpi, "unit"].iloc[0])
    values = [write(value, unit, language, reader.currency) for value in (was, now)]
    ends = "" if np.isnan(low) else f"{_signed(low, unit, reader)} … {_signed(high, unit, reader)}"
    allowing = [
        Text("с поправкой {x}", "allowing for chance and mix {x}").format(x=write(one["value"], unit, language, reader.currency))[language]
        if all(fair)
        else ""
        for one in fair
    ]
    shown = _signed(gap, unit, reader)
    return (
        Cell(kpi_name(kpi, language)),
        Cell(values[0], allowing[0]),
        Cell(values[1], allowing[1]),
        Cell(shown, ends),
        Cell(OUTCOMES[outcome][language], tone=TONE[outcome]),
    )


def _signed(value: float, unit: str, reader: Reader) -> str:
    """A difference with its sign; of shares in points."""
    if np.isnan(value):
        return "—"
    sign = "+" if value > 0 else "−" if value < 0 else ""
    text = write(abs(value), unit, reader.language, reader.currency)
    return sign + (text.replace("%", Text("п. п.", " pp")[reader.language]) if unit == "share" else text)


def standing(delta: Compared) -> Shown:
    """Faults that are gone, that stay, and that are new."""
    language, reader = delta.language, delta.after.measured.reader
    before, after = ({(one.kpi, one.place): one for one in audit.findings().faults} for audit in (delta.before, delta.after))
    was, now = ({key for one in faults.values() for key in seen(one)} for faults in (before, after))
    parts: list[tuple[Text, list[Finding]]] = [
        (Text("Больше не видны", "No longer seen"), [before[key] for key in before if key not in now]),
        (Text("Остаются", "They stay"), [after[key] for key in after if key in was]),
        (Text("Появились", "New"), [after[key] for key in after if key not in was]),
    ]
    shown = Shown("", "", "")
    for name, chosen in parts:
        if chosen:
            shown = shown + paragraph(name[language], "subhead") + bullets([statement(one, reader) + "." for one in chosen])
    gone = Text(
        "Замечание, которого больше не видно, не обязательно снято: на меньшем числе случаев его может быть не отличить от случайности. Решает изменение показателя выше.",
        "A finding that is no longer seen is not necessarily mended: with fewer cases it may not be told from chance. The change of the measure above decides.",
    )
    return (
        shown + paragraph(gone[language], "note")
        if shown.plain
        else paragraph(Text("Замечаний нет ни тогда, ни теперь.", "No finding then, and none now.")[language])
    )


def seen(finding: Finding) -> list[tuple[str, tuple[str, str]]]:
    """What a fault tells of: itself, what follows from it, and the groups in which it shows."""
    return [
        (finding.kpi, finding.place),
        *((kpi, finding.place) for kpi in finding.consequences),
        *((kpi, (by, segment)) for kpi, by, segment in finding.members),
    ]


def same_measure(delta: Compared) -> Shown:
    """Whether both audits measured the same thing."""
    language = delta.language
    if delta.redefined is None:
        text = Text(
            "Оба периода посчитаны сегодня, по одним определениям и на одинаковом сроке после конца периода. Сохранённого отчёта за прежний период рядом нет.",
            "Both periods are measured today, by the same definitions, and observed for as long after their end. There is no stored report of the earlier period beside this one.",
        )
    elif not delta.redefined:
        text = Text(
            "Определения те же, что в сохранённом отчёте за прежний период. Оба периода посчитаны заново, на одинаковом сроке после конца.",
            "The definitions are those of the stored report of the earlier period. Both periods are measured anew, observed for as long after their end.",
        )
    else:
        names = ", ".join(kpi_name(kpi, language) for kpi in delta.redefined)
        text = Text(
            "С прошлого отчёта изменилось определение: {names}. Здесь оба периода посчитаны по новому; с напечатанными тогда числами они не сравнимы.",
            "Since the earlier report the definition has changed of: {names}. Here both periods are measured by the new one; they cannot be held against the figures printed then.",
        ).format(names=names)
    return paragraph(text[language])
