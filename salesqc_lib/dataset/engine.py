"""The engine that holds the facts and adds them up: DuckDB, in this process."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Arrays = dict[str, Any]  # column: numpy array, all of one length
OPENS, ENDS = "__start", "__end"  # of a window, the latter outside
DAY_US = 86_400_000_000


class Engine(Protocol):
    """What a measurement asks of an engine. Frames are narwhals frames over a deferred query."""

    def table(self, name: str) -> Any:
        """A table by its name, as a frame."""
        ...

    def small_table(self, texts: dict[str, list[str]], moments: dict[str, list[datetime]], numbers: dict[str, list[float]]) -> str:
        """Make a table of a few rows; returns its name."""
        ...

    def within(self, table: str, windows: str, clock: str, condition: str) -> Any:
        """Each row of a table (`f`) beside each window (`w`, from `OPENS` up to `ENDS`) that its moment `clock` lies in (every window, where that
        is ''), and that satisfies the condition ('' for none)."""
        ...

    def fold(self, frame: Any, keys: Sequence[str], apart: Sequence[str], where: str, sums: Sequence[str]) -> Arrays:
        """Sums (as floats) by `keys`, and by the columns `apart` in the rows that satisfy `where` (they are '' in the others)."""
        ...

    def fetch(self, frame: Any) -> Arrays:
        """All rows."""
        ...


class DuckEngine:
    """DuckDB. The steps around a card's expressions are one query each: binding a query costs more than running it on small data."""

    def __init__(self, con: "DuckDBPyConnection") -> None:
        self.con, self._made = con, 0
        self._by_day: dict[str, str] = {}

    def table(self, name: str) -> Any:
        """A table by its name, as a frame."""
        import narwhals as nw

        return nw.from_native(self.con.table(name))

    def small_table(self, texts: dict[str, list[str]], moments: dict[str, list[datetime]], numbers: dict[str, list[float]]) -> str:
        """Make a table of a few rows; returns its name."""
        self._made += 1
        values = [*texts.values(), *([moment.timestamp() for moment in column] for column in moments.values()), *numbers.values()]
        picked = [
            f'to_timestamp(unnest(?)) AS "{name}"' if name in moments else f'unnest(?) AS "{name}"' for name in (*texts, *moments, *numbers)
        ]
        self.con.execute(f"CREATE TEMP TABLE small_{self._made} AS SELECT {', '.join(picked)}", values)
        return f"small_{self._made}"

    def within(self, table: str, windows: str, clock: str, condition: str) -> Any:
        """Each row of a table beside each window that it lies in.

        Windows are looked up by the day: to join by their ends alone, DuckDB would sort all rows.
        """
        import narwhals as nw

        if not clock:
            return nw.from_native(self.con.sql(f"SELECT * FROM {table} f, {windows} w{where(condition)}"))
        by_day = f'{table} f JOIN {self._days(windows)} w ON w.__day = epoch_us(f."{clock}") // {DAY_US}'
        return nw.from_native(self.con.sql(f"SELECT * EXCLUDE (__day) FROM {by_day}{where(inside(clock), condition)}"))

    def _days(self, windows: str) -> str:
        """A table of windows with a row for each of their days (of UTC)."""
        if windows not in self._by_day:
            self._by_day[windows] = f"{windows}_days"
            days = f'unnest(range(epoch_us("{OPENS}") // {DAY_US}, (epoch_us("{ENDS}") - 1) // {DAY_US} + 1))'
            self.con.execute(f"CREATE TEMP TABLE {self._by_day[windows]} AS SELECT *, {days} AS __day FROM {windows}")
        return self._by_day[windows]

    def fold(self, frame: Any, keys: Sequence[str], apart: Sequence[str], where: str, sums: Sequence[str]) -> Arrays:
        """Sums (as floats) by `keys`, and by the columns `apart` in the rows that satisfy `where`."""
        return _plain(frame.to_native().aggregate(*folding(keys, apart, where, sums)).fetchnumpy())

    def fetch(self, frame: Any) -> Arrays:
        """All rows."""
        return _plain(frame.to_native().fetchnumpy())


def _plain(columns: Any) -> Arrays:
    """Masked arrays as floats with NaN."""
    import numpy as np

    return {
        name: np.ma.filled(column.astype(float), np.nan)
        if isinstance(column, np.ma.MaskedArray) and column.dtype != object
        else np.asarray(column)
        for name, column in columns.items()
    }


def inside(clock: str) -> str:
    """SQL for whether a row's moment lies in a window."""
    return f'f."{clock}" >= w."{OPENS}" AND f."{clock}" < w."{ENDS}"'


def where(*conditions: str) -> str:
    """The conditions that are any, as a clause."""
    return f" WHERE {' AND '.join(filter(None, conditions))}" if any(conditions) else ""


def folding(keys: Sequence[str], apart: Sequence[str], where: str, sums: Sequence[str]) -> tuple[str, str]:
    """SQL of what a fold selects, and of what it groups by."""
    masked = {name: f"CASE WHEN {where} THEN \"{name}\" ELSE '' END" for name in apart}
    listed = [f'"{key}"' for key in keys] + [f'{sql} AS "{name}"' for name, sql in masked.items()]
    folded = [f'CAST(coalesce(sum("{name}"), 0) AS DOUBLE) AS "{name}"' for name in sums]
    return ", ".join([*listed, *folded]), ", ".join([*(f'"{key}"' for key in keys), *masked.values()])
