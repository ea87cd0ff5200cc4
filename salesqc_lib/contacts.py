"""Phones, e-mails and messengers' handles in the texts of a CRM: found in all their spellings, and left out of what a report shows."""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

SHOWN = "…"  # what stands in place of a contact

_AT = r"(?:@|%40|&#64;|&commat;|[(\[{<]\s*(?:at|собака|собачка|sobaka|@)\s*[)\]}>])"
_DOT = r"(?:\.|[(\[{<]\s*(?:dot|точка|punkt|\.)\s*[)\]}>])"
_WORDED = r"[\w.+-]+ (?:(?:at|собака) [\w-]+(?: (?:dot|точка) [\w-]+)+|(?:собака|собачка) [\w-]+(?:\.[\w-]+)+)"
EMAIL = re.compile(
    rf"(?:mailto:)?(?P<local>\"[^\"\n]{{1,64}}\"|[\w.+'’-]+)\s*{_AT}\s*(?:[\w-]+(?:\s?{_DOT}\s?[\w-]+)*\s?{_DOT}\s?[^\W\d_][\w-]+|\[[\d.:a-f]+\])|{_WORDED}",
    re.IGNORECASE,
)
_SITES = r"(?:t|telegram)\.me|telegram\.dog|wa\.me|(?:api\.)?whatsapp\.com|(?:m\.)?vk\.(?:com|me|ru)|ok\.ru|instagram\.com|instagr\.am|ig\.me|(?:m\.)?facebook\.com|fb\.(?:com|me)|m\.me|viber\.(?:me|click)|linkedin\.com/in|(?:x|twitter)\.com|discord\.gg|line\.me|threads\.net|xing\.com/profile|tiktok\.com|telegram\.org|max\.ru"  # fmt: skip
_APPS = r"telegram\w*|телеграм\w*|tg|тг|телега|skype|скайп\w*|whats\s?app|ватсап\w*|вацап\w*|wa|viber|вайбер\w*|icq|аська|discord|signal|wechat|вичат|instagram|insta|инстаграм\w*|инста|vk|вк|facebook"  # fmt: skip
HANDLE = re.compile(
    rf"(?:https?://)?(?:www\.)?(?:{_SITES})\s?/\s?[@+\w][\w.@+/?=&%~-]*"  # an address of a page
    r"|(?:tg|viber|whatsapp|skype|callto|tel|sms)://?[^\s,;]+|(?:skype|callto|tel|sms|tg):[@+\w][\w.@+?=&-]{3,}"
    rf"|(?<!\w)(?:{_APPS})\s*[:=—–-]?\s*@[\w.-]{{3,}}"
    r"|(?<!\w)(?:тг|tg|телега|телеграм|telegram|skype|скайп|discord|wechat)\s+(?=[\w.-]*[a-z])(?=[\w.-]*[\d_.])[a-z\d][\w.#-]{3,}"  # «skype anna.b1»
    r"|(?<!\w)(?:icq|аська)\s*[:№#]?\s*\d{5,10}(?!\d)|(?<!\w)(?:tg|тг|телега)\s*:\s*[a-z][\w.]{3,}"
    rf"|(?<!\w)(?:{_APPS})\s*[:=]\s*(?:live:)?[a-z0-9][\w.-]*[\d_][\w.-]*"  # «skype: anna.b1»: a word alone may be a channel of advertising
    r"|(?<![\w.@/])@(?P<name>[a-z]\w{4,31})(?![\w@])",
    re.IGNORECASE,
)
# numbers that no plan of numbering knows: written with +, with brackets, or in the groups of a phone
PHONE = re.compile(
    r"(?<![\w+])(?:\+\d[\d\s().-]{8,}\d|[78][\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}|\(\d{3}\)\s*\d{3}[\s-]\d{4}|\d{3}-\d{3}-\d{4})(?!\w)"
)
_NAMED = re.compile(
    r"(?<!\w)((?:тел|телефон\w*|т|сот|сотовый|моб|мобильн\w+|phone|tel|mob|mobile|cell|fax|факс)\.?\s*(?:для связи\s*)?(?:№|#|no\.?|:|-)?\s*)"
    r"(?!\d{1,3}(?:[ .]\d{3})+(?![\d-]))(\+?\d[\d\s().-]{4,}\d)(?![\s.,()-]*\d)(?!\s*(?:руб|р\b|₽|€|\$|%|шт|eur|usd|тыс|млн))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(  # what stands before the number of something else
    r"(?:\b(?:nr|po|id|inv\w*|order|invoice|deal|ticket|sku|account|acct|budget|ean|iban|sap|konto|auftrag\w*|rechnung\w*|angebot\w*|bestellung\w*|lieferschein|\w*nr|инн|огрн\w*|кпп|снилс|бик"
    r"|договор\w*|заказ\w*|заявк\w*|сделк\w*|лид\w*|сч[её]т\w*|накладн\w*|сдэк|кп|код\w*|товар\w*|бюджет\w*|сумм\w*|выручк\w*|арт\w*))[\s.:№#-]*(?:(?:от|of|vom)\s+x+\s*)?(?:№|no\b)?[\s.:№#-]*$",
    re.IGNORECASE,
)
_GERMAN = re.compile(r"\b(?:nr|\w+nr|ean|konto|sap|steuer\w*)\.?[\s:]*$", re.IGNORECASE)  # there numbers are written in groups too
_AMERICAN = re.compile(r"\(\d{3}\)\s*\d{3}[\s-]\d{4}|\d{3}-\d{3}-\d{4}")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .]\d{3}){2,}")
_NEIGHBOURS = ("375", "380", "998", "996", "992", "994", "374", "995")  # codes of countries that are often written without +
_RUN = re.compile(r"(?<![\d.,])\+?\(?\d(?:[ ().-]{0,3}\d){9,14}(?!\w|[.,]\d)")
MAY_BE_ONE = rf"(?i)[@＠]|%40|&#64;|&commat;|(?:\b|[(\[{{<]\s*)(?:at|собака|собачка|sobaka)\b|(?:\d[^\d\n]{{0,3}}){{5}}|\.(?:me|com|ru|gg|click|dog|net|org)\s?/|\b(?:{_APPS})\b[\s:=]|skype|скайп|tg:"
_TOGETHER = re.compile(r"\+?\(?\d(?:[ ().-]{0,3}\d)+")
_DAY = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d-[01]?\d-[0-3]?\d|[0-3]?\d[.-][01]?\d[.-](?:19|20)?\d\d)(?:[ T]\d{1,2}-?:?\d\d(?:[-:]\d\d(?:[.,]\d+)?)?)?(?![\d.-])"
)
_MAY = re.compile(MAY_BE_ONE)
_DASHES = dict.fromkeys(map(ord, "_/|·•∙⋅‐‑‒–—―−﹣－~*:⁄∕"), "-") | {ord("＋"): "+", ord("，"): ",", ord("．"): ".", 0xA0: " ", 0x202F: " ", 0x2009: " ", 0x3000: " "}  # fmt: skip


def without_contacts(text: str, country: str | None = None, *, is_person: bool = False, with_handles: bool = True) -> str:
    """A text without phones, e-mails and handles. Of a person's name that is an address, its first part stays: «anna@firm.ru» is «anna».

    `country`: ISO 3166 code of the country whose phones are written without their +.

    >>> without_contacts("call 8-916-123-45-67 or anna.b@firm.ru, t.me/anna_b", "RU")
    'call … or …, …'
    >>> without_contacts("anna.b@firm.ru", is_person=True)
    'anna.b'
    >>> without_contacts("order 2026-0001234 of 02.09.2024 18:37, 1 200 000,50", "RU")
    'order 2026-0001234 of 02.09.2024 18:37, 1 200 000,50'
    """
    if not _MAY.search(text):
        return text
    plain = unicodedata.normalize("NFKC", "".join(letter for letter in text if unicodedata.category(letter) != "Cf"))
    found = EMAIL.sub(lambda match: (match["local"] or SHOWN).strip('"') if is_person else SHOWN, plain)
    if with_handles:
        found = HANDLE.sub(lambda match: (match["name"] or SHOWN) if is_person else SHOWN, found)
    found = _without_phones(found, country)
    return text if found == plain else found


def _without_phones(text: str, country: str | None) -> str:
    """The places are found in a copy of the same length, where digits are ASCII and every dash is a hyphen."""
    same = _DAY.sub(lambda match: "x" * len(match[0]), _as_ascii(text))
    places = [match.span(2) for match in _NAMED.finditer(same)]
    if not places and not _digits_together(same, _fewest_digits(country)):
        return text
    found = [match.span() for match in PHONE.finditer(same) if _is_written_so(match[0], country)]
    found += [place for match in _RUN.finditer(same) if country and (place := _valid_part(match, country))]
    found += _matched(same, country)
    places += [place for place in found if not _is_of_something_else(same, *place)]
    shown, last = "", 0
    for start, end in sorted(places):
        if end <= last:
            continue
        shown += (text[last:start] + SHOWN) if start >= last else ""
        last = end
    return shown + text[last:]


def _is_written_so(text: str, country: str | None) -> bool:
    """Whether the groups of a phone are those of the country: «300-400-5000» is a size outside America."""
    if _AMERICAN.fullmatch(text):
        return country in (None, "US", "CA", "RU") and (country != "RU" or text.startswith("("))
    return text.startswith("+") or country in (None, "RU", "KZ", "BY", "UZ", "KG", "AM", "GE")


def _is_of_something_else(text: str, start: int, end: int) -> bool:
    """An amount in thousands, or digits in one piece after a word such as «order»."""
    number, before = text[start:end], text[:start]
    if number.startswith("+"):
        return False
    if re.search(r"\d[-./]$", before):
        return True  # the end of a longer number
    is_after_word = number.isdecimal() and bool(_NUMBERED.search(before))
    return bool(_THOUSANDS.fullmatch(number)) or is_after_word or bool(_GERMAN.search(before)) or bool(re.match(r"[.,]\d", text[end:]))


def _as_ascii(text: str) -> str:
    letters = [str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text.translate(_DASHES)]
    for at in range(1, len(letters) - 1):  # the letter O for a zero
        if letters[at] in "OoОо" and letters[at - 1].isdecimal() and letters[at + 1].isdecimal():
            letters[at] = "0"
    return "".join(letters)


def _matched(text: str, country: str | None) -> list[tuple[int, int]]:
    """Numbers that exist by the plan of numbering, of the client's country or with +. Source: Google's libphonenumber."""
    if country is None and "+" not in text:
        return []
    from phonenumbers import Leniency, PhoneNumberMatcher

    found = PhoneNumberMatcher(text, country, leniency=Leniency.VALID)
    return [(match.start, match.end) for match in found if _is_dialled(match.raw_string, match.number, country)]


def _is_dialled(text: str, number: "PhoneNumber", country: str | None) -> bool:
    """Whether digits that could be a phone are written as one. Where a 0 is dialled before the area, it is written, or a + is; but a mobile
    phone may have lost it in a spreadsheet. Elsewhere all ten digits stand there, or the phones are short."""
    from phonenumbers import PhoneMetadata, PhoneNumberType, number_type

    if text.lstrip("(")[:1] in ("+", "0"):
        return True
    plan = PhoneMetadata.metadata_for_region(country, None) if country else None
    is_long = sum(letter.isdecimal() for letter in text) >= 10
    if plan and plan.national_prefix == "0":
        return is_long and number_type(number) == PhoneNumberType.MOBILE
    return is_long or bool(plan and plan.general_desc and max(plan.general_desc.possible_length) <= 9)


def _digits_together(text: str, fewest: int) -> bool:
    return any(sum(letter.isdecimal() for letter in run) >= fewest for run in _TOGETHER.findall(text))


@cache
def _fewest_digits(country: str | None) -> int:
    """How many digits the shortest phone of the country has, as it is dialled inside it; 8 for those of other countries."""
    from phonenumbers import PhoneMetadata

    found = PhoneMetadata.metadata_for_region(country, None) if country else None
    return min(found.general_desc.possible_length) if found and found.general_desc else 8


def _valid_part(run: re.Match[str], country: str) -> tuple[int, int] | None:
    """Where in a run of digits a phone begins: a number of something may stand before it."""
    for group in re.finditer(r"\+?\(?\d+", run[0]):
        if _is_valid(run[0][group.start() :], country):
            return run.start() + group.start(), run.end()
    return None


@cache
def _is_valid(text: str, country: str) -> bool:
    from phonenumbers import NumberParseException, is_valid_number, parse

    digits = re.sub(r"[^\d+]", "", text)
    if len(digits) in (11, 12) and digits.startswith(_NEIGHBOURS):
        digits = f"+{digits}"
        text = digits
    try:
        number = parse(f"+{digits[2:]}" if digits.startswith("00") else digits, country)
        return bool(is_valid_number(number)) and _is_dialled(text, number, country)
    except NumberParseException:
        return False
