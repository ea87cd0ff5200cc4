"""What stands in the cells of a mapped table: words as the parameters and the columns mean them, nothing where nothing is said."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from salesqc_lib.crm import meanings
from salesqc_lib.crm.excluded import excluded
from salesqc_lib.crm.files import FILE, ROW, raw_columns
from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.crm.snapshots import COUNTED_ONCE
from salesqc_lib.params.source import ColumnRule, ColumnSpec

if TYPE_CHECKING:
    from salesqc_lib.params.source import TableFile

# what people and programs write where there is nothing
EMPTY_WORDS = (
    "-", "--", "—", "–", "n/a", "#n/a", "null", "none", "nan", "nat", "undefined", "(empty)", "<empty>", "empty", "(none)", "(not set)", "not set",
    "unknown", "(unknown)", "unassigned", "(blank)", "не указан", "не указана", "не указано", "не задан", "не задана", "не задано", "неизвестно",
    "неизвестен", "не закрыта", "не закрыт", "not closed", "(пусто)", "пусто", "без ответственного", "не назначен", "0000-00-00", "0000-00-00 00:00:00",
)  # fmt: skip


def cells(
    intake: Intake,
    table: str,
    raw: str,
    expressions: Mapping[str, str],
    extra: Mapping[str, str],
    mapping: Mapping[str, ColumnSpec],
    spec: "TableFile",
) -> str:
    """SQL of the rows of `raw` with the columns of `expressions` and the client's own of `extra`, `__same` by which a row is known again, and
    `__excluded` (see `excluded`).

    What is done to a cell is done in steps, a query each: an expression within others is worked out once for each time that it is named.
    """
    columns = {**expressions, **extra}
    present = raw_columns(intake, raw)
    same = f"hash({', '.join(map(quoted, present))})" if table in COUNTED_ONCE else "NULL::UBIGINT"
    beside, why = excluded(intake, table, present, columns)
    first = {ROW: ROW, FILE: FILE, "__same": same, **beside, **columns}
    query = f"SELECT {', '.join(f'{sql} AS {quoted(name)}' for name, sql in first.items())} FROM {raw}"
    query = _then(query, {name: meanings.mapped(quoted(name), spec.values.get(name), name) for name in expressions})
    query = _then(query, {name: _as_in_parameters(intake, name) for name in expressions})
    query = _then(query, {name: _without_empty_words(intake, quoted(name)) for name in columns})
    query = _then(query, {name: _only_where(quoted(name), mapping.get(name), columns) for name in expressions})
    return f"SELECT {ROW}, {FILE}, __same, {why} AS __excluded, {', '.join(map(quoted, columns))} FROM ({query})"


def _then(query: str, step: Mapping[str, str]) -> str:
    """The query with other values in some columns."""
    replaced = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in step.items() if sql != quoted(name))
    return f"SELECT * REPLACE ({replaced}) FROM ({query})" if replaced else query


def _as_in_parameters(intake: Intake, name: str) -> str:
    """Stages and loss reasons in the spelling of the parameters."""
    stages = [word.rpartition(" / ")[2] for word in intake.parameters.stages]
    known: dict[str, Iterable[str]] = {"stage": stages, "from_stage": stages, "loss_reason": intake.parameters.loss_reasons}
    return meanings.as_spelt(quoted(name), tuple(dict.fromkeys(known.get(name, ()))))


def _without_empty_words(intake: Intake, cell: str) -> str:
    """A cell that says «nothing here» in words is empty, unless the parameters give the word a meaning."""
    meant = {word.lower() for word in (*intake.parameters.loss_reasons, *intake.parameters.stages)}
    words = ", ".join(literal(word) for word in EMPTY_WORDS if word not in meant)
    return f"CASE WHEN lower(({cell})::VARCHAR) IN ({words}) THEN NULL ELSE {cell} END"


def _only_where(cell: str, rule: ColumnSpec | None, columns: Mapping[str, str]) -> str:
    """A column that counts only for deals of some outcome is empty for the others."""
    if not (isinstance(rule, ColumnRule) and rule.only and "outcome" in columns):
        return cell
    outcomes = {"closed": "'won', 'lost'", "won": "'won'", "lost": "'lost'", "open": "'open'"}
    return f"CASE WHEN outcome IN ({outcomes[rule.only]}) THEN {cell} END"
