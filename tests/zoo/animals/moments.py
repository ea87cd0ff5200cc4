"""Animals of moments: plans, typing errors, bare dates, wins without a date, exports that begin late or end early."""

from datetime import datetime, timedelta

from tests.zoo.animals.animal import animal, inside, lost, outside, won
from tests.zoo.client import AS_OF, END, START, Client


@animal(warns=("W101",), silent=("W102", "W109"), combines=True)
def open_deals_with_planned_closings(client: Client) -> None:
    for place, row in enumerate(row for row in client.deals if row["outcome"] == "open"):
        row["closed_at"] = AS_OF + timedelta(days=10 + 3 * place)


@animal(warns=("W101",), combines=True)
def open_deals_whose_planned_date_has_passed(client: Client) -> None:
    for row in client.deals:
        if row["outcome"] == "open":
            row["closed_at"] = row["created_at"] + timedelta(days=2)


@animal(warns=("W103",), combines=True)
def calls_typed_years_ahead(client: Client) -> None:
    for place, row in enumerate(client.files["activities"][:2]):
        row["at"] = datetime(2062 + place, 3, 1, 12)


@animal(warns=("W103",))
def a_deal_created_years_ahead(client: Client) -> None:
    client.deals[3]["created_at"] = datetime(2044, 1, 1, 12)


@animal(warns=("W103",))
def a_win_closed_years_ahead(client: Client) -> None:
    row = outside(won(client))[0]
    row["closed_at"] = row["created_at"] + timedelta(days=9000)
    client.files["activities"] = [one for one in client.files["activities"] if one["deal_id"] != row["deal_id"]]
    client.more["dates"] = {"undated": "created"}


@animal(warns=("W102", "W103"))
def a_call_that_stands_alone_in_the_past_year(client: Client) -> None:
    """The whole firm moved back by two years: the typing error is no day of the run's future, and yet stands alone."""
    back = timedelta(days=730)
    for rows in client.files.values():
        for row in rows:
            for key, value in row.items():
                if isinstance(value, datetime):
                    row[key] = value - back
    client.files["activities"][5]["at"] = AS_OF - timedelta(days=200)
    client.more["zoo_period"] = "2024-Q3"


@animal(warns=("W104",), combines=True)
def closings_are_bare_dates(client: Client) -> None:
    for row in client.deals:
        row["closed_at"] = row["closed_at"] and row["closed_at"].date()


@animal(warns=("W104",), missing=(("first_response_time", "precision:day"), ("answered_within_1h", "precision:day")), combines=True)
def creations_are_bare_dates(client: Client) -> None:
    for row in client.deals:
        row["created_at"] = row["created_at"].date()


@animal(warns=("W104",), missing=(("first_response_time", "precision:day"),))
def calls_are_bare_dates(client: Client) -> None:
    for row in client.files["activities"]:
        row["at"] = row["at"].date()


@animal(warns=("W104",), is_as_of_true=False)
def everything_is_bare_dates(client: Client) -> None:
    for rows in client.files.values():
        for row in rows:
            for key, value in row.items():
                if isinstance(value, datetime):
                    row[key] = value.date()


@animal(totals="bounds", warns=("W105",), combines=True)
def four_wins_of_ten_have_no_closing_date(client: Client) -> None:
    for row in won(client)[::5] + won(client)[2::5]:
        row["closed_at"] = None


@animal(totals="bounds", warns=("W105",), is_as_of_true=False)
def no_win_has_a_closing_date(client: Client) -> None:
    for row in won(client):
        row["closed_at"] = None


@animal(totals="own", warns=("W105",))
def undated_wins_count_at_their_creation(client: Client) -> None:
    chosen = won(client)[::5]
    for row in chosen:
        row["closed_at"] = None
    client.more["dates"] = {"undated": "created"}
    counted = [row for row in won(client) if inside(row) or (not row["closed_at"] and inside(row, "created_at"))]
    client.more["zoo_expected"] = {"contracts": len(counted), "revenue": sum(row["amount"] for row in counted)}


@animal(totals="own", warns=("W105",))
def undated_wins_are_left_out(client: Client) -> None:
    for row in won(client)[::5]:
        row["closed_at"] = None
    client.more["dates"] = {"undated": "exclude"}
    counted = [row for row in won(client) if inside(row)]
    leads = [row for row in client.deals if inside(row, "created_at") and (row["outcome"] != "won" or row["closed_at"])]
    client.more["zoo_expected"] = {"contracts": len(counted), "revenue": sum(row["amount"] for row in counted), "leads": len(leads)}


@animal(warns=("W106",), combines=True)
def losses_without_a_closing_date(client: Client) -> None:
    for row in lost(client)[::4]:
        row["closed_at"] = None


@animal(warns=("W107",))
def the_records_begin_in_june(client: Client) -> None:
    client.files["deals"] = [row for row in client.deals if row["created_at"] >= datetime(2026, 6, 3)]


@animal(warns=("W108",), combines=True)
def two_hundred_deals_of_one_minute(client: Client) -> None:
    for place in range(200):
        client.deals.append(client.deals[10] | {
            "deal_id": f"I{place}", "created_at": datetime(2025, 9, 9, 12, 30, place % 60), "outcome": "lost", "closed_at": datetime(2025, 9, 20, 12, 0, place % 60),
            "customer_id": f"I{place}",
        })  # fmt: skip


@animal(warns=("W103",), combines=True)
def meetings_planned_ahead(client: Client) -> None:
    for place in range(12):
        client.files["activities"].append(client.files["activities"][0] | {
            "activity_id": f"M{place}", "kind": "meeting", "at": AS_OF + timedelta(days=1 + place), "result": None, "duration_s": None,
        })  # fmt: skip


@animal(warns=("W109",))
def a_call_after_the_day_in_the_files_name(client: Client) -> None:
    client.files["deals_2026-10-15"] = client.files.pop("deals")
    client.tables["deals"] = ["deals_2026-10-15"]
    client.files["activities"][7]["at"] = AS_OF + timedelta(days=2)


@animal(warns=("W110",), combines=True)
def deals_closed_before_they_were_created(client: Client) -> None:
    for row in outside(lost(client))[:8]:
        row["closed_at"] = row["created_at"] - timedelta(days=3)


@animal(warns=("W111",))
def deals_without_a_creation_date(client: Client) -> None:
    for row in outside(lost(client))[:6]:
        row["created_at"] = None
    client.may_be_empty["deals"] = ["created_at"]


@animal()
def the_moment_of_the_export_is_given(client: Client) -> None:
    client.as_of = "2026-10-14T22:19:30.657558"


@animal(combines=True)
def days_first(client: Client) -> None:
    for row in client.deals:
        for key in ("created_at", "closed_at"):
            if isinstance(row[key], datetime):
                row[key] = f"{row[key]:%d.%m.%Y %H:%M:%S}"
            elif row[key]:
                row[key] = f"{row[key]:%d.%m.%Y}"


@animal(totals="bounds", warns=("W105",))
def wins_without_a_contract_date_and_no_closings(client: Client) -> None:
    for place, row in enumerate(client.deals):
        row["contract_at"] = row["closed_at"] if row["outcome"] == "won" and place % 5 else None
        row.pop("closed_at")


@animal(totals="bounds", warns=("W405",), is_as_of_true=False)
def the_moment_of_the_export_is_too_early(client: Client) -> None:
    """No deal is created after it, and many are closed."""
    client.files["deals"] = [row for row in client.deals if row["created_at"] < END]
    client.as_of = "2026-10-01T00:00:00"


@animal(warns=("W104",), is_as_of_true=False)
def closings_are_midnights_of_utc(client: Client) -> None:
    for row in client.deals:
        row["closed_at"] = row["closed_at"] and f"{row['closed_at']:%Y-%m-%d}T00:00:00.000Z"


@animal(totals="bounds", warns=("W105", "W111"))
def undated_wins_that_nobody_created(client: Client) -> None:
    for row in won(client)[::6]:
        row |= {"closed_at": None, "created_at": None} if not inside(row, "created_at") else {"closed_at": None}
    client.may_be_empty["deals"] = ["created_at"]


@animal(warns=("W116",), silent=("W112",))
def the_log_of_calls_begins_a_month_before_the_period(client: Client) -> None:
    client.files["activities"] = [row for row in client.files["activities"] if row["at"] >= START - timedelta(days=30)]


@animal(warns=("W112",), silent=("W116",), missing=(("calls", "not_logged"), ("idle_deals", "not_logged")))
def the_log_of_calls_begins_late(client: Client) -> None:
    client.files["activities"] = [row for row in client.files["activities"] if row["at"] >= datetime(2026, 8, 15)]


@animal(warns=("W114",), totals="own", is_as_of_true=False)
def new_deals_end_in_june(client: Client) -> None:
    rows = [row for row in client.deals if row["created_at"] < datetime(2026, 7, 1)]
    for place, row in enumerate(row for row in rows if row["outcome"] == "lost" and row["closed_at"] > datetime(2026, 5, 1)):
        row["closed_at"] = datetime(2026, 7, 1, 12) + timedelta(days=place % 100)
    client.files["deals"] = rows
    counted = [row for row in won(client) if inside(row)]
    client.more["zoo_expected"] = {"leads": 0, "contracts": len(counted), "revenue": sum(row["amount"] for row in counted),
                                   "sellers": len({row["manager"] for row in counted})}  # fmt: skip


@animal(warns=("W115",), is_as_of_true=False, totals="own")
def the_moment_of_the_export_is_too_late(client: Client) -> None:
    client.as_of = "2027-09-01T00:00:00"
    client.more["zoo_period"] = "2027-Q1"
    client.more["zoo_expected"] = {"leads": 0, "contracts": 0, "revenue": 0, "sellers": 0}
