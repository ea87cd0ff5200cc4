"""Sellers: who differs in what, beyond chance."""

from salesqc_lib.facts import UNSET
from salesqc_lib.findings import Findings
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import MANAGER
from salesqc_lib.measure import Measurement
from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.show.words.findings import inside
from salesqc_lib.show.words.labels import kpi_name, segment_name
from salesqc_lib.words import Text

NAMED = 3


def _title(measured: Measurement, findings: Findings) -> str:
    """Who differs, and in what."""
    language = measured.reader.language
    if any(one.rule == "divided" and one.by == MANAGER for one in findings):
        return Text(
            "Менеджеры делают разную работу: поимённо они не сравниваются", "Sellers do different work: they are not compared by name"
        )[language]
    found = [one for one in findings.faults if one.by == MANAGER and one.grade == "certain" and one.rule == "peers"]
    better = measured.frame[
        (measured.frame["by"] == MANAGER)
        & (measured.frame["verdict"] == "better")
        & measured.frame["kpi"].isin(list(CATALOGUE))
        & (measured.frame["segment"] != UNSET)
    ]
    if not found and len(better):
        told = {str(row["segment"]): str(row["kpi"]) for row in better.to_dict("records")}
        names = ", ".join(f"{segment_name(name, language)} ({inside(kpi_name(kpi, language))})" for name, kpi in list(told.items())[:NAMED])
        text = Text(
            "Никто не отстаёт от коллег больше случайного; лучше — {names}",
            "Nobody is worse than the others beyond chance; better: {names}",
        )
        return text.format(names=names)[language]
    if not found:
        return Text("Ни один менеджер не отличается от коллег больше случайного", "No seller differs from the others beyond chance")[
            language
        ]
    named = [f"{segment_name(one.segment, language)} ({inside(kpi_name(one.kpi, language))})" for one in found[:NAMED]]
    more = Text(" и ещё {n}", " and {n} more").format(n=len(found) - NAMED)[language] if len(found) > NAMED else ""
    return Text("Отличаются больше случайного: {names}", "Differences beyond chance: {names}").format(names=", ".join(named) + more)[
        language
    ]


CHAPTER = Chapter(
    "managers",
    100,
    "managers",
    Text("Менеджеры", "Sellers"),
    Text(
        "Каждый против медианы коллег; что учтено, сказано у замечаний; ▲▼ — больше случайного",
        "Each against the others' median; what is allowed for stands with the findings; ▲▼ beyond chance",
    ),
    ("lead_to_contract", "win_rate", "average_deal", "first_response_time"),
    Fact(Text("Договорами стали {lead_to_contract} заявок", "{lead_to_contract} of leads became contracts"), ("lead_to_contract",)),
    (),
    title=_title,
    is_always=True,
)
