"""A large Parquet file that already is what the contract asks for is taken as it is, without reading it cell by cell."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from salesqc_lib import limits
from salesqc_lib.crm.canonical import LONG
from salesqc_lib.crm.intake import InputFile, Intake, fingerprint, literal, quoted
from salesqc_lib.letters import UNSEEN_SQL
from salesqc_lib.params.source import ColumnSpec, TableFile
from salesqc_lib.tables import TABLES, Column, Kind

LARGE = 200_000  # rows from which the cell-by-cell way is worth avoiding
HUGE = 3_000_000  # rows from which the file is read where it lies, again for each use, rather than kept
FITTING = {
    Kind.TEXT: ("VARCHAR",),
    Kind.TIME: ("TIMESTAMP WITH TIME ZONE", "TIMESTAMP"),
    Kind.DATE: ("DATE",),
    Kind.NUMBER: ("DOUBLE", "FLOAT", "BIGINT", "INTEGER", "SMALLINT", "TINYINT"),
    Kind.FLAG: ("BOOLEAN",),
}


def store_as_it_is(intake: Intake, table: str, path: Path, spec: TableFile) -> bool:
    """Make `canonical.<table>` over a Parquet file whose types fit and whose rows are all good; False where it must be read closely.

    All rows are good: what is required is there, closed lists are kept, keys are not repeated, numbers are finite, texts are trimmed.
    """
    if not path.is_file() or set("*?[") & set(str(path)):  # inside an archive, or a name that reads as a pattern
        return False
    if (
        path.suffix != ".parquet"
        or spec.query
        or spec.values
        or spec.names
        or not all(isinstance(rule, str) for rule in spec.columns.values())
    ):
        return False
    if table == "deals" and (intake.parameters.exclude or intake.parameters.extra):
        return False
    file = f"read_parquet({literal(str(path))})"
    rows = intake.count(f"SELECT count(*) FROM {file}")
    present = {str(row[0]): str(row[1]) for row in intake.con.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()}
    names = _names(table, present, spec.columns)
    contract = TABLES[table]
    # a mapped column that the file does not have is an error, and the long way tells it
    is_whole = all(rule in present and column in contract.by_name for column, rule in spec.columns.items()) and all(
        column.name in names for column in contract.columns if column.is_required
    )
    fits = all(present[name] in FITTING[contract.by_name[column].kind] for column, name in names.items())
    if rows < LARGE or not is_whole or not fits or _faults(intake, table, file, names):
        return False
    zone = literal(intake.parameters.report.timezone)
    picked = [
        _picked(contract.by_name[column], quoted(name), present[name], zone) + f" AS {quoted(column)}" for column, name in names.items()
    ]
    # names that are to be masked are changed in the table: a view of the file cannot be
    kind = "VIEW" if rows > HUGE and not intake.parameters.report.mask_names else "TABLE"
    intake.con.execute(f"CREATE {kind} canonical.{table} AS SELECT {', '.join(picked)} FROM {file}")
    intake.files.append(InputFile(path, table, rows, fingerprint(path)))
    intake.rows_out[table] = rows
    return True


def _names(table: str, present: Mapping[str, str], columns: Mapping[str, ColumnSpec]) -> dict[str, str]:
    """Canonical column: column of the file."""
    own = {name: name for name in TABLES[table].by_name if name in present}
    return {column: name for column, name in (own | {column: str(rule) for column, rule in columns.items()}).items() if name in present}


def _faults(intake: Intake, table: str, file: str, names: Mapping[str, str]) -> int:
    """How many rows, cells or words are not as they should be."""
    contract, everywhere, apart = TABLES[table], ["count(*) * 0"], ["0"]
    for column, name in names.items():
        bad = _bad(contract.by_name[column], quoted(name), intake.parameters.report.currency)
        if contract.by_name[column].kind is Kind.TEXT and not _is_id(column) and column not in LONG:
            # names and words come again and again, and a file of Parquet lists each once
            apart.append(f"(SELECT {' + '.join(bad)} FROM (SELECT DISTINCT {quoted(name)} FROM {file}) d)")
        else:
            everywhere += bad
    found = intake.count(f"SELECT (SELECT {' + '.join(everywhere)} FROM {file}) + {' + '.join(apart)}")
    if not found and contract.key:
        # equal hashes of different keys would only send the file the long way; sorted, they are compared in a third of the time of a grouping
        hashes = np.sort(intake.con.execute(f"SELECT hash({quoted(names[contract.key])}) AS hash FROM {file}").fetchnumpy()["hash"])
        found = int((hashes[1:] == hashes[:-1]).sum())
    return found


def _bad(rule: Column, cell: str, currency: str) -> list[str]:
    """SQL for the counts of a column's cells that are not as they should be."""
    bad = []
    if rule.name == "currency":
        bad.append(f"count(*) FILTER (WHERE {cell} <> {literal(currency)})")
    if rule.is_required:
        bad.append(f"count(*) FILTER (WHERE {cell} IS NULL)")
    if rule.values:
        bad.append(f"count(*) FILTER (WHERE {cell} NOT IN ({', '.join(map(literal, rule.values))}))")
    elif rule.kind is Kind.TEXT:
        if not _is_id(rule.name):
            bad.append(f"count(*) FILTER (WHERE strlen({cell}) > {limits.NAME_LETTERS} OR regexp_matches({cell}, {literal(UNSEEN_SQL)}))")
        untidy = " OR ".join(f"contains({cell}, {space})" for space in ("'  '", "chr(9)", "chr(10)", "chr(13)", "chr(160)"))
        bad.append(f"count(*) FILTER (WHERE {cell} = '' OR {cell} LIKE ' %' OR {cell} LIKE '% ' OR {untidy})")
    if rule.kind in (Kind.TIME, Kind.DATE):
        bad.append(f"count(*) FILTER (WHERE NOT isfinite({cell}))")
    if rule.kind is Kind.NUMBER:
        bad.append(f"count(*) FILTER (WHERE NOT isfinite({cell}::DOUBLE))")
    return bad


def _is_id(column: str) -> bool:
    """Ids are joined and never shown as they are."""
    return column.endswith("_id")


def _picked(column: Column, cell: str, type_in_file: str, zone: str) -> str:
    if column.kind is Kind.TIME and type_in_file == "TIMESTAMP":
        return f"timezone({zone}, {cell})"
    return cell if column.kind in (Kind.TEXT, Kind.TIME) else f"CAST({cell} AS {column.kind.value})"
