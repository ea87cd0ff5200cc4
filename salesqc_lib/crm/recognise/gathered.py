"""From files to tables: what each holds, which of them go together, and whose ids have names."""

from collections.abc import Sequence
from pathlib import Path

from salesqc_lib.crm import files
from salesqc_lib.crm.files.opened import Part, sheets_of
from salesqc_lib.crm.intake import Intake, quoted
from salesqc_lib.crm.meanings import plain
from salesqc_lib.crm.recognise.draft import Table
from salesqc_lib.crm.recognise.sheet import SEEN, Sheet, look, looked
from salesqc_lib.crm.recognise.table import Mapped, Recognised
from salesqc_lib.errors import DataError
from salesqc_lib.words import Text


def gathered(intake: Intake, paths: Sequence[Path], folder: Path, inside: set[Path]) -> tuple[list[Sheet], list[tuple[str, Text]]]:
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


def grouped(known: list[Recognised]) -> tuple[list[Table], list[Recognised]]:
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


def put_together(intake: Intake, table: Table) -> None:
    """All rows of files of one kind: words, stages and forms are those of all of them, not of the longest file."""
    if len(table.parts) < 2:
        return
    sheet, raw = table.found.sheet, intake.new_raw()
    intake.con.execute(f"CREATE TEMP TABLE {raw} AS " + " UNION ALL BY NAME ".join(f"SELECT * FROM {one.raw}" for one in table.parts))
    sheet.rows, sheet.raw = sum(one.rows for one in table.parts), raw
    sheet.columns = {name: looked(intake, raw, name) for name in files.raw_columns(intake, raw)}
    sheet.__dict__.pop("_by_plain", None)


def look_closely(intake: Intake, found: Recognised) -> None:
    """Of a long table only some rows were seen: the columns that count are looked at whole."""
    if found.sheet.rows > SEEN:
        for name in {name for mapped in found.mapped.values() for name in mapped.names}:
            found.sheet.columns[name] = looked(intake, found.sheet.raw, name)
        found.sheet.__dict__.pop("_by_plain", None)


def name_ids(intake: Intake, table: Table) -> None:
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
