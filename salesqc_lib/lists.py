"""Tables as files: plain CSV for machines, and lists that a spreadsheet of the report's language opens by double click.

A spreadsheet runs a cell that begins with = + - @ as a formula, and splits a line where its own language says, at commas or at semicolons;
names and remarks of a CRM may begin so, or hide such a beginning behind the other separator. An apostrophe takes its force.
"""

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from salesqc_lib.words import Language

SEPARATORS: dict[Language, str] = {"ru": ";", "en": ","}  # as Windows sets them for the language
DECIMALS: dict[Language, str] = {"ru": ",", "en": "."}
_FORMULA = re.compile("(^|[;,\t\r\n|])([\\s\"'\xa0]*)(?=[=+\\-@＝＋－﹢﹣＠﹦﹫])")


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with texts that no spreadsheet takes for a formula."""
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(_as_text) for name in texts}).rename(columns=_as_text)


def _as_text(value: Any) -> Any:
    """
    >>> _as_text("=1+1"), _as_text("Anna; =cmd()"), _as_text("A-B"), _as_text("\\uff1d1")
    ("'=1+1", "Anna; '=cmd()", 'A-B', "'＝1")
    """
    if not isinstance(value, str):
        return value
    return _harmless(value)


@lru_cache(maxsize=10_000)  # the same few names stand in row after row
def _harmless(text: str) -> str:
    text = text.lstrip("\t\r\n").replace("\t", " ").replace("\r", " ")
    return _FORMULA.sub(lambda found: f"{found[1]}{found[2]}'", text)


def write_plain(frame: pd.DataFrame, path: Path) -> None:
    """CSV as programs read it: commas, points, UTF-8."""
    without_formulas(frame).to_csv(path, index=False, float_format="%.10g", lineterminator="\n")


def write_list(frame: pd.DataFrame, path: Path, language: Language) -> None:
    """A list as people open it: the separators of the report's language, every text in quotes, and the mark that says «UTF-8» to Excel."""
    shown = without_formulas(frame)
    rows = [shown.columns.tolist(), *zip(*(column.tolist() for _, column in shown.items()), strict=True)]
    mark = SEPARATORS[language]
    lines = (mark.join(_written(cell, language) for cell in row) for row in rows)
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8-sig", newline="")


def _written(cell: Any, language: Language) -> str:
    """A number as the language writes it, anything else as a text in quotes; nothing for nothing."""
    if isinstance(cell, str):
        return '"' + cell.replace('"', '""') + '"' if cell else ""
    if pd.isna(cell):
        return ""
    if isinstance(cell, bool | np.bool_):
        return str(cell)
    if isinstance(cell, int | np.integer):
        return str(cell)
    if isinstance(cell, float | np.floating):
        value = float(cell)
        whole = str(int(value)) if value.is_integer() and abs(value) < 2**53 else format(Decimal(f"{value:.12g}"), "f")
        return whole.replace(".", DECIMALS[language])
    return '"' + str(cell).replace('"', '""') + '"'


def read_list(path: Path) -> pd.DataFrame:
    """A list as `write_list` wrote it, whatever its language: what stands in quotes is a text, what does not is a number."""
    text = path.read_bytes().decode("utf-8-sig")
    head = _CELL.match(text)
    mark = text[head.end()] if head and head.end() < len(text) and text[head.end()] in ",;" else ","
    decimal = next(DECIMALS[language] for language, separator in SEPARATORS.items() if separator == mark)
    rows: list[list[Any]] = [[]]
    at = 0
    while at < len(text):
        found = _CELL.match(text, at) or _BARE.match(text, at)
        assert found  # noqa: S101 - the second of them matches nothing, too
        rows[-1].append(_read(found[0], decimal))
        at = found.end()
        if text[at : at + 1] == mark:
            at += 1
        else:
            at += 2  # the end of the line
            rows.append([])
    return pd.DataFrame(rows[1:-1], columns=rows[0])


_CELL = re.compile(r'"(?:[^"]|"")*"')
_BARE = re.compile(r"[^,;\r\n]*(?:,\d+)?(?=;|\r)|[^,\r\n]*")


def _read(cell: str, decimal: str) -> Any:
    if cell.startswith('"'):
        return cell[1:-1].replace('""', '"')
    if cell in ("", "True", "False"):
        return None if not cell else cell == "True"
    number = cell.replace(decimal, ".")
    return int(number) if re.fullmatch(r"-?\d+", number) else float(number)
