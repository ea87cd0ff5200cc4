"""Bitrix24: the file export (CSV, web table under the name of a workbook, XLSX) and the answers of the REST interface."""

from salesqc_lib.crm.formats.layout import Columns, Field, Layout
from salesqc_lib.words import Text

_TRAPS = (
    Text(
        "«Предполагаемая дата закрытия» — план, а не закрытие: закрытием считается дата последней смены стадии закрытой сделки",
        "The “expected close date” is a plan: the closing is the date of the last change of stage of a closed deal",
    ),
    Text("С колонкой «Товар» у сделки строка на каждый товар", "With the column of products a deal has a row for each of them"),
)
_CLOSING = (
    "Дата завершения",
    "Дата закрытия",
    "Дата изменения стадии",
    "Дата перемещения",
    "Stage change date",
    "Stage changed on",
    "Date of stage change",
    "Дата изменения",
    "Modified on",
)
_DEALS: Columns = {
    "deal_id": ("ID", "ID сделки"),
    "created_at": ("Дата создания", "Создана", "Created on", "Created", "Date created"),
    "manager": ("Ответственный", "Responsible person", "Responsible", "Assigned to"),
    "amount": ("Сумма", "Сумма сделки", "Total", "Amount", "Deal amount"),
    "currency": ("Валюта", "Currency"),
    "stage": ("Стадия сделки", "Стадия", "Stage", "Deal stage"),
    "pipeline": ("Воронка", "Направление", "Pipeline", "Deal pipeline"),
    "channel": ("Источник", "Source"),
    "campaign": ("UTM Campaign", "utm_campaign", "UTM_CAMPAIGN"),
    "customer_id": ("Контакт", "Клиент", "Компания", "Contact", "Customer", "Company"),
    "loss_reason": ("Причина отказа", "Причина провала", "Причина проигрыша", "Loss reason", "Reason for loss"),
    "product": ("Товар", "Product"),
    "closed_at": Field(_CLOSING, only="closed"),
    "expected_close_at": ("Предполагаемая дата закрытия", "Expected close date", "Estimated close date"),
    "outcome": ("Группа стадий", "Stage group", "Стадия сделки", "Стадия", "Stage", "Deal stage"),
}  # fmt: skip
_API: Columns = {
    "deal_id": ("ID", "id"), "created_at": ("DATE_CREATE", "createdTime"), "manager": ("ASSIGNED_BY_ID", "assignedById"), "amount": ("OPPORTUNITY", "opportunity"),
    "currency": ("CURRENCY_ID", "currencyId"), "stage": ("STAGE_ID", "stageId"), "pipeline": ("CATEGORY_ID", "categoryId"), "channel": ("SOURCE_ID", "sourceId"),
    "campaign": ("UTM_CAMPAIGN", "utmCampaign"), "customer_id": ("CONTACT_ID", "contactId", "COMPANY_ID", "companyId"),
    "closed_at": Field(("MOVED_TIME", "movedTime", "CLOSEDATE", "closedate", "closeDate"), only="closed"), "expected_close_at": ("CLOSEDATE", "closedate", "closeDate"),
    "outcome": ("STAGE_SEMANTIC_ID", "stageSemanticId", "STAGE_ID", "stageId"),
}  # fmt: skip
_CALL_TYPES = {"1": "out", "2": "in", "3": "in", "4": "out", "otherwise": ""}
_CALL_CODES = {
    "200": "conversation", "304": "missed", "603": "declined", "603-S": "declined", "486": "busy", "480": "no_answer", "404": "wrong_number", "484": "wrong_number", "otherwise": "other",
}  # fmt: skip

# where each table, or a field of one, comes from
EXPORTS = {
    "deals": Text("CRM → Сделки → вид «Список» → ⚙ Экспорт в CSV или Excel, «Выгрузить все поля»; колонка «Товар» не нужна", "CRM → Deals → List → ⚙ Export to CSV or Excel, “Export all fields”; the column of products is not needed"),
    "activities": Text("Телефония → Детализация звонков → Экспорт, или REST: voximplant.statistic.get", "Telephony → Call details → Export, or REST: voximplant.statistic.get"),
    "stage_events": Text("Запрос REST: crm.stagehistory.list, entityTypeId = 2", "REST: crm.stagehistory.list, entityTypeId = 2"),
    "tasks": Text("CRM → Дела → Экспорт, или REST: crm.activity.list", "CRM → Activities → Export, or REST: crm.activity.list"),
    "deals.closed_at": Text("Добавьте в список колонку «Дата изменения стадии»", "Add the column “Stage change date” to the list"),
}  # fmt: skip

LAYOUTS = (
    Layout(
        "deals", "Bitrix24", "list of deals, RU", ("ID", "Стадия сделки"), _DEALS,
        signs=("Сделка закрыта", "Повторная сделка", "Предполагаемая дата закрытия", "Дополнительно об источнике", "Валюта", "Дата изменения", "Тип", "Группа стадий", "Ответственный"), least=2,
        product_columns=("Товар", "Цена", "Количество"), traps=_TRAPS,
    ),
    Layout(
        "deals", "Bitrix24", "list of deals, EN", ("ID", "Stage"), _DEALS,
        signs=("Deal name", "Responsible person", "Expected close date", "Repeat deal", "Deal closed", "Source information", "Created on", "Total"), least=3,
        product_columns=("Product", "Price", "Quantity"), traps=_TRAPS,
    ),
    Layout(
        "deals", "Bitrix24", "REST, crm.deal.list", ("ID", "STAGE_ID"), _API,
        signs=("OPPORTUNITY", "ASSIGNED_BY_ID", "DATE_CREATE", "CATEGORY_ID", "STAGE_SEMANTIC_ID"), without=("OWNER_ID", "CREATED_TIME"), least=2, traps=_TRAPS[:1],
    ),
    Layout("deals", "Bitrix24", "REST, crm.item.list", ("id", "stageId"), _API, signs=("opportunity", "assignedById", "createdTime", "categoryId", "sourceId"), least=2, traps=_TRAPS[:1]),
    Layout("leads", "Bitrix24", "REST, crm.lead.list", ("ID", "STATUS_ID"), {}, signs=("STATUS_SEMANTIC_ID", "HAS_PHONE", "DATE_CLOSED", "OPPORTUNITY", "SOURCE_ID"), least=2),
    Layout("leads", "Bitrix24", "list of leads, RU", ("ID", "Название лида"), {}, signs=("Статус", "Ответственный", "Источник", "Дата создания"), least=1),
    Layout(
        "stage_events", "Bitrix24", "REST, crm.stagehistory.list", ("OWNER_ID", "STAGE_ID", "CREATED_TIME"),
        {"deal_id": "OWNER_ID", "at": "CREATED_TIME", "stage": "STAGE_ID", "pipeline": "CATEGORY_ID", "kind": "TYPE_ID"},
        values={"kind": {"1": "create", "2": "move", "3": "close", "5": "change_pipeline", "otherwise": "move"}},
    ),
    Layout(
        "activities", "Bitrix24", "REST, voximplant.statistic.get", ("CALL_START_DATE", "CALL_DURATION"),
        {
            "activity_id": "ID", "kind": Field(value="call"), "at": "CALL_START_DATE", "manager": "PORTAL_USER_ID", "duration_s": "CALL_DURATION",
            "direction": "CALL_TYPE", "result": "CALL_FAILED_CODE", "customer_id": ("CRM_ENTITY_ID", "PHONE_NUMBER"),
        },
        values={"direction": _CALL_TYPES, "result": _CALL_CODES},
        traps=(Text("Звонок привязан к контакту, а не к сделке", "A call belongs to a contact, not to a deal"),),
    ),
    Layout(
        "activities", "Bitrix24", "REST, crm.activity.list", ("ID", "OWNER_TYPE_ID", "TYPE_ID"),
        {
            "activity_id": "ID", "kind": "TYPE_ID", "at": ("START_TIME", "CREATED"), "manager": "RESPONSIBLE_ID", "direction": "DIRECTION", "deal_id": "OWNER_ID",
        },
        values={"kind": {"1": "meeting", "2": "call", "3": "note", "4": "email", "6": "message", "otherwise": "note"}, "direction": {"1": "in", "2": "out", "otherwise": ""}},
    ),
)  # fmt: skip
