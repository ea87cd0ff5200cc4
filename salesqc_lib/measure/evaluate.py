"""Evaluating what cards ask for. One scan per fact table and clock adds up everything that is asked of it, by window and by all
breakdowns together; the breakdowns one by one are rolled up from that small cube. Single rows are fetched only where needed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import AS_OF, Amount, Columns, Mean, Rows, Window
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
class _Coded:
    """Columns of a fetched frame: names of windows and segments as codes into sorted `labels`, everything else as numbers."""

    roles: Any
    codes: dict[str, Any]
    labels: dict[str, list[str]]
    numbers: dict[str, Any]
    parts: dict[Cell, tuple[str, ...]] = field(default_factory=dict)  # the single names behind each joined segment

    @classmethod
    def of(cls, columns: dict[str, Any], dimensions: Iterable[str], roles: dict[str, str]) -> "_Coded":
        codes, labels = {}, {}
        for name in (KEY, *dimensions):
            codes[name], found = pd.factorize(columns[name], sort=True)
            labels[name] = [str(label) for label in found]
        of_key = np.array([roles[key] for key in labels[KEY]], object)
        numbers = {name: column for name, column in columns.items() if name not in codes}
        return cls(of_key[codes[KEY]] if len(of_key) else np.array([], object), codes, labels, numbers)

    def cells(self, request: Request, where: Any = None) -> tuple[list[Cell], Any, Any]:
        """The cells in order, the places of their rows one cell after another, and where each cell begins among these."""
        role, dimensions = request
        places = np.flatnonzero((self.roles == role) if where is None else (self.roles == role) & where)
        if not len(places):
            return [], places, places
        names = (KEY, *dimensions)
        sizes = [max(len(self.labels[name]), 1) for name in names]
        mixed = np.ravel_multi_index(tuple(self.codes[name][places] for name in names), sizes)
        order = np.argsort(mixed, kind="stable")
        starts = np.flatnonzero(np.diff(mixed[order], prepend=-1))
        firsts = places[order[starts]]
        told = [[self.labels[name][code] for code in self.codes[name][firsts].tolist()] for name in names]
        found = []
        for key, *parts in zip(*told, strict=True):
            cell = (key, JOINED.join(parts))
            self.parts[cell] = tuple(parts)
            found.append(cell)
        return found, places[order], starts

    def groups(self, request: Request, where: Any = None) -> Iterator[tuple[Cell, Any]]:
        """The places of the rows of each cell, cells in order."""
        found, places, starts = self.cells(request, where)
        ends = [*starts[1:], len(places)]
        for cell, start, end in zip(found, starts, ends, strict=True) if found else ():
            yield cell, places[start:end]

    def sums(self, names: Sequence[str], request: Request, where: Any = None) -> list[dict[Cell, float]]:
        """Sums of columns by cell."""
        found, places, starts = self.cells(request, where)
        of_cell = np.repeat(np.arange(len(found)), np.diff(starts, append=len(places))) if found else places
        added = (np.bincount(of_cell, self.numbers[name][places], len(found)).tolist() for name in names)
        return [dict(zip(found, column, strict=True)) for column in added]


@dataclass
class Evaluation:
    """Asks for amounts, means and rows are collected first, run together, and looked up afterwards."""

    dataset: Dataset
    windows: list[Window]
    _asked: dict[tuple[Columns, str], _Asked] = field(default_factory=lambda: defaultdict(_Asked))
    _means: dict[int, Mean] = field(default_factory=dict)
    _sums: dict[tuple[int, Request], dict[Cell, float]] = field(default_factory=dict)
    _frames: dict[int, tuple[_Coded, int]] = field(default_factory=dict)
    _lifted: dict[frozenset[str], str] = field(default_factory=dict)
    _parts: dict[Cell, tuple[str, ...]] = field(default_factory=dict)

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
            for key, rows in asked.rows.items():
                if rows.step:
                    self._count_classes(key, rows, asked.wanted[key])
            if any(not rows.step for rows in asked.rows.values()):
                self._fetch(facts, clock, asked, chosen)

    def sums(self, amount: Amount, request: Request) -> dict[Cell, float]:
        """Sums by cell; a cell without rows is not there."""
        return self._sums[id(amount), request]

    def parts(self, cell: Cell) -> tuple[str, ...]:
        """The single names behind a segment of several dimensions."""
        return self._parts[cell]

    def rows(self, rows: Rows, request: Request) -> Iterator[tuple[Cell, dict[str, Any]]]:
        """The values of the rows of each cell."""
        if id(rows) not in self._frames:
            return
        if rows.step:
            coded, _ = self._frames[id(rows)]
            for cell, places in coded.groups(request):
                yield cell, {name: coded.numbers[name][places] for name in ("duration", "event", "weight")}
            return
        coded, i = self._frames[id(rows)]
        where = coded.numbers[f"where{i}"] == 1
        if rows.facts.levels:
            where &= coded.numbers["level"] == (request[1][0] if request[1] else "total")
        for cell, places in coded.groups(request, where):
            self._parts[cell] = coded.parts[cell]
            yield cell, {name: coded.numbers[f"{name}{i}"][places] for name in rows.fields}

    def _add_up(self, facts: Columns, clock: str, asked: _Asked) -> None:
        names = {key: f"a{i}" for i, key in enumerate(asked.amounts)}
        requests = asked.requests(names)
        dimensions = sorted({name for _, chosen in requests for name in chosen})
        level = ["level"] if facts.levels else []
        values = [amount.value.alias(names[key]) for key, amount in asked.amounts.items()]
        frame = self.base(facts, clock, requests).select(KEY, ROLE, *level, *dimensions, *values)
        # a window of a series asks for totals only: its rows need not be kept apart
        is_compared = f"\"{ROLE}\" = 'comparison'"
        cube = self.dataset.engine.fold(frame, [KEY, *level], dimensions, is_compared, list(names.values()))
        coded = _Coded.of({name: column for name, column in cube.items() if name != "level"}, dimensions, self._roles())
        for request in requests:
            chosen = [key for key in names if request in asked.wanted[key]]
            where = cube["level"] == (request[1][0] if request[1] else "total") if facts.levels else None
            sums = coded.sums([names[key] for key in chosen], request, where)
            self._sums |= {(key, request): found for key, found in zip(chosen, sums, strict=True)}
        self._parts |= coded.parts

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
        needed = of_moments(n, s1, s2, s3)[3] | mean.is_skewed
        return [cell for cell, is_needed in zip(cells, np.atleast_1d(needed), strict=True) if is_needed] if cells else []

    def _fetch(self, facts: Columns, clock: str, asked: _Asked, chosen: dict[int, set[Cell]]) -> None:
        """All rows of one fact table and clock in one query, cut apart afterwards."""
        every = {key: rows for key, rows in asked.rows.items() if not rows.step}
        requests = asked.requests(every)
        dimensions = sorted({name for _, names in requests for name in names})
        wheres = {key: _narrowed(rows, asked.wanted[key], chosen.get(key)) for key, rows in every.items()}
        values = [value.alias(f"{name}{i}") for i, rows in enumerate(every.values()) for name, value in rows.fields.items()]
        flags = [nw.when(where).then(nw.lit(1)).otherwise(nw.lit(0)).alias(f"where{i}") for i, where in enumerate(wheres.values())]
        level = ["level"] if facts.levels else []
        base = self.base(facts, clock, requests)
        if len(wheres) == 1 or not clock:  # a snapshot holds every row once for each window
            base = base.filter(nw.any_horizontal(*wheres.values(), ignore_nulls=True) if len(wheres) > 1 else next(iter(wheres.values())))
        coded = _Coded.of(self.dataset.engine.fetch(base.select(KEY, *level, *dimensions, *values, *flags)), dimensions, self._roles())
        for i, key in enumerate(every):
            self._frames[key] = coded, i

    def _count_classes(self, key: int, rows: Rows, requests: set[Request]) -> None:
        """Durations by class and event, counted in the engine."""
        whole: set[Request] = {(role, ()) for role, _ in requests}
        duration = (rows.fields["duration"] / rows.step).floor() * rows.step
        picked = self.base(rows.facts, rows.clock, whole).filter(rows.where)
        frame = picked.select(KEY, ROLE, duration.alias("duration"), rows.fields["event"].alias("event"), nw.lit(1).alias("weight"))
        self._frames[key] = _Coded.of(self.dataset.engine.fold(frame, [KEY, "duration", "event"], [], "", ["weight"]), [], self._roles()), 0

    def _roles(self) -> dict[str, str]:
        return {window.key: role_of(window) for window in self.windows}

    def base(self, facts: Columns, clock: str, requests: set[Request]) -> Any:
        """The table's rows, each with the windows it lies in (every window, for a snapshot) and their moments of observation."""
        roles = frozenset(role for role, _ in requests)
        windows = [window for window in self.windows if role_of(window) in roles]
        if roles not in self._lifted:
            self._lifted[roles] = lift(self.dataset, windows)
        condition = ""
        if clock:
            # the outer bounds come first: they thin the rows out before anything is joined
            first, last = min(window.start for window in windows), max(window.end for window in windows)
            condition = f'f."{clock}" >= to_timestamp({first.timestamp()}) AND f."{clock}" < to_timestamp({last.timestamp()})'
        # what happened counts up to the observation; what is planned, up to the end of the period
        if clock and not facts.is_planned:
            condition += f' AND f."{clock}" <= w."{AS_OF}"'
        return self.dataset.engine.within(f"facts.{facts.name}", self._lifted[roles], clock, condition)


def _narrowed(rows: Rows, requests: set[Request], cells: set[Cell] | None) -> nw.Expr:
    """The condition of the rows, narrowed to the windows and segments that are needed."""
    if cells is None:
        return rows.where
    windows = nw.col(KEY).is_in(sorted({window for window, _ in cells}))
    singles = {dimensions[0] for _, dimensions in requests if len(dimensions) == 1}
    if any(len(dimensions) != 1 for _, dimensions in requests) or not singles:
        return rows.where & windows
    segments = sorted({segment for _, segment in cells})
    within = nw.any_horizontal(*(nw.col(name).is_in(segments) for name in sorted(singles)), ignore_nulls=True)
    return rows.where & windows & within
