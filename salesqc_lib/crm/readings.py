"""How people write times, numbers and flags: the format is found once per column, never guessed per cell."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from salesqc_lib.crm.currency_signs import bare
from salesqc_lib.crm.intake import literal
from salesqc_lib.crm.meanings import NO, YES, month_number
from salesqc_lib.errors import DataError
from salesqc_lib.tables import Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")
_WORDS = r"(?i)\s*(г\.|г$|года|uhr)"  # beside a date or a time: «01.04.2026 г.», «14:31 Uhr»
_DAYS = (
    "%d.%m.%Y",
    "%m.%d.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d-%m-%y",
    "%m-%d-%y",
    "%Y%m%d",
    "%d %b %Y",
    "%b %d, %Y",
    "%Y-%m",
    "%m.%Y",
)
SAMPLE = 1000  # distinct values that show which formats occur at all
_SHAPES = {"%d": r"\d{1,2}", "%m": r"\d{1,2}", "%Y": r"\d{4}", "%y": r"\d{2}", "%b": "[A-Za-z]{3}"}


@dataclass(frozen=True)
class Reading:
    """One way to read a column: `sql` takes `{x}`, a trimmed text, and gives a typed value or NULL.

    `shape` is how values of this format begin: what has another shape need not be tried.
    """

    name: str
    sql: str
    shape: str = ""

    def of(self, column: str) -> str:
        return self.sql.replace("{x}", column)


def _day_reading(day: str, zone: str, *, has_words: bool = False) -> Reading:
    formats = [f"{day}{gap}{clock}" for clock in _CLOCKS for gap in (" ", "T", ", ")] + [day]
    shape = re.sub("%[dmYyb]", lambda token: _SHAPES[token[0]], day.replace(".", r"\."))
    cell = f"regexp_replace({{x}}, {literal(_WORDS)}, '', 'g')" if has_words else "{x}"
    sql = f"timezone({literal(zone)}, try_strptime({cell}, [{', '.join(map(literal, formats))}]))"
    ends = r"(?!\d|[-./]\d)"  # «2026-09» is not how «2026-09-14» begins
    return Reading(f"{day} …", sql, rf"{shape}{ends}.*(г\.?|года|[Uu]hr)$") if has_words else Reading(day, sql, rf"{shape}{ends}")


def _time_readings(zone: str) -> list[Reading]:
    # DuckDB reads an ISO text without an offset in the session's time zone, which is the client's
    iso = Reading(
        "ISO",
        r"CASE WHEN regexp_matches({x}, '^\d{4}-\d{2}-\d{2}') THEN TRY_CAST(regexp_replace({x}, ' ?UTC$', '+00') AS TIMESTAMPTZ) END",
        r"\d{4}-\d{2}-\d{2}",
    )
    serial = Reading(
        "Excel serial",
        rf"CASE WHEN regexp_matches({{x}}, '^[2-6]\d{{4}}([.,]\d+)?$') THEN timezone({literal(zone)}, TIMESTAMP '1899-12-30' + to_seconds(round(replace({{x}}, ',', '.')::DOUBLE * 86400)::BIGINT)) END",
        r"[2-6]\d{4}([.,]|$)",
    )
    unix = Reading("Unix seconds", r"CASE WHEN regexp_matches({x}, '^1\d{9}$') THEN to_timestamp({x}::BIGINT) END", r"1\d{9}$")
    milliseconds = Reading(
        "Unix milliseconds", r"CASE WHEN regexp_matches({x}, '^1\d{12}$') THEN to_timestamp({x}::BIGINT / 1000.0) END", r"1\d{12}$"
    )
    plain, with_words = ([_day_reading(day, zone, has_words=words) for day in _DAYS] for words in (False, True))
    return [iso, *plain, *with_words, _named_months(zone), serial, unix, milliseconds]


def _named_months(zone: str) -> Reading:
    """«2 сентября 2026 г., 18:37», «01-Apr-26», «Sep 2, 2026 6:37 PM», «12. März 2026», with or without a weekday before."""
    day = r"coalesce(nullif(regexp_extract({x}, '(^|[^\d:])(\d{1,2})(st|nd|rd|th)?[-.,\s/]+(of )?\p{L}{3}', 2), ''), nullif(regexp_extract({x}, '\p{L}{3}[\p{L}.]*[-\s]+(\d{1,2})(st|nd|rd|th)?(\D|$)', 1), ''))"
    year = r"coalesce(nullif(regexp_extract({x}, '(^|\D)(20\d\d|19\d\d)(\D|$)', 2), ''), '20' || nullif(regexp_extract({x}, '\p{L}[-.\s/,''’]+(\d\d)(\s|,|$)', 1), ''))"
    clock = r"regexp_extract({x}, '\d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?')"
    text = f"concat_ws(' ', {year} || '-' || {month_number('{x}')} || '-' || {day}, nullif({clock}, ''))"
    formats = ", ".join(literal(f"%Y-%m-%d{gap}") for gap in ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p"))
    sql = rf"CASE WHEN regexp_matches({{x}}, '\p{{L}}{{3}}') THEN timezone({literal(zone)}, try_strptime({text}, [{formats}])) END"
    return Reading("month names", sql, r"(\D{0,12}\d{1,2}(st|nd|rd|th)?[-.,\s/]+(of )?[^\W\d_]{3}|[^\W\d_]{3,}[.,]?[\s-]+\d{1,2})")


def _number_readings(column: str) -> list[Reading]:
    digits = bare("{x}")
    point = Reading(
        ".",
        rf"CASE WHEN regexp_matches({digits}, '^[-−]?(\d{{1,3}}(,\d{{3}})+|\d+)?(\.\d+)?([eE][-+]?\d+)?$') THEN TRY_CAST(replace(replace({digits}, ',', ''), '−', '-') AS DOUBLE) END",
    )
    comma = Reading(
        ",",
        rf"CASE WHEN regexp_matches({digits}, '^[-−]?(\d{{1,3}}(\.\d{{3}})+|\d+)?(,\d+)?$') THEN TRY_CAST(replace(replace(replace({digits}, '.', ''), ',', '.'), '−', '-') AS DOUBLE) END",
    )
    if not column.endswith("_s"):
        return [point, comma]
    clock = Reading(
        "h:mm:ss",
        r"CASE WHEN regexp_matches({x}, '^\d+(:\d{2}){1,2}$') THEN list_reduce(list_transform(string_split({x}, ':'), lambda part: part::DOUBLE), lambda a, b: a * 60 + b) END",
    )
    return [point, comma, clock]


def _flag_reading() -> Reading:
    yes, no = (", ".join(map(literal, words)) for words in (YES, NO))
    return Reading("yes/no", f"CASE WHEN lower({{x}}) IN ({yes}) THEN true WHEN lower({{x}}) IN ({no}) THEN false END")


def reading_for(
    con: "DuckDBPyConnection", table: str, source: str, column: str, kind: Kind, zone: str, *, given: str | None = None, where: str = ""
) -> Reading:
    """The one format in which most values of a text column can be read.

    `source` is an SQL expression for the trimmed text, NULL where empty; `given` is the format the parameters name.

    Raises
    ------
    DataError
        No value can be read in any known format, or two formats read the column equally well and differently.
    """
    if kind is Kind.NUMBER and given is None:
        _refuse_mixed_decimals(con, table, source, column, where)
    if kind is Kind.FLAG:
        readings = [_flag_reading()]
    elif kind is Kind.NUMBER:
        readings = [reading for reading in _number_readings(column) if given in (None, reading.name)]
    elif given:
        readings = [one for one in _time_readings(zone) if one.name == given] or [_given_format(given, zone)]
    else:
        readings = _time_readings(zone)
    sample = [row[0] for row in con.execute(f"SELECT DISTINCT {source} FROM {table} WHERE {source} IS NOT NULL LIMIT {SAMPLE}").fetchall()]
    if not sample:
        return readings[0]
    readings = [reading for reading in readings if any(map(re.compile(reading.shape).match, sample))]
    hits = _hits(con, table, source, readings) if readings else (0,)
    best = max(hits)
    if best == 0:
        examples = ", ".join(f"«{value[:40]}»" for value in sorted(sample)[:3])
        what = {Kind.NUMBER: "a number", Kind.FLAG: "yes or no"}.get(kind, "a date")
        raise DataError(
            f"no value of {column} can be read as {what}: {examples}",
            where=where,
            cure="is the right column mapped?"
            + (" A date's form can be given as {column: …, format: '%d/%m/%Y'}" if what == "a date" else ""),
        )
    equal = [reading for reading, hit in zip(readings, hits, strict=True) if hit == best]
    return equal[0] if len(equal) == 1 else _settle(con, table, source, column, equal, where)


def _refuse_mixed_decimals(con: "DuckDBPyConnection", table: str, source: str, column: str, where: str) -> None:
    """A column in which some numbers can only be read with a decimal point and others only with a comma has two authors."""
    point, comma = (reading.of("x") for reading in _number_readings("")[:2])
    values = f"SELECT DISTINCT {source} AS x FROM {table} WHERE {source} IS NOT NULL"
    read = f"SELECT x, {point} IS NOT NULL AS by_point, {comma} IS NOT NULL AS by_comma FROM ({values})"
    found = con.execute(
        f"SELECT min(x) FILTER (by_point AND NOT by_comma), min(x) FILTER (by_comma AND NOT by_point) FROM ({read})"
    ).fetchall()[0]
    if all(found):
        raise DataError(
            f"{column} has numbers with a decimal point and numbers with a decimal comma: «{found[0]}» and «{found[1]}»",
            where=where,
            cure=f"export the column in one way, or say which counts: {column}: {{column: …, decimal: '.'}}; the others are then set aside",
        )


def _hits(con: "DuckDBPyConnection", table: str, source: str, readings: list[Reading]) -> tuple[int, ...]:
    """How many of the column's distinct values each format reads; of a single one only whether it reads any."""
    if len(readings) == 1:
        any_read = f"SELECT 1 FROM {table} WHERE {readings[0].of(source)} IS NOT NULL LIMIT 1"
        return (len(con.execute(any_read).fetchall()),)
    counts = ", ".join(f"count({reading.of('x')})" for reading in readings)
    return tuple(con.execute(f"SELECT {counts} FROM (SELECT DISTINCT {source} AS x FROM {table} WHERE {source} IS NOT NULL)").fetchall()[0])


def _settle(con: "DuckDBPyConnection", table: str, source: str, column: str, equal: list[Reading], where: str) -> Reading:
    """Of formats that fit equally well, the first, if they agree on every value or custom decides; else an error."""
    first = equal[0]
    for other in equal[1:]:
        if first.name == "%d.%m.%Y" and other.name == "%m.%d.%Y":
            continue  # dates with dots are written day first wherever they are written
        sql = f"SELECT any_value(x) FROM (SELECT {source} AS x FROM {table}) WHERE {first.of('x')} IS DISTINCT FROM {other.of('x')}"
        example = con.execute(sql).fetchall()[0][0]
        if example is not None:
            option = "decimal" if first.name in ".," else "format"
            raise DataError(
                f"{column} can be read in two ways, {first.name} or {other.name}, and they differ: «{example}»",
                where=where,
                cure=f"say which: {column}: {{column: …, {option}: '{first.name}'}}",
            )
    return first


def _given_format(given: str, zone: str) -> Reading:
    return Reading(given, f"timezone({literal(zone)}, try_strptime({{x}}, {literal(given)}))")


def day_orders(con: "DuckDBPyConnection", table: str, source: str) -> tuple[str, str]:
    """For a column of dates that can be read in two ways: the form with the day first, and the one with the month first."""
    sample = [row[0] for row in con.execute(f"SELECT DISTINCT {source} FROM {table} WHERE {source} IS NOT NULL LIMIT {SAMPLE}").fetchall()]
    found = [
        day
        for day in _DAYS
        if any(
            re.match(re.sub("%[dmYyb]", lambda token: _SHAPES[token[0]], day.replace(".", r"\.")) + r"(?!\d)", value) for value in sample
        )
    ]
    day_first = next((day for day in found if day.startswith("%d")), _DAYS[0])
    return day_first, next((day for day in found if day.startswith("%m")), day_first)
