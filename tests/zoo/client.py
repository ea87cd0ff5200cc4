"""One clean client with known truth: the firm that every animal of the zoo breaks in one way.

Everything is laid out by a fixed seed. The truth is counted from the rows below, never by the code under test.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]
SELLERS = ("Анна Петрова", "Борис Ильин", "Вера Семёнова", "Глеб Котов", "Дарья Лис")
CHANNELS, PRODUCTS = ("Сайт", "Реклама", "Рекомендации", "Выставка"), ("Кухня", "Шкаф", "Детская")
FIRST, AS_OF = datetime(2025, 3, 3, 9), datetime(2026, 10, 15, 18)
PERIOD, START, END = "2026-Q3", datetime(2026, 7, 1), datetime(2026, 10, 1)
DEALS = 560


@dataclass
class Client:
    """Tables as rows of Python values, by the name of the file (without its ending) and the canonical table it holds."""

    files: dict[str, list[Row]] = field(default_factory=dict)
    tables: dict[str, list[str]] = field(default_factory=dict)  # canonical table: its files
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    values: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    may_be_empty: dict[str, list[str]] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)  # further keys of the parameter file
    as_of: str = ""

    @property
    def deals(self) -> list[Row]:
        return self.files["deals"]

    def copy(self) -> "Client":
        return deepcopy(self)


@dataclass(frozen=True)
class Truth:
    """What really happened in the period."""

    leads: int
    contracts: int
    revenue: float
    sellers: int
    never_answered: int


def clean() -> Client:
    """The client before anything is broken."""
    chance = Random(20261015)
    client = Client(
        tables={"deals": ["deals"], "activities": ["activities"], "tasks": ["tasks"], "spend": ["spend"], "managers": ["managers"]}
    )
    deals, activities, tasks = [], [], []
    step = (AS_OF - timedelta(days=1) - FIRST) / DEALS
    for number in range(DEALS):
        created = FIRST + step * number + timedelta(minutes=chance.randrange(0, 300), seconds=chance.randrange(60))
        deal: Row = {
            "deal_id": f"D{number:04}", "created_at": created, "manager": SELLERS[chance.randrange(5)], "channel": CHANNELS[chance.randrange(4)],
            "product": PRODUCTS[chance.randrange(3)], "customer_id": f"C{number:04}", "amount": 100 * chance.randrange(300, 3000),
            "outcome": "open", "closed_at": None, "loss_reason": None,
        }  # fmt: skip
        answered = _answer(deal, activities, chance)
        _end(deal, activities, chance, answered)
        if deal["outcome"] == "open":
            tasks.append({"task_id": f"T{number}", "deal_id": deal["deal_id"], "manager": deal["manager"], "created_at": created,
                          "due_at": AS_OF + timedelta(days=chance.randrange(1, 9)), "completed_at": None})  # fmt: skip
        deals.append(deal)
    client.files |= {
        "deals": deals, "activities": activities, "tasks": tasks,
        "spend": [{"date": datetime(2025, 3, 1) + timedelta(days=7 * week), "channel": channel, "amount": 5000 + 100 * week}
                  for week in range(84) for channel in CHANNELS[:2]],
        "managers": [{"manager": name, "team": "Север" if place < 3 else "Юг"} for place, name in enumerate(SELLERS)],
    }  # fmt: skip
    return client


def _answer(deal: Row, activities: list[Row], chance: Random) -> bool:
    """A first call, or none."""
    if chance.random() < 0.12:
        return False
    at = deal["created_at"] + timedelta(minutes=chance.randrange(4, 150))
    if at < AS_OF:
        _call(deal, at, activities)
    return True


def _end(deal: Row, activities: list[Row], chance: Random, answered: bool) -> None:
    """Won, lost, or open still; a talk on the way."""
    days = chance.uniform(4, 24) if answered else chance.uniform(6, 12)
    closed = deal["created_at"] + timedelta(days=days)
    fate = chance.random()
    if closed >= AS_OF - timedelta(hours=2) or fate < 0.06:
        return
    if answered:
        _call(deal, deal["created_at"] + timedelta(days=days / 2), activities)
    won = answered and fate < 0.4
    deal |= {"outcome": "won" if won else "lost", "closed_at": closed}
    if not won:
        deal["loss_reason"] = ("Дорого", "Конкурент", "Передумал")[chance.randrange(3)]


def _call(deal: Row, at: datetime, activities: list[Row]) -> None:
    activities.append({
        "activity_id": f"A{len(activities)}", "kind": "call", "at": at, "deal_id": deal["deal_id"], "manager": deal["manager"], "direction": "out",
        "result": "conversation", "duration_s": 120,
    })  # fmt: skip


def truth(client: Client) -> Truth:
    """Counted from the rows."""
    leads = [row for row in client.deals if START <= row["created_at"] < END]
    won = [row for row in client.deals if row["outcome"] == "won" and row["closed_at"] and START <= row["closed_at"] < END]
    touched = {row["deal_id"] for row in client.files["activities"]}
    return Truth(
        len(leads), len(won), float(sum(row["amount"] for row in won)), len({row["manager"] for row in (*leads, *won)}),
        sum(1 for row in leads if row["deal_id"] not in touched),
    )  # fmt: skip
