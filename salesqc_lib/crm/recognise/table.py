"""Which canonical table a sheet holds, and which of its columns is which: by the marks of a CRM, else by names and values."""

import re
from dataclasses import dataclass, field
from typing import Any

from salesqc_lib.crm.formats import Field, Layout, layouts
from salesqc_lib.crm.meanings import meaning, plain
from salesqc_lib.crm.recognise import synonyms
from salesqc_lib.crm.recognise.sheet import Looked, Sheet
from salesqc_lib.tables import TABLES, Kind

SURE, LIKELY, GUESS = "sure", "likely", "guess"
IDS = ("deal_id", "activity_id", "task_id")  # of these a row number does, where a file has none
_GENERIC = {
    "id",
    "no",
    "nr",
    "ref",
    "дата",
    "date",
    "datum",
    "номер",
    "статус",
    "status",
    "тип",
    "type",
    "клиент",
    "результат",
    "итог",
    "результат звонка",
}
# amounts of something else than the sale, moments of something else than the deal
_NOT_AMOUNT = re.compile(
    r"себестоим|доставк|закуп|расход|скидк|налог|\bндс\b|марж|прибыл|комисс|аванс|предоплат|долг|остат|оплачено|\bcosts?\b|shipping|delivery|discount|\btax|\bvat\b|margin|profit|commission|deposit|balance|\bpaid\b|weighted|взвеш|expected revenue|kosten|rabatt|mwst|steuer|anzahlung"
)
_NOT_DEAL = re.compile(r"компани|контакт|сотрудник|менеджер|пользоват|рожден|company|contact|account|user|birth|firma")
_DEAL = re.compile(r"сделк|заяв|лид|обращ|заказ|deal|lead|opportun|order|enquir|inquir|request|vorgang|anfrage|angebot")
_COUNTER = re.compile(r"№|№ ?п/?п|n ?п/?п|#|no\.?|nr\.?|n|п/п|номер п/п|lfd\.? ?nr\.?")
_TOTAL = re.compile(r"итог|всего|общая|сумма|total|amount|sum\b|gesamt|summe")
_THOUSANDS = re.compile(r"тыс|\bтр\b|т\.\s?р|\(k\b|\bk[€$£]|[€$£]k\b|\btsd|\bthousand|['’]?000s?\b|in k\b")
_MILLIONS = re.compile(r"\bмлн|\bmillion|\bmio\b|\bmln\b")
_CLOCK = re.compile(r"(\d{4}-\d\d-\d\dT)?\d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?")
_WITH_TIME = re.compile(r".*[T ,]\d{1,2}:\d{2}(?<!00:00).*")
_TIME_NAME = re.compile(r"время|time|uhrzeit|час")
_PERSON = re.compile(r"[А-ЯЁA-Z][\w'’-]+( [А-ЯЁA-Z][\w.'’-]*){1,2}")
# columns in which few names stand again and again
_NAMED_OFTEN = (
    "manager",
    "channel",
    "stage",
    "pipeline",
    "loss_reason",
    "team",
    "direction",
    "result",
    "kind",
    "question",
    "criterion",
    "currency",
)
_FEW = 60  # sellers, stages, channels: values that a column of such has at most


@dataclass
class Mapped:
    """Which columns of the file a canonical column is read from, and how sure that is."""

    names: list[str] = field(default_factory=list)
    sure: str = SURE
    value: str | None = None
    reading: str | None = None
    only: str | None = None
    row: bool = False
    format: str | None = None
    decimal: str | None = None
    times: float | None = None

    @property
    def rule(self) -> Any:
        """As it is written in a parameter file."""
        column = self.names[0] if len(self.names) == 1 else list(self.names)
        more = {
            "as": self.reading,
            "only": self.only,
            "format": self.format,
            "decimal": self.decimal,
            "times": int(self.times) if self.times and self.times >= 1 else self.times,
        }
        more = {key: value for key, value in more.items() if value}
        if self.row:
            return {"row": True}
        if self.value is not None:
            return {"value": self.value}
        return {"column": column, **more} if more else column


@dataclass
class Recognised:
    """A sheet that is known for what it is."""

    sheet: Sheet
    table: str
    layout: Layout | None
    mapped: dict[str, Mapped]
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    score: float = 0.0

    def looked(self, column: str) -> Looked | None:
        """What stands in the (first) column of the file that a canonical one is read from."""
        found = self.mapped.get(column)
        return self.sheet.columns[found.names[0]] if found and found.names else None


def recognise(sheet: Sheet) -> Recognised | None:
    """What a sheet holds; None where nobody can tell."""
    if len(sheet.columns) < 2:
        return None
    layout = max((one for one in layouts() if one.is_met(sheet.columns)), key=lambda one: one.met(sheet.columns), default=None)
    if layout:
        return _by_layout(layout, sheet)
    if contract := _by_contract(sheet):
        return contract
    found = [one for table in synonyms.TABLES if (one := _by_names(table, sheet))]
    return max(found, key=lambda one: one.score, default=None)


def _by_layout(layout: Layout, sheet: Sheet) -> Recognised:
    if layout.table not in TABLES:
        return Recognised(sheet, layout.table, layout, {}, {}, 100.0)
    mapped = {column: found for column in layout.columns if (found := _present(layout.field_of(column), sheet))}
    outcome = mapped.get("outcome")
    if outcome and outcome.reading == "won_and_closed" and len(outcome.names) < 2:
        del mapped["outcome"]
    if layout.table == "deals":
        _refuse_empty(mapped, sheet)
        if "stage" in mapped and "outcome" not in mapped:
            mapped["outcome"] = Mapped(list(mapped["stage"].names))
    for column in TABLES[layout.table].columns:
        if column.is_required and column.name not in mapped and column.name in IDS:
            mapped[column.name] = Mapped(row=True, sure=LIKELY)
    return Recognised(
        sheet, layout.table, layout, mapped, {name: dict(words) for name, words in layout.values.items() if name in mapped}, 100.0
    )


def _present(wanted: Field, sheet: Sheet) -> Mapped | None:
    if wanted.value is not None:
        return Mapped(value=wanted.value)
    if wanted.row:
        return Mapped(row=True)
    found = list(dict.fromkeys(column.name for name in wanted.names if (column := sheet.named(name))))
    filled = [name for name in found if sheet.columns[name].filled]
    if not found:
        return None
    chosen = (filled or found[:1]) if wanted.all_of else (filled or found)[:1]
    return Mapped(chosen, reading=wanted.reading, only=wanted.only, times=wanted.times)


def _refuse_empty(mapped: dict[str, Mapped], sheet: Sheet) -> None:
    """A column that is empty in every row tells nothing."""
    for column in [name for name, one in mapped.items() if one.names and not any(sheet.columns[name].filled for name in one.names)]:
        if column not in ("deal_id", "created_at"):
            del mapped[column]


def _by_contract(sheet: Sheet) -> Recognised | None:
    """A file that speaks our own names already: all that the table needs is there, and little else."""
    offers = []
    for table in TABLES.values():
        own = [name for name in sheet.columns if name in table.by_name]
        if all(column.name in sheet.columns for column in table.columns if column.is_required) and len(own) >= max(
            2, 0.6 * len(sheet.columns)
        ):
            offers.append((len(own), _is_called(sheet, table.name), table.name, own))
    if not offers:
        return None
    _, _, table_name, own = max(offers)
    mapped = {name: Mapped([name]) for name in TABLES[table_name].by_name if name in own and sheet.columns[name].filled}
    return Recognised(sheet, table_name, None, mapped, {}, 50.0)


def _is_called(sheet: Sheet, table: str) -> bool:
    return sheet.part.path.stem.lower().startswith(table) or (sheet.part.sheet or "").lower() == table


def _by_names(table: str, sheet: Sheet) -> Recognised | None:
    """The columns of a table found by what people call them, where the values fit; None where what it needs is not there."""
    places = {name: place for place, name in enumerate(sheet.columns)}
    offers = sorted(
        (
            (score, canonical, column.name)
            for canonical, names in synonyms.names(table).items()
            for column in sheet.columns.values()
            if column.filled and fits(table, canonical, column) and (score := _score(table, canonical, column, names))
        ),
        key=lambda offer: (-offer[0], offer[1], places[offer[2]]),
    )
    mapped: dict[str, Mapped] = {}
    used: set[str] = set()
    total = 0.0
    for score, canonical, name in offers:
        if canonical in mapped or name in used:
            continue
        mapped[canonical] = Mapped([name], LIKELY if score >= 8 else GUESS)
        used.add(name)
        total += score
    if (
        not any(mark in mapped for mark in synonyms.MARKS[table])
        or len(mapped) < 2
        or (table == "deals" and not {"manager", "amount", "stage", "customer_id"} & set(mapped))
    ):
        return None
    _complete(table, mapped, used, sheet)
    needed = [column.name for column in TABLES[table].columns if column.is_required and column.name not in mapped]
    if needed:
        return None
    if table == "deals" and "stage" in mapped:
        mapped["outcome"] = Mapped(list(mapped["stage"].names), mapped["stage"].sure)
    if "customer_id" in mapped and sheet.columns[mapped["customer_id"].names[0]].is_phone:
        mapped["customer_id"].reading = "phone"
    _settle_amount(mapped, sheet)
    _join_times(table, mapped, sheet)
    ordered = {column: mapped[column] for column in (*TABLES[table].by_name,) if column in mapped}
    return Recognised(sheet, table, None, ordered, {}, total + (3 if table == "deals" else 0))


def _settle_amount(mapped: dict[str, Mapped], sheet: Sheet) -> None:
    """Of a price, a quantity and a total, the total is the amount; a header in thousands says so."""
    amount = mapped.get("amount")
    if amount is None:
        return
    looked = sheet.columns[amount.names[0]]
    if plain(looked.name).startswith(("цена", "price", "preis", "unit")):
        total = next(
            (
                one
                for one in sheet.columns.values()
                if one.is_number and _TOTAL.search(plain(one.name)) and not _NOT_AMOUNT.search(plain(one.name))
            ),
            None,
        )
        if total:
            amount.names = [total.name]
            looked = total
    header = plain(looked.name)
    amount.times = 1000.0 if _THOUSANDS.search(header) else 1_000_000.0 if _MILLIONS.search(header) else None


def _join_times(table: str, mapped: dict[str, Mapped], sheet: Sheet) -> None:
    """A day in one column and the time of day in the next are one moment."""
    column = {"activities": "at", "deals": "created_at"}.get(table, "")
    moment = mapped.get(column)
    if moment is None or sheet.columns[moment.names[0]].share(_WITH_TIME) > 0.2:
        return
    used = {name for one in mapped.values() for name in one.names}
    clock = next(
        (one for one in sheet.columns.values() if one.name not in used and _TIME_NAME.match(plain(one.name)) and one.share(_CLOCK) > 0.9),
        None,
    )
    if clock:
        moment.names, moment.reading = [moment.names[0], clock.name], "date_and_time"


def _complete(table: str, mapped: dict[str, Mapped], used: set[str], sheet: Sheet) -> None:
    """What a table needs and no name tells is looked for among the values."""
    free = [column for column in sheet.columns.values() if column.name not in used and column.filled]
    for column in TABLES[table].columns:
        if not column.is_required or column.name in mapped:
            continue
        if column.name in IDS:
            unique = [
                one
                for one in free
                if one.is_unique
                and not _is_counter(one)
                and one.share(_CLOCK) < 0.5
                and not one.is_date
                and not one.is_phone
                and not re.search(r"\s\S+\s", one.sample[0])
            ]
            mapped[column.name] = (
                Mapped([unique[0].name], GUESS) if unique and re.search(r"\d", unique[0].sample[0]) else Mapped(row=True, sure=LIKELY)
            )
        elif column.kind in (Kind.TIME, Kind.DATE):
            dated = sorted((one for one in free if one.is_date), key=lambda one: -one.filled)
            if dated and dated[0].filled > 0.9 * sheet.rows:
                mapped[column.name] = Mapped([dated[0].name], GUESS)
        elif column.name == "kind" and table == "activities":
            mapped["kind"] = Mapped(value="call", sure=LIKELY)
        elif column.name == "metric":
            mapped["metric"] = Mapped(value="revenue", sure=GUESS)
    if table == "deals" and "manager" not in mapped:
        people = [one for one in free if 1 < one.distinct <= _FEW and one.distinct < one.filled / 3 and one.share(_PERSON) > 0.8]
        if len(people) == 1:
            mapped["manager"] = Mapped([people[0].name], GUESS)


def fits(table: str, canonical: str, column: Looked) -> bool:
    """Whether what stands in a column can be what its name says."""
    kind = TABLES[table].by_name[canonical].kind
    if canonical == "created_at" and table == "deals" and column.distinct < 2 <= column.filled:
        return False
    if kind in (Kind.TIME, Kind.DATE):
        return (
            column.is_date
            or column.is_serial
            or (canonical == "month" and column.share(re.compile(r"\d{4}-\d{2}|\d{2}\.\d{4}|[^\W\d_]{3,8}\.? \d{4}")) > 0.8)
        )
    if canonical == "duration_s":
        return column.is_number or column.share(re.compile(r"\d+(:\d{2}){1,2}")) > 0.8
    if kind is Kind.NUMBER:
        return column.is_number and not column.is_phone
    if column.is_date and not column.is_number:
        return False
    if TABLES[table].by_name[canonical].values and canonical != "outcome":
        return known_words(canonical, column) >= 0.5
    if canonical == TABLES[table].key and canonical in (*IDS, "manager"):
        if canonical == "manager":
            return column.is_unique and not column.is_number
        return column.distinct > 0.15 * column.filled and not _is_counter(column)
    if canonical not in _NAMED_OFTEN:
        return True
    few = column.distinct <= max(_FEW, 0.3 * column.filled) and (column.distinct < 0.9 * column.filled or column.filled < 10)
    return few and not (canonical in ("stage", "channel", "loss_reason", "result") and column.is_number and column.distinct > 12)


def _is_counter(column: Looked) -> bool:
    """Numbers of rows, which tell nothing of a deal: the next file counts from 1 again."""
    if not _COUNTER.fullmatch(plain(column.name)) or not column.is_unique or not column.is_number:
        return False
    numbers = [int(value) for value in column.sample if value.isdigit()]
    return bool(numbers) and min(numbers) <= max(3, column.rows // 100) and max(numbers) <= 1.05 * column.rows + 3


def known_words(canonical: str, column: Looked) -> float:
    """The share of the cells of a closed column whose words are known."""
    cells = sum(count for _, count in column.common)
    return sum(count for word, count in column.common if meaning(canonical, word)) / cells if cells else 0.0


def _score(table: str, canonical: str, column: Looked, names: tuple[str, ...]) -> float:
    """How well a column is called what it would be taken for, less where its name speaks of something else."""
    score, header = _likeness(column.name, names), plain(column.name)
    if not score or table != "deals":
        return score
    if canonical in ("amount", "list_amount") and _NOT_AMOUNT.search(header):
        return 0.0
    if canonical in ("created_at", "closed_at") and score < 8:
        score += 0.8 if _DEAL.search(header) else -2.5 if _NOT_DEAL.search(header) else 0.0
    return max(score, 0.0)


def _likeness(header: str, names: tuple[str, ...]) -> float:
    """How well a header fits the names of a column: over 8 for the name itself, 4 to 6 for a longer phrase with it, 0 for none."""
    whole = plain(header)
    bare = plain(re.sub(r"[(\[,].*$", "", header)).strip(" .:*") or whole
    for place, name in enumerate(names):
        if name in (whole, bare, whole.replace("_", " ")):
            return 10 - 0.05 * place
    best = 0.0
    words = re.findall(r"\w+", bare.replace("_", " "))
    for place, name in enumerate(names):
        parts = re.findall(r"\w+", name)
        if name not in _GENERIC and parts and len(name) >= 4 and _follow(parts, words):
            best = max(best, 4 + min(1.5, len(name) / 20) - 0.02 * place)
    return best


def _follow(parts: list[str], words: list[str]) -> bool:
    """Whether the words of a name stand in a header one after another; endings may differ, as in «менеджера»."""
    for start in range(len(words) - len(parts) + 1):
        if all(
            word == part or (len(part) >= 5 and word.startswith(part[: max(5, len(part) - 2)]))
            for part, word in zip(parts, words[start:], strict=False)
        ):
            return True
    return False
