"""What words of CRMs mean, in Russian, English and German: case, spaces and ё make no difference."""

import re
from collections.abc import Mapping

from salesqc_lib.crm.intake import literal

OTHERWISE = "otherwise"  # the key of a map for every other value
_WORDS: dict[str, dict[str, str]] = {
    "outcome": {
        "won": "won|выиграна|выиграно|выигран|успех|успешна|успешно|успешно реализовано|сделка успешна|сделка заключена|договор заключен|договор заключён|продано|продажа|оплачено|closed won|closed - won|closedwon|closed-won|deal won|sold|gewonnen|abgeschlossen - gewonnen|erfolgreich|s|success|142",
        "lost": "lost|проиграна|проиграно|проигран|провалена|провал|сделка провалена|сделка проиграна|отказ|закрыто и не реализовано|не реализовано|потеряна|потеряно|closed lost|closed - lost|closedlost|closed-lost|deal lost|lose|verloren|abgeschlossen - verloren|abgelehnt|abgesagt|f|failure|apology|143|junk",
        "open": "open|открыта|открыто|открыт|в работе|в процессе|активна|новая|новый|in progress|in process|active|pending|new|offen|in bearbeitung|laufend|p|process",
    },
    "direction": {
        "in": "in|incoming|inbound|входящий|входящая|входящее|вход|вх|вх.|call_in|incoming_call|eingehend|eingang|1in",
        "out": "out|outgoing|outbound|исходящий|исходящая|исходящее|исход|исх|исх.|call_out|outgoing_call|ausgehend|ausgang",
    },
    "kind": {
        "call": "call|calls|phone call|phone|звонок|звонки|телефон|телефонный звонок|входящий звонок|исходящий звонок|call_in|call_out|anruf|telefonat",
        "email": "email|e-mail|mail|письмо|почта|эл. почта|электронная почта|емейл|имейл|amomail_message|e-mail-nachricht",
        "message": "message|sms|sms_in|sms_out|chat|whatsapp|telegram|viber|сообщение|чат|мессенджер|смс|nachricht",
        "meeting": "meeting|встреча|визит|meet|appointment|demo|встреча онлайн|treffen|termin|besprechung",
        "social": "social|соцсети|соцсеть|социальные сети|facebook|instagram|vk|вконтакте|linkedin",
        "note": "note|заметка|примечание|комментарий|common|notiz|service_message|extended_service_message|attachment",
    },
    "result": {
        "conversation": "conversation|разговор|разговор состоялся|дозвонились|дозвон|состоялся|успешный|успешно|отвечен|отвечено|принят|принятый|connected|answered|completed|success|successful|gespräch|erreicht|angenommen",
        "no_answer": "no_answer|no answer|нет ответа|не дозвонились|недозвон|не ответил|не отвечает|не берет трубку|noanswer|unanswered|keine antwort|nicht erreicht",
        "busy": "busy|занято|занят|besetzt",
        "voicemail": "voicemail|left voicemail|left live message|автоответчик|голосовая почта|оставил сообщение|mailbox",
        "wrong_number": "wrong_number|wrong number|неверный номер|неправильный номер|falsche nummer",
        "missed": "missed|пропущен|пропущенный|пропущено|missed call|verpasst|entgangen",
        "declined": "declined|rejected|отклонен|отклонён|сброшен|canceled|cancelled|abgelehnt",
        "other": "other|другое|прочее|sonstiges",
    },
    "key_event_kind": {
        "meeting": "meeting|встреча|демо|demo|показ",
        "measurement": "measurement|замер|осмотр|выезд",
        "proposal": "proposal|кп|предложение|коммерческое предложение|смета|quote|angebot",
    },
}  # fmt: skip
YES = ("true", "t", "1", "yes", "y", "да", "д", "истина", "+", "ja", "j", "wahr", "x", "on")
NO = ("false", "f", "0", "no", "n", "нет", "н", "ложь", "-", "nein", "falsch", "off")


def plain(word: str) -> str:
    """A word as it is compared: small letters, one space, е for ё.

    >>> plain("  Договор  Заключён\\xa0")
    'договор заключен'
    """
    return " ".join(word.replace("\xa0", " ").split()).lower().replace("ё", "е")


def plain_sql(cell: str) -> str:
    """SQL for the same of a cell."""
    return rf"replace(lower(trim(regexp_replace(({cell})::VARCHAR, '[\s\x{{a0}}]+', ' ', 'g'))), 'ё', 'е')"


KNOWN: dict[str, dict[str, str]] = {
    column: {plain(word): meaning for meaning, words in meanings.items() for word in words.split("|")}
    for column, meanings in _WORDS.items()
}


def meaning(column: str, word: str) -> str | None:
    """The canonical word for what stands in a closed column; None where it is not known.

    >>> meaning("outcome", "Сделка успешна"), meaning("direction", "Входящий"), meaning("outcome", "Переговоры")
    ('won', 'in', None)
    """
    return KNOWN.get(column, {}).get(re.sub(r"^c\d+:", "", plain(word)))


def mapped(cell: str, given: Mapping[str, str] | None, column: str) -> str:
    """SQL for a cell's canonical word: what the parameters say, else what the word usually means, else the cell as it is.

    `otherwise` among the given words stands for every other one; a word that is mapped to nothing is empty.
    """
    given, known = dict(given or {}), KNOWN.get(column, {})
    rest = given.pop(OTHERWISE, None)
    if not given and not known and rest is None:
        return cell
    loose = {plain(word): meant for word, meant in given.items()}
    flags = {word: loose["true"] for word in YES if "true" in loose} | {word: loose["false"] for word in NO if "false" in loose}
    # stages of further pipelines have a prefix in Bitrix24: C1:WON
    word = f"regexp_replace({plain_sql(cell)}, '^c[0-9]+:', '')" if column == "outcome" else plain_sql(cell)
    text = f"({cell})::VARCHAR"
    last = text if rest is None else f"CASE WHEN {text} IS NOT NULL THEN {literal(rest)} END"
    found = [
        _look_up({name.strip(): meant for name, meant in given.items()}, text),
        _look_up({**known, **flags, **loose}, word),
    ]
    return f"nullif(coalesce({', '.join([*filter(None, found), last])}), '')"


def _look_up(words: Mapping[str, str], cell: str) -> str:
    """SQL that finds a cell among words once, and not once for each of them; '' where there are none."""
    pairs = ", ".join(f"{literal(word)}: {literal(meant)}" for word, meant in words.items())
    return f"MAP {{{pairs}}}[{cell}]" if words else ""


def is_yes(cell: str) -> str:
    """SQL for whether a cell says yes."""
    return f"coalesce({plain_sql(cell)} IN ({', '.join(map(literal, YES))}), false)"


def one_of(cell: str, words: tuple[str, ...]) -> str:
    """SQL for whether a cell is one of some words."""
    listed = ", ".join(literal(plain(word)) for word in words) or "NULL"
    return f"coalesce({plain_sql(cell)} IN ({listed}), false)"


def as_spelt(cell: str, names: tuple[str, ...]) -> str:
    """SQL that gives a name of the parameters its spelling there, however it is written in the file."""
    words = {plain(name): name for name in reversed(names)}
    if not words:
        return cell
    return f"coalesce({_look_up(words, plain_sql(cell))}, ({cell})::VARCHAR)"


_MONTHS = (
    ("янв|jan|jän", "01"), ("фев|feb", "02"), ("мар|mar|mär", "03"), ("апр|apr", "04"), ("ма[йя]|may|mai", "05"), ("июн|jun", "06"), ("июл|jul", "07"),
    ("авг|aug", "08"), ("сен|sep", "09"), ("окт|oct|okt", "10"), ("ноя|nov", "11"), ("дек|dec|dez", "12"),
)  # fmt: skip


def month_number(cell: str) -> str:
    """SQL for the two digits of the month that a cell names."""
    return (
        "CASE "
        + " ".join(rf"WHEN regexp_matches({cell}, '(?i)(^|[^\p{{L}}])({names})') THEN '{number}'" for names, number in _MONTHS)
        + " END"
    )


def is_word(text: str) -> bool:
    """Whether a text has a letter."""
    return bool(re.search(r"[^\W\d_]", text))
