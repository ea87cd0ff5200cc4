"""Losses and persistence: why deals are lost, and what is done before and after."""

from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.words import Text

CHAPTER = Chapter(
    "persistence",
    70,
    "persistence",
    Text("Потери и касания", "Losses and touches"),
    Text("Проигранные сделки и неответившие клиенты периода", "Lost deals and clients who did not answer, of the period"),
    ("one_and_done", "followed_up_after_refusal", "wins_from_5th_touch", "reactivated"),
    Fact(
        Text(
            "Одно касание у {one_and_done} неответивших и отказавшихся; повторное после отказа — {followed_up_after_refusal}",
            "One touch only for {one_and_done} of those lost; {followed_up_after_refusal} of losses are followed up",
        ),
        ("one_and_done", "followed_up_after_refusal"),
    ),
    ("persistence",),
)
