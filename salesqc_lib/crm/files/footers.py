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
DEEPEST = 15  # rows below a table that are looked at
LEAST_COLUMNS = 3  # in a narrower table a record cannot be told from a remark


def set_aside(intake: Intake, name: str, table: str, label: str) -> None:
    """Move totals and footers of a raw table of texts to `rejected`."""
    columns = [column for column, kind in raw_columns(intake, name).items() if kind == "VARCHAR"]
    if len(columns) < LEAST_COLUMNS:
        return
    cells = [f"nullif(trim({quoted(column)}), '')" for column in columns]
    first, filled = f"coalesce({', '.join(cells)})", " + ".join(f"({cell} IS NOT NULL)::INTEGER" for cell in cells)
    always = _always_filled(intake, name, cells, first)
    kept = " + ".join(f"({cell} IS NOT NULL)::INTEGER" for cell in always) or "0"
    intake.con.execute(
        f"CREATE OR REPLACE TEMP TABLE filled_cells AS SELECT {ROW} AS row, left({first}, 60) AS first, {filled} AS filled, {kept} AS kept FROM {name}"
    )
    # a record has what all records have, whatever it is called: «Total Energies» is a client
    candidates = intake.con.execute(f"""
        SELECT row, first FROM filled_cells
        WHERE (regexp_matches(first, {literal(TOTAL)}) AND filled <= 0.6 * (SELECT median(filled) FROM filled_cells) AND kept <= {len(always)} / 2)
           OR (regexp_matches(first, {literal(FOOTER)}) AND filled <= 2 AND (SELECT median(filled) FROM filled_cells) > 2)
        ORDER BY row""").fetchall()
    rows = {int(row): str(text) for row, text in candidates} | _below(intake, name, columns, first, filled)
    if not rows:
        return
    for row, text in sorted(rows.items()):
        intake.con.execute("INSERT INTO rejected VALUES (?, ?, ?, ?, false)", [table, label, row, f"no_record «{text}»"])
    intake.con.execute(f"DELETE FROM {name} WHERE {ROW} IN ({', '.join(map(str, rows))})")
    shown = ", ".join(f"«{text}»" for _, text in sorted(rows.items())[:3])
    intake.warn(Warned("W218", {"n": len(rows), "examples": shown}, table, file=label, rows=len(rows)))


def _always_filled(intake: Intake, name: str, cells: list[str], first: str) -> list[str]:
    """The columns, beside the first, that nearly every row fills which is not called a total."""
    shares = intake.con.execute(
        f"SELECT {', '.join(f'avg(({cell} IS NOT NULL)::INTEGER)' for cell in cells)} FROM {name} WHERE NOT regexp_matches(coalesce({first}, ''), {literal(TOTAL)})"
    ).fetchall()[0]
    return [cell for cell, share in zip(cells[1:], shares[1:], strict=True) if (share or 0) >= 0.9]


def _below(intake: Intake, name: str, columns: list[str], first: str, filled: str) -> dict[int, str]:
    """The last rows with one or two cells, of a shape that their columns do not have elsewhere: remarks under the table."""
    usual = intake.con.execute("SELECT median(filled) FROM filled_cells").fetchall()[0][0] or 0
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
