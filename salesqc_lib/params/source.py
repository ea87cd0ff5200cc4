"""Where a client's data come from: files, tables of databases, Spark; and how their columns and words are called there."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from salesqc_lib.params.part import Part

EARLIEST, LATEST = 1970, 2100  # years of exports


class ColumnRule(Part):
    """How one canonical column is filled where the name of a column alone does not say it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)

    column: str | tuple[str, ...] | None = Field(None, description="Name(s) in the file; of several, the first that is filled")
    value: str | None = Field(None, description="The same value in every row")
    row: bool = Field(False, description="The number of the row, where the file has no ids")
    reading: Literal["phone", "email", "won_and_closed", "date_and_time"] | None = Field(
        None,
        alias="as",
        description="Bring phones or e-mails to one spelling; won_and_closed: an outcome from the yes/no columns «is won» and «is closed»; date_and_time: a day and a time of day in two columns",
    )
    only: Literal["closed", "won", "lost", "open"] | None = Field(None, description="Count the column only for deals of this outcome")
    format: str | None = Field(None, description="Format of dates, e.g. %d/%m/%Y, where it cannot be told from the column")
    times: float | None = Field(None, gt=0, description="Numbers in thousands: 1000")
    decimal: Literal[".", ","] | None = Field(None, description="Decimal separator, where it cannot be told from the column")

    @model_validator(mode="after")
    def _one_origin(self) -> "ColumnRule":
        if (self.column is not None) + (self.value is not None) + self.row != 1:
            raise ValueError("give either «column», «value» or «row: true»")
        return self


ColumnSpec = str | tuple[str, ...] | ColumnRule


class Names(Part):
    """A file that gives the names of ids: users, stages, pipelines."""

    path: str | tuple[str, ...] = Field(description="The file with the names")
    sheet: str | None = Field(None, description="Sheet, list or table of that file")
    id: str = Field("id", description="Its column of ids")
    name: str | tuple[str, ...] = Field("name", description="Its column of names; several are joined: [NAME, LAST_NAME]")


class TableFile(Part):
    """One canonical table: which file(s), or which table of a database, it is read from, and how its columns are called there."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)

    path: str | tuple[str, ...] = Field(
        "", description="CSV, XLSX, JSON, SQLite, Parquet, zip …; several files, or a pattern with *, are put together"
    )
    sheet: str | tuple[str, ...] | None = Field(
        None, description="Sheet(s) of a workbook, list of a JSON, table of a SQLite file; the first without it"
    )
    connection: str | None = Field(None, description="A database that salesqc.toml names, in place of a path")
    table: str | None = Field(None, description="Table of the database; or give a query: one SELECT")
    query: str | None = Field(None, description="SQL over the file, there called `file`, all columns text")
    tables: dict[Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*$")], str] = Field(
        default_factory=dict, alias="with", description="Further files as tables of `query`: {closed: closed_deals.csv}"
    )
    names: dict[str, Names] = Field(default_factory=dict, description="column of ids in the file: the file with their names")
    columns: dict[str, ColumnSpec] = Field(default_factory=dict, description="canonical name: name in the file")
    values: dict[str, dict[str, str]] = Field(default_factory=dict, description="canonical column: {value in the file: canonical value}")
    may_be_empty: tuple[str, ...] = Field((), description="Required columns that may be empty in a row; such rows are kept")
    encoding: str | None = Field(None, description="e.g. cp1251, where it cannot be told from the file")
    delimiter: str | None = Field(None, pattern=r"^[^\w\s\"'\\]$|^\t$|^ $", description="One character that is no letter, digit or quote")

    @field_validator("values", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        """YAML reads `yes: won` as a flag and `142: won` as a number: here they are words."""
        if not isinstance(value, dict):
            return value
        return {
            name: {_word(word): _word(meant) for word, meant in words.items()} if isinstance(words, dict) else words
            for name, words in value.items()
        }

    @model_validator(mode="after")
    def _one_origin(self) -> "TableFile":
        if self.connection is None and self.table is not None:
            raise ValueError("«table» belongs to a «connection»; the table of a SQLite file is named by «sheet»")
        if self.connection is not None and (self.path or (self.table is None) == (self.query is None)):
            raise ValueError("a connection needs either «table» or «query», and no «path»")
        if self.connection is None and not self.path:
            raise ValueError("give a «path», or a «connection»")
        return self


def _word(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


Tables = dict[str, TableFile]


class _Source(Part):
    as_of: datetime | None = Field(
        None, description="The moment of the export, a bare date for its end; default: the latest event in the data"
    )

    @field_validator("as_of", mode="before")
    @classmethod
    def _end_of_day(cls, value: Any) -> Any:
        day = value if isinstance(value, date) and not isinstance(value, datetime) else None
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            day = date.fromisoformat(value)
        return datetime.combine(day + timedelta(1), time()) if day and day < date.max else value

    @field_validator("as_of")
    @classmethod
    def _of_our_time(cls, value: datetime | None) -> datetime | None:
        if value is not None and not EARLIEST <= value.year <= LATEST:
            raise ValueError(f"no CRM was exported in the year {value.year}")
        return value


class TablesSource(_Source):
    """Files of canonical or mapped tables."""

    kind: Literal["tables"]
    folder: str | None = Field(None, description="Folder with a file per table: deals.csv, activities.parquet, …")
    tables: Tables = Field(default_factory=dict)


class AmocrmExport(_Source):
    """The list export of amoCRM / Kommo, with other files beside it."""

    kind: Literal["amocrm_export"]
    path: str | tuple[str, ...] = Field(description="amocrm_export_leads_….csv or .xlsx; several, or a pattern with *, are put together")
    columns: dict[str, ColumnSpec] = Field(default_factory=dict, description="canonical column of deals: the client's own field")
    won_stages: tuple[str, ...] = Field(("Успешно реализовано", "Closed - won"), description="Names of the final stage «won»")
    lost_stages: tuple[str, ...] = Field(("Закрыто и не реализовано", "Closed - lost"), description="Names of the final stage «lost»")
    non_target_reasons: tuple[str, ...] = Field((), description="Loss reasons of requests that were no leads: spam, test, duplicate")
    tables: Tables = Field(default_factory=dict, description="Calls, tasks, spend … from other files")


class SparkTable(Part):
    """One canonical table of a Spark source: Parquet (a file, a folder, an address), or a table of the metastore."""

    path: str | None = None
    table: str | None = Field(None, description="catalog.schema.name")
    columns: dict[str, str] = Field(default_factory=dict, description="canonical name: name in the table")

    @model_validator(mode="after")
    def _one_origin(self) -> "SparkTable":
        if (self.path is None) == (self.table is None):
            raise ValueError("give either «path» or «table»")
        return self


class SparkSource(_Source):
    """Tables of a Spark session, for data that outgrow one machine. Types must fit already; rows are taken as they are."""

    kind: Literal["spark"]
    master: str = Field("local[*]", description="Where Spark runs, unless a session is active: local[*], spark://…, yarn")
    folder: str | None = Field(None, description="Folder of Parquet under canonical names: deals.parquet, activities.parquet, …")
    tables: dict[str, SparkTable] = Field(default_factory=dict)
