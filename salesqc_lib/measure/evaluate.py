"""Evaluating what cards ask for: the amounts of one fact table and clock in one scan per breakdown, rows where needed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import AS_OF, CLOSE, Amount, Facts, Rows, Window

KEY = "__window"
TOTAL = ""
LEVELS = ("team", "manager")
Request = tuple[str, str]  # (role of the window: "comparison", "month" or "week"; dimension, "" for the total)


@dataclass
class Evaluation:
    """Asks for amounts and rows are collected first, run together, and looked up afterwards.

    `amounts[id]` is a series over (window, dimension, segment); `rows[id]` a frame with the window and every dimension.
    """

    dataset: Dataset
    windows: list[Window]
    _amounts: dict[tuple[Facts, str], dict[int, Amount]] = field(default_factory=lambda: defaultdict(dict))
    _wanted: dict[int, set[Request]] = field(default_factory=lambda: defaultdict(set))
    _rows: dict[int, tuple[Rows, set[Request]]] = field(default_factory=dict)
    amounts: dict[int, "pd.Series[float]"] = field(default_factory=dict)
    rows: dict[int, pd.DataFrame] = field(default_factory=dict)

    def ask(self, thing: Amount | Rows, wanted: Iterable[Request]) -> None:
        """Note that an amount, or rows, will be needed for these windows and dimensions."""
        if isinstance(thing, Amount):
            self._amounts[thing.facts, thing.clock][id(thing)] = thing
            self._wanted[id(thing)] |= set(wanted)
        else:
            self._rows.setdefault(id(thing), (thing, set()))[1].update(wanted)

    def run(self) -> None:
        """Read the data: everything that was asked for, and nothing else."""
        for (facts, clock), amounts in self._amounts.items():
            self._run_amounts(facts, clock, amounts)
        for key, (rows, wanted) in self._rows.items():
            self.rows[key] = self._run_rows(rows, wanted)

    def _run_amounts(self, facts: Facts, clock: str, amounts: dict[int, Amount]) -> None:
        names = {key: f"a{i}" for i, key in enumerate(amounts)}
        parts: dict[int, list[pd.Series[float]]] = defaultdict(list)
        for role, dimension in sorted({request for key in amounts for request in self._wanted[key]}):
            chosen = [key for key in amounts if (role, dimension) in self._wanted[key]]
            base = self._base(facts, clock, role)
            by = [KEY, dimension] if dimension else [KEY]
            if facts.levels:
                base = base.filter(nw.col("level") == (dimension if dimension in LEVELS else "total"))
            contributions = [amounts[key].value.alias(names[key]) for key in chosen]
            summed = base.select(*by, *contributions).group_by(*by).agg(nw.col(*(names[key] for key in chosen)).sum())
            frame = _pandas(summed)
            index = pd.MultiIndex.from_arrays([frame[KEY], [dimension] * len(frame), frame[dimension].astype(str) if dimension else [TOTAL] * len(frame)])
            for key in chosen:
                parts[key].append(pd.Series(frame[names[key]].astype(float).fillna(0.0).to_numpy(), index))
        self.amounts |= {key: pd.concat(series) for key, series in parts.items()}

    def _run_rows(self, rows: Rows, wanted: set[Request]) -> pd.DataFrame:
        parts = []
        for role in sorted({role for role, _ in wanted}):
            dimensions = sorted({dimension for at, dimension in wanted if at == role and dimension})
            values = [expression.alias(name) for name, expression in rows.values.items()]
            parts.append(_pandas(self._base(rows.facts, rows.clock, role).filter(rows.where).select(KEY, *dimensions, *values)).assign(**{"__role": role}))
        return pd.concat(parts, ignore_index=True)

    def _base(self, facts: Facts, clock: str, role: str) -> Any:
        """The table's rows, each with the windows it lies in (every window, for a snapshot) and their moments of observation."""
        windows = [window for window in self.windows if window.role == role or (role == "comparison" and window.role not in ("month", "week"))]
        frame = facts.frame.join(self._lifted(role, windows), how="cross")
        return frame.filter((nw.col(clock) >= nw.col("__start")) & (nw.col(clock) < nw.col(CLOSE))) if clock else frame

    def _lifted(self, role: str, windows: list[Window]) -> Any:
        """The windows as a table beside the facts."""
        from salesqc_lib.dataset.calendar import working_clock

        con, name = self.dataset.con, f"windows_{role}"
        con.execute(f'CREATE OR REPLACE TEMP TABLE {name}("{KEY}" VARCHAR, "__start" TIMESTAMPTZ, "{CLOSE}" TIMESTAMPTZ, "{CLOSE}_s" DOUBLE, "{AS_OF}" TIMESTAMPTZ, "{AS_OF}_s" DOUBLE, "{AS_OF}_w" DOUBLE)')
        for window in windows:
            moments = [moment.timestamp() for moment in (window.start, window.close, window.close, window.as_of, window.as_of)]
            con.execute(f"INSERT INTO {name} VALUES (?, to_timestamp(?), to_timestamp(?), ?, to_timestamp(?), ?, ?)", [window.key, *moments, working_clock(con, self.dataset.parameters, window.as_of)])
        return nw.from_native(con.table(name))


def _pandas(frame: Any) -> pd.DataFrame:
    collected = frame.collect("pandas") if isinstance(frame, nw.LazyFrame) else frame
    return collected.to_pandas()  # type: ignore[no-any-return]
