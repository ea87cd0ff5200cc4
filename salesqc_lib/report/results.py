"""The files beside a report: `kpis.csv` and `tables/<kpi>.csv` for machines, `findings.csv`, `evidence/<finding>.csv`, `rejected.csv` for people."""

from pathlib import Path
from typing import Any

import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.lists import write_list, write_plain
from salesqc_lib.measure import Measurement
from salesqc_lib.recommendations import Recommendations


def write_results(folder: Path, measured: Measurement, dataset: Dataset, advice: Recommendations, worklist: pd.DataFrame) -> None:
    """Write the measurements, the findings with the cases behind them, the deals that wait, and the rows that could not be read."""
    language = measured.reader.language
    write_plain(measured.frame, folder / "kpis.csv")
    (folder / "tables").mkdir(exist_ok=True)
    for kpi, table in measured.tables.items():
        write_plain(table, folder / "tables" / f"{kpi}.csv")
    write_list(advice.frame(language), folder / "findings.csv", language)
    (folder / "evidence").mkdir(exist_ok=True)
    for finding, cases in advice.findings.evidence.items():
        write_list(_in_zone(cases, dataset.parameters.zone), folder / "evidence" / f"{finding}.csv", language)
    write_list(worklist, folder / "deals.csv", language)
    write_list(dataset.rejected, folder / "rejected.csv", language)


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
