"""The zoo: the clean client broken in one way at a time, and what must come of it.

An animal says what has to hold: the true totals, bounds that hold them, other totals that were worked out by hand, a refusal with its
words, warnings with their codes; and what must not be said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.zoo.client import END, START, Client, Row

ANIMALS: list["Animal"] = []
Break = Callable[[Client], None]


@dataclass(frozen=True)
class Animal:
    """A way to break the client. `totals`: `true`, `bounds` (contracts and revenue hold the truth between value and high), `own` (the
    break says in `client.expected` what comes instead), or `refused`. `no_as_of_change`: the moment of the export stays that of the clean client."""

    name: str
    breaks: Break
    totals: str = "true"
    warns: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    refusal: str = ""
    missing: tuple[tuple[str, str], ...] = ()  # KPI that is not given, and the reason
    is_as_of_true: bool = True
    combines: bool = False  # may be combined with others at random
    raw: Callable[[Any], None] | None = None  # what is done to the files once they are written


def animal(**given: Any) -> Callable[[Break], Break]:
    def note(function: Break) -> Break:
        ANIMALS.append(Animal(function.__name__, function, **given))
        return function

    return note


def won(client: Client) -> list[Row]:
    return [row for row in client.deals if row["outcome"] == "won"]


def lost(client: Client) -> list[Row]:
    return [row for row in client.deals if row["outcome"] == "lost"]


def inside(row: Row, column: str = "closed_at") -> bool:
    return bool(row[column]) and START <= row[column] < END


def outside(rows: list[Row], column: str = "closed_at") -> list[Row]:
    """Rows of long before the period: what is broken there changes no total of it."""
    return [row for row in rows if row[column] and row[column] < START - timedelta(days=60)]
