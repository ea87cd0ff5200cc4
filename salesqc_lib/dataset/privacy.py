"""What of a person may be seen: names under pseudonyms where that is asked for; phones and e-mails never, unless asked for."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from salesqc_lib.params import Parameters
from salesqc_lib.tables import CODES, PEOPLE, TABLES, Kind
from salesqc_lib.words import without_contacts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def hide_contacts(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]]) -> None:
    """Take phones and e-mails out of every text that a report may show. Two people stay two, whatever their addresses were."""
    places = [(table, column) for table, columns in have.items() for column in sorted(columns) if _is_shown(table, column)]
    people = _changes((name for table, column in places if column in PEOPLE for name in _texts(con, table, column)), are_people=True)
    for table, column in places:
        found = people if column in PEOPLE else _changes(_texts(con, table, column))
        if found:
            _replace(con, table, column, found)
    for (reason,) in con.execute("SELECT DISTINCT reason FROM rejected").fetchall():
        if (shown := without_contacts(reason)) != reason:
            con.execute("UPDATE rejected SET reason = ? WHERE reason = ?", [shown, reason])


def _is_shown(table: str, column: str) -> bool:
    contract = TABLES[table].by_name.get(column)
    return bool(contract and contract.kind is Kind.TEXT and not contract.values and not column.endswith("_id") and column not in CODES)


def _texts(con: "DuckDBPyConnection", table: str, column: str) -> list[str]:
    """What stands in a column, each text once: the regular expressions below are not for twenty million rows."""
    rows = con.execute(f'SELECT DISTINCT "{column}" FROM canonical.{table} WHERE "{column}" IS NOT NULL').fetchall()
    return [str(row[0]) for row in rows]


def _changes(texts: Iterable[str], *, are_people: bool = False) -> dict[str, str]:
    """What is shown for each text that holds a phone or an e-mail. People who would look alike, or like somebody who is named without
    an address, get a number."""
    every = sorted(set(texts))
    found = {text: shown for text in every if (shown := without_contacts(text)) != text}
    if not are_people:
        return found
    taken = set(every) - set(found)
    for text, shown in found.items():
        number, name = 1, shown
        while name in taken:
            number += 1
            name = f"{shown} ({number})"
        taken.add(name)
        found[text] = name
    return found


def _replace(con: "DuckDBPyConnection", table: str, column: str, shown: Mapping[str, str]) -> None:
    con.execute("CREATE OR REPLACE TEMP TABLE shown_texts (value VARCHAR, shown VARCHAR)")
    con.executemany("INSERT INTO shown_texts VALUES (?, ?)", list(shown.items()))
    kind = con.execute("SELECT table_type FROM information_schema.tables WHERE table_schema = 'canonical' AND table_name = ?", [table])
    if kind.fetchall()[0][0] == "VIEW":  # of a file that is too large to be copied: what is to be shown is looked up as it is read
        name = f"shown_{table}_{column}"
        con.execute(f"CREATE TABLE canonical.{name} AS SELECT * FROM shown_texts")
        con.execute(f"ALTER VIEW canonical.{table} RENAME TO {name}_of")
        con.execute(f"""
            CREATE VIEW canonical.{table} AS SELECT v.* REPLACE (coalesce(s.shown, v.\"{column}\") AS \"{column}\")
            FROM canonical.{name}_of v LEFT JOIN canonical.{name} s ON s.value = v.\"{column}\"""")
    else:
        con.execute(f'UPDATE canonical.{table} t SET "{column}" = s.shown FROM shown_texts s WHERE s.value = t."{column}"')


def mask_names(con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]]) -> None:
    """Sellers under stable pseudonyms, everywhere at once: the name is gone before anything is measured."""
    salt = parameters.client.id.replace("'", "''")
    for table, columns in have.items():
        for column in PEOPLE:
            if column in columns:
                con.execute(
                    f"UPDATE canonical.{table} SET {column} = 'M-' || upper(left(sha256('{salt}' || {column}), 6)) WHERE {column} IS NOT NULL"
                )
    if "name" in have["managers"]:
        con.execute("UPDATE canonical.managers SET name = manager")
    con.execute("UPDATE rejected SET reason = regexp_replace(reason, '«.*»', '«…»')")
