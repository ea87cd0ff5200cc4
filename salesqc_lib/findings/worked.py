"""What became of the deals that were to be worked through: the list that people have filled in, read back beside the deals as they are now."""

from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pandas as pd
from python_calamine import CalamineError

from salesqc_lib.crm.archive import check_packing
from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import InputError
from salesqc_lib.lists import read_list

FILLED = ("reason", "next_step", "owner", "date")  # a decision is written into one of these
LARGEST = 20 << 20  # bytes: a list of deals is never so long


@dataclass(frozen=True)
class Worked:
    """A worklist read back: how many deals it holds and for how many something was decided; of these, how many have signed since, were
    closed, or are open still; and how many are not in the data any more."""

    file: str
    deals: int
    decided: int
    won: int
    lost: int
    still_open: int
    missing: int


def read_worklist(path: Path) -> pd.DataFrame:
    """The list as people have saved it: the CSV of a report, or an XLSX with the same columns.

    Raises
    ------
    InputError
        There is no such file, it cannot be read, or it holds no deals.
    """
    where = str(path)
    if not path.is_file():
        raise InputError(
            f"no worklist {path.name}", where=where, cure="name the filled list of deals: deals.csv, or the workbook's sheet deals"
        )
    if path.stat().st_size > LARGEST:
        raise InputError(
            f"{path.name} is larger than {LARGEST >> 20} MB: that is no list of deals", where=where, cure="name the filled deals.csv"
        )
    try:
        if is_zipfile(path):
            with ZipFile(path) as archive:
                check_packing(archive, path)
        frame = _workbook(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    except (OSError, ValueError, KeyError, CalamineError) as error:
        raise InputError(
            f"{path.name} cannot be read: {error}", where=where, cure="save it as CSV (UTF-8) or XLSX, with its head"
        ) from error
    if "deal_id" not in frame:
        found = ", ".join(str(name) for name in list(frame.columns)[:8])
        raise InputError(f"{path.name} has no column deal_id", where=where, cure=f"keep the head of the list as it was; found: {found}")
    return frame.assign(deal_id=frame["deal_id"].map(_as_id))


def _workbook(path: Path) -> pd.DataFrame:
    """The sheet «deals», or the first; its head is the row that holds `deal_id`."""
    sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=str, engine="calamine")
    frame = sheets.get("deals", next(iter(sheets.values())))
    heads = [place for place, row in enumerate(frame.itertuples(index=False)) if "deal_id" in row][:1]
    if not heads:
        return frame
    found = frame.iloc[heads[0] + 1 :].reset_index(drop=True)
    found.columns = frame.iloc[heads[0]].fillna("")
    return found


def _csv(path: Path) -> pd.DataFrame:
    """As a report wrote it, or as a spreadsheet saved it anew: without quotes, with either separator."""
    text = path.read_bytes().decode("utf-8-sig")
    if text.startswith('"'):
        return read_list(path)
    head = text.splitlines()[0] if text else ""
    return pd.read_csv(path, sep=";" if head.count(";") > head.count(",") else ",", dtype=str, encoding="utf-8-sig", keep_default_na=False)


def _as_id(value: object) -> str:
    """An id as text; a spreadsheet may have made a number of it."""
    text = str(value).strip().removeprefix("'")
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def worked(dataset: Dataset, path: Path) -> Worked:
    """What was decided and what has come of it."""
    frame = read_worklist(path)
    frame = frame[frame["deal_id"].str.len() > 0].drop_duplicates("deal_id")
    columns = [name for name in FILLED if name in frame]
    filled = (
        frame[columns].fillna("").astype(str).apply(lambda column: column.str.strip() != "").any(axis=1)
        if columns
        else pd.Series(False, index=frame.index)
    )
    decided = frame[filled]
    now = (
        dataset.frame("SELECT deal_id, outcome FROM facts.deals")
        if "outcome" in dataset.shapes["deals"].columns
        else pd.DataFrame(columns=["deal_id", "outcome"])
    )
    outcome = decided["deal_id"].map(dict(zip(now["deal_id"].astype(str), now["outcome"], strict=True)))
    counts = outcome.value_counts()
    return Worked(
        path.name,
        len(frame),
        len(decided),
        int(counts.get("won", 0)),
        int(counts.get("lost", 0)),
        int(counts.get("open", 0)),
        int(outcome.isna().sum()),
    )
