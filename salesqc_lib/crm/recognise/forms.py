"""The forms of dates, numbers and words in a draft: what can be read in two ways, and what cannot be read."""

import re

from salesqc_lib.crm import files, readings
from salesqc_lib.crm.intake import Intake
from salesqc_lib.crm.mapped_tables import source_of
from salesqc_lib.crm.meanings import OTHERWISE, meaning, plain
from salesqc_lib.crm.recognise.draft import Draft
from salesqc_lib.crm.recognise.sheet import Looked
from salesqc_lib.crm.recognise.table import GUESS, LIKELY, Recognised
from salesqc_lib.errors import DataError
from salesqc_lib.params.source import ColumnRule
from salesqc_lib.tables import TABLES, Kind
from salesqc_lib.words import Text

ZONE = "UTC"  # while nobody knows better: moments are only compared with each other here
_AMERICAN = ("America/",)


def settle_forms(intake: Intake, found: Recognised, made: Draft) -> None:
    """Dates and numbers that can be read in two ways: as the other columns of the table are, else as the place suggests. What cannot be
    read is not taken."""
    present = files.raw_columns(intake, found.sheet.raw)
    open_ones: list[tuple[str, str, Kind]] = []
    orders: list[str] = []
    for name in list(found.mapped):
        mapped, kind = found.mapped[name], TABLES[found.table].by_name[name].kind
        if not mapped.names or kind not in (Kind.TIME, Kind.DATE, Kind.NUMBER) or any(present[one] != "VARCHAR" for one in mapped.names):
            continue
        column = tuple(mapped.names)
        source = source_of(ColumnRule.model_validate({"column": column}), present, intake, (), found.sheet.part.path)
        wanted = Kind.NUMBER if kind is Kind.NUMBER else Kind.TIME
        try:
            reading = readings.reading_for(intake.con, found.sheet.raw, source, name, wanted, ZONE)
            orders += [reading.name[:2]] if wanted is Kind.TIME and reading.name[:2] in ("%d", "%m") else []
        except DataError as error:
            if "two ways" in error.message or "decimal point and numbers" in error.message:
                open_ones.append((name, source, wanted))
            elif name in ("deal_id", "created_at"):
                raise
            else:
                del found.mapped[name]
                made.doubts.append(
                    Text(
                        f"колонка «{column[0]}» не взята ({name}): {_in_russian(error)}",
                        f"the column «{column[0]}» is not taken for {name}: {error.message}",
                    )
                )
    for name, source, wanted in open_ones:
        _choose_form(intake, found, made, name, source, wanted, orders[0] if len(set(orders)) == 1 else "")


def _in_russian(error: DataError) -> str:
    examples = error.message.partition(": ")[2]
    return f"значения не читаются: {examples}" if examples else "значения не читаются"


_REST = {"direction": "", "result": "other", "kind": "note", "question": "", "key_event_kind": ""}


def settle_words(found: Recognised, made: Draft) -> None:
    """Words of closed columns that nobody knows: they mean nothing, and are told; a column of such words alone is not taken."""
    for name in list(found.mapped):
        column, looked = TABLES[found.table].by_name[name], found.looked(name)
        given = {plain(word) for word in found.values.get(name, {})}
        if name == "outcome" or not column.values or looked is None or OTHERWISE in given:
            continue
        strange = [
            word
            for word, _ in looked.common
            if plain(word) not in given and meaning(name, word) is None and plain(word) not in column.values
        ]
        if not strange:
            continue
        if len(strange) == len(looked.common) and not column.is_required:
            del found.mapped[name]
            continue
        found.values.setdefault(name, {})[OTHERWISE] = _REST.get(name, "")
        shown = ", ".join(f"«{word}»" for word in strange[:3])
        made.doubts.append(
            Text(f"{found.table}.{name}: слова {shown} не известны", f"{found.table}.{name}: the words {shown} are not known")
        )


def _choose_form(intake: Intake, found: Recognised, made: Draft, name: str, source: str, kind: Kind, order: str) -> None:
    """`order`: %d or %m, where the other dates of the table tell which comes first."""
    mapped = found.mapped[name]
    if kind is Kind.NUMBER:
        is_english = made.language == "en" and made.currency.value in ("USD", "GBP", "CAD", "AUD", "INR", "ILS", "AED")
        mapped.decimal = _decimal_of_groups(found.looked(name)) or ("." if is_english else ",")
        chosen = mapped.decimal
    else:
        is_american = made.zone.value.startswith(_AMERICAN) and made.currency.value == "USD"
        day_first, month_first = readings.day_orders(intake.con, found.sheet.raw, source)
        mapped.format = month_first if order == "%m" or (not order and is_american) else day_first
        chosen = mapped.format
    mapped.sure = LIKELY if kind is Kind.TIME and order else GUESS
    made.doubts.append(
        Text(
            f"«{mapped.names[0]}» читается двумя способами; взято {chosen}: проверьте",
            f"«{mapped.names[0]}» can be read in two ways; {chosen} is taken: check it",
        )
    )


def _decimal_of_groups(looked: Looked | None) -> str:
    """Of amounts that all end in three digits, as 12,000 and 8.500, the mark parts thousands: nobody writes thousandths of money."""
    marks = {found[2] for value in (looked.sample if looked else ()) if (found := re.search(r"(\d{1,3})([.,])\d{3}(?!\d)", value))}
    decimals = any(re.search(r"[.,]\d{1,2}(?!\d)", value) for value in (looked.sample if looked else ()))
    return {",": ".", ".": ","}[marks.pop()] if len(marks) == 1 and not decimals else ""
