"""The windows of a measurement as a small table beside the facts, so that one scan serves them all."""

from datetime import date

from salesqc_lib.dataset import Dataset
from salesqc_lib.dataset.engine import ENDS, OPENS
from salesqc_lib.facts import AS_OF, CLOSE, START, Window
from salesqc_lib.kpi.card import MONTH, WEEK
from salesqc_lib.units import DAY

KEY, ROLE = "__window", "__role"


def role_of(window: Window) -> str:
    """The kind of request that a window belongs to."""
    return window.role if window.role in (MONTH, WEEK) else "comparison"


def lift(dataset: Dataset, windows: list[Window]) -> str:
    """Make a table of the windows in the engine of the facts: moments, and their twins in seconds and on the working clock."""
    moments = {
        OPENS: [window.start for window in windows],
        ENDS: [window.end for window in windows],
        CLOSE: [window.close for window in windows],
        AS_OF: [window.as_of for window in windows],
    }
    texts = {KEY: [window.key for window in windows], ROLE: [role_of(window) for window in windows]}
    numbers = {f"{name}_s": [moment.timestamp() for moment in moments[name]] for name in (START, CLOSE, AS_OF)}
    numbers[f"{AS_OF}_d"] = [
        float((window.as_of.astimezone(dataset.parameters.zone).date() - date(1970, 1, 1)).days) * DAY for window in windows
    ]
    clocks = {as_of: dataset.working_clock(as_of) for as_of in {window.as_of for window in windows}}
    numbers[f"{AS_OF}_w"] = [clocks[window.as_of] for window in windows]
    return dataset.engine.small_table(texts, moments, numbers)
