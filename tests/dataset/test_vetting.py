"""The rules of vetting, one by one, on a few rows worked out by hand."""

from datetime import date, timedelta

import pytest

from salesqc_lib.dataset.vetting.people import chosen, folded, near_names
from salesqc_lib.dataset.vetting.rhythm import without_early_singles, without_late_singles
from tests.conftest import HEAD, Company, measured

DAY = date(2026, 1, 1)


def days(*offsets: int, n: int = 10) -> list[tuple[date, int]]:
    return [(DAY + timedelta(offset), n) for offset in offsets]


def test_an_event_that_stands_alone_is_no_end() -> None:
    usual = days(*range(60))
    assert without_late_singles([*usual, (DAY + timedelta(400), 1)]) == usual
    assert without_late_singles([*usual, (DAY + timedelta(400), 1), (DAY + timedelta(9000), 2)]) == usual


def test_what_goes_on_is_no_error() -> None:
    """Deals of one quarter, whose closings go on for months; a second export after a gap; a business with a deal in three months."""
    closing = [*days(*range(60)), *((DAY + timedelta(offset), 1) for offset in range(60, 260, 10))]
    assert without_late_singles(closing) == closing
    gap = [*days(*range(60)), *days(*range(150, 200))]
    assert without_late_singles(gap) == gap
    slow = days(*range(0, 4000, 91), n=1)
    assert without_late_singles(slow) == slow


def test_the_same_rule_holds_at_the_beginning() -> None:
    usual = days(*range(60))
    assert without_early_singles([(DAY - timedelta(9000), 1), *usual]) == usual
    assert without_early_singles([*days(-90, -89), *usual]) == [*days(-90, -89), *usual], "twenty deals are no typing error"


def test_a_few_rows_are_believed() -> None:
    few = [(DAY, 1), (DAY + timedelta(200), 1)]
    assert without_late_singles(few) == few


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Анна Петрова", "АННА  петрова", True),
        ("Семёнова", "Семенова", True),
        ("Cеменова", "Семенова", True),  # a Latin C
        ("Anna Smith <a.smith@firm.com>", "Anna Smith", True),
        ("anna@firm.com", "anna@other.com", False),
        ("Анна Петрова", "Анна Петровна", False),
        ("Peter", "Реter", False),  # no Cyrillic letter but the first two: no Latin name is made of it
    ],
)
def test_spellings_of_one_name(one: str, other: str, is_same: bool) -> None:
    assert (folded(one) == folded(other)) == is_same


def test_the_usual_spelling_stands_for_all() -> None:
    assert chosen({"anna smith": 1, "Anna Smith": 5, "Anna Smith <a@b.co>": 9}) == dict.fromkeys(
        ("anna smith", "Anna Smith", "Anna Smith <a@b.co>"), "Anna Smith"
    )


def test_two_addresses_are_two_people_of_one_name() -> None:
    counts = {"Anna Smith <a@b.co>": 9, "ANNA SMITH <A@b.co>": 1, "Anna Smith <smith@b.co>": 4, "Anna Smith": 2}
    assert chosen(counts) == {name: name for name in counts} | {"ANNA SMITH <A@b.co>": "Anna Smith <a@b.co>"}


def test_near_names_are_told_and_numbers_are_not() -> None:
    assert near_names(["Анна Петрова", "Анна Петровна", "Петрова Анна", "Борис"]) == [
        ("Анна Петрова", "Анна Петровна"), ("Анна Петрова", "Петрова Анна"),
    ]  # fmt: skip
    assert near_names(["Seller 1", "Seller 2", "Seller 21"]) == []


def test_on_its_own_day_a_closing_comes_after_everything(company: Company) -> None:
    """Created at ten, called at eleven, closed on that day: answered within the hour, and nothing is back-dated."""
    found = measured(
        company(
            deals="deal_id,created_at,manager,customer_id,outcome,closed_at\n1,2026-01-05T10:00,Ann,x,lost,2026-01-05\n2,2026-01-06T10:00,Ann,y,won,2026-01-07",
            activities="activity_id,kind,at,customer_id,direction\n1,call,2026-01-05T10:30,x,out\n2,call,2026-01-06T18:00,y,out",
        ),
        "answered_within_1h", "never_answered", "suspicious_edits", "sales_cycle",
    )  # fmt: skip
    assert (found.row("answered_within_1h")["k"], found.row("never_answered")["k"]) == (1, 0)
    assert found.tables["suspicious_edits"]["back_dated"].sum() == 0
    assert found.value("sales_cycle") == 86400.0, "from the call on the 6th to the contract on the 7th: a day, not 30 hours"


def test_bare_creations_give_days_and_no_hours(company: Company) -> None:
    data = company(
        deals="deal_id,created_at,outcome,closed_at\n1,2026-01-05,won,2026-01-15\n2,2026-01-05,lost,2026-01-09",
        activities="activity_id,kind,at,deal_id,direction\n1,call,2026-01-05T10:30,1,out",
    )
    found = measured(data, "first_response_time", "answered_within_1h", "never_answered", "sales_cycle_naive".removesuffix("_naive"))
    assert found.row("first_response_time")["reason"] == "precision:day"
    assert found.row("answered_within_1h")["reason"] == "precision:day"
    assert found.row("never_answered")["k"] == 1
    assert found.value("sales_cycle") == 10 * 86400.0


@pytest.mark.parametrize(
    ("zone", "days"), [("Europe/Moscow", [5, 6, 7]), ("America/New_York", [5, 6, 7]), ("Asia/Irkutsk", [5, 6, 7]), ("UTC", [5, 6, 7])]
)
def test_midnights_of_utc_are_the_days_that_stand_there(company: Company, zone: str, days: list[int]) -> None:
    head = HEAD.replace("timezone: UTC", f"timezone: {zone}")
    assert zone in head
    lines = [f"{day},2026-01-{day:02}T00:00:00Z" for day in days]
    data = company(head=head, deals="\n".join(["deal_id,created_at", *lines]))
    assert [row[0] for row in data.con.execute("SELECT day(created_at) FROM canonical.deals ORDER BY 1").fetchall()] == days
    assert ("deals", "created_at") in data.days


def test_a_task_due_at_eight_in_irkutsk_is_due_at_eight(company: Company) -> None:
    """Midnight in UTC is eight in the morning there: the hour at which a program sets a task."""
    tasks = "\n".join(["task_id,due_at,manager", *(f"{day},2026-01-{day:02}T08:00:00,Ann" for day in (5, 6, 7))])
    deals = "deal_id,created_at\n1,2026-01-05T10:00"
    data = company(head=HEAD.replace("timezone: UTC", "timezone: Asia/Irkutsk"), deals=deals, tasks=tasks)
    assert data.con.execute("SELECT DISTINCT hour(due_at) FROM canonical.tasks").fetchall() == [(8,)]


def test_one_deal_of_three_in_the_morning_is_no_day(company: Company) -> None:
    data = company(head=HEAD.replace("timezone: UTC", "timezone: Europe/Moscow"), deals="deal_id,created_at\n1,2026-01-05T03:00")
    assert data.con.execute("SELECT hour(created_at) FROM canonical.deals").fetchall() == [(3,)]


def test_the_moment_of_the_export_is_told_with_its_origin(company: Company) -> None:
    from salesqc_lib.dataset import Dataset
    from salesqc_lib.params import read

    data = company(deals="deal_id,created_at,outcome,closed_at\n1,2026-01-05T10:00,open,2026-06-30\n2,2026-01-06T09:15,lost,2026-01-20")
    file = data.parameters.file
    file.write_text(file.read_text().replace(", as_of: 2026-02-01T00:00:00", ""))
    found = Dataset.read(read(file), date(2026, 11, 24))
    assert (found.as_of.isoformat(), found.as_of_origin) == ("2026-01-21T00:00:00+00:00", "deals.closed_at")
    assert {"W101", "W104"} <= {one.code for one in found.warned}
