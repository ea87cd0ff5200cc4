"""Evaluating what cards ask for. One scan per fact table and clock adds up everything that is asked of it, by window and by all
breakdowns together; the breakdowns one by one are rolled up from that small cube. Single rows are fetched only where needed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from salesqc_lib.facts import AS_OF, Amount, Facts, Mean, Rows, Window
from salesqc_lib.measure.lift import KEY, ROLE, lift, role_of
from salesqc_lib.statistics.means import of_moments

Request = tuple[str, tuple[str, ...]]  # role of the window: "comparison", "month" or "week"; dimensions, () for the total
Cell = tuple[str, str]  # key of the window, segment; "" for the total
TOTAL: Request = ("comparison", ())
JOINED = " · "  # between the parts of a segment of two dimensions
FEW_ROWS = 100_000  # up to here, fetching all rows is cheaper than choosing them


@dataclass
class _Asked:
    """What is asked of one fact table at one clock."""

    amounts: dict[int, Amount] = field(default_factory=dict)
    rows: dict[int, Rows] = field(default_factory=dict)
    wanted: dict[int, set[Request]] = field(default_factory=lambda: defaultdict(set))

    def requests(self, ids: Iterable[int]) -> set[Request]:
        return {request for one in ids for request in self.wanted[one]}


@dataclass
class Evaluation:
    """Asks for amounts, means and rows are collected first, run together, and looked up afterwards."""

    source: Any
    windows: list[Window]
    _asked: dict[tuple[Facts, str], _Asked] = field(default_factory=lambda: defaultdict(_Asked))
    _means: dict[int, Mean] = field(default_factory=dict)
    _sums: dict[tuple[int, Request], dict[Cell, float]] = field(default_factory=dict)
    _frames: dict[int, pd.DataFrame] = field(default_factory=dict)
    _lifted: dict[frozenset[str], Any] = field(default_factory=dict)

    def ask(self, thing: Amount | Rows | Mean, wanted: Iterable[Request]) -> None:
        """Note that sums, rows, or a mean (its sums, and its rows where they do not suffice) will be needed."""
        requests = set(wanted)
        if isinstance(thing, Mean):
            self._means[id(thing)] = thing
            for amount in thing.moments.values():
                self.ask(amount, requests)
            return
        asked = self._asked[thing.facts, thing.clock]
        if isinstance(thing, Amount):
            asked.amounts[id(thing)] = thing
        else:
            asked.rows[id(thing)] = thing
        asked.wanted[id(thing)] |= requests

    def run(self) -> None:
        """Read the data: everything that was asked for, and nothing else."""
        for (facts, clock), asked in self._asked.items():
            if asked.amounts:
                self._add_up(facts, clock, asked)
        chosen = self._rows_of_means()
        for (facts, clock), asked in self._asked.items():
            if asked.rows:
                self._fetch(facts, clock, asked, chosen)

    def sums(self, amount: Amount, request: Request) -> dict[Cell, float]:
        """Sums by cell; a cell without rows is not there."""
        return self._sums[id(amount), request]

    def rows(self, rows: Rows, request: Request) -> Iterator[tuple[Cell, dict[str, Any]]]:
        """The values of the rows of each cell."""
        role, dimensions = request
        frame = self._frames.get(id(rows))
        if frame is None:
            return
        names = list(rows.fields)
        part = frame[frame[ROLE] == role]
        values = {name: part[name].to_numpy(float) for name in names}
        for key, places in part.groupby([KEY, *dimensions], sort=True).indices.items():
            cell = (str(key[0]), JOINED.join(map(str, key[1:]))) if isinstance(key, tuple) else (str(key), "")
            yield cell, {name: column[places] for name, column in values.items()}

    def _add_up(self, facts: Facts, clock: str, asked: _Asked) -> None:
        names = {key: f"a{i}" for i, key in enumerate(asked.amounts)}
        requests = asked.requests(names)
        dimensions = sorted({name for _, chosen in requests for name in chosen})
        keys = [KEY, *dimensions, *(["level"] if facts.levels else [])]
        base = self._base(facts, clock, requests)
        # a window of a series asks for totals only: its rows need not be kept apart
        is_compared = nw.col(ROLE) == "comparison"
        apart = [nw.when(is_compared).then(nw.col(name)).otherwise(nw.lit(None)).alias(name) for name in dimensions]
        level = [nw.col("level")] if facts.levels else []
        values = [amount.value.alias(names[key]) for key, amount in asked.amounts.items()]
        cube = _pandas(base.select(KEY, *apart, *level, *values).group_by(*keys).agg(nw.col(*names.values()).sum()))
        cube[list(names.values())] = cube[list(names.values())].astype(float)
        cube[ROLE] = cube[KEY].map({window.key: role_of(window) for window in self.windows})
        for request in sorted(requests):
            chosen = {key: name for key, name in names.items() if request in asked.wanted[key]}
            part = cube[cube[ROLE] == request[0]]
            if facts.levels:
                part = part[part["level"] == (request[1][0] if request[1] else "total")]
            summed = part.groupby([KEY, *request[1]], sort=False)[list(chosen.values())].sum()
            cells = [
                (str(key[0]), JOINED.join(map(str, key[1:]))) if isinstance(key, tuple) else (str(key), "") for key in summed.index.tolist()
            ]
            for key, name in chosen.items():
                self._sums[key, request] = dict(zip(cells, summed[name].tolist(), strict=True))

    def _rows_of_means(self) -> dict[int, set[Cell]]:
        """Ask for the rows of the means whose interval needs them; returns the cells that are needed where rows are many."""
        chosen: dict[int, set[Cell]] = {}
        for mean in self._means.values():
            requests = self._asked[mean.rows.facts, mean.rows.clock].wanted[id(mean.moments["n"])]
            needed = {request: cells for request in requests if (cells := self._needy(mean, request))}
            if needed:
                self.ask(mean.rows, needed)
                if sum(self.sums(mean.moments["n"], TOTAL).values()) > FEW_ROWS:
                    chosen[id(mean.rows)] = {cell for cells in needed.values() for cell in cells}
        return chosen

    def _needy(self, mean: Mean, request: Request) -> list[Cell]:
        sums = {name: self.sums(amount, request) for name, amount in mean.moments.items()}
        cells = list(sums["n"])
        n, s1, s2, s3 = ([sums[name][cell] for cell in cells] for name in ("n", "s1", "s2", "s3"))
        needed = of_moments(n, s1, s2, s3)[3]
        return [cell for cell, is_needed in zip(cells, np.atleast_1d(needed), strict=True) if is_needed] if cells else []

    def _fetch(self, facts: Facts, clock: str, asked: _Asked, chosen: dict[int, set[Cell]]) -> None:
        """All rows of one fact table and clock in one query, cut apart afterwards."""
        requests = asked.requests(asked.rows)
        dimensions = sorted({name for _, names in requests for name in names})
        places = {key: i for i, key in enumerate(asked.rows)}
        wheres = {key: _narrowed(rows, asked.wanted[key], chosen.get(key)) for key, rows in asked.rows.items()}
        base = self._base(facts, clock, requests)
        values = [value.alias(f"{name}{places[key]}") for key, rows in asked.rows.items() for name, value in rows.fields.items()]
        flags = [_flag(where).alias(f"where{places[key]}") for key, where in wheres.items()]
        anywhere = nw.any_horizontal(*wheres.values(), ignore_nulls=True) if len(wheres) > 1 else next(iter(wheres.values()))
        frame = _pandas(base.filter(anywhere).select(KEY, ROLE, *dimensions, *values, *flags))
        for key, rows in asked.rows.items():
            i = places[key]
            part = frame[frame[f"where{i}"] == 1]
            self._frames[key] = part[[KEY, ROLE, *dimensions, *(f"{name}{i}" for name in rows.fields)]].rename(
                columns={f"{name}{i}": name for name in rows.fields}
            )

    def _base(self, facts: Facts, clock: str, requests: set[Request]) -> Any:
        """The table's rows, each with the windows it lies in (every window, for a snapshot) and their moments of observation."""
        roles = frozenset(role for role, _ in requests)
        if roles not in self._lifted:
            self._lifted[roles] = lift(self.source, [window for window in self.windows if role_of(window) in roles])
        frame = facts.frame.join(self._lifted[roles], how="cross")
        if not clock:
            return frame
        # what happened counts up to the observation; what is planned, up to the end of the period
        inside = (nw.col(clock) >= nw.col("__start")) & (nw.col(clock) < nw.col("__end"))
        return frame.filter(inside if facts.is_planned else inside & (nw.col(clock) <= nw.col(AS_OF)))


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def _narrowed(rows: Rows, requests: set[Request], cells: set[Cell] | None) -> nw.Expr:
    """The condition of the rows, narrowed to the windows and segments that are needed."""
    if cells is None:
        return rows.where
    windows = nw.col(KEY).is_in(sorted({window for window, _ in cells}))
    if any(not dimensions for _, dimensions in requests) and any(segment == "" for _, segment in cells):
        return rows.where & windows
    segments = sorted({segment for _, segment in cells})
    singles = {dimensions[0] for _, dimensions in requests if len(dimensions) == 1}
    if any(len(dimensions) > 1 for _, dimensions in requests) or not singles:
        return rows.where & windows
    within = nw.any_horizontal(*(nw.col(name).is_in(segments) for name in sorted(singles)), ignore_nulls=True)
    return rows.where & windows & within


def _pandas(frame: Any) -> pd.DataFrame:
    collected = frame.collect("pandas") if isinstance(frame, nw.LazyFrame) else frame
    return collected.to_pandas()
