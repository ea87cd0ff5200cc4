"""What surrounds the deals of a simulated company: letters with materials, surveys, repeat purchases, follow-ups, second reviews.

Drawn from a generator of its own, so that the deals themselves stay as they are.
"""

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from salesqc_lib.demo.history import History, Row

MATERIALS = {
    "ru": ("Прайс-лист", "Каталог фасадов", "Примеры проектов", "Отзывы клиентов", "Как мы делаем замер", "Гарантия и сервис"),
    "en": ("Price list", "Product guide", "Case studies", "Client reviews", "How a survey works", "Warranty and service"),
}
UNUSED = 5  # the last material of the library is hardly ever sent
FOLLOWED_UP = 0.14


class Aftermath:
    """Adds to a history, deal by deal."""

    def __init__(self, history: History, as_of: datetime) -> None:
        self.history, self.as_of = history, as_of
        self.random = np.random.default_rng(history.company.seed + 1)

    def run(self) -> None:
        """Everything, in one order, so that the same seed gives the same files."""
        language = "ru" if self.history.company.zone == "Europe/Moscow" else "en"
        for number, title in enumerate(MATERIALS[language]):
            published = datetime.combine(self.history.company.first_day, datetime.min.time(), self.as_of.tzinfo)
            self.history.materials.append({"material_id": f"m{number + 1}", "title": title, "kind": "pdf", "published_at": published})
        for number, deal in enumerate(list(self.history.deals)):
            self._duplicate(number, deal)
            self._letters(deal)
            self._survey(deal)
            self._purchases(deal)
            self._follow_up(deal)
            if "qualified" in deal:
                deal["expected_close_at"] = deal["qualified"] + timedelta(days=float(self.random.integers(20, 60)))
            self._next_task(deal)
        self._second_reviews()

    def _duplicate(self, number: int, deal: Row) -> None:
        """One lead in sixty comes from somebody whose request is still open."""
        if number > 40 and self.random.random() < 1 / 60:
            other = self.history.deals[number - int(self.random.integers(1, 12))]
            deal["customer_id"] = other["customer_id"]

    def _next_task(self, deal: Row) -> None:
        """After its last step, most deals have a next task until they close; of somebody who gives up, few have one."""
        if deal["outcome"] == "won":
            return
        seller = next(seller for seller in self.history.company.sellers if seller.name == deal["manager"])
        if self.random.random() < (0.3 if seller.gives_up else 0.72):
            created = max(deal[step] for step in ("created_at", "qualified", "set", "held") if step in deal)
            due = created + timedelta(days=float(self.random.uniform(1, 9)))
            number = str(len(self.history.tasks) + 1)
            self.history.tasks.append(
                {
                    "task_id": number,
                    "deal_id": deal["deal_id"],
                    "manager": deal["manager"],
                    "created_at": created,
                    "due_at": due,
                    "completed_at": deal.get("closed_at"),
                }
            )

    def _letters(self, deal: Row) -> None:
        """Letters with a link after the qualification: some are clicked, and clicked ones go with better deals."""
        if "qualified" not in deal:
            return
        is_good = deal["outcome"] == "won"
        for _ in range(int(self.random.poisson(0.9 if is_good else 0.5))):
            moment = deal["qualified"] + timedelta(hours=float(self.random.uniform(1, 90)))
            material = min(int(self.random.geometric(0.42)) - 1, UNUSED - 1)
            clicked = self.random.random() < (0.5 if is_good else 0.3)
            self._add(deal, moment, "email", is_reply=True, has_link=True, clicks=int(clicked), material_id=f"m{material + 1}")
        if self.random.random() < 0.04:
            self._add(deal, deal["created_at"] - timedelta(days=float(self.random.uniform(0.1, 6))), "social", media="vk")

    def _add(self, deal: Row, moment: datetime, kind: str, **values: Any) -> None:
        if moment > self.as_of:
            return
        row = {
            "activity_id": str(len(self.history.activities) + 1), "kind": kind, "at": moment.replace(microsecond=0), "deal_id": deal["deal_id"],
            "customer_id": deal["customer_id"], "manager": deal["manager"], "direction": "out", "is_automatic": False,
        }  # fmt: skip
        self.history.activities.append(row | values)

    def _survey(self, deal: Row) -> None:
        """Three weeks after the contract; a third answers, and discounts make no friends."""
        if deal["outcome"] != "won" or self.random.random() > 0.36:
            return
        at = deal["contract"] + timedelta(days=21)
        mood = float(np.clip(self.random.normal(0.8, 0.17), 0, 1))
        for question, score in (("csat", 1 + round(mood * 4)), ("nps", round(mood * 10))):
            if at <= self.as_of:
                number = str(len(self.history.surveys) + 1)
                self.history.surveys.append(
                    {"survey_id": number, "question": question, "score": score, "at": at, "deal_id": deal["deal_id"]}
                )

    def _purchases(self, deal: Row) -> None:
        """Some clients come back, with smaller baskets, until they do not."""
        if deal["outcome"] != "won" or "amount" not in deal:
            return
        at = deal["contract"]
        again = 0.74 if self.random.random() < 0.22 else 0.09
        while self.random.random() < again:
            at = at + timedelta(days=float(self.random.exponential(150)) + 20)
            if at > self.as_of:
                return
            amount = round(float(deal["amount"]) * float(self.random.uniform(0.08, 0.35)), -1)
            self.history.purchases.append(
                {"customer_id": deal["customer_id"], "at": at, "amount": amount, "manager": deal["manager"], "product": deal["product"]}
            )

    def _follow_up(self, deal: Row) -> None:
        if deal["outcome"] == "lost" and deal["is_target"] and self.random.random() < FOLLOWED_UP:
            moment = deal["closed_at"] + timedelta(days=float(self.random.exponential(18)) + 1)
            self._add(deal, moment, "call", result="conversation", duration_s=round(float(self.random.gamma(2.2, 60)) + 31))

    def _second_reviews(self) -> None:
        """One conversation in eight is scored by a second reviewer, a little more strictly."""
        cards: dict[str, list[Row]] = {}
        for review in self.history.reviews:
            cards.setdefault(review["review_id"], []).append(review)
        for name, criteria in cards.items():
            if self.random.random() < 0.125:
                for review in criteria:
                    score = float(np.clip(review["score"] - float(self.random.choice([0, 0, 0.5])), 0, 1))
                    self.history.reviews.append(review | {"review_id": f"{name}b", "reviewer": "QA 2", "score": score})
