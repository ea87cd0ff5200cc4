"""The files beside a report: `kpis.csv`, `tables/<kpi>.csv`, `findings.csv`, `evidence/<finding>.csv`, `rejected.csv`.

A spreadsheet runs a cell that begins with =, +, -, @ as a formula; names from a CRM may begin so, and get an apostrophe.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.measure import Measurement
from salesqc_lib.recommendations import Recommendations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with texts that no spreadsheet takes for a formula."""
    texts = [name for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(_as_text) for name in texts})


def _as_text(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_results(folder: Path, measured: Measurement, dataset: Dataset, advice: Recommendations) -> None:
    """Write the measurements, the findings with the cases behind them, and the rows that could not be read."""
    _write(measured.frame, folder / "kpis.csv")
    (folder / "tables").mkdir(exist_ok=True)
    for kpi, table in measured.tables.items():
        _write(table, folder / "tables" / f"{kpi}.csv")
    _write(advice.frame(measured.reader.language), folder / "findings.csv")
    (folder / "evidence").mkdir(exist_ok=True)
    for finding, cases in advice.findings.evidence.items():
        _write(_in_zone(cases, dataset.parameters.zone), folder / "evidence" / f"{finding}.csv")
    _write(dataset.rejected, folder / "rejected.csv")


def _in_zone(cases: pd.DataFrame, zone: Any) -> pd.DataFrame:
    """Moments as the client's clock shows them; the first column says which case it is."""
    moments = [name for name in cases.columns if pd.api.types.is_datetime64_any_dtype(cases[name])]
    local = {
        name: (cases[name].dt.tz_localize("UTC") if cases[name].dt.tz is None else cases[name]).dt.tz_convert(zone) for name in moments
    }
    return cases.drop(columns="segment", errors="ignore").assign(
        **{name: column.dt.strftime("%Y-%m-%d %H:%M:%S") for name, column in local.items()}
    )


def _write(frame: pd.DataFrame, path: Path) -> None:
    without_formulas(frame).to_csv(path, index=False, float_format="%.10g", lineterminator="\n")
