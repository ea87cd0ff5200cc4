"""Rows that the client's parameters leave out: test deals, duplicates, deleted ones, by a column and its values."""

import re
from collections.abc import Collection, Mapping

from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.errors import DataError, nearest


def excluded(intake: Intake, table: str, present: Mapping[str, str], columns: Collection[str]) -> tuple[dict[str, str], str]:
    """SQL for why a row of the deals is left out (`excluded:<column> «value»`), NULL for a row that counts; before it, the columns of the file
    that it asks for beside `columns`, by the names that it gives them.

    A column is a canonical one, as mapped, or one of the file (`present`). Letters' case does not matter; `*` stands for any letters.

    Raises
    ------
    DataError
        There is no such column.
    """
    if table != "deals" or not intake.parameters.exclude:
        return {}, "NULL::VARCHAR"
    cases, beside = [], {}
    for name, words in intake.parameters.exclude.items():
        actual = next((column for column in present if column.lower() == name.lower()), None)
        cell = name
        if name not in columns and actual:
            cell = f"__file:{actual}"
            beside[cell] = quoted(actual)
        elif name not in columns:
            known = [*columns, *present]
            raise DataError(
                f"«exclude» names a column that the deals do not have: «{name}»",
                where=intake.parameters.where("exclude", name),
                cure=nearest(name, known),
            )
        listed = [words] if isinstance(words, str) else list(words)
        patterns = "|".join(_pattern(word) for word in listed)
        text = rf"trim(regexp_replace({quoted(cell)}::VARCHAR, '[\s\x{{a0}}]+', ' ', 'g'))"
        numbers = [word for word in listed if re.fullmatch(r"-?\d+([.,]\d+)?", word.strip())]
        same = "".join(f" OR TRY_CAST(replace({text}, ',', '.') AS DOUBLE) = {float(word.replace(',', '.'))!r}" for word in numbers)
        cases.append(f"WHEN regexp_full_match({text}, {literal(f'(?is)(?:{patterns})')}){same} THEN {literal(f'excluded:{name}')}")
    return beside, f"CASE {' '.join(cases)} END"


def _pattern(word: str) -> str:
    return ".*".join(re.escape(part) for part in word.strip().split("*"))
