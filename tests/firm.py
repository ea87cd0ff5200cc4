"""A small firm for tests of findings: five sellers alike, until a test changes one of them or the whole department.

Everything is laid out by the number of the lead, without chance: the share 0.6 means the first six of each ten leads.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

SELLERS = ("Ann", "Bob", "Cid", "Dan", "Eve")
CHANNELS = ("Site", "Ads", "Fair", "Friends")
LEADS = 120


@dataclass(frozen=True)
class Ways:
    """How a seller works."""

    answer_min: float = 15.0
    answered: float = 1.0
    attempts: int = 3
    qualified: float = 0.7
    set: float = 0.8
    held: float = 0.9
    signed: float = 0.6
    act: float = 1.0
    amount: float = 100.0
    discount: float = 0.05
    more_items: float = 0.5
    calls_a_day: int = 15
    talked: float = 0.7
    review: float = 0.8
    objection: float = 0.8
    next_step: float = 0.9
    clicks: float = 0.5
    material: float = 0.6
    task: float = 1.0
    late_task: float = 0.1
    reason: float = 1.0
    again: float = 0.6  # losses followed up
    missed: float = 0.05
    cycle_days: float = 6.0
    csat: float = 0.9
    reviews: int = 40
    channels: tuple[str, ...] = CHANNELS


@dataclass
class Tables:
    rows: dict[str, list[list[object]]] = field(default_factory=dict)
    talks: dict[str, list[str]] = field(default_factory=dict)  # conversations of each seller

    def add(self, table: str, *values: object) -> None:
        self.rows.setdefault(table, []).append(list(values))


HEADS = {
    "deals": "deal_id,created_at,manager,channel,product,customer_id,outcome,closed_at,qualified_at,key_event_set_at,key_event_held_at,contract_at,act_at,amount,list_amount,items,loss_reason",
    "activities": "activity_id,kind,at,deal_id,manager,direction,result,duration_s,is_automatic,is_reply,has_link,clicks,material_id",
    "tasks": "task_id,deal_id,manager,created_at,due_at,completed_at",
    "reviews": "review_id,criterion,score,activity_id,manager,reviewer,at,weight,group",
    "surveys": "survey_id,question,score,at,deal_id",
    "materials": "material_id,title",
    "plans": "month,metric,target,manager",
}  # fmt: skip


def firm(everybody: Ways | None = None, plan: float = 0.0, lunch: float = 0.0, materials: int = 2, **others: Ways) -> dict[str, str]:
    """The firm's tables as CSV by canonical name, for `company(...)`: `others` are sellers with ways of their own."""
    usual, tables = everybody or Ways(), Tables()
    for name in SELLERS:
        _seller(tables, name, others.get(name, usual), lunch)
    for number in range(materials):
        tables.add("materials", f"m{number}", f"Material {number}")
    if plan:
        for name in SELLERS:
            tables.add("plans", "2026-01", "revenue", plan, name)
    return {
        table: HEADS[table] + "\n" + "\n".join(",".join("" if value is None else str(value) for value in row) for row in rows)
        for table, rows in tables.rows.items()
    }


def _is(i: int, share: float) -> bool:
    """Whether the i-th of many belongs to a share of them, evenly spread."""
    return int((i + 1) * share + 1e-9) > int(i * share + 1e-9)


def _seller(tables: Tables, name: str, way: Ways, lunch: float) -> None:
    channels = [way.channels[i % len(way.channels)] for i in range(LEADS)]
    Random(name).shuffle(channels)  # so that no channel keeps step with the shares
    passed = {"qualified": 0, "set": 0, "held": 0, "signed": 0, "lost": 0}
    for i in range(LEADS):
        created = datetime(2026, 1, 5, 9) + timedelta(minutes=160 * i)
        deal, customer = f"{name}{i}", f"c{name}{i}"
        spoke = _is(i, way.answered)
        answer = created + timedelta(minutes=way.answer_min * (0.6 + 0.02 * (i % 41)))
        tries = way.attempts if not spoke else 1
        for n in range(tries):
            _call(tables, deal, name, answer + timedelta(hours=3 * n), "conversation" if spoke else "no_answer")
        steps: dict[str, datetime] = {}
        moment, is_on = answer, spoke
        for step, share in (("qualified", way.qualified), ("set", way.set), ("held", way.held), ("signed", way.signed)):
            if is_on:
                is_on = _is(passed[step], share)
                passed[step] += 1
                if is_on:
                    moment += timedelta(days=way.cycle_days / 4)
                    steps[step] = moment
        won = "signed" in steps
        is_open = not won and spoke and "set" in steps
        closed = None if is_open else moment if won else created + timedelta(days=4)
        act = moment + timedelta(days=5) if won and _is(passed["signed"], way.act) else None
        price = way.amount
        is_lost = not won and not is_open
        reason = "Price" if is_lost and _is(i, way.reason) else None
        tables.add(
            "deals", deal, created, name, channels[i], "Box", customer, "won" if won else "open" if is_open else "lost", closed,
            steps.get("qualified"), steps.get("set"), steps.get("held"), steps.get("signed"), act, price * (1 - way.discount * (1 + 0.1 * (i % 3))), price,
            2 if _is(i, way.more_items) else 1, reason,
        )  # fmt: skip
        passed["lost"] += is_lost
        if is_lost and closed and _is(passed["lost"], way.again):
            _call(tables, deal, name, closed + timedelta(days=3), "no_answer")
        if is_open and _is(i, way.task):
            tables.add("tasks", f"t{deal}", deal, name, created, datetime(2026, 2, 20), None)
        done = datetime(2026, 1, 20) if _is(i, way.late_task) else datetime(2026, 1, 14)
        tables.add("tasks", f"u{deal}", deal, name, created, datetime(2026, 1, 15), max(done, created))
        sent = f"m{i % 2}" if _is(i, way.material) else None
        click = int(_is(i, way.clicks))
        number = f"e{deal}"
        tables.add("activities", number, "email", answer + timedelta(hours=1), deal, name, "out", None, None, 0, 1, 1, click, sent)
        if won:
            tables.add("surveys", f"s{deal}", "csat", 5 if _is(passed["signed"], way.csat) else 2, moment + timedelta(days=1), deal)
    _cold(tables, name, way, lunch)
    _reviewed(tables, name, way)


def _call(tables: Tables, deal: str, name: str, at: datetime, result: str, direction: str = "out") -> None:
    number = f"a{len(tables.rows.get('activities', []))}"
    if result == "conversation":
        tables.talks.setdefault(name, []).append(number)
    seconds = 90 if result == "conversation" else 0
    tables.add("activities", number, "call", at, deal, name, direction, result, seconds, 0, None, None, None, None)


def _cold(tables: Tables, name: str, way: Ways, lunch: float) -> None:
    """Further calls of each day, out and in; those that come in at lunch have a share of their own that is missed."""
    for day in range(20):
        midnight = datetime(2026, 1, 5) + timedelta(days=day)
        for n in range(way.calls_a_day):
            _call(
                tables,
                f"{name}0",
                name,
                midnight + timedelta(hours=10, minutes=7 * n),
                "conversation" if _is(day * 7 + n, way.talked) else "no_answer",
            )
        for hour in (11, 13, 15):
            share = lunch if hour == 13 and lunch else way.missed
            _call(tables, f"{name}0", name, midnight + timedelta(hours=hour), "missed" if _is(day, share) else "conversation", "in")


def _reviewed(tables: Tables, name: str, way: Ways) -> None:
    for n in range(way.reviews):
        at = datetime(2026, 1, 8) + timedelta(hours=9 * n)
        small = 0.04 * (n % 5 - 2)
        for criterion, group, score in (
            ("greeting", "contact", way.review),
            ("objection", "objections", way.objection),
            ("next_step", "closing", 1.0 if _is(n, way.next_step) else 0.0),
        ):
            value = score if criterion == "next_step" else min(1.0, max(0.0, score + small))
            tables.add("reviews", f"{name}{n}", criterion, round(value, 3), tables.talks[name][n], name, "QA", at, 10, group)


def alike(**changes: object) -> Ways:
    """The usual ways with some of them changed."""
    return replace(Ways(), **changes)  # type: ignore[arg-type]
