"""The same privacy for tables of a Spark session: texts are looked at here, each once, so that no worker needs this library."""

from collections.abc import Mapping
from typing import Any

from salesqc_lib.contacts import without_contacts
from salesqc_lib.dataset.privacy import ADVERTISED, Shown, column_of, masked_parameters, pseudonyms_of, renamed, shown_people, shown_texts
from salesqc_lib.dataset.pseudonyms import Pseudonyms
from salesqc_lib.params import Parameters
from salesqc_lib.tables import TABLES, Kind


def made_private(session: Any, have: Mapping[str, frozenset[str]], parameters: Parameters) -> tuple[Pseudonyms | None, Parameters]:
    """Take contacts and, where that is asked for, names out of the canonical views. Returns the pseudonyms, and the parameters as they fit now."""
    country = parameters.country
    if not parameters.report.show_contacts:
        texts = _texts(session, have)
        shown = shown_texts(
            texts,
            parameters,
            lambda column, text: without_contacts(text, country, is_person=column == "name", with_handles=column not in ADVERTISED),
        )
        shown |= shown_people(texts, lambda name: without_contacts(name, country, is_person=True))
        _apply(session, have, shown)
        parameters = renamed(parameters, shown)
    if not parameters.report.mask_names:
        return None, parameters
    texts = _texts(session, have)
    rows = session.table("canonical_managers").select("manager", "name").collect() if "name" in have["managers"] else []
    pseudonyms = pseudonyms_of(texts, parameters, {str(name): str(manager) for manager, name in rows if name and manager})
    shown = shown_texts(texts, parameters, lambda _, text: pseudonyms.text(text)) | shown_people(texts, pseudonyms.of_name)
    shown["name"] = {name: pseudonyms.of_name(name) for name in texts.get("name", ())}
    _apply(session, have, shown)
    return pseudonyms, masked_parameters(renamed(parameters, shown), pseudonyms)


def _columns(have: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    return [
        (table, column.name)
        for table, columns in have.items()
        for column in TABLES[table].columns
        if column.name in columns
        and column.kind is Kind.TEXT
        and not column.values
        and not column.name.endswith("_id")
        and column.name not in ("metric", "month", "group", "currency")
    ]


def _texts(session: Any, have: Mapping[str, frozenset[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table, column in _columns(have):
        rows = session.table(f"canonical_{table}").select(column).distinct().collect()
        found.setdefault(column_of(column), set()).update(str(row[0]) for row in rows if row[0] is not None)
    return found


def _apply(session: Any, have: Mapping[str, frozenset[str]], shown: Shown) -> None:
    from pyspark.sql import functions as sql

    for table, column in _columns(have):
        changed = list(shown.get(column_of(column), {}).items())
        if not changed:
            continue
        frame = session.table(f"canonical_{table}")
        listed = sql.broadcast(session.createDataFrame(changed, "__text string, __shown string"))
        joined = frame.join(listed, sql.col(column) == sql.col("__text"), "left")
        shown_now = joined.withColumn(column, sql.coalesce(sql.col("__shown"), sql.col(column))).drop("__text", "__shown")
        shown_now.localCheckpoint().createOrReplaceTempView(f"canonical_{table}")
