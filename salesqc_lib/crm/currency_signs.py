"""How currencies are written: codes, signs and words, and amounts without them."""

CODES = (
    "RUB", "RUR", "USD", "EUR", "GBP", "KZT", "UAH", "BYN", "PLN", "CZK", "CHF", "CNY", "JPY", "TRY", "AED", "INR", "GEL", "AMD", "AZN", "UZS",
    "KGS", "SEK", "NOK", "DKK", "CAD", "AUD", "NZD", "BRL", "MXN", "ZAR", "ILS", "HUF", "RON", "BGN", "SGD", "HKD", "KRW", "THB", "SAR", "QAR",
)  # fmt: skip
# sign or word, as a regular expression without case: the currency it stands for; the first that fits counts, so that «Белорусский
# рубль» and «HK$» are found before the rouble and the dollar, «US$» before Singapore's «S$»
SIGNS = {
    r"US\$": "USD", "белорус": "BYN", "канадск|CA?\\$": "CAD", "австрал|AU?\\$": "AUD", "гонконг|HK\\$": "HKD", "сингапур|S\\$(?:[^A-Za-z]|$)": "SGD", "новозел|NZ\\$": "NZD",
    "бразил|R\\$": "BRL", "мексик|MX\\$": "MXN", r"долл(ар(а|ов)?)?\.?": "USD",
    "€|евро": "EUR", "£": "GBP", r"₽|руб(ль|ля|лей)?\.?|(?:^|[^а-яё])р\.?$": "RUB", r"₸|тенге|тг\.?": "KZT", r"₴|грн\.?": "UAH", "zł": "PLN", "₺": "TRY",
    "₹": "INR", "₾": "GEL", "֏": "AMD", "₼": "AZN", "₪": "ILS", "₩": "KRW", "฿": "THB", r"\$": "USD", "¥|元": "CNY",
}  # fmt: skip
DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN")  # a client of one of them writes $ for it
YENS = ("CNY", "JPY")
MARKS = "|".join([*CODES, *(sign.replace("(?:^|[^а-яё])р", "р").replace("(?:[^A-Za-z]|$)", "") for sign in SIGNS), r"\p{Sc}"])


def bare(cell: str) -> str:
    """SQL for the digits and signs of a cell: without currency, spaces and %; brackets or a last minus mean below nil, as in accounts."""
    plain = rf"regexp_replace({cell}, '[\s\x{{a0}}\x{{202f}}''’%]|{_escaped(MARKS)}', '', 'gi')"
    told = rf"regexp_replace(regexp_replace({plain}, '^\((.+)\)$', '-\1'), '^([^-−].*)[-−]$', '-\1')"
    return rf"CASE WHEN regexp_matches({cell}, '^[-−]?[\d.,]+$') THEN {cell} ELSE {told} END"


def code_in(cell: str, own: str) -> str:
    """SQL for the currency that stands in a cell beside its amount; NULL where none does."""
    cases = [
        f"WHEN regexp_matches({cell}, '(?i)(^|[^A-Za-z]){code}([^A-Za-z]|$)') THEN '{'RUB' if code == 'RUR' else code}'" for code in CODES
    ]
    for sign, code in SIGNS.items():
        meant = own if (sign == r"\$" and own in DOLLARS) or (code == "CNY" and own in YENS) else code
        cases.append(f"WHEN regexp_matches({cell}, '(?i){_escaped(sign)}') THEN '{meant}'")
    return f"CASE WHEN regexp_matches({cell}, '[^\\d\\s.,()+-]') THEN CASE {' '.join(cases)} END END"


def _escaped(pattern: str) -> str:
    return pattern.replace("'", "''")
