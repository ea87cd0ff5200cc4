"""What a draft proposes beyond columns: fields that look like milestones, rows that are no deals, rows of products."""

import re
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import Intake, quoted
from salesqc_lib.crm.meanings import plain
from salesqc_lib.crm.recognise import synonyms
from salesqc_lib.crm.recognise.table import LIKELY, Mapped, Recognised
from salesqc_lib.words import Text

if TYPE_CHECKING:
    from salesqc_lib.crm.recognise.outcome import Ends

MILESTONES = ("qualified_at", "key_event_set_at", "key_event_held_at", "contract_at", "act_at")
_TEST = re.compile(r"(?i)^(test|тест)([^\w].*|овая.*|овый.*|\d*)$|^(дубл|duplicat).*|.*\((тест|test|дубль|duplicate)\)$")
_SALE_DATE = re.compile(r"продаж|оплат|sold|sale|paid|verkauft|bezahlt")
_NO_LEAD = re.compile(
    r"(?i)спам|\bspam|дубл|duplicat|\bтест|\btest\b|нецелев|не целев|ошиб\w+ номер|wrong number|поставщик|реклам\w+ звонок|ищ\w+ работ"
)
_LOOKED_FOR = (
    "Название сделки",
    "Название",
    "Lead title",
    "Deal Name",
    "Deal - Title",
    "Opportunity Name",
    "TITLE",
    "name",
    "Теги",
    "Теги сделки",
    "tags",
)
_ON_WINS, _ELSEWHERE = 0.8, 0.1  # of the won deals have a date of the contract, and of the others


def sale_as_contract(deals: Recognised, ends: "Ends") -> None:
    """Where no word tells the outcome, the date of a sale is that of a contract."""
    closed = deals.looked("closed_at")
    if (
        closed
        and not ends.words
        and "contract_at" not in deals.mapped
        and _SALE_DATE.search(plain(closed.name))
        and closed.filled < closed.rows
    ):
        deals.mapped["contract_at"] = deals.mapped.pop("closed_at")


def milestones(intake: Intake, deals: Recognised, ends: "Ends", proposed: dict[str, Mapped]) -> None:
    """Date columns named like a milestone: the contract's is taken where it stands on the won deals alone, the others are taken by name."""
    used = {name for mapped in deals.mapped.values() for name in mapped.names}
    names = synonyms.names("deals")
    for canonical in MILESTONES:
        if canonical in deals.mapped:
            if (
                canonical == "contract_at"
                and deals.layout is None
                and not _stands_on_wins(intake, deals, ends, deals.mapped[canonical].names[0])
            ):
                proposed[canonical] = deals.mapped.pop(canonical)
            continue
        column = next(
            (
                one
                for one in deals.sheet.columns.values()
                if one.is_date and one.name not in used and plain(re.sub(r"[(\[,].*$", "", one.name)).strip() in names[canonical]
            ),
            None,
        )
        if column is None:
            continue
        found = Mapped([column.name], LIKELY)
        used.add(column.name)
        if canonical == "contract_at" and not _stands_on_wins(intake, deals, ends, column.name):
            proposed[canonical] = found
        else:
            deals.mapped[canonical] = found


def _stands_on_wins(intake: Intake, deals: Recognised, ends: "Ends", column: str) -> bool:
    outcome = deals.mapped.get("outcome")
    if outcome is None or len(outcome.names) != 1 or outcome.reading:
        return outcome is None
    won = [word for word, told in ends.words.items() if told == "won"]
    listed = ", ".join("?" for _ in won) or "NULL"
    of_won, elsewhere = intake.con.execute(
        f"""SELECT avg((nullif(trim({quoted(column)}), '') IS NOT NULL)::INTEGER) FILTER (WHERE is_won),
            avg((nullif(trim({quoted(column)}), '') IS NOT NULL)::INTEGER) FILTER (WHERE NOT is_won)
        FROM (SELECT *, coalesce(trim({quoted(outcome.names[0])}) IN ({listed}), false) AS is_won FROM {deals.sheet.raw})""",
        won,
    ).fetchall()[0]
    return (of_won or 0) >= _ON_WINS and (elsewhere or 0) <= _ELSEWHERE


def leave_out(intake: Intake, deals: Recognised, exclude: dict[str, list[str]], proposals: dict[str, dict[str, int]]) -> None:
    """Deleted rows, which the CRM does not show, are left out; what looks like a test or a duplicate is proposed, with its rows."""
    for column, word in (deals.layout.drop if deals.layout else {}).items():
        looked = deals.sheet.named(column)
        dropped = sum(count for value, count in looked.common if plain(value) == plain(word)) if looked else 0
        if looked and 0 < dropped < 0.5 * deals.sheet.rows:
            exclude[looked.name] = [word]
        elif looked and dropped:
            proposals[looked.name] = {word: dropped}
    names = [
        *(deals.mapped["manager"].names[:1] if "manager" in deals.mapped else ()),
        *_LOOKED_FOR,
    ]
    for name in dict.fromkeys(names):
        looked = deals.sheet.named(name)
        if looked is None:
            continue
        rows = intake.con.execute(
            f"SELECT trim({quoted(looked.name)}::VARCHAR) AS x, count(*) FROM {deals.sheet.raw} WHERE x IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        found = {str(value): int(count) for value, count in rows if len(str(value)) < 60 and _TEST.match(str(value))}
        if found and sum(found.values()) < 0.2 * deals.sheet.rows:
            proposals[looked.name] = dict(list(found.items())[:6])


def no_leads(deals: Recognised) -> list[str]:
    """Reasons of a loss that say that the request was no lead: spam, a test, a duplicate."""
    looked = deals.looked("loss_reason")
    return [word for word, _ in looked.common if _NO_LEAD.search(word)] if looked else []


def duplicates(intake: Intake, deals: Recognised, doubts: list[Text]) -> str | None:
    """What is done with several rows of one deal: rows of products are summed."""
    key, amount = deals.mapped["deal_id"], deals.mapped.get("amount")
    if key.row or amount is None:
        return None
    identity, value = quoted(key.names[0]), quoted(amount.names[0])
    differing, same = intake.con.execute(
        f"SELECT count(*) FILTER (WHERE kinds > 1), count(*) FILTER (WHERE kinds <= 1) FROM (SELECT count(DISTINCT {value}) AS kinds FROM {deals.sheet.raw} GROUP BY {identity} HAVING count(*) > 1)"
    ).fetchall()[0]
    products = [
        looked.name
        for name in (deals.layout.product_columns if deals.layout else ("Товар", "Product", "Product Name"))
        if (looked := deals.sheet.named(name))
    ]
    if not differing and not (same and products):
        return None
    if products and (differing or _rows_make_the_amount(intake, deals, identity, value)):
        doubts.append(
            Text(
                f"у сделок по нескольку строк, по одной на товар: сумма сделки — сумма строк ({differing + same})",
                f"deals have a row for each product: their amount is the sum of the rows ({differing + same})",
            )
        )
        return "sum"
    doubts.append(
        Text(
            f"у {differing + same} сделок по нескольку строк; взята самая новая: проверьте",
            f"{differing + same} deals have several rows; the newest is taken: check it",
        )
    )
    return "newest"


def _rows_make_the_amount(intake: Intake, deals: Recognised, identity: str, value: str) -> bool:
    """Whether the amount of a row is its own price times quantity, so that equal amounts are two products of one price."""
    price, quantity = (
        (deals.sheet.named(name) for name in ("Цена", "Количество"))
        if deals.sheet.named("Цена")
        else (deals.sheet.named("Price"), deals.sheet.named("Quantity"))
    )
    if price is None or quantity is None:
        return False
    number = "TRY_CAST(replace(replace({}, ' ', ''), ',', '.') AS DOUBLE)"
    row = intake.con.execute(
        f"SELECT avg((abs({number.format(value)} - {number.format(quoted(price.name))} * {number.format(quoted(quantity.name))}) < 0.02)::INTEGER) FROM {deals.sheet.raw} "
        f"WHERE {identity} IN (SELECT {identity} FROM {deals.sheet.raw} GROUP BY 1 HAVING count(*) > 1)"
    ).fetchall()[0][0]
    return (row or 0) > 0.5
