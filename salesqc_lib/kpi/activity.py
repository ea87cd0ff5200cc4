"""Activity and calls: how much the department does, and how much of it reaches a person."""

from typing import TYPE_CHECKING

from salesqc_lib.facts import Count, Events, Facts, Mean, Ratio, Share, Table
from salesqc_lib.kpi.card import CHANNEL, HOUR, MANAGER, MONTH, TEAM, WEEK, kpi
from salesqc_lib.kpi.levels import levels
from salesqc_lib.sources import AMOCRM, BRUTAL, MEASURING
from salesqc_lib.units import COUNT, DAY, DURATION, PER_1000, PERCENT, RATIO
from salesqc_lib.words import Text

if TYPE_CHECKING:
    import pandas as pd

OPENED_DAYS = 14
OFTEN = (MANAGER, TEAM, WEEK, MONTH)


def _per_day(events: Events, seller_days: Facts) -> Ratio:
    """How many of them a seller does on a working day."""
    return events.amount() / seller_days.at("at").amount()


@kpi(
    name=Text("Звонки", "Calls"),
    meaning=Text("Сколько звонков сделано и принято за период", "How many calls were made and taken during the period"),
    unit=COUNT, better="higher", source=(BRUTAL, MEASURING), by=OFTEN,
    advice=Text("Разберите с менеджером план звонков на день: коучинг, а не нагоняй", "Go through the day's plan of calls with the seller: coaching, not a dressing-down"),
)  # fmt: skip
def calls(activities: Facts, seller_days: Facts) -> Count:
    """All calls of the period, in and out, whatever their result. Beside it: outgoing ones, and calls of a seller on a working day.

    Example
    -------
    activities  kind   at           manager  direction  deal_id
                call   01-05T10:00  Ann      out        1
                call   01-05T11:00  Ann      in         1
                call   01-06T10:00  Ann      out        2
                email  01-06T12:00  Ann      out        2
                call   12-30T10:00  Ann      out        1
    deals       created_at
                12-29
                01-06
    result      3
    result      outgoing: 2
    """
    made = activities.at("at").where(activities.kind == "call")
    beside = {"outgoing": made.count(activities.direction == "out")} if activities.has("direction") else {}
    return made.count().beside(**beside, **({"per_day": _per_day(made, seller_days).as_unit(RATIO)} if seller_days.has("at") else {}))


@kpi(
    name=Text("Встречи", "Meetings"),
    meaning=Text("Сколько встреч проведено за период", "How many meetings were held during the period"),
    unit=COUNT, better="higher", source=(BRUTAL, MEASURING), by=OFTEN,
)  # fmt: skip
def meetings(activities: Facts) -> Count:
    """Meetings of the period in the log of activities; one that was missed or declined was not held.

    Example
    -------
    activities  kind     at           result  direction
                meeting  01-05T10:00  -       out
                meeting  01-06T10:00  missed  out
                call     01-05T10:00  -       out
    deals       created_at
                01-01
    result      1
    """
    held = activities.at("at").where(activities.kind == "meeting")
    return held.count(activities.result.is_null() | ~activities.result.is_in(["missed", "declined"]) if activities.has("result") else None)


@kpi(
    name=Text("Письма и сообщения", "E-mails and messages"),
    meaning=Text("Сколько писем и сообщений сотрудники отправили сами", "How many e-mails and messages people sent themselves"),
    unit=COUNT, better="higher", source=MEASURING, by=OFTEN,
)  # fmt: skip
def emails(activities: Facts) -> Count:
    """Outgoing e-mails and messages of the period; automatic ones and mailings do not count.

    Example
    -------
    activities  kind     at     direction  is_automatic
                email    01-05  out        0
                message  01-05  out        0
                email    01-05  out        1
                email    01-05  in         0
    deals       created_at
                01-01
    result      2
    """
    return activities.at("at").count(activities.kind.is_in(["email", "message"]) & activities.is_attempt)


@kpi(
    name=Text("Дозвон", "Reach rate"),
    meaning=Text("Какая доля исходящих звонков стала разговором", "Which share of the outgoing calls became a conversation"),
    unit=PERCENT, better="higher", source=(BRUTAL, AMOCRM), by=(MANAGER, TEAM, HOUR),
    advice=Text("Перенесите обзвон на часы, когда чаще берут трубку, и проверьте номера", "Move the calls to the hours when people pick up, and check the numbers"),
)  # fmt: skip
def conversation_rate(activities: Facts) -> Share:
    """Of outgoing calls by people, those with a conversation: by its result, and at least `activity.conversation_seconds` long, as
    far as either is on record. A call of which neither is, is left out.

    Example
    -------
    activities  kind  at     direction  result        duration_s
                call  01-05  out        conversation  95
                call  01-05  out        conversation  12
                call  01-06  out        no_answer     0
                call  01-06  out        -             -
                call  01-07  in         conversation  60
    deals       created_at
                01-01
    result      1 / 3
    """
    made = activities.at("at").where((activities.kind == "call") & activities.is_attempt & ~activities.is_conversation.is_null())
    return made.share(activities.is_conversation)


@kpi(
    name=Text("Контакты на 1000 звонков", "Contacts per 1000 calls"),
    meaning=Text("Сколько из тысячи звонков новым людям дали новую сделку", "How many of a thousand calls to people never reached before opened a deal"),
    unit=PER_1000, better="higher", source=AMOCRM, by=(MANAGER, TEAM, CHANNEL), kind="share ×1000", min_n=100,
)  # fmt: skip
def contacts_per_1000_calls(first_calls: Facts) -> Share:
    """Of outgoing calls to people with whom nobody had spoken before, those with a conversation after which a deal of theirs was
    qualified, or a key event set, within 14 days. Calls younger than that at the export are left out.

    Example
    -------
    activities  kind  at           direction  result        customer_id
                call  01-05T10:00  out        no_answer     x
                call  01-05T12:00  out        conversation  x
                call  01-06T10:00  out        conversation  x
                call  01-07T10:00  out        conversation  y
                call  01-30T10:00  out        conversation  z
    deals       created_at   customer_id  qualified_at
                01-05T09:00  x            01-10
                01-05T09:00  y            01-28
    result      1 / 3
    """
    ripe = first_calls.observed_s - first_calls.seconds("at") >= OPENED_DAYS * DAY
    opened = (
        first_calls.is_conversation & first_calls.reached("opened_at") & (first_calls.opened_at_s - first_calls.at_s <= OPENED_DAYS * DAY)
    )
    return first_calls.at("at").where(ripe).share(opened).per_1000()


@kpi(
    name=Text("Длина разговора", "Talk time"),
    meaning=Text("Сколько в среднем длится разговор", "How long a conversation lasts on average"),
    unit=DURATION, source=BRUTAL, by=(MANAGER, TEAM),
)  # fmt: skip
def talk_time(activities: Facts, seller_days: Facts) -> Mean:
    """Mean length of calls with a conversation, in and out. Beside it: how long a seller talks on a working day.

    Example
    -------
    activities  kind  at     direction  duration_s
                call  01-05  out        60
                call  01-05  in         180
                call  01-05  out        4
    deals       created_at
                01-01
    result      120 s
    """
    talks = activities.at("at").where((activities.kind == "call") & activities.is_conversation)
    mean = talks.mean(activities.duration_s)
    if not seller_days.has("at"):
        return mean
    return mean.beside(per_day=talks.amount(value=activities.duration_s) / seller_days.at("at").amount())


@kpi(
    name=Text("Касаний на сделку", "Touches per deal"),
    meaning=Text("Сколько контактов приходится на закрытую сделку", "How many human contacts a closed deal took"),
    unit=RATIO, source=AMOCRM, by=(MANAGER, TEAM, CHANNEL),
)  # fmt: skip
def touches_per_deal(deals: Facts) -> Mean:
    """Mean number of human contacts up to the closing, of deals closed in the period; won and lost apart beside it.

    Example
    -------
    deals       deal_id  created_at  outcome  closed_at
                1        01-02       won      01-20
                2        01-02       lost     01-10
                3        01-02       open     -
    activities  deal_id  kind     at     direction
                1        call     01-03  out
                1        meeting  01-08  out
                1        email    01-21  out
                2        call     01-04  out
                2        call     01-05  in
    result      1.5
    result      won: 2
    result      lost: 1
    """
    closed = deals.logged(deals.at("closed_at").where(deals.outcome != "open"))
    won, lost = (closed.where(deals.outcome == outcome).mean(deals.efforts) for outcome in ("won", "lost"))
    return closed.mean(deals.efforts).beside(won=won, lost=lost)


@kpi(
    name=Text("Активность и результат", "Activity and result"),
    meaning=Text("Сколько менеджер делает и что из этого выходит", "How much a seller does, and what comes of it"),
    unit=COUNT, source=(BRUTAL, AMOCRM), by=(MANAGER,),
    advice=Text("Много активности без результата — слушайте записи и меняйте предложение; мало активности — помогайте с планом дня", "Much activity without a result: listen to the recordings and work on the offer; little activity: help with the plan of the day"),
)  # fmt: skip
def activity_vs_result(activities: Facts, deals: Facts, seller_days: Facts) -> Table:
    """Human outgoing activities a working day beside lead → contract of the period's leads, by seller. The quadrant says above or
    below the median seller's activity, and above or below the others' conversion only where that is certain.

    Example
    -------
    deals       deal_id  created_at  manager  contract_at
                1        01-02       Ann      01-20
                2        01-02       Bob      -
    activities  deal_id  kind  at     direction  manager
                1        call  01-05  out        Ann
                1        call  01-06  out        Ann
                2        call  01-05  out        Bob
    result      Ann: activities=2 per_day=1 lead_to_contract=1
    result      Bob: activities=1 per_day=1 lead_to_contract=0
    """
    done = activities.at("at").where(activities.is_attempt)
    columns = {
        "activities": done.count(),
        "per_day": _per_day(done, seller_days),
        "lead_to_contract": deals.at("created_at").share(deals.reached("contract_at")),
    }
    return Table((MANAGER,), columns, finish=_quadrants)


def _quadrants(frame: "pd.DataFrame") -> "pd.DataFrame":
    busy = ["above" if value > frame["per_day"].median() else "below" for value in frame["per_day"]]
    result = levels(frame["lead_to_contract_k"], frame["lead_to_contract_n"])
    return frame.assign(per_day_level=busy, lead_to_contract_level=result)
