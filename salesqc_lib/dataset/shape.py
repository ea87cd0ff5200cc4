"""What a prepared fact table has, and what it lacks and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shape:
    """Columns of a fact table. `absent` gives the reason of a column that is not there; `reason` that of a whole table.

    `levels`: each row counts on one level only (`total`, `team`, `manager`), named by the column `level`. `is_planned`: its rows
    lie in the future too. `days`: columns of moments that are bare dates. `winners_only`: columns that are filled in only after a win.
    `one_sided`: why rates of outcomes cannot be given (no deal was ever lost, or won).
    """

    columns: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    levels: bool = False
    is_planned: bool = False
    days: frozenset[str] = frozenset()
    winners_only: frozenset[str] = frozenset()
    one_sided: str = ""


def twin_seconds(moments: tuple[str, ...]) -> str:
    """SQL for the twins in Unix seconds of moment columns."""
    return "".join(f", epoch({moment}) AS {moment}_s" for moment in moments)


def day_number(moment: str) -> str:
    """SQL for the day of a moment in Unix seconds, whole days apart whatever the clocks did: for durations of bare dates."""
    return f"CAST(date_diff('day', CAST('1970-01-01' AS DATE), CAST({moment} AS DATE)) AS DOUBLE) * 86400"
