"""Animals of poor data: columns and tables that are not there, one of everything, far too much of something."""

from datetime import datetime, timedelta
from typing import Any

from tests.zoo.animals.animal import ANIMALS, Animal, Break, animal, inside, won
from tests.zoo.client import SELLERS, Client


@animal(warns=("W304",), totals="own")
def nobody_is_responsible(client: Client) -> None:
    for row in client.deals:
        row["manager"] = None
    client.files.pop("managers")
    client.tables.pop("managers")
    for row in client.files["activities"]:
        row.pop("manager")
    client.more["zoo_expected"] = {"sellers": 0}


def without(column: str) -> Break:
    def drop(client: Client) -> None:
        for row in client.deals:
            row.pop(column)

    drop.__name__ = f"deals_without_the_column_{column}"
    return drop


def without_table(table: str) -> Break:
    def drop(client: Client) -> None:
        client.files.pop(table)
        client.tables.pop(table)

    drop.__name__ = f"no_{table}_at_all"
    return drop


for _column, _expected in (
    ("manager", {"sellers": 0}), ("channel", {}), ("product", {}), ("amount", {"revenue": None}), ("closed_at", {"contracts": None, "revenue": None}),
    ("outcome", {"contracts": None, "revenue": None}), ("loss_reason", {}), ("customer_id", {}),
):  # fmt: skip

    def _broken(client: Client, column: str = _column, expected: dict[str, Any] = _expected) -> None:
        without(column)(client)
        client.more["zoo_expected"] = expected

    ANIMALS.append(
        Animal(f"deals_without_the_column_{_column}", _broken, totals="own", is_as_of_true=_column not in ("closed_at", "outcome"))
    )


for _table in ("activities", "tasks", "spend", "managers"):
    ANIMALS.append(Animal(f"no_{_table}_at_all", without_table(_table)))


@animal(totals="own", is_as_of_true=False)
def one_deal(client: Client) -> None:
    row = next(row for row in won(client) if inside(row) and inside(row, "created_at"))
    client.files["deals"] = [row]
    client.files["activities"] = [one for one in client.files["activities"] if one["deal_id"] == row["deal_id"]]
    client.files["tasks"] = [{"task_id": "T", "deal_id": row["deal_id"], "created_at": row["created_at"], "due_at": row["closed_at"]}]
    client.more["zoo_expected"] = {"leads": 1, "contracts": 1, "revenue": row["amount"], "sellers": 1}


@animal(totals="own", is_as_of_true=False)
def one_seller(client: Client) -> None:
    for name in ("deals", "activities", "tasks"):
        client.files[name] = [row | {"manager": SELLERS[0]} for row in client.files[name]]
    client.more["zoo_expected"] = {"sellers": 1}


@animal(totals="own", is_as_of_true=False)
def everything_is_open(client: Client) -> None:
    for row in client.deals:
        row |= {"outcome": "open", "closed_at": None, "loss_reason": None}
    client.more["zoo_expected"] = {"contracts": 0, "revenue": 0}


@animal(totals="own", is_as_of_true=False)
def one_day_of_data(client: Client) -> None:
    for place, row in enumerate(client.deals):
        row["created_at"] = datetime(2026, 9, 1, 9) + timedelta(seconds=40 * place)
        row |= {"outcome": "open", "closed_at": None, "loss_reason": None}
    client.files["activities"] = []
    client.tables.pop("activities")
    client.files.pop("activities")
    client.tables.pop("tasks")
    client.more["zoo_expected"] = {"leads": len(client.deals), "contracts": 0, "revenue": 0, "sellers": 5}


@animal(totals="own", is_as_of_true=False)
def ten_years_of_data(client: Client) -> None:
    for place, row in enumerate(client.deals):
        shift = timedelta(days=6 * (place - len(client.deals)))
        for key in ("created_at", "closed_at"):
            row[key] = row[key] and row[key] + shift
    shifts = {row["deal_id"]: timedelta(days=6 * (place - len(client.deals))) for place, row in enumerate(client.deals)}
    for row in client.files["activities"]:
        row["at"] += shifts[row["deal_id"]]
    counted = [row for row in won(client) if inside(row)]
    client.more["zoo_expected"] = {
        "leads": sum(1 for row in client.deals if inside(row, "created_at")), "contracts": len(counted), "revenue": sum(row["amount"] for row in counted) ,
        "sellers": len({row["manager"] for row in client.deals if inside(row, "created_at") or (row["outcome"] == "won" and inside(row))}),
    }  # fmt: skip


@animal(totals="own")
def three_hundred_sellers(client: Client) -> None:
    for place, row in enumerate(client.deals):
        row["manager"] = f"Менеджер {place % 300}"
    client.files["managers"] = [{"manager": f"Менеджер {place}", "team": f"Команда {place % 20}"} for place in range(300)]
    names = {row["deal_id"]: row["manager"] for row in client.deals}
    for row in client.files["activities"]:
        row["manager"] = names[row["deal_id"]]
    counted = {row["manager"] for row in client.deals if inside(row, "created_at") or (row["outcome"] == "won" and inside(row))}
    client.more["zoo_expected"] = {"sellers": len(counted)}


@animal()
def two_thousand_channels(client: Client) -> None:
    for place, row in enumerate(client.deals):
        row["channel"] = f"utm_{place * 7 % 2000}"
