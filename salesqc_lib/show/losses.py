"""The list of regrets: deals lost in the period that were worth most, came furthest, and that nobody speaks with any more."""

import pandas as pd

from salesqc_lib.findings.worth import Worth
from salesqc_lib.show.forms.shown import Cell, Shown, grid, nothing, paragraph
from salesqc_lib.show.pages import Audited
from salesqc_lib.show.words.labels import segment_name
from salesqc_lib.units import write, write_number
from salesqc_lib.words import Text

MOST = 12
STEPS = {
    "contract_at": Text("договор", "contract"), "key_event_held_at": Text("ключевое событие проведено", "key event held"),
    "key_event_set_at": Text("ключевое событие назначено", "key event set"), "qualified_at": Text("квалификация", "qualified"),
    "": Text("заявка", "lead"),
}  # fmt: skip
NEEDED = {"outcome", "closed_at"}


def regrets(audit: Audited, most: int = MOST) -> Shown:
    """Deals lost in the period, by what they were worth times what a deal on their step usually still becomes."""
    reader, language, dataset = audit.measured.reader, audit.language, audit.dataset
    columns = set(dataset.shapes["deals"].columns)
    if audit.measured.is_empty or not columns >= NEEDED:
        return nothing()
    start, end = (moment.timestamp() for moment in audit.period.bounds(audit.parameters.zone))
    told = [name for name in ("manager", "loss_reason") if name in columns]
    lost: pd.DataFrame = dataset.frame(
        f"SELECT deal_id{''.join(f', {name}' for name in told)} FROM facts.deals WHERE outcome = 'lost' "
        f"AND closed_at >= to_timestamp({start}) AND closed_at < to_timestamp({end})"
    )
    every = len(lost)
    if not every and dataset.con.execute("SELECT count(*) FROM facts.deals WHERE outcome = 'lost' AND closed_at IS NULL").fetchall()[0][0]:
        undated = Text("Даты закрытия проигранных сделок неизвестны.", "Nobody knows when the lost deals were closed.")
        return paragraph(undated[language], "note")
    if not every:
        return paragraph(Text("Проигранных сделок за период нет.", "No deal was lost in the period.")[language], "note")
    worth = Worth(dataset, audit.period)
    lost = lost.join(worth.deals[["worth", "step", "idle_days"]], on="deal_id").dropna(subset=["worth"])
    chance = {step: worth.onward(step) for step in set(lost["step"])}
    weight = lost["step"].map(chance).astype(float).fillna(0.0)
    lost = lost.assign(regret=lost["worth"].astype(float) * weight).sort_values(
        ["regret", "worth", "deal_id"], ascending=[False, False, True], ignore_index=True
    )
    chosen = lost[lost["regret"] > 0].head(most)
    if chosen.empty:
        text = Text(
            "Проиграно за период: {n}; оценить их в деньгах нельзя: мало договоров с суммой или неизвестно, какая доля таких сделок подписывается.",
            "Deals lost in the period: {n}. They cannot be valued: few contracts have an amount, or nobody knows which part of such deals sign.",
        )
        return paragraph(text.format(n=write_number(every, language))[language], "note")
    header = [
        text[language]
        for name, text in (
            ("", Text("Сделка", "Deal")), ("manager", Text("Менеджер", "Seller")), ("", Text("Дошла до", "Came as far as")),
            ("", Text("Сумма", "Worth")), ("", Text("Без контакта, дней", "Days without contact")), ("loss_reason", Text("Причина", "Reason")),
        )
        if not name or name in told
    ]  # fmt: skip
    rows: list[list[Cell | str]] = []
    for row in chosen.to_dict("records"):
        cells: list[Cell | str] = [str(row["deal_id"])]
        if "manager" in told:
            cells.append(segment_name(str(row["manager"]), language))
        cells += [
            STEPS[row["step"]][language],
            Cell(write(row["worth"], "money", language, reader.currency), value=row["worth"]),
            Cell(write(row["idle_days"], "count", language), value=row["idle_days"]),
        ]
        if "loss_reason" in told:
            cells.append(segment_name(str(row["loss_reason"]), language))
        rows.append(cells)
    note = Text(
        "Всего проиграно за период: {n}. Показаны {k} с наибольшим ожидаемым результатом: сумма (без неё — средний договор продукта) на долю сделок того же шага, которые подписывают договор.",
        "Deals lost in the period: {n}. Shown are the {k} with the largest expected result: the amount (without one, the product's mean contract) times the share of deals on that step which sign.",
    ).format(n=write_number(every, language), k=len(chosen))
    align = "l" + "l" * ("manager" in told) + "lrr" + "l" * ("loss_reason" in told)
    widths = ["auto", *["1fr"] * ("manager" in told), "1.3fr", "auto", "auto", *["1fr"] * ("loss_reason" in told)]
    return grid(header, rows, align=align, widths=widths, frame=chosen) + paragraph(note[language], "note")
