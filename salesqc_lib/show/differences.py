"""Why our figures may differ from those that a CRM shows: the same data counted both ways."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from salesqc_lib.show.forms.shown import Cell, Shown, grid, paragraph
from salesqc_lib.show.pages import Audited
from salesqc_lib.units import write
from salesqc_lib.words import Text

ALIKE = 0.005  # a difference of less than half a per cent is none


@dataclass(frozen=True)
class Difference:
    """One figure as a CRM counts it (an SQL expression over all deals of the export, with the columns it needs), beside our KPI."""

    name: Text
    crm: Text
    kpi: str
    sql: str
    columns: tuple[str, ...]
    unit: str
    why: Text


# the same data counted twice: that says nothing of what the client's own screen shows
SAME = Text("здесь оба счёта дают одно и то же", "here both ways of counting give the same")
COUNTED_TWICE = Text(
    "Обе колонки посчитаны по этой же выгрузке. С экраном CRM их сверяют параметром control: тогда паспорт показывает разницу по частям.",
    "Both columns are counted from this same export. The client's own screen is compared by the parameter control: then the passport shows the difference by its parts.",
)
_INSIDE = "{column} >= to_timestamp({start}) AND {column} < to_timestamp({end})"
_CREATED, _CLOSED = (_INSIDE.replace("{column}", column) for column in ("created_at", "closed_at"))
_SIGNED = _INSIDE.replace("{column}", "contract_at")
DIFFERENCES = (
    Difference(
        Text("Заявки", "Leads"), Text("все сделки, созданные за период", "every deal created in the period"), "leads",
        f"count(*) FILTER (WHERE {_CREATED})", ("created_at",), "count",
        Text("без нецелевых: спама, дублей, чужого региона", "without non-target ones: spam, duplicates, another region"),
    ),
    Difference(
        Text("Договоры", "Contracts"), Text("выигранные сделки, закрытые за период", "deals won and closed in the period"), "contracts",
        f"count(*) FILTER (WHERE outcome = 'won' AND {_CLOSED})", ("outcome", "closed_at"), "count",
        Text("по дате договора, а не по дате закрытия карточки", "by the date of the contract, not by the day the deal was closed"),
    ),
    Difference(
        Text("Выручка", "Revenue"), Text("сумма выигранных сделок, закрытых за период", "amounts of deals won and closed in the period"), "revenue",
        f"sum(amount) FILTER (WHERE outcome = 'won' AND {_CLOSED})", ("outcome", "closed_at", "amount"), "money",
        Text("по дате договора", "by the date of the contract"),
    ),
    Difference(
        Text("Конверсия в договор", "Lead-to-contract rate"), Text("договоры периода ко всем созданным за период сделкам", "contracts of the period over all deals created in it"), "lead_to_contract",
        f"count(*) FILTER (WHERE {_SIGNED}) / nullif(count(*) FILTER (WHERE {_CREATED}), 0)", ("created_at", "contract_at"), "share",
        Text("по когорте: какая доля заявок этого же периода дошла до договора; CRM делит договоры по старым заявкам на новые заявки", "by cohort: which share of this period's own leads has signed; a CRM divides contracts of old leads by new leads"),
    ),
    Difference(
        Text("Доля выигранных", "Win rate"), Text("выигранные к созданным за период", "won over created in the period"), "win_rate",
        f"count(*) FILTER (WHERE outcome = 'won' AND {_CREATED}) / nullif(count(*) FILTER (WHERE {_CREATED}), 0)", ("created_at", "outcome"), "share",
        Text("выигранные к закрытым квалифицированным: открытые сделки ещё не проиграны, неквалифицированным продать не пытались", "won over the qualified deals closed: open deals are not lost yet, and nobody tried to sell to those not qualified"),
    ),
    Difference(
        Text("Время до договора", "Time to contract"), Text("среднее по выигранным за период, от создания до закрытия карточки", "mean over deals won in the period, from creation to closing"), "sales_cycle",
        f"avg(epoch(closed_at) - epoch(created_at)) FILTER (WHERE outcome = 'won' AND {_CLOSED})", ("outcome", "closed_at", "created_at"), "seconds",
        Text("медиана с учётом ещё открытых сделок; среднее по выигранным открытых не видит, и несколько долгих сделок его сдвигают", "median with open deals allowed for; a mean over won deals leaves the open ones out, and a few long deals move it"),
    ),
)  # fmt: skip


def differences(audit: Audited) -> Shown:
    """Figures that a CRM's dashboard would show for the period, beside ours, with the reason for the difference."""
    reader, language = audit.measured.reader, audit.language
    source, have = audit.dataset.every_deal
    window = audit.period.bounds(audit.parameters.zone)
    rows: list[list[Cell | str]] = []
    for one in DIFFERENCES:
        if not set(one.columns) <= have or one.kpi not in set(audit.measured.frame["kpi"]):
            continue
        ours, theirs = audit.measured.value(one.kpi), _by_crm(audit.dataset.con, source, one, window)
        if pd.isna(ours) or pd.isna(theirs):
            continue
        values = [write(value, one.unit, language, reader.currency) for value in (theirs, ours)]
        is_alike = values[0] == values[1] or abs(ours - theirs) <= ALIKE * max(abs(ours), abs(theirs))
        why = SAME if is_alike else one.why
        rows.append([one.name[language], Cell(values[0], one.crm[language]), values[1], why[language]])
    if not rows:
        return paragraph(Text("Сравнить не с чем: в выгрузке нет нужных дат.", "Nothing to compare: the export lacks the dates.")[language])
    header = [
        text[language]
        for text in (
            Text("Показатель", "Measure"),
            Text("Как считает CRM", "As a CRM counts"),
            Text("У нас", "Ours"),
            Text("Почему", "Why"),
        )
    ]
    return grid(header, rows, align="llrl", widths=["0.9fr", "1.3fr", "auto", "1.6fr"], note=COUNTED_TWICE[language])


def _by_crm(con: Any, source: str, one: Difference, window: tuple[datetime, datetime]) -> float:
    start, end = (moment.timestamp() for moment in window)
    row = con.execute(f"SELECT CAST({one.sql.format(start=start, end=end)} AS DOUBLE) FROM {source}").fetchall()[0]
    return float("nan") if row[0] is None else float(row[0])
