"""One person in several spellings is one person; nearly equal names are told, and stay two."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from salesqc_lib.contacts import without_contacts
from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset.vetting.rewriting import rewrite
from salesqc_lib.tables import PEOPLE
from salesqc_lib.warnings import Warned
from salesqc_lib.words import Text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Latin letters that look like Cyrillic ones
_ALIKE = str.maketrans("ABCEHKMOPTXaceopxy", "АВСЕНКМОРТХасеорху")
_ADDRESS = re.compile(r"(?<=\S)(?:\s+|\s*[(<\[]\s*)[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*[)>\]]?\s*$")
HIDDEN = Text("имена скрыты", "names are masked")
MOST = 400  # names among which near ones are looked for


def folded(name: str) -> str:
    """What all spellings of a name have in common: no case, ё as е, single spaces, no address at the end, Latin look-alikes among
    Cyrillic letters as Cyrillic.

    >>> folded("Семёнова  АННА <anna@firm.ru>") == folded("Cеменова Анна")  # its first letter is a Latin C
    True
    """
    bare = " ".join(_ADDRESS.sub("", name).split()) or name
    if re.search("[А-Яа-яЁё]", bare):
        bare = bare.translate(_ALIKE)
    return bare.casefold().replace("ё", "е")


def fold_names(con: "DuckDBPyConnection", have: dict[str, frozenset[str]], *, is_masked: bool = False) -> list[Warned]:
    """Write each person's name in one way in every table: the one that occurs most often. Where names are masked, no warning holds one."""
    places = [(table, column) for table, columns in have.items() for column in PEOPLE if column in columns]
    counts: Counter[str] = Counter()
    for table, column in places:
        for name, n in con.execute(f"SELECT {column}, count(*) FROM canonical.{table} WHERE {column} IS NOT NULL GROUP BY 1").fetchall():
            counts[str(name)] += int(n)
    shown = chosen(counts)
    changed = {name: one for name, one in shown.items() if name != one}
    warned = []
    if changed:
        _rename(con, have, places, changed)
        examples = "; ".join(f"«{_shown(name)}» = «{_shown(one)}»" for name, one in sorted(changed.items())[:3])
        warned.append(Warned("W301", {"n": len(changed), "examples": HIDDEN if is_masked else examples}, "deals", "manager"))
    if near := near_names(sorted(set(shown.values()))[:MOST]):
        examples = "; ".join(f"«{_shown(one)}» — «{_shown(other)}»" for one, other in near[:3])
        warned.append(Warned("W302", {"examples": HIDDEN if is_masked else examples}, "deals", "manager", rows=len(near)))
    return warned


def _shown(name: str) -> str:
    return without_contacts(name, is_person=True)


def chosen(counts: Mapping[str, int]) -> dict[str, str]:
    """For each spelling the one that stands for all: without an address, the most frequent, with capitals where they belong, the first by the alphabet."""
    groups: dict[str, list[str]] = {}
    for name in sorted(counts):
        groups.setdefault(folded(name), []).append(name)
    found: dict[str, str] = {}
    for names in groups.values():
        by_address: dict[str, list[str]] = {}
        for name in names:
            by_address.setdefault(_address(name), []).append(name)
        is_one = len(by_address.keys() - {""}) <= 1  # two addresses are two people of one name
        for spellings in [names] if is_one else by_address.values():
            best = min(spellings, key=lambda name: (bool(_address(name)), -counts[name], name.isupper() or name.islower(), name))
            found |= dict.fromkeys(spellings, (" ".join(_ADDRESS.sub("", best).split()) or best) if is_one else best)
    return found


def _address(name: str) -> str:
    match = _ADDRESS.search(name)
    return match[0].strip(" ()<>[]").casefold() if match else ""


def near_names(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs that differ by one letter, or by the order of their words."""
    return [(one, other) for one, other in combinations(sorted(names), 2) if _is_near(folded(one), folded(other))]


def _is_near(one: str, other: str) -> bool:
    if sorted(one.split()) == sorted(other.split()) and " " in one:
        return True
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 6:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[start:], other[start:]
    odd = rest[:1] + other_rest[:1]
    if any(letter.isdigit() for letter in odd):
        return False  # «Seller 1» and «Seller 2» are two
    return rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]


def _rename(con: "DuckDBPyConnection", have: dict[str, frozenset[str]], places: list[tuple[str, str]], changed: Mapping[str, str]) -> None:
    cases = " ".join(f"WHEN {literal(name)} THEN {literal(one)}" for name, one in changed.items())
    for table in dict.fromkeys(table for table, _ in places):
        columns = [column for of, column in places if of == table]
        rewrite(con, table, sorted(have[table]), {column: f"CASE {column} {cases} ELSE {column} END" for column in columns})
    if "manager" in have["managers"]:  # a person who stood there twice
        others = [name for name in sorted(have["managers"]) if name != "manager"]
        listed = "".join(f', max("{name}") AS "{name}"' for name in others)
        con.execute(
            f"CREATE OR REPLACE TABLE canonical.managers AS SELECT manager{listed} FROM canonical.managers GROUP BY manager ORDER BY manager"
        )
