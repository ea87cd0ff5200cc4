"""`salesqc init`: looks at the files that a client sent, writes a commented parameter file, and says which totals the client's CRM should show."""

import difflib
import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from salesqc_lib.cli.written import written
from salesqc_lib.crm.files import workbook
from salesqc_lib.crm.recognise.draft import Draft
from salesqc_lib.crm.recognise.drafting import draft
from salesqc_lib.crm.recognise.table import GUESS, SURE
from salesqc_lib.errors import InputError
from salesqc_lib.params import project, read
from salesqc_lib.warnings import gravest_first
from salesqc_lib.words import Language, Text, counted

_COUNTED = (
    ("leads", ("заявка", "заявки", "заявок"), ("lead", "leads")),
    ("contracts", ("договор", "договора", "договоров"), ("contract", "contracts")),
)
Ask = Callable[[str], str]


def init(client: str, given: list[str], *, take_guesses: bool, language: Language | None, name: str = "") -> int:
    """Write `params/<client>.yaml`, and tell the totals; files are read once for both."""
    with workbook.kept():
        return _init(client, given, take_guesses=take_guesses, language=language, name=name)


def _init(client: str, given: list[str], *, take_guesses: bool, language: Language | None, name: str) -> int:
    """Write `params/<client>.yaml`; the exit code is 1 where a file of that name is there already: its difference is shown."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", client):
        raise InputError(f"«{client}» cannot be a client's name", cure="latin letters, digits, - and _ only: it names a folder")
    folder = project() / "params"
    target = folder / f"{client}.yaml"
    found = draft(list(_files(given)), language, inside=[path for text in given if Path(text).is_dir() for path in _files([text])])
    reader: Language = language or ("ru" if found.language == "ru" else "en")
    if not take_guesses:
        _ask(found, _answer, reader)
    text = written(found, client, name or client, target, reader)
    if target.exists():
        return _difference(target, text, reader)
    folder.mkdir(parents=True, exist_ok=True)
    fault = _fault(text, target)
    target.write_text(text, encoding="utf-8")
    _tell(found, target, reader)
    if fault:
        print(f"\n{_say(reader, 'Файл ещё не готов', 'The file is not ready yet')}: {fault}", file=sys.stderr)
        return 1
    return _totals(target, reader)


def _files(given: list[str]) -> Iterator[Path]:
    """The files that names, folders and patterns mean."""
    for text in given:
        path = Path(text)
        if path.is_dir():
            inside = sorted(
                one
                for one in path.rglob("*")
                if one.is_file() and not any(part.startswith((".", "~$")) for part in one.relative_to(path).parts)
            )
            if not inside:
                raise InputError(f"the folder {text} is empty", cure="name the files that the client sent")
            yield from inside
        elif path.exists():
            yield path
        elif "*" in text and (found := sorted(Path(path.anchor or ".").glob(str(path.relative_to(path.anchor)) if path.anchor else text))):
            yield from found
        else:
            beside = sorted(one.name for one in path.parent.glob("*"))[:8] if path.parent.is_dir() else []
            raise InputError(f"no such file: {text}", cure=f"in that folder there are: {', '.join(beside)}" if beside else "check the path")


def _fault(text: str, target: Path) -> str:
    """What keeps the draft from being read; '' where nothing does."""
    with TemporaryDirectory(dir=target.parent, prefix=".") as folder:
        trial = Path(folder) / target.name
        trial.write_text(text, encoding="utf-8")
        try:
            read(trial)
        except InputError as error:
            return error.text.replace(str(trial), str(target))
    return ""


def _answer(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        print()
        return ""


def _ask(found: Draft, ask: Ask, reader: Language) -> None:
    """What only a person can know: at most the place, and how deals end. An empty place takes what stands in brackets."""
    if GUESS in (found.currency.sure, found.zone.sure):
        usual = f"{found.currency.value} {found.zone.value}"
        place = ask(f"{_say(reader, 'Валюта и часовой пояс клиента', 'Currency and time zone of the client')} [{usual}]: ").split()
        for word in place:
            if re.fullmatch(r"[A-Za-z]{3}", word):
                found.currency.value = word.upper()
            else:
                found.zone.value = word
        found.currency.sure = found.zone.sure = SURE
    column = found.deals.found.looked("outcome") or found.deals.found.looked("stage")
    if column and column.common and not found.ends.is_known:
        words = ", ".join(f"«{word}»" for word, _ in column.common[:20])
        reply = ask(
            f"{_say(reader, f'Какие из слов колонки «{column.name}» значат договор', f'Which words of the column «{column.name}» mean a contract')} ({words}): "
        )
        won = [word for word, _ in column.common if word.lower() in {part.strip(' «»"').lower() for part in reply.split(",")}]
        if won:
            from salesqc_lib.crm.recognise.table import Mapped

            found.deals.found.mapped["outcome"] = Mapped([column.name], SURE)
            lost = {word: told for word, told in found.ends.words.items() if told == "lost"}
            found.ends.words.update(dict.fromkeys(won, "won"))
            found.deals.found.values["outcome"] = {**lost, **dict.fromkeys(won, "won"), "otherwise": "open"}


def _difference(target: Path, text: str, reader: Language) -> int:
    old = target.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = list(
        difflib.unified_diff(
            old, text.splitlines(keepends=True), str(target), _say(reader, "что получилось бы сейчас", "what would be written now")
        )
    )
    if not lines:
        print(_say(reader, f"{target} уже есть, и он такой же", f"{target} is there already, and it is the same"))
        return 0
    print(_say(reader, f"{target} уже есть и не изменён; разница:", f"{target} is there already and is left as it is; the difference:"))
    sys.stdout.writelines(lines)
    return 1


def _tell(found: Draft, target: Path, reader: Language) -> None:
    print(_say(reader, f"Распознано: {found.crm or 'таблица клиента'}", f"Recognised: {found.crm or 'a table of the client’s own'}"))
    for table in found.tables:
        files = ", ".join(path.name for path in table.paths)
        print(f"  {table.name}: {files}" + (f" · {table.sheet}" if table.sheet else ""))
    for label, why in found.left_out:
        print(f"  {_say(reader, 'не взято', 'left out')}: {label}: {_told(why, reader)}")
    for doubt in found.doubts:
        print(f"  ! {_told(doubt, reader)}")
    print(_say(reader, f"Записано: {os.path.relpath(target)}", f"Written: {os.path.relpath(target)}"))


def _totals(target: Path, reader: Language) -> int:
    """The totals that the client's own screen should show."""
    from salesqc_lib.dataset import Dataset
    from salesqc_lib.facts import UNSET
    from salesqc_lib.measure import measure
    from salesqc_lib.period import Period
    from salesqc_lib.units import write_money, write_number

    parameters = read(target)
    dataset = Dataset.read(parameters)
    zone = parameters.zone
    ends = dataset.con.execute("SELECT epoch(min(created_at)), epoch(max(created_at)) FROM facts.deals").fetchall()[0]
    first, last = (datetime.fromtimestamp(moment, zone) for moment in ends)
    until = max(last, dataset.as_of.astimezone(zone) - timedelta(seconds=1))
    span = Period.parse(f"{first:%Y-%m-%d}..{until:%Y-%m-%d}")
    measured = measure(dataset, span, ["leads", "contracts", "revenue"], by=["manager"])
    rows: dict[str, Any] = {kpi: measured.row(kpi) for kpi in ("leads", "contracts", "revenue")}
    sellers = measured.frame[
        (measured.frame["kpi"] == "leads")
        & (measured.frame["by"] == "manager")
        & (measured.frame["value"] > 0)
        & (measured.frame["segment"] != UNSET)
    ]
    parts = []
    for kpi, ru, en in _COUNTED:
        value = rows[kpi]["value"]
        known = f"{write_number(value, reader)} {counted(int(value), reader, ru, en)}" if value == value else ""
        parts.append(known or _say(reader, f"{ru[2]} не видно", f"no {en[1]} known"))
    revenue = rows["revenue"]["value"]
    parts.append(
        write_money(revenue, reader, parameters.report.currency)
        if revenue == revenue
        else _say(reader, "сумма не видна", "no revenue known")
    )
    parts.append(f"{len(sellers)} {counted(len(sellers), reader, ('менеджер', 'менеджера', 'менеджеров'), ('seller', 'sellers'))}")
    form = "%d.%m.%Y" if reader == "ru" else "%d %b %Y"
    parts.append(f"{first:{form}} – {until:{form}}")
    asked = _say(reader, "совпадает ли это с CRM клиента?", "does the client's CRM agree?")
    print(f"\n{', '.join(parts)}: {asked}")
    for warned in gravest_first(dataset.warned):
        if warned.kind.weight != "note":
            print(f"  ! {warned.code} {warned.seen(reader, parameters.report.currency)}")
    print(_say(reader, f"Дальше: salesqc check {target.stem}", f"Next: salesqc check {target.stem}"))
    return 0


def _told(text: Text, reader: Language) -> str:
    return " ".join(text[reader].split())


def _say(reader: Language, ru: str, en: str) -> str:
    return ru if reader == "ru" else en
