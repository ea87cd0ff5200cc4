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


def moments(frame: pd.DataFrame) -> list[str]:
    """The columns that hold moments."""
    return [str(name) for name in frame.columns if pd.api.types.is_datetime64_any_dtype(frame[name])]


def in_zone(column: "pd.Series[Any]", zone: Any) -> "pd.Series[Any]":
    """Moments as a client's clock shows them."""
    local: pd.Series[Any] = (column.dt.tz_localize("UTC") if column.dt.tz is None else column).dt.tz_convert(zone)
    return local


def _in_zone(cases: pd.DataFrame, zone: Any) -> pd.DataFrame:
    """The cases as they are written: the first column says which case it is."""
    local = {name: _written(in_zone(cases[name], zone)) for name in moments(cases)}
    return cases.drop(columns="segment", errors="ignore").assign(**local)


def _written(local: "pd.Series[Any]") -> "pd.Series[Any]":
    """Moments as texts; days alone where the client's column holds bare dates (they stand at the beginning or the end of their day)."""
    clock = local.dt.strftime("%H:%M:%S")
    is_bare = bool(len(local)) and bool(clock.isin(["00:00:00", "23:59:59"]).mean() > 0.9)
    written: pd.Series[Any] = local.dt.strftime("%Y-%m-%d" if is_bare else "%Y-%m-%d %H:%M:%S")
    return written


def _write(frame: pd.DataFrame, path: Path) -> None:
    without_formulas(frame).to_csv(path, index=False, float_format="%.10g", lineterminator="\n")
