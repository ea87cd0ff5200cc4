"""`Dataset`: a client's tables, read once, and the fact tables that cards measure."""

from collections.abc import Callable, Hashable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar, cast

import salesqc_lib.dataset.tables  # noqa: F401 - every fact table registers itself
from salesqc_lib.crm import Intake, read_source
from salesqc_lib.dataset import calendar, fates, kept, links, log_span, presence, privacy, stages, unlogged
from salesqc_lib.dataset.engine import DuckEngine, Engine
from salesqc_lib.dataset.export import Export
from salesqc_lib.dataset.pseudonyms import Pseudonyms
from salesqc_lib.dataset.vetting import Vetted, plausible, vet
from salesqc_lib.facts import Facts
from salesqc_lib.params import Parameters
from salesqc_lib.params.source import SparkSource
from salesqc_lib.scratch import scratch
from salesqc_lib.tables import MILESTONES, TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")
BASE = ("deals", "activities", "stage_entries", "spend", "plans")  # made at once: all others rest on them
MEMORY = "2500MB"  # of DuckDB; what does not fit is spilled
_EVENTS = {"deals": ("created_at", "closed_at", *MILESTONES.values()), "stage_events": ("at",), "activities": ("at",)}


@dataclass
class Dataset(Export):
    """One client's export, read, vetted and prepared, for who measures it: its fact tables as deferred columns.

    `as_of_origin`: where the moment of the export comes from. `intake`: how the files were read.
    """

    intake: Intake = field(kw_only=True)
    as_of_origin: str = "source.as_of"
    pseudonyms: Pseudonyms | None = None  # of the people, where names are masked
    _spill: TemporaryDirectory[str] | None = None
    _worked_out: dict[Hashable, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, parameters: Parameters, today: date | None = None) -> "Dataset":
        """Read the client's source, vet it and prepare the facts. `today`: the day of the run, after which nothing can have happened.

        Raises
        ------
        DataError, ParameterError
            The files cannot be read as the parameters say; the message says what to do.
        """
        if isinstance(parameters.source, SparkSource):
            return cls._read_spark(parameters, parameters.source, today)
        # tables that outgrow the memory go to a folder of their own, which goes with the dataset
        spill = scratch()
        day = today or datetime.now(parameters.zone).date()
        if found := kept.opened(parameters, day, lambda: _connection(spill.name)):
            dataset = cls._kept(parameters, *found)
        else:
            begun = monotonic()
            dataset = cls._read(parameters, day, Intake(parameters, _connection(spill.name)))
            if monotonic() - begun > kept.PAYS_FROM and dataset.parameters == parameters:
                dataset._keep(day)
        dataset._spill = spill
        return dataset

    @classmethod
    def _read(cls, parameters: Parameters, today: date, intake: Intake) -> "Dataset":
        con = intake.con
        read_source(intake)
        con.execute("CREATE SCHEMA facts")
        vetted = _vetted(parameters, con, intake, today)
        have = vetted.have
        if not parameters.report.show_contacts:
            parameters = privacy.hide_contacts(con, have, parameters)
        pseudonyms = None
        if parameters.report.mask_names:
            pseudonyms, parameters = privacy.mask_names(con, have, parameters, intake)
        return cls._of(parameters, con, intake, vetted, pseudonyms)

    @classmethod
    def _kept(cls, parameters: Parameters, intake: Intake, known: kept.Known) -> "Dataset":
        """As it was prepared by an earlier command."""
        return cls(
            parameters, intake.con, known.moment, dict(known.have), known.days, kept.doubts(known.warned), known.fates, known.unlinked,
            known.undated_share, known.log, known.unlogged, dict(known.shapes), intake=intake, as_of_origin=known.as_of_origin,
        )  # fmt: skip

    def _keep(self, today: date) -> None:
        """For the commands to come."""
        intake = self.intake
        threads = int(self.con.execute("SELECT current_setting('threads')").fetchall()[0][0])
        known = kept.known_of(
            as_of=self.as_of.isoformat(), zone=getattr(self.as_of.tzinfo, "key", ""), as_of_origin=self.as_of_origin, have=self.have, days=self.days,
            fates=self.fates, unlinked=self.unlinked, undated_share=self.undated_share, log=self.log, unlogged=self.unlogged, shapes=self.shapes,
            files=intake.files, rows_out=intake.rows_out, extra=intake.extra, crm=intake.crm, threads=threads, warned=self.warned,
            read_warned=intake.warned,
        )  # fmt: skip
        kept.keep(self.parameters, today, intake, known)

    @classmethod
    def _read_spark(cls, parameters: Parameters, source: SparkSource, today: date | None) -> "Dataset":
        from salesqc_lib.crm import spark_tables
        from salesqc_lib.dataset.spark_privacy import made_private

        intake = cast("Intake", spark_tables.read(parameters, source))
        vetted = _vetted(parameters, intake.con, intake, today)
        pseudonyms, parameters = made_private(cast("Any", intake.con).session, vetted.have, parameters)
        return cls._of(parameters, intake.con, intake, vetted, pseudonyms)

    @classmethod
    def _of(
        cls, parameters: Parameters, con: "DuckDBPyConnection", intake: Intake, vetted: Vetted, pseudonyms: Pseudonyms | None
    ) -> "Dataset":
        export = vetted.export
        dataset = cls(
            parameters, con, export.at, dict(vetted.have), vetted.days, intake=intake, as_of_origin=export.origin, pseudonyms=pseudonyms
        )
        _prepare(dataset)
        told = [privacy.masked_warning(one, pseudonyms) for one in vetted.warned] if pseudonyms else vetted.warned
        doubts = [*intake.warned, *told, *plausible.doubts(con, vetted.have), *dataset.warned]
        dataset.warned = sorted(doubts, key=lambda one: one.code)
        return dataset

    def facts(self, name: str) -> Facts:
        """A fact table for cards: deferred columns over DuckDB."""
        shape = self.shape(name)
        if shape.reason:
            return Facts(name, reason=shape.reason)
        return Facts(
            name,
            self.engine.table(f"facts.{name}"),
            frozenset(shape.columns),
            shape.absent,
            levels=shape.levels,
            is_planned=shape.is_planned,
            days=shape.days,
            winners_only=shape.winners_only,
            one_sided=shape.one_sided,
            undated=self.facts("undated_deals") if name == "deals" and "undated_deals" in self.shapes else None,
        )

    def observed_at(self, as_of: datetime) -> "Dataset":
        """The same data as they were known at an earlier moment; tables and engine are shared."""
        assert self.engine  # noqa: S101 - made now, so that both share it
        other = copy(self)
        other.as_of, other._worked_out = as_of, {}
        return other

    def once(self, key: Hashable, work_out: Callable[[], T]) -> T:
        """What has been worked out of these data, under a key of its own; worked out when it is first asked for."""
        if key not in self._worked_out:
            self._worked_out[key] = work_out()
        return cast("T", self._worked_out[key])

    def working_clock(self, moment: datetime) -> float:
        """Seconds of the working calendar up to a moment."""
        return calendar.working_clock(self.con, self.parameters, moment)

    @property
    def every_deal(self) -> tuple[str, frozenset[str]]:
        """All deals of the export, non-target ones too: an SQL source with their milestones, outcome and amount, and its columns."""
        milestones = [row[0] for row in self.con.execute("DESCRIBE fates").fetchall()]
        amount = [name for name in ("amount",) if name in self.have["deals"]]
        listed = ", ".join([*(f"f.{name}" for name in milestones), *(f"d.{name}" for name in amount)])
        return f"(SELECT {listed} FROM fates f JOIN canonical.deals d USING (deal_id))", frozenset([*milestones, *amount])

    @cached_property
    def engine(self) -> Engine:
        """What adds the facts up."""
        if isinstance(self.parameters.source, SparkSource):
            from salesqc_lib.crm.spark_sql import SparkSQL
            from salesqc_lib.dataset.spark_engine import SparkEngine

            return SparkEngine(cast("SparkSQL", self.con))
        return DuckEngine(self.con)

    @cached_property
    def presence(self) -> presence.Presence:
        """Who of the sellers works."""
        return presence.find(self)

    @property
    def rows(self) -> Mapping[str, int]:
        """Rows of each canonical table that was read."""
        return self.intake.rows_out

    @property
    def rejected(self) -> Any:
        """Rows and cells that could not be read: table, file, row, reason, is_row_kept."""
        return self.frame('SELECT "table", file, row, reason, is_row_kept FROM rejected ORDER BY ALL')


def _connection(spill: str) -> "DuckDBPyConnection":
    import duckdb

    return duckdb.connect(config={"threads": 1, "memory_limit": MEMORY, "temp_directory": spill, "preserve_insertion_order": False})


def _vetted(parameters: Parameters, con: "DuckDBPyConnection", intake: Intake, today: date | None) -> Vetted:
    have = {table: frozenset(intake.columns(table)) for table in TABLES}
    files = [file.name for file in intake.files if file.table in TABLES]
    is_embedded = not isinstance(parameters.source, SparkSource)
    day = today or datetime.now(parameters.zone).date()
    return vet(con, parameters, have, files, day, keeps_rejected=is_embedded)


def _prepare(dataset: Dataset) -> None:
    """The fact tables that all others rest on."""
    con, parameters, have, as_of = dataset.con, dataset.parameters, dataset.have, dataset.as_of
    _prepare_calendar(parameters, con, have, as_of)
    stages.check_map(con, parameters, have)
    unknown = "CAST(NULL AS VARCHAR)"
    team = "" if "team" in have["managers"] else f", {unknown} AS team"
    sellers = f"SELECT *{team} FROM canonical.managers" if have["managers"] else f"SELECT {unknown} AS manager{team} WHERE false"
    con.execute(f"CREATE TABLE facts.sellers AS {sellers}")
    dataset.log = log_span.find(con, have, as_of)
    dataset.fates = fates.prepare(con, parameters, have)
    dataset.unlinked = links.find(dataset)
    dataset.unlogged = () if dataset.unlinked else unlogged.find(dataset)
    for name in BASE:
        dataset.shape(name)


def _prepare_calendar(parameters: Parameters, con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]], as_of: datetime) -> None:
    """Working days from the first to the last moment that a clock may meet."""
    moments = [
        f'SELECT "{column}" AS moment FROM canonical.{table}'
        for table, columns in _EVENTS.items()
        for column in columns
        if column in have[table]
    ]
    span = con.execute(f"SELECT min(moment)::DATE, max(moment)::DATE FROM ({' UNION ALL '.join(moments)})").fetchall()[0]
    first, last = span if span[0] else (as_of.date(), as_of.date())
    # comparison windows are observed up to a year before the export, and the running period may end after it; a date that
    # is off by centuries is a typing error, and has no working time
    near, far = as_of.date() - timedelta(800), as_of.date() + timedelta(400)
    calendar.prepare(con, parameters, max(min(first, near), near - timedelta(10_000)), min(max(last, far), far + timedelta(1000)))
