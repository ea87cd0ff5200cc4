"""What to do about a finding: the advice of the texts that this audit stands on, as data."""

from dataclasses import dataclass

from salesqc_lib.findings.finding import Rule
from salesqc_lib.kpi.card import CHANNEL, HOUR, MANAGER, STAGE, TEAM
from salesqc_lib.sources import AMOCRM, BRUTAL, FURNITURE, MEASURING, PRACTICE, PROCESSES, Source
from salesqc_lib.words import Text

HEAD = Text("Руководитель отдела продаж", "Head of sales")
MARKETING = Text("Маркетинг", "Marketing")
ADMIN = Text("Администратор CRM", "CRM administrator")
QUALITY = Text("Контроль качества", "Quality control")
OWNER = Text("Собственник", "Owner of the company")


@dataclass(frozen=True)
class Trigger:
    """A finding that calls for the action: its measure, where it stands (any breakdown if empty), and by which rule.

    `profile`: only for a seller whom a table of the catalogue places so («strong opener»). `reason`: only for that practice which is absent.
    """

    kpi: str
    by: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ("peers", "target", "norm", "past")
    profile: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Action:
    """One action. `effort`: working days of whoever does it. `horizon`: days until it should be in place, 30, 60 or 90.

    `check`: the measure by which one will know; empty for that of the finding.
    """

    id: str
    title: Text
    how: Text
    owner: Text
    effort: float
    horizon: int
    source: Source
    when: tuple[Trigger, ...]
    check: str = ""


DEPARTMENT = ("",)
ACTIONS = (
    Action(
        "distribute_leads",
        Text("Распределять заявки автоматически и следить за ответом в течение часа", "Distribute leads automatically and see that each is answered within the hour"),
        Text("Новая заявка сразу попадает к свободному менеджеру; без ответа за час она уходит другому, а руководитель получает уведомление.", "A new lead goes to a free seller at once; unanswered for an hour, it passes to another, and the head of sales is told."),
        HEAD, 3, 30, BRUTAL,
        (Trigger("first_response_time"), Trigger("answered_within_1h"), Trigger("never_answered")), "answered_within_1h",
    ),
    Action(
        "follow_up_cadence",
        Text("Ввести цепочку повторных контактов после отказа и недозвона", "Introduce a cadence of follow-ups after a refusal or no answer"),
        Text("Пять касаний за две недели разными каналами, задача на каждое ставится автоматически; отказ «сейчас не нужно» возвращается через 30 дней.", "Five touches in two weeks through different channels, each with its automatic task; a “not now” comes back in 30 days."),
        HEAD, 4, 30, AMOCRM,
        (Trigger("one_and_done"), Trigger("followed_up_after_refusal")), "one_and_done",
    ),
    Action(
        "train_closing",
        Text("Разобрать записи встреч и потренировать закрытие сделки", "Listen to the meetings and train the closing"),
        Text("Прослушать пять встреч, закончившихся отказом, найти место, где теряется договор, и отработать его в паре с тем, кто закрывает лучше.", "Listen to five meetings that ended in a refusal, find the place where the contract is lost, and practise it with somebody who closes better."),
        HEAD, 5, 60, AMOCRM,
        (Trigger("key_event_to_contract"), Trigger("win_rate", (MANAGER, TEAM, "")),), "key_event_to_contract",
    ),
    Action(
        "place_openers_and_closers",
        Text("Развести роли: кто открывает, кто закрывает", "Divide the roles: who opens, who closes"),
        Text("Менеджер хорошо доводит до встречи, но плохо закрывает: передавайте встречи закрывающему или ставьте их вдвоём, пока идёт обучение.", "The seller brings leads to a meeting but does not close: hand the meetings to a closer, or hold them together while the training lasts."),
        HEAD, 2, 30, AMOCRM,
        (Trigger("key_event_to_contract", (MANAGER,), ("peers",), "opener"),), "key_event_to_contract",
    ),
    Action(
        "train_opening",
        Text("Потренировать назначение встреч", "Train the setting of appointments"),
        Text("Скрипт предложения встречи: повод, две даты на выбор, подтверждение; разбор записей с теми, у кого встречи назначаются чаще.", "A script for proposing the appointment: reason, two dates to choose from, confirmation; go through recordings with those who set more."),
        HEAD, 4, 60, AMOCRM, (Trigger("qualified_to_key_event_set"),),
    ),
    Action(
        "confirm_appointments",
        Text("Подтверждать встречу накануне и в день проведения", "Confirm the appointment the day before and on the day"),
        Text("Автоматическое сообщение накануне и звонок утром; сорванная встреча переносится в тот же день.", "An automatic message the day before and a call in the morning; an appointment that falls through is moved the same day."),
        HEAD, 2, 30, FURNITURE, (Trigger("key_event_held_rate"),),
    ),
    Action(
        "qualify_leads",
        Text("Выделить менеджера по лидам и единые критерии квалификации", "Hire a lead manager and agree on criteria of qualification"),
        Text("Первый разговор ведёт один человек по короткому опроснику; целевые заявки уходят продавцам в тот же час.", "One person holds the first conversation by a short questionnaire; good leads go to the sellers within the hour."),
        HEAD, 8, 60, FURNITURE, (Trigger("qualification_rate", (MANAGER, TEAM, "")),),
    ),
    Action(
        "mend_channel",
        Text("Исправить канал, который даёт слабые заявки, или перестать за него платить", "Mend the channel that brings poor leads, or stop paying for it"),
        Text("Проверить объявления, аудиторию и форму заявки; если за месяц доля целевых не выросла — перенести бюджет в каналы с лучшей конверсией.", "Check the advertisements, the audience and the form; if the share of good leads has not grown in a month, move the budget to channels that convert better."),
        MARKETING, 4, 30, FURNITURE,
        (Trigger("qualification_rate", (CHANNEL,)), Trigger("lead_to_contract", (CHANNEL,)),),
    ),
    Action(
        "fit_the_offer",
        Text("Разобрать отказы канала и поправить предложение для него", "Go through the channel's refusals and fit the offer to it"),
        Text("Двадцать последних отказов: чего человек ждал и на чём остановился; поправить обещание в рекламе, первый разговор или само предложение.", "Twenty of the last refusals: what people expected and where they stopped; mend the promise of the advertisement, the first conversation or the offer."),
        HEAD, 2, 30, BRUTAL, (Trigger("win_rate", (CHANNEL,)), Trigger("qualified_to_key_event_set", (CHANNEL,)), Trigger("key_event_to_contract", (CHANNEL,))),
    ),
    Action(
        "look_at_conversions",
        Text("Разобрать воронку по шагам и поставить цель на каждый", "Go through the funnel step by step and set a target for each"),
        Text("Сравнить конверсию каждого шага с прошлым периодом, выбрать шаг с наибольшей потерей и вести его на еженедельной планёрке.", "Compare each step with the period before, choose the one that loses most, and follow it in the weekly meeting."),
        HEAD, 2, 30, BRUTAL, (Trigger("plan_attainment"), Trigger("lead_to_contract", (MANAGER, TEAM, ""))), "lead_to_contract",
    ),
    Action(
        "watch_slow_stages",
        Text("Найти, чего ждёт сделка на медленном этапе, и убрать это ожидание", "Find what a deal waits for on the slow stage, and remove it"),
        Text("Срок на этапе — в регламент, просрочка — уведомление руководителю; список застрявших сделок разбирать раз в неделю.", "A time limit for the stage in the rules, a notice to the head of sales when it is passed; go through the stuck deals once a week."),
        HEAD, 4, 60, PROCESSES, (Trigger("stage_duration", (STAGE, ""), ("past",)), Trigger("sales_cycle")), "stage_duration",
    ),
    Action(
        "missed_calls",
        Text("Закрыть часы пропущенных звонков и перезванивать в течение часа", "Staff the hours of missed calls and call back within the hour"),
        Text("Скользящий обед и дежурный на линии в эти часы; пропущенный звонок ставит задачу с напоминанием через 15 минут.", "Staggered lunch and somebody on duty in these hours; a missed call makes a task with a reminder after 15 minutes."),
        HEAD, 1.5, 30, AMOCRM, (Trigger("missed_calls", (HOUR, MANAGER, TEAM, "")),),
    ),
    Action(
        "coach_calls",
        Text("Звонков мало: коучинг по плану дня", "Too few calls: coaching on the plan of the day"),
        Text("Разобрать с менеджером, на что уходит день, закрепить два часа звонков в календаре, сверяться по пятницам.", "Go through the day with the seller, fix two hours of calls in the calendar, look back on Fridays."),
        HEAD, 3, 30, BRUTAL, (Trigger("calls_per_day", (MANAGER,)),), "calls_per_day",
    ),
    Action(
        "call_hours",
        Text("Перенести обзвон на часы, когда берут трубку", "Move the calls to the hours when people pick up"),
        Text("По графику дозвона выбрать лучшие часы, проверить номера и определитель; короткое сообщение до звонка.", "Choose the best hours from the chart of conversations, check the numbers and the caller id; a short message before the call."),
        HEAD, 1, 30, AMOCRM, (Trigger("conversation_rate"),),
    ),
    Action(
        "listen_to_recordings",
        Text("Активности много, результата мало: слушать записи и менять предложение", "Much activity, little result: listen to recordings and work on the offer"),
        Text("Десять записей по чек-листу, сравнение с тем, у кого конверсия выше; правка предложения и первых фраз.", "Ten recordings by the scorecard, compared with somebody who converts better; mend the offer and the opening words."),
        QUALITY, 4, 30, BRUTAL,
        (Trigger("lead_to_contract", (MANAGER,), ("peers",), "busy"), Trigger("qualification_rate", (MANAGER,), ("peers",), "busy"), Trigger("key_event_to_contract", (MANAGER,), ("peers",), "busy"), Trigger("win_rate", (MANAGER,), ("peers",), "busy")),
    ),
    Action(
        "cross_sell",
        Text("Обучить допродажам и продаже дороже", "Train cross-selling and up-selling"),
        Text("К каждому продукту — список из трёх дополнений и вопрос, с которого о них заходит речь; доля договоров с дополнениями — на доску.", "Three additions for each product and the question that opens the subject; the share of contracts with additions goes on the board."),
        HEAD, 4, 60, BRUTAL, (Trigger("cross_sell_rate"), Trigger("average_deal")), "cross_sell_rate",
    ),
    Action(
        "limit_discounts",
        Text("Ограничить скидку и согласовывать её выше порога", "Limit discounts, with approval above a threshold"),
        Text("Порог — медиана отдела; выше — с согласия руководителя и в обмен на что-то: срок, объём, отзыв.", "The threshold is the department's median; more only with approval and in exchange for something: a date, a volume, a reference."),
        HEAD, 2, 30, BRUTAL, (Trigger("discount_depth"),),
    ),
    Action(
        "train_objections",
        Text("Обучить работе с возражением, на котором теряется больше всего", "Train the handling of the objection that loses most"),
        Text("Взять главную причину отказа из отчёта, собрать пять лучших ответов отдела, отработать в парах и проверить по записям.", "Take the main loss reason of the report, collect the department's five best answers, practise in pairs and check by recordings."),
        QUALITY, 4, 60, BRUTAL, (Trigger("objection_handling"),),
    ),
    Action(
        "script",
        Text("Обновить скрипт и закрепить обязательные пункты", "Renew the script and hold to its mandatory points"),
        Text("Оставить в скрипте только то, что проверяется по чек-листу; менеджер сам оценивает два своих звонка в неделю.", "Keep in the script only what the scorecard checks; each seller scores two own calls a week."),
        QUALITY, 3, 60, BRUTAL, (Trigger("review_score"), Trigger("script_adherence")),
    ),
    Action(
        "next_step",
        Text("Заканчивать разговор датой следующего шага", "End each conversation with a dated next step"),
        Text("Без даты следующего шага карточка не сохраняется; пункт добавлен в чек-лист с наибольшим весом.", "A card cannot be saved without the date of the next step; the scorecard gives it the largest weight."),
        HEAD, 1, 30, PRACTICE, (Trigger("next_step_agreed"),),
    ),
    Action(
        "regular_audits",
        Text("Слушать разговоры регулярно и давать обратную связь", "Review conversations regularly and give feedback"),
        Text("Не меньше 5 % разговоров по чек-листу, разбор с менеджером раз в неделю, сверка оценщиков раз в месяц.", "At least 5% of the conversations by the scorecard, feedback once a week, reviewers compared once a month."),
        QUALITY, 5, 60, MEASURING, (Trigger("review_coverage"), Trigger("reviewer_agreement"), Trigger("csat"), Trigger("review_coverage", ("",), ("absent",), reason="reviews")), "review_coverage",
    ),
    Action(
        "plan_and_motivation",
        Text("Пересобрать план и мотивацию: цель на шаг воронки, а не только на выручку", "Rework plan and motivation: a target for each step, not for revenue alone"),
        Text("План раскладывается на заявки, встречи и договоры каждого; выполнение видно ежедневно, премия — за шаги, на которые менеджер влияет.", "The plan is broken down into leads, meetings and contracts for each; attainment is seen daily, and the bonus goes with the steps a seller can move."),
        OWNER, 6, 90, MEASURING, (Trigger("plan_attainment"), Trigger("plan_attainment", ("",), ("absent",), reason="plans")),
    ),
    Action(
        "ask_clients",
        Text("Спрашивать каждого клиента после сделки", "Ask every client after the deal"),
        Text("Два вопроса сообщением через три недели после договора: насколько довольны и посоветуют ли; ответ виден менеджеру и руководителю, недовольным звонят в тот же день.", "Two questions by message three weeks after the contract: how content they are, and whether they would recommend; seller and head see the answer, and whoever is not content is called the same day."),
        MARKETING, 2, 30, MEASURING, (Trigger("csat", ("",), ("absent",), reason="surveys"),), "csat",
    ),
    Action(
        "write_reasons",
        Text("Записывать причину каждого отказа", "Write down the reason of every loss"),
        Text("Шесть причин списком, одна обязательна при закрытии; раз в неделю руководитель читает десять последних.", "Six reasons to choose from, one of them mandatory on closing; once a week the head of sales reads the last ten."),
        ADMIN, 1, 30, AMOCRM, (Trigger("reason_missing", ("",), ("absent",), reason="loss_reasons"),), "reason_missing",
    ),
    Action(
        "new_content",
        Text("Письма не открывают и не нажимают: сменить содержание", "Nobody clicks the replies: change the content"),
        Text("Две версии письма на месяц: другой материал, другая тема; оставить ту, по которой переходят чаще.", "Two versions of the letter for a month: another material, another subject; keep the one that is clicked more."),
        MARKETING, 3, 60, AMOCRM, (Trigger("reply_click_rate"),),
    ),
    Action(
        "use_materials",
        Text("Показать менеджерам материалы или заменить те, что не используют", "Show the sellers the materials, or replace those that nobody uses"),
        Text("Собрать материалы в одном месте CRM, разобрать, какой на каком этапе помогает, ненужные убрать.", "Keep the materials in one place of the CRM, agree which one helps on which stage, and drop the rest."),
        MARKETING, 3, 60, AMOCRM, (Trigger("materials_used"), Trigger("material_use_rate")),
    ),
    Action(
        "segmentation",
        Text("Разделить базу на сегменты и вести клиентов персонально", "Segment the base and speak to each segment"),
        Text("Сегменты по давности и сумме покупок; для каждого — свой повод для контакта и свой ответственный.", "Segments by recency and amount of purchases; each has its own reason for contact and its own owner."),
        MARKETING, 8, 90, AMOCRM, (Trigger("retention"),),
    ),
    Action(
        "crm_discipline",
        Text("Навести порядок в CRM: задача у каждой сделки, причина у каждого отказа", "CRM discipline: a task on every deal, a reason for every loss"),
        Text("Обязательные поля на этапах, запрет закрывать без причины, утренний список сделок без задачи и просроченных задач.", "Mandatory fields on the stages, no closing without a reason, a morning list of deals without a task and of overdue tasks."),
        ADMIN, 6, 30, FURNITURE,
        (Trigger("no_next_task"), Trigger("overdue_tasks"), Trigger("idle_deals"), Trigger("past_close_date"), Trigger("fields_filled"), Trigger("reason_missing"), Trigger("skipped_stages"), Trigger("duplicates")), "no_next_task",
    ),
    Action(
        "reassign",
        Text("Передать сделки ушедших тем, кто работает", "Hand the deals of people who left to those who work"),
        Text("Разобрать список за день: живые сделки — по менеджерам с задачей на сегодня, остальные закрыть с причиной; при увольнении делать это в тот же день.", "Go through the list in a day: live deals to sellers with a task for today, the others closed with a reason; do so on the day of leaving from now on."),
        HEAD, 1, 30, PRACTICE, (Trigger("idle_deals", ("",), ("left",)),), "idle_deals",
    ),
    Action(
        "after_contract",
        Text("Довести договоры до акта: контроль сроков после подписания", "Bring contracts to their act: follow the dates after signing"),
        Text("Ответственный за исполнение и дата акта в карточке; отставание видно руководителю раз в неделю.", "Somebody answers for delivery, with the date of the act on the card; the head of sales sees delays once a week."),
        HEAD, 2, 60, FURNITURE, (Trigger("contract_to_act"),),
    ),
)  # fmt: skip
