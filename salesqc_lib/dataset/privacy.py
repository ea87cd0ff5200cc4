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
# columns whose values are those of another one
_SAME_AS = {"from_stage": "stage", "to_stage": "stage", "from_pipeline": "pipeline"}
# what is counted by: two values stay two, in every table that has them
_LISTS = ("stage", "pipeline", "channel", "campaign", "product", "team", "loss_reason", "segment", "kind", "question", "criterion")
ADVERTISED = ("channel", "campaign")  # an address there is a page of the client's own
_Place = tuple[str, str, str]  # schema, table, column
Shown = dict[str, dict[str, str]]  # by column: what is shown for each text that changes


def hide_contacts(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], parameters: Parameters) -> Parameters:
    """Take contacts out of every text that a report may show. Two people stay two, whatever their addresses were, and so do two channels.
    Returns the parameters with stages and reasons as they are called now."""
    country = parameters.country
    texts = _texts_by_column(con, have, parameters)
    shown = shown_texts(
        texts,
        parameters,
        lambda column, text: without_contacts(text, country, is_person=column == "name", with_handles=column not in ADVERTISED),
    )
    shown |= shown_people(texts, lambda name: without_contacts(name, country, is_person=True))
    _apply(con, have, parameters, shown)
    _rewrite_rejected(con, lambda text: without_contacts(text, country), besides=PLAIN_REASON)
    return renamed(parameters, shown)


def mask_names(
    con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], parameters: Parameters, intake: Intake
) -> tuple[Pseudonyms, Parameters]:
    """Sellers under stable pseudonyms, in their own columns and in every text that names one, before anything is measured. Returns them, and
    the parameters as a report may print them."""
    texts = _texts_by_column(con, have, parameters)
    names = con.execute("SELECT manager, name FROM canonical.managers").fetchall() if "name" in have["managers"] else []
    pseudonyms = pseudonyms_of(texts, parameters, {str(name): str(manager) for manager, name in names if name and manager})
    shown = shown_texts(texts, parameters, lambda _, text: pseudonyms.text(text)) | shown_people(texts, pseudonyms.of_name)
    shown.pop("name", None)
    _apply(con, have, parameters, shown)
    if "name" in have["managers"]:
        con.execute("UPDATE canonical.managers SET name = manager")
    _rewrite_rejected(con, pseudonyms.text)
    intake.warned = [masked_warning(one, pseudonyms) for one in intake.warned]
    intake.files = [replace(file, label=pseudonyms.text(file.name)) for file in intake.files]
    return pseudonyms, masked_parameters(renamed(parameters, shown), pseudonyms)


def pseudonyms_of(texts: Mapping[str, Iterable[str]], parameters: Parameters, names: Mapping[str, str]) -> Pseudonyms:
    """The pseudonyms of everybody in the columns of people. `names`: other names of theirs, such as that of a code."""
    people = {name for column in PEOPLE for name in texts.get(column, ())}
    tables = getattr(parameters.source, "tables", {})
    renames = [getattr(spec, "values", {}).get(column, {}) for spec in tables.values() for column in PEOPLE]
    others = {before: after for values in renames for before, after in values.items() if after in people and before != "otherwise"}
    stages = {stage.rpartition(" / ")[2] for stage in (*parameters.stages, *texts.get("stage", ()))}
    return Pseudonyms(key(), parameters.client.id, people, {stage for stage in stages if stage.isalpha()}, {**others, **names})


def shown_people(texts: Mapping[str, Iterable[str]], shown_of: Callable[[str], str]) -> Shown:
    """What is shown for each person: the same in every column of people."""
    found = _apart({name for column in PEOPLE for name in texts.get(column, ())}, shown_of)
    return {column: found for column in PEOPLE if column in texts}


def shown_texts(texts: Mapping[str, Iterable[str]], parameters: Parameters, shown_of: Callable[[str, str], str]) -> Shown:
    """What is shown for each text of the other columns. What the parameters name counts among the values, so that theirs stay apart too."""
    named = {
        "stage": {name.rpartition(" / ")[2] for name in parameters.stages},
        "pipeline": {name.rpartition(" / ")[0] for name in parameters.stages} - {""},
        "loss_reason": set(parameters.loss_reasons),
    }
    found: Shown = {}
    for column in sorted({*texts, *named} - set(PEOPLE)):
        is_list = column in _LISTS or column in parameters.extra
        every = {*texts.get(column, ()), *named.get(column, ())}
        found[column] = (_apart if is_list else _changed)(every, lambda text, column=column: shown_of(column, text))  # type: ignore[misc]
    return found


def renamed(parameters: Parameters, shown: Shown) -> Parameters:
    """The parameters with stages, pipelines and reasons as they are called in the tables now."""
    stage, pipeline, reason = (shown.get(column, {}) for column in ("stage", "pipeline", "loss_reason"))

    def called(name: str) -> str:
        whose, mark, bare = name.rpartition(" / ")
        return f"{pipeline.get(whose, whose)}{mark}{stage.get(bare, bare)}"

    copy = parameters.model_copy(
        update={
            "stages": {called(name): meaning for name, meaning in parameters.stages.items()},
            "loss_reasons": {reason.get(name, name): group for name, group in parameters.loss_reasons.items()},
        }
    )
    copy._file, copy._lines = parameters._file, parameters._lines
    return copy


def column_of(name: str) -> str:
    """The column whose values a column has."""
    return _SAME_AS.get(name, name)


def masked_warning(warned: Warned, pseudonyms: Pseudonyms) -> Warned:
    """A doubt whose examples and files name nobody."""
    return replace(
        warned, values={name: pseudonyms.within(value) for name, value in warned.values.items()}, file=pseudonyms.text(warned.file)
    )


def masked_parameters(parameters: Parameters, pseudonyms: Pseudonyms) -> Parameters:
    """The parameters as a report may print them: nobody is named in remarks, rules and maps."""
    copy = parameters.model_copy(
        update={
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


def _texts_by_column(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], parameters: Parameters) -> dict[str, set[str]]:
    """What stands in each column, each text once: what is looked for in them is not for twenty million rows."""
    found: dict[str, set[str]] = {}
    for schema, table, column in _places(con, have, parameters):
        rows = con.execute(f'SELECT DISTINCT "{column}" FROM {schema}.{table} WHERE "{column}" IS NOT NULL').fetchall()
        found.setdefault(column_of(column), set()).update(str(row[0]) for row in rows)
    return found


def _apply(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], parameters: Parameters, shown: Shown) -> None:
    for place in list(_places(con, have, parameters)):
        _replace(con, place, shown.get(column_of(place[2]), {}))


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


# a reason in our own words about an id that begins with a letter and is too short for a phone: there may be one for each of a million deals
PLAIN_REASON = "[a-z_:]+ «[A-Za-z][0-9]{1,9}»"


def _rewrite_rejected(con: "DuckDBPyConnection", shown_of: Callable[[str], str], besides: str = "$^") -> None:
    for column in ("reason", "file"):
        found = con.execute(
            f"SELECT DISTINCT {column} FROM rejected WHERE {column} IS NOT NULL AND NOT regexp_full_match({column}, '{besides}')"
        ).fetchall()
        for text, shown in _changed((str(row[0]) for row in found), shown_of).items():
            con.execute(f"UPDATE rejected SET {column} = ? WHERE {column} = ?", [shown, text])
