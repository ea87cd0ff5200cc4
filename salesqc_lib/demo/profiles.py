"""The two demo companies: who sells what through which channels, and which faults are planted in them."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Seller:
    """A seller; factors multiply the company's usual values, 1 is a seller like the others."""

    name: str
    team: str
    delay: float = 1.0
    opening: float = 1.0
    closing: float = 1.0
    discount: float = 1.0
    gives_up: bool = False


@dataclass(frozen=True)
class Channel:
    """A source of leads: its part of them, how well they qualify (1 is usual), what a lead costs."""

    name: str
    part: float
    quality: float
    cost: float


@dataclass(frozen=True)
class Product:
    """A product: its part of the leads, its usual list price, and how much deals of it differ (log scale)."""

    name: str
    part: float
    price: float
    spread: float = 0.45


@dataclass(frozen=True)
class Company:
    """Everything the simulation needs. Probabilities are those of a usual seller who answers within the hour."""

    id: str
    name: str
    seed: int
    zone: str
    sellers: tuple[Seller, ...]
    channels: tuple[Channel, ...]
    products: tuple[Product, ...]
    leads_a_day: float
    first_day: date = date(2024, 11, 1)
    as_of: date = date(2026, 11, 1)
    opens: int = 9
    closes: int = 19
    workdays: int = 6
    delay_median_min: float = 14.0
    steps: dict[str, float] = field(default_factory=lambda: {"qualified": 0.66, "set": 0.72, "held": 0.84, "contract": 0.56, "act": 0.95})
    days: dict[str, float] = field(default_factory=lambda: {"qualified": 1.2, "set": 2.0, "held": 4.0, "contract": 9.0, "act": 24.0})
    reasons: tuple[tuple[str, float], ...] = ()
    non_target: tuple[str, ...] = ()
    lunch_hour: int = 13


OLKHA = Company(
    id="olkha",
    name="Мебельный дом Ольха",
    seed=20261101,
    zone="Europe/Moscow",
    sellers=(
        Seller("Анна Петрова", "Север", opening=1.1),
        Seller("Игорь Лебедев", "Север", delay=14.0),
        Seller("Мария Соколова", "Север", opening=1.22, closing=0.45),
        Seller("Денис Орлов", "Север"),
        Seller("Ольга Кузнецова", "Север", closing=1.12),
        Seller("Павел Егоров", "Юг", gives_up=True),
        Seller("Светлана Морозова", "Юг", closing=1.08),
        Seller("Тимур Галиев", "Юг", discount=2.6),
        Seller("Юлия Романова", "Юг"),
    ),
    channels=(
        Channel("Сайт", 0.26, 1.0, 900),
        Channel("Яндекс Директ", 0.24, 0.95, 1500),
        Channel("ВКонтакте", 0.16, 0.9, 800),
        Channel("Авито", 0.16, 0.42, 700),
        Channel("Рекомендации", 0.11, 1.3, 0),
        Channel("Выставка", 0.07, 1.05, 2400),
    ),
    products=(
        Product("Кухня", 0.42, 385_000),
        Product("Шкаф-купе", 0.27, 142_000),
        Product("Гостиная", 0.19, 188_000),
        Product("Детская", 0.12, 121_000),
    ),
    leads_a_day=7.0,
    reasons=(
        ("Дорого", 0.33),
        ("Выбрали конкурента", 0.21),
        ("Не дозвонились", 0.16),
        ("Отложили ремонт", 0.16),
        ("Долго отвечали", 0.06),
        ("Другое", 0.08),
    ),
    non_target=("Спам", "Дубль"),
)

LARKFIELD = Company(
    id="larkfield",
    name="Larkfield Solar",
    seed=20261102,
    zone="Europe/London",
    sellers=(
        Seller("Emma Hughes", "Homes"),
        Seller("Oliver Grant", "Homes", closing=1.1),
        Seller("Priya Nair", "Homes", opening=1.12),
        Seller("Jack Turner", "Homes", delay=10.0),
        Seller("Sophie Bell", "Business"),
        Seller("Marcus Reed", "Business", closing=0.45),
        Seller("Chloe Ward", "Business"),
    ),
    channels=(
        Channel("Website", 0.34, 1.0, 22),
        Channel("Search ads", 0.27, 0.95, 48),
        Channel("Comparison portal", 0.22, 0.45, 31),
        Channel("Referral", 0.17, 1.25, 0),
    ),
    products=(
        Product("Roof 4 kW", 0.5, 7_900, 0.25),
        Product("Roof 8 kW + battery", 0.32, 15_600, 0.3),
        Product("Commercial array", 0.18, 48_000, 0.5),
    ),
    leads_a_day=4.2,
    workdays=5,
    closes=18,
    delay_median_min=22.0,
    steps={"qualified": 0.62, "set": 0.7, "held": 0.88, "contract": 0.44, "act": 0.96},
    days={"qualified": 1.5, "set": 3.0, "held": 6.0, "contract": 16.0, "act": 35.0},
    reasons=(("Price", 0.36), ("Competitor", 0.24), ("No contact", 0.14), ("Postponed", 0.18), ("Other", 0.08)),
    non_target=("Spam",),
)


def planted(company: Company) -> list[dict[str, object]]:
    """The faults as the truth file says them: where an audit should see what, and how strong it is."""
    faults: list[dict[str, object]] = []

    def fault(name: str, kpi: str, by: str, segment: str, strength: float) -> None:
        faults.append({"fault": name, "kpi": kpi, "by": by, "segment": segment, "strength": strength})

    for seller in company.sellers:
        if seller.delay > 2:
            fault("slow_seller", "first_response_time", "manager", seller.name, seller.delay)
        if seller.closing < 0.8:
            fault("weak_closer", "key_event_to_contract", "manager", seller.name, seller.closing)
        if seller.gives_up:
            fault("quitter", "never_answered", "manager", seller.name, 1.0)
        if seller.discount > 1.5:
            fault("discounter", "discount_depth", "manager", seller.name, seller.discount)
    for channel in company.channels:
        if channel.quality < 0.6:
            fault("bad_channel", "qualification_rate", "channel", channel.name, channel.quality)
    fault("lunch_gap", "missed_calls", "hour", f"{company.lunch_hour:02}", 0.5)
    return faults
