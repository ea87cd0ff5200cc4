"""Worked examples of KPIs, written out for a reader."""

import re

from salesqc_lib.kpi.card import Card
from salesqc_lib.kpi.example import Example, Result
from salesqc_lib.show.tables import COLUMNS, UNITS
from salesqc_lib.show.words.labels import COMPANIONS, FIELDS, TABLES, segment_name
from salesqc_lib.units import ABSENT, write, write_number
from salesqc_lib.words import Language, Text

NAMES = FIELDS | {
    "customer_id": Text("клиент", "client"), "score": Text("оценка", "score"), "clicks": Text("кликов", "clicks"), "amount": Text("сумма", "amount"),
    "is_automatic": Text("робот", "automatic"), "is_reply": Text("ответ", "reply"), "has_link": Text("ссылка", "link"), "is_target": Text("целевая", "target"),
    "direction": Text("направление", "direction"), "result": Text("результат", "result"), "duration_s": Text("секунд", "seconds"), "kind": Text("вид", "kind"),
    "deal_id": Text("сделка", "deal"), "activity_id": Text("№", "no."), "material_id": Text("материал", "material"), "manager": Text("менеджер", "seller"),
}  # fmt: skip


VALUES = {
    "call": Text("звонок", "call"), "email": Text("письмо", "email"), "meeting": Text("встреча", "meeting"), "chat": Text("чат", "chat"), "social": Text("соцсети", "social"),
    "out": Text("исходящий", "out"), "in": Text("входящий", "in"), "missed": Text("пропущен", "missed"), "conversation": Text("разговор", "conversation"),
    "no_answer": Text("не ответили", "no answer"), "busy": Text("занято", "busy"), "won": Text("выиграна", "won"), "lost": Text("проиграна", "lost"), "open": Text("открыта", "open"),
    "proposal": Text("предложение", "proposal"), "measurement": Text("замер", "measurement"), "revenue": Text("выручка", "revenue"), "contracts": Text("договоры", "contracts"),
    "leads": Text("заявки", "leads"), "Ann": Text("Анна", "Ann"), "Bob": Text("Борис", "Bob"), "Price": Text("Цена", "Price"), "Cases": Text("Примеры", "Cases"), "Guide": Text("Руководство", "Guide"), "site": Text("сайт", "site"),
    "greeting": Text("приветствие", "greeting"), "needs": Text("потребности", "needs"), "value": Text("ценность", "value"), "objections": Text("возражения", "objections"),
    "next_step": Text("следующий шаг", "next step"), "csat": Text("CSAT", "CSAT"), "nps": Text("NPS", "NPS"), "note": Text("заметка", "note"),
}  # fmt: skip


def rows_of(example: Example, language: Language) -> str:
    """The tables of an example in one paragraph: «deals (created, contract): 2 Jan, 20 Jan; 3 Jan, —»."""
    parts = []
    for name, (header, *rows) in example.tables.items():
        heads = ", ".join(NAMES[column][language] if column in NAMES else column for column in header)
        lines = "; ".join(", ".join(_cell(cell, language) for cell in row) for row in rows)
        parts.append(f"{TABLES[name][language]} ({heads}): {lines}")
    return ". ".join(parts)


def _cell(cell: str, language: Language) -> str:
    if cell == "-":
        return ABSENT
    found = re.fullmatch(r"(?:(\d{4})-)?(\d\d)-(\d\d)(?:T(\d\d:\d\d))?", cell)
    if not found:
        return VALUES[cell][language] if cell in VALUES else cell
    year, month, day, time = found.groups()
    date = f"{day}.{month}" if language == "ru" else f"{day}/{month}"
    return date + (f"{'.' if language == 'ru' else '/'}{year[2:]}" if year else "") + (f" {time}" if time else "")


def results_of(card: Card, language: Language) -> str:
    """What an example comes to."""
    return "; ".join(_result(card, result, language) for result in card.example.results)


def _result(card: Card, result: Result, language: Language) -> str:
    if result.columns:
        columns = [
            f"{COLUMNS[name][language]} {_share_or_number(name, value, card, language)}"
            for name, value in result.columns.items()
            if name in COLUMNS
        ]
        return f"{segment_name(result.segment, language)}: {', '.join(columns)}"
    label = f"{COMPANIONS[result.companion][language]}: " if result.companion else ""
    if result.n is not None:
        return f"{label}{write_number(result.k or 0, language)} / {write_number(result.n, language)}"
    if result.companion and card.unit.id != "money":  # a figure beside has a unit of its own
        value = result.value or 0
        return label + (
            write(value, "seconds", language)
            if card.unit.id == "seconds"
            else write_number(value, language, 0 if value == int(value) else 2)
        )
    return label + write(result.value, card.unit.id, language)


def _share_or_number(name: str, value: float, card: Card, language: Language) -> str:
    is_share = UNITS.get(name) == "share" or (card.unit.id == "share" and not name.endswith("_n")) or name == "lead_to_contract"
    return write(value, "share" if is_share else UNITS.get(name, "count"), language)
