"""The importers: whatever a CRM exports becomes canonical tables in DuckDB, with nothing dropped in silence."""

from salesqc_lib.crm.intake import Intake

__all__ = ["Intake", "read_source"]


def read_source(intake: Intake) -> None:
    """Read the client's source, of whichever kind, into the canonical tables of `intake`."""
    from salesqc_lib.crm import amocrm_export, mapped_tables

    match intake.parameters.source.kind:
        case "tables":
            mapped_tables.read(intake, intake.parameters.source)
        case "amocrm_export":
            amocrm_export.read(intake, intake.parameters.source)
