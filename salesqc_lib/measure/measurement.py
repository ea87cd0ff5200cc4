"""`measure`: cards over a client's facts, as one tidy table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from salesqc_lib.dataset import Dataset, client_values, pipeline
from salesqc_lib.errors import MissingSource
from salesqc_lib.facts import Facts, Window
from salesqc_lib.kpi import card_of, cards
from salesqc_lib.kpi.card import PRODUCT, Card
from salesqc_lib.measure.built import EARLIER, TIDY, Built, Row, is_peer
from salesqc_lib.measure.changes import of_frame
from salesqc_lib.measure.evaluate import Evaluation
from salesqc_lib.measure.names import UnknownNameError, check_breakdown, check_kpi, check_names, check_segment
from salesqc_lib.measure.peers.compare import COLUMNS, compare, marks
from salesqc_lib.measure.windows import windows_of
from salesqc_lib.period import Period
from salesqc_lib.records import records
from salesqc_lib.words import Reader

SETTINGS = ("targets", "funnel", "hygiene", "calendar")


@dataclass(frozen=True)
class Measurement:
    """The measurements of one period. `frame` is the tidy table of `kpis.csv`, `tables` the KPIs of kind table by id, and
    `outlook` says of each KPI whether it has changed beyond chance since the period before (see `changes`)."""

    frame: pd.DataFrame
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    reader: Reader = field(default_factory=Reader)
    outlook: dict[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()  # the cards that were measured, also those whose table came out empty
    compared: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))  # segments against their peers (see `peers`)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all could be measured."""
        return not self.tables and bool(self.frame.loc[self.frame["by"] == "", "value"].isna().all())

    def only(self, names: Sequence[str], by: Iterable[str] | None = None) -> "Measurement":
        """The same for some cards (with their companions), and some breakdowns (the total always stays)."""
        check_names(names)
        chosen = [card.id for card in cards(*names)]
        frame = self.frame[self.frame["kpi"].isin({kpi for kpi in self.kpis if card_of(kpi).id in chosen})]
        if by is not None:
            frame = frame[frame["by"].isin(["", *by])]
        tables = {kpi: table for kpi, table in self.tables.items() if kpi in chosen}
        compared = self.compared[self.compared["kpi"].isin(set(frame["kpi"]))]
        return Measurement(frame, tables, self.reader, self.outlook, self.asked & set(chosen), compared)

    def row(self, kpi: str, by: str = "", segment: str = "") -> "pd.Series[Any]":
        """One measurement; a wrong name is told (`UnknownNameError`, which is a KeyError)."""
        place = self._places.get((kpi, by, segment))
        if place is None:
            self.check(kpi, by)
            own = self.frame[(self.frame["kpi"] == kpi) & (self.frame["by"] == by)]
            check_segment(segment, list(own["segment"]), by)
            raise UnknownNameError(
                f"{kpi} is not broken down by {by}", cure=f'measure it so: audit.measure("{card_of(kpi).id}", by=["{by}"])'
            )
        return self.frame.iloc[place]

    @property
    def rows(self) -> list[Row]:
        """The rows of `frame`."""
        return records(self.frame)

    @cached_property
    def _places(self) -> dict[tuple[str, str, str], int]:
        """Where each measurement stands; the first one, should it stand twice."""
        names = zip(*(self.frame[name].tolist() for name in ("kpi", "by", "segment")), strict=True)
        return {name: place for place, name in reversed(list(enumerate(names)))}

    @cached_property
    def kpis(self) -> frozenset[str]:
        """What was measured."""
        return frozenset(self.frame["kpi"])

    def check(self, kpi: str, by: str = "", kinds: Sequence[str] = ()) -> None:
        """Refuse a KPI or breakdown that there is not, or that was not measured here."""
        check_kpi(kpi, {*self.kpis, *self.tables, *self.asked}, kinds=kinds)
        check_breakdown(by, {own for _, own in self._breakdowns})

    def value(self, kpi: str, by: str = "", segment: str = "") -> float:
        """The value of one measurement, NaN where it is missing."""
        place = self._places.get((kpi, by, segment))
        return float(self.frame["value"].iloc[place] if place is not None else self.row(kpi, by, segment)["value"])

    def segments(self, kpi: str, by: str) -> pd.DataFrame:
        """The rows of one breakdown."""
        own = self.frame.iloc[self._breakdowns.get((kpi, by), [])]
        return own[own["value"].notna() | (own["n"] > 0)]

    @cached_property
    def _breakdowns(self) -> dict[tuple[str, str], list[int]]:
        """Where the segments of each breakdown stand."""
        found: dict[tuple[str, str], list[int]] = {}
        for place, name in enumerate(zip(self.frame["kpi"].tolist(), self.frame["by"].tolist(), strict=True)):
            found.setdefault(name, []).append(place)
        return found


def measure(dataset: Dataset, period: Period, names: Sequence[str] = (), by: Sequence[str] | None = None) -> Measurement:
    """Measure cards (all, or groups and KPIs by name) over a period, its predecessor and the year before.

    `by` replaces the breakdowns that the cards name. A table or column that the data lack gives rows without a value and with
    the reason; it is never an error and never 0.
    """
    windows = windows_of(dataset, period)
    given = Given(dataset, windows[0])
    evaluation = Evaluation(dataset, windows)
    built: list[Built] = []
    for card in cards(*names):
        wanted = (*card.by, *_own_breakdowns(card, dataset)) if by is None else tuple(by)
        try:
            built.append(given.built(card, wanted))
        except MissingSource as missing:
            built.append(Built(card, None, wanted, missing.reason))
    for one in built:
        one.ask(evaluation)
    evaluation.run()
    rows: list[Row] = []
    for one in built:
        rows += one.rows(evaluation, windows, dataset, period)
    compared = compare(dataset, windows[0], built, rows, lambda by, row: is_peer(dataset, by, row, period))
    verdicts = marks(compared)
    for row in rows:
        row["verdict"] = verdicts.get((row["kpi"], row["by"], row["segment"]), row["verdict"])
    tables = {one.card.id: table for one in built if (table := one.table(evaluation, windows, dataset)) is not None}
    report = dataset.parameters.report
    frame = _frame(rows)
    totals = records(frame[(frame["by"] == "") & frame["previous"].notna()])
    reader = Reader(report.language, report.currency, dataset.parameters.client.accent)
    outlook = of_frame(totals)
    return Measurement(frame, tables, reader, outlook, frozenset(one.card.id for one in built), compared)


def _own_breakdowns(card: Card, dataset: Dataset) -> tuple[str, ...]:
    """Columns of the client's own break down what is counted over deals alone, wherever a product does."""
    tables = {name for name in card.parameters if name not in SETTINGS}
    return tuple(dataset.parameters.extra) if tables == {"deals"} and PRODUCT in card.by else ()


def _frame(rows: list[Row]) -> pd.DataFrame:
    """The tidy table: texts as texts, numbers as floats, dates as dates."""
    frame = pd.DataFrame(rows, columns=TIDY)
    numbers = ["value", "n", "k", "low", "high", "target", *EARLIER]
    return frame.astype(dict.fromkeys(numbers, float))


class Given(Mapping[str, Any]):
    """What a card's function may name: settings of the client, and fact tables, made when first asked for."""

    def __init__(self, dataset: Dataset, current: Window) -> None:
        self.dataset, self.current = dataset, current
        self.made: dict[str, Any] = {name: getattr(dataset.parameters, name) for name in SETTINGS}

    def built(self, card: Card, by: tuple[str, ...]) -> Built:
        """The card's measure, with the steps that it asks for."""
        facts = [self[name] for name in card.parameters if isinstance(self[name], Facts)]
        for one in facts:
            one.touched.clear()
        measure = card(self)
        built = Built(card, measure, by, touched=frozenset().union(*(one.touched for one in facts)))
        if built.counts_the_log and self.dataset.log.misses(self.current.start.date(), self.current.end.date()):
            raise MissingSource("not_logged")
        return built

    def __getitem__(self, name: str) -> Any:
        if name not in self.made:
            prepare = {"open_deals": pipeline.prepare, "client_values": client_values.prepare}.get(name)
            if prepare:  # these describe the current period alone
                self.dataset.shapes[name] = prepare(self.dataset, self.current)
            self.made[name] = self.dataset.facts(name)
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)
