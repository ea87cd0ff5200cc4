"""The list export of amoCRM / Kommo: a CSV or XLSX of deals with names instead of ids and no stage history.

The export says where a deal stands now and, for a closed one, when it was closed. Milestones come from the client's own
date fields (`source.columns`); a won deal without one has its contract at its closing. Facts: header generations, «не закрыта»,
duplicate headers and the budget's spellings are those of real exports (see docs/reference/sources.md).
"""

from salesqc_lib.crm import files
from salesqc_lib.crm.canonical import store
from salesqc_lib.crm.formats import Field
from salesqc_lib.crm.formats.amocrm import DEALS
from salesqc_lib.crm.intake import Intake, literal, quoted
from salesqc_lib.crm.mapped_tables import check_headers, own_columns, read_tables, source_of, together
from salesqc_lib.crm.meanings import one_of
from salesqc_lib.errors import DataError
from salesqc_lib.params.source import AmocrmExport, ColumnRule, ColumnSpec, TableFile

# canonical column: the headers it has had, newest first, Russian and English; that of a second field of the same name is looked for beside it
_FIELDS = {
    column: found if isinstance(found, Field) else Field((found,) if isinstance(found, str) else found) for column, found in DEALS.items()
}
HEADERS = {
    column: tuple(name for name in found.names if not name.endswith(" (2)"))
    for column, found in _FIELDS.items()
    if column not in ("customer_id", "outcome")
}
PHONES = _FIELDS["customer_id"].names
NOT_CLOSED = ("не закрыта", "not closed")
REQUIRED = ("deal_id", "created_at", "stage", "closed_at")


def read(intake: Intake, source: AmocrmExport) -> None:
    """Read the export into `canonical.deals`, then the files beside it."""
    paths = list(intake.paths(source.path, "source", "path"))
    raws = files.open_all(intake, paths, "deals")
    raw = together(intake, raws)
    first = intake.files[0].path
    present = files.raw_columns(intake, raw)
    intake.crm = "amoCRM"
    every = dict(zip(paths, raws, strict=True))
    check_headers(intake, "deals", every, source.columns, ("source", "columns"))
    mapping = _own_columns(present) | dict(source.columns)
    check_headers(intake, "deals", every, _own_columns(present), ("source",), recognised=True)
    for column in REQUIRED:
        if column not in mapping:
            raise DataError(
                f"this is no amoCRM deal export: there is no column «{HEADERS[column][0]}»",
                where=str(first),
                cure=f"export the list of deals with all columns, or name the column under source.columns.{column}; the file has: {', '.join(present)}",
            )
    expressions = {name: source_of(rule, present, intake, ("source", "columns", name), first) for name, rule in mapping.items()}
    stage, closed, reason = expressions["stage"], expressions["closed_at"], expressions.get("loss_reason", "NULL")
    expressions["closed_at"] = f"CASE WHEN lower({closed}) NOT IN ({_list(NOT_CLOSED)}) THEN {closed} END"
    expressions["outcome"] = (
        f"CASE WHEN {one_of(stage, source.won_stages)} THEN 'won' WHEN {one_of(stage, source.lost_stages)} THEN 'lost' ELSE 'open' END"
    )
    expressions["is_target"] = f"CASE WHEN {one_of(reason, source.non_target_reasons)} THEN 'false' ELSE 'true' END"
    _check_closed_stages(intake, raw, stage, closed, source)
    store(
        intake,
        "deals",
        raw,
        expressions,
        {**mapping, "outcome": "stage", "is_target": "loss_reason"},
        TableFile(path=source.path),
        ("source",),
        own_columns(intake, present, first),
    )
    read_tables(intake, source.tables)


def _own_columns(present: dict[str, str]) -> dict[str, ColumnSpec]:
    lower = {name.lower(): name for name in present}
    found: dict[str, ColumnSpec] = {}
    for column, headers in HEADERS.items():
        # a contact's field and a deal's field of one name follow each other: the first that is filled counts
        names = [lower[header.lower() + again] for header in headers for again in ("", " (2)") if header.lower() + again in lower]
        if names:
            found[column] = tuple(names)
    if phones := tuple(lower[phone.lower()] for phone in PHONES if phone.lower() in lower):
        found["customer_id"] = ColumnRule.model_validate({"column": phones, "as": "phone"})
    return found


def _check_closed_stages(intake: Intake, raw: str, stage: str, closed: str, source: AmocrmExport) -> None:
    """A deal with a closing date stands on «won» or «lost»; else the account has renamed those stages."""
    rows = intake.con.execute(
        f"SELECT {stage}, count(*) FROM {quoted(raw)} WHERE {closed} IS NOT NULL AND lower({closed}) NOT IN ({_list(NOT_CLOSED)}) "
        f"AND NOT {one_of(stage, (*source.won_stages, *source.lost_stages))} GROUP BY 1 ORDER BY 2 DESC LIMIT 4"
    ).fetchall()
    if rows:
        found = ", ".join(f"«{name}» ({count} deals)" for name, count in rows)
        raise DataError(
            f"closed deals stand on stages that are neither won nor lost: {found}",
            where=intake.parameters.where("source"),
            cure="name them under source.won_stages or source.lost_stages",
        )


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(map(literal, words)) or "NULL"
