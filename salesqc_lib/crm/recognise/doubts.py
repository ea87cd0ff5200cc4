"""What the files of a client do not tell, in words."""

from salesqc_lib.crm.recognise.draft import Draft
from salesqc_lib.words import Text


def doubt(made: Draft) -> None:
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
