"""Findings in words: one sentence for what is wrong, one for how sure, one for what it costs. Shared by every page that tells of them."""

from datetime import date

from salesqc_lib.findings import Finding, Findings, Money
from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.kpi.card import CHANNEL, HOUR, MANAGER, STAGE, TEAM
from salesqc_lib.show.labels import dimension_name, kpi_name, reason_text, segment_name
from salesqc_lib.show.told import TOLD
from salesqc_lib.units import write, write_interval, write_money_short, write_number
from salesqc_lib.words import Language, Reader, Text

SEVERITY = {
    "critical": Text("критично", "critical"), "major": Text("важно", "major"), "minor": Text("заметно", "minor"), "note": Text("к сведению", "note"),
}  # fmt: skip
AGAINST = {
    "peers": Text("медиана остальных {peer}", "the others' median is {peer}"),
    "target": Text("цель {peer}", "the target is {peer}"),
    "norm": Text("норма {peer}", "the norm is {peer}"),
    "past": Text("в прошлом периоде {peer}", "{peer} in the period before"),
}
PLACES = {
    MANAGER: Text("{x}", "{x}"), TEAM: Text("Команда «{x}»", "Team “{x}”"), CHANNEL: Text("Канал «{x}»", "Channel “{x}”"),
    HOUR: Text("В {x}", "At {x}"), STAGE: Text("Этап «{x}»", "Stage “{x}”"),
}  # fmt: skip
DEPARTMENT = Text("Отдел", "Department")
FOLLOWS = Text(" Сюда же входит следствие: {list}.", " What follows from it is part of this: {list}.")
COSTS = Text("Можно вернуть {base} (от {low} до {high}).", "To be won back: {base} ({low} to {high}).")
NO_MONEY = {
    "not_valued": Text("В деньгах не оценивается.", "Not valued in money."),
    "outcome": Text("Это итог: в деньгах оценены его причины.", "This is an outcome: its causes are valued."),
    "no_deals": Text("В деньгах не оценить: случаи не связаны со сделками.", "Cannot be valued: the cases belong to no deal."),
    "no_amounts": Text("В деньгах не оценить: мало договоров с суммой.", "Cannot be valued: too few contracts have an amount."),
    "too_few": Text("В деньгах не оценить: слишком мало случаев.", "Cannot be valued: too few cases."),
    "no_returns": Text(
        "В деньгах не оценить: возвратов слишком мало, чтобы знать, что они дают.",
        "Cannot be valued: too few follow-ups to know what they bring.",
    ),
    "no_losses": Text(
        "В деньгах не оценить: проигранных сделок в данных нет, и открытые могут быть давно потеряны.",
        "Cannot be valued: the data hold no lost deals, and open ones may be lost long since.",
    ),
    "no_effect": Text("Влияния на договоры данные не показывают.", "The data show no effect on contracts."),
    "counted_elsewhere": Text("Эти сделки уже учтены в другом нарушении.", "These deals are counted with another finding already."),
    "nothing_valued": Text("В деньгах не оценивается.", "Not valued in money."),
}
SHORT = Text(", до плана не хватает {x}", ", {x} short of it")
SIGNS = Text("случаев: {n}", "cases: {n}")
NOTED = {
    "mix": Text("{place}: {name} хуже остальных, но это объясняет состав ({by}): к сегменту вопросов нет.", "{place}: {name} is worse than the rest, but the mix ({by}) explains it: nothing is wrong with the segment itself."),
    "immature": Text("Заявки периода ещё дозревают: договоров пока {value}, ожидается {peer} ({low} – {high}).", "The period's leads are still maturing: {value} have signed, {peer} are expected ({low} – {high})."),
}  # fmt: skip


def place_name(finding: Finding, language: Language) -> str:
    """Who or what a finding is about."""
    if not finding.by:
        return DEPARTMENT[language]
    name = segment_name(finding.segment, language)
    return PLACES[finding.by].format(x=name)[language] if finding.by in PLACES else f"{dimension_name(finding.by, language)}: {name}"


def statement(finding: Finding, reader: Reader) -> str:
    """What is wrong: «Игорь Лебедев: заявка ждёт первого ответа 6,1 ч, у остальных 42 мин»."""
    language = reader.language
    if finding.rule == "left":
        return _left_behind(finding, reader)
    value, peer = (write(number, finding.unit, language, reader.currency) for number in (finding.value, finding.peer))
    told = TOLD[finding.kpi].format(value=value)[language]
    if finding.kpi == "plan_attainment" and finding.value < 1 and finding.n == finding.n:  # its n is the plan
        told += SHORT.format(x=rounded((1 - finding.value) * finding.n, reader))[language]
    return f"{place_name(finding, language)}: {told}; {AGAINST[finding.rule].format(peer=peer)[language]}"


def _left_behind(finding: Finding, reader: Reader) -> str:
    """Open deals of people who left: how many, what they hold, and whose they were."""
    language = reader.language
    names = [segment_name(segment, language) for _, _, segment in finding.members]
    listed = ", ".join(names[:4]) + (Text(" и ещё {n}", " and {n} more").format(n=len(names) - 4)[language] if len(names) > 4 else "")
    worth = Text(" на {x}", " worth {x}").format(x=rounded(finding.peer, reader))[language] if finding.peer > 0 else ""
    told = Text(
        "У тех, кто ушёл или не работает ({names}), остались открытые сделки: {n}{worth}",
        "Open deals of people who left or do not work ({names}): {n}{worth}",
    )
    return told.format(names=listed, n=write_number(finding.value, language), worth=worth)[language]


def certainty(finding: Finding, reader: Reader) -> str:
    """How sure: the interval and the cases."""
    language = reader.language
    parts = []
    if finding.low == finding.low and finding.high == finding.high:
        ends = write_interval(finding.low, finding.high, finding.unit, language, reader.currency)
        parts.append(Text("с уверенностью 95 % — {x}", "with 95% confidence {x}").format(x=ends)[language])
    if card_of(finding.kpi).kind != "ratio" and finding.n == finding.n:
        parts.append(SIGNS.format(n=write_number(finding.n, language))[language])
    return "; ".join(parts)


def consequences(finding: Finding, language: Language) -> str:
    """What follows from it, '' where nothing does."""
    names = [inside(kpi_name(kpi, language)) for kpi in finding.consequences if kpi in CATALOGUE]
    return FOLLOWS.format(list=", ".join(names))[language] if names else ""


def echo(finding: Finding, language: Language) -> str:
    """What follows in a chapter from a fault of another one: «Павел Егоров: заявки без ответа — следствие нарушения f02»."""
    names = ", ".join(inside(kpi_name(kpi, language)) for kpi in finding.consequences if kpi in CATALOGUE)
    told = Text("{who}: {list} — следствие нарушения {id} «{cause}».", "{who}: {list} — these follow from finding {id}, “{cause}”.")
    return told.format(who=place_name(finding, language), list=names, id=finding.id, cause=inside(kpi_name(finding.kpi, language)))[
        language
    ]


def cost(money: Money, reader: Reader) -> str:
    """What it is worth, or why that cannot be said."""
    if not money.is_known:
        return NO_MONEY[money.why_not][reader.language]
    low, base, high = (rounded(end, reader) for end in (money.low, money.base, money.high))
    return COSTS.format(base=base, low=low, high=high)[reader.language]


def day(moment: date, language: Language) -> str:
    """A day as the language writes it: 01.12.2026, 1 Dec 2026."""
    return f"{moment:%d.%m.%Y}" if language == "ru" else f"{moment:%-d %b %Y}"


def rounded(value: float, reader: Reader) -> str:
    """Money as one would say it: two figures that count, since the range leaves no room for more."""
    return write_money_short(_two_figures(value), reader.language, reader.currency)


def span(money: Money, reader: Reader) -> str:
    """The range of a sum, '' where there is none."""
    return (
        write_interval(_two_figures(money.low), _two_figures(money.high), "money", reader.language, reader.currency)
        if money.is_known
        else ""
    )


def _two_figures(value: float) -> float:
    size = 10 ** max(0, len(str(int(abs(value)))) - 2)
    return float(round(value / size) * size)


def note(finding: Finding, reader: Reader) -> str:
    """A finding that is no fault, in a sentence; '' for those that other pages tell."""
    language = reader.language
    if finding.rule == "not_measurable":
        return reason_text(finding.reason, language).capitalize() + "."
    if finding.rule not in NOTED:
        return ""
    numbers = {
        name: write(getattr(finding, source), finding.unit, language, reader.currency)
        for name, source in (("value", "value"), ("peer", "peer"), ("low", "peer_low"), ("high", "peer_high"))
    }
    return NOTED[finding.rule].format(
        place=place_name(finding, language),
        name=inside(kpi_name(finding.kpi, language)),
        by=dimension_name(finding.reason, language).lower() if finding.rule == "mix" else "",
        **numbers,
    )[language]


def alike(findings: Findings, group: str = "") -> str:
    """Where nothing differs, in one sentence; '' where there is nothing of the kind."""
    language = findings.reader.language
    same = [one for one in findings if one.rule == "same" and (not group or one.group == group) and one.by in (MANAGER, CHANNEL)]
    if not same:
        return ""
    parts = []
    for by in dict.fromkeys(one.by for one in same):
        names = ", ".join(inside(kpi_name(one.kpi, language)) for one in same if one.by == by)
        parts.append(f"{inside(dimension_name(by, language))} — {names}")
    return Text(
        "Отличий больше случайных и заметных по размеру нет: {list}.", "No difference beyond chance and large enough to matter: {list}."
    ).format(list="; ".join(parts))[language]


def inside(text: str) -> str:
    """A name inside a sentence; abbreviations stay as they are."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
