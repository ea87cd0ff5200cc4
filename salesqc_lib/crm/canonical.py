"""From mapped expressions to a canonical table: types, value maps, rejected rows, unreadable cells."""

from collections.abc import Mapping

from salesqc_lib import limits
from salesqc_lib.contacts import without_contacts
from salesqc_lib.crm import currencies
from salesqc_lib.crm.cells import cells
from salesqc_lib.crm.files import FILE, ROW, raw_columns
from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.crm.readings import reading_for
from salesqc_lib.crm.snapshots import one_row_each
from salesqc_lib.errors import DataError, Faults
from salesqc_lib.params.source import ColumnRule, ColumnSpec, TableFile
from salesqc_lib.tables import TABLES, Column, Kind
from salesqc_lib.warnings import Share, Value, Warned

DOUBTFUL, UNREADABLE = 0.05, 0.5  # of the values of a column
LONG = ("loss_reason", "title", "name", "media")  # where people write sentences
FEW_ASIDE = 0.01  # of the rows of a table
MEANT = "__fault LIKE 'replaced:%' OR __fault LIKE 'excluded:%' OR __fault LIKE 'repeated:%'"  # rows that are rightly left out


def store(
    intake: Intake,
    table: str,
    raw: str,
    expressions: Mapping[str, str],
    mapping: Mapping[str, ColumnSpec],
    spec: TableFile,
    key: tuple[str, ...],
    extra: Mapping[str, str] | None = None,
) -> None:
    """Type the mapped columns of `raw`, keep unreadable rows aside, and store the rest as `canonical.<table>`.

    A row without a required value is left out; a cell that cannot be read is left empty and its row kept.
    Both stand in `rejected` with their reason. `extra`: SQL for columns of the client's own, kept as texts.
    """
    contract = TABLES[table]
    intake.con.execute(f"CREATE TEMP TABLE text_{table} AS {cells(intake, table, raw, expressions, extra or {}, mapping, spec)}")
    types = raw_columns(intake, f"text_{table}")
    _shorten(intake, table, [name for name, kind in types.items() if kind == "VARCHAR" and not name.startswith("__")])
    own = [name for name in extra or {} if name in types]
    intake.extra.setdefault(table, []).extend(own)
    typed = {}
    faults = Faults()
    for name in expressions:
        column, rule = contract.by_name[name], mapping[name]
        with faults:
            _check_values(intake, table, column, spec, (*key, "values", name))
            typed[name] = _typed(
                intake,
                f"text_{table}",
                column,
                types[name],
                rule if isinstance(rule, ColumnRule) else None,
                intake.parameters.where(*key, "columns", name),
            )
    faults.tell()
    selected = ", ".join(
        [*(f"{sql} AS {quoted(name)}" for name, sql in typed.items()), *(f"{quoted(name)}::VARCHAR AS {quoted(name)}" for name in own)]
    )
    intake.con.execute(
        f"CREATE TEMP TABLE typed_{table} AS SELECT {ROW}, {FILE}, __same, coalesce(__excluded, {_fault(table, typed, spec)}) AS __fault, {selected} FROM text_{table}"
    )
    _tell_excluded(intake, table)
    _tell_unreadable(intake, table, typed, key)
    currencies.settle(intake, table, f"text_{table}", f"typed_{table}", types, mapping, key)
    one_row_each(intake, table, f"typed_{table}", typed, key)
    _keep_aside(intake, table, list(typed))
    names = ", ".join(map(quoted, [*typed, *intake.extra.get(table, ())]))
    intake.con.execute(f"CREATE TABLE canonical.{table} AS SELECT {names} FROM typed_{table} WHERE __fault IS NULL ORDER BY {FILE}, {ROW}")
    intake.rows_out[table] = intake.count(f"SELECT count(*) FROM canonical.{table}")
    _check_any_left(intake, table, f"typed_{table}", key)
    intake.con.execute(f"DROP TABLE text_{table}; DROP TABLE typed_{table}")


def _shorten(intake: Intake, table: str, columns: list[str]) -> None:
    """Texts longer than any page can show keep their beginning and a mark of the rest, by which two of them stay two."""
    if not columns:
        return
    longest = intake.con.execute(f"SELECT {', '.join(f'max(strlen({quoted(name)}))' for name in columns)} FROM text_{table}").fetchall()[0]
    for name, bytes_of in zip(columns, longest, strict=True):
        limit = limits.TEXT_LETTERS if name in LONG else limits.NAME_LETTERS
        if (bytes_of or 0) <= limit:
            continue
        cell = quoted(name)
        where = f"WHERE length({cell}) > {limit}"
        if rows := intake.count(f"SELECT count(*) FROM text_{table} {where}"):
            mark = f"left({cell}, {limit - 10}) || '… ' || left(sha256({cell}), 8)"
            intake.con.execute(f"UPDATE text_{table} SET {cell} = {mark} {where}")
            intake.warn(Warned("W221", {"n": rows, "column": f"{table}.{name}"}, table, name, rows=rows))


def _check_values(intake: Intake, table: str, column: Column, spec: TableFile, key: tuple[str, ...]) -> None:
    """A closed column must hold only its words: an unknown word would move deals between won and lost in silence."""
    if not column.values:
        return
    allowed = ", ".join(map(literal, column.values))
    name = quoted(column.name)
    rows = intake.con.execute(
        f"SELECT {name}::VARCHAR, count(*) FROM text_{table} WHERE {name} IS NOT NULL AND {name}::VARCHAR NOT IN ({allowed}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 8"
    ).fetchall()
    if rows:
        found = ", ".join(f"«{value}» ({count} rows)" for value, count in rows)
        cure = f"say what they mean: {'.'.join(key)}: {{{rows[0][0]}: …}}; the words are {', '.join(column.values)}"
        raise DataError(f"{table}.{column.name} has values that are not known: {found}", where=intake.parameters.where(*key), cure=cure)


def _typed(intake: Intake, table: str, column: Column, type_in_file: str, rule: ColumnRule | None, where: str) -> str:
    name, zone = quoted(column.name), intake.parameters.report.timezone
    if column.kind is Kind.TEXT:
        if type_in_file in ("DOUBLE", "FLOAT") and intake.count(f"SELECT count(*) FROM {table} WHERE abs({name}) > 9007199254740992"):
            raise DataError(
                f"{column.name} holds ids of more than 15 digits as numbers: their last digits are lost",
                where=where,
                cure="export the ids as text",
            )
        return f"({name})::BIGINT::VARCHAR" if type_in_file in ("DOUBLE", "FLOAT") else f"({name})::VARCHAR"
    if type_in_file != "VARCHAR":
        return _cast(name, column.kind, type_in_file, zone)
    kind = Kind.TIME if column.kind is Kind.DATE else column.kind
    given = rule and (rule.decimal if kind is Kind.NUMBER else rule.format)
    reading = reading_for(intake.con, table, name, column.name, kind, zone, given=given or None, where=where)
    sql = reading.of(name)
    if kind is Kind.NUMBER and rule and rule.times:
        return f"({sql}) * {rule.times!r}"
    return f"CAST(timezone({literal(zone)}, {sql}) AS DATE)" if column.kind is Kind.DATE else sql


def _cast(name: str, kind: Kind, type_in_file: str, zone: str) -> str:
    if kind in (Kind.TIME, Kind.DATE) and type_in_file in ("BIGINT", "INTEGER", "DOUBLE"):
        moment = f"to_timestamp(CASE WHEN abs({name}) > 100000000000 THEN {name} / 1000.0 ELSE {name} END)"  # milliseconds or seconds
        return moment if kind is Kind.TIME else f"CAST(timezone({literal(zone)}, {moment}) AS DATE)"
    if kind is Kind.NUMBER and type_in_file in ("DOUBLE", "FLOAT"):
        return f"CASE WHEN isfinite({name}) THEN {name}::DOUBLE END"
    if type_in_file.startswith("TIMESTAMP") and type_in_file not in (
        "TIMESTAMP",
        "TIMESTAMP WITH TIME ZONE",
    ):  # of nanoseconds and the like
        type_in_file = "TIMESTAMP WITH TIME ZONE" if "TZ" in type_in_file or "ZONE" in type_in_file else "TIMESTAMP"
        name = f"({name})::{'TIMESTAMPTZ' if 'ZONE' in type_in_file else 'TIMESTAMP'}"
    if kind in (Kind.TIME, Kind.DATE) and type_in_file.startswith(("DATE", "TIMESTAMP")):
        name = f"(CASE WHEN isfinite({name}) THEN {name} END)"  # «infinity» is what some data bases write for «never»
    if kind is Kind.TIME and type_in_file != "TIMESTAMP WITH TIME ZONE":
        return f"timezone({literal(zone)}, {name}::TIMESTAMP)"
    if kind is Kind.DATE and type_in_file == "TIMESTAMP WITH TIME ZONE":
        return f"CAST(timezone({literal(zone)}, {name}) AS DATE)"
    return f"CAST({name} AS {kind.value})"


def _fault(table: str, typed: Mapping[str, str], spec: TableFile) -> str:
    """Why a row cannot be used: SQL that is NULL for a good row."""
    cases = []
    for column in TABLES[table].columns:
        if not column.is_required:
            continue
        name, sql = quoted(column.name), typed[column.name]
        cases.append(f"WHEN {name} IS NOT NULL AND ({sql}) IS NULL THEN 'unreadable:{column.name} «' || left({name}::VARCHAR, 60) || '»'")
        if column.name not in spec.may_be_empty:
            cases.append(f"WHEN {name} IS NULL THEN 'empty:{column.name}'")
    return f"CASE {' '.join(cases)} END"


def _tell_excluded(intake: Intake, table: str) -> None:
    if rows := intake.count(f"SELECT count(*) FROM typed_{table} WHERE __fault LIKE 'excluded:%'"):
        intake.warn(Warned("W206", {"n": rows}, table, rows=rows))
    if table == "deals":
        for name in intake.parameters.exclude:
            if not intake.count(f"SELECT count(*) FROM typed_deals WHERE __fault = {literal(f'excluded:{name}')}"):
                intake.warn(Warned("W217", {"name": name}, table))


def _tell_unreadable(intake: Intake, table: str, typed: Mapping[str, str], key: tuple[str, ...]) -> None:
    """Values that a column's format does not fit: told, from five in a hundred as a grave doubt; from half of them the column is refused."""
    read = [name for name in typed if TABLES[table].by_name[name].kind is not Kind.TEXT]
    if not read:
        return
    counted = ", ".join(f"count(x.{quoted(name)}), count(*) FILTER ({_is_lost(name)})" for name in read)
    both = f"FROM text_{table} x JOIN typed_{table} t USING ({ROW}, {FILE}) WHERE x.__excluded IS NULL"
    counts = iter(intake.con.execute(f"SELECT {counted} {both}").fetchall()[0])
    for name, filled, lost in zip(read, counts, counts, strict=True):
        if not lost:
            continue
        shown = f"SELECT DISTINCT left(x.{quoted(name)}::VARCHAR, 40) {both} AND {_is_lost(name)} ORDER BY 1 LIMIT 3"
        examples = [str(row[0]) for row in intake.con.execute(shown).fetchall()]
        told = ", ".join(f"«{without_contacts(one, intake.parameters.country)}»" for one in examples)
        if lost > UNREADABLE * filled:
            raise DataError(
                f"{lost} of {filled} values of {table}.{name} cannot be read: {told}",
                where=intake.parameters.where(*key, "columns", name),
                cure="is the right column mapped? A form can be given: format for dates, decimal for numbers",
            )
        share = lost / filled
        code = "W204" if share > DOUBTFUL else "W205"
        values: dict[str, Value] = {"column": f"{table}.{name}", "n": lost, "all": filled, "share": Share(share), "examples": told}
        intake.warn(Warned(code, values, table, name, rows=lost))


def _keep_aside(intake: Intake, table: str, names: list[str]) -> None:
    intake.con.execute(
        f"INSERT INTO rejected SELECT {literal(table)}, {FILE}, {ROW}, __fault, false FROM typed_{table} WHERE __fault IS NOT NULL AND NOT ({MEANT})"
    )
    if table == "deals":
        listed = ", ".join(map(quoted, [*names, *intake.extra.get(table, ())]))
        intake.con.execute(
            f"CREATE TABLE aside.deals AS SELECT split_part(__fault, ':', 1) AS reason, {FILE} AS file, {listed} FROM typed_{table} WHERE __fault IS NOT NULL"
        )
    told = ", ".join(
        f"CASE WHEN {_is_lost(name)} THEN 'unreadable:{name} «' || left(x.{quoted(name)}::VARCHAR, 60) || '»' END" for name in names
    )
    intake.con.execute(
        f"INSERT INTO rejected SELECT {literal(table)}, {FILE}, {ROW}, reason, true "
        f"FROM (SELECT x.{FILE}, x.{ROW}, unnest([{told}]) AS reason FROM text_{table} x JOIN typed_{table} t USING ({ROW}, {FILE}) "
        f"WHERE t.__fault IS NULL AND ({' OR '.join(map(_is_lost, names))})) WHERE reason IS NOT NULL"
    )


def _is_lost(name: str) -> str:
    """SQL for whether a cell of `text_…` (x) has no value in `typed_…` (t)."""
    return f"(x.{quoted(name)} IS NOT NULL AND t.{quoted(name)} IS NULL)"


def _check_any_left(intake: Intake, table: str, typed: str, key: tuple[str, ...]) -> None:
    if not intake.rows_out[table] and intake.count(f"SELECT count(*) FROM {typed} WHERE __fault LIKE 'excluded:%'"):
        raise DataError(f"«exclude» leaves no row of {table}", where=intake.parameters.where("exclude"), cure="check its values")
    aside = intake.count(f"SELECT count(*) FROM {typed} WHERE __fault IS NOT NULL AND NOT ({MEANT})")
    if not aside:
        return
    reasons = intake.con.execute(
        f"SELECT split_part(__fault, ' «', 1), count(*) FROM {typed} WHERE __fault IS NOT NULL AND NOT ({MEANT}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3"
    ).fetchall()
    is_meant = table == "deals" and intake.parameters.duplicates and all(str(reason).startswith("duplicate") for reason, _ in reasons)
    if aside <= intake.rows_out[table] or is_meant:
        rows = aside + intake.rows_out[table]
        if any(not str(reason).startswith("duplicate") for reason, _ in reasons):
            code = "W211" if aside > FEW_ASIDE * rows else "W213"
            intake.warn(Warned(code, {"n": aside, "all": rows, "share": Share(aside / rows)}, table, rows=aside))
        return
    raise DataError(
        f"{aside} of {aside + intake.rows_out[table]} rows of {table} cannot be used: "
        + "; ".join(f"{reason} ({count} rows)" for reason, count in reasons),
        where=intake.parameters.where(*key),
        cure="check that the right columns are mapped",
    )
