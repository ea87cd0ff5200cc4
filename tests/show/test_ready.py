"""What to bring, in words."""

from salesqc_lib.measure.openings import Opening
from salesqc_lib.show.ready import what_it_opens, what_to_bring, where_it_is


def test_what_is_missing_is_named_with_what_it_needs_and_opens() -> None:
    calls = Opening("activities", "", ("calls", "answered_within_1h"))
    assert what_to_bring(calls, "en") == "calls and messages (time, seller, deal or client's phone, direction, result, duration)"
    tasks = Opening("tasks", "", ("overdue_tasks",))
    assert what_it_opens(tasks, "ru") == "1 показатель: дисциплина в CRM"
    assert what_it_opens(tasks, "en") == "1 measure: CRM discipline"
    assert what_it_opens(calls, "en") == "2 measures: activity and calls, speed"


def test_it_is_told_where_the_clients_own_crm_has_it() -> None:
    calls = Opening("activities", "", ("calls",))
    told = where_it_is(calls, "Bitrix24")
    assert told is not None
    assert "voximplant.statistic.get" in told["en"]
    elsewhere = where_it_is(calls, "")
    assert elsewhere is not None
    assert elsewhere["en"] == "the log of the telephony"
