"""The one gate through which texts of a client enter: of every raw table, whatever file it came from."""

from salesqc_lib import limits
from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.errors import DataError
from salesqc_lib.letters import BREAKS_SQL, UNSEEN_SQL
from salesqc_lib.warnings import Warned


def let_in(intake: Intake, raw: str, texts: list[str], table: str, label: str) -> None:
    """Take letters that cannot be read out of the text columns of a raw table, and tell how many cells held some.

    Raises
    ------
    DataError
        A cell is longer than any CRM writes.
    """
    if not texts:
        return
    counts = ", ".join(
        f"max(strlen({quoted(column)})), count(*) FILTER (WHERE regexp_matches({quoted(column)}, {literal(UNSEEN_SQL)}))"
        for column in texts
    )
    found = intake.con.execute(f"SELECT {counts} FROM {raw}").fetchall()[0]
    for place, column in enumerate(texts):
        if (found[2 * place] or 0) > limits.CELL_LETTERS:
            _refuse_long(intake, raw, column, label)
    cells = 0
    for place, column in enumerate(texts):
        if held := found[2 * place + 1]:
            name, unseen = quoted(column), literal(UNSEEN_SQL)
            spaced = f"regexp_replace({name}, {literal(BREAKS_SQL)}, ' ', 'g')"
            intake.con.execute(
                f"UPDATE {raw} SET {name} = regexp_replace({spaced}, {unseen}, '', 'g') WHERE regexp_matches({name}, {unseen})"
            )
            cells += held
    if cells:
        intake.warn(Warned("W220", {"n": cells}, table, file=label, rows=cells))


def _refuse_long(intake: Intake, raw: str, column: str, label: str) -> None:
    row, size = intake.con.execute(
        f"SELECT __row, length({quoted(column)}) FROM {raw} ORDER BY strlen({quoted(column)}) DESC NULLS LAST LIMIT 1"
    ).fetchall()[0]
    if size > limits.CELL_LETTERS:
        raise DataError(
            f"a cell of the column «{column[:60]}» has {size:,} letters",
            where=f"{label}:{row}",
            cure=f"is a quote left open, or a file pasted into it? Up to {limits.CELL_LETTERS:,} are read (SALESQC_CELL_LETTERS)",
        )


def check_width(columns: int, where: str) -> None:
    """Refuse a table with more columns than any CRM has.

    Raises
    ------
    DataError
        With what was found.
    """
    if columns > limits.COLUMNS:
        raise DataError(
            f"the table has {columns:,} columns",
            where=where,
            cure=f"is it laid on its side, or is the delimiter another? Up to {limits.COLUMNS:,} are read (SALESQC_COLUMNS)",
        )
