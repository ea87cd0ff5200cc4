"""A draft of a parameter file as commented YAML, in the reader's language."""

import os
from pathlib import Path
from typing import Any

import yaml

from salesqc_lib.crm.recognise.directories import Directory
from salesqc_lib.crm.recognise.draft import Draft, Table
from salesqc_lib.crm.recognise.extras import no_leads
from salesqc_lib.crm.recognise.settings import country
from salesqc_lib.crm.recognise.table import Mapped
from salesqc_lib.words import Language, Text

SURE = {"sure": Text("наверняка", "sure"), "likely": Text("вероятно", "likely"), "guess": Text("догадка: проверьте", "a guess: check it")}
_WIDTH = 34  # columns before a comment


def written(draft: Draft, client: str, name: str, file: Path, reader: Language) -> str:
    """The text of `file`, a parameter file that does not exist yet. Comments are in the reader's language."""
    say = _Saying(reader)
    lines = [
        *(["# yaml-language-server: $schema=schema.json"] if (file.parent / "schema.json").is_file() else []),
        *_head(draft, say),
        f"client: {{id: {client}, name: {scalar(name)}}}",
        *_report(draft, say),
        "source:",
        "  kind: tables",
        say(
            "  # as_of: 2026-11-01",
            "день выгрузки; без него — последнее событие в данных",
            "the day of the export; without it the latest event in the data",
        ),
        "  tables:",
    ]
    for table in draft.tables:
        lines += _table(table, draft, file.parent, say)
    lines += _stages(draft, say) + _rows(draft, say) + _calendar(draft, say) + _control(say)
    return "\n".join(lines) + "\n"


class _Saying:
    """A line with a remark in the reader's language."""

    def __init__(self, reader: Language) -> None:
        self.reader = reader

    def __call__(self, line: str, ru: str, en: str) -> str:
        return f"{line.ljust(_WIDTH)}  # {self.text(ru, en)}"

    def text(self, ru: str, en: str) -> str:
        return " ".join((ru if self.reader == "ru" else en).split())

    def told(self, text: Text) -> str:
        return " ".join(text[self.reader].split())


def scalar(value: Any) -> str:
    """A value as YAML reads it back."""
    return (
        yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6, sort_keys=False).strip().removesuffix("...").strip()
    )


def _head(draft: Draft, say: _Saying) -> list[str]:
    known = (
        say.text(f"Распознано: {draft.crm}.", f"Recognised: {draft.crm}.")
        if draft.crm
        else say.text("Таблица клиента, не из известной CRM.", "The client's own table, of no known CRM.")
    )
    lines = [
        f"# {known} "
        + say.text(
            "За каждым предположением — насколько оно верно и два значения из данных.",
            "Beside each guess stands how sure it is, with two values of the data.",
        )
    ]
    lines += [f"#   ! {say.told(doubt)}" for doubt in draft.doubts]
    lines += [f"#   - {say.text('не взято', 'left out')}: {label}: {say.told(why)}" for label, why in draft.left_out]
    return lines


def _report(draft: Draft, say: _Saying) -> list[str]:
    return [
        "report:",
        f"  language: {draft.language}",
        say(f"  currency: {draft.currency.value}", SURE[draft.currency.sure].ru, SURE[draft.currency.sure].en),
        say(f"  timezone: {draft.zone.value}", SURE[draft.zone.sure].ru, SURE[draft.zone.sure].en),
    ]


def _table(table: Table, draft: Draft, folder: Path, say: _Saying) -> list[str]:
    found = table.found
    paths = [_relative(path, folder) for path in table.paths]
    where = (
        f"{found.layout.crm}, {found.layout.generation}"
        if found.layout
        else say.text("по названиям и значениям колонок", "by the names and values of its columns")
    )
    lines = [f"    {table.name}:", say(f"      path: {scalar(paths[0] if len(paths) == 1 else paths)}", where, where)]
    if table.sheet is not None:
        lines.append(f"      sheet: {scalar(table.sheet)}")
    if table.names:
        lines.append(say("      names:", "имена вместо кодов", "names in place of ids"))
        lines += [f"        {scalar(column)}: {_directory(one, folder)}" for column, one in table.names.items()]
    created = found.looked("created_at") if table.name == "deals" else None
    if created and created.filled < created.rows:
        lines.append("      may_be_empty: [created_at]")
    lines.append("      columns:")
    lines += [_column(name, mapped, table, say) for name, mapped in found.mapped.items()]
    if table.name == "deals":
        for name, mapped in draft.milestones.items():
            lines.append(
                say(
                    f"        # {name}: {scalar(mapped.rule)}",
                    "похоже на этап, но стоит не только у договоров",
                    "looks like a milestone, but does not stand on contracts alone",
                )
            )
    reasons = no_leads(found) if table.name == "deals" and "is_target" not in found.mapped else []
    if reasons:
        lines.append(
            say(
                f"        # is_target: {scalar(found.mapped['loss_reason'].rule)}",
                "включите вместе со строкой ниже, если это были не заявки",
                "take it in with the line below, if these were no leads",
            )
        )
    values = {column: words for column, words in found.values.items() if words and column in found.mapped}
    if values or reasons:
        lines.append("      values:" if values else "      # values:")
        lines += [f"        {column}: {scalar(words)}" for column, words in values.items()]
    if reasons:
        lines.append(f"        # is_target: {scalar({**dict.fromkeys(reasons, 'false'), 'otherwise': 'true'})}")
    return lines


def _column(name: str, mapped: Mapped, table: Table, say: _Saying) -> str:
    line = f"        {name}: {scalar(mapped.rule)}"
    if not mapped.names:
        return say(line, SURE[mapped.sure].ru, SURE[mapped.sure].en)
    looked = [table.found.sheet.columns[one] for one in mapped.names]
    examples = [example for one in looked for example in one.examples][:2]
    shown = ", ".join(f"«{' '.join(example.split())}»" for example in examples)
    rows = looked[0].rows
    filled = (
        ""
        if len(looked) > 1 or looked[0].filled == rows or not rows
        else f"; {say.text('заполнено', 'filled')} {looked[0].filled / rows:.0%}"
    )
    told = SURE[mapped.sure]
    return say(line, f"{told.ru}{filled} · {shown}", f"{told.en}{filled} · {shown}")


def _directory(one: Directory, folder: Path) -> str:
    spec: dict[str, Any] = {"path": _relative(one.sheet.part.path, folder)}
    if one.sheet.part.sheet is not None:
        spec["sheet"] = one.sheet.part.sheet
    return scalar(spec | {"id": one.id, "name": one.name[0] if len(one.name) == 1 else one.name})


def _relative(path: Path, folder: Path) -> str:
    """A path as the parameter file names it: from its folder, with plain slashes."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _stages(draft: Draft, say: _Saying) -> list[str]:
    if not draft.stages:
        return []
    lines = [
        say(
            "stages:",
            "lead, qualified, key_event_set, key_event_held, contract, act или lost",
            "lead, qualified, key_event_set, key_event_held, contract, act or lost",
        )
    ]
    return lines + [
        say(f"  {scalar(one.name)}: {one.meaning}", f"{SURE[one.sure].ru}; сделок: {one.deals}", f"{SURE[one.sure].en}; deals: {one.deals}")
        for one in draft.stages
    ]


def _rows(draft: Draft, say: _Saying) -> list[str]:
    lines = []
    if draft.duplicates:
        lines.append(say(f"duplicates: {draft.duplicates}", "несколько строк одной сделки", "several rows of one deal"))
    if draft.exclude:
        lines.append(say(f"exclude: {scalar(draft.exclude)}", "удалённые: CRM их не показывает", "deleted: the CRM does not show them"))
    if draft.proposals:
        listed = {column: list(words) for column, words in draft.proposals.items()}
        count = sum(sum(words.values()) for words in draft.proposals.values())
        lines.append(
            say(
                f"# exclude: {scalar(listed)}",
                f"похоже на тесты и дубли: {count}; включите, если их не считать",
                f"they look like tests and duplicates: {count}; take it in if they do not count",
            )
        )
    return lines


def _calendar(draft: Draft, say: _Saying) -> list[str]:
    code = country(draft.currency.value)
    place = f"country: {code}, " if code else ""
    return [
        say(
            f'# calendar: {{{place}hours: "09:00-18:00", days: [mon, tue, wed, thu, fri]}}',
            "когда отдел работает; без этого ответы считаются в простых часах",
            "when the department works; without it answers are counted in plain hours",
        )
    ]


def _control(say: _Saying) -> list[str]:
    return [
        say(
            "# control:",
            "что показывает CRM самого клиента: впишите его числа, не наши",
            "what the client's own CRM shows: write its figures, not ours",
        ),
        "#   period: ",
        "#   leads: ",
        "#   contracts: ",
        "#   revenue: ",
    ]
