"""Tables: the scoreboard of a group, a breakdown by segment, a KPI of kind table."""

from collections.abc import Sequence

import pandas as pd

from salesqc_lib.facts import UNSET
from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.kpi.card import Card
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.drawn import Scale, range_drawn
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing, paragraph
from salesqc_lib.show.forms.theme import MARKS
from salesqc_lib.show.words.labels import VERDICTS, dimension_name, kpi_name, reason_text, segment_name
from salesqc_lib.units import ABSENT, tell, write, write_interval, write_number, write_percent
from salesqc_lib.words import Language, Reader, Text

BOARD = (
    Text("Показатель", "Measure"),
    Text("Значение", "Value"),
    Text("Случаев", "Cases"),
    Text("Прошлый период", "Previous"),
    Text("Год назад", "Year ago"),
    Text("Цель", "Target"),
)
NOTHING = Text("Показать нечего: за период нет данных.", "Nothing to show: there are no data in the period.")
COLUMNS = {
    "entries": Text("Вошло", "Entered"), "advanced": Text("Дальше", "Advanced"), "lost": Text("Потеряно", "Lost"), "moved_back": Text("Назад", "Back"),
    "other_pipeline": Text("В другую воронку", "Other pipeline"), "still_there": Text("Остались", "Still there"), "revenue": Text("Выручка", "Revenue"),
    "plan": Text("План", "Plan"), "attainment": Text("Выполнение", "Attainment"), "estimate": Text("С поправкой на случайность", "Allowing for chance"), "grade": Text("Группа", "Grade"), "best": Text("Шанс быть первым", "Chance to be first"),
    "opens": Text("Заявка → КЭВ проведено", "Lead → key event held"), "closes": Text("КЭВ проведено → договор", "Key event held → contract"),
    "activities": Text("Действий", "Activities"), "per_day": Text("В рабочий день", "Per working day"),
    "lead_to_contract": Text("Конверсия в договор", "Lead-to-contract rate"),
    "wins": Text("Договоров", "Contracts"), "wins_share": Text("Доля договоров", "Share of contracts"), "losses": Text("Проиграно", "Lost deals"),
    "losses_share": Text("Доля проигранных", "Share of lost deals"), "with": Text("С материалом", "With the material"),
    "without": Text("Без него", "Without it"), "difference": Text("Разница", "Difference"), "share": Text("Доля", "Share"),
    "running": Text("Нарастающим итогом", "Running share"), "score": Text("Балл", "Score"), "late_closings": Text("Закрыто за 48 ч до выгрузки", "Closed in the 48 h before the export"),
    "usual_closings": Text("Обычно за 48 ч", "Usual in 48 h"), "back_dated": Text("Задним числом", "Back-dated"), "mass_moves": Text("Массовые переносы", "Mass moves"),
    "short_calls": Text("Звонки-пустышки", "Empty calls"),
}  # fmt: skip
FIRST = 0.8  # from such a chance on, somebody is called the first
GRADES = Text(
    "Группы вместо мест: кто в одной группе, того по этим данным не упорядочить.",
    "Grades instead of places: who shares a grade cannot be put in order by these data.",
)
RELIABLE = Text("Надёжность — какая часть различий настоящая: {list}.", "Reliability, the part of the differences that is real: {list}.")
NO_ORDER = Text("{name} — {x}, порядок неразличим", "{name} {x}, no order can be told")
ORDERED = Text("{name} — {x}, различимых групп: {n}", "{name} {x}, {n} grades")
ALL_CHANCE = Text(
    "Порядок назвать нельзя: при таком числе сделок разницу между менеджерами не отличить от случайности.",
    "No order can be told: with so few deals the differences between sellers cannot be told from chance.",
)
FEW_AMOUNTS = 10
WIDE = 4  # columns: more of them are drawn narrower
BROAD, NARROW = 20.0, 13.0  # mm
MORE = Text("Ещё {n} — в книге, лист «kpis».", "{n} more: see the workbook, sheet “kpis”.")
FEW_TOLD = Text("медиана {x}, сумм {n}", "median {x}, {n} amounts")
PEOPLE = ("manager", "team")
HEADLINES = (
    "leads", "lead_to_contract", "lead_to_contract_projected", "contracts", "revenue", "plan_attainment", "win_rate", "average_deal",
    "first_response_time", "answered_within_1h", "never_answered",
)  # fmt: skip
PROFILE = [  # of a seller, from the first answer to the money
    "leads", "first_response_time", "qualification_rate", "lead_to_key_event_set", "key_event_to_contract", "lead_to_contract", "average_deal", "revenue",
]  # fmt: skip
UNITS = {
    "revenue": "money", "plan": "money", "score": "score", "per_day": "score", "usual_closings": "score",
    **dict.fromkeys(("attainment", "estimate", "best", "wins_share", "losses_share", "share", "running", "difference"), "share"),
}  # fmt: skip


def interval(row: "pd.Series[float]", reader: Reader) -> str:
    """The interval of a measurement in brackets, '' where there is none."""
    if undated := undated_note(row, reader):
        return undated
    low, high = row["low"], row["high"]
    if pd.isna(low) and pd.isna(high):
        return ""
    if "kpi" in row.index and str(row["unit"]) == "score" and card_of(str(row["kpi"])).group == "quality":
        low, high = max(low, 0.0), min(high, 100.0)  # no score lies beyond its scale, whatever so few cards allow
    return write_interval(low, high, str(row["unit"]), reader.language, reader.currency)


def undated_note(row: "pd.Series[float]", reader: Reader) -> str:
    """«up to 31 with the undated», where an interval stands for deals that closed nobody knows when; else ''."""
    if not str(row.get("reason", "")).startswith("undated") or pd.isna(row["value"]):
        return ""
    unit, language = str(row["unit"]), reader.language
    low, high = (write(row[side], unit, language, reader.currency) for side in ("low", "high"))
    if (row["low"] < row["value"] and row["high"] > row["value"]) or unit not in ("count", "money"):
        text = Text("{low} – {high} с учётом сделок без даты", "{low} to {high} with the undated")
    elif row["high"] > row["value"]:
        text = Text("до {high} с учётом сделок без даты", "up to {high} with the undated")
    else:
        text = Text("от {low} с учётом сделок без даты", "from {low} with the undated")
    return text.format(low=low, high=high)[language]


def cases(row: "pd.Series[float]", card: Card, language: Language) -> str:
    """How many cases stand behind a value; of a ratio of sums there is no number of cases."""
    if card.kind == "ratio" or pd.isna(row["n"]):
        return ""
    n = write_number(row["n"], language)
    if str(row["unit"]) == "count":
        return n
    return f"{write_number(row['k'], language)} / {n}" if card.kind == "share" and not pd.isna(row["k"]) else n


def scoreboard(measured: Measurement, kpis: Sequence[str] | None = None) -> Shown:
    """One line for each KPI that can be measured: value with interval, cases, earlier periods, target. What cannot be measured
    is left to the chapter on readiness."""
    reader, language = measured.reader, measured.reader.language
    if measured.is_empty:
        return nothing()
    frame = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].notna()]
    if kpis is not None:
        frame = frame[frame["kpi"].isin(kpis)]
    if frame.empty:
        return paragraph(NOTHING[language], "note")
    rows: list[list[Cell | str]] = []
    for _, row in frame.iterrows():
        card = card_of(row["kpi"])
        # where deals have no dates, the earlier figure has bounds of its own: it is no yardstick
        roles = ("previous", "year_ago")
        earlier = [ABSENT if undated_note(row, reader) else write(row[name], row["unit"], language, reader.currency) for name in roles]
        verdict = f"{MARKS[row['verdict']]} {VERDICTS[row['verdict']][language]}".strip()
        value = Cell(write(row["value"], row["unit"], language, reader.currency), interval(row, reader), _tone(row["verdict"]))
        target = Cell(write(row["target"], row["unit"], language, reader.currency), verdict)
        full = kpi_name(row["kpi"], language)
        name = Cell(full) if row["kpi"] in CATALOGUE else Cell("", full.partition(": ")[2])
        rows.append([name, value, cases(row, card, language), *earlier, target])
    header = [name[language] for name in BOARD]
    if frame["target"].isna().all():
        header, rows = header[:-1], [row[:-1] for row in rows]
    return grid(header, rows, align="lrrrrr"[: len(header)], frame=frame)


def breakdown(measured: Measurement, kpis: str | list[str], by: str, most: int = 24) -> Shown:
    """A line for each segment, a column for each KPI: the value, its interval drawn beside the department's value, and whether the segment
    differs from its peers. Of more than `most` segments, those that differ and those with most cases."""
    reader, language = measured.reader, measured.reader.language
    names = [kpis] if isinstance(kpis, str) else kpis
    for kpi in names:
        if kpi in CATALOGUE or not any(kpi.startswith(f"{name}_") for name in CATALOGUE):
            measured.check(kpi, by)
    if measured.is_empty:
        return nothing()
    parts = {kpi: part.set_index("segment") for kpi in names if len(part := measured.segments(kpi, by))}
    if not parts:
        return paragraph(why_not(measured, names, by), "lack")
    parts = _varying(parts)
    segments = list(dict.fromkeys(segment for part in parts.values() for segment in part.index))
    left = max(0, len(segments) - most)
    if left:
        segments = _weightiest(parts, segments, most)
    scales = {kpi: Scale.of([*part["value"], *part["low"], *part["high"]], from_zero=_from_zero(part)) for kpi, part in parts.items()}
    rows: list[list[Cell | str]] = []
    for segment in segments:
        cells = [
            _segment_cell(
                part.loc[segment],
                reader,
                scales[kpi],
                measured.value(kpi),
                NARROW if len(parts) > WIDE else BROAD,
                "" if len(parts) > WIDE else _few_amounts(measured, kpi, by, str(segment), part.loc[segment]),
            )
            if segment in part.index
            else ABSENT
            for kpi, part in parts.items()
        ]
        rows.append([segment_name(str(segment), language), *cells])
    header = [dimension_name(by, language), *(kpi_name(kpi, language) for kpi in parts)]
    return grid(
        header,
        rows,
        align="l" + "r" * len(parts),
        widths=["1.3fr" if len(parts) < 6 else "1.5fr", *("0.6fr" if _are_counts(part) else "1fr" for part in parts.values())],
        frame=pd.concat(parts.values()),
        note=" ".join(
            filter(
                None,
                (
                    reliability(measured, names, by),
                    MORE.format(n=write_number(left, language))[language] if left else "",
                ),
            )
        ),
    ).told(kind="table", name=f"breakdown {by}")


def _varying(parts: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Without the columns in which every segment has the same value, or most have none: a table is no place for them. One column
    always stays."""
    most = max((len(part["value"].dropna()) for part in parts.values()), default=0)
    kept = {
        kpi: part
        for kpi, part in parts.items()
        if len(part) < 2 or (len(set(part["value"].dropna())) > 1 and part["value"].notna().sum() * 2 >= most)
    }
    return kept or dict(list(parts.items())[:1])


def _weightiest(parts: dict[str, pd.DataFrame], segments: list[str], most: int) -> list[str]:
    """Segments that differ, then those with most cases, in the order in which they stood; what is not set is no segment of its own."""
    marked = {segment for part in parts.values() for segment in part.index[part["verdict"].isin(["better", "worse"])]}
    n = pd.concat([part["n"] for part in parts.values()]).groupby(level=0).max()
    chosen = sorted(segments, key=lambda segment: (segment not in marked, segment == UNSET, -float(n.get(segment, 0.0) or 0.0)))[:most]
    return [segment for segment in segments if segment in chosen]


def _from_zero(part: pd.DataFrame) -> bool:
    return str(part["unit"].iloc[0]) in ("count", "money")


def reliability(measured: Measurement, kpis: list[str], by: str) -> str:
    """Which part of the differences of a table of people is real, figure by figure, and whether an order can be told; '' for other tables."""
    language = measured.reader.language
    compared = measured.compared
    told = []
    for kpi in kpis:
        own = compared[(compared["kpi"] == kpi) & (compared["by"] == by) & compared["reliability"].notna()]
        if by in PEOPLE and len(own):
            grades = int(own["grades"].iloc[0])
            share = write_percent(float(own["reliability"].iloc[0]), language, 0)
            told.append((ORDERED if grades > 1 else NO_ORDER).format(name=kpi_name(kpi, language), x=share, n=grades)[language])
    return RELIABLE.format(list="; ".join(told))[language] if told else ""


def _are_counts(part: pd.DataFrame) -> bool:
    return bool((part["unit"] == "count").all())


def _few_amounts(measured: Measurement, kpi: str, by: str, segment: str, row: "pd.Series[float]") -> str:
    """Of fewer than ten amounts, the median in place of an interval: one large deal makes their mean."""
    if str(row["unit"]) != "money" or not pd.isna(row["low"]) or not 1 < row["n"] < FEW_AMOUNTS:
        return ""
    known = measured.segments(f"{kpi}_median", by)
    own = known[(known["segment"] == segment) & known["value"].notna()]
    if own.empty:
        return ""
    language = measured.reader.language
    value = write(own.iloc[0]["value"], "money", language, measured.reader.currency)
    return FEW_TOLD.format(x=value, n=write_number(row["n"], language))[language]


def _segment_cell(row: "pd.Series[float]", reader: Reader, scale: Scale, whole: float, width: float, beside: str = "") -> Cell:
    """A value with its mark; its interval is drawn on the column's own scale, the department's value dashed."""
    verdict, unit = str(row["verdict"]), str(row["unit"])
    mark = f" {MARKS[verdict]}" if verdict in ("better", "worse") else ""
    shown = tell(row["value"], unit, reader.language, reader.currency) + mark
    drawn = None
    if not pd.isna(row["low"]) and not pd.isna(row["high"]) and not undated_note(row, reader) and unit != "count":
        drawn = range_drawn(
            row["low"],
            row["value"],
            row["high"],
            scale,
            tone=_tone(verdict),
            rule=whole if unit != "money" else float("nan"),
            width=width,
            is_beside=width == BROAD,
        )
    return Cell(shown, beside or undated_note(row, reader), _tone(verdict), row["value"], drawn=drawn)


def _tone(verdict: str) -> str:
    return {"better": "good", "worse": "bad"}.get(verdict, "")


def why_not(measured: Measurement, names: list[str], by: str) -> str:
    """Why there is nothing to show, and what would bring it."""
    rows = measured.frame[measured.frame["kpi"].isin(names) & measured.frame["by"].isin(["", by]) & (measured.frame["reason"] != "")]
    language = measured.reader.language
    return NOTHING[language] if rows.empty else reason_text(str(rows.iloc[0]["reason"]), language).capitalize() + "."


def table(measured: Measurement, kpi: str) -> Shown:
    """A KPI of kind table: its segments with the columns it gives, shares with their intervals."""
    measured.check(kpi, kinds=("table",))
    reader, language = measured.reader, measured.reader.language
    if measured.is_empty:
        return nothing()
    frame = measured.tables.get(kpi)
    if frame is None or frame.empty:
        return paragraph(why_not(measured, [kpi], ""), "lack")
    shown = [column for column in COLUMNS if column in frame.columns]
    frame = frame[frame["by"] == frame["by"].iloc[0]]
    is_all_chance = "grade" in shown and len(frame) > 1 and not bool(frame["grade"].max() > frame["grade"].min())
    if is_all_chance:
        shown.remove("grade")
    if "best" in shown and not (frame["best"] >= FIRST).any():
        shown.remove("best")  # that nobody is likely to be the first, is said by the note
    rows: list[list[Cell | str]] = [
        [segment_name(str(row["segment"]), language), *(_table_cell(row, column, reader) for column in shown)]
        for _, row in frame.iterrows()
    ]
    header = [dimension_name(str(frame["by"].iloc[0]), language), *(COLUMNS[column][language] for column in shown)]
    board = grid(header, rows, align="l" + "r" * len(shown), frame=frame)
    if "grade" not in frame.columns or len(frame) < 2:
        return board
    return board + paragraph((ALL_CHANCE if is_all_chance else GRADES)[language], "note")


def _table_cell(row: "pd.Series[float]", column: str, reader: Reader) -> Cell:
    is_share = f"{column}_k" in row.index
    unit = "share" if is_share else UNITS.get(column, "count")
    shown = write(row[column], unit, reader.language, reader.currency)
    level = str(row.get(f"{column}_level", "")) if is_share else ""
    mark = {"above": " ▲", "below": " ▼"}.get(level, "")
    ends = ("low", "high") if column == "estimate" else (f"{column}_low", f"{column}_high")
    bounds = ""
    if set(ends) <= set(row.index):
        bounds = interval(pd.Series({"low": row[ends[0]], "high": row[ends[1]], "unit": unit}), reader)
    if is_share and not pd.isna(row[f"{column}_n"]):
        counts = f"{write_number(row[f'{column}_k'], reader.language)} / {write_number(row[f'{column}_n'], reader.language)}"
        bounds = f"{counts}; {bounds}" if bounds else counts
    return Cell(shown + mark, bounds, {"above": "good", "below": "bad"}.get(level, ""), row[column])
