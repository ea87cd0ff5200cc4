"""Deals to work through: each once, with all that says it waits, and a proposal that follows from how long and how far."""

from collections.abc import Callable

from salesqc_lib.dataset import Dataset
from salesqc_lib.findings.worklist import COLUMNS, worklist
from salesqc_lib.period import Period

PERIOD = Period.parse("2026-06")
DEALS = """\
deal_id,created_at,manager,stage,outcome,amount,qualified_at,key_event_held_at,contract_at,closed_at
won,2026-06-01,Ann,Signed,won,100,2026-06-01,2026-06-02,2026-06-03,2026-06-03
lost,2026-06-01,Ann,Lost,lost,,2026-06-02,,,2026-06-05
far,2026-01-01,Ann,Survey held,open,900,2026-01-02,2026-01-10,,
lead,2026-01-01,Bob,New,open,,,,,
old,2025-08-01,Bob,New,open,,,,,
fresh,2026-06-29,Bob,New,open,,,,,
"""
ACTIVITIES = """\
activity_id,kind,at,deal_id,manager,direction,result,duration_s
1,call,2026-03-01T10:00:00,far,Ann,out,conversation,90
2,call,2026-03-15T10:00:00,lead,Bob,out,conversation,90
3,call,2025-09-01T10:00:00,old,Bob,out,conversation,90
4,call,2026-06-29T10:00:00,fresh,Bob,out,conversation,90
"""
TASKS = """\
task_id,deal_id,manager,created_at,due_at,completed_at
1,lead,Bob,2026-06-01,2026-07-10,
2,fresh,Bob,2026-06-29,2026-07-10,
"""


def test_a_deal_that_waits_stands_once_with_what_to_do(company: Callable[..., Dataset]) -> None:
    found = worklist(company(deals=DEALS, activities=ACTIVITIES, tasks=TASKS, as_of="2026-06-30T12:00:00"), PERIOD).set_index("deal_id")
    assert list(found.reset_index().columns) == list(COLUMNS)
    assert set(found.index) == {"far", "lead", "old"}, "won, lost and just touched deals do not wait"
    assert found["flags"].to_dict() == {"far": "no_task idle", "lead": "idle", "old": "no_task idle"}
    # held meeting, 121 days without a touch: still warm; a lead of 107 days is nurtured, one of 302 closed
    assert found["disposition"].to_dict() == {"far": "next_step", "lead": "nurture", "old": "close"}
    assert list(found.index) == ["far", "lead", "old"], "those still warm come first"
    assert round(found.loc["far", "idle_days"]) == 121
    assert (found.loc["far", "amount"], bool(found.loc["far", "is_estimate"])) == (900.0, False)
    assert (found[["reason", "next_step", "owner", "date"]] == "").all().all(), "people fill these in"


def test_without_anything_to_tell_by_the_list_is_empty(company: Callable[..., Dataset]) -> None:
    found = worklist(company(deals="deal_id,created_at\n1,2026-06-01"), PERIOD)
    assert found.empty
    assert list(found.columns) == list(COLUMNS)
