"""Two years of a company's sales, deterministic by its seed."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from salesqc_lib.demo.aftermath import Aftermath
from salesqc_lib.demo.history import History, Row
from salesqc_lib.demo.profiles import Channel, Company, Product, Seller

LATE_PENALTY = ((60, 1.0), (24 * 60, 0.86), (float("inf"), 0.62))  # minutes of waiting: how many still qualify
NEXT = {"qualified": "lead", "set": "qualified", "held": "set", "contract": "held", "act": "contract"}


class Simulation:
    """One run. Every draw comes from one generator in one order, so the same seed gives the same company."""

    def __init__(self, company: Company) -> None:
        self.company, self.random, self.history = company, np.random.default_rng(company.seed), History(company)
        self.zone = ZoneInfo(company.zone)
        self.as_of = datetime.combine(company.as_of, datetime.min.time(), self.zone)

    def run(self) -> History:
        """Simulate day by day from the first to the export."""
        days = (self.company.as_of - self.company.first_day).days
        for n in range(days):
            day = self.company.first_day + timedelta(n)
            season = 1 + 0.18 * np.sin(2 * np.pi * (day.timetuple().tm_yday - 60) / 365)
            rate = self.company.leads_a_day * season * (1 + 0.12 * n / days) * (0.6 if day.weekday() >= self.company.workdays else 1.0)
            for _ in range(int(self.random.poisson(rate))):
                minute = float(np.clip(self.random.normal(14.2, 3.6), 0.5, 23.4)) * 60
                self._lead(datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(minutes=minute))
            self._inbound_calls(datetime(day.year, day.month, day.day, tzinfo=self.zone))
        self._spend(days)
        self._plans()
        Aftermath(self.history, self.as_of).run()
        return self.history

    def _pick(self, things: "tuple[Any, ...]") -> Any:
        parts = np.array([thing.part if not isinstance(thing, tuple) else thing[1] for thing in things])
        return things[int(self.random.choice(len(things), p=parts / parts.sum()))]

    def _lead(self, created: datetime) -> None:
        company = self.company
        seller: Seller = company.sellers[int(self.random.integers(len(company.sellers)))]
        channel: Channel = self._pick(company.channels)
        product: Product = self._pick(company.products)
        number = len(self.history.deals) + 1
        deal: Row = {
            "deal_id": str(10_000_000 + number * 37), "created_at": created, "manager": seller.name, "team": seller.team, "channel": channel.name,
            "product": product.name, "customer_id": f"79{100_000_000 + int(self.random.integers(800_000_000)):09}", "outcome": "open", "is_target": True,
        }  # fmt: skip
        self.history.deals.append(deal)
        self._enter(deal, "lead", created)
        if self.random.random() < 0.04:
            self._lose(deal, created + timedelta(hours=float(self.random.uniform(0.2, 20))), str(self.random.choice(company.non_target)))
            deal["is_target"] = False
            return
        answered, waited = self._answer(deal, seller, created)
        if answered is None:
            self._lose(deal, created + timedelta(days=float(self.random.uniform(4, 15))))
            return
        self._walk(deal, seller, channel, product, answered, waited)

    def _answer(self, deal: Row, seller: Seller, created: datetime) -> tuple[datetime | None, float]:
        """Calls until the client picks up; a quitter calls once."""
        delay = float(self.random.lognormal(np.log(self.company.delay_median_min * seller.delay), 1.0))
        moment = self._working(created, delay)
        for attempt in range(1 if seller.gives_up else 5):
            if attempt:
                moment = self._working(moment, float(self.random.uniform(40, 900)))
            talked = self.random.random() < 0.58
            self._call(deal, moment, "out", "conversation" if talked else str(self.random.choice(["no_answer", "busy"], p=[0.8, 0.2])))
            if talked:
                return moment, (moment - created).total_seconds() / 60
        return None, 0.0

    def _walk(self, deal: Row, seller: Seller, channel: Channel, product: Product, start: datetime, waited: float) -> None:
        late = next(factor for limit, factor in LATE_PENALTY if waited <= limit)
        chance = dict(self.company.steps)
        chance["qualified"] *= channel.quality * late
        chance["set"] *= seller.opening
        chance["contract"] *= seller.closing
        price = product.price * float(self.random.lognormal(0, product.spread))
        moment = start
        for step, probability in chance.items():
            # a few deals jump a stage: the measurement happens on the spot
            if self.random.random() >= min(probability, 0.97):
                self._end(deal, moment, float(self.random.exponential(11)) + 1)
                return
            moment = self._working(
                moment + timedelta(days=float(self.random.gamma(2.0, self.company.days[step] / 2))), float(self.random.uniform(0, 240))
            )
            self._touch(deal, moment, step)
            deal[step] = moment
            if step == "held":
                deal["list_amount"] = round(price, -2)
                deal["items"] = 1 + int(self.random.random() < 0.34) + int(self.random.random() < 0.12)
                cut = float(np.clip(self.random.normal(0.05 * seller.discount, 0.02), 0, 0.35))
                deal["amount"] = round(price * (1 - cut), -2)
            self._enter(deal, step, moment)
            if step == "contract":
                deal["outcome"], deal["closed_at"] = "won", moment

    def _end(self, deal: Row, moment: datetime, days: float) -> None:
        if deal["outcome"] == "won":
            return  # the act is late, the contract stands
        # one in nine is forgotten instead of closed
        if self.random.random() < 0.11 or moment + timedelta(days=days) > self.as_of:
            return
        self._lose(deal, moment + timedelta(days=days))

    def _lose(self, deal: Row, moment: datetime, reason: str = "") -> None:
        if moment > self.as_of:
            return
        deal["outcome"], deal["closed_at"] = "lost", moment
        deal["loss_reason"] = reason or ("" if self.random.random() < 0.07 else self._pick(self.company.reasons)[0])
        self._enter(deal, "lost", moment)

    def _enter(self, deal: Row, step: str, moment: datetime) -> None:
        deal["step"] = step if step == "lost" or moment <= self.as_of else deal["step"]
        self.history.stage_events.append({"deal_id": deal["deal_id"], "at": moment, "stage": step, "author": deal["manager"]})

    def _touch(self, deal: Row, moment: datetime, step: str) -> None:
        """Contacts that lead to a step, and the task that stood before it."""
        for _ in range(int(self.random.poisson(0.8))):
            at = self._working(moment - timedelta(hours=float(self.random.uniform(1, 60))), 0)
            if deal["created_at"] < at < moment:
                self._call(deal, at, "out", str(self.random.choice(["conversation", "no_answer"], p=[0.6, 0.4])))
        if step == "held":
            self._activity(deal, moment, kind="meeting", direction=None, duration_s=float(self.random.integers(20, 80)) * 60)
        elif self.random.random() < 0.5:
            self._activity(deal, moment, kind="email", direction="out", is_automatic=self.random.random() < 0.25)
        due = moment + timedelta(hours=float(self.random.normal(2, 10)))
        done = moment if self.random.random() < 0.86 else None
        self.history.tasks.append(
            {
                "task_id": str(len(self.history.tasks) + 1),
                "deal_id": deal["deal_id"],
                "manager": deal["manager"],
                "created_at": max(deal[name] for name in ("created_at", *NEXT) if name in deal and deal[name] < moment),
                "due_at": due,
                "completed_at": done,
            }
        )

    def _call(self, deal: Row, moment: datetime, direction: str, result: str) -> None:
        seconds = float(self.random.gamma(2.2, 75)) + 31 if result == "conversation" else float(self.random.integers(0, 9))
        self._activity(deal, moment, kind="call", direction=direction, result=result, duration_s=round(seconds))
        if result == "conversation" and self.random.random() < 0.05:
            self._review(deal, moment)

    def _activity(self, deal: Row, moment: datetime, **values: Any) -> None:
        if moment > self.as_of:
            return
        row = {
            "activity_id": str(len(self.history.activities) + 1),
            "at": moment,
            "deal_id": deal["deal_id"],
            "customer_id": deal["customer_id"],
            "manager": deal["manager"],
            "is_automatic": False,
        }
        self.history.activities.append(row | values)

    def _review(self, deal: Row, moment: datetime) -> None:
        activity = self.history.activities[-1]["activity_id"]
        for criterion, group, weight in (
            ("greeting", "contact", 10),
            ("needs", "needs", 30),
            ("value", "presentation", 25),
            ("objection", "objections", 20),
            ("next_step", "closing", 15),
        ):
            score = float(np.clip(round(self.random.normal(0.72, 0.22) * 2) / 2, 0, 1))
            self.history.reviews.append(
                {
                    "review_id": f"r{activity}",
                    "activity_id": activity,
                    "deal_id": deal["deal_id"],
                    "manager": deal["manager"],
                    "reviewer": "QA",
                    "at": moment + timedelta(days=2),
                    "criterion": criterion,
                    "group": group,
                    "weight": weight,
                    "score": score,
                    "applicable": criterion != "objection" or self.random.random() < 0.6,
                }
            )

    def _inbound_calls(self, midnight: datetime) -> None:
        """Clients with a deal call in; at the lunch hour half of the calls are missed."""
        if midnight.weekday() >= self.company.workdays or len(self.history.deals) < 10:
            return
        recent = self.history.deals[-60:]
        for _ in range(int(self.random.poisson(5))):
            deal = recent[int(self.random.integers(len(recent)))]
            moment = midnight + timedelta(hours=float(self.random.uniform(self.company.opens, self.company.closes)))
            if moment <= deal["created_at"]:
                continue
            missed = self.random.random() < (0.5 if moment.hour == self.company.lunch_hour else 0.09)
            self._call(deal, moment, "in", "missed" if missed else "conversation")
            if missed and self.random.random() < 0.7:
                self._call(deal, moment + timedelta(minutes=float(self.random.exponential(45))), "out", "conversation")

    def _working(self, moment: datetime, minutes: float) -> datetime:
        """The moment so many working minutes later (plain local clock, week of `workdays` days)."""
        opens, closes = self.company.opens * 60, self.company.closes * 60
        while True:
            midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
            now = (moment - midnight).total_seconds() / 60
            if moment.weekday() < self.company.workdays and now < closes:
                now = max(now, opens)
                if now + minutes < closes:
                    return (midnight + timedelta(minutes=now + minutes)).replace(microsecond=0)
                minutes -= closes - now
            moment = midnight + timedelta(days=1)

    def _spend(self, days: int) -> None:
        for n in range(0, days, 7):
            day = self.company.first_day + timedelta(n)
            for channel in self.company.channels:
                if channel.cost:
                    leads = self.company.leads_a_day * 7 * channel.part
                    self.history.spend.append(
                        {
                            "date": day,
                            "channel": channel.name,
                            "amount": round(leads * channel.cost * float(self.random.uniform(0.9, 1.1)), 2),
                        }
                    )

    def _plans(self) -> None:
        """Plans as they are made: the usual revenue of a seller, a tenth more each year, the same for all."""
        revenue = sum(deal.get("amount", 0) for deal in self.history.deals if deal["outcome"] == "won")
        months = (self.company.as_of.year - self.company.first_day.year) * 12 + self.company.as_of.month - self.company.first_day.month
        usual = revenue / months / len(self.company.sellers)
        for n in range(months + 1):
            year, month = divmod(self.company.first_day.year * 12 + self.company.first_day.month - 1 + n, 12)
            for seller in self.company.sellers:
                target = round(usual * (0.98 + 0.1 * n / 12), -3)
                self.history.plans.append(
                    {"month": f"{year}-{month + 1:02}", "metric": "revenue", "target": target, "manager": seller.name, "team": seller.team}
                )


def simulate(company: Company) -> History:
    """Two years of one company; what lies after the export has not happened yet."""
    return Simulation(company).run()
