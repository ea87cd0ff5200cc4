"""What a prepared fact table has, and what it lacks and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shape:
    """Columns of a fact table. `absent` gives the reason of a column that is not there; `reason` that of a whole table.

    `levels`: each row counts on one level only (`total`, `team`, `manager`), named by the column `level`. `is_planned`: its rows
    lie in the future too.
    """

    columns: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    levels: bool = False
    is_planned: bool = False


def twin_seconds(moments: tuple[str, ...]) -> str:
    """SQL for the twins in Unix seconds of moment columns."""
    return "".join(f", epoch({moment}) AS {moment}_s" for moment in moments)
