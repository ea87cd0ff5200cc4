"""What is at stake, in words: a sum with its range, or why there is none."""

from salesqc_lib.findings import Money
from salesqc_lib.units import tell, write_interval, write_money_short
from salesqc_lib.words import Language, Reader, Text

COSTS = Text("Цена вопроса — {base} (от {low} до {high}).", "At stake: {base} ({low} to {high}).")
APART = Text(
    "Разница с другими каналами — {base} (от {low} до {high}); менеджеры здесь ни при чём, и в общую сумму она не входит.",
    "The difference from the other channels: {base} ({low} to {high}); it is not the sellers' doing, and is in no total.",
)
AT_MOST = Text(
    " Не больше {most}: столько принесли бы эти сделки, если бы доходили до договора так же часто, как прежние с тех же этапов.",
    " No more than {most}: what these deals would bring if each signed as often as earlier ones from its step.",
)
NO_MONEY = {
    "idle": Text(
        "Сколько теряется из-за простоя, по этим данным сказать нельзя: живыми сделками занимаются чаще. Показал бы опыт: случайной половине таких сделок месяц уделять внимание (salesqc trial).",
        "What idleness costs cannot be told from these data: live deals are touched more often. A trial would tell: attend to a random half of such deals for a month (salesqc trial).",
    ),
    "change": Text(
        "Изменение к прошлому году в деньгах не считаем: часть его может быть уже учтена у менеджеров.",
        "A change against the year before is not valued: a part of it may be counted with the sellers already.",
    ),
    "in_sellers": Text("В деньгах учтено у менеджеров.", "Its money is counted with the sellers."),
    "no_more_than_chance": Text(
        "Не больше, чем показал бы отдел, в котором никто не отличается.", "No more than a department in which nobody differs would show."
    ),
    "not_valued": Text("В деньгах не оценивается.", "Not valued in money."),
    "outcome": Text("Это итог: сам по себе он в деньгах не оценивается.", "This is an outcome: it is not valued by itself."),
    "no_amounts": Text("В деньгах не оценить: мало договоров с суммой.", "Cannot be valued: too few contracts have an amount."),
    "no_effect": Text(
        "По одному этому шагу потерю договоров от случайной не отличить.",
        "For this step by itself, a loss of contracts cannot be told from chance.",
    ),
    "no_gift": Text(
        "По деньгам скидка не больше, чем у других: на крупных договорах её меньше.",
        "By money no more is given away than by others: large contracts have less of it.",
    ),
    "counted_elsewhere": Text("Эти сделки уже учтены в другом замечании.", "These deals are counted with another finding already."),
    "nothing_valued": Text("В деньгах не оценивается.", "Not valued in money."),
}
SHORT_MONEY = {
    "not_valued": Text("в деньгах не оценить", "not valued"), "outcome": Text("итог, сам не оценивается", "an outcome, not valued by itself"),
    "idle": Text("сколько, данные не скажут", "the data cannot tell"), "change": Text("не складывается с остальным", "not added to the rest"),
    "no_effect": Text("цену от случайной не отличить", "its cost cannot be told from chance"), "no_gift": Text("по деньгам не больше других", "no more than others by money"), "counted_elsewhere": Text("учтено выше", "counted elsewhere"),
}  # fmt: skip


def cost(money: Money, reader: Reader) -> str:
    """What it is worth, or why that cannot be said."""
    if not money.is_known:
        most = AT_MOST.format(most=rounded(money.most, reader))[reader.language] if money.most == money.most else ""
        return NO_MONEY[money.why_not][reader.language] + most
    low, base, high = (rounded(end, reader) for end in (money.low, money.base, money.high))
    return (APART if money.is_apart else COSTS).format(base=base, low=low, high=high)[reader.language]


def cost_in_short(money: Money, reader: Reader) -> str:
    """The same for a narrow column: the range of a sum, or why there is none, in a few words."""
    language = reader.language
    if money.is_apart:
        return Text("разница {x}, не потеря", "a difference of {x}, no loss").format(x=rounded(money.base, reader))[language]
    if money.is_known:
        return span(money, reader)
    told = SHORT_MONEY.get(money.why_not, NO_MONEY[money.why_not])[language]
    most = Text(", не больше {x}", ", {x} at most").format(x=rounded(money.most, reader))[language] if money.most == money.most else ""
    return told + most


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


def signed_percent(value: float, language: Language) -> str:
    """A change in per cent with its sign: «+22 %», «−3,4 %»."""
    sign = "+" if value > 0.0005 else "−" if value < -0.0005 else ""
    return sign + tell(abs(value), "share", language)
