"""From files to a draft of a parameter file: every table, column and word with how sure it is."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from salesqc_lib.crm.intake import Intake
from salesqc_lib.crm.recognise import directories, extras, outcome, settings
from salesqc_lib.crm.recognise.doubts import doubt
from salesqc_lib.crm.recognise.draft import Draft
from salesqc_lib.crm.recognise.forms import ZONE, settle_forms, settle_words
from salesqc_lib.crm.recognise.gathered import gathered, grouped, look_closely, name_ids, put_together
from salesqc_lib.crm.recognise.sheet import Sheet
from salesqc_lib.crm.recognise.table import Recognised, recognise
from salesqc_lib.errors import DataError
from salesqc_lib.params.model import Parameters
from salesqc_lib.scratch import scratch
from salesqc_lib.words import Text

LEADS = "leads"


def draft(paths: Sequence[Path], language: str | None = None, inside: Sequence[Path] = ()) -> Draft:
    """Look at the files and say what they are. `inside`: those of them that lie in a folder that was named: what is no table there is left out.

    Raises
    ------
    DataError
        No file can be read, or none holds deals; every file's fault is told.
    """
    import duckdb

    nobody = Parameters.model_validate(
        {
            "client": {"id": "draft", "name": "draft"},
            "report": {"language": "en", "currency": "EUR", "timezone": ZONE},
            "source": {"kind": "tables"},
        }
    )
    with scratch() as folder:
        intake = Intake(nobody, duckdb.connect(config={"threads": 2}))
        sheets, left_out = gathered(intake, paths, Path(folder), set(inside))
        return _draft(intake, sheets, left_out, language)


def _draft(intake: Intake, sheets: list[Sheet], left_out: list[tuple[str, Text]], language: str | None) -> Draft:
    known = [found for sheet in sheets if (found := recognise(sheet))]
    apart = [one for one in known if one.table == LEADS]
    known = [one for one in known if one.table != LEADS]
    left_out += [
        (
            one.sheet.label,
            Text(
                "лиды, которые CRM ведёт отдельно от сделок: со сделками они пока не соединяются",
                "leads that the CRM keeps apart from deals: they are not joined with the deals yet",
            ),
        )
        for one in apart
    ]
    sheets = [sheet for sheet in sheets if sheet not in [one.sheet for one in apart]]
    if not any(one.table == "deals" for one in known):
        raise DataError(
            _no_deals(sheets, known)
            if sheets or not apart
            else f"there are leads that the CRM keeps apart from its deals, and no deals: {apart[0].sheet.label}",
            cure="give the list of deals: a row for each, with its number, the day it came in, the seller, the amount and how it ended",
        )
    tables, others = grouped(known)
    for table in tables:
        put_together(intake, table)
        look_closely(intake, table.found)
    helpers = {id(sheet) for sheet in sheets} - {id(one.sheet) for one in known}
    records = {id(one.sheet) for one in known if one.table in ("deals", "activities", "tasks", "stage_events") and one.layout}
    for table in tables:
        table.names = directories.find(intake, table.found, [sheet for sheet in sheets if id(sheet) not in records])
        name_ids(intake, table)
    named = {id(one.sheet) for table in tables for one in table.names.values()}
    left_out += [
        (
            one.sheet.label,
            Text(f"ещё одна таблица «{one.table}», не такая, как взятая", f"one more table of {one.table}, unlike the one that is taken"),
        )
        for one in others
        if id(one.sheet) not in named
    ]
    tables = [table for table in tables if table.name == "deals" or id(table.found.sheet) not in named or table.name == "managers"]
    left_out += [
        (sheet.label, Text("не похоже ни на одну таблицу", "it looks like none of the tables"))
        for sheet in sheets
        if id(sheet) in helpers and id(sheet) not in named and not _is_nested(sheet, sheets)
    ]
    deals = next(table for table in tables if table.name == "deals")
    if "created_at" not in deals.found.mapped:
        raise DataError(
            f"{deals.found.sheet.label}: there is no column of the day on which a deal came in",
            cure=f"export the list with it: {', '.join(_names_of(deals.found, 'created_at')[:4])}",
        )
    stage_names = next(
        (names for column, names in deals.names.items() if deals.found.mapped.get("stage") and column in deals.found.mapped["stage"].names),
        None,
    )
    semantics = stage_names.ends if stage_names else {}
    ends = outcome.decide(intake, deals.found, semantics)
    found_tables = [table.found for table in tables]
    chosen = language or settings.language(found_tables)
    currency = settings.currency([deals.found], chosen)
    zone = settings.zone(found_tables, currency.value, chosen)
    made = Draft(chosen, currency, zone, tables, ends, left_out=left_out)
    events = next((table.found for table in tables if table.name == "stage_events"), None)
    made.stages = outcome.stages(intake, deals.found, ends, stage_names.order if stage_names else {}, semantics, events)
    for table in tables:
        settle_forms(intake, table.found, made)
        settle_words(table.found, made)
    extras.sale_as_contract(made.deals.found, made.ends)
    extras.milestones(intake, made.deals.found, made.ends, made.milestones)
    extras.leave_out(intake, made.deals.found, made.exclude, made.proposals)
    made.duplicates = extras.duplicates(intake, made.deals.found, made.doubts)
    doubt(made)
    return made


def _names_of(found: Recognised, column: str) -> tuple[str, ...]:
    return found.layout.field_of(column).names if found.layout and column in found.layout.columns else (column,)


def _no_deals(sheets: Iterable[Sheet], known: Iterable[Recognised]) -> str:
    told = {id(one.sheet): one.table for one in known}
    listed = "; ".join(
        f"{sheet.label}: {told.get(id(sheet), 'not known')}, columns {', '.join(list(sheet.columns)[:8])}" for sheet in sheets
    )
    return f"none of the files looks like a list of deals ({listed})" if listed else "none of the files holds a table"


def _is_nested(sheet: Sheet, sheets: Iterable[Sheet]) -> bool:
    """A list inside the records of a JSON that is known: its tags and contacts need no word."""
    return sheet.part.sheet is not None and any(other.part.path == sheet.part.path and other is not sheet for other in sheets)
