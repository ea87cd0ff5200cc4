"""Funnel: how many leads came in, how many became contracts, and where they are lost."""

from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.words import Text

CHAPTER = Chapter(
    "funnel",
    20,
    "funnel",
    Text("Воронка", "Funnel"),
    Text(
        "Заявки периода и доля, дошедшая до каждого шага; отдел в целом",
        "Leads of the period and the share that reached each step; the whole department",
    ),
    (
        "leads",
        "lead_to_contract",
        "qualification_rate",
        "qualified_to_key_event_set",
        "key_event_held_rate",
        "key_event_to_contract",
        "contract_to_act",
    ),
    Fact(
        Text("Договорами стали {lead_to_contract} из {leads} заявок", "{lead_to_contract} of {leads} leads became contracts"),
        ("lead_to_contract", "leads"),
    ),
    ("funnel",),
    is_always=True,
)
