"""The source `spark`: Parquet files or tables of a metastore, typed already, as canonical views of a Spark session."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from salesqc_lib.crm.intake import InputFile
from salesqc_lib.crm.spark_sql import SparkSQL
from salesqc_lib.errors import DataError, ParameterError, nearest
from salesqc_lib.params import Parameters
from salesqc_lib.params.source import SparkSource, SparkTable
from salesqc_lib.tables import TABLES, Kind
from salesqc_lib.warnings import Warned

ALLOWED = "SALESQC_ALLOW_SPARK"  # set by the option --allow-spark
TYPES = {Kind.TEXT: "STRING", Kind.TIME: "TIMESTAMP", Kind.DATE: "DATE", Kind.NUMBER: "DOUBLE", Kind.FLAG: "BOOLEAN"}


@dataclass
class SparkIntake:
    """What reading a Spark source leaves behind; rows are taken as they are, none is set aside."""

    parameters: Parameters
    con: SparkSQL
    files: list[InputFile] = field(default_factory=list)
    warned: list[Warned] = field(default_factory=list)
    rows_out: dict[str, int] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def columns(self, table: str) -> list[str]:
        """Columns of a canonical table; empty where there is no such table."""
        return self.names.get(table, [])


def read(parameters: Parameters, source: SparkSource) -> SparkIntake:
    """Make a view for each table of the source.

    Raises
    ------
    DataError
        A file, table or required column is not there.
    """
    _refuse_addresses(parameters, source)
    intake = SparkIntake(parameters, SparkSQL.connect(source.master, parameters.report.timezone))
    specs = dict(source.tables)
    if source.folder:
        folder = parameters.file.parent / source.folder
        found = [path for path in sorted(folder.glob("*")) if path.name.split(".")[0] in TABLES] if folder.is_dir() else []
        specs = {path.name.split(".")[0]: SparkTable(path=str(path)) for path in found} | specs
    if "deals" not in specs:
        raise DataError(
            "the source has no table of deals", where=parameters.where("source"), cure="name it: source.tables.deals.path or .table"
        )
    for table, spec in specs.items():
        _view(intake, table, spec)
    intake.con.session.createDataFrame(
        [], "`table` string, file string, row long, reason string, is_row_kept boolean"
    ).createOrReplaceTempView("rejected")
    return intake


def _refuse_addresses(parameters: Parameters, source: SparkSource) -> None:
    """Machines and addresses that a parameter file names are reached only where whoever runs the command says so.

    Raises
    ------
    ParameterError
        The master is another machine, or a table lies at an address, and `--allow-spark` is not given.
    """
    if os.environ.get(ALLOWED) == "1":
        return
    if not re.fullmatch(r"local(\[[\d*, ]+\])?", source.master):
        raise ParameterError(
            f"the master «{source.master[:60]}» is another machine",
            where=parameters.where("source", "master"),
            cure="say --allow-spark where you trust this file",
        )
    for table, spec in source.tables.items():
        if spec.path and "://" in spec.path:
            raise ParameterError(
                f"«{spec.path[:60]}» is an address",
                where=parameters.where("source", "tables", table),
                cure="say --allow-spark where you trust this file",
            )


def _view(intake: SparkIntake, table: str, spec: SparkTable) -> None:
    session, where = intake.con.session, intake.parameters.where("source", "tables", table)
    path = str(intake.parameters.file.parent / spec.path) if spec.path and "://" not in spec.path else spec.path
    if spec.path and "://" not in spec.path and not Path(str(path)).exists():
        raise DataError(f"no such file or folder: {spec.path}", where=where, cure="relative paths start at the parameter file")
    frame: Any = session.read.parquet(path) if path else session.table(spec.table)
    contract = TABLES[table]
    names = {name: name for name in contract.by_name if name in frame.columns} | dict(spec.columns)
    for column, name in names.items():
        if name not in frame.columns:
            raise DataError(f"{table} has no column «{name}»", where=where, cure=nearest(name, list(frame.columns)))
        if column not in contract.by_name:
            raise DataError(f"«{column}» is no column of {table}", where=where, cure=nearest(column, list(contract.by_name)))
    for rule in contract.columns:
        if rule.is_required and rule.name not in names:
            raise DataError(
                f"{table} needs a column «{rule.name}»", where=where, cure=f"say which it is; there are: {', '.join(frame.columns)}"
            )
    picked = [f"CAST({_named(name)} AS {TYPES[contract.by_name[column].kind]}) AS `{column}`" for column, name in names.items()]
    view = frame.selectExpr(*picked)
    view.createOrReplaceTempView(f"canonical_{table}")
    intake.names[table] = list(names)
    intake.rows_out[table] = view.count()


def _named(column: str) -> str:
    """A column's name in Spark's SQL: a backtick in it is doubled, or it would end the name and begin a call."""
    return "`" + column.replace("`", "``") + "`"
