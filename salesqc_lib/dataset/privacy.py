"""What of a person may be seen: names under pseudonyms where that is asked for; phones, e-mails and handles never, unless asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from salesqc_lib.contacts import without_contacts
from salesqc_lib.crm import Intake
from salesqc_lib.dataset.pseudonyms import Pseudonyms
from salesqc_lib.params import Parameters
from salesqc_lib.params.key import key
from salesqc_lib.tables import PEOPLE, TABLES
from salesqc_lib.warnings import Warned

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_WORDS_OF_OURS = ("metric", "month", "group", "currency")  # texts with a meaning for the program
_NAMED_BY_PARAMETERS = ("stage", "from_stage", "to_stage", "pipeline", "from_pipeline")
_LISTS = ("channel", "campaign", "product", "team", "loss_reason", "segment", "kind", "question", "criterion")  # two values stay two
_ADVERTISED = ("channel", "campaign")  # an address there is a page of the client's own
_Place = tuple[str, str, str]  # schema, table, column


def hide_contacts(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], parameters: Parameters) -> None:
    """Take contacts out of every text that a report may show. Two people stay two, whatever their addresses were, and so do two channels."""
    country = parameters.country
    places = [place for place in _places(con, have, parameters) if place[2] not in _NAMED_BY_PARAMETERS]
    people = [place for place in places if place[2] in PEOPLE]
    of_people = _apart(
        {name for place in people for name in _texts(con, place)}, lambda text: without_contacts(text, country, is_person=True)
    )
    for place in people:
        _replace(con, place, of_people)
    rest = [place for place in places if place not in people]
    _show(con, rest, parameters, lambda column, text: without_contacts(text, country, with_handles=column not in _ADVERTISED))
    _rewrite_rejected(con, lambda text: without_contacts(text, country))


def mask_names(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], parameters: Parameters, intake: Intake) -> Pseudonyms:
    """Sellers under stable pseudonyms, in their own columns and in every text that names one, before anything is measured."""
    places = list(_places(con, have, parameters))
    people = [place for place in places if place[2] in PEOPLE or place == ("canonical", "managers", "name")]
    pseudonyms = Pseudonyms(
        key(),
        parameters.client.id,
        {name for place in people for name in _texts(con, place)},
        {text for place in places if place[2] in _NAMED_BY_PARAMETERS for text in _texts(con, place) if text.isalpha()},
    )
    for place in places:
        if place[2] in PEOPLE:
            _replace(con, place, {name: pseudonyms.of_name(name) for name in _texts(con, place)})
    rest = [place for place in places if place[2] not in PEOPLE and place != ("canonical", "managers", "name")]
    _show(con, rest, parameters, lambda _, text: pseudonyms.text(text))
    if "name" in have["managers"]:
        con.execute("UPDATE canonical.managers SET name = manager")
    _rewrite_rejected(con, pseudonyms.text)
    intake.warned = [masked_warning(one, pseudonyms) for one in intake.warned]
    intake.files = [replace(file, label=pseudonyms.text(file.name)) for file in intake.files]
    return pseudonyms


def _show(con: "DuckDBPyConnection", places: Iterable[_Place], parameters: Parameters, shown_of: Callable[[str, str], str]) -> None:
    """Change the texts of columns. Two values of a breakdown stay two, and the same in every table that has the column."""
    by_column: dict[str, list[_Place]] = {}
    for place in places:
        by_column.setdefault(place[2], []).append(place)
    for column, own in by_column.items():
        is_list = column in _LISTS or column in parameters.extra
        texts = {text for place in own for text in _texts(con, place)}
        changed = (_apart if is_list else _changed)(texts, lambda text, column=column: shown_of(column, text))  # type: ignore[misc]
        for place in own:
            _replace(con, place, changed)


def masked_warning(warned: Warned, pseudonyms: Pseudonyms) -> Warned:
    """A doubt whose examples and files name nobody."""
    return replace(
        warned, values={name: pseudonyms.within(value) for name, value in warned.values.items()}, file=pseudonyms.text(warned.file)
    )


def masked_parameters(parameters: Parameters, pseudonyms: Pseudonyms) -> Parameters:
    """The parameters as a report may print them, and as they fit the masked tables: stages and reasons under the names that these have now."""
    copy = parameters.model_copy(
        update={
            "stages": pseudonyms.within(parameters.stages),
            "loss_reasons": pseudonyms.within(parameters.loss_reasons),
            "exclude": pseudonyms.within(parameters.exclude),
            "report": parameters.report.model_copy(update={"remarks": pseudonyms.within(parameters.report.remarks)}),
            "source": type(parameters.source).model_validate(_masked_source(parameters.source.model_dump(by_alias=True), pseudonyms)),
        }
    )
    copy._file, copy._lines = parameters._file, parameters._lines
    return copy


def _masked_source(block: Any, pseudonyms: Pseudonyms, name: str = "") -> Any:
    """The keys of `values` are words of the client's; all others are ours."""
    if isinstance(block, dict):
        return {
            (pseudonyms.text(key) if name == "values of" else key): _masked_source(
                value, pseudonyms, "values of" if name == "values" else str(key)
            )
            for key, value in block.items()
        }
    return pseudonyms.within(block)


def _places(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], parameters: Parameters) -> Iterator[_Place]:
    """Every column of free words: of the tables, and of the deals that do not count."""
    own = set(parameters.extra)
    for schema, table, column, kind in con.execute(
        "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema IN ('canonical', 'aside') ORDER BY ALL"
    ).fetchall():
        contract = TABLES[table].by_name.get(column) if table in TABLES else None
        is_ours = contract is None or contract.values or column in _WORDS_OF_OURS
        if kind != "VARCHAR" or column.endswith("_id") or (schema == "canonical" and column not in {*have.get(table, ()), *own}):
            continue
        if column in own or not is_ours or (schema == "aside" and column == "file"):
            yield schema, table, column


def _texts(con: "DuckDBPyConnection", place: _Place) -> list[str]:
    """What stands in a column, each text once: what is looked for in them is not for twenty million rows."""
    schema, table, column = place
    rows = con.execute(f'SELECT DISTINCT "{column}" FROM {schema}.{table} WHERE "{column}" IS NOT NULL').fetchall()
    return sorted(str(row[0]) for row in rows)


def _changed(texts: Iterable[str], shown_of: Callable[[str], str]) -> dict[str, str]:
    return {text: shown for text in texts if (shown := shown_of(text)) != text}


def _apart(texts: Iterable[str], shown_of: Callable[[str], str]) -> dict[str, str]:
    """What is shown for each text that changes. Those that would look alike, or like one that stays, get a number."""
    every = sorted(set(texts))
    found = _changed(every, shown_of)
    taken = set(every) - set(found)
    for text, shown in found.items():
        number, name = 1, shown
        while name in taken:
            number += 1
            name = f"{shown} ({number})"
        taken.add(name)
        found[text] = name
    return found


def _replace(con: "DuckDBPyConnection", place: _Place, shown: Mapping[str, str]) -> None:
    if not shown:
        return
    import pyarrow as pa

    schema, table, column = place
    con.register("shown_now", pa.table({"value": list(shown), "shown": list(shown.values())}))
    con.execute("CREATE OR REPLACE TEMP TABLE shown_texts AS SELECT value::VARCHAR AS value, shown::VARCHAR AS shown FROM shown_now")
    con.unregister("shown_now")
    kind = con.execute("SELECT table_type FROM information_schema.tables WHERE table_schema = ? AND table_name = ?", [schema, table])
    if kind.fetchall()[0][0] == "VIEW":  # of a file that is too large to be copied: what is to be shown is looked up as it is read
        name = f"shown_{table}_{column}"
        con.execute(f"CREATE TABLE canonical.{name} AS SELECT * FROM shown_texts")
        con.execute(f"ALTER VIEW canonical.{table} RENAME TO {name}_of")
        con.execute(f"""
            CREATE VIEW canonical.{table} AS SELECT v.* REPLACE (coalesce(s.shown, v.\"{column}\") AS \"{column}\")
            FROM canonical.{name}_of v LEFT JOIN canonical.{name} s ON s.value = v.\"{column}\"""")
    else:
        con.execute(f'UPDATE {schema}.{table} t SET "{column}" = s.shown FROM shown_texts s WHERE s.value = t."{column}"')


def _rewrite_rejected(con: "DuckDBPyConnection", shown_of: Callable[[str], str]) -> None:
    for column in ("reason", "file"):
        found = con.execute(f"SELECT DISTINCT {column} FROM rejected WHERE {column} IS NOT NULL").fetchall()
        for text, shown in _changed((str(row[0]) for row in found), shown_of).items():
            con.execute(f"UPDATE rejected SET {column} = ? WHERE {column} = ?", [shown, text])
