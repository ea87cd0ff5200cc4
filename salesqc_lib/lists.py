"""Tables as files: plain CSV for machines, and lists that a spreadsheet of the report's language opens by double click.

A spreadsheet runs a cell that begins with = + - @ as a formula, and splits a line where its own language says, at commas or at semicolons;
names and remarks of a CRM may begin so, or hide such a beginning behind the other separator. An apostrophe takes its force.
"""

import re
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
    text = value.lstrip("\t\r\n").replace("\t", " ").replace("\r", " ")
    return _FORMULA.sub(lambda found: f"{found[1]}{found[2]}'", text)


def write_plain(frame: pd.DataFrame, path: Path) -> None:
    """CSV as programs read it: commas, points, UTF-8."""
    without_formulas(frame).to_csv(path, index=False, float_format="%.10g", lineterminator="\n")


def write_list(frame: pd.DataFrame, path: Path, language: Language) -> None:
    """A list as people open it: the separators of the report's language, every text in quotes, and the mark that says «UTF-8» to Excel."""
    shown = without_formulas(frame)
    rows = [shown.columns.tolist(), *shown.itertuples(index=False, name=None)]
    mark = SEPARATORS[language]
    lines = (mark.join(_written(cell, language) for cell in row) for row in rows)
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8-sig", newline="")


def _written(cell: Any, language: Language) -> str:
    """A number as the language writes it, anything else as a text in quotes; nothing for nothing."""
    if not isinstance(cell, str) and pd.isna(cell):
        return ""
    if isinstance(cell, bool | np.bool_):
        return str(cell)
    if isinstance(cell, int | float | np.number):
        return f"{cell:.10g}".replace(".", DECIMALS[language])
    return '"' + str(cell).replace('"', '""') + '"'


def read_list(path: Path, **options: Any) -> pd.DataFrame:
    """A list that was written so, whatever its language; `options` as of `pandas.read_csv`."""
    with path.open(encoding="utf-8-sig") as file:
        head = file.readline()
    language: Language = "ru" if head.count('";"') >= head.count('","') and ";" in head else "en"
    found: pd.DataFrame = pd.read_csv(path, sep=SEPARATORS[language], decimal=DECIMALS[language], encoding="utf-8-sig", **options)
    return found
