"""Left alone: open deals without a task or a touch, overdue tasks, losses without a reason."""

from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.words import Text

CHAPTER = Chapter(
    "discipline",
    60,
    "discipline",
    Text("Забытые сделки", "Left alone"),
    Text("Открытые сделки и задачи на момент выгрузки", "Open deals and tasks at the moment of the export"),
    ("no_next_task", "idle_deals", "overdue_tasks", "reason_missing", "past_close_date", "fields_filled", "duplicates"),
    Fact(
        Text(
            "Без задачи {no_next_task} открытых сделок, без касания дольше нормы {idle_deals}",
            "{no_next_task} of open deals have no task, {idle_deals} no touch within the norm",
        ),
        ("no_next_task", "idle_deals"),
    ),
    ("discipline",),
)
