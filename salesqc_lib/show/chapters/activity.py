"""Activity and calls: how much is done, and how much of it reaches a person."""

from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.words import Text

CHAPTER = Chapter(
    "activity",
    50,
    "activity",
    Text("Активность и звонки", "Activity and calls"),
    Text("Звонки и разговоры периода", "Calls and conversations of the period"),
    ("calls", "calls_per_day", "conversation_rate", "talk_time", "touches_per_deal"),
    Fact(Text("Звонков {calls}, дозвон {conversation_rate}", "{calls} calls, {conversation_rate} reached"), ("calls", "conversation_rate")),
    ("activity",),
)
