"""Channels: which leads qualify and sign, and what they cost."""

from salesqc_lib.findings import Findings
from salesqc_lib.kpi.card import CHANNEL
from salesqc_lib.measure import Measurement
from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.show.charts.forest import message, segments_of
from salesqc_lib.words import Text


def _title(measured: Measurement, findings: Findings) -> str:
    """Whether channels differ in what becomes of their leads."""
    if any(CHAPTER.holds(one) for one in findings.faults):
        return ""
    for kpi in ("qualification_rate", "lead_to_contract"):
        if kpi in set(measured.frame["kpi"]) and len(rows := segments_of(measured, kpi, CHANNEL)) > 1:
            return message(kpi, rows, measured.reader.language)
    return ""


CHAPTER = Chapter(
    "channels",
    30,
    "funnel",
    Text("Каналы", "Channels"),
    Text(
        "Доля квалифицированных и подписавших, цена заявки и договора по каналам",
        "Share that qualifies and signs, cost of a lead and of a contract, by channel",
    ),
    ("cost_per_lead", "cost_per_contract", "qualification_rate", "lead_to_contract"),
    Fact(
        Text("Заявка стоит {cost_per_lead}, договор {cost_per_contract}", "A lead costs {cost_per_lead}, a contract {cost_per_contract}"),
        ("cost_per_lead", "cost_per_contract"),
    ),
    is_of_channels=True,
    title=_title,
    is_always=True,
)
