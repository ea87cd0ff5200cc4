"""Rows of a sheet that are no records: totals, and what reports write below their table. Told and kept aside, never counted."""

from itertools import takewhile

from salesqc_lib.crm.files.raw import ROW, raw_columns
from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.warnings import Warned

# in the dialect of DuckDB, whose \b knows Latin letters alone
TOTAL = r"(?i)^(под)?(итог[ои]?|всего|общий итог)([^\p{L}]|$)|^(grand |sub)?totals?([^\p{L}]|$)|^(gesamt(summen?)?|zwischensumme|summe|insgesamt)([^\p{L}]|$)"
FOOTER = (
    r"(?i)^(copyright|©|confidential information|generated (by|on|at)|exported (by|on|at)|report (name|generated)|filtered by|as of |сформирован|выгружено"
    r"|отч[её]т сформирован|дата (выгрузки|формирования)|составил|исполнитель:|подпись|erstellt (am|von)|vertraulich|gefiltert nach)"
)
SUM = r"[-−+(]?[\d\s\x{a0}.,'’%()]*\d[\d\s\x{a0}.,'’%()]*([€$£₽₸]|руб\.?|р\.)?|[€$£₽₸] ?[\d\s.,]+"
DAY = r"^\d{4}-\d\d-\d\d|^\d{1,2}[./]\d{1,2}[./]\d{2,4}"
DEEPEST = 15  # rows below a table that are looked at
LEAST_COLUMNS = 3  # in a narrower table a record cannot be told from a remark


def set_aside(intake: Intake, name: str, table: str, label: str) -> None:
    """Move totals and footers of a raw table of texts to `rejected`."""
    columns = [column for column, kind in raw_columns(intake, name).items() if kind == "VARCHAR"]
    if len(columns) < LEAST_COLUMNS:
        return
    cells = [f"nullif(trim({quoted(column)}), '')" for column in columns]
    first, filled = f"coalesce({', '.join(cells)})", " + ".join(f"({cell} IS NOT NULL)::INTEGER" for cell in cells)
    # beside its name a total has numbers alone: «Total Energies» with a date and a seller is a client
    words = " + ".join(
        f"coalesce(NOT regexp_full_match({cell}, {literal(SUM)}) OR regexp_matches({cell}, {literal(DAY)}), false)::INTEGER"
        for cell in cells
    )
    intake.con.execute(
        f"CREATE OR REPLACE TEMP TABLE filled_cells AS SELECT {ROW} AS row, left({first}, 60) AS first, {filled} AS filled FROM {name}"
    )
    usual = intake.con.execute("SELECT median(filled) FROM filled_cells").fetchall()[0][0] or 0
    totals = _begins(intake, TOTAL, 0.6 * usual)
    if totals:
        told = intake.con.execute(
            f"SELECT {ROW} FROM {name} WHERE {ROW} IN ({', '.join(map(str, totals))}) AND regexp_matches({first}, {literal(TOTAL)}) AND {words} <= 1"
        ).fetchall()
        totals = {int(row): totals[row] for (row,) in told}
    footers = _begins(intake, FOOTER, 2) if usual > 2 else {}
    rows = totals | footers | _below(intake, name, columns, first, filled, usual)
    if not rows:
        return
    for row, text in sorted(rows.items()):
        intake.con.execute("INSERT INTO rejected VALUES (?, ?, ?, ?, false)", [table, label, row, f"no_record «{text}»"])
    intake.con.execute(f"DELETE FROM {name} WHERE {ROW} IN ({', '.join(map(str, rows))})")
    shown = ", ".join(f"«{text}»" for _, text in sorted(rows.items())[:3])
    intake.warn(Warned("W218", {"n": len(rows), "examples": shown}, table, file=label, rows=len(rows)))


def _begins(intake: Intake, pattern: str, most: float) -> dict[int, str]:
    """The rows with no more than so many cells whose first one begins so. Most rows have more, and are not read."""
    found = intake.con.execute(
        f"SELECT row, first FROM filled_cells WHERE CASE WHEN filled <= {most} THEN regexp_matches(first, {literal(pattern)}) ELSE false END"
    ).fetchall()
    return {int(row): str(text) for row, text in found}


def _below(intake: Intake, name: str, columns: list[str], first: str, filled: str, usual: float) -> dict[int, str]:
    """The last rows with one or two cells, of a shape that their columns do not have elsewhere: remarks under the table."""
    if usual < LEAST_COLUMNS + 1:
        return {}
    tail = intake.con.execute(
        f"SELECT {ROW}, left({first}, 60), {filled}, {', '.join(map(quoted, columns))} FROM {name} ORDER BY {ROW} DESC LIMIT {DEEPEST}"
    ).fetchall()
    short = list(takewhile(lambda one: one[2] <= 2, tail))
    body_ends = min((row for row, *_ in short), default=0)
    found: dict[int, str] = {}
    for row, text, _, *cells in short:
        if any(_has_shape_of_column(intake, name, column, cell, body_ends) for column, cell in zip(columns, cells, strict=True) if cell):
            break
        found[int(row)] = str(text or "")
    return found


def _has_shape_of_column(intake: Intake, name: str, column: str, cell: str, body_ends: int) -> bool:
    """Whether other cells of the column are digits and letters in the same arrangement, as numbers of deals or dates are."""
    shape = r"regexp_replace(regexp_replace(trim({}), '\d+', '9', 'g'), '\p{{L}}+', 'a', 'g')"
    return bool(
        intake.con.execute(
            f"SELECT count(*) FROM {name} WHERE {ROW} < ? AND {shape.format(quoted(column))} = {shape.format('?')}", [body_ends, cell]
        ).fetchall()[0][0]
    )
