"""Figures of others, each with its source and the grade of its reliability. The client's own figures always stand beside them."""

from dataclasses import dataclass

from salesqc_lib.sources import AMOCRM, HBR_2011, NSEA, Source
from salesqc_lib.words import Text

GRADES = {
    "study": Text("исследование", "study"),
    "hearsay": Text("источник не указан", "hearsay: no source given"),
    "myth": Text("миф: такого исследования нет", "myth: there is no such study"),
}


@dataclass(frozen=True)
class Benchmark:
    """A figure of others: what it says, about which KPI, who says so. `value` is in the KPI's unit, None where it is no single one."""

    kpi: str
    claim: Text
    source: Source
    value: float | None = None


_UNSOURCED = Source(AMOCRM.id, AMOCRM.title, "hearsay")
BENCHMARKS = (
    Benchmark(
        "answered_within_1h",
        Text("Ответившие в течение часа в 7 раз чаще выходят на лицо, принимающее решение", "Those who answer within an hour are 7 times as likely to reach a decision maker"),
        HBR_2011,
    ),
    Benchmark(
        "answered_within_1h",
        Text("37 % из 2 241 компании США отвечают в течение часа (16 % — за 1–24 часа, 24 % — позже)", "37% of 2,241 US firms answer within an hour (16% within 1–24 hours, 24% later)"),
        HBR_2011,
        0.37,
    ),
    Benchmark("never_answered", Text("23 % компаний не отвечают никогда", "23% of firms never answer"), HBR_2011, 0.23),
    Benchmark(
        "contacts_per_1000_calls", Text("32 контакта на 1000 почти холодных звонков", "32 contacts per 1,000 near-cold calls"), _UNSOURCED, 32.0
    ),
    Benchmark(
        "wins_from_5th_touch",
        Text("«48 % не возвращаются к клиенту; 10 % продаж — на 4-м контакте, 80 % — на 5–12-м»", "“48% never follow up; 10% of sales come on the 4th contact, 80% on the 5th to 12th”"),
        NSEA,
    ),
)  # fmt: skip
