"""`Export`: what a client has sent, vetted and in the engine; what fact tables are prepared from.

A fact table is one file of `dataset/tables/`, found by itself: `fact_table` gives its name to the function that makes it. Such a function
is given the export and nothing of who measures.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from salesqc_lib.dataset.fates import Fates
from salesqc_lib.dataset.log_span import LogSpan
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.dataset.vetting.precision import Days
from salesqc_lib.params import Parameters
from salesqc_lib.warnings import Warned

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass
class Export:
    """One client's export in an engine: `con` has the schemas `canonical` (as read) and `facts` (prepared).

    `have` are the columns of each canonical table. `as_of` is the moment of the export. `days` are the columns of bare dates. `warned` are
    the doubts about the data. `fates` says what is known of how each deal went, and `unlinked` why first contacts are not known ('' where
    they are). `shapes` says of each fact table which columns it has and why others are absent.
    """

    parameters: Parameters
    con: "DuckDBPyConnection"
    as_of: datetime
    have: dict[str, frozenset[str]]
    days: Days = frozenset()
    warned: list[Warned] = field(default_factory=list)
    fates: Fates = field(default_factory=Fates)
    unlinked: str = ""
    undated_share: float = 0.0  # of the wins, those without a date
    log: LogSpan = field(default_factory=LogSpan)
    unlogged: tuple[str, ...] = ()  # sellers whose activities are written down elsewhere
    shapes: dict[str, Shape] = field(default_factory=dict)

    def shape(self, name: str) -> Shape:
        """What a fact table has; made on first use."""
        if name not in self.shapes:
            self.shapes[name] = MADE_BY[name](self)
        return self.shapes[name]

    def frame(self, sql: str) -> Any:
        """The rows of a query as a pandas frame, for an analyst: tables are `facts.deals`, `canonical.activities` …"""
        return self.con.sql(sql).df()


Preparation = Callable[[Export], Shape]
MADE_BY: dict[str, Preparation] = {}


def fact_table(name: str) -> Callable[[Preparation], Preparation]:
    """Give a fact table to the function that makes `facts.<name>` and says what is in it."""

    def named(preparation: Preparation) -> Preparation:
        assert name not in MADE_BY  # noqa: S101 - two tables of one name are an error of ours
        MADE_BY[name] = preparation
        return preparation

    return named
