"""Who works, and who is gone."""

from datetime import UTC, date, datetime

from salesqc_lib.dataset.presence import Presence
from salesqc_lib.period import Period
from tests.conftest import Company

JANUARY = Period.parse("2026-01")
EXPORT = datetime(2026, 6, 2, 12, tzinfo=UTC)


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


def test_somebody_works_who_did_something_in_the_period_and_is_not_gone() -> None:
    presence = Presence(
        {"Ann": (day(1, 5), day(6, 1)), "Bob": (day(1, 5), day(2, 1)), "Cid": (day(5, 1), day(6, 1)), "Nobody": ()}, {}, EXPORT
    )
    assert [presence.works(name, JANUARY) for name in ("Ann", "Bob", "Cid", "Nobody")] == [True, False, False, False]
    assert presence.gone == ("Bob", "Nobody")


def test_a_seller_of_few_deals_is_not_gone_after_a_usual_gap() -> None:
    """A deal in two months is usual with Dan: seventy quiet days say nothing."""
    quarterly = (*(day(1 + 2 * n, 5, 2025) for n in range(6)), day(1, 5), day(3, 5))
    presence = Presence({"Dan": quarterly, "Eve": (day(5, 14),)}, {}, datetime(2026, 5, 15, tzinfo=UTC))
    assert not presence.is_gone("Dan")


def test_a_date_of_leaving_decides() -> None:
    presence = Presence({"Ann": (day(1, 5), day(6, 1))}, {"Ann": datetime(2026, 5, 1, tzinfo=UTC)}, EXPORT)
    assert presence.is_gone("Ann")


def test_a_sign_on_the_eve_of_the_period_is_none_of_the_period() -> None:
    presence = Presence({"Ann": (day(12, 31, 2025), day(2, 1)), "Bob": (day(1, 31),)}, {}, datetime(2026, 2, 2, tzinfo=UTC))
    assert [presence.works(name, JANUARY) for name in ("Ann", "Bob")] == [False, True]


def test_signs_come_from_activities_and_an_account_without_any_is_nobody(company: Company) -> None:
    deals = "deal_id,created_at,manager,outcome,closed_at\n1,2026-01-02T10:00,Ann,open,\n2,2026-01-03T10:00,Admin,open,\n3,2026-01-03T10:00,Bob,won,2026-01-20T10:00"
    activities = "activity_id,kind,at,deal_id,manager,direction\n" + "\n".join(
        f"{n},call,2026-01-{n + 1:02}T10:00,1,Ann,out" for n in range(1, 29)
    )
    presence = company(deals=deals, activities=activities).presence
    assert presence.gone == ("Admin",), "Bob signed a contract: who signs, works"
