"""The source `tables`: files whose columns and values are mapped to the canonical ones."""

from collections.abc import Mapping
from pathlib import Path

from salesqc_lib.crm import files, meanings
from salesqc_lib.crm.canonical import store
from salesqc_lib.crm.formats import crm_of
from salesqc_lib.crm.gate import let_in
from salesqc_lib.crm.intake import Intake, literal, quoted, tidy
from salesqc_lib.crm.queries import queried
from salesqc_lib.crm.typed_parquet import store_as_it_is
from salesqc_lib.errors import DataError, Faults, nearest
from salesqc_lib.params.source import ColumnRule, ColumnSpec, TableFile, Tables, TablesSource
from salesqc_lib.tables import TABLES
from salesqc_lib.warnings import Warned

WEIGHTY = ("amount", "manager", "outcome", "closed_at", "stage")  # without these in a part of the rows, figures would be quietly wrong


def read(intake: Intake, source: TablesSource) -> None:
    """Read every table that the source names, then the files of its folder that carry a canonical name."""
    read_tables(intake, source.tables)
    if source.folder is None:
        return
    folder = intake.folder(source.folder, "source", "folder")
    if not folder.is_dir():
        raise DataError(
            f"no such folder: {source.folder}",
            where=intake.parameters.where("source", "folder"),
            cure="relative paths start at the parameter file",
        )
    found = {
        file.name.split(".")[0]: file
        for file in sorted(folder.iterdir())
        if file.name.split(".")[0] in TABLES and file.name not in source.tables
    }
    if "deals" not in {**found, **source.tables}:
        raise DataError(
            f"no deals.csv, deals.xlsx or deals.parquet in {source.folder}",
            where=intake.parameters.where("source", "folder"),
            cure=f"the folder has: {', '.join(sorted(file.name for file in folder.iterdir())) or 'nothing'}",
        )
    for table, file in found.items():
        if table not in source.tables:
            _read_one(intake, table, TableFile.model_validate({"path": str(file)}), [file], ("source", "folder"))


def read_tables(intake: Intake, tables: Tables) -> None:
    """Read the mapped files of `source.tables`; the faults of all of them are told at once."""
    faults = Faults()
    for table, spec in tables.items():
        key = ("source", "tables", table)
        with faults:
            _read_one(intake, table, spec, list(intake.paths(spec.path, *key, "path")) if spec.path else [], key)
    faults.tell()


def _read_one(intake: Intake, table: str, spec: TableFile, paths: list[Path], key: tuple[str, ...]) -> None:
    if len(paths) == 1 and store_as_it_is(intake, table, paths[0], spec):
        return
    raw, origin = _raw(intake, table, spec, paths, key)
    present = files.raw_columns(intake, raw)
    if table == "deals":
        intake.crm = crm_of(present)
    mapping: dict[str, ColumnSpec] = {name: name for name in TABLES[table].by_name if name in present} | dict(spec.columns)
    faults = Faults()
    expressions: dict[str, str] = {}
    for name, rule in mapping.items():
        with faults:
            expressions[name] = source_of(rule, present, intake, (*key, "columns", name), origin)
    faults.tell()
    if table == "deals" and "outcome" not in expressions and "stage" in expressions and _ends(intake):
        expressions["outcome"] = _outcome_of_stage(intake, expressions, spec)
        mapping["outcome"] = mapping["stage"]
    for column in TABLES[table].columns:
        if column.is_required and column.name not in expressions:
            cure = f"say which column of the file it is: {'.'.join(key)}.columns.{column.name}; the file has: {', '.join(present)}"
            raise DataError(f"{table} needs a column «{column.name}», and the file has none of that name", where=str(origin), cure=cure)
    import duckdb

    try:
        store(intake, table, raw, expressions, mapping, spec, key, own_columns(intake, present, origin) if table == "deals" else None)
    except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.BinderException) as error:
        told = next(iter(str(error).splitlines()), "")[:200]
        raise DataError(
            f"the columns of {table} do not have the types that they should: {told}",
            where=intake.parameters.where(*key),
            cure="give dates, numbers and texts as such; in a query, cast them to VARCHAR",
        ) from None


def own_columns(intake: Intake, present: dict[str, str], path: Path) -> dict[str, str]:
    """SQL for the columns of the client's own that `extra` names."""
    return {name: source_of(rule, present, intake, ("extra", name), path) for name, rule in intake.parameters.extra.items()}


def _raw(intake: Intake, table: str, spec: TableFile, paths: list[Path], key: tuple[str, ...]) -> tuple[str, Path]:
    """The rows that a table is read from, names in place of ids, and where they come from."""
    if spec.connection is not None:
        from salesqc_lib.crm.databases import open_connection

        return _with_names(intake, open_connection(intake, table, spec, key), spec, key), Path(spec.connection)
    sheets = [spec.sheet] if isinstance(spec.sheet, str) or spec.sheet is None else list(spec.sheet)
    options = {"encoding": spec.encoding, "delimiter": spec.delimiter}
    opened = {
        (path if len(sheets) == 1 else path / str(sheet)): raw
        for sheet in sheets
        for path, raw in zip(paths, files.open_all(intake, paths, table, sheet=sheet, has_sheets=len(sheets) > 1, **options), strict=True)
    }
    raws = list(opened.values())
    if not spec.query:
        check_headers(intake, table, opened, spec.columns, key)
    raw = together(intake, raws)
    if spec.query:
        others = {
            name: together(intake, files.open_all(intake, list(intake.paths(path, *key, "with", name)), f"{table}: {name}"))
            for name, path in spec.tables.items()
        }
        raw = queried(intake, raw, spec.query, others, intake.parameters.where(*key, "query"))
        let_in(intake, raw, [column for column, kind in files.raw_columns(intake, raw).items() if kind == "VARCHAR"], table, "query")
    elif spec.tables:
        raise DataError(
            "«with» names further tables of a query, and there is no query",
            where=intake.parameters.where(*key, "with"),
            cure="write query: SELECT …",
        )
    return _with_names(intake, raw, spec, key), paths[0]


def _with_names(intake: Intake, raw: str, spec: TableFile, key: tuple[str, ...]) -> str:
    """Ids replaced by the names that other files give them; an id without a name stays."""
    for column, names in spec.names.items():
        where = (*key, "names", column)
        present = files.raw_columns(intake, raw)
        own = _actual(column, present)
        if own is None:
            raise DataError(
                f"the file has no column «{column}»", where=intake.parameters.where(*where), cure=nearest(column, list(present))
            )
        listed = together(intake, files.open_all(intake, list(intake.paths(names.path, *where, "path")), "names", sheet=names.sheet))
        known = files.raw_columns(intake, listed)
        wanted = [names.id, *([names.name] if isinstance(names.name, str) else names.name)]
        missing = next((name for name in wanted if _actual(name, known) is None), None)
        if missing is not None:
            raise DataError(
                f"the file with the names has no column «{missing}»",
                where=intake.parameters.where(*where),
                cure=nearest(missing, list(known)),
            )
        identity, *parts = (f"nullif(trim({quoted(str(_actual(name, known)))}::VARCHAR), '')" for name in wanted)
        named = intake.new_raw()
        intake.con.execute(f"""
            CREATE TEMP TABLE {named} AS
            WITH names AS (SELECT {identity} AS id, any_value(nullif(concat_ws(' ', {", ".join(parts)}), '')) AS name FROM {listed} GROUP BY 1)
            SELECT raw.* REPLACE (coalesce(names.name, raw.{quoted(own)}::VARCHAR) AS {quoted(own)}) FROM {raw} raw
            LEFT JOIN names ON names.id = trim(raw.{quoted(own)}::VARCHAR)""")
        raw = named
    return raw


def _ends(intake: Intake) -> bool:
    return bool({"contract", "act", "lost"} & set(intake.parameters.stages.values()))


def _outcome_of_stage(intake: Intake, expressions: Mapping[str, str], spec: TableFile) -> str:
    """SQL for the outcome that the meaning of a deal's stage tells; «pipeline / stage» goes before the bare stage."""
    stage = meanings.mapped(expressions["stage"], spec.values.get("stage"), "stage")
    pipeline = meanings.mapped(expressions["pipeline"], spec.values.get("pipeline"), "pipeline") if "pipeline" in expressions else None
    outcomes = {"contract": "won", "act": "won", "lost": "lost"}
    told = {name: outcomes.get(meaning, "open") for name, meaning in intake.parameters.stages.items()}
    cases = [
        f"WHEN {meanings.plain_sql(f'concat({pipeline}, {chr(39)} / {chr(39)}, {stage})')} = {literal(meanings.plain(name))} THEN '{outcome}'"
        for name, outcome in told.items()
        if pipeline and " / " in name
    ]
    cases += [f"WHEN {meanings.plain_sql(stage)} = {literal(meanings.plain(name))} THEN '{outcome}'" for name, outcome in told.items()]
    return f"CASE {' '.join(cases)} ELSE 'open' END"


def check_headers(
    intake: Intake,
    table: str,
    raws: Mapping[Path, str],
    columns: Mapping[str, ColumnSpec],
    key: tuple[str, ...],
    *,
    recognised: bool = False,
) -> None:
    """Several files of one table have the same columns: a mapped one that some lack is an error, another one a doubt.

    Raises
    ------
    DataError
        A column that the parameters name, or that money and outcomes rest on, is not in every file.
    """
    if len(raws) < 2:
        return
    headers = {path: {name.lower(): name for name in files.raw_columns(intake, raw)} for path, raw in raws.items()}
    own = {name: name for name in TABLES[table].by_name if any(name in header for header in headers.values())}
    for column, rule in {**own, **columns}.items():
        names = rule.column if isinstance(rule, ColumnRule) else rule
        wanted = [names] if isinstance(names, str) else list(names or ())
        without = [path for path, header in headers.items() if wanted and not any(_plain(name) in header for name in wanted)]
        if not without or len(without) == len(headers):
            continue  # one that no file has is told where it is looked for
        if (column in columns and not recognised) or column in WEIGHTY or TABLES[table].by_name[column].is_required:
            listed = ", ".join(path.name for path in without)
            raise DataError(
                f"the column «{wanted[0]}» ({table}.{column}) is missing in some of the files: {listed}",
                where=intake.parameters.where(*key, column),
                cure=f"{without[0].name}: {nearest(wanted[0], list(headers[without[0]].values()))}; several names go as a list: {column}: [{wanted[0]}, …]",
            )
        listed = ", ".join(path.name for path in without)
        intake.warn(Warned("W209", {"column": wanted[0], "files": listed}, table, column, file=listed))


def _plain(name: str) -> str:
    return files.header_names([name])[0].lower()


def together(intake: Intake, raws: list[str]) -> str:
    """Several raw tables as one, columns matched by name."""
    if len(raws) == 1:
        return raws[0]
    intake.con.execute(
        f"CREATE OR REPLACE TEMP TABLE {raws[0]}_all AS " + " UNION ALL BY NAME ".join(f"SELECT * FROM {raw}" for raw in raws)
    )
    return f"{raws[0]}_all"


def source_of(rule: ColumnSpec, present: dict[str, str], intake: Intake, key: tuple[str, ...], path: Path) -> str:
    """The SQL expression for what stands in the file: trimmed text with '' as NULL, or a typed column as it is."""
    if isinstance(rule, ColumnRule) and rule.value is not None:
        return literal(rule.value)
    if isinstance(rule, ColumnRule) and rule.row:
        return f"concat({files.FILE}, ' ', {files.ROW})"
    names = rule.column if isinstance(rule, ColumnRule) else rule
    parts = []
    for name in (names,) if isinstance(names, str) else names or ():
        actual = _actual(name, present)
        if actual is None:
            raise DataError(
                f"the file {path.name} has no column «{name}»", where=intake.parameters.where(*key), cure=nearest(name, list(present))
            )
        is_text = present[actual] == "VARCHAR"
        parts.append(tidy(quoted(actual)) if is_text else quoted(actual))
    if isinstance(rule, ColumnRule) and rule.reading == "won_and_closed":
        closed = meanings.is_yes(parts[1]) if len(parts) > 1 else "false"
        return f"CASE WHEN {meanings.is_yes(parts[0])} THEN 'won' WHEN {closed} THEN 'lost' ELSE 'open' END"
    if isinstance(rule, ColumnRule) and rule.reading == "date_and_time":
        # a workbook keeps a bare day as midnight, and a time of day as a moment of its first day
        days = rf"regexp_replace(({parts[0]})::VARCHAR, '[T ]00:00(:00)?$', '')"
        clocks = [rf"regexp_extract(({part})::VARCHAR, '\d{{1,2}}:\d{{2}}(:\d{{2}})?( ?[AaPp][Mm])?')" for part in parts[1:]]
        return f"CASE WHEN {parts[0]} IS NOT NULL THEN trim(concat_ws(' ', {days}, {', '.join(clocks)})) END"
    expression = parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"
    if isinstance(rule, ColumnRule) and rule.reading:
        expression = _one_spelling(expression, rule.reading)
    return expression


def _actual(name: str, present: Mapping[str, str]) -> str | None:
    """The column of the file that a name means: outer spaces and case do not matter."""
    return next((column for column in present if column == name or column.lower() == files.header_names([name])[0].lower()), None)


def _one_spelling(expression: str, reading: str) -> str:
    """Phones as digits with 7 for a Russian 8, e-mails in small letters: what links a call to a customer."""
    if reading == "email":
        return f"lower({expression})"
    digits = rf"regexp_replace({expression}, '\D', '', 'g')"
    return f"CASE WHEN length({digits}) = 11 AND {digits}[1] = '8' THEN '7' || {digits}[2:] WHEN length({digits}) = 10 THEN '7' || {digits} ELSE nullif({digits}, '') END"
