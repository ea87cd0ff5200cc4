"""Clients: are they content, do they stay, what are they worth, and why others refuse."""

from typing import TYPE_CHECKING

import narwhals as nw

from salesqc_lib.facts import UNSET, Events, Facts, Formula, Mean, Ratio, Share, Table, Window
from salesqc_lib.kpi.card import CHANNEL, LOSS_GROUP, LOST_STAGE, MANAGER, MONTH, PRODUCT, REASON, TEAM, kpi
from salesqc_lib.sources import BRUTAL, FURNITURE, MEASURING, OURS, PROCESSES
from salesqc_lib.units import COUNT, MONEY, PERCENT, RATIO, SCORE
from salesqc_lib.words import Text

if TYPE_CHECKING:
    import pandas as pd

ALL = (MANAGER, TEAM, CHANNEL, PRODUCT, MONTH)
KEEP = Text("Введите регулярную связь с клиентами: повод, срок, ответственный", "Keep in touch with clients by plan: occasion, date, who")
OTHER = ("другое", "другая причина", "прочее", "прочие", "иное", "other", "others", "unknown", "неизвестно")


@kpi(
    name=Text("Довольные клиенты", "Satisfied clients"),
    meaning=Text("Какая доля ответивших поставила 4 или 5 из 5", "Which share of those who answered gave 4 or 5 of 5"),
    unit=PERCENT, better="higher", source=BRUTAL, by=ALL,
    advice=Text("Позвоните каждому, кто поставил 1–3: причина, исправление, ответ", "Call everyone who gave 1 to 3: the cause, the cure, an answer"),
)  # fmt: skip
def csat(surveys: Facts) -> Share:
    """Of answers of the period to the satisfaction question, those with 4 or 5. Beside it: the mean score, and where unanswered
    questions are on record, the share answered.

    Example
    -------
    surveys     question  score  at
                csat      5      01-05
                csat      4      01-06
                csat      2      01-07
                nps       9      01-07
    deals       created_at
                01-01
    result      2 / 3
    result      mean: 3.6667
    """
    asked = surveys.at("at").where(surveys.question == "csat")
    answered = asked.where(~surveys.score.is_null())
    share = answered.share(surveys.score >= 4).beside(mean=answered.mean(surveys.score).as_unit(SCORE))
    return share.beside(response_rate=asked.share(~surveys.score.is_null())) if surveys.has("asked_at") else share


@kpi(
    name=Text("Индекс лояльности NPS", "Net promoter score"),
    meaning=Text("Доля промоутеров (9–10) минус доля критиков (0–6)", "Share of promoters (9–10) less share of detractors (0–6)"),
    unit=SCORE, better="higher", source=BRUTAL, by=(MANAGER, TEAM, PRODUCT, MONTH), min_n=30,
)  # fmt: skip
def nps(surveys: Facts) -> Mean:
    """Mean of +100 for each promoter, −100 for each detractor and 0 for the rest, over the answers of the period.

    Example
    -------
    surveys     question  score  at
                nps       10     01-05
                nps       9      01-06
                nps       8      01-07
                nps       3      01-07
    deals       created_at
                01-01
    result      25
    """
    answered = surveys.at("at").where((surveys.question == "nps") & ~surveys.score.is_null())
    points = (
        nw.when(surveys.score >= 9).then(nw.lit(100.0)).otherwise(nw.when(surveys.score <= 6).then(nw.lit(-100.0)).otherwise(nw.lit(0.0)))
    )
    return answered.mean(points)


def _at_start(client_spells: Facts) -> Events:
    """Those who were clients when the period began; nobody, while no loss could show yet, or the period has not begun."""
    spells = client_spells
    can_tell = (spells.known_from_at.is_null() | (spells.known_from_at <= spells.start)) & (spells.as_of > spells.start)
    was_client = (spells.begins_at < spells.start) & (spells.lost_at.is_null() | (spells.lost_at >= spells.start))
    return spells.snapshot().where(was_client & can_tell)


@kpi(
    name=Text("Удержание клиентов", "Retention"),
    meaning=Text("Какая доля клиентов, бывших на начало периода, осталась", "Which share of the clients at the start of the period stayed"),
    unit=PERCENT, better="higher", source=BRUTAL, by=(MANAGER, TEAM, PRODUCT, MONTH), advice=KEEP,
)  # fmt: skip
def retention(client_spells: Facts) -> Share:
    """Of clients at the start of the period, those not lost in it: whoever became a client since then does not count. Without a date
    of the loss, a client is lost `clients.lost_after_days` after the last purchase.

    Example
    -------
    customers   customer_id  first_at    lost_at
                x            2025-03-01  -
                y            2025-03-01  01-15
                z            2025-03-01  2025-11-15
                w            01-10       -
    purchases   customer_id  at          amount
                x            2025-03-01  100
                y            2025-03-01  100
                z            2025-03-01  100
                w            01-10       100
    deals       created_at
                2025-03-01
    result      1 / 2
    """
    spells = client_spells
    return _at_start(spells).share(~(~spells.lost_at.is_null() & (spells.lost_at < spells.close)))


@kpi(
    name=Text("Отток клиентов", "Churn"),
    meaning=Text("Какая доля клиентов, бывших на начало периода, потеряна", "Which share of the clients at the start of the period was lost"),
    unit=PERCENT, better="lower", source=PROCESSES, by=(MANAGER, TEAM, PRODUCT, MONTH), advice=KEEP,
)  # fmt: skip
def churn(client_spells: Facts) -> Share:
    """1 − retention.

    Example
    -------
    with        clients: {lost_after_days: 90}
    deals       created_at  customer_id  contract_at
                2025-09-01  x            2025-11-20
                2025-09-01  y            2025-10-20
                2025-09-01  z            2025-09-20
    result      1 / 2
    """
    spells = client_spells
    return _at_start(spells).share(~spells.lost_at.is_null() & (spells.lost_at < spells.close))


@kpi(
    name=Text("Доля отказов", "Loss rate"),
    meaning=Text("Какая доля закрытых сделок проиграна", "Which share of the deals closed was lost"),
    unit=PERCENT, better="lower", source=BRUTAL, by=ALL,
    advice=Text("Разберите главную причину отказов и потренируйте ответ на неё", "Work on the main reason of refusal and train the answer to it"),
)  # fmt: skip
def refusal_rate(deals: Facts, non_target: Facts) -> Share:
    """Of deals closed in the period, those lost. Spam, tests and duplicates are left out; how many of them were closed stands beside.

    Example
    -------
    deals       created_at  outcome  closed_at  is_target
                01-02       won      01-20      1
                01-02       lost     01-20      1
                01-02       lost     01-21      1
                01-02       lost     01-21      0
                01-02       open     -          1
    result      2 / 3
    result      non_target: 1
    """
    deals.require_both_outcomes()
    share = deals.at("closed_at").where(deals.outcome != "open").share(deals.outcome == "lost")
    return share.beside(non_target=non_target.at("closed_at").count().as_unit(COUNT)) if non_target.has("closed_at") else share


@kpi(
    name=Text("Причины отказов", "Loss reasons"),
    meaning=Text("Почему проигрывают сделки: от частой причины к редкой", "Why deals are lost, from the frequent reason to the rare"),
    unit=COUNT, source=BRUTAL, by=(REASON,),
    advice=Text("Обучите отдел работе с возражением, которое стоит дороже всего", "Train the department on the objection that loses most"),
)  # fmt: skip
def refusal_reasons(deals: Facts) -> Table:
    """Deals lost in the period by reason, with the share of all and the running share. Also by group of reasons (`loss_reasons`), seller, stage and channel. Deals
    without a reason stand under «(not set)»; `is_explained` is false for them and for «other».

    Example
    -------
    deals       created_at  outcome  closed_at  loss_reason
                01-02       lost     01-20      Price
                01-02       lost     01-20      Price
                01-02       lost     01-21      Other
                01-02       lost     01-22      -
                01-02       won      01-22      -
    result      Price: lost=2 share=0.5 running=0.5
    result      Other: lost=1 share=0.25 is_explained=0
    """
    deals.require("loss_reason")
    deals.require_both_outcomes()
    lost = deals.at("closed_at").where(deals.outcome == "lost").count()
    return Table(
        (REASON, LOSS_GROUP, f"{MANAGER}*{REASON}", f"{LOST_STAGE}*{REASON}", f"{CHANNEL}*{REASON}"), {"lost": lost}, finish=_pareto
    )


def _pareto(frame: "pd.DataFrame") -> "pd.DataFrame":
    inner = REASON if REASON in frame else "segment"
    found = frame[frame["lost"] > 0].copy()
    groups = found["segment"] if inner == REASON else found["by"]
    found = found.assign(whole=groups).sort_values(["whole", "lost", inner], ascending=[True, False, True], ignore_index=True)
    found["share"] = found["lost"] / found.groupby("whole")["lost"].transform("sum")
    found["running"] = found.groupby("whole")["share"].cumsum()
    found["is_explained"] = ~found[inner].isin([UNSET]) & ~found[inner].str.strip().str.lower().isin(OTHER)
    return found.drop(columns="whole")


@kpi(
    name=Text("Повторные покупки", "Repeat purchase rate"),
    meaning=Text("Какая доля клиентов купила снова в течение 12 месяцев", "Which share of the clients bought again within 12 months"),
    unit=PERCENT, better="higher", source=(BRUTAL, OURS), by=(PRODUCT, CHANNEL), advice=KEEP,
)  # fmt: skip
def repeat_purchase_rate(clients: Facts) -> Share:
    """Of clients whose first twelve months ended in the period (they first bought a year before it), those who bought again in them.

    Example
    -------
    purchases   customer_id  at          amount
                x            2025-01-10  100
                x            2025-06-10  100
                y            2025-01-20  100
                y            2026-01-25  100
                z            2025-03-01  100
    deals       created_at
                2025-01-01
    result      1 / 2
    """
    again = clients.reached("second_at") & (clients.second_at <= clients.repeat_due_at)
    return clients.at("repeat_due_at").share(again)


@kpi(
    name=Text("Ценность клиента (CLV)", "Client lifetime value"),
    meaning=Text("Какая маржа ожидается от клиента в ближайшие месяцы", "Which margin is expected of a client in the months ahead"),
    unit=MONEY, better="higher", source=MEASURING, by=(CHANNEL, PRODUCT),
)  # fmt: skip
def clv(client_values: Facts) -> Mean:
    """Mean over clients at the close of the period of the margin expected within `clv.months`, discounted: purchases to come, the
    first one has been made. By BG/NBD and Gamma-Gamma, else by the simple formula (margin · mean repeat purchase · repeat purchases
    of a client in that time); what either gives stands beside. The interval does not hold the doubt about the model.

    Example
    -------
    with        clv: {months: 12, margin: 0.5, discount: 0.0}
    purchases   customer_id  at          amount
                x            2025-08-06  100
                x            2025-11-06  300
                y            2025-08-06  200
    deals       created_at
                2025-01-01
    result      153.04
    result      simple: 153.04
    """
    known = _valued(client_values)
    return known.mean_amount(client_values.value).beside(
        model=known.mean_amount(client_values.model_value), simple=known.mean_amount(client_values.simple_value)
    )


def _valued(client_values: Facts) -> Events:
    """Clients as they were valued at the close: there is no such value for an earlier period."""
    return client_values.snapshot().where(client_values.closes_s == client_values.close_s)


@kpi(
    name=Text("Стоимость привлечения клиента (CAC)", "Customer acquisition cost"),
    meaning=Text("Расходы на рекламу на одного нового клиента", "Advertising spend per new client"),
    unit=MONEY, better="lower", source=(MEASURING, FURNITURE), by=(CHANNEL, MONTH),
)  # fmt: skip
def cac(spend: Facts, clients: Facts) -> Ratio:
    """Spend of the period over clients whose first purchase lies in it; without spend on record it is unknown, not free.

    Example
    -------
    spend       date   amount
                01-05  900
    deals       created_at  customer_id  contract_at
                01-02       x            01-10
                01-02       y            01-12
                2025-01-02  z            2025-02-01
                01-02       z            01-20
    result      450
    """
    return Ratio({"k": spend.at("at").amount(value=spend.amount), "n": clients.at("first_at").amount()}, is_null_at_zero=True)


@kpi(
    name=Text("CLV к CAC", "CLV to CAC"),
    meaning=Text("Во сколько раз ценность клиента больше его стоимости", "How many times a client's value exceeds the cost of winning one"),
    unit=RATIO, better="higher", source=MEASURING, by=(CHANNEL,),
)  # fmt: skip
def clv_to_cac(client_values: Facts, spend: Facts, clients: Facts) -> Ratio:
    """Mean value of a client's purchases to come, over spend per new client of the period. Beside it: the same with the margin of
    the new clients' first purchase, which the spend has bought as well.

    Example
    -------
    with        clv: {months: 12, margin: 0.5, discount: 0.0}
    spend       date   amount
                01-05  100
    purchases   customer_id  at          amount
                x            2025-08-06  100
                x            2025-11-06  300
                y            01-06       200
    deals       created_at
                2025-01-01
    result      2.6726
    result      with_first: 3.6726
    """
    known = _valued(client_values)
    new = clients.at("first_at")
    amounts = {
        "value": known.amount(value=client_values.value),
        "known": known.amount(~client_values.value.is_null()),
        "margin": known.amount(~client_values.value.is_null(), client_values.margin),
        "spend": spend.at("at").amount(value=spend.amount),
        "n": new.amount(),
        "first": new.amount(value=clients.first_amount),
    }
    ratio = Formula(amounts, compute=_clv_to_cac, is_current_only=True)
    return ratio.beside(with_first=Formula(amounts, compute=_with_first, is_current_only=True))  # type: ignore[return-value]


def _clv_to_cac(frame: "pd.DataFrame", window: Window) -> "pd.DataFrame":
    cost = frame["spend"].where(frame["spend"] > 0) / frame["n"].where(frame["n"] > 0)
    return frame.assign(value=frame["value"] / frame["known"].where(frame["known"] > 0) / cost)[["value", "n"]]


def _with_first(frame: "pd.DataFrame", window: Window) -> "pd.DataFrame":
    known = frame["known"].where(frame["known"] > 0)
    worth = frame["value"] / known + frame["margin"] / known * frame["first"] / frame["n"].where(frame["n"] > 0)
    return frame.assign(value=worth / (frame["spend"].where(frame["spend"] > 0) / frame["n"]))[["value", "n"]]
