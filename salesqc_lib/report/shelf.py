"""What a process that makes several reports of one client and period prepares once: the data, the measurements, the findings.

Only a worker keeps anything (`keep`); a notebook by hand, a test, a kernel read and measure for themselves. Another language is the same
data under another reader: nothing that was measured depends on it.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any, TypeVar

from salesqc_lib.dataset import Dataset
from salesqc_lib.findings import Findings
from salesqc_lib.measure import Measurement
from salesqc_lib.params import Parameters

Told = TypeVar("Told", Measurement, Findings)
_KEPT: dict[Any, Any] = {}
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
    spoken = kept.parameters.model_copy(update={"report": report})
    spoken._file, spoken._lines = kept.parameters._file, kept.parameters._lines
    other = copy(kept)  # with the same connection and engine
    other.parameters = spoken
    return other


def measured(data: Dataset, period: str, measure: Callable[[], Measurement]) -> Measurement:
    """All measurements of a period, made when they are asked for first."""
    return _of_reader(data, ("measured", period), measure)


def found(data: Dataset, period: str, find: Callable[[], Findings]) -> Findings:
    """All findings of a period, made when they are asked for first."""
    return _of_reader(data, ("found", period), find)


def _of_reader(data: Dataset, name: tuple[str, str], make: Callable[[], Told]) -> Told:
    if not _IS_OPEN or "data" not in _KEPT or _KEPT["data"][1].con is not data.con or data.as_of != _KEPT["data"][1].as_of:
        return make()
    if name not in _KEPT:
        _KEPT[name] = make()
    kept: Told = _unshared(_KEPT[name])
    language = data.parameters.report.language
    return kept if kept.reader.language == language else replace(kept, reader=replace(kept.reader, language=language))


def _unshared(kept: Told) -> Told:
    """The same in frames of its own: a cell that writes into one changes nothing of the next report (pandas copies on writing)."""
    if isinstance(kept, Measurement):
        tables = {name: table.copy(deep=False) for name, table in kept.tables.items()}
        return replace(kept, frame=kept.frame.copy(deep=False), tables=tables, compared=kept.compared.copy(deep=False))
    return replace(kept, evidence={name: frame.copy(deep=False) for name, frame in kept.evidence.items()})
