"""The source `tables`: files whose columns and values are mapped to the canonical ones."""

from collections.abc import Mapping
from pathlib import Path

from salesqc_lib.crm import files
from salesqc_lib.crm.canonical import store
from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.crm.typed_parquet import store_as_it_is
from salesqc_lib.errors import DataError, nearest
from salesqc_lib.params.model import ColumnRule, ColumnSpec, TableFile, Tables, TablesSource
from salesqc_lib.tables import TABLES
from salesqc_lib.warnings import Warned

WEIGHTY = ("amount", "manager", "outcome", "closed_at", "stage")  # without these in a part of the rows, figures would be quietly wrong


def read(intake: Intake, source: TablesSource) -> None:
    """Read every table that the source names, then the files of its folder that carry a canonical name."""
    read_tables(intake, source.tables)
    if source.folder is None:
        return
    folder = intake.parameters.file.parent / source.folder
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
    """Read the mapped files of `source.tables`."""
    for table, spec in tables.items():
        key = ("source", "tables", table)
        _read_one(intake, table, spec, list(intake.paths(spec.path, *key, "path")), key)


def _read_one(intake: Intake, table: str, spec: TableFile, paths: list[Path], key: tuple[str, ...]) -> None:
    if len(paths) == 1 and store_as_it_is(intake, table, paths[0], spec):
        return
    raws = files.open_all(intake, paths, table, sheet=spec.sheet, encoding=spec.encoding, delimiter=spec.delimiter)
    if not spec.query:
        check_headers(intake, table, dict(zip(paths, raws, strict=True)), spec.columns, key)
    raw = together(intake, raws)
    if spec.query:
        raw = _queried(intake, raw, spec.query, key)
    present = files.raw_columns(intake, raw)
    mapping: dict[str, ColumnSpec] = {name: name for name in TABLES[table].by_name if name in present} | dict(spec.columns)
    expressions = {column: source_of(rule, present, intake, (*key, "columns", column), paths[0]) for column, rule in mapping.items()}
    for column in TABLES[table].columns:
        if column.is_required and column.name not in expressions:
            cure = f"say which column of the file it is: {'.'.join(key)}.columns.{column.name}; the file has: {', '.join(present)}"
            raise DataError(f"{table} needs a column «{column.name}», and the file has none of that name", where=str(paths[0]), cure=cure)
    store(intake, table, raw, expressions, mapping, spec, key)


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
    intake.con.execute(f"CREATE TEMP TABLE {raws[0]}_all AS " + " UNION ALL BY NAME ".join(f"SELECT * FROM {raw}" for raw in raws))
    return f"{raws[0]}_all"


def _queried(intake: Intake, raw: str, query: str, key: tuple[str, ...]) -> str:
    import duckdb

    try:
        intake.con.execute(f"CREATE OR REPLACE TEMP VIEW file AS SELECT * FROM {raw}")
        intake.con.execute(
            f"CREATE TEMP TABLE {raw}_query AS SELECT row_number() OVER () + 1 AS {files.ROW}, 'query' AS {files.FILE}, * FROM ({query})"
        )
    except duckdb.Error as error:
        raise DataError(
            f"the query fails: {str(error).splitlines()[0]}",
            where=intake.parameters.where(*key, "query"),
            cure="the file is called `file` there; its columns are text unless it is Parquet",
        ) from None
    return f"{raw}_query"


def source_of(rule: ColumnSpec, present: dict[str, str], intake: Intake, key: tuple[str, ...], path: Path) -> str:
    """The SQL expression for what stands in the file: trimmed text with '' as NULL, or a typed column as it is."""
    if isinstance(rule, ColumnRule) and rule.value is not None:
        return literal(rule.value)
    names = rule.column if isinstance(rule, ColumnRule) else rule
    parts = []
    for name in (names,) if isinstance(names, str) else names or ():
        actual = next((column for column in present if column == name or column.lower() == files.header_names([name])[0].lower()), None)
        if actual is None:
            raise DataError(
                f"the file {path.name} has no column «{name}»", where=intake.parameters.where(*key), cure=nearest(name, list(present))
            )
        is_text = present[actual] == "VARCHAR"
        parts.append(rf"nullif(trim(regexp_replace({quoted(actual)}, '[\s\x{{a0}}]+', ' ', 'g')), '')" if is_text else quoted(actual))
    expression = parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"
    if isinstance(rule, ColumnRule) and rule.reading:
        expression = _one_spelling(expression, rule.reading)
    return expression


def _one_spelling(expression: str, reading: str) -> str:
    """Phones as digits with 7 for a Russian 8, e-mails in small letters: what links a call to a customer."""
    if reading == "email":
        return f"lower({expression})"
    digits = rf"regexp_replace({expression}, '\D', '', 'g')"
    return f"CASE WHEN length({digits}) = 11 AND {digits}[1] = '8' THEN '7' || {digits}[2:] WHEN length({digits}) = 10 THEN '7' || {digits} ELSE nullif({digits}, '') END"
