"""Facts: deferred columns of a fact table, and the amounts, shares, means, times and ratios that cards build from them.

A card sees no data. `deals.at("created_at").count(...)` says *what* to add up over the deals created in a period; `measure`
evaluates everything that cards ask of one fact table together, for every period and breakdown.
"""

from salesqc_lib.facts.columns import AS_OF, CLOSE, START, UNSET, Columns
from salesqc_lib.facts.events import LOG, Events, Facts
from salesqc_lib.facts.measures import (
    Amount,
    Count,
    Formula,
    Mean,
    Measure,
    Median,
    Projection,
    Ratio,
    RowMeasure,
    Rows,
    Share,
    Sum,
    Summed,
    Table,
    Time,
    Window,
    leaves,
)

__all__ = [
    "AS_OF",
    "CLOSE",
    "LOG",
    "START",
    "UNSET",
    "Amount",
    "Columns",
    "Count",
    "Events",
    "Facts",
    "Formula",
    "Mean",
    "Measure",
    "Median",
    "Projection",
    "Ratio",
    "RowMeasure",
    "Rows",
    "Share",
    "Sum",
    "Summed",
    "Table",
    "Time",
    "Window",
    "leaves",
]
