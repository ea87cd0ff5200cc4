"""Speed: how fast leads are answered and deals move."""

from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.words import Text

CHAPTER = Chapter(
    "speed",
    40,
    "speed",
    Text("Скорость", "Speed"),
    Text(
        "Время от заявки до первого исходящего касания человека; рабочие часы, если задан календарь",
        "Time from a lead to the first outgoing human touch; working hours where a calendar is set",
    ),
    ("first_response_time", "answered_within_1h", "never_answered", "missed_calls", "sales_cycle"),
    Fact(
        Text(
            "Половина заявок получает ответ за {first_response_time}; без ответа {never_answered}",
            "Half of the leads are answered within {first_response_time}; {never_answered} never",
        ),
        ("first_response_time", "never_answered"),
    ),
    ("speed",),
)
