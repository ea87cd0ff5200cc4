"""Rows that tell of the same record: repeated exports, repeated rows, and product rows. Each record keeps one row, and nothing is lost in
silence: replaced and repeated deals stand in `aside.deals`."""

import re
from collections.abc import Iterable
from datetime import date

from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.errors import DataError
from salesqc_lib.tables import MONEY, TABLES
from salesqc_lib.warnings import Warned
from salesqc_lib.words import Text

# a repeated row of these is one row; other tables may rightly hold the same twice
COUNTED_ONCE = ("spend", "plans", "activities", "stage_events")
HOW = {
    "first": Text("первая из них", "the first of them"), "newest": Text("самая новая", "the newest of them"),
    "sum": Text("с суммой их сумм", "with the sum of their amounts"),
}  # fmt: skip
_DAYS = (
    (r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?!\d)", (1, 2, 3)),
    (r"(?<!\d)([0-3]\d)[-_.]([01]\d)[-_.](20\d\d)(?!\d)", (3, 2, 1)),
)


def day_in_name(name: str) -> date | None:
    """The latest day that a file's name holds.

    >>> day_in_name("amocrm_export_leads_2026-11-01.csv"), day_in_name("deals 01.02.2026.xlsx"), day_in_name("deals.csv")
    (datetime.date(2026, 11, 1), datetime.date(2026, 2, 1), None)
    """
    found = []
    for pattern, (year, month, day) in _DAYS:
        for match in re.finditer(pattern, name):
            try:
                found.append(date(int(match[year]), int(match[month]), int(match[day])))
            except ValueError:
                continue  # digits that are no day
    return max(found, default=None)


def one_row_each(intake: Intake, table: str, typed: str, names: Iterable[str], key: tuple[str, ...]) -> None:
    """Mark all rows of `typed` but one of each record with a `__fault`: `replaced:`, `repeated:` or `duplicate:`.

    Raises
    ------
    DataError
        Nobody can tell which of two rows counts: files of the same age differ, or one file gives a deal two amounts.
    """
    if table in COUNTED_ONCE:
        _count_once(intake, table, typed)
    column = TABLES[table].key
    if not column:
        return
    age = _ages(intake, table, typed, set(names))
    _replace_older(intake, table, typed, column, age, set(names), key)
    _merge_within_a_file(intake, table, typed, column, set(names), key)


def _count_once(intake: Intake, table: str, typed: str) -> None:
    """Of rows that are the same in every column of the file, the first counts."""
    intake.con.execute(f"""
        UPDATE {typed} SET __fault = 'repeated:row' WHERE rowid IN (
            SELECT rowid FROM (SELECT rowid, row_number() OVER (PARTITION BY __same ORDER BY __file, __row) AS place
            FROM {typed} WHERE __fault IS NULL) WHERE place > 1)""")
    if rows := intake.count(f"SELECT count(*) FROM {typed} WHERE __fault = 'repeated:row'"):
        intake.warn(Warned("W208", {"n": rows}, table, rows=rows))


def _ages(intake: Intake, table: str, typed: str, names: set[str]) -> dict[str, int]:
    """The place of each file by age, the oldest first; files of one age share a place."""
    listed = [row[0] for row in intake.con.execute(f"SELECT DISTINCT __file FROM {typed} ORDER BY 1").fetchall()]
    if len(listed) < 2:
        return dict.fromkeys(listed, 0)
    days = {file: day_in_name(file) for file in listed}
    if all(days.values()):
        moments = {file: str(day) for file, day in days.items()}
    else:
        past: list[str] = [quoted(name) for name in ("created_at", "at", "completed_at") if name in names]
        if "closed_at" in names and "outcome" in names:
            past.append("CASE WHEN outcome <> 'open' THEN closed_at END")
        latest = f"greatest({', '.join(f'max({name})' for name in past)})" if past else "NULL"
        moments = {
            row[0]: f"{row[1] or 0:020.3f}"
            for row in intake.con.execute(f"SELECT __file, epoch({latest}) FROM {typed} WHERE __fault IS NULL GROUP BY 1").fetchall()
        }
    order = sorted(set(moments.values()))
    return {file: order.index(moments[file]) for file in listed if file in moments}


def _replace_older(intake: Intake, table: str, typed: str, column: str, age: dict[str, int], names: set[str], key: tuple[str, ...]) -> None:
    """Of the rows of one record in several files, those of the newest count."""
    if len(age) < 2:
        return
    cases = " ".join(f"WHEN {literal(file)} THEN {place}" for file, place in age.items())
    name = quoted(column)
    intake.con.execute(f"ALTER TABLE {typed} ADD COLUMN __age INTEGER")
    intake.con.execute(f"UPDATE {typed} SET __age = CASE __file {cases} END")
    told = ", ".join(quoted(one) for one in sorted(names))
    clash = intake.con.execute(f"""
        SELECT {name}, min(__file), max(__file) FROM {typed} t WHERE __fault IS NULL AND __age = (
            SELECT max(__age) FROM {typed} o WHERE o.__fault IS NULL AND o.{name} = t.{name})
        GROUP BY 1 HAVING count(DISTINCT __file) > 1 AND count(DISTINCT hash({told})) > 1 ORDER BY 1 LIMIT 1""").fetchall()
    if clash:
        record, one, other = clash[0]
        raise DataError(
            f"«{one}» and «{other}» both tell of {column} «{record}», and differently; neither is newer by its name or its events",
            where=intake.parameters.where(*key),
            cure="put the day of the export into the files' names (deals_2026-10-01.csv), or leave out the older file",
        )
    intake.con.execute(f"""
        UPDATE {typed} SET __fault = 'replaced:{column} «' || {name}::VARCHAR || '»' WHERE rowid IN (
            SELECT rowid FROM (SELECT rowid, __file, first_value(__file) OVER (PARTITION BY {name} ORDER BY __age DESC, __file) AS newest
            FROM {typed} WHERE __fault IS NULL) WHERE __file <> newest)""")
    intake.con.execute(f"ALTER TABLE {typed} DROP COLUMN __age")
    if rows := intake.count(f"SELECT count(*) FROM {typed} WHERE __fault LIKE 'replaced:%'"):
        intake.warn(Warned("W201", {"n": rows}, table, rows=rows))
    newest = [file for file, place in age.items() if place == max(age.values())]
    inside = f"__file IN ({', '.join(map(literal, newest))})"
    held, gone = (intake.count(f"SELECT count(*) FROM {typed} WHERE __fault IS NULL AND {side}") for side in (inside, f"NOT {inside}"))
    if rows and gone and gone < held:  # the newest holds most records: it is a whole list, and lacks these
        intake.warn(Warned("W216", {"n": gone}, table, rows=gone))


def _merge_within_a_file(intake: Intake, table: str, typed: str, column: str, names: set[str], key: tuple[str, ...]) -> None:
    """Of the rows of one record in one file: the first, the newest, or the sum of their amounts, as the parameters say."""
    con, name, way = intake.con, quoted(column), intake.parameters.duplicates if table == "deals" else None
    repeated = f"SELECT {name} FROM {typed} WHERE __fault IS NULL GROUP BY 1 HAVING count(*) > 1"
    if not intake.count(f"SELECT count(*) FROM ({repeated})"):
        return
    amounts = [one for one in MONEY.get(table, ()) if one in names]
    if way is None and amounts:
        # two products at one price are two rows as well
        parts = [*amounts, *(["product"] if "product" in names else [])]
        differ = " OR ".join(f"count(DISTINCT coalesce({quoted(one)}::VARCHAR, '')) > 1" for one in parts)
        found = con.execute(
            f"SELECT {name}, any_value(__file), list({quoted(amounts[0])} ORDER BY __row), count(*) OVER () FROM {typed} WHERE __fault IS NULL "
            f"GROUP BY 1 HAVING {differ} ORDER BY min(__row) LIMIT 1"
        ).fetchall()
        if found:
            record, file, several, deals = found[0]
            listed = ", ".join("—" if value is None else f"{value:g}" for value in several[:4])
            raise DataError(
                f"{file} has {deals} deals in several rows with different amounts or products, such as {column} «{record}»: {listed}: "
                "sum the rows or take one?",
                where=intake.parameters.where(*key),
                cure="product rows: write duplicates: sum; else duplicates: newest or duplicates: first",
            )
    past = [
        f"coalesce({quoted(one)}, '0001-01-01'::TIMESTAMPTZ)" for one in ("closed_at", "contract_at", "created_at", "at") if one in names
    ]
    # without a word in the parameters, what a row tells decides, never its place in the file
    content = "" if way == "first" else f"hash({', '.join(quoted(one) for one in sorted(names))}), "
    newest = (f"greatest({', '.join(past)}) DESC, " if way != "first" and past else "") + content
    sums = [one for one in (*amounts, "own_amount", "items") if way == "sum" and one in {*names, *intake.extra.get(table, ())}]
    if sums:
        totals = ", ".join(f"sum({quoted(one)}) AS {quoted(one)}" for one in sums)
        con.execute(f"CREATE OR REPLACE TEMP TABLE totals AS SELECT {name}, {totals} FROM {typed} WHERE __fault IS NULL GROUP BY 1")
        con.execute(
            f"UPDATE {typed} AS t SET {', '.join(f'{quoted(one)} = s.{quoted(one)}' for one in sums)} FROM totals s WHERE s.{name} = t.{name}"
        )
    con.execute(f"""
        UPDATE {typed} SET __fault = 'duplicate:{column} «' || {name}::VARCHAR || '»' WHERE rowid IN (
            SELECT rowid FROM (SELECT rowid, row_number() OVER (PARTITION BY {name} ORDER BY {newest}__file, __row) AS place
            FROM {typed} WHERE __fault IS NULL) WHERE place > 1)""")
    rows = intake.count(f"SELECT count(*) FROM {typed} WHERE __fault LIKE 'duplicate:%'")
    intake.warn(
        Warned("W202", {"n": rows, "how": HOW["newest" if way is None or (way == "sum" and not sums) else way]}, table, column, rows=rows)
    )
