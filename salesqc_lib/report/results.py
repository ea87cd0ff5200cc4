"""The files beside a report: `kpis.csv`, `tables/<kpi>.csv`, `rejected.csv`.

A spreadsheet runs a cell that begins with =, +, -, @ as a formula; names from a CRM may begin so, and get an apostrophe.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.measure import Measurement

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with texts that no spreadsheet takes for a formula."""
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(_as_text) for name in texts})


def _as_text(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_results(folder: Path, measured: Measurement, dataset: Dataset) -> None:
    """Write the measurements and the rows that could not be read."""
    _write(measured.frame, folder / "kpis.csv")
    (folder / "tables").mkdir(exist_ok=True)
    for kpi, table in measured.tables.items():
        _write(table, folder / "tables" / f"{kpi}.csv")
    _write(dataset.rejected, folder / "rejected.csv")


def _write(frame: pd.DataFrame, path: Path) -> None:
    without_formulas(frame).to_csv(path, index=False, float_format="%.10g", lineterminator="\n")
