"""Findings in words: one sentence for what is wrong, one for how sure, one for what it costs. Shared by every page that tells of them."""

from datetime import date

from salesqc_lib.findings import Finding, Findings
from salesqc_lib.kpi import CATALOGUE, card_of
from salesqc_lib.kpi.card import CHANNEL, HOUR, MANAGER, STAGE, TEAM
from salesqc_lib.measure.peers.compare import OF_CONTACTS
from salesqc_lib.show.words.labels import dimension_name, kpi_name, reason_text, segment_name
from salesqc_lib.show.words.money import rounded
from salesqc_lib.show.words.told import TOLD
from salesqc_lib.units import tell, tell_interval, write, write_number, write_percent
from salesqc_lib.words import Language, Reader, Text, counted

Noun = tuple[tuple[str, str, str], tuple[str, str]]
SEVERITY = {
    "critical": Text("важное", "major"), "major": Text("важное", "major"), "minor": Text("обычное", "minor"), "note": Text("к сведению", "note"),
}  # fmt: skip
# the median of those that a segment is held against, as one says it: what it is, the page on the method tells
PEERS = {
    MANAGER: Text("у коллег {peer}", "peers {peer}"), TEAM: Text("у других команд {peer}", "other teams {peer}"),
    CHANNEL: Text("у остальных каналов {peer}", "elsewhere {peer}"), HOUR: Text("в другие часы {peer}", "at other hours {peer}"),
    STAGE: Text("на других этапах {peer}", "on other stages {peer}"),
}  # fmt: skip
AMONG_PEERS = Text("у остальных {peer}", "elsewhere {peer}")
AGAINST = {
    "target": Text("цель {peer}", "the target is {peer}"),
    "norm": Text("норма {peer}", "the norm is {peer}"),
    "past": Text("год назад было {peer}", "{peer} a year ago"),
}
PLACES = {
    MANAGER: Text("{x}", "{x}"), TEAM: Text("Команда «{x}»", "Team “{x}”"), CHANNEL: Text("Канал «{x}»", "Channel “{x}”"),
    HOUR: Text("В {x}", "At {x}"), STAGE: Text("Этап «{x}»", "Stage “{x}”"),
}  # fmt: skip
DEPARTMENT = Text("Отдел", "Department")
FOLLOWS = Text(" Сюда же входит следствие: {list}.", " What follows from it is part of this: {list}.")
LIKELY = Text("вероятно", "likely")
TAGS = {
    "counted": Text("посчитано", "counted"), "differs": Text("отличие больше случайного", "differs beyond chance"),
    "goes_together": Text("отличие больше случайного; цена вопроса — по связи, которая может быть и не причиной", "differs beyond chance; what is at stake rests on things that go together and need not be a cause"),
    "": Text("", ""),
}  # fmt: skip
GAP = Text("с учётом {what} {gap}", "{gap} with {what} allowed for")
GAP_OF_PAST = Text("внутри тех же {what} {gap}", "{gap} within the same {what}")
ALLOWED = {
    "mix": Text("состава", "mix"), "age": Text("возраста сделок", "age of the deals"), "tenure": Text("стажа", "tenure"), "chance": Text("случайности", "chance"),
}  # fmt: skip
CELLS = {
    "channel": Text("каналов", "channels"), "product": Text("продуктов", "products"), "manager": Text("менеджеров", "sellers"),
}  # fmt: skip
# what else may make a difference that the comparison behind it does not rule out
NOT_ALLOWED = {
    "mix": Text("состав заявок", "the mix of leads"), "age": Text("возраст сделок", "the age of the deals"), "tenure": Text("стаж", "tenure"),
}  # fmt: skip
COULD_BE = {
    MANAGER: Text("Не учтены: {what}.", "Not allowed for: {what}."),
    TEAM: Text("Команды могут работать с разными клиентами. Не учтены: {what}.", "Teams may serve different clients. Not allowed for: {what}."),
    CHANNEL: Text("У каналов разная аудитория.", "Channels bring different people."),
    "past": Text("Сезон и состав учтены; рынок за год мог измениться сам.", "Season and mix are allowed for; the market itself may have changed within the year."),
    "past_raw": Text("Сезон учтён: сравнение с тем же временем года. Состав каналов и продуктов не учтён, рынок за год мог измениться сам.", "The season is allowed for: the same time of the year. The mix of channels and products is not, and the market itself may have changed within the year."),
    "speed": Text("Связь скорости с договорами посчитана внутри менеджера, канала и времени суток; трудные заявки могли ждать дольше сами по себе.", "The link between speed and contracts was estimated within seller, channel and time of day; hard leads may have waited longer anyway."),
}  # fmt: skip
HARD = Text("сложность самих заявок", "how hard the leads themselves are")
ABSENT = {
    "surveys": Text("В данных нет ни одного опроса клиентов: их не спрашивают, не записывают ответы или не выгрузили", "The data hold no client survey: nobody asks, nobody writes it down, or it was not exported"),
    "reviews": Text("В данных нет ни одной оценки разговоров: разговоры не слушают, оценки не записывают или не выгрузили", "The data hold no reviewed conversation: nobody listens, nobody writes it down, or it was not exported"),
    "plans": Text("В данных нет плана продаж: сравнить результат не с чем; плана нет или его не выгрузили", "The data hold no sales plan: there is nothing to hold the result against; there is none, or it was not exported"),
    "loss_reasons": Text("Причины отказов не записаны ни у одной из проигранных сделок", "None of the lost deals has a reason written down"),
}  # fmt: skip
EXPLAINS = {
    "age": Text("возраст сделок или то, что часть их досталась новичкам", "the age of the deals, or newcomers among them"), "tenure": Text("начало работы: первые 90 дней", "the first 90 days at work"),
    "inherited": Text("то, что часть сделок досталась от ушедших", "that some of the deals came from people who left"),
    "channel": Text("состав каналов", "the mix of channels"), "product": Text("состав продуктов", "the mix of products"),
    "manager": Text("то, кому достались заявки", "which sellers had the leads"),
}  # fmt: skip
SHORT = Text(", до плана не хватает {x}", ", {x} short of it")
CASES = (("случай", "случая", "случаев"), ("case", "cases"))
WHEN = {"year_ago": Text("год назад", "a year ago"), "previous": Text("в прошлом периоде", "in the period before")}
NOTED = {
    "mix": Text(
        "{place}: показатель «{name}» выглядит хуже, чем у остальных; если учесть {by}, отличия больше случайного не остаётся.",
        "{place}: “{name}” looks worse than with the rest; with {by} allowed for, no difference is left beyond chance.",
    ),
    "mix_changed": Text("{name}: изменился состав заявок ({grown}); одно это меняет показатель на {gap}, и к работе отдела это не относится.", "{name}: the mix of leads has changed ({grown}); that alone moves the figure by {gap}. It says nothing of the department's work."),
    "changed": Text("{name}: {value}, в прошлом периоде {peer}; из изменения на {gap} состав объясняет {mix}; того же периода год назад в данных нет, поэтому сезон от работы не отличить.", "{name}: {value}, {peer} in the period before; of the change of {gap}, the mix explains {mix}. The same period a year before is not in the data: season and work cannot be told apart."),
    "divided": Text("Поимённо менеджеров здесь сравнивать нельзя. Показатель «{name}»: у четверти заявок ответственный проводит не больше {value}, у другой четверти — не меньше {peer}. Так бывает, когда работа поделена по ролям или сделку записывают на того, кто её закрыл.", "Sellers cannot fairly be compared here. “{name}”: a quarter of the cases lie with people at {value} or less, another quarter with people at {peer} or more. That happens where work is divided by roles, or a deal is put down to whoever closed it."),
    "new": Text("{place}: к концу периода работает меньше 90 дней, сравнивать рано.", "{place}: less than 90 days at work by the end of the period, too new to be compared."),
    "immature": Text("Заявки периода ещё дозревают: договоров пока {value}, ожидается {peer} ({low} – {high}).", "The period's leads are still maturing: {value} have signed, {peer} are expected ({low} – {high})."),
}  # fmt: skip


def place_name(finding: Finding, language: Language) -> str:
    """Who or what a finding is about."""
    if not finding.by:
        return DEPARTMENT[language]
    name = called(finding, language)
    return PLACES[finding.by].format(x=name)[language] if finding.by in PLACES else f"{dimension_name(finding.by, language)}: {name}"


def called(finding: Finding, language: Language) -> str:
    """A segment by its name; a bare number is said to be a seller, a channel …"""
    name = segment_name(finding.segment, language)
    return f"{dimension_name(finding.by, language)} {name}" if name.isdigit() and finding.by != HOUR else name


def statement(finding: Finding, reader: Reader) -> str:
    """What is wrong: «Игорь Лебедев: заявка ждёт первого ответа 6,1 ч, у остальных 42 мин»."""
    language = reader.language
    if finding.rule == "left":
        return _left_behind(finding, reader)
    if finding.rule == "absent":
        return ABSENT[finding.reason][language]
    value, peer, estimate = (
        tell(number, finding.unit, language, reader.currency) for number in (finding.value, finding.peer, finding.estimate)
    )
    told = TOLD[finding.kpi].format(value=value)[language]
    if finding.rule == "peers" and not speaks_for_itself(finding):
        # the mix of what they were given makes the plain values misleading: both sides are told as they are with it allowed for
        fair = Text(
            "{place}: {told}; с учётом {what} — {estimate}, {against}",
            "{place}: {told}; with {what} allowed for {estimate}, {against}",
        )
        held = against(finding, peer, language)
        return fair.format(
            place=place_name(finding, language), told=told, what=_allowed(finding, language), estimate=estimate, against=held
        )[language]
    if finding.kpi == "plan_attainment" and finding.value < 1 and finding.n == finding.n:  # its n is the plan
        told += SHORT.format(x=rounded((1 - finding.value) * finding.n, reader))[language]
    return f"{place_name(finding, language)}: {told}, {against(finding, peer, language)}"


def against(finding: Finding, peer: str, language: Language) -> str:
    """What a value is held against: the peers' median, the target, the norm, or the year before."""
    text = PEERS.get(finding.by, AMONG_PEERS) if finding.rule == "peers" else AGAINST[finding.rule]
    return text.format(peer=peer)[language]


def speaks_for_itself(finding: Finding) -> bool:
    """Whether the plain values show a gap of about the size that is left once mix, age and chance are allowed for."""
    return finding.estimate != finding.estimate or finding.peer != finding.peer_fair


def _allowed(finding: Finding, language: Language) -> str:
    """What the comparison allows for, as a list: mix, age, tenure and always chance."""
    return _listed([ALLOWED[name][language] for name in (*(one for one in finding.allowed if one in ALLOWED), "chance")], language)


def _listed(names: list[str], language: Language) -> str:
    last = Text(" и ", " and ")[language]
    return ", ".join(names[:-1]) + (last if len(names) > 1 else "") + names[-1]


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
    """How sure: the grade, what stands behind it, the gap with all allowed for, the interval and the cases."""
    language = reader.language
    if finding.rule == "absent":
        return TAGS["counted"][language]
    parts = [LIKELY[language]] if finding.rule in ("peers", "past") and finding.grade == "likely" else []
    if finding.gap == finding.gap and finding.rule in ("peers", "past"):
        gap = size_of_gap(finding, language)
        cells = [CELLS[name][language] for name in CELLS if name in finding.allowed]
        if finding.rule == "peers":
            gap = GAP.format(gap=gap, what=_allowed(finding, language))[language]
        elif cells:
            gap = GAP_OF_PAST.format(gap=gap, what=_listed(cells, language))[language]
        parts.append(gap)
    if finding.low == finding.low and finding.high == finding.high:
        ends = tell_interval(finding.low, finding.high, finding.unit, language, reader.currency)
        plain = Text("интервал самого значения {x}", "interval of the plain value {x}")
        is_plain = finding.rule == "peers" and not speaks_for_itself(finding)
        parts.append((plain if is_plain else Text("интервал {x}", "interval {x}")).format(x=ends)[language])
    if counts := cases_told(finding, language):
        parts.append(counts)
    return "; ".join(parts)


def cases_told(finding: Finding, language: Language) -> str:
    """How many stand behind a value: «51 из 68» of a share, «63 случая» of another figure, '' of a ratio of sums."""
    card = card_of(finding.kpi)
    if card.kind == "ratio" or finding.n != finding.n:
        return ""
    if card.kind == "share":
        k, n = (write_number(number, language) for number in (round(finding.value * finding.n), finding.n))
        return Text("{k} из {n}", "{k} of {n}").format(k=k, n=n)[language]
    return many(finding.n, language, CASES)


def many(number: float, language: Language, noun: Noun) -> str:
    """A number with its noun: «1 случай», «63 случая», «63 cases»."""
    return f"{write_number(number, language)}\u00a0{counted(round(number), language, *noun)}"


def sure_in_short(finding: Finding, reader: Reader) -> str:
    """How sure, in a few words: the cases, the interval, the kind of evidence."""
    language = reader.language
    parts = [cases_told(finding, language)]
    if finding.low == finding.low and finding.high == finding.high:
        parts.append(tell_interval(finding.low, finding.high, finding.unit, language, reader.currency))
    tag = TAGS["differs" if finding.tag == "goes_together" else finding.tag][language]
    parts.append(LIKELY[language] if finding.grade == "likely" and finding.rule in ("peers", "past") else tag)
    return " · ".join(part for part in parts if part)


def consequences(finding: Finding, language: Language) -> str:
    """What follows from it, '' where nothing does."""
    names = [inside(kpi_name(kpi, language)) for kpi in finding.consequences if kpi in CATALOGUE]
    return FOLLOWS.format(list=", ".join(names))[language] if names else ""


def echo(finding: Finding, language: Language) -> str:
    """What follows in a chapter from a fault of another one: «Павел Егоров: заявки без ответа входят в замечание f02 …»."""
    kpis = [inside(kpi_name(kpi, language)) for kpi in finding.consequences if kpi in CATALOGUE]
    names = _listed(kpis, language)
    told = Text(
        "{who}: {list} входит в замечание {id} «{cause}» и отдельно не считается.",
        "{who}: {list} is part of finding {id}, “{cause}”, and not counted again.",
    )
    if len(kpis) > 1:
        told = Text(
            "{who}: {list} входят в замечание {id} «{cause}» и отдельно не считаются.",
            "{who}: {list} are part of finding {id}, “{cause}”, and not counted again.",
        )
    return told.format(who=place_name(finding, language), list=names, id=finding.id, cause=inside(kpi_name(finding.kpi, language)))[
        language
    ]


def _times(number: str) -> str:
    """«раза» or «раз», as the number asks for."""
    if "," in number or (number[-1] in "234" and number[-2:] not in ("12", "13", "14")):
        return "раза"
    return "раз"


def size_of_gap(finding: Finding, language: Language) -> str:
    """How much worse, with its range: by a part of the peers' value, or so many times where it is more than twice."""
    ends = (finding.gap, finding.gap_low, finding.gap_high)
    if finding.gap >= 1:
        digits = 0 if finding.gap >= 9 else 1
        gap, low, high = (write_number(1 + end, language, digits) for end in ends)
        gap = f"{gap} {_times(gap)}" if language == "ru" else gap
        return Text("хуже в {gap} (от {low} до {high})", "{gap} times as much ({low} to {high})").format(gap=gap, low=low, high=high)[
            language
        ]
    gap, low, high = (("−" if end <= -0.005 else "") + write_percent(abs(end), language, 0) for end in ends)
    return Text("хуже на {gap} (от {low} до {high})", "worse by {gap} ({low} to {high})").format(gap=gap, low=low, high=high)[language]


def could_be(finding: Finding, language: Language) -> str:
    """What else could explain a finding, in one line; '' for what is plainly counted."""
    if finding.rule == "past":
        return COULD_BE["past" if {"channel", "product"} & set(finding.allowed) else "past_raw"][language]
    if finding.rule != "peers" or finding.by not in COULD_BE:
        return ""
    missing = [NOT_ALLOWED[name][language] for name in NOT_ALLOWED if name not in finding.allowed]
    if finding.kpi in OF_CONTACTS:
        missing.append(Text("контакты, которых никто не записал", "contacts that nobody wrote down")[language])
    told = COULD_BE[finding.by].format(what=", ".join([*missing, HARD[language]]))[language]
    return f"{told} {COULD_BE['speed'][language]}" if finding.tag == "goes_together" else told


def day(moment: date, language: Language) -> str:
    """A day as the language writes it: 01.12.2026, 1 Dec 2026."""
    return f"{moment:%d.%m.%Y}" if language == "ru" else f"{moment:%-d %b %Y}"


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
    name = kpi_name(finding.kpi, language)
    if finding.rule in ("mix_changed", "changed"):
        return _change_told(finding, reader, numbers)
    return NOTED[finding.rule].format(
        place=place_name(finding, language),
        name=inside(name),
        by=EXPLAINS[finding.reason][language] if finding.rule == "mix" else "",
        **numbers,
    )[language]


def _change_told(finding: Finding, reader: Reader, numbers: dict[str, str]) -> str:
    """A change that is nobody's doing, or of which nobody can tell whose doing it is."""
    language = reader.language
    name = kpi_name(finding.kpi, language)
    points = {part: points_of(getattr(finding, source), language) for part, source in (("gap", "gap"), ("mix", "gap_low"))}
    grown = Text("«{channel}»: {now} заявок, {when} — {before}", "“{channel}”: {now} of leads, {before} {when}").format(
        when=WHEN[finding.reason][language],
        channel=segment_name(finding.segment, language),
        now=write_percent(finding.value, language, 0),
        before=write_percent(finding.peer, language, 0),
    )[language]
    return NOTED[finding.rule].format(name=name, grown=grown, **(numbers | points))[language]


def points_of(value: float, language: Language) -> str:
    """A difference of shares in points, with its sign."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + write_percent(abs(value), language).replace("%", Text("п. п.", " pp")[language]).replace("  ", " ")


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
    """A name inside a sentence; abbreviations stay as they are, and a preposition of one letter is none."""
    return text if text[:2].isupper() and text[1:2] != " " else text[:1].lower() + text[1:]
