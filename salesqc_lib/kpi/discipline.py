"""Discipline: is the CRM kept so that it can be trusted, and does every deal have a next step."""

from typing import TYPE_CHECKING

from salesqc_lib.facts import UNSET, Events, Facts, Share, Table
from salesqc_lib.kpi.card import CHANNEL, FIELD, MANAGER, PIPELINE, STAGE, TEAM, kpi
from salesqc_lib.sources import BRUTAL, FURNITURE, OURS
from salesqc_lib.units import COUNT, DAY, PERCENT
from salesqc_lib.words import Text

if TYPE_CHECKING:
    import pandas as pd

BY = (MANAGER, TEAM)
HOURS_48 = 2 * DAY
USUAL_DAYS = 28


def _open_now(stays: Facts) -> Events:
    """The pieces of open life that hold the close of the period: one for each deal that was open then."""
    return stays.snapshot().where((stays.begins_at_s <= stays.close_s) & (stays.ends_at_s > stays.close_s))


@kpi(
    name=Text("Сделки без задачи", "Open deals without a task"),
    meaning=Text("У какой доли открытых сделок нет открытой задачи", "Which share of the open deals has no open task"),
    unit=PERCENT, better="lower", source=FURNITURE, by=(MANAGER, TEAM, STAGE),
    advice=Text("Правило: у каждой открытой сделки есть следующая задача; проверяйте список каждое утро", "The rule: every open deal has a next task; check the list every morning"),
)  # fmt: skip
def no_next_task(open_stays: Facts, untasked: Facts) -> Share:
    """Snapshot at the close: of open deals, those for which no task was open.

    Example
    -------
    deals       deal_id  created_at  outcome  closed_at
                1        01-02       open     -
                2        01-02       open     -
                3        01-02       open     -
                4        01-02       lost     01-10
    tasks       deal_id  created_at  due_at  completed_at
                1        01-03       01-20   -
                2        01-03       01-05   01-05
    result      2 / 3
    """
    return Share({"k": _open_now(untasked).amount(), "n": _open_now(open_stays).amount()})


@kpi(
    name=Text("Просроченные задачи", "Overdue tasks"),
    meaning=Text("Какая доля задач выполнена с опозданием или не выполнена", "Which share of the tasks was done late or not at all"),
    unit=PERCENT, better="lower", source=FURNITURE, by=BY,
    advice=Text("Меньше задач, но в срок: разберите просроченные вместе с менеджером", "Fewer tasks, but on time: go through the overdue ones with the seller"),
)  # fmt: skip
def overdue_tasks(tasks: Facts) -> Share:
    """Of tasks due in the period, those done after their term or not done by the export.

    Example
    -------
    tasks       created_at  due_at       completed_at
                01-02       01-05T18:00  01-05T17:00
                01-02       01-05T18:00  01-06T09:00
                01-02       01-07T18:00  -
                01-02       12-20T18:00  -
    deals       created_at
                01-01
    result      2 / 3
    """
    return tasks.at("due_at").share(~(tasks.reached("completed_at") & (tasks.completed_at <= tasks.due_by)))


@kpi(
    name=Text("Забытые сделки", "Left-alone deals"),
    meaning=Text("По какой доле открытых сделок давно ничего не делают", "In which share of the open deals nothing has been done for long"),
    unit=PERCENT, better="lower", source=OURS, by=(MANAGER, TEAM, STAGE),
    advice=Text("Разберите забытые: вернуть в работу или закрыть с причиной", "Go through the left-alone deals: back to work, or closed with a reason"),
)  # fmt: skip
def idle_deals(open_stays: Facts, idle: Facts) -> Share:
    """Snapshot at the close: of open deals, those without human activity for `hygiene.idle_days` (from the creation, where there was
    none at all).

    Example
    -------
    with        hygiene: {idle_days: 10}
    deals       deal_id  created_at  outcome  closed_at
                1        01-02       open     -
                2        01-02       open     -
                3        01-28       open     -
    activities  deal_id  kind  at     direction
                1        call  01-25  out
                2        call  01-05  out
    result      1 / 3
    """
    # of deals whose seller's activities are written down elsewhere, nobody knows
    known = _open_now(open_stays).where(open_stays.is_watched) if open_stays.has("is_watched") else _open_now(open_stays)
    return Share({"k": _open_now(idle).amount(), "n": known.amount()})


@kpi(
    name=Text("Заполнение полей", "Fields filled"),
    meaning=Text("Какая доля обязательных полей сделки заполнена", "Which share of a deal's required fields is filled"),
    unit=PERCENT, better="higher", source=OURS, by=(MANAGER, TEAM, FIELD),
    advice=Text("Сделайте поля обязательными на этапах, где они нужны", "Make the fields mandatory on the stages where they are needed"),
)  # fmt: skip
def fields_filled(deal_fields: Facts) -> Share:
    """Of the required fields (`hygiene.required_fields`) of deals created in the period, those filled.

    Example
    -------
    with        hygiene: {required_fields: [channel, amount]}
    deals       created_at  channel  amount
                01-02       site     100
                01-03       -        0
    result      2 / 4
    """
    return deal_fields.at("created_at").share(deal_fields.is_filled)


@kpi(
    name=Text("Отказы без причины", "Losses without a reason"),
    meaning=Text("У какой доли проигранных сделок не указана причина", "Which share of the lost deals has no loss reason"),
    unit=PERCENT, better="lower", source=BRUTAL, by=BY,
    advice=Text("Запретите закрывать сделку без причины и уберите «другое» из списка", "Allow no closing without a reason, and take “other” off the list"),
)  # fmt: skip
def reason_missing(deals: Facts) -> Share:
    """Of deals lost in the period, those without a loss reason.

    Example
    -------
    deals       created_at  outcome  closed_at  loss_reason
                01-02       lost     01-20      Price
                01-02       lost     01-20      -
                01-02       won      01-20      -
    result      1 / 2
    """
    return deals.at("closed_at").where(deals.outcome == "lost").share(deals.loss_reason == UNSET)


@kpi(
    name=Text("Дата закрытия в прошлом", "Close date in the past"),
    meaning=Text("У какой доли открытых сделок ожидаемая дата закрытия прошла", "Which share of the open deals has an expected close date in the past"),
    unit=PERCENT, better="lower", source=OURS, by=BY,
)  # fmt: skip
def past_close_date(open_stays: Facts) -> Share:
    """Snapshot at the close: of open deals, those whose expected close date had passed; one without a date has none to pass.

    Example
    -------
    deals       created_at  outcome  closed_at  expected_close_at
                01-02       open     -          01-20
                01-02       open     -          02-20
                01-02       open     -          -
                01-02       won      01-10      01-05
    result      1 / 3
    """
    return _open_now(open_stays).share(open_stays.expected_close_at < open_stays.close)


@kpi(
    name=Text("Перескоки этапов", "Skipped stages"),
    meaning=Text("Какая доля двигавшихся сделок перескочила этап", "Which share of the deals that moved jumped over a stage"),
    unit=PERCENT, better="lower", source=FURNITURE, by=(MANAGER, TEAM, PIPELINE),
)  # fmt: skip
def skipped_stages(moves: Facts) -> Share:
    """Of deals that moved in the period, those that jumped over at least one stage of their pipeline, in the order of the stage map.
    A deal that moved in two pipelines counts in each.

    Example
    -------
    with         stages: {New: lead, Good: qualified, Set: key_event_set, Lost: lost}
    deals        deal_id  created_at
                 1        01-01
                 2        01-01
                 3        01-01
    stage_events deal_id  at     stage
                 1        01-01  New
                 1        01-05  Set
                 2        01-01  New
                 2        01-05  Good
                 2        01-06  Set
                 3        01-01  New
    result       1 / 2
    """
    start = moves.start
    moved = moves.at("at").amount(moves.previous_at.is_null() | (moves.previous_at < start))
    skipped = moves.at("at").amount(moves.is_skip & (moves.previous_skip_at.is_null() | (moves.previous_skip_at < start)))
    return Share({"k": skipped, "n": moved})


@kpi(
    name=Text("Дубли", "Duplicates"),
    meaning=Text("Какая доля заявок — от клиента, у которого уже есть открытая сделка", "Which share of the leads came from a client who had an open deal already"),
    unit=PERCENT, better="lower", source=OURS, by=(CHANNEL,),
    advice=Text("Включите проверку телефона и почты при создании сделки", "Check phone and e-mail when a deal is created"),
)  # fmt: skip
def duplicates(deals: Facts) -> Share:
    """Of leads created in the period, those whose customer (by number, phone or e-mail) had another deal open at that moment.

    Example
    -------
    deals       created_at   customer_id  outcome  closed_at
                01-02        x            open     -
                01-05        x            open     -
                01-02        y            lost     01-03
                01-05        y            open     -
                01-05        -            open     -
    result      1 / 5
    """
    return deals.at("created_at").share(deals.is_duplicate)


@kpi(
    name=Text("Подозрительные правки", "Suspicious edits"),
    meaning=Text("Следы подгонки данных: массовые переносы, уборка перед выгрузкой, даты задним числом, звонки-пустышки", "Traces of made-up data: mass moves, a clean-up before the export, back-dating, empty calls"),
    unit=COUNT, source=OURS, by=(MANAGER,),
)  # fmt: skip
def suspicious_edits(deals: Facts, moves: Facts, short_calls: Facts) -> Table:
    """By seller: moves of the period among ten or more by one hand within a minute; deals closed within 48 hours before the export,
    beside the usual number in 48 hours (over the four weeks before); deals created in the period whose closing or contract was
    dated before their creation; calls of the period under five seconds, five or more within ten minutes. Each may have a good reason: look first.

    Example
    -------
    deals       deal_id  created_at  manager  outcome  closed_at
                1        01-10       Ann      lost     01-31
                2        01-10       Ann      lost     01-05
                3        01-10       Bob      lost     01-20
    result      Ann: late_closings=1 back_dated=1
    result      Bob: late_closings=0 back_dated=0
    """
    before = deals.observed_s - deals.seconds("closed_at")
    closed = deals.snapshot().where((deals.outcome != "open") & (before >= 0))
    back_dated = deals.closed_at < deals.created_at
    if deals.has("contract_at"):
        back_dated = back_dated | (deals.contract_at < deals.created_at)
    columns = {
        "late_closings": closed.count(before <= HOURS_48),
        "usual_closings": closed.count((before > HOURS_48) & (before <= HOURS_48 + USUAL_DAYS * DAY)),
        "back_dated": deals.at("created_at").count(back_dated),
    }
    if moves.has("is_mass"):
        columns["mass_moves"] = moves.at("at").count(moves.is_mass)
    if short_calls.has("at"):
        columns["short_calls"] = short_calls.at("at").count()
    return Table((MANAGER,), columns, finish=_in_48_hours)


def _in_48_hours(frame: "pd.DataFrame") -> "pd.DataFrame":
    """What is usual in four weeks, as usual in 48 hours."""
    return frame.assign(usual_closings=frame["usual_closings"] * HOURS_48 / (USUAL_DAYS * DAY))
