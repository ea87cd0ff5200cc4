"""One word for one thing: the terms of a report in both languages, and the words that are not used for them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A term, and what is never said in its place (as stems, by language)."""

    ru: str
    en: str
    never_ru: tuple[str, ...] = ()
    never_en: tuple[str, ...] = ()


GLOSSARY = (
    Term("заявка", "lead", ("лид", "лида", "лиды", "лидов"), ("enquiry", "enquiries")),
    Term("договор", "contract"),
    Term("отказ", "loss", ("проигрыш",), ()),
    Term("открытая сделка", "open deal", (), ("opportunity", "opportunities")),
    Term("менеджер", "seller", ("продавец", "продавцы", "продавцов"), ("sales rep", "reps")),
    Term("отдел", "department"),
    Term("выручка", "revenue", ("оборот",), ("turnover",)),
    Term("средний чек", "average deal", ("ARPU",), ("ARPU",)),
    Term("скидка", "discount", ("глубина скидки",), ("discount depth",)),
    Term("цена вопроса", "at stake", ("можно вернуть", "упущенная выгода", "упущенной выгоды"), ("to be won back", "lost revenue", "could be won")),
    Term("замечание", "finding", ("нарушение", "нарушения", "нарушений"), ("fault", "faults")),
    Term("важное", "major", ("критично", "серьёзных", "серьёзное"), ("critical", "serious")),
    Term("медиана коллег", "peers' median", ("медиана остальных",), ("the others' median is",)),
    Term("повторное касание", "follow-up", ("возврат к отказавшимся",), ()),
    Term("одно касание", "one touch only", ("один контакт и всё",), ("one and done",)),
    Term("первый ответ", "first answer", ("время реакции",), ("response time",)),
    Term("дозвон", "reach rate", (), ("conversation rate",)),
    Term("забытая сделка", "left-alone deal", ("заброшенные", "заброшено", "зависшие"), ("idle deals",)),
    Term("балл", "score", ("оценка разговоров",), ()),
    Term("время до договора", "time to contract", ("цикл сделки",), ("sales cycle",)),
    Term("больше случайного", "beyond chance", ("значимо", "не объяснить случайностью", "статистически"), ("significant", "significantly")),
    Term("конверсия в договор", "lead-to-contract rate", ("конверсия из заявки в договор", "заявка → договор"), ("lead → contract",)),
)  # fmt: skip
# what is never said near money, or of things that only go together
CAUSAL_RU = ("даёт", "дают", "приносит", "влияет", "повышает", "из-за", "благодаря", "эффект")
CAUSAL_EN = ("brings", "drives", "lifts", "due to", "effect of", "thanks to")
FUTURE_RU = ("принесёт", "вернёте", "вернём", "можно вернуть", "получите", "заработает")
FUTURE_EN = ("will bring", "to be won back", "will earn", "will win", "can be recovered")
VAGUE_RU = ("значительно", "существенно", "заметно", "намного", "сильно")
VAGUE_EN = ("significantly", "substantially", "considerably", "dramatically")
