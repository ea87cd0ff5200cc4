"""A doubt about this client's data: its kind, the values of its sentence, and where it was seen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from salesqc_lib.units import write_money, write_number, write_percent
from salesqc_lib.warnings.kinds import WARNINGS, Kind, Weight
from salesqc_lib.words import Language, Text

ENGLISH = str.maketrans("«»", "“”")  # examples are quoted once, for both languages


@dataclass(frozen=True)
class Share:
    """A part of a whole among the values of a warning, written as a percentage."""

    value: float


@dataclass(frozen=True)
class Money:
    """An amount among the values of a warning, written in the client's currency."""

    value: float


Value = str | int | float | date | Share | Money | Text
Names = Callable[[str, Language], str]  # what a column is called by a reader; without it, by its own name


@dataclass(frozen=True)
class Warned:
    """A doubt about this client's data: its kind, the values of its sentence, and where it was seen."""

    code: str
    values: dict[str, Value] = field(default_factory=dict)
    table: str = ""
    column: str = ""
    file: str = ""
    rows: int = 0

    @property
    def kind(self) -> Kind:
        """What is to be said of such a doubt."""
        return WARNINGS[self.code]

    def seen(self, language: Language, currency: str = "", names: Names | None = None) -> str:
        """What was seen, as a sentence."""
        return self._say(self.kind.seen, language, currency, names)

    def changes(self, language: Language, currency: str = "", names: Names | None = None) -> str:
        """What it changes in the report."""
        return self._say(self.kind.changes, language, currency, names)

    def do(self, language: Language, currency: str = "", names: Names | None = None) -> str:
        """What to do about it."""
        return self._say(self.kind.do, language, currency, names)

    def where(self, language: Language, names: Names | None = None) -> str:
        """File, column and number of rows, as far as they are known."""
        place = ".".join(part for part in (self.table, self.column) if part)
        rows = Text("строк: {n}", "rows: {n}").format(n=write_number(self.rows, language))[language] if self.rows else ""
        return ", ".join(part for part in (self.file, names(place, language) if names and place else place, rows) if part)

    def _say(self, text: Text, language: Language, currency: str, names: Names | None) -> str:
        written = {name: _written(value, language, currency) for name, value in self.values.items()}
        if names and "column" in written:
            written["column"] = names(written["column"], language)
        said = text.format(**written)[language]
        return said if language == "ru" else said.translate(ENGLISH)


def graded(warned: Iterable[Warned], weight: Weight) -> list[Warned]:
    """The warnings of one weight."""
    return [one for one in warned if one.kind.weight == weight]


def gravest_first(warned: Iterable[Warned]) -> list[Warned]:
    """By weight, the gravest first, then by code."""
    weights = ("grave", "doubt", "note")
    return sorted(warned, key=lambda one: (weights.index(one.kind.weight), one.code))


def _written(value: Value, language: Language, currency: str) -> str:
    match value:
        case Share():
            return write_percent(value.value, language)
        case Money():
            return write_money(value.value, language, currency) if currency else write_number(value.value, language)
        case Text():
            return value[language]
        case int() | float():
            return write_number(value, language)
        case date():
            return f"{value:%d.%m.%Y}" if language == "ru" else f"{value:%-d %B %Y}"
        case _:
            return value
