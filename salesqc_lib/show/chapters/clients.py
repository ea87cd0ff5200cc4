"""Clients and marketing: whether clients are content and stay, and whether winning them pays."""

from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.words import Text

CHAPTER = Chapter(
    "clients",
    80,
    "clients",
    Text("Клиенты и маркетинг", "Clients and marketing"),
    Text("Опросы, повторные покупки и цена клиента", "Surveys, repeat purchases and the cost of a client"),
    ("csat", "nps", "retention", "repeat_purchase_rate", "cac"),
    Fact(Text("Довольны {csat} клиентов, остаются {retention}", "{csat} of clients are content, {retention} stay"), ("csat", "retention")),
    ("clients",),
)
