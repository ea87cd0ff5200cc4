"""The same privacy for tables of a Spark session: what `privacy` does to tables of DuckDB, by the same functions."""

from collections.abc import Callable, Mapping
from typing import Any

from salesqc_lib.contacts import MAY_BE_ONE, without_contacts
from salesqc_lib.dataset.pseudonyms import Pseudonyms
from salesqc_lib.params import Parameters
from salesqc_lib.params.key import key
from salesqc_lib.tables import PEOPLE, TABLES, Kind


def made_private(session: Any, have: Mapping[str, frozenset[str]], parameters: Parameters) -> Pseudonyms | None:
    """Take contacts and, where that is asked for, names out of the canonical views. People are few: their names are collected."""
    country, report = parameters.country, parameters.report
    if not report.show_contacts:
        for table, column in _columns(have):
            is_person = column in PEOPLE
            _map(session, table, column, lambda text, is_person=is_person: without_contacts(text, country, is_person=is_person), MAY_BE_ONE)  # type: ignore[misc]
    if not report.mask_names:
        return None
    names = {
        str(row[0])
        for table, column in _columns(have)
        if column in PEOPLE
        for row in session.table(f"canonical_{table}").select(column).distinct().collect()
        if row[0] is not None
    }
    pseudonyms = Pseudonyms(key(), parameters.client.id, names)
    for table, column in _columns(have):
        _map(session, table, column, pseudonyms.of_name if column in PEOPLE or (table, column) == ("managers", "name") else pseudonyms.text)
    return pseudonyms


def _columns(have: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    return [
        (table, column.name)
        for table, columns in have.items()
        for column in TABLES[table].columns
        if column.name in columns
        and column.kind is Kind.TEXT
        and not column.values
        and not column.name.endswith("_id")
        and column.name != "metric"
    ]


def _map(session: Any, table: str, column: str, shown_of: Callable[[str], str], where: str = "") -> None:
    """Replace the texts of a column that change: they are looked at here, each once, so that no worker needs this library."""
    from pyspark.sql import functions as sql

    frame = session.table(f"canonical_{table}")
    looked_at = frame.where(sql.col(column).rlike(where)) if where else frame
    texts = sorted(str(row[0]) for row in looked_at.select(column).distinct().collect() if row[0] is not None)
    changed = [(text, shown) for text in texts if (shown := shown_of(text)) != text]
    if not changed:
        return
    listed = sql.broadcast(session.createDataFrame(changed, "__text string, __shown string"))
    joined = frame.join(listed, sql.col(column) == sql.col("__text"), "left")
    shown_texts = joined.withColumn(column, sql.coalesce(sql.col("__shown"), sql.col(column))).drop("__text", "__shown")
    shown_texts.localCheckpoint().createOrReplaceTempView(f"canonical_{table}")
