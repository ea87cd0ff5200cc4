"""Animals of amounts: other currencies, and numbers that cannot be read."""

from datetime import date

from tests.zoo.animals.animal import animal, inside, lost, outside, won
from tests.zoo.client import START, Client


@animal(totals="refused", refusal="there is no rate for USD")
def dollars_in_a_column(client: Client) -> None:
    for row in client.deals:
        row["currency"] = "RUB"
    for row in won(client)[::3]:
        row["currency"] = "USD"


@animal(warns=("W203",), combines=True)
def dollars_with_a_rate(client: Client) -> None:
    for row in client.deals:
        row["currency"] = "RUB"
    for row in won(client)[::3]:
        row |= {"currency": "USD", "amount": row["amount"] / 100}
    client.more["rates"] = {"USD": 100}


@animal(totals="refused", refusal="there is no rate for EUR")
def euros_in_the_cells(client: Client) -> None:
    for row in client.deals:
        row["amount"] = f"{row['amount']} €" if row["deal_id"][-1] == "3" else f"{row['amount']} ₽"


@animal(warns=("W203",))
def euros_in_the_cells_with_rates_by_day(client: Client) -> None:
    for row in client.deals:
        if row["outcome"] == "won" and row["closed_at"] >= START:
            row["amount"] = f"€ {row['amount'] / 50:,.2f}"
    client.files["rates"] = [
        {"date": date(2020, 1, 1), "currency": "EUR", "rate": 90},
        {"date": date(2026, 6, 30), "currency": "EUR", "rate": 50},
    ]
    client.more["rates"] = {"path": "rates.{kind}"}


@animal(silent=("W203",), combines=True)
def amounts_with_the_clients_own_sign(client: Client) -> None:
    for row in client.deals:
        row["amount"] = f"{row['amount']:,}".replace(",", " ") + " ₽" if isinstance(row["amount"], int) else row["amount"]


@animal(warns=("W204",), totals="own")
def a_tenth_of_the_amounts_cannot_be_read(client: Client) -> None:
    for row in client.deals[::10]:
        row["amount"] = "см. договор"
    counted = [row["amount"] for row in won(client) if inside(row) and row["amount"] != "см. договор"]
    client.more["zoo_expected"] = {"revenue": sum(counted)}


@animal(totals="refused", refusal="values of deals.amount cannot be read")
def most_amounts_cannot_be_read(client: Client) -> None:
    for row in client.deals:
        if row["deal_id"][-1] in "0123456":
            row["amount"] = "договорная"


@animal(warns=("W205",))
def a_few_amounts_cannot_be_read(client: Client) -> None:
    for row in outside(lost(client))[:4]:
        row["amount"] = "?"


@animal(warns=("W212",), totals="own")
def amounts_in_brackets_are_below_nil(client: Client) -> None:
    for row in client.deals:
        row["amount"] = f"{row['amount']:,.2f}"
    chosen = next(row for row in won(client) if inside(row))
    chosen["amount"] = "(1,200.00)"
    counted = [row["amount"] for row in won(client) if inside(row)]
    client.more["zoo_expected"] = {"revenue": sum(-1200.0 if "(" in one else float(one.replace(",", "")) for one in counted)}


@animal(totals="refused", refusal="numbers with a decimal point and numbers with a decimal comma")
def mixed_decimals(client: Client) -> None:
    for place, row in enumerate(client.deals):
        row["amount"] = f"{row['amount']}.50" if place % 2 else f"{row['amount']},50"


@animal(combines=True)
def amounts_with_commas_and_spaces(client: Client) -> None:
    for row in client.deals:
        row["amount"] = f"{row['amount']:,}".replace(",", "\u00a0") + ",00" if isinstance(row["amount"], int) else row["amount"]


@animal(totals="own", warns=("W203",))
def currencies_by_their_names(client: Client) -> None:
    for row in client.deals:
        row["currency"] = "Рубль"
    chosen = [row for row in won(client) if inside(row)]
    chosen[0]["currency"], chosen[1]["currency"], chosen[2]["currency"] = "Доллар США", "Белорусский рубль", "HK$"
    client.more["rates"] = {"USD": 90, "BYN": 30, "HKD": 12}
    client.more["zoo_expected"] = {
        "revenue": chosen[0]["amount"] * 90 + chosen[1]["amount"] * 30 + chosen[2]["amount"] * 12 + sum(row["amount"] for row in chosen[3:])
    }


@animal(totals="refused", refusal="there is no rate for USD")
def the_header_names_another_currency(client: Client) -> None:
    for row in client.deals:
        row["Amount (USD)"] = row.pop("amount")
    client.columns["deals"] = {"amount": "Amount (USD)"}
