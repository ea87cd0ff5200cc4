"""amoCRM and Kommo: the list export in all its generations, and the answers of the interface (v4)."""

from salesqc_lib.crm.formats.layout import Columns, Field, Layout
from salesqc_lib.words import Text

_TRAPS = (
    Text(
        "Выгрузка списка не хранит историю этапов: даты этапов нужны в собственных полях",
        "The list export has no history of stages: dates of steps need fields of their own",
    ),
    Text("Времена — в поясе аккаунта, без смещения", "Times are in the zone of the account, without an offset"),
)
_PHONES = tuple(
    f"{kind}{owner}"
    for kind in (
        "Рабочий телефон",
        "Мобильный телефон",
        "Рабочий прямой телефон",
        "Домашний телефон",
        "Другой телефон",
        "Work phone",
        "Mobile phone",
        "Phone",
    )
    for owner in ("", " (контакт)", " (contact)")
)
DEALS: Columns = {
    "deal_id": ("ID", "ID сделки", "Lead ID"),
    "created_at": ("Дата создания сделки", "Дата создания", "Created at", "Date created", "Creation date", "Created date"),
    "manager": ("Ответственный", "Responsible user", "Responsible", "Lead responsible user"),
    "amount": ("Бюджет", "Бюджет ₽", "Бюджет, ₽", "Бюджет, руб.", "Sale", "Sale value", "Budget", "Lead value", "Sale, $", "Price"),
    "stage": ("Этап сделки", "Этап", "Lead status", "Lead stage", "Pipeline stage", "Stage", "Status"),
    "pipeline": ("Воронка", "Pipeline"),
    "closed_at": ("Дата закрытия", "Closed at", "Date closed", "Close date", "Closing date", "Closed date"),
    "loss_reason": ("Причина отказа", "Причина закрытия", "Loss reason", "Reason for lost", "Lost reason"),
    "channel": Field(("Источник (2)", "Источник", "Источник сделки", "Lead source", "Source", "utm_source (2)", "utm_source"), all_of=True),
    "campaign": Field(("utm_campaign (2)", "utm_campaign"), all_of=True),
    "product": Field(("Товар (2)", "Товар", "Продукт", "Product"), all_of=True),
    "customer_id": Field(_PHONES, all_of=True, reading="phone"),
    "outcome": ("Этап сделки", "Этап", "Lead status", "Lead stage", "Pipeline stage", "Stage", "Status"),
}
_API: Columns = {
    "deal_id": "id", "created_at": "created_at", "closed_at": "closed_at", "manager": "responsible_user_id", "amount": "price", "stage": "status_id",
    "pipeline": "pipeline_id", "loss_reason": Field(("loss_reason", "loss_reason_id"), all_of=True), "customer_id": ("contacts.id", "main_contact_id"),
    "outcome": "status_id", "channel": Field(("Источник", "Source", "utm_source", "source_id"), all_of=True), "campaign": "utm_campaign",
}  # fmt: skip

# where each table, or a field of one, comes from
EXPORTS = {
    "deals": Text("Сделки → ⋯ → Экспорт: все поля, без фильтра", "Leads → ⋯ → Export: all fields, no filter"),
    "activities": Text("В списках amoCRM звонков нет: выгрузите их из телефонии (дата и время, сотрудник, телефон клиента, направление, длительность, результат) или через API: /api/v4/leads/notes", "The lists of amoCRM have no calls: export them from the telephony (time, seller, client's phone, direction, duration, result), or by the API: /api/v4/leads/notes"),
    "stage_events": Text("Запрос API: /api/v4/events?filter[type]=lead_status_changed", "API: /api/v4/events?filter[type]=lead_status_changed"),
    "tasks": Text("Задачи → ⋯ → Экспорт, или API: /api/v4/tasks", "Tasks → ⋯ → Export, or the API: /api/v4/tasks"),
}  # fmt: skip

LAYOUTS = (
    Layout(
        "deals", "amoCRM", "list of deals, RU", ("ID", "Название сделки"), DEALS,
        signs=("Этап сделки", "Дата создания сделки", "Кем создана сделка", "Дата редактирования", "Воронка", "Бюджет", "Теги сделки"), least=2, traps=_TRAPS,
    ),
    Layout(
        "deals", "Kommo", "list of leads, EN", ("ID", "Lead title"), DEALS,
        signs=("Lead status", "Responsible user", "Sale", "Created at", "Pipeline", "Created by", "Closed at"), least=2, traps=_TRAPS,
    ),
    Layout(
        "deals", "Kommo", "list of leads, EN", ("ID", "Lead name"), DEALS,
        signs=("Lead status", "Lead stage", "Responsible user", "Sale", "Created at", "Pipeline stage", "Closed at"), least=2, traps=_TRAPS,
    ),
    Layout(
        "deals", "amoCRM", "API v4, leads", ("id", "status_id", "pipeline_id"), _API,
        signs=("price", "responsible_user_id", "created_at"), least=2, drop={"is_deleted": "true"},
        traps=(Text("Сделки «Неразобранного» в ответ не входят", "Leads of “Incoming” are not in the answer until they are accepted"),),
    ),
    Layout(
        "tasks", "amoCRM", "API v4, tasks", ("id", "complete_till", "is_completed"),
        {"task_id": "id", "deal_id": "entity_id", "manager": "responsible_user_id", "created_at": "created_at", "due_at": "complete_till"},
        traps=(Text("Когда задача выполнена, ответ не говорит", "The answer does not tell when a task was done"),),
    ),
    Layout(
        "activities", "amoCRM", "API v4, notes", ("id", "note_type", "entity_id"),
        {
            "activity_id": "id", "deal_id": "entity_id", "manager": Field(("responsible_user_id", "created_by"), all_of=True), "at": "created_at",
            "kind": "note_type", "direction": "note_type", "duration_s": "params.duration", "result": "params.call_status",
        },
        values={
            "kind": {"call_in": "call", "call_out": "call", "amomail_message": "email", "sms_in": "message", "sms_out": "message", "site_visit": "note", "otherwise": "note"},
            "direction": {"call_in": "in", "call_out": "out", "sms_in": "in", "sms_out": "out", "otherwise": ""},
            "result": {"1": "voicemail", "2": "other", "3": "no_answer", "4": "conversation", "5": "wrong_number", "6": "no_answer", "7": "busy", "otherwise": "other"},
        },
    ),
    Layout(
        "stage_events", "amoCRM", "API v4, events", ("id", "type", "entity_id", "value_after.lead_status.id"),
        {"deal_id": "entity_id", "at": "created_at", "stage": "value_after.lead_status.id", "pipeline": "value_after.lead_status.pipeline_id", "from_stage": "value_before.lead_status.id", "author": "created_by"},
    ),
)  # fmt: skip
