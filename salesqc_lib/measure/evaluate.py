"""Evaluating what cards ask for: the amounts of one fact table and clock in one scan per breakdown, rows where needed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.dataset.calendar import working_clock
from salesqc_lib.facts import AS_OF, CLOSE, Amount, Facts, Rows, Window

KEY = "__window"
LEVELS = ("team", "manager")
Request = tuple[str, str]  # (role of the window: "comparison", "month" or "week"; dimension, "" for the total)
Cell = tuple[str, str]  # (key of the window, segment; "" for the total)


@dataclass
class Evaluation:
    """Asks for amounts and rows are collected first, run together, and looked up afterwards.

    `amounts[id, request]` maps cells to sums; `rows[id]` is a frame with the window, every dimension and the row's values.
    """

    dataset: Dataset
    windows: list[Window]
    amounts: dict[tuple[int, Request], dict[Cell, float]] = field(default_factory=dict)
    rows: dict[int, pd.DataFrame] = field(default_factory=dict)
    _amounts: dict[tuple[Facts, str], dict[int, Amount]] = field(default_factory=lambda: defaultdict(dict))
    _wanted: dict[int, set[Request]] = field(default_factory=lambda: defaultdict(set))
    _rows: dict[int, tuple[Rows, set[Request]]] = field(default_factory=dict)
    _lifted: dict[str, Any] = field(default_factory=dict)
    _bases: dict[tuple[Facts, str, str], Any] = field(default_factory=dict)

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
            for role in sorted({role for key in amounts for role, _ in self._wanted[key]}):
                self._run_amounts(facts, clock, role, amounts)
        for key, (rows, wanted) in self._rows.items():
            self.rows[key] = self._run_rows(rows, wanted)

    def _run_amounts(self, facts: Facts, clock: str, role: str, amounts: dict[int, Amount]) -> None:
        """One scan for each breakdown; the contributions of a row are written down once for all of them."""
        names = {key: f"a{i}" for i, key in enumerate(amounts) if any(role == at for at, _ in self._wanted[key])}
        dimensions = sorted({dimension for key in names for at, dimension in self._wanted[key] if at == role})
        kept = [KEY, *(dimension for dimension in dimensions if dimension), *(["level"] if facts.levels else [])]
        base = self._base(facts, clock, role).select(*dict.fromkeys(kept), *(amounts[key].value.alias(name) for key, name in names.items()))
        for dimension in dimensions:
            chosen = {key: name for key, name in names.items() if (role, dimension) in self._wanted[key]}
            level = base.filter(nw.col("level") == (dimension if dimension in LEVELS else "total")) if facts.levels else base
            frame = _pandas(level.group_by(*([KEY, dimension] if dimension else [KEY])).agg(nw.col(*chosen.values()).sum()))
            cells = list(zip(frame[KEY].tolist(), map(str, frame[dimension].tolist()) if dimension else [""] * len(frame), strict=True))
            for key, name in chosen.items():
                sums = frame[name].astype(float).fillna(0.0).tolist()
                self.amounts[key, (role, dimension)] = dict(zip(cells, sums, strict=True))

    def _run_rows(self, rows: Rows, wanted: set[Request]) -> pd.DataFrame:
        parts = []
        for role in sorted({role for role, _ in wanted}):
            dimensions = sorted({dimension for at, dimension in wanted if at == role and dimension})
            values = [expression.alias(name) for name, expression in rows.fields.items()]
            parts.append(
                _pandas(self._base(rows.facts, rows.clock, role).filter(rows.where).select(KEY, *dimensions, *values)).assign(__role=role)
            )
        return pd.concat(parts, ignore_index=True)

    def _base(self, facts: Facts, clock: str, role: str) -> Any:
        """The table's rows, each with the windows it lies in (every window, for a snapshot) and their moments of observation."""
        if role not in self._lifted:
            self._lifted[role] = self._lift(role)
        if (facts, clock, role) not in self._bases:
            self._bases[facts, clock, role] = self._joined(facts, clock, role)
        return self._bases[facts, clock, role]

    def _joined(self, facts: Facts, clock: str, role: str) -> Any:
        frame = facts.frame.join(self._lifted[role], how="cross")
        # what happened counts up to the observation; what is planned, up to the end of the period
        if not clock:
            return frame
        inside = (nw.col(clock) >= nw.col("__start")) & (nw.col(clock) < nw.col("__end"))
        return frame.filter(inside if facts.levels else inside & (nw.col(clock) <= nw.col(AS_OF)))

    def _lift(self, role: str) -> Any:
        """The windows of one role as a table beside the facts."""
        con, name = self.dataset.con, f"windows_{role}"
        con.execute(
            f'CREATE OR REPLACE TEMP TABLE {name}("{KEY}" VARCHAR, "__start" TIMESTAMPTZ, "__end" TIMESTAMPTZ, "{CLOSE}" TIMESTAMPTZ, "{CLOSE}_s" DOUBLE, '
            f'"{AS_OF}" TIMESTAMPTZ, "{AS_OF}_s" DOUBLE, "{AS_OF}_w" DOUBLE)'
        )
        windows = [window for window in self.windows if role_of(window) == role]
        clocks = {as_of: working_clock(con, self.dataset.parameters, as_of) for as_of in {window.as_of for window in windows}}
        for window in windows:
            start, end, close, as_of = (moment.timestamp() for moment in (window.start, window.end, window.close, window.as_of))
            con.execute(
                f"INSERT INTO {name} VALUES (?, to_timestamp(?), to_timestamp(?), to_timestamp(?), ?, to_timestamp(?), ?, ?)",
                [window.key, start, end, close, close, as_of, as_of, clocks[window.as_of]],
            )
        return nw.from_native(con.table(name))


def role_of(window: Window) -> str:
    """The kind of request that a window belongs to."""
    return window.role if window.role in ("month", "week") else "comparison"


def _pandas(frame: Any) -> pd.DataFrame:
    collected = frame.collect("pandas") if isinstance(frame, nw.LazyFrame) else frame
    return collected.to_pandas()
