"""`vet`: the canonical tables as they were read → what may be believed of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from salesqc_lib.dataset.vetting.empty import leave_out_empty_columns
from salesqc_lib.dataset.vetting.export_moment import ExportMoment, find_export_moment, late_export
from salesqc_lib.dataset.vetting.future import set_future_aside
from salesqc_lib.dataset.vetting.people import fold_names
from salesqc_lib.dataset.vetting.planned import move_planned_closings
from salesqc_lib.dataset.vetting.precision import Days, as_days_of_utc, bare_dates, end_days, told
from salesqc_lib.params import Parameters
from salesqc_lib.warnings import Warned

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Vetted:
    """What is known of the tables after vetting: their columns, the moment of the export, the columns of bare dates, and the doubts."""

    have: Mapping[str, frozenset[str]]
    export: ExportMoment
    days: Days
    warned: tuple[Warned, ...]


def vet(
    con: "DuckDBPyConnection",
    parameters: Parameters,
    have: Mapping[str, frozenset[str]],
    files: Sequence[str],
    today: date,
    *,
    keeps_rejected: bool = True,
) -> Vetted:
    """Put right what is known to mean something else, and note the rest. The tables are changed in place."""
    known = dict(have)
    warned = leave_out_empty_columns(con, known)
    as_days_of_utc(con, known, parameters.report.timezone)
    warned += move_planned_closings(con, known)
    days = bare_dates(con, known)
    export, about_export = find_export_moment(con, parameters, known, days, files, today)
    warned += about_export
    warned += set_future_aside(con, known, export.at, keeps_rejected=keeps_rejected)
    end_days(con, known, days, export.at)
    warned += told(days)
    warned += late_export(con, known, parameters, export)
    warned += fold_names(con, known, is_masked=parameters.report.mask_names)
    return Vetted(known, export, days, tuple(warned))
