"""The windows of a measurement as a small table beside the facts, so that one scan serves them all."""

from typing import Any

from salesqc_lib.facts import AS_OF, CLOSE, START, Window
from salesqc_lib.kpi.card import MONTH, WEEK

KEY, ROLE = "__window", "__role"


def role_of(window: Window) -> str:
    """The kind of request that a window belongs to."""
    return window.role if window.role in (MONTH, WEEK) else "comparison"


def lift(source: Any, windows: list[Window]) -> Any:
    """Windows as a narwhals frame in the source's engine: moments, and their twins in seconds and on the working clock."""
    clocks = {as_of: source.working_clock(as_of) for as_of in {window.as_of for window in windows}}
    moments = {
        "__start": [window.start for window in windows],
        "__end": [window.end for window in windows],
        CLOSE: [window.close for window in windows],
        AS_OF: [window.as_of for window in windows],
    }
    texts = {KEY: [window.key for window in windows], ROLE: [role_of(window) for window in windows]}
    numbers = {f"{name}_s": [moment.timestamp() for moment in column] for name, column in moments.items() if name in (CLOSE, AS_OF)}
    numbers |= {f"{START}_s": [window.start.timestamp() for window in windows], f"{AS_OF}_w": [clocks[window.as_of] for window in windows]}
    return source.small_table(texts, moments, numbers)
