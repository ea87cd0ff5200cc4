"""What people call the columns of their own tables, in Russian, English and German, without case, spaces and ё."""

# table: canonical column: names, the most usual first; a name with a trailing * begins so
_WORDS: dict[str, dict[str, str]] = {
    "deals": {
        "deal_id": "id|id сделки|номер сделки|сделка id|сделка №|№ сделки|код сделки|id заявки|номер заявки|№ заявки|номер заказа|№ заказа|номер лида|id лида|id заказа|deal id|deal number|deal no|lead id|opportunity id|opportunity number|order id|order number|order no|request id|ticket id|reference|ref|record id|номер|№|№ п/п|n п/п|#|no|nr|vorgang|vorgangsnummer|auftragsnummer|angebotsnummer|deal_id",
        "created_at": "создана|создано|дата создания|дата и время создания|дата заявки|дата обращения|обращение|дата поступления|дата лида|поступила|дата регистрации|дата|когда обратился|первое обращение|created|created at|created on|create date|creation date|created date|created time|date created|date received|received|received on|lead date|enquiry date|inquiry date|request date|opened|opened on|open date|date|first contact|angelegt|angelegt am|erstellt|erstellt am|erstelldatum|eingang|eingangsdatum|anfragedatum|datum|created_at",
        "manager": "менеджер|ответственный|ответственный менеджер|продавец|сотрудник|кто ведет|ведет|исполнитель|куратор|консультант|специалист|mop|моп|manager|owner|seller|salesperson|sales person|sales rep|rep|sales agent|agent|account manager|account executive|responsible|responsible person|assigned to|assignee|deal owner|handled by|verkäufer|vertriebler|bearbeiter|zuständig|verantwortlich|ansprechpartner intern|mitarbeiter|betreuer",
        "channel": "канал|источник|источник заявки|источник лида|источник сделки|канал привлечения|рекламный канал|откуда узнал|откуда|откуда пришел|откуда клиент|utm_source|channel|source|lead source|traffic source|how did you hear|came from|origin|medium|quelle|kanal|herkunft|leadquelle|lead-quelle",
        "campaign": "кампания|рекламная кампания|utm_campaign|campaign|kampagne",
        "product": "товар|продукт|услуга|категория|категория товара|вид товара|направление|изделие|product|service|item|category|product line|produkt|leistung|artikel|produktgruppe",
        "pipeline": "воронка|pipeline|funnel",
        "stage": "этап|стадия|этап сделки|стадия сделки|статус сделки|статус|статус заявки|статус заказа|состояние|результат|итог|stage|deal stage|sales stage|status|deal status|state|result|outcome|phase|stand|zustand|ergebnis",
        "customer_id": "клиент|заказчик|покупатель|контакт|фио клиента|имя клиента|компания|контрагент|телефон|телефон клиента|customer|customer id|client|client id|buyer|account|company|contact|customer name|client name|phone|phone number|kunde|kundennummer|firma|telefon",
        "amount": "сумма|сумма сделки|сумма продажи|итого|итоговая сумма|к оплате|сумма договора|сумма заказа|бюджет|стоимость|цена|цена договора|выручка|стоимость заказа|amount|value|deal value|deal amount|deal size|contract value|order value|total|price|revenue|sum|budget|total amount|grand total|net total|betrag|summe|auftragswert|gesamtbetrag|umsatz|wert|preis|volumen",
        "list_amount": "сумма по прайсу|цена по прайсу|сумма без скидки|стоимость без скидки|list price|list amount|price before discount|listenpreis",
        "currency": "валюта|currency|währung",
        "items": "количество|кол-во|позиций|количество позиций|quantity|qty|items|menge|anzahl",
        "closed_at": "закрыта|закрыто|дата закрытия|дата завершения|дата продажи|дата оплаты|оплачен|дата сделки|завершена|closed|closed at|closed on|close date|closing date|date closed|sold on|sale date|completed|end date|abgeschlossen|abgeschlossen am|abschlussdatum|geschlossen am|verkauft am|schlusstermin|abschlusstermin",
        "contract_at": "дата договора|договор|договор подписан|дата подписания|дата подписания договора|дата заключения договора|подписан|дата контракта|contract date|contract signed|signed|signed on|date signed|contract|vertrag|vertragsdatum|vertrag vom|unterschrieben am",
        "act_at": "дата акта|акт подписан|акт|дата сдачи|дата отгрузки|отгружено|сдан|act signed|act date|delivered|delivery date|handover date|lieferdatum|übergabe",
        "qualified_at": "дата квалификации|квалифицирован|квалифицирована|квалификация|qualified|qualified at|qualified on|qualification date|qualifiziert am",
        "key_event_set_at": "замер назначен|встреча назначена|дата назначения замера|дата назначения встречи|назначен замер|назначена встреча|meeting set|meeting scheduled|appointment set|survey booked|demo booked|termin vereinbart",
        "key_event_held_at": "замер проведен|встреча проведена|дата замера|дата встречи|замер|встреча|презентация проведена|кп отправлено|meeting held|meeting date|appointment held|survey done|demo held|demo date|termin durchgeführt|proposal sent",
        "expected_close_at": "предполагаемая дата закрытия|план закрытия|плановая дата закрытия|ожидаемая дата закрытия|expected close date|expected close|expected closing|forecast close|voraussichtlicher abschluss",
        "loss_reason": "причина отказа|причина|причина потери|причина проигрыша|причина провала|почему отказ|loss reason|lost reason|reason|reason for loss|reason lost|why lost|closed lost reason|verlustgrund|absagegrund|grund",
    },
    "activities": {
        "activity_id": "id звонка|id|номер звонка|call id|activity id|id записи|№|номер",
        "at": "дата и время|дата звонка|время звонка|начало|дата|время|когда|call date|call time|started|start time|date|timestamp|datum|zeitpunkt",
        "manager": "сотрудник|менеджер|оператор|ответственный|кто звонил|абонент|agent|employee|user|manager|owner|operator|mitarbeiter",
        "customer_id": "телефон клиента|номер клиента|клиент|телефон|номер телефона|номер|куда звонили|client phone|customer phone|phone|phone number|customer|number|telefon|rufnummer|kunde",
        "deal_id": "id сделки|сделка|номер сделки|deal id|deal|opportunity id|lead id|vorgang",
        "direction": "направление|тип звонка|тип вызова|тип|вид звонка|direction|call direction|call type|type|richtung",
        "duration_s": "длительность|длительность, сек|длительность разговора|продолжительность|разговор, сек|секунд|duration|call duration|duration sec|duration (sec)|talk time|length|dauer|gesprächsdauer",
        "result": "результат|результат звонка|статус|статус звонка|итог|result|call result|outcome|status|disposition|ergebnis",
        "is_automatic": "робот|автоматически|автоматический|автоматическое|is automatic|automatic|automated|bot",
        "kind": "вид|вид активности|тип активности|канал связи|kind|activity type|art",
    },
    "tasks": {
        "task_id": "id задачи|номер задачи|id|task id|№|номер",
        "deal_id": "id сделки|сделка|номер сделки|deal id|deal|opportunity id|lead id",
        "manager": "ответственный|исполнитель|менеджер|сотрудник|owner|assignee|assigned to|responsible|verantwortlich|mitarbeiter",
        "created_at": "создана|дата создания|поставлена|created|created at|created on|erstellt am",
        "due_at": "срок|крайний срок|срок выполнения|дедлайн|выполнить до|due|due at|due date|deadline|fällig|fällig am",
        "completed_at": "выполнена|дата выполнения|завершена|дата завершения|completed|completed at|completed on|done|done at|erledigt am",
    },
    "spend": {
        "date": "дата|день|период|date|day|datum|tag",
        "amount": "расход|расход, руб|расходы|затраты|потрачено|стоимость|бюджет|сумма|spend|cost|costs|amount spent|amount|spent|ad spend|kosten|ausgaben",
        "channel": "канал|источник|площадка|channel|source|platform|medium|kanal|quelle",
        "campaign": "кампания|рекламная кампания|campaign|campaign name|kampagne",
        "impressions": "показы|impressions|impr|impressionen",
        "clicks": "клики|переходы|clicks|klicks",
        "currency": "валюта|currency|währung",
    },
    "plans": {
        "month": "месяц|период|month|monat|period",
        "target": "план|план, руб|цель|план продаж|target|plan|goal|quota|ziel|planwert",
        "manager": "менеджер|сотрудник|продавец|ответственный|manager|seller|rep|owner|verkäufer|mitarbeiter",
        "team": "команда|отдел|группа|team|department|abteilung",
        "metric": "показатель|метрика|metric|kpi|kennzahl",
    },
    "managers": {
        "manager": "менеджер|сотрудник|фио|имя|продавец|manager|seller|name|employee|rep|sales agent|mitarbeiter",
        "team": "команда|отдел|группа|подразделение|team|department|office|regional office|region|abteilung",
        "hired_at": "дата найма|дата приема|принят|работает с|hired|hired at|hire date|start date|eingestellt am",
        "left_at": "дата увольнения|уволен|left|left at|end date|termination date|ausgeschieden am",
    },
    "reviews": {
        "review_id": "id оценки|номер оценки|id проверки|review id|review_id|id|№",
        "criterion": "критерий|вопрос|пункт|criterion|criteria|question|kriterium",
        "score": "оценка|балл|баллы|score|points|rating|punkte|bewertung",
        "manager": "менеджер|сотрудник|оператор|manager|agent|employee|mitarbeiter",
        "reviewer": "проверяющий|аудитор|кто оценил|reviewer|auditor|evaluator|prüfer",
        "activity_id": "id звонка|звонок|call id|activity id|activity_id",
        "deal_id": "id сделки|сделка|deal id|deal_id",
        "at": "дата|дата оценки|дата проверки|date|reviewed at|datum",
        "weight": "вес|weight|gewicht",
        "group": "группа|блок|раздел|group|section|category|gruppe",
    },
    "surveys": {
        "survey_id": "id ответа|id опроса|номер|survey id|response id|id|survey_id|№",
        "question": "вопрос|тип опроса|question|survey|metric|frage",
        "score": "оценка|балл|score|rating|answer|bewertung",
        "at": "дата|дата ответа|date|answered at|datum",
        "deal_id": "id сделки|сделка|deal id|deal_id",
        "customer_id": "клиент|телефон|customer|phone|customer id|kunde",
        "manager": "менеджер|сотрудник|manager|agent",
    },
    "purchases": {
        "customer_id": "клиент|покупатель|телефон|id клиента|customer|customer id|client|phone|kunde|kundennummer",
        "at": "дата покупки|дата заказа|дата|purchase date|order date|date|datum|kaufdatum",
        "amount": "сумма|сумма покупки|amount|total|sum|betrag",
        "manager": "менеджер|продавец|manager|seller",
        "product": "товар|продукт|product|item|artikel",
    },
}  # fmt: skip
# what tells a table from the others: of these columns it has at least one
MARKS: dict[str, tuple[str, ...]] = {
    "deals": ("stage", "amount", "closed_at", "contract_at", "loss_reason"),
    "activities": ("duration_s", "direction"),
    "tasks": ("due_at",),
    "spend": ("amount",),
    "plans": ("target",),
    "managers": ("team", "hired_at"),
    "reviews": ("criterion",),
    "surveys": ("question",),
    "purchases": ("amount",),
}


def names(table: str) -> dict[str, tuple[str, ...]]:
    """The names of each column of a table."""
    from salesqc_lib.crm.meanings import plain

    return {column: tuple(plain(word) for word in words.split("|")) for column, words in _WORDS[table].items()}


TABLES = tuple(_WORDS)
