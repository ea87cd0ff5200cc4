"""What came of a trial: of the deals attended to and of those left alone, how many signed, with the difference and its interval."""

from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from pathlib import Path

import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import DataError
from salesqc_lib.statistics.shares import newcombe
from salesqc_lib.trial.draw import LEAVE, TOUCH, folder_of
from salesqc_lib.witness import look_in

MONTH = 30
NEEDED = {"deal_id", "group", "drawn_at"}


@dataclass(frozen=True)
class Outcome:
    """One trial: signed deals and all of them, touched and left alone; `difference` of the shares and its interval. `followed`: days since the
    draw. `touched`: the part of the half that really saw a human activity, NaN where no log tells."""

    path: Path
    drawn: date
    followed: int
    touch: tuple[int, int]
    leave: tuple[int, int]
    difference: tuple[float, float, float]
    touched: float
    gone: int

    @property
    def is_over(self) -> bool:
        """Whether a month has passed."""
        return self.followed >= MONTH


def outcomes(dataset: Dataset) -> list[Outcome]:
    """Every trial of the client that has been drawn before the export, in order.

    Raises
    ------
    DataError
        A file that is no draw, or in which somebody changed the groups into other words.
    """
    look_in(folder_of(dataset.parameters))
    found = [_outcome(dataset, path) for path in sorted(folder_of(dataset.parameters).glob("*.csv"))]
    return [one for one in found if one is not None]


def _read(path: Path) -> pd.DataFrame:
    """A draw as it was written, or as a spreadsheet saved it again: with semicolons, in the Russian code page, with days as 01.11.2025."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1251", errors="replace")
    head = text.partition("\n")[0]
    try:
        drawn = pd.read_csv(StringIO(text), dtype=str, sep=";" if head.count(";") > head.count(",") else ",")
    except ValueError as error:  # empty, or no table at all
        raise DataError(f"no trial: {error}", where=str(path), cure="take the file as it was drawn") from None
    if missing := NEEDED - set(drawn.columns):
        raise DataError(
            f"no trial: the columns {', '.join(sorted(missing))} are missing", where=str(path), cure="take the file as it was drawn"
        )
    if drawn.empty:
        raise DataError("no trial: the file has no deals", where=str(path), cure="take the file as it was drawn")
    return drawn


def _day(text: str, path: Path) -> date:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a bare day
        except (ValueError, AttributeError):
            continue
    raise DataError(f"drawn_at: «{text}» is no day", where=str(path), cure="write it as 2025-11-01")


def _outcome(dataset: Dataset, path: Path) -> Outcome | None:
    drawn = _read(path)
    strange = drawn.loc[~drawn["group"].isin([TOUCH, LEAVE]), "group"]
    if len(strange):
        raise DataError(
            f"no group «{strange.iloc[0]}»", where=f"{path}, row {strange.index[0] + 2}", cure=f"the groups are {TOUCH} and {LEAVE}"
        )
    day = _day(drawn["drawn_at"].iloc[0], path)
    start = datetime.combine(day, time(), dataset.parameters.zone).timestamp()
    as_of = dataset.as_of
    followed = (as_of.astimezone(dataset.parameters.zone).date() - day).days
    if followed < 0 or "contract_at" not in dataset.shapes["deals"].columns:
        return None
    deals = dataset.con.sql(
        f"SELECT deal_id, coalesce(contract_at_s >= {start} AND contract_at_s <= {as_of.timestamp()}, false) AS is_signed FROM facts.deals"
    ).df()
    both = drawn.drop_duplicates("deal_id").merge(deals.drop_duplicates("deal_id"), on="deal_id", how="left")
    gone = int(both["is_signed"].isna().sum())
    both = both[both["is_signed"].notna()]
    counts = {group: (int(own["is_signed"].astype(bool).sum()), len(own)) for group, own in both.groupby("group")}
    touch, leave = counts.get(TOUCH, (0, 0)), counts.get(LEAVE, (0, 0))
    value, low, high = newcombe(*touch, *leave)
    return Outcome(path, day, followed, touch, leave, (float(value), float(low), float(high)), _touched(dataset, both, start), gone)


def _touched(dataset: Dataset, both: pd.DataFrame, start: float) -> float:
    """The part of the touched half with a human activity since the draw."""
    if dataset.shapes["activities"].reason:
        return float("nan")
    human = "AND is_automatic IS NOT TRUE" if "is_automatic" in dataset.have["activities"] else ""
    seen = dataset.con.sql(
        f"""SELECT DISTINCT d.deal_id FROM linked a JOIN facts.deals d ON d.deal_no = a.deal_no WHERE epoch(a."at") >= {start} {human}"""
    ).df()["deal_id"]
    half = both.loc[both["group"] == TOUCH, "deal_id"]
    return float(half.isin(set(seen)).mean()) if len(half) else float("nan")
