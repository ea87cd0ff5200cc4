"""Speed. Only a human outgoing contact answers a lead: no automatic reply, no mailing, no call without a conversation. Deals of a bulk
import are left out: when they came in, nobody knows.

The clock of a response runs in the client's working calendar where there is one; the plain-hours figure stands beside it.
"""

from salesqc_lib.facts import Count, Facts, Share, Table, Time
from salesqc_lib.kpi.card import BUCKET, CHANNEL, HOUR, MANAGER, MONTH, PRODUCT, STAGE, TEAM, WEEK, kpi
from salesqc_lib.params.model import Calendar, Hygiene, Targets
from salesqc_lib.sources import AMOCRM, BRUTAL, MEASURING, OURS, PROCESSES
from salesqc_lib.units import COUNT, DURATION, PERCENT
from salesqc_lib.units import HOUR as AN_HOUR
from salesqc_lib.words import Text

AUTOMATE = Text(
    "Автоматизируйте распределение заявок и поставьте уведомление о заявке без ответа",
    "Automate the distribution of leads and raise an alarm for a lead without an answer",
)


@kpi(
    name=Text("Первый ответ", "First answer"),
    meaning=Text("Через сколько на заявку отвечает человек: медиана", "How long until a person answers a lead: the median"),
    unit=DURATION, better="lower", source=(BRUTAL, AMOCRM), by=(MANAGER, TEAM, CHANNEL, WEEK, MONTH, HOUR), advice=AUTOMATE,
)  # fmt: skip
def first_response_time(deals: Facts, calendar: Calendar | None) -> Time:
    """Lead created → first human contact: Kaplan-Meier median, the 90th percentile beside it. A lead still unanswered is
    censored at the export, a lost one at its loss.

    Example
    -------
    deals       deal_id  created_at
                1        01-05T10:00
                2        01-05T10:00
                3        01-05T10:00
    activities  deal_id  kind  at           direction
                1        call  01-05T11:00  out
                2        call  01-05T13:00  out
                3        call  01-05T12:00  in
    result      3 h
    """
    created = deals.answerable()
    lost = "closed_at" if deals.has("closed_at") and deals.has("outcome") else ""
    time = created.time("first_contact_at", lost=lost, working=True)
    time = time.beside(p90=created.time("first_contact_at", lost=lost, working=True, q=0.9))
    return time.beside(plain=created.time("first_contact_at", lost=lost, in_hours=True)) if calendar else time


@kpi(
    name=Text("Ответ в течение часа", "Answered within one hour"),
    meaning=Text("Какая доля заявок получила ответ в срок", "Which share of the leads was answered in time"),
    unit=PERCENT, better="higher", source=AMOCRM, by=(MANAGER, TEAM, CHANNEL, WEEK, MONTH, HOUR), advice=AUTOMATE,
)  # fmt: skip
def answered_within_1h(deals: Facts, targets: Targets, calendar: Calendar | None) -> Share:
    """Of leads created in the period, those answered within `targets.first_response`. An unanswered lead counts against; one
    younger than the limit at the export is left out.

    Example
    -------
    deals       deal_id  created_at
                1        01-05T10:00
                2        01-05T10:00
                3        01-05T10:00
                4        01-31T23:30
    activities  deal_id  kind   at           direction  is_automatic
                1        call   01-05T10:30  out        0
                2        call   01-05T13:00  out        0
                3        email  01-05T10:01  out        1
    result      1 / 3
    """

    def answered(*, working: bool) -> Share:
        ripe = deals.waited(working=working) >= targets.first_response
        in_time = deals.response(working=working) <= targets.first_response
        return deals.answerable().where(ripe).share(deals.reached("first_contact_at") & in_time)

    share = answered(working=True)
    return share.beside(plain=answered(working=False)) if calendar else share


@kpi(
    name=Text("Заявки без ответа", "Never answered"),
    meaning=Text("Какая доля заявок так и осталась без ответа человека", "Which share of the leads no person ever answered"),
    unit=PERCENT, better="lower", source=AMOCRM, by=(MANAGER, TEAM, CHANNEL), advice=AUTOMATE,
)  # fmt: skip
def never_answered(deals: Facts, targets: Targets) -> Share:
    """Of leads created in the period and older than `targets.never_after` (plain hours), those without any human contact.

    Example
    -------
    deals       deal_id  created_at
                1        01-05T10:00
                2        01-05T10:00
                3        01-31T12:00
    activities  deal_id  kind  at           direction
                1        call  01-15T10:30  out
    result      1 / 2
    """
    old = deals.answerable().where(deals.waited() > targets.never_after)
    return old.share(~deals.reached("first_contact_at"))


@kpi(
    name=Text("Конверсия по скорости ответа", "Conversion by speed of answer"),
    meaning=Text("Как конверсия в договор зависит от скорости первого ответа", "How the conversion to a contract goes with the speed of the first answer"),
    unit=PERCENT, source=AMOCRM, by=(BUCKET,),
)  # fmt: skip
def conversion_by_response(deals: Facts, targets: Targets) -> Table:
    """Lead → contract of the period's leads by the time of their first answer; unanswered leads younger than
    `targets.never_after` are left out.

    Example
    -------
    deals       deal_id  created_at   contract_at
                1        01-05T10:00  01-20
                2        01-05T10:00  -
                3        01-05T10:00  -
    activities  deal_id  kind  at           direction
                1        call  01-05T10:03  out
                2        call  01-05T10:04  out
    result      a_5min: lead_to_contract=0.5 lead_to_contract_n=2
    result      e_never: lead_to_contract=0
    """
    old = deals.answerable().where(deals.reached("first_contact_at") | (deals.waited() > targets.never_after))
    old.facts.require(BUCKET)
    return Table((BUCKET,), {"lead_to_contract": old.share(deals.reached("contract_at"))})


@kpi(
    name=Text("Пропущенные звонки", "Missed calls"),
    meaning=Text("Какая доля входящих звонков осталась без ответа", "Which share of the inbound calls was not answered"),
    unit=PERCENT, better="lower", source=OURS, by=(MANAGER, TEAM, HOUR),
    advice=Text("Перераспределите смены на часы пропусков и перезванивайте в течение часа", "Move shifts to the hours of missed calls and call back within the hour"),
)  # fmt: skip
def missed_calls(activities: Facts, missed: Facts) -> Share:
    """Of inbound calls in the period whose result is known, those unanswered; beside it, of the missed calls older than an
    hour, those called back within one hour.

    Example
    -------
    deals       created_at
                01-01
    activities  kind  at           direction  result        customer_id
                call  01-05T10:00  in         missed        x
                call  01-05T10:30  out        conversation  x
                call  01-05T11:00  in         missed        y
                call  01-05T12:00  in         conversation  z
    result      2 / 3
    result      called_back: 1 / 2
    """
    inbound = activities.at("at").where((activities.kind == "call") & (activities.direction == "in") & ~activities.is_answered.is_null())
    share = inbound.share(~activities.is_answered)
    if not missed.has("is_called_back"):
        return share
    ripe = missed.observed_s - missed.seconds("at") >= AN_HOUR
    return share.beside(called_back=missed.at("at").where(ripe).share(missed.is_called_back))


@kpi(
    name=Text("Время до договора", "Time to contract"),
    meaning=Text("Сколько проходит от первого контакта до договора: медиана по тем, кто подпишет", "How long from first contact to contract: the median of those that sign"),
    unit=DURATION, better="lower", source=(BRUTAL, PROCESSES, MEASURING), by=(MANAGER, TEAM, CHANNEL, PRODUCT, MONTH),
)  # fmt: skip
def sales_cycle(deals: Facts) -> Time:
    """Leads created in the period, from first contact (or creation) to the contract: Aalen-Johansen, a loss competes, open deals
    are censored. Beside it, for comparison with a CRM: the plain mean over contracts signed in the period, which is biased low.

    Example
    -------
    deals       deal_id  created_at  contract_at  outcome  closed_at
                1        01-02       01-12        won      01-12
                2        01-02       -            open     -
                3        01-02       -            lost     01-05
                4        01-02       01-22        won      01-22
    result      10 d
    result      naive: 15 d
    """
    cycle = deals.arrivals().time("contract_at", start="cycle_from_at", lost="closed_at", is_competing=True)
    signed = deals.at("contract_at").where(deals.between("cycle_from_at", "contract_at") >= 0)
    if deals.has("is_imported"):
        signed = signed.where(~deals.is_imported)
    return cycle.beside(naive=signed.mean(deals.between("cycle_from_at", "contract_at")))


@kpi(
    name=Text("Время на этапе", "Time in stage"),
    meaning=Text("Сколько сделка проводит на этапе: медиана", "How long a deal stays in a stage: the median"),
    unit=DURATION, better="lower", source=BRUTAL, by=(STAGE, MANAGER, PRODUCT),
    advice=Text("Найдите, чего ждёт сделка на самом долгом этапе, и уберите это ожидание", "Find what a deal waits for on the slowest stage and remove it"),
)  # fmt: skip
def stage_duration(stage_entries: Facts) -> Time:
    """Entering a stage in the period → leaving it by whichever way (a loss leaves it too): Kaplan-Meier median; deals still
    there are censored at the export.

    Example
    -------
    with         stages: {New: lead, Lost: lost}
    deals        deal_id  created_at
                 1        01-01
                 2        01-01
                 3        01-01
    stage_events deal_id  at     stage
                 1        01-01  New
                 1        01-03  Lost
                 2        01-01  New
                 2        01-07  Lost
                 3        01-01  New
    result       6 d
    """
    return stage_entries.at("at").time("left_at")


@kpi(
    name=Text("Застрявшие сделки", "Stuck deals"),
    meaning=Text("Сколько открытых сделок стоит на этапе гораздо дольше обычного", "How many open deals have been in their stage far longer than usual"),
    unit=COUNT, better="lower", source=(BRUTAL, OURS), by=(STAGE, MANAGER),
    advice=Text("Разберите список застрявших: следующий шаг или закрытие с причиной", "Go through the stuck deals: a next step, or a loss with its reason"),
)  # fmt: skip
def stuck_deals(stage_entries: Facts, hygiene: Hygiene) -> Count:
    """Snapshot at the close: open deals in their stage for longer than `hygiene.stage_age_factor` medians of that stage (over the
    whole history). A stage whose median is not known has no yardstick and counts none.

    Example
    -------
    with         stages: {New: lead, Good: qualified}
    deals        deal_id  created_at
                 1        01-01
                 2        01-01
                 3        01-01
    stage_events deal_id  at     stage
                 1        01-01  New
                 1        01-03  Good
                 2        01-01  New
                 2        01-05  Good
                 3        01-01  New
    result       1
    """
    entries = stage_entries
    is_there = (entries.at_s <= entries.close_s) & (entries.left_at.is_null() | (entries.left_at > entries.close))
    is_open = (entries.outcome == "open") | (entries.closed_at > entries.close)
    is_old = entries.close_s - entries.at_s > hygiene.stage_age_factor * entries.stage_median_s
    return entries.snapshot().count(is_there & is_open & is_old)
