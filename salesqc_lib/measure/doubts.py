"""All doubts of an audit: those about the data, and those that depend on the period."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from salesqc_lib.dataset import Dataset
from salesqc_lib.measure.control import Checked, doubt
from salesqc_lib.measure.reach import new_deals_end, uncompared
from salesqc_lib.period import Period
from salesqc_lib.warnings import Warned
from salesqc_lib.words import Language

NAMED = 5  # people named in a warning


def warnings_of(dataset: Dataset, period: Period, controls: Sequence[Checked]) -> list[Warned]:
    """By their codes."""
    of_period = [
        uncompared(dataset, period),
        new_deals_end(dataset, period),
        _log_cut(dataset, period),
        _runs_still(dataset, period),
        doubt(controls),
        _gone(dataset),
    ]
    standing = [one for one in dataset.warned if one.code != "W115" or _reaches_beyond(one, period)]
    return sorted([*standing, *(one for one in of_period if one)], key=lambda one: one.code)


def _reaches_beyond(late_export: Warned, period: Period) -> bool:
    """Whether the period ends after the last event: before that, a late moment of the export changes nothing."""
    exported, days = late_export.values["as_of"], late_export.values["days"]
    return isinstance(exported, date) and isinstance(days, int) and period.end > exported - timedelta(days)


def _log_cut(dataset: Dataset, period: Period) -> Warned | None:
    """Grave where the log of activities misses a part of the period; a note where only earlier or later times."""
    log = dataset.log
    if log.is_whole:
        return None
    code = "W116" if log.covers(period.first, period.end) else "W112"
    return Warned(code, {"first": log.first, "last": log.last, "days": log.quiet}, "activities", "at")


def _runs_still(dataset: Dataset, period: Period) -> Warned | None:
    """A note where the period is not over: it is compared with as many days of the others."""
    exported = dataset.as_of.astimezone(dataset.parameters.zone)
    if exported >= period.bounds(dataset.parameters.zone)[1]:
        return None
    return Warned("W117", {"until": exported.date()}, "deals", "created_at")


def _gone(dataset: Dataset) -> Warned | None:
    names = dataset.presence.gone
    if not names:
        return None
    listed = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return Warned("W303", {"n": len(names), "names": listed}, "deals", "manager", rows=len(names))


def as_facts(one: Warned, language: Language = "en", currency: str = "") -> dict[str, Any]:
    """A warning as the manifest and `salesqc check --format json` give it."""
    return {
        "code": one.code,
        "weight": one.kind.weight,
        "text": one.seen(language, currency),
        "changes": one.changes(language, currency),
        "do": one.do(language, currency),
        "table": one.table,
        "column": one.column,
        "file": one.file,
        "rows": one.rows,
    }
