"""Words in the report's two languages."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")


@dataclass(frozen=True)
class Reader:
    """Who reads a report: language, currency of amounts, and the client's accent colour."""

    language: Language = "en"
    currency: str = ""
    accent: str = "#1f6f5c"


@dataclass(frozen=True)
class Text:
    """One text in Russian and in English; both are required, so a report never falls back in silence.

    >>> Text("Заявки", "Leads")["en"]
    'Leads'
    """

    ru: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.ru if language == "ru" else self.en

    def format(self, **values: object) -> "Text":
        """The same text with its `{placeholders}` filled, in both languages."""
        return Text(self.ru.format(**values), self.en.format(**values))


def counted(number: int, language: Language, ru: tuple[str, str, str], en: tuple[str, str]) -> str:
    """The form of a noun that goes with a number: Russian for 1, 2 and 5, English for 1 and 2.

    >>> [counted(n, "ru", ("заявка", "заявки", "заявок"), ("lead", "leads")) for n in (1, 22, 11, 105)]
    ['заявка', 'заявки', 'заявок', 'заявок']
    """
    if language == "en":
        return en[0] if number == 1 else en[1]
    tens, ones = number % 100, number % 10
    if ones == 1 and tens != 11:
        return ru[0]
    return ru[1] if ones in (2, 3, 4) and tens not in (12, 13, 14) else ru[2]
