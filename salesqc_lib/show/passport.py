"""The passport of an audit: what it stands on, how far the data can be trusted, and which questions they cannot answer."""

from collections.abc import Sequence

from salesqc_lib.dataset import Dataset
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.blocks import Tile, tiles
from salesqc_lib.show.forms.shown import Cell, Shown, bullets, grid, nothing, paragraph
from salesqc_lib.show.pages import TABLE_NAMES, Audited, export_moment, rows_rejected
from salesqc_lib.show.words.labels import column_name, kpi_name, reason_text
from salesqc_lib.show.words.prose import rows_read
from salesqc_lib.units import write, write_number
from salesqc_lib.warnings import Warned, graded, gravest_first
from salesqc_lib.words import Language, Text

SOURCES = {
    "amocrm_export": Text("amoCRM, выгрузка списка сделок", "amoCRM, export of the list of deals"), "tables": Text("файлы с таблицами", "files of tables"),
    "spark": Text("таблицы Spark", "tables of Spark"),
}  # fmt: skip
PARTS = {
    "undated": Text("без даты", "undated"), "non_target": Text("нецелевые", "non-target"), "excluded": Text("исключены параметрами", "left out by the parameters"),
    "duplicate": Text("дубли", "duplicates"), "repeated": Text("повторы строк", "repeated rows"), "replaced": Text("заменены новой выгрузкой", "replaced by a newer export"),
    "future": Text("в будущем", "in the future"), "by_closing": Text("по дате закрытия, а не договора", "by the closing date, not the contract's"),
    "zone": Text("часовой пояс (UTC)", "time zone (UTC)"), "empty": Text("без обязательного поля", "without a required field"), "unreadable": Text("не прочитаны", "not readable"),
}  # fmt: skip
WEIGHTS = {"grave": Text("серьёзно", "grave"), "doubt": Text("сомнение", "doubt"), "note": Text("к сведению", "note")}
GRADES = (("A", 0.9, 0.99), ("B", 0.7, 0.95))  # share of measures given, share of rows read
WEEKDAYS = {
    "mon": Text("пн", "Mon"), "tue": Text("вт", "Tue"), "wed": Text("ср", "Wed"), "thu": Text("чт", "Thu"), "fri": Text("пт", "Fri"),
    "sat": Text("сб", "Sat"), "sun": Text("вс", "Sun"),
}  # fmt: skip


def passport(audit: Audited) -> Shown:
    """What the audit stands on: the period, the export, the calendar, and how far the data can be trusted."""
    language, parameters, measured = audit.language, audit.parameters, audit.measured
    given, every = measures_given(measured)
    rejected = rows_rejected(audit.dataset)
    rows = sum(audit.dataset.rows.values()) + rejected
    grade = trust_in(audit.dataset, measured, audit.warned)
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
            f"{export_moment(audit)}, {parameters.report.timezone} ({origin(audit.dataset.as_of_origin, language)})",
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
        "A — посчитано не меньше 90 % показателей, прочитано не меньше 99 % строк, и сомнений в данных нет; B — 70 % и 95 %, есть сомнения; C — меньше, или сомнение касается главных чисел.",
        "A: at least 90% of the measures are given, 99% of the rows read, and nothing is in doubt; B: 70% and 95%, some doubts; C: less, or a doubt touches the main figures.",
    )
    return tiles(state) + paragraph(rule[language], "note") + grid(header, lines, align="ll", widths=["1fr", "2.4fr"])


def measures_given(measured: Measurement) -> tuple[int, int]:
    """How many KPIs of the catalogue have a value for the whole department, and how many there are."""
    total = measured.frame[(measured.frame["by"] == "") & measured.frame["value"].notna()]
    return len((set(total["kpi"]) | set(measured.tables)) & set(CATALOGUE)), len(CATALOGUE)


def trust_in(dataset: Dataset, measured: Measurement, warned: Sequence[Warned]) -> str:
    """The grade of trust in a client's data."""
    given, every = measures_given(measured)
    rejected = rows_rejected(dataset)
    rows = sum(dataset.rows.values()) + rejected
    return trust(given / every, 1 - rejected / rows if rows else 0.0, warned)


def trust(answered: float, read: float, warned: Sequence[Warned]) -> str:
    """The grade of trust: by the share of measures given and of rows read, lowered by a doubt to B, by a grave one to C."""
    letter = next((letter for letter, measures, rows in GRADES if answered >= measures and read >= rows), "C")
    most = "C" if graded(warned, "grave") else "B" if graded(warned, "doubt") else "A"
    return max(letter, most)


def origin(name: str, language: Language) -> str:
    """Where the moment of the export comes from."""
    if name == "source.as_of":
        return Text("задан в параметрах", "given by the parameters")[language]
    return Text("последнее событие: {x}", "the latest event: {x}").format(x=column_name(name, language))[language]


def doubts(audit: Audited, *, with_cure: bool = True) -> Shown:
    """Every doubt about the data: what was seen and where, what it changes, and (for whoever prepares the data) what to do."""
    language, currency = audit.language, audit.parameters.report.currency
    if not audit.warned:
        return paragraph(Text("Сомнений в данных нет.", "Nothing is in doubt.")[language], "note")
    tones = {"grave": "bad", "doubt": "warn", "note": "quiet"}
    rows: list[list[Cell | str]] = [
        [
            Cell(one.code, WEIGHTS[one.kind.weight][language], tones[one.kind.weight]),
            Cell(one.seen(language, currency, column_name), one.where(language, column_name)),
            Cell(one.changes(language, currency, column_name), "→ " + one.do(language, currency, column_name) if with_cure else ""),
        ]
        for one in gravest_first(audit.warned)
    ]
    header = [
        Text("Код", "Code")[language],
        Text("Что видно", "What was seen")[language],
        (Text("Что это меняет и что делать", "What it changes, what to do") if with_cure else Text("Что это меняет", "What it changes"))[
            language
        ],
    ]
    return grid(header, rows, align="lll", widths=["auto", "1fr", "1.2fr"])


def grave_doubts(audit: Audited) -> Shown:
    """The doubts that could change a headline, in one sentence each: they stand on the first page too."""
    language, currency = audit.language, audit.parameters.report.currency
    lines = [
        f"{one.code}. {one.seen(language, currency, column_name)}. {one.changes(language, currency, column_name)}."
        for one in graded(audit.warned, "grave")
    ]
    if not lines:
        return nothing()
    head = Text("Сначала о данных: это может изменить главные числа", "First, about the data: this could change the main figures")
    return paragraph(head[language], "subhead") + bullets(lines)


def totals_checked(audit: Audited) -> Shown:
    """The client's own totals beside ours, and the parts of the difference."""
    language, reader = audit.language, audit.measured.reader
    if not audit.checked:
        return nothing()
    rows: list[list[Cell | str]] = []
    for one in audit.checked:
        unit = "money" if one.name == "revenue" else "count"
        theirs, ours, apart = (write(value, unit, language, reader.currency) for value in (one.theirs, one.ours, one.difference))
        parts = [f"{PARTS[name][language]} {write(size, unit, language, reader.currency)}" for name, size in one.explained.items()]
        if not one.is_alike and abs(one.unexplained) > 0.5:
            parts.append(
                Text("не объяснено {x}", "unexplained {x}").format(x=write(one.unexplained, unit, language, reader.currency))[language]
            )
        told = Text("сходится", "they agree")[language] if one.is_alike else "; ".join(parts)
        rows.append(
            [
                Cell(kpi_name(one.name, language), one.period.name(language)),
                theirs,
                ours,
                Cell(apart, tone="" if one.is_alike else "bad"),
                told,
            ]
        )
    header = [
        text[language]
        for text in (
            Text("Показатель", "Measure"),
            Text("В CRM клиента", "The client's CRM"),
            Text("У нас", "Ours"),
            Text("Разница", "Difference"),
            Text("Из чего", "Its parts"),
        )
    ]
    return grid(header, rows, align="lrrrl", widths=["1fr", "auto", "auto", "auto", "1.6fr"])


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
    return totals_checked(audit) + doubts(audit) + read + missing(audit)


def missing(audit: Audited) -> Shown:
    """What could not be measured, and what would bring it."""
    measured, language = audit.measured, audit.language
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
