"""The department whose totals are known: 240 deals of five sellers over half a year."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

SELLERS = ("Анна Петрова", "Борис Смирнов", "Вера Козлова", "Глеб Орлов", "Дарья Соколова")
CHANNELS = ("Сайт", "Звонок", "Реклама", "Рекомендация")
REASONS = ("Дорого", "Выбрали конкурента", "Не дозвонились", "Отложили")
ENGLISH = {
    **dict(zip(SELLERS, ("Ann Parker", "Bob Smith", "Vera Cole", "Greg Owen", "Dora Stone"), strict=True)),
    **dict(zip(CHANNELS, ("Website", "Phone", "Ads", "Referral"), strict=True)),
    **dict(zip(REASONS, ("Price", "Competitor", "No contact", "Postponed"), strict=True)),
}
END = datetime(2026, 9, 30, 18, 0)


@dataclass(frozen=True)
class Deal:
    """One deal: `outcome` is won, lost or open; `closed` is None while it is open, `planned` then."""

    number: int
    created: datetime
    seller: str
    channel: str
    phone: str
    amount: float
    outcome: str
    closed: datetime | None
    reason: str
    planned: datetime
    step: int  # of an open deal: 0 new, 1 qualified, 2 in talks


def department(seed: int = 7, size: int = 240) -> list[Deal]:
    """The deals, in the order they came in."""
    random, deals = Random(seed), []
    for place in range(size):
        created = datetime(2026, 4, 1, 9) + timedelta(days=place * 182 / size, minutes=random.randrange(0, 540))
        cycle = timedelta(days=random.randrange(1, 30), minutes=random.randrange(0, 500))
        outcome = random.choices(("won", "lost", "open"), (3, 5, 2))[0]
        if created + cycle > END:
            outcome = "open"
        deals.append(
            Deal(
                10_000_000 + place * 37, created, random.choice(SELLERS), random.choice(CHANNELS), f"7916{random.randrange(10**7):07}",
                random.randrange(20, 900) * 1000 + random.choice((0, 0, 0.5, 0.99)), outcome, created + cycle if outcome != "open" else None,
                random.choice(REASONS) if outcome == "lost" else "", created + timedelta(days=30), random.randrange(3),
            )
        )  # fmt: skip
    return deals


@dataclass(frozen=True)
class Truth:
    """What the CRM of the department shows."""

    leads: int
    contracts: int
    revenue: float
    sellers: int


def truth(deals: list[Deal]) -> Truth:
    """The totals, added up here."""
    won = [deal for deal in deals if deal.outcome == "won"]
    return Truth(len(deals), len(won), sum(deal.amount for deal in won), len({deal.seller for deal in deals}))
