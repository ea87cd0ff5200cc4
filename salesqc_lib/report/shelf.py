"""What a process that makes several reports of one client and period prepares once: the data, the measurements, the findings.

Only a worker keeps anything (`keep`); a notebook by hand, a test, a kernel read and measure for themselves. Another language is the same
data under another reader: nothing that was measured depends on it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from salesqc_lib.dataset import Dataset
from salesqc_lib.measure import Measurement
from salesqc_lib.params import Parameters

_KEPT: dict[str, Any] = {}
_IS_OPEN: list[bool] = []


def keep() -> None:
    """Keep what is prepared from now on, until the process ends."""
    _IS_OPEN.append(True)


def drop() -> None:
    """Keep nothing of what was prepared until now."""
    _KEPT.clear()


def dataset(parameters: Parameters, today: Any, read: Callable[[], Dataset]) -> Dataset:
    """The data of a client, read when they are asked for first; in the language of the parameters."""
    if not _IS_OPEN:
        return read()
    about = parameters.model_dump_json(exclude={"report": {"language"}})
    if _KEPT.get("data", ("",))[0] != (about, today):
        _KEPT.clear()
        _KEPT["data"] = ((about, today), read())
    kept: Dataset = _KEPT["data"][1]
    language = parameters.report.language
    if kept.parameters.report.language == language:
        return kept
    report = kept.parameters.report.model_copy(update={"language": language})
    copy = kept.parameters.model_copy(update={"report": report})
    copy._file, copy._lines = kept.parameters._file, kept.parameters._lines
    return replace(kept, parameters=copy)


def measured(data: Dataset, period: str, measure: Callable[[], Measurement]) -> Measurement:
    """All measurements of a period, made when they are asked for first."""
    if not _IS_OPEN or "data" not in _KEPT or _KEPT["data"][1].con is not data.con:
        return measure()
    if period not in _KEPT:
        _KEPT[period] = measure()
    kept: Measurement = _KEPT[period]
    language = data.parameters.report.language
    return kept if kept.reader.language == language else replace(kept, reader=replace(kept.reader, language=language))
