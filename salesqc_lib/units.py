"""Units of measurement, and how a number in them is written for a reader."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from salesqc_lib.words import Language, Text

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
ABSENT = "—"


@dataclass(frozen=True)
class Unit:
    """A unit: its id in `kpis.csv` and its name on an axis. Values are kept in base units (shares 0–1, seconds, money)."""

    id: str
    name: Text


COUNT = Unit("count", Text("штук", "count"))
PERCENT = Unit("share", Text("доля, %", "share, %"))
MONEY = Unit("money", Text("деньги", "money"))
DURATION = Unit("seconds", Text("время", "time"))
RATIO = Unit("ratio", Text("отношение", "ratio"))
SCORE = Unit("score", Text("баллы", "score"))
PER_1000 = Unit("per_1000", Text("на 1000", "per 1000"))
UNITS = {unit.id: unit for unit in (COUNT, PERCENT, MONEY, DURATION, RATIO, SCORE, PER_1000)}

_SECONDS = {
    "ru": ((DAY, "д"), (HOUR, "ч"), (MINUTE, "мин"), (1.0, "с")),
    "en": ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (1.0, "s")),
}


@lru_cache(maxsize=8)
def _locale(language: Language) -> Any:
    from babel import Locale

    return Locale("ru", "RU") if language == "ru" else Locale("en", "US")


def write_number(value: float, language: Language, decimals: int = 0) -> str:
    """A plain number with the language's separators: «10 005 534», «2,361.4»."""
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    # as people round: a half goes up, judged by the number as it is written
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return str(format_decimal(rounded + 0, format=pattern, locale=_locale(language)))


def write_percent(value: float, language: Language, decimals: int = 1) -> str:
    """A share as a percentage: 0.6315 → «63,2 %», «63.2%»."""
    return write_number(float(Decimal(repr(float(value))) * 100), language, decimals) + ("\u00a0%" if language == "ru" else "%")


def write_money(value: float, language: Language, currency: str) -> str:
    """Money without fractions where it is large: «1 153 214 ₽», «$2,361»."""
    from babel.numbers import format_currency

    digits = 0 if abs(value) >= 100 or value == 0 else 2
    number = "#,##0" + (".00" if digits else "")
    pattern = number + "\u00a0¤" if language == "ru" else _sign(currency) + number
    return str(format_currency(value, currency, format=pattern, locale=_locale(language), currency_digits=False))


def write_money_short(value: float, language: Language, currency: str) -> str:
    """Money as one says it: «2,9 млн ₽», «£2.9M», «RUB 120K»; two figures that count, three from a hundred on."""
    from babel.numbers import format_compact_currency, format_compact_decimal

    value = round(value) if abs(value) < 1000 else value  # below a thousand the locale would print every digit
    size = len(str(int(abs(value)))) - 1  # as a power of ten
    digits = 1 if abs(value) >= 1000 and size % 3 == 0 else 0
    if not currency:
        return str(format_compact_decimal(value, locale=_locale(language), fraction_digits=digits))
    short = str(format_compact_currency(value, currency, locale=_locale(language), fraction_digits=digits))
    return short.replace(currency, f"{currency}\u00a0", 1) if language == "en" and currency in short else short


def _sign(currency: str) -> str:
    """The place of an English currency sign: letters stand apart from the figures, as in «RUB 1,200»."""
    from babel.numbers import get_currency_symbol

    return "¤\u00a0" if get_currency_symbol(currency, locale=_locale("en")) == currency else "¤"


def write_duration(seconds: float, language: Language) -> str:
    """A time in the unit a person would use, one decimal below ten: «51,8 д», «2.4 h», «45 min»."""
    sign, size = ("−" if seconds < 0 else ""), abs(seconds)
    for length, name in _SECONDS[language]:
        if size >= length or length == 1.0:
            amount = size / length
            return f"{sign}{write_number(amount, language, 1 if amount < 100 and length > MINUTE else 0)}\u00a0{name}"
    raise AssertionError("unreachable: the last unit takes every size")


def write_in(value: float, length: float, language: Language) -> str:
    """A number of units of a time, such as the ticks of an axis: `length` is one of a day, an hour, a minute, a second."""
    name = next(name for size, name in _SECONDS[language] if size == length)
    return f"{write_number(value, language, 0 if value == round(value) else 1)}\u00a0{name}"


def write(value: float | None, unit: str, language: Language, currency: str = "") -> str:
    """Any measurement as text; a missing one is a dash, never 0."""
    if value is None or value != value:
        return ABSENT
    match unit:
        case "share":
            return write_percent(value, language)
        case "money":
            return write_money(value, language, currency) if currency else write_number(value, language)
        case "seconds":
            return write_duration(value, language)
        case "ratio":
            return write_number(value, language, 2)
        case "score" | "per_1000":
            return write_number(value, language, 1)
        case _:
            return write_number(value, language)


def tell(value: float | None, unit: str, language: Language, currency: str = "") -> str:
    """A measurement as one says it in a sentence, a title or a tile: whole per cent from ten on, money in three figures at most, a time
    in hours up to three days: «18 %», «3,4 %», «32,5 млн ₽», «61 ч»."""
    if value is None or value != value:
        return ABSENT
    if unit == "share":
        return write_percent(value, language, 0 if abs(value) >= 0.095 or abs(value * 100 - round(value * 100)) < 0.05 else 1)
    if unit == "money":
        return write_money_said(value, language, currency)
    if unit == "seconds" and DAY <= abs(value) < 3 * DAY:
        return write_in(float(round(value / HOUR)), HOUR, language)
    if unit == "ratio":
        return write_number(value, language, 1 if abs(value) < 10 else 0)
    return write(value, unit, language, currency)


def write_money_said(value: float, language: Language, currency: str) -> str:
    """Money in no more than three figures: «32,5 млн ₽», «£597K», «9 040 ₽» as «9 тыс. ₽» only where it is whole thousands."""
    from babel.numbers import format_compact_currency, format_compact_decimal

    if abs(value) < 1000:
        return write_money_short(value, language, currency)
    power = len(str(int(abs(value)))) - 1
    rounded = round(value / 10 ** (power - 2)) * 10 ** (power - 2)
    digits = 2 - power % 3
    scaled = rounded / 10 ** (power - power % 3)
    while digits and abs(scaled - round(scaled, digits - 1)) < 10 ** -(digits + 3):
        digits -= 1
    if not currency:
        return str(format_compact_decimal(rounded, locale=_locale(language), fraction_digits=digits))
    short = str(format_compact_currency(rounded, currency, locale=_locale(language), fraction_digits=digits))
    return short.replace(currency, f"{currency}\u00a0", 1) if language == "en" and currency in short else short


def tell_interval(low: float, high: float, unit: str, language: Language, currency: str = "") -> str:
    """Both ends of an interval as one says them: «15–21 %», «440–960 тыс. ₽»."""
    if unit == "share" and low == low and high == high:
        low, high = (float(round(end, 2)) if high >= 0.095 else end for end in (low, high))
        ends = [write_percent(end, language, 0 if high >= 0.095 else 1) for end in (low, high)]
        if ends[0] == ends[1]:
            return ends[0]
        return f"{ends[0].rstrip('%').rstrip(chr(160))}–{ends[1]}" if low >= 0 else " – ".join(ends)
    return write_interval(low, high, unit, language, currency)


def write_interval(low: float, high: float, unit: str, language: Language, currency: str = "") -> str:
    """Both ends of an interval, their unit once: «45,7–54,3 %», «38 мин – 2,1 ч», «212–421 тыс. ₽»; an open end is «…»."""
    if unit == "money":
        ends = [ABSENT if end != end else write_money_short(end, language, currency) for end in (low, high)]
    else:
        ends = [write(end, unit, language, currency) for end in (low, high)]
    if ends[0] == ends[1]:
        return ends[0]
    if ABSENT in ends:
        return " – ".join("…" if end == ABSENT else end for end in ends)
    tails = [end.lstrip("-−0123456789.,\u00a0") for end in ends]
    if min(low, high) < 0 or tails[0] != tails[1] or not ends[0][0].isdigit():
        return " – ".join(end.replace("-", "−", 1) if end.startswith("-") else end for end in ends)
    return f"{ends[0].removesuffix(tails[0]).rstrip()}–{ends[1]}"
