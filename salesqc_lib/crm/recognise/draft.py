"""From files to a draft of a parameter file: every table, column and word with how sure it is, and what nobody can know from the files."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from salesqc_lib.crm import files, readings
from salesqc_lib.crm.files.opened import Part, sheets_of
from salesqc_lib.crm.intake import Intake, quoted
from salesqc_lib.crm.mapped_tables import source_of
from salesqc_lib.crm.meanings import OTHERWISE, meaning, plain
from salesqc_lib.crm.recognise import directories, extras, outcome, settings
from salesqc_lib.crm.recognise.directories import Directory
from salesqc_lib.crm.recognise.outcome import Ends, StageGuess
from salesqc_lib.crm.recognise.settings import Setting
from salesqc_lib.crm.recognise.sheet import SEEN, Looked, Sheet, look, looked
from salesqc_lib.crm.recognise.table import GUESS, LIKELY, Mapped, Recognised, recognise
from salesqc_lib.errors import DataError
from salesqc_lib.params.model import Parameters
from salesqc_lib.params.source import ColumnRule
from salesqc_lib.tables import TABLES, Kind
from salesqc_lib.words import Text

ZONE = "UTC"  # while nobody knows better: moments are only compared with each other here
LEADS = "leads"
_AMERICAN = ("America/",)


@dataclass
class Table:
    """A canonical table of the draft: where it comes from, and what names the ids in it."""

    found: Recognised
    paths: list[Path]
    names: dict[str, Directory] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    parts: list[Sheet] = field(default_factory=list)  # every file and sheet that is put together

    @property
    def name(self) -> str:
        return self.found.table

    @property
    def sheet(self) -> str | list[str] | None:
        """The sheet, or the sheets, as a parameter file names them."""
        return (self.sheets[0] if len(self.sheets) == 1 else self.sheets) if self.sheets else None


@dataclass
class Draft:
    """All that the files tell of a client."""

    language: str
    currency: Setting
    zone: Setting
    tables: list[Table]
    ends: Ends
    stages: list[StageGuess] = field(default_factory=list)
    exclude: dict[str, list[str]] = field(default_factory=dict)  # rows that the CRM itself does not show
    proposals: dict[str, dict[str, int]] = field(default_factory=dict)  # column: words that look like tests and duplicates, with their rows
    milestones: dict[str, Mapped] = field(default_factory=dict)  # proposed, not taken
    duplicates: str | None = None
    doubts: list[Text] = field(default_factory=list)
    left_out: list[tuple[str, Text]] = field(default_factory=list)  # files, and why

    @property
    def deals(self) -> Table:
        return next(table for table in self.tables if table.name == "deals")

    @property
    def crm(self) -> str:
        """The CRM of the deals and its generation; '' for a table of the client's own."""
        layout = self.deals.found.layout
        return f"{layout.crm} ({layout.generation})" if layout else ""


def draft(paths: Sequence[Path], language: str | None = None, inside: Sequence[Path] = ()) -> Draft:
    """Look at the files and say what they are. `inside`: those of them that lie in a folder that was named: what is no table there is left out.

    Raises
    ------
    DataError
        No file can be read, or none holds deals; every file's fault is told.
    """
    import duckdb

    scratch = Parameters.model_validate(
        {
            "client": {"id": "draft", "name": "draft"},
            "report": {"language": "en", "currency": "EUR", "timezone": ZONE},
            "source": {"kind": "tables"},
        }
    )
    with TemporaryDirectory(prefix="salesqc-", ignore_cleanup_errors=True) as folder:
        intake = Intake(scratch, duckdb.connect(config={"threads": 2}))
        sheets, left_out = _sheets(intake, paths, Path(folder), set(inside))
        return _draft(intake, sheets, left_out, language)


def _sheets(intake: Intake, paths: Sequence[Path], folder: Path, inside: set[Path]) -> tuple[list[Sheet], list[tuple[str, Text]]]:
    """The tables of all files. A file that was named and cannot be read is told as a fault; in a folder or an archive it is left out."""
    sheets: list[Sheet] = []
    faults: list[DataError] = []
    left_out: list[tuple[str, Text]] = []
    for path in paths:
        parts: list[Part] = []
        is_named = path not in inside
        try:
            for part in sheets_of(path, folder, left_out=lambda error, name: left_out.append((name, _why_not(error)))):
                parts.append(part)  # noqa: PERF402 - those before a fault count
        except DataError as error:
            if is_named and not parts:
                faults.append(error)
            else:
                left_out.append((path.name, _why_not(error)))
        for part in parts:
            try:
                sheets.append(look(intake, part))
            except DataError as error:
                if len(parts) == 1 and is_named:
                    faults.append(error)
                else:
                    left_out.append((f"{part.path.name} · {part.sheet or ''}".rstrip(" ·"), _why_not(error)))
    if faults:
        raise DataError("\n".join(error.text for error in faults))
    return sheets, left_out


def _why_not(error: DataError) -> Text:
    return Text("в нём нет таблицы, или он повреждён", error.message)


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
    tables, others = _grouped(known)
    for table in tables:
        _put_together(intake, table)
        _look_closely(intake, table.found)
    helpers = {id(sheet) for sheet in sheets} - {id(one.sheet) for one in known}
    records = {id(one.sheet) for one in known if one.table in ("deals", "activities", "tasks", "stage_events") and one.layout}
    for table in tables:
        table.names = directories.find(intake, table.found, [sheet for sheet in sheets if id(sheet) not in records])
        _name_ids(intake, table)
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
        _settle_forms(intake, table.found, made)
        _settle_words(table.found, made)
    extras.sale_as_contract(made.deals.found, made.ends)
    extras.milestones(intake, made.deals.found, made.ends, made.milestones)
    extras.leave_out(intake, made.deals.found, made.exclude, made.proposals)
    made.duplicates = extras.duplicates(intake, made.deals.found, made.doubts)
    _doubt(made)
    return made


def _names_of(found: Recognised, column: str) -> tuple[str, ...]:
    return found.layout.field_of(column).names if found.layout and column in found.layout.columns else (column,)


def _look_closely(intake: Intake, found: Recognised) -> None:
    """Of a long table only some rows were seen: the columns that count are looked at whole."""
    if found.sheet.rows > SEEN:
        for name in {name for mapped in found.mapped.values() for name in mapped.names}:
            found.sheet.columns[name] = looked(intake, found.sheet.raw, name)
        found.sheet.__dict__.pop("_by_plain", None)


def _no_deals(sheets: Iterable[Sheet], known: Iterable[Recognised]) -> str:
    told = {id(one.sheet): one.table for one in known}
    listed = "; ".join(
        f"{sheet.label}: {told.get(id(sheet), 'not known')}, columns {', '.join(list(sheet.columns)[:8])}" for sheet in sheets
    )
    return f"none of the files looks like a list of deals ({listed})" if listed else "none of the files holds a table"


def _is_nested(sheet: Sheet, sheets: Iterable[Sheet]) -> bool:
    """A list inside the records of a JSON that is known: its tags and contacts need no word."""
    return sheet.part.sheet is not None and any(other.part.path == sheet.part.path and other is not sheet for other in sheets)


def _grouped(known: list[Recognised]) -> tuple[list[Table], list[Recognised]]:
    """Files and sheets of one kind go together; of several kinds of one table the best known, then the longest, counts."""
    tables: list[Table] = []
    others: list[Recognised] = []
    for name in dict.fromkeys(one.table for one in known):
        groups: list[list[Recognised]] = []
        for one in (found for found in known if found.table == name):
            group = next((group for group in groups if _is_of_one_kind(one, group[0])), None)
            if group is None:
                groups.append([one])
            else:
                group.append(one)
        groups.sort(key=lambda group: _worth(group, by_columns=group[0].table == "activities"))
        tables.append(_merged(groups[0]))
        others += [one for group in groups[1:] for one in group]
    return tables, others


def _worth(group: list[Recognised], *, by_columns: bool) -> tuple[float, int, int]:
    """The order of kinds: what a CRM wrote first; of logs of calls the one that tells most of a call; then the longest."""
    known = -group[0].score if group[0].layout else 0.0
    return known, -max(len(one.mapped) for one in group) if by_columns else 0, -sum(one.sheet.rows for one in group)


def _is_of_one_kind(one: Recognised, other: Recognised) -> bool:
    """Whether two tables can be put together: of one layout, with mostly the same columns, in sheets of one name or of one file."""
    if (one.layout and one.layout.generation) != (other.layout and other.layout.generation):
        return False
    is_near = one.sheet.part.sheet == other.sheet.part.sheet or one.sheet.part.path == other.sheet.part.path
    mine, theirs = ({plain(name) for name in found.sheet.columns} for found in (one, other))
    return is_near and len(mine & theirs) >= 0.6 * max(len(mine), len(theirs))


def _merged(group: list[Recognised]) -> Table:
    """Several tables of one kind as one: a column counts where every file has it, whatever it is called there."""
    longest = max(group, key=lambda one: one.sheet.rows)
    mapped: dict[str, Mapped] = {}
    for column in dict.fromkeys(name for one in (longest, *group) for name in one.mapped):
        own = next(one.mapped[column] for one in (longest, *group) if column in one.mapped)
        names = list(
            {plain(name): name for one in reversed([longest, *group]) if column in one.mapped for name in one.mapped[column].names}.values()
        )
        if own.names and not all(any(one.sheet.named(name) for name in names) for one in group):
            continue
        if own.names:
            own.names = [*own.names, *(name for name in names if name not in own.names)]
        mapped[column] = own
    longest.mapped = mapped
    paths = list(dict.fromkeys(one.sheet.part.path for one in group))
    sheets = list(dict.fromkeys(one.sheet.part.sheet for one in group if one.sheet.part.sheet is not None))
    return Table(longest, paths, sheets=sheets, parts=[one.sheet for one in group])


def _put_together(intake: Intake, table: Table) -> None:
    """All rows of files of one kind: words, stages and forms are those of all of them, not of the longest file."""
    if len(table.parts) < 2:
        return
    sheet, raw = table.found.sheet, intake.new_raw()
    intake.con.execute(f"CREATE TEMP TABLE {raw} AS " + " UNION ALL BY NAME ".join(f"SELECT * FROM {one.raw}" for one in table.parts))
    sheet.rows, sheet.raw = sum(one.rows for one in table.parts), raw
    sheet.columns = {name: looked(intake, raw, name) for name in files.raw_columns(intake, raw)}
    sheet.__dict__.pop("_by_plain", None)


def _name_ids(intake: Intake, table: Table) -> None:
    """Put the names in place of the ids, so that all that follows speaks of names."""
    found = table.found
    for column, directory in table.names.items():
        intake.con.execute("CREATE OR REPLACE TEMP TABLE known_names (id VARCHAR, name VARCHAR)")
        intake.con.executemany("INSERT INTO known_names VALUES (?, ?)", list(directory.names.items()))
        raw = intake.new_raw()
        intake.con.execute(
            f"CREATE TEMP TABLE {raw} AS SELECT r.* REPLACE (coalesce(n.name, r.{quoted(column)}::VARCHAR) AS {quoted(column)}) FROM {found.sheet.raw} r "
            f"LEFT JOIN known_names n ON n.id = trim(r.{quoted(column)}::VARCHAR)"
        )
        found.sheet.raw = raw
        found.sheet.columns[column] = looked(intake, raw, column)
    found.sheet.__dict__.pop("_by_plain", None)


def _settle_forms(intake: Intake, found: Recognised, made: Draft) -> None:
    """Dates and numbers that can be read in two ways: as the other columns of the table are, else as the place suggests. What cannot be
    read is not taken."""
    present = files.raw_columns(intake, found.sheet.raw)
    open_ones: list[tuple[str, str, Kind]] = []
    orders: list[str] = []
    for name in list(found.mapped):
        mapped, kind = found.mapped[name], TABLES[found.table].by_name[name].kind
        if not mapped.names or kind not in (Kind.TIME, Kind.DATE, Kind.NUMBER) or any(present[one] != "VARCHAR" for one in mapped.names):
            continue
        column = tuple(mapped.names)
        source = source_of(ColumnRule.model_validate({"column": column}), present, intake, (), found.sheet.part.path)
        wanted = Kind.NUMBER if kind is Kind.NUMBER else Kind.TIME
        try:
            reading = readings.reading_for(intake.con, found.sheet.raw, source, name, wanted, ZONE)
            orders += [reading.name[:2]] if wanted is Kind.TIME and reading.name[:2] in ("%d", "%m") else []
        except DataError as error:
            if "two ways" in error.message or "decimal point and numbers" in error.message:
                open_ones.append((name, source, wanted))
            elif name in ("deal_id", "created_at"):
                raise
            else:
                del found.mapped[name]
                made.doubts.append(
                    Text(
                        f"колонка «{column[0]}» не взята ({name}): {_in_russian(error)}",
                        f"the column «{column[0]}» is not taken for {name}: {error.message}",
                    )
                )
    for name, source, wanted in open_ones:
        _choose_form(intake, found, made, name, source, wanted, orders[0] if len(set(orders)) == 1 else "")


def _in_russian(error: DataError) -> str:
    examples = error.message.partition(": ")[2]
    return f"значения не читаются: {examples}" if examples else "значения не читаются"


_REST = {"direction": "", "result": "other", "kind": "note", "question": "", "key_event_kind": ""}


def _settle_words(found: Recognised, made: Draft) -> None:
    """Words of closed columns that nobody knows: they mean nothing, and are told; a column of such words alone is not taken."""
    for name in list(found.mapped):
        column, looked = TABLES[found.table].by_name[name], found.looked(name)
        given = {plain(word) for word in found.values.get(name, {})}
        if name == "outcome" or not column.values or looked is None or OTHERWISE in given:
            continue
        strange = [
            word
            for word, _ in looked.common
            if plain(word) not in given and meaning(name, word) is None and plain(word) not in column.values
        ]
        if not strange:
            continue
        if len(strange) == len(looked.common) and not column.is_required:
            del found.mapped[name]
            continue
        found.values.setdefault(name, {})[OTHERWISE] = _REST.get(name, "")
        shown = ", ".join(f"«{word}»" for word in strange[:3])
        made.doubts.append(
            Text(f"{found.table}.{name}: слова {shown} не известны", f"{found.table}.{name}: the words {shown} are not known")
        )


def _choose_form(intake: Intake, found: Recognised, made: Draft, name: str, source: str, kind: Kind, order: str) -> None:
    """`order`: %d or %m, where the other dates of the table tell which comes first."""
    mapped = found.mapped[name]
    if kind is Kind.NUMBER:
        is_english = made.language == "en" and made.currency.value in ("USD", "GBP", "CAD", "AUD", "INR", "ILS", "AED")
        mapped.decimal = _decimal_of_groups(found.looked(name)) or ("." if is_english else ",")
        chosen = mapped.decimal
    else:
        is_american = made.zone.value.startswith(_AMERICAN) and made.currency.value == "USD"
        day_first, month_first = readings.day_orders(intake.con, found.sheet.raw, source)
        mapped.format = month_first if order == "%m" or (not order and is_american) else day_first
        chosen = mapped.format
    mapped.sure = LIKELY if kind is Kind.TIME and order else GUESS
    made.doubts.append(
        Text(
            f"«{mapped.names[0]}» читается двумя способами; взято {chosen}: проверьте",
            f"«{mapped.names[0]}» can be read in two ways; {chosen} is taken: check it",
        )
    )


def _decimal_of_groups(looked: Looked | None) -> str:
    """Of amounts that all end in three digits, as 12,000 and 8.500, the mark parts thousands: nobody writes thousandths of money."""
    marks = {found[2] for value in (looked.sample if looked else ()) if (found := re.search(r"(\d{1,3})([.,])\d{3}(?!\d)", value))}
    decimals = any(re.search(r"[.,]\d{1,2}(?!\d)", value) for value in (looked.sample if looked else ()))
    return {",": ".", ".": ","}[marks.pop()] if len(marks) == 1 and not decimals else ""


def _doubt(made: Draft) -> None:
    """What the files do not tell."""
    deals = made.deals.found
    if not made.ends.words and "contract_at" not in deals.mapped:
        made.doubts.append(
            Text(
                "не видно, какие сделки выиграны и проиграны: допишите values.outcome",
                "nothing tells which deals are won and lost: complete values.outcome",
            )
        )
    elif made.ends.words and not made.ends.is_known and "" not in made.ends.words:
        missing = "won" if "won" not in made.ends.words.values() else "lost"
        told = {"won": "выигранных", "lost": "проигранных"}[missing]
        made.doubts.append(
            Text(
                f"нет ни одной из {told} сделок: верна ли колонка результата?",
                f"no deal is {missing}: is it the right column of the outcome?",
            )
        )
    if "closed_at" not in deals.mapped and "contract_at" not in deals.mapped:
        made.doubts.append(
            Text(
                "нет даты закрытия: договоры не отнести к периоду точно",
                "there is no date of the closing: contracts cannot be put into a period exactly",
            )
        )
    if deals.mapped["deal_id"].row:
        made.doubts.append(
            Text(
                "нет номеров сделок: повторные выгрузки нельзя будет сложить",
                "deals have no numbers: later exports cannot be put together with this one",
            )
        )
    for column in ("manager", "amount"):
        sparse = deals.looked(column)
        if column == "manager" and sparse and sparse.filled < 0.5 * sparse.rows:
            share = f"{sparse.filled / sparse.rows:.0%}"
            made.doubts.append(
                Text(
                    f"«{sparse.name}» заполнен у {share} строк: нет ли объединённых ячеек?",
                    f"«{sparse.name}» is filled in {share} of the rows: are cells merged?",
                )
            )
        if column not in deals.mapped:
            made.doubts.append(
                Text(f"нет колонки «{ {'manager': 'менеджер', 'amount': 'сумма'}[column] }»", f"there is no column of the {column}")
            )
    created = deals.looked("created_at")
    if created and created.filled < created.rows:
        empty = created.rows - created.filled
        made.doubts.append(
            Text(
                f"у {empty} сделок нет даты «{created.name}»: они не входят ни в один период",
                f"{empty} deals have no «{created.name}»: they belong to no period",
            )
        )
    amount = deals.mapped.get("amount")
    if amount and amount.times:
        made.doubts.append(
            Text(
                f"«{amount.names[0]}» — в тысячах или миллионах: суммы умножены на {amount.times:,.0f}".replace(",", " "),
                f"«{amount.names[0]}» is in thousands or millions: amounts are multiplied by {amount.times:,.0f}",
            )
        )
    layout = deals.layout
    made.doubts += list(layout.traps) if layout else []
