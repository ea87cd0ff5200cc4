"""Quality of conversations, by the scorecards of those that were reviewed."""

from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.words import Text

CHAPTER = Chapter(
    "quality",
    55,
    "quality",
    Text("Качество разговоров", "Quality of conversations"),
    Text("Прослушанные разговоры периода, балл от 0 до 100", "Reviewed conversations of the period, scores from 0 to 100"),
    ("review_coverage", "review_score", "objection_handling", "next_step_agreed", "script_adherence", "reviewer_agreement"),
    Fact(
        Text(
            "Прослушано {review_coverage} разговоров, балл {review_score} из 100",
            "{review_coverage} of conversations are reviewed, score {review_score} of 100",
        ),
        ("review_coverage", "review_score"),
    ),
    ("quality",),
)
