"""Animals of rows and files: repeated exports, product rows, what is left out, what the client's own CRM shows."""

from datetime import datetime
from typing import Any

from tests.zoo.animals.animal import animal, inside, lost, outside, won
from tests.zoo.client import Client, Row


def _older(client: Client) -> list[Row]:
    """The deals as an export of 1 September would show them."""
    then = datetime(2026, 9, 1)
    rows = []
    for row in client.deals:
        if row["created_at"] < then:
            late = row["closed_at"] and row["closed_at"] >= then
            rows.append(row | ({"outcome": "open", "closed_at": None, "loss_reason": None, "amount": row["amount"] + 700} if late else {}))
    return rows


@animal(warns=("W201",))
def two_snapshots_with_days_in_their_names(client: Client) -> None:
    client.files["deals_2026-09-01"] = _older(client)
    client.files["deals_2026-10-15"] = client.files.pop("deals")
    client.tables["deals"] = ["deals_2026-10-15", "deals_2026-09-01"]


@animal(warns=("W201",))
def two_snapshots_told_by_their_events(client: Client) -> None:
    client.files["a"], client.files["b"] = client.files.pop("deals"), []
    client.files["b"] = _older(Client(files={"deals": client.files["a"]}))
    client.tables["deals"] = ["a", "b"]


@animal(totals="refused", refusal="neither is newer")
def two_snapshots_of_one_day_that_differ(client: Client) -> None:
    rows = client.files.pop("deals")
    client.files["a_2026-10-15"] = rows
    client.files["b_2026-10-15"] = [row | {"amount": row["amount"] + 1} for row in rows]
    client.tables["deals"] = ["a_2026-10-15", "b_2026-10-15"]


def _product_rows(client: Client) -> None:
    rows = []
    for row in client.deals:
        if row["outcome"] == "won":
            rows += [row | {"amount": row["amount"] - 40}, row | {"amount": 40}]
        else:
            rows.append(row)
    client.files["deals"] = rows


@animal(totals="refused", refusal="sum the rows or take one?")
def product_rows(client: Client) -> None:
    _product_rows(client)


@animal(warns=("W202",))
def product_rows_summed(client: Client) -> None:
    _product_rows(client)
    client.more["duplicates"] = "sum"


@animal(totals="own", warns=("W202",))
def product_rows_of_which_the_first_counts(client: Client) -> None:
    _product_rows(client)
    client.more["duplicates"] = "first"
    counted = [row for row in won(client)[::2] if inside(row)]
    client.more["zoo_expected"] = {"revenue": sum(row["amount"] for row in counted), "contracts": len(counted)}


@animal(warns=("W202",), combines=True)
def rows_that_stand_twice(client: Client) -> None:
    client.deals.extend([dict(row) for row in client.deals[40:60]])


@animal(totals="refused", refusal="missing in some of the files: late")
def the_amount_is_missing_in_one_file(client: Client) -> None:
    rows = client.files.pop("deals")
    client.files["early"], late = rows[:400], rows[400:]
    client.files["late"] = [{("Бюджет" if key == "amount" else key): value for key, value in row.items()} for row in late]
    client.tables["deals"] = ["early", "late"]
    client.columns["deals"] = {"amount": "amount"}


@animal(warns=("W209",))
def the_loss_reason_is_missing_in_one_file(client: Client) -> None:
    rows = client.files.pop("deals")
    client.files["early"] = [{key: value for key, value in row.items() if key != "loss_reason"} for row in rows[:400]]
    client.files["late"] = rows[400:]
    client.tables["deals"] = ["early", "late"]


@animal(warns=("W208",), combines=True)
def spend_that_stands_twice(client: Client) -> None:
    client.files["spend"].extend([dict(row) for row in client.files["spend"]])


@animal(warns=("W208",), combines=True)
def calls_that_stand_twice(client: Client) -> None:
    client.files["activities"].extend([dict(row) for row in client.files["activities"][:50]])


@animal(warns=("W206",), combines=True)
def test_deals_are_left_out(client: Client) -> None:
    for place in range(9):
        client.deals.append(client.deals[400] | {"deal_id": f"X{place}", "manager": "Тестовый Тест", "customer_id": f"X{place}"})
    client.more["exclude"] = {"manager": ["Тест*"]}


@animal(warns=("W206",))
def deals_are_left_out_by_a_column_of_the_file(client: Client) -> None:
    for row in client.deals:
        row["Название"] = f"Сделка {row['deal_id']}"
    for place in range(5):
        client.deals.append(client.deals[-1] | {"deal_id": f"X{place}", "Название": "Дубль", "customer_id": f"X{place}"})
    client.more["exclude"] = {"Название": "дубль"}


@animal(totals="refused", refusal="«exclude» names a column that the deals do not have: «mamager»")
def deals_are_left_out_by_a_misspelt_column(client: Client) -> None:
    client.more["exclude"] = {"mamager": "Тест"}


@animal(silent=("W207",))
def the_crm_shows_the_same(client: Client) -> None:
    client.more["control"] = {"period": "2026-Q3", "leads": 87, "contracts": 25, "revenue": 3912100}


@animal(warns=("W207", "W407"))
def the_crm_counts_spam_too(client: Client) -> None:
    for row in client.deals:
        row["is_target"] = "да"
    for place in range(18):
        client.deals.append(client.deals[0] | {
            "deal_id": f"S{place}", "created_at": datetime(2026, 8, 3, 10, place), "outcome": "lost", "closed_at": datetime(2026, 8, 5, 10, place), "is_target": "нет",
            "customer_id": f"S{place}",
        })  # fmt: skip
    client.more["control"] = {"period": "2026-Q3", "leads": 105, "contracts": 25}


@animal(warns=("W210",), raw=lambda folder: _as_cp1251(folder / "deals.csv"))
def saved_again_in_excel(client: Client) -> None:
    """windows-1251, as Russian Excel saves."""


def _as_cp1251(path: Any) -> None:
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1251"))


def _trim_lines(folder: Any) -> None:
    path = folder / "deals.csv"
    path.write_text("\n".join(line.rstrip(",") for line in path.read_text(encoding="utf-8").splitlines()) + "\n", encoding="utf-8")


@animal(raw=_trim_lines, silent=("W214",))
def empty_cells_at_the_end_of_a_line_are_left_out(client: Client) -> None:
    """As editors and some exports write."""


def _open_a_quote(folder: Any) -> None:
    path = folder / "deals.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[300] = lines[300].replace(",", ',"', 3).replace('"', "", 2)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@animal(totals="refused", refusal="is not closed", raw=_open_a_quote)
def a_quote_that_is_never_closed(client: Client) -> None:
    """It swallows all the rows that follow."""


@animal(totals="refused", refusal="sum the rows or take one?")
def two_products_at_one_price(client: Client) -> None:
    client.deals.extend([row | {"product": "Ручки"} for row in won(client)[:5]])


@animal(warns=("W201", "W216"))
def deals_that_the_newest_export_lacks(client: Client) -> None:
    client.files["deals_2026-09-01"] = _older(client)
    gone = {row["deal_id"] for row in outside(lost(client))[:7]}
    client.files["deals_2026-10-15"] = [row for row in client.files.pop("deals") if row["deal_id"] not in gone]
    client.tables["deals"] = ["deals_2026-09-01", "deals_2026-10-15"]


@animal(warns=("W217",))
def a_rule_of_exclude_that_meets_nothing(client: Client) -> None:
    client.more["exclude"] = {"manager": "Тестовый"}
