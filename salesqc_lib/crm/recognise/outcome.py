"""Which deals are won and which are lost: by the words of a column, by what stands beside them, by the names of the CRM's own stages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from salesqc_lib.crm.intake import Intake, quoted
from salesqc_lib.crm.meanings import YES, is_yes, meaning, plain
from salesqc_lib.crm.recognise.sheet import Looked
from salesqc_lib.crm.recognise.table import GUESS, LIKELY, SURE, Mapped, Recognised

_LOST = re.compile(
    r"отказ|отмен|безуспеш|не реализ|неуспе|проигр|провал|потер|lost|\blose\b|verlor|abgelehnt|absag|storniert|спам|spam|дубл|duplicat|junk|мусор|нецелев|не целев|disqualif"
    r"|\bбрак\b|cancel|\bdead\b|unqualified|reject|declined|refus|закрыт\w* и не|kein interesse|not interested|не интерес"
    r"|\bне (продан|купил|куплен|выигр|состоял|успе|заключ|сложил|договорил)|\bnot (sold|won|bought|closed won)|\bnicht (verkauft|gewonnen|gekauft|erfolgreich)"
    r"|купил\w* (в друг|у друг|у конкур|не у нас)|(bought|went|gone|chose|purchased)\w* (elsewhere|from a|from other|another|competitor|with a)|woanders|anderweitig"
)
_WON = re.compile(
    r"успешн|выигр|\bwon\b|\bоплач|\bпродан|^продаж|заключ[её]н|\bподписан|купил|gewonnen|erfolgreich|verkauft|\bsold\b|\bpaid\b|\bsigned|\bвыполнен|\bреализован"
    r"|отгружен|продл[её]н|renewed|verlängert|order placed|ordered|purchased|bought|^договор$|^контракт$|^contract$|^vertrag$|^auftrag$|beauftragt"
)
# payment and signature that are still awaited
_AWAITED = re.compile(
    r"\b(не|без|жд[её]\w*|ожида\w*|на|к|not|un|awaiting|waiting|pending|to be|partly|partially|nicht|noch nicht|teilweise|частично) ?(оплач|оплат|подпис|paid|payment|signed|signature|bezahlt|unterschrieben)|\bunpaid|\bunsigned"
)
_SALE = re.compile(r"продаж|покупк|сделка состоялась|договор|оплат|\bsale\b|\bsold\b|contract|success|verkauf|abschluss|gewonnen")
_CLOSED_FLAGS = ("сделка закрыта", "закрыта", "deal closed", "closed", "isclosed", "is_closed", "закрыто")
_STATUS = (
    "статус",
    "состояние",
    "результат",
    "итог",
    "status",
    "state",
    "result",
    "outcome",
    "stand",
    "ergebnis",
    "группа стадий",
    "stage group",
    "этап",
    "стадия",
    "stage",
)
# words of stages on the way, by what they mean; the first that fits counts
_STEPS = (
    ("act", r"\bакт\b|сдан|отгру|deliver|ausgeliefert|installed|установлен"),
    ("contract", r"договор подписан|подписан|contract signed|signed|оплат|оплачен|предоплат|аванс|paid|payment received|vertrag unterschrieben"),
    ("key_event_held", r"(замер|встреча|показ|демо|презентация|осмотр|визит)\w*( был\w*)? (проведен|состоял|прош|сделан|выполнен)|(meeting|demo|visit|survey|presentation|appointment) (held|done|completed|took place)|(кп|предложение|смета) (отправлен|выслан)|(proposal|quote|offer)( was)? (sent|made)|angebot (gesendet|verschickt)"),
    ("key_event_set", r"(замер|встреча|показ|демо|презентация|осмотр|визит)\w* назначен|назначен\w* (замер|встреч|показ|демо)|(meeting|demo|visit|survey|appointment)( was)? (scheduled|set|booked)|termin vereinbart|appointmentscheduled"),
    ("qualified", r"(?<!не )(?<!un)квалифицир|квалификац(?!.*нет)|\bqualified|qualifiedtobuy|\bквал\b|qualifiziert|целев"),
)  # fmt: skip


@dataclass
class StageGuess:
    """What a stage of the CRM means, how sure that is, and how many deals stand there."""

    name: str
    meaning: str
    sure: str
    deals: int


@dataclass
class Ends:
    """How deals end: words of the outcome's column and what they mean."""

    words: dict[str, str] = field(default_factory=dict)
    sure: str = GUESS

    @property
    def is_known(self) -> bool:
        """Whether won and lost deals can both be told."""
        return "won" in self.words.values() and "lost" in self.words.values()


def decide(intake: Intake, deals: Recognised, semantics: Mapping[str, str]) -> Ends:
    """Find the outcome of the deals, and change `deals.mapped` and `deals.values` to say so. `semantics`: ends that a list of stages names."""
    outcome = deals.mapped.get("outcome")
    if outcome and outcome.reading == "won_and_closed":
        return Ends({"": "won", " ": "lost"}, SURE)
    offers = [(one, _ends_of(intake, deals, one, semantics)) for one in _offers(deals)]
    known = [(one, ends) for one, ends in offers if ends.words]
    if not known:
        deals.mapped.pop("outcome", None)
        return Ends()
    order = {SURE: 2, LIKELY: 1, GUESS: 0}
    column, ends = max(known, key=lambda pair: (pair[1].is_known, order[pair[1].sure], -offers.index(pair)))
    deals.mapped["outcome"] = Mapped([column.name], ends.sure)
    given = deals.values.get("outcome", {})
    deals.values["outcome"] = {
        **{word: told for word, told in ends.words.items() if told != "open"},
        **given,
        "otherwise": "open",
    }
    return ends


def _offers(deals: Recognised) -> list[Looked]:
    """Columns that may tell the outcome: what the CRM's layout says, the stage, and whatever is called a status."""
    found = [looked for name in ("outcome", "stage") if (looked := deals.looked(name))]
    flags = [
        column
        for column in deals.sheet.columns.values()
        if column.is_flag and (_SALE.search(plain(column.name)) or _WON.search(plain(column.name)))
    ]
    named = [*flags] + [column for column in deals.sheet.columns.values() if any(plain(column.name).startswith(word) for word in _STATUS)]
    return list(dict.fromkeys([*found, *(column for column in named if 0 < column.distinct <= 60)]))


def _ends_of(intake: Intake, deals: Recognised, column: Looked, semantics: Mapping[str, str]) -> Ends:
    """What the words of a column mean, as far as they and the rows beside them tell."""
    words = {word: semantics.get(word) or meaning("outcome", word) for word, _ in column.common}
    exact = {word: told for word, told in words.items() if told in ("won", "lost")}
    named = dict(exact)
    for word in words:
        if word not in named and _LOST.search(plain(word)) and not _AWAITED.search(plain(word)):
            named[word] = "lost"
    if column.is_flag:
        named = _of_flag(column)
    else:
        wins = _without_a_win(intake, deals, column, named)
        named |= {word: "won" for word in words if word in wins and word not in named and _is_won(word)}
        named |= _by_rows(intake, deals, column, named, wins)
    if not {"won", "lost"} & set(named.values()):
        return Ends()
    sure = (
        SURE if {"won", "lost"} <= set(exact.values()) and named == exact else LIKELY if {"won", "lost"} <= set(named.values()) else GUESS
    )
    return Ends({word: named.get(word, "open") for word in words}, sure)


def _is_won(word: str) -> bool:
    return bool(_WON.search(plain(word))) and not _AWAITED.search(plain(word))


def _of_flag(column: Looked) -> dict[str, str]:
    """A column of yes and no that is called a sale: yes is won; no is lost or still open, which it does not tell."""
    if not _WON.search(plain(column.name)) and not _SALE.search(plain(column.name)):
        return {}
    return {word: "won" for word, _ in column.common if plain(word) in YES}


def _without_a_win(intake: Intake, deals: Recognised, column: Looked, named: Mapping[str, str]) -> set[str]:
    """The words of pipelines in which no word is known for a win: each pipeline ends in its own way."""
    pipeline = deals.looked("pipeline")
    if pipeline is None or pipeline.distinct < 2:
        return set() if "won" in named.values() else {word for word, _ in column.common}
    rows = intake.con.execute(
        f"SELECT DISTINCT trim({quoted(pipeline.name)}::VARCHAR), trim({quoted(column.name)}::VARCHAR) FROM {deals.sheet.raw} WHERE {quoted(column.name)} IS NOT NULL"
    ).fetchall()
    winning = {one for one, word in rows if named.get(str(word)) == "won"}
    return {str(word) for _, word in rows} - {str(word) for one, word in rows if one in winning}


def _by_rows(intake: Intake, deals: Recognised, column: Looked, named: Mapping[str, str], unsettled: set[str]) -> dict[str, str]:
    """Words that stand beside a reason of the loss, or on closed deals alone, mean an end."""
    reason, flag = deals.looked("loss_reason"), _closed_flag(deals)
    if reason is None and flag is None:
        return {}
    reasons = f"({quoted(reason.name)} IS NOT NULL AND trim({quoted(reason.name)}::VARCHAR) <> '')" if reason else "false"
    closed = is_yes(quoted(flag.name)) if flag else "false"
    rows = intake.con.execute(
        f"SELECT trim({quoted(column.name)}::VARCHAR), count(*), avg({reasons}::INTEGER), avg(({closed})::INTEGER) FROM {deals.sheet.raw} GROUP BY 1"
    ).fetchall()
    found = {}
    for word, count, with_reason, is_closed in rows:
        if word is None or word in named or count < 3:
            continue
        if with_reason > 0.8 or (
            is_closed > 0.95 and "won" in named.values() and (word not in unsettled or "won" in {named.get(one) for one in unsettled})
        ):
            found[str(word)] = "lost"
    return found


def _closed_flag(deals: Recognised) -> Looked | None:
    return next((column for column in deals.sheet.columns.values() if plain(column.name) in _CLOSED_FLAGS and column.is_flag), None)


def stages(
    intake: Intake, deals: Recognised, ends: Ends, order: Mapping[str, int], semantics: Mapping[str, str], events: Recognised | None
) -> list[StageGuess]:
    """The meaning of every stage, in the order in which deals pass them: `order` and `semantics` are what a list of stages tells, `events`
    the history of stages."""
    column = deals.looked("stage")
    passed = events.looked("stage") if events else None
    counted = dict(column.common if column else ()) | {
        name: 0 for name, _ in (passed.common if passed else ()) if not column or name not in dict(column.common)
    }
    if not counted:
        return []
    by_words = "stage" in deals.mapped and deals.mapped.get("outcome") and deals.mapped["outcome"].names == deals.mapped["stage"].names
    found = []
    for name, count in counted.items():
        told = semantics.get(name) or (ends.words.get(name) if by_words else None) or (meaning("outcome", name) if passed else None)
        if told in ("won", "lost"):
            found.append(StageGuess(name, "contract" if told == "won" else "lost", ends.sure if by_words else SURE, count))
            continue
        step = next((step for step, pattern in _STEPS if re.search(pattern, plain(name))), None)
        found.append(StageGuess(name, step or "lead", LIKELY if step else GUESS, count))
    if not by_words and not semantics:
        found = [_by_outcome(intake, deals, ends, guess) for guess in found]
    ranks = {"lead": 0, "qualified": 1, "key_event_set": 2, "key_event_held": 3, "contract": 4, "act": 5, "lost": 6}
    return sorted(
        found,
        key=lambda one: (
            ranks[one.meaning] if one.meaning in ("contract", "act", "lost") else 0,
            order.get(one.name, 999),
            ranks[one.meaning],
            -one.deals,
        ),
    )


def _by_outcome(intake: Intake, deals: Recognised, ends: Ends, guess: StageGuess) -> StageGuess:
    """A stage on which all deals are won, or all lost, is an end."""
    outcome, stage = deals.mapped.get("outcome"), deals.looked("stage")
    if outcome is None or stage is None:
        return guess
    if outcome.reading:
        won, closed = (is_yes(quoted(name)) for name in outcome.names)
        told_by = f"CASE WHEN {won} THEN 'won' WHEN {closed} THEN 'lost' ELSE 'open' END"
    else:
        told_by = f"trim({quoted(outcome.names[0])}::VARCHAR)"
    rows = intake.con.execute(
        f"SELECT DISTINCT {told_by} FROM {deals.sheet.raw} WHERE trim({quoted(stage.name)}::VARCHAR) = ?", [guess.name]
    ).fetchall()
    told = {str(row[0]) if outcome.reading else ends.words.get(str(row[0]), "open") for row in rows}
    if told == {"lost"}:
        return StageGuess(guess.name, "lost", LIKELY, guess.deals)
    return StageGuess(guess.name, "contract", LIKELY, guess.deals) if told == {"won"} and guess.meaning in ("lead", "contract") else guess
