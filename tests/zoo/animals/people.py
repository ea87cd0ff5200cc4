"""Animals of people: spellings, namesakes, accounts of nobody, sellers who left."""

from datetime import datetime

from tests.zoo.animals.animal import animal, outside
from tests.zoo.client import SELLERS, Client


@animal(warns=("W301",), silent=("W302",), combines=True)
def one_person_in_several_spellings(client: Client) -> None:
    ways = ("{}", "{} ", "{} <x@firm.ru>", "{upper}")
    for place, row in enumerate(client.deals):
        name = row["manager"]
        row["manager"] = ways[place % 4].format(name, upper=name.upper())


@animal(warns=("W301",))
def latin_letters_and_yo(client: Client) -> None:
    for place, row in enumerate(client.deals):
        if row["manager"] == "Вера Семёнова" and place % 2:
            row["manager"] = "Вера Ceменова"  # a Latin C and e


@animal(warns=("W302",), totals="true")
def a_namesake_with_one_letter_more(client: Client) -> None:
    for row in outside(client.deals, "created_at")[:5]:
        row["manager"] = "Анна Петровна"


@animal(warns=("W303",))
def a_seller_left_in_spring(client: Client) -> None:
    """Дарья's last sign of life is in May; her deals stay hers."""
    gone = {row["deal_id"] for row in client.deals if row["manager"] == SELLERS[4]}
    client.files["activities"] = [
        row for row in client.files["activities"] if row["deal_id"] not in gone or row["at"] < datetime(2026, 5, 1)
    ]
    for row in client.deals:
        if row["deal_id"] in gone and row["closed_at"] and row["closed_at"] >= datetime(2026, 5, 1):
            if row["outcome"] == "won":
                row["manager"] = SELLERS[0]
            else:  # nobody has looked at them since
                row |= {"outcome": "open", "closed_at": None, "loss_reason": None}


@animal(warns=("W303",))
def an_account_that_is_nobody(client: Client) -> None:
    for row in [row for row in client.deals if row["outcome"] == "open"][::3]:
        row["manager"] = "Admin"
    names = {row["deal_id"] for row in client.deals if row["manager"] == "Admin"}
    client.files["activities"] = [row for row in client.files["activities"] if row["deal_id"] not in names]
    client.more["zoo_expected"] = {"sellers": 6}


@animal(warns=("W304",), combines=True)
def deals_of_nobody(client: Client) -> None:
    for row in client.deals[::9]:
        row["manager"] = None


@animal(totals="own")
def two_people_of_one_name(client: Client) -> None:
    for place, row in enumerate(client.deals):
        if row["manager"] == SELLERS[0]:
            row["manager"] = f"{SELLERS[0]} <a{place % 2}@firm.ru>"
    client.more["zoo_expected"] = {"sellers": 6}
