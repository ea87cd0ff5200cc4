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
