"""Names of KPIs, segments and reasons as a reader sees them."""

from salesqc_lib.facts import UNSET
from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.kpi.card import DIMENSIONS
from salesqc_lib.words import Language, Text

COMPANIONS = {
    "p90": Text("90-й процентиль", "90th percentile"),
    "plain": Text("в календарных часах", "in plain hours"),
    "median": Text("медиана", "median"),
    "observed": Text("уже состоялось", "already observed"),
    "naive": Text("простое среднее по договорам", "plain mean over contracts"),
    "called_back": Text("перезвонили за час", "called back within an hour"),
    "meeting": Text("встречи", "meetings"),
    "measurement": Text("замеры", "measurements"),
    "proposal": Text("предложения", "proposals"),
    "contracts": Text("по договорам", "of contracts"),
    "leads": Text("по заявкам", "of leads"),
    "run_rate": Text("по темпу", "by run rate"),
    "pipeline": Text("по открытым сделкам", "by open deals"),
    "outgoing": Text("исходящие", "outgoing"),
    "per_day": Text("на менеджера в рабочий день", "per seller and working day"),
    "won": Text("по выигранным", "of won deals"),
    "lost": Text("по проигранным", "of lost deals"),
    "mean": Text("средний балл", "mean score"),
    "response_rate": Text("ответили на опрос", "answered the survey"),
    "non_target": Text("нецелевых закрыто", "non-target ones closed"),
    "simple": Text("по простой формуле", "by the simple formula"),
    "model": Text("по модели BG/NBD и Gamma-Gamma", "by BG/NBD and Gamma-Gamma"),
    "with_first": Text("с маржой первой покупки", "with the margin of the first purchase"),
}
SEGMENTS = {
    "a_5min": Text("до 5 минут", "within 5 min"),
    "b_1h": Text("до 1 часа", "within 1 h"),
    "c_24h": Text("до 24 часов", "within 24 h"),
    "d_later": Text("позже", "later"),
    "e_never": Text("без ответа", "never"),
    "t00": Text("без контактов", "no contact"),
    "t01": Text("1-й", "1st"),
    "t02": Text("2-й", "2nd"),
    "t03": Text("3-й", "3rd"),
    "t04": Text("4-й", "4th"),
    "t05_12": Text("5–12-й", "5th to 12th"),
    "t13": Text("13-й и дальше", "13th and later"),
    "no_contact": Text("нет контакта", "no contact"),
    "price": Text("цена, бюджет", "price, budget"),
    "competitor": Text("конкурент", "competitor"),
    "product": Text("продукт, условия", "product, terms"),
    "timing": Text("сроки, отложили", "timing, postponed"),
    "no_decision": Text("нет решения", "no decision"),
    "our_fault": Text("наша ошибка", "our mistake"),
    "changed_mind": Text("передумал", "changed their mind"),
    "unknown": Text("неизвестно", "unknown"),
    UNSET: Text("не указан", "not set"),
}
VERDICTS = {
    "better": Text("лучше", "better"),
    "worse": Text("хуже", "worse"),
    "same": Text("отличий нет", "no difference"),
    "unknown": Text("", ""),
}
TABLES = {
    "spend": Text("расходы на рекламу", "advertising spend"),
    "activities": Text("звонки и письма", "calls and messages"),
    "stage_events": Text("история этапов", "the history of stages"),
    "plans": Text("планы", "plans"),
    "managers": Text("список менеджеров с командами", "the list of sellers with their teams"),
    "deals": Text("сделки", "deals"),
    "tasks": Text("задачи", "tasks"),
    "reviews": Text("оценки разговоров по чек-листу", "scorecards of reviewed conversations"),
    "surveys": Text("опросы клиентов (CSAT, NPS)", "client surveys (CSAT, NPS)"),
    "purchases": Text("покупки клиентов", "clients' purchases"),
    "customers": Text("список клиентов", "the list of clients"),
    "materials": Text("библиотека материалов", "the library of materials"),
}
FIELDS = {
    "qualified_at": Text("дата квалификации", "date of qualification"),
    "key_event_set_at": Text("дата назначения ключевого события", "date on which the key event was set"),
    "key_event_held_at": Text("дата проведения ключевого события", "date on which the key event took place"),
    "contract_at": Text("дата договора", "date of the contract"),
    "act_at": Text("дата акта", "date of the closing act"),
    "items": Text("число позиций в договоре", "number of product lines in the contract"),
    "list_amount": Text("сумма по прайсу", "list amount"),
    "amount": Text("сумма сделки", "amount of the deal"),
    "currency": Text("валюта", "currency"),
    "campaign": Text("кампания", "campaign"),
    "result": Text("результат звонка", "result of a call"),
    "direction": Text("направление звонка", "direction of a call"),
    "customer_id": Text("телефон или клиент", "phone or customer"),
    "closed_at": Text("дата закрытия", "closing date"),
    "outcome": Text("исход сделки", "outcome of the deal"),
    "manager": Text("ответственный", "responsible seller"),
    "team": Text("команда", "team"),
    "channel": Text("источник", "channel"),
    "product": Text("продукт", "product"),
    "pipeline": Text("воронка", "pipeline"),
    "deal_id": Text("номер сделки", "id of the deal"),
    "at": Text("дата и время", "date and time"),
    "created_at": Text("дата создания", "date of creation"),
    "due_at": Text("срок", "term"),
    "completed_at": Text("дата выполнения", "date of completion"),
    "expected_close_at": Text("ожидаемая дата закрытия", "expected close date"),
    "loss_reason": Text("причина отказа", "loss reason"),
    "duration_s": Text("длительность звонка", "length of a call"),
    "material_id": Text("отправленный материал", "material sent"),
    "is_reply": Text("признак ответного письма", "whether a letter is a reply"),
    "has_link": Text("признак ссылки в письме", "whether a letter holds a link"),
    "clicks": Text("клики по ссылке", "clicks on the link"),
    "activity_id": Text("номер разговора", "id of the conversation"),
    "reviewer": Text("кто оценивал", "reviewer"),
    "kind": Text("вид", "kind"),
    "score": Text("оценка", "score"),
    "is_target": Text("признак целевой заявки", "whether a lead is a target one"),
    "is_automatic": Text("автоматически", "automatic"),
    "media": Text("сеть", "network"),
    "question": Text("вопрос", "question"),
    "criterion": Text("критерий", "criterion"),
    "weight": Text("вес", "weight"),
    "applicable": Text("применим", "applicable"),
    "auto_fail": Text("обнуляющий", "auto-fail"),
    "group": Text("группа", "group"),
    "review_id": Text("номер оценки", "id of the card"),
    "lost_at": Text("дата ухода", "date of leaving"),
    "first_at": Text("первая покупка", "first purchase"),
    "title": Text("название", "title"),
    "stage": Text("этап", "stage"),
    "month": Text("месяц", "month"),
    "metric": Text("показатель", "metric"),
    "target": Text("план", "target"),
    "date": Text("дата", "date"),
    "key_event_kind": Text("вид ключевого события", "kind of key event"),
}
PARAMETERS = {
    "clv.margin": Text("валовая маржа (clv.margin или assumptions.gross_margin)", "gross margin (clv.margin or assumptions.gross_margin)")
}
REASONS = {
    "zero_denominator": Text("за период не было ни одного случая", "there was no case in the period"),
    "no_repeats": Text(
        "ни один клиент не покупал дважды: по молчанию не видно, кто потерян",
        "no client has bought twice: silence does not tell who is lost",
    ),
    "horizon": Text(
        "заявки не прослежены до горизонта (funnel.horizon_days), или многие сделки длятся дольше него",
        "leads have not been followed to the horizon (funnel.horizon_days), or many deals take longer",
    ),
    "not_reached": Text("ещё не достигнуто: слишком мало наблюдений", "not reached yet: too little has been observed"),
    "period_over": Text("период завершён: прогноз не нужен", "the period is over: there is nothing to forecast"),
    "out_of_range": Text("оценки критериев должны лежать между 0 и 1", "scores of criteria must lie between 0 and 1"),
    "too_few": Text("слишком мало данных", "too few data"),
    "no_contacts": Text("ни одно действие не является контактом по сделке", "no activity is a human contact on a deal"),
    "not_logged": Text("журнал действий этого не охватывает", "the log of activities does not hold this"),
    "precision": Text("в данных только даты, без времени", "the data hold dates without a time"),
    "no_losses": Text("проигранных сделок в данных нет", "the data hold no lost deals"),
    "no_wins": Text("выигранных сделок в данных нет", "the data hold no won deals"),
    "only_wins": Text("в данных только выигранные сделки", "the data hold won deals alone"),
    "undated": Text("у части сделок нет даты закрытия", "some deals have no closing date"),
}


def kpi_name(kpi: str, language: Language) -> str:
    """The name of a KPI, or of a figure beside one: «First response time · 90th percentile»."""
    if kpi in CATALOGUE:
        return CATALOGUE[kpi].name[language]
    card = card_of(kpi)
    return f"{card.name[language]}: {COMPANIONS[kpi.removeprefix(card.id + '_')][language]}"


def segment_name(segment: str, language: Language) -> str:
    """A segment as a reader sees it."""
    if segment in SEGMENTS:
        return SEGMENTS[segment][language]
    return f"{segment}:00–{segment}:59" if len(segment) == 2 and segment.isdigit() else segment


def dimension_name(dimension: str, language: Language) -> str:
    """A breakdown as a reader sees it; one of the client's own by the name that the parameters give it."""
    return DIMENSIONS[dimension][language] if dimension in DIMENSIONS else dimension.replace("_", " ").capitalize()


def column_name(place: str, language: Language) -> str:
    """A column as a reader calls it: «closing date (deals)» for `deals.closed_at`; its own name where there is no other."""
    table, _, column = place.partition(".")
    if table not in TABLES:
        return place
    of = TABLES[table][language]
    return f"{FIELDS[column][language] if column in FIELDS else column} ({of})" if column else of


def reason_text(reason: str, language: Language) -> str:
    """Why a value is missing and what would bring it: «needs: advertising spend»."""
    kind, _, what = reason.partition(":")
    if kind == "no_table":
        return Text("нужны данные: {x}", "needs: {x}").format(x=TABLES[what][language])[language]
    if kind == "no_column":
        table, _, column = what.partition(".")
        field = FIELDS[column][language] if column in FIELDS else what
        return Text("нужно поле: {x}", "needs the field: {x}").format(
            x=f"{field} ({TABLES[table][language] if table in TABLES else table})"
        )[language]
    if kind == "winners_only":
        field = FIELDS[what][language] if what in FIELDS else what
        return Text("поле заполнено только у выигранных: {x}", "filled in for won deals only: {x}").format(x=field)[language]
    if kind == "no_parameter":
        return Text("нужен параметр: {x}", "needs the parameter: {x}").format(x=PARAMETERS[what][language])[language]
    return REASONS[kind][language]


def quoted(name: str, language: Language) -> str:
    """A name in the quotation marks of the language."""
    return f"«{name}»" if language == "ru" else f"“{name}”"
