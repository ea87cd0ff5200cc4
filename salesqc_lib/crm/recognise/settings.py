"""Currency, time zone, language and calendar: what the data tell of them, and how sure that is."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from salesqc_lib.crm.currency_signs import CODES, SIGNS
from salesqc_lib.crm.meanings import plain
from salesqc_lib.crm.recognise.table import GUESS, LIKELY, SURE, Recognised

# the zone and country of most who sell in a currency
_PLACES = {
    "RUB": ("Europe/Moscow", "RU"), "KZT": ("Asia/Almaty", "KZ"), "BYN": ("Europe/Minsk", "BY"), "UAH": ("Europe/Kyiv", "UA"), "UZS": ("Asia/Tashkent", "UZ"),
    "GEL": ("Asia/Tbilisi", "GE"), "AMD": ("Asia/Yerevan", "AM"), "AZN": ("Asia/Baku", "AZ"), "KGS": ("Asia/Bishkek", "KG"), "EUR": ("Europe/Berlin", "DE"),
    "GBP": ("Europe/London", "GB"), "USD": ("America/New_York", "US"), "CHF": ("Europe/Zurich", "CH"), "PLN": ("Europe/Warsaw", "PL"), "CZK": ("Europe/Prague", "CZ"),
    "TRY": ("Europe/Istanbul", "TR"), "AED": ("Asia/Dubai", "AE"), "ILS": ("Asia/Jerusalem", "IL"), "INR": ("Asia/Kolkata", "IN"), "CAD": ("America/Toronto", "CA"),
    "AUD": ("Australia/Sydney", "AU"), "SEK": ("Europe/Stockholm", "SE"), "NOK": ("Europe/Oslo", "NO"), "DKK": ("Europe/Copenhagen", "DK"),
}  # fmt: skip
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})$")
_BY_OFFSET = {
    3: "Europe/Moscow",
    4: "Europe/Samara",
    5: "Asia/Yekaterinburg",
    6: "Asia/Omsk",
    7: "Asia/Novosibirsk",
    8: "Asia/Irkutsk",
    9: "Asia/Yakutsk",
    10: "Asia/Vladivostok",
}


@dataclass
class Setting:
    """A value, and how sure it is."""

    value: str
    sure: str


def language(tables: Iterable[Recognised]) -> str:
    """Russian where what people wrote (stages, channels, names; else the headers) is mostly Cyrillic, else English."""
    known = list(tables)
    written = [
        value
        for one in known
        for column in ("stage", "manager", "channel", "loss_reason", "product")
        if (looked := one.looked(column))
        for value, _ in looked.common
    ]
    for texts in (written, [column.name for one in known for column in one.sheet.columns.values()]):
        letters = Counter("ru" if re.search("[а-яё]", text.lower()) else "en" for text in texts if re.search(r"[^\W\d_]", text))
        if letters.total() >= 2 or texts is not written:
            break
    return "ru" if letters["ru"] > letters["en"] * 0.5 else "en"


def currency(tables: Iterable[Recognised], report_language: str) -> Setting:
    """The most frequent currency of the deals' column, cells or header; else the one of the language, as a guess."""
    for one in tables:
        column, amount = one.looked("currency"), one.looked("amount")
        votes: Counter[str] = Counter()
        for value, count in column.common if column else ():
            if code := code_of(value):
                votes[code] += count
        if not votes and amount:
            if code := code_of(re.sub(r"^.*[,(\[]", "", amount.name)) or code_of(amount.name):
                votes[code] += 1
            for value in amount.sample:
                if re.search(r"[^\d\s.,()+-]", value) and (code := code_of(value)):
                    votes[code] += 1
        if votes:
            return Setting(votes.most_common(1)[0][0], SURE)
    german = any(
        re.search(r"\b(betrag|summe|datum|kunde|auftrag|umsatz|verkäufer|phase|status|erstellt)", plain(column.name))
        and "ä" in "".join(one.sheet.columns).lower()
        for one in tables
        for column in one.sheet.columns.values()
    )
    return Setting({"ru": "RUB"}.get(report_language, "EUR" if german else "USD"), GUESS)


def code_of(text: str) -> str:
    """The currency that a text names; '' where it names none.

    >>> code_of("Российский рубль"), code_of("€ 900"), code_of("USD"), code_of("Сумма")
    ('RUB', 'EUR', 'USD', '')
    """
    found = [code for code in CODES if re.search(rf"(?<![A-Za-z]){code}(?![A-Za-z])", text)]
    if not found:
        found = [code for sign, code in SIGNS.items() if re.search(sign, text, re.IGNORECASE)]
    return {"RUR": "RUB"}.get(found[0], found[0]) if found else ""


def zone(tables: Iterable[Recognised], code: str, report_language: str) -> Setting:
    """The zone that offsets in the times tell of; else that of the currency, as a guess."""
    offsets: Counter[int] = Counter()
    for one in tables:
        for column in one.mapped:
            looked = one.looked(column)
            if looked and looked.is_date:
                for value in looked.sample:
                    if (found := _OFFSET.search(value)) and "T" in value:
                        offsets[int(found[1] + found[2])] += 1
    usual = _PLACES.get(code, ("UTC", ""))[0]
    if report_language == "ru" and code in ("USD", "EUR"):
        usual = "Europe/Moscow"
    if offsets:
        hours = {offset for offset, _ in offsets.most_common(2)}
        if usual != "UTC" and _has_offsets(usual, hours):
            return Setting(usual, LIKELY)
        most = offsets.most_common(1)[0][0]
        if most and len(hours) == 1:
            return Setting(_BY_OFFSET[most] if report_language == "ru" and most in _BY_OFFSET else f"Etc/GMT{-most:+d}", LIKELY)
    return Setting(usual, GUESS)


def _has_offsets(name: str, hours: set[int]) -> bool:
    """Whether a zone has these hours before UTC in winter or summer."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    own = {int(datetime(2026, month, 1, tzinfo=ZoneInfo(name)).utcoffset().total_seconds() // 3600) for month in (1, 7)}  # type: ignore[union-attr]
    return hours <= own


def country(code: str) -> str:
    """The country whose public holidays count, by the currency; '' where it has several or none."""
    return "" if code == "EUR" else _PLACES.get(code, ("", ""))[1]
