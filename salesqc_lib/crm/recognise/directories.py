"""Files that give the names of ids: users, stages, pipelines. Known by their ids, which the deals have, whatever they are called."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from salesqc_lib.crm.intake import Intake, quoted
from salesqc_lib.crm.meanings import NO, YES, plain
from salesqc_lib.crm.recognise.sheet import Looked, Sheet
from salesqc_lib.crm.recognise.table import Recognised

NAMED = ("manager", "stage", "from_stage", "pipeline", "loss_reason", "author", "channel")
_NAMES = ("name", "label", "title", "full name", "fullname", "имя", "название", "фио", "display name", "name_init")
_FIRST, _LAST = ("first_name", "firstname", "first name", "имя"), ("last_name", "lastname", "last name", "фамилия")
_SORTS = ("sort", "order_nr", "display_order", "displayorder", "sortorder", "order")
_ID = re.compile(r"(?i)(^|[_\s.])(id|code|key|код)$|Id$")  # what columns of ids are called
_ENOUGH = 0.8  # of the ids that occur are in the directory


@dataclass
class Directory:
    """A sheet that names the ids of a column: its columns of ids and names."""

    sheet: Sheet
    id: str
    name: list[str]
    names: dict[str, str] = field(default_factory=dict)  # id: name
    order: dict[str, int] = field(default_factory=dict)  # name: place
    ends: dict[str, str] = field(default_factory=dict)  # name: won or lost


def find(intake: Intake, table: Recognised, sheets: Iterable[Sheet]) -> dict[str, Directory]:
    """For columns of a table that hold ids: the directory that names them."""
    found: dict[str, Directory] = {}
    for column in NAMED:
        looked = table.looked(column)
        if looked is None or not looked.common or not all(_is_id(value) for value, _ in looked.common):
            continue
        offers = [one for sheet in sheets if sheet is not table.sheet and (one := _naming(intake, sheet, looked, _suits(column, sheet)))]
        if offers:
            found[looked.name] = max(offers, key=lambda one: (_suits(column, one.sheet), -len(one.names)))
    return found


def _is_id(value: str) -> bool:
    """A code: digits, or one word of Latin letters with digits, capitals or signs."""
    return bool(re.fullmatch(r"[\w:+/=.-]+", value)) and (any(letter.isdigit() for letter in value) or value.isupper() or value.islower())


def _suits(column: str, sheet: Sheet) -> bool:
    called = plain(f"{sheet.part.path.stem} {sheet.part.sheet or ''}")
    words = {
        "manager": "user|owner|сотрудник|пользоват",
        "author": "user|owner",
        "stage": "stage|status|стади|этап",
        "from_stage": "stage|status",
        "pipeline": "pipeline|categor|воронк",
        "loss_reason": "reason|причин",
        "channel": "source|источник",
    }[column]
    return bool(re.search(words, called))


def _naming(intake: Intake, sheet: Sheet, looked: Looked, is_called_so: bool) -> Directory | None:
    """The columns of a sheet that name the ids of a column. A sheet that is not called so must know three of them: a few small numbers
    occur everywhere."""
    names = _name_columns(sheet)
    if not names:
        return None
    wanted = {value for value, _ in looked.common}
    for column in sheet.columns.values():
        if column.name in names or not column.filled or column.distinct > 5000 or column.is_date or not _ID.search(column.name):
            continue
        # statuses of amoCRM repeat 142 and 143 in every pipeline, under one name
        rows = intake.con.execute(
            f"SELECT DISTINCT trim({quoted(column.name)}::VARCHAR), concat_ws(' ', {', '.join(f'trim({quoted(name)}::VARCHAR)' for name in names)}) FROM {sheet.raw} WHERE {quoted(column.name)} IS NOT NULL"
        ).fetchall()
        known = {str(identity): str(name) for identity, name in rows if name}
        if (
            len(wanted & set(known)) >= _ENOUGH * len(wanted)
            and len(known) >= 0.9 * len(rows)
            and any(known[one] != one for one in wanted & set(known))
        ):
            order, ends = _stages(intake, sheet, names)
            if "142" in known and "143" in known:  # the ends of every pipeline of amoCRM, whatever their names
                ends |= {known["142"]: "won", known["143"]: "lost"}
            return Directory(sheet, column.name, names, known, order, ends)
    return None


def _name_columns(sheet: Sheet) -> list[str]:
    first = next((column.name for column in sheet.columns.values() if plain(column.name) in _FIRST and column.filled), None)
    last = next((column.name for column in sheet.columns.values() if plain(column.name) in _LAST and column.filled), None)
    whole = next(
        (column.name for name in _NAMES for column in sheet.columns.values() if plain(column.name) == name and column.filled), None
    )
    if last and (first or whole):
        return [first or str(whole), last]
    if whole:
        return [whole]
    email = next((column.name for column in sheet.columns.values() if plain(column.name) == "email" and column.filled), None)
    return [email] if email else []


def _stages(intake: Intake, sheet: Sheet, names: list[str]) -> tuple[dict[str, int], dict[str, str]]:
    """What a list of stages tells beside their names: their order, and which are ends."""
    by_name = {plain(column.name): column.name for column in sheet.columns.values()}
    name = f"concat_ws(' ', {', '.join(f'trim({quoted(one)}::VARCHAR)' for one in names)})"
    order: dict[str, int] = {}
    if sort := next((by_name[one] for one in _SORTS if one in by_name), None):
        rows = intake.con.execute(
            f"SELECT {name}, min(TRY_CAST({quoted(sort)} AS DOUBLE)) FROM {sheet.raw} GROUP BY 1 ORDER BY 2, 1"
        ).fetchall()
        order = {str(row[0]): place for place, row in enumerate(rows) if row[1] is not None}
    ends: dict[str, str] = {}
    if "semantics" in by_name:
        rows = intake.con.execute(f"SELECT {name}, any_value({quoted(by_name['semantics'])}) FROM {sheet.raw} GROUP BY 1").fetchall()
        ends = {str(stage): {"S": "won", "F": "lost"}[str(code)] for stage, code in rows if str(code) in ("S", "F")}
    won, closed = (
        next((by_name[one] for one in words if one in by_name), None)
        for words in (("closed_won", "iswon", "is_won"), ("is_closed", "isclosed"))
    )
    if won and closed:
        for stage, is_won, is_closed in intake.con.execute(
            f"SELECT {name}, any_value({quoted(won)}), any_value({quoted(closed)}) FROM {sheet.raw} GROUP BY 1"
        ).fetchall():
            if plain(str(is_closed)) in YES or plain(str(is_won)) in YES:
                ends[str(stage)] = "lost" if plain(str(is_won)) in NO else "won"
    if {"metadata.isclosed", "metadata.probability"} <= set(by_name):  # HubSpot: a closed stage of probability 1 is a win
        closed_at, chance = quoted(by_name["metadata.isclosed"]), quoted(by_name["metadata.probability"])
        rows = intake.con.execute(
            f"SELECT {name}, any_value(TRY_CAST({chance} AS DOUBLE)) FROM {sheet.raw} WHERE lower({closed_at}) = 'true' GROUP BY 1"
        ).fetchall()
        ends |= {str(stage): "won" if probability == 1 else "lost" for stage, probability in rows}
    return order, ends
