"""Animals of attributes and outcomes: known of winners only, nothing lost, nothing won, a wrong map."""

from datetime import datetime, timedelta

from tests.zoo.animals.animal import animal, inside, won
from tests.zoo.client import AS_OF, Client


@animal(warns=("W401",), combines=True)
def the_product_is_known_of_winners_only(client: Client) -> None:
    for row in client.deals:
        if row["outcome"] != "won":
            row["product"] = None


@animal(warns=("W401",))
def the_amount_is_known_of_winners_only(client: Client) -> None:
    for row in client.deals:
        if row["outcome"] != "won":
            row["amount"] = None


@animal(combines=True)
def channels_that_say_nothing(client: Client) -> None:
    for place, row in enumerate(client.deals):
        if place % 3 == 0:
            row["channel"] = ("(empty)", "unknown", "не указан", "—")[place % 4]


@animal(warns=("W402",), missing=(("win_rate", "no_losses"), ("refusal_reasons", "no_losses"), ("refusal_rate", "no_losses")), totals="own")
def nothing_was_ever_lost(client: Client) -> None:
    client.files["deals"] = [row for row in client.deals if row["outcome"] != "lost"]
    client.more["zoo_expected"] = {"leads": sum(1 for row in client.deals if inside(row, "created_at"))}


@animal(warns=("W402",), missing=(("win_rate", "only_wins"), ("lead_to_contract", "only_wins")), totals="own", is_as_of_true=False)
def an_export_of_winners_alone(client: Client) -> None:
    client.files["deals"] = won(client)
    client.more["zoo_expected"] = {"leads": sum(1 for row in client.deals if inside(row, "created_at"))}


@animal(warns=("W403",), missing=(("win_rate", "no_wins"),), totals="own")
def nothing_was_ever_won(client: Client) -> None:
    for row in won(client):
        row["outcome"] = "lost"
    client.more["zoo_expected"] = {"contracts": 0, "revenue": 0}


@animal(warns=("W404",), totals="own")
def closed_yes_was_mapped_to_won(client: Client) -> None:
    for row in client.deals:
        row["outcome"] = (
            "да" if row["outcome"] != "open" and row["deal_id"][-2:] != "77" else "нет" if row["outcome"] == "open" else "отказ"
        )
    client.values["deals"] = {"outcome": {"да": "won", "нет": "open", "отказ": "lost"}}
    counted = [row for row in client.deals if row["outcome"] == "да" and inside(row)]
    client.more["zoo_expected"] = {"contracts": len(counted), "revenue": sum(row["amount"] for row in counted)}


@animal(warns=("W406",), totals="own", is_as_of_true=False)
def the_system_closes_after_exactly_a_month(client: Client) -> None:
    for row in client.deals:
        if row["closed_at"]:
            row["closed_at"] = row["created_at"] + timedelta(days=30)
            if row["closed_at"] >= AS_OF - timedelta(days=1):
                row |= {"outcome": "open", "closed_at": None}
    counted = [row for row in won(client) if inside(row)]
    client.more["zoo_expected"] = {"contracts": len(counted), "revenue": sum(row["amount"] for row in counted)}


@animal(warns=("W405",), totals="bounds", is_as_of_true=False)
def a_planned_date_was_mapped_to_the_closing(client: Client) -> None:
    for place, row in enumerate(client.deals):
        if row["closed_at"] and row["created_at"] > datetime(2026, 6, 1):
            row["closed_at"] = AS_OF + timedelta(days=20 + place % 90)
    client.as_of = "2026-10-15T18:00:00"


@animal(combines=False)
def contracts_without_an_outcome(client: Client) -> None:
    for row in client.deals:
        row["contract_at"] = row["closed_at"] if row["outcome"] == "won" else None
        row.pop("outcome")
        row.pop("closed_at")


@animal(totals="own", warns=("W215",), is_as_of_true=False)
def nothing_is_known_of_outcomes(client: Client) -> None:
    for row in client.deals:
        row |= {"outcome": None, "closed_at": None}
    client.more["zoo_expected"] = {"contracts": None, "revenue": None}


@animal(warns=("W113",), missing=(("never_answered", "no_contacts"), ("first_response_time", "no_contacts")))
def calls_that_belong_to_no_deal(client: Client) -> None:
    for row in client.files["activities"]:
        row["deal_id"] += "AAQ"


@animal(warns=("W409",), totals="own", is_as_of_true=False)
def an_export_of_closed_deals_alone(client: Client) -> None:
    client.files["deals"] = [row for row in client.deals if row["outcome"] != "open"]
    client.more["zoo_expected"] = {"leads": sum(1 for row in client.deals if inside(row, "created_at"))}
