"""The zoo: the clean client broken in one way at a time, and what must come of it.

An animal says what has to hold: the true totals, bounds that hold them, other totals that were worked out by hand, a refusal with its
words, warnings with their codes; and what must not be said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.zoo.client import AS_OF, END, SELLERS, START, Client, Row

ANIMALS: list["Animal"] = []
Break = Callable[[Client], None]


@dataclass(frozen=True)
class Animal:
    """A way to break the client. `totals`: `true`, `bounds` (contracts and revenue hold the truth between value and high), `own` (the
    break says in `client.expected` what comes instead), or `refused`. `no_as_of_change`: the moment of the export stays that of the clean client."""

    name: str
    breaks: Break
    totals: str = "true"
    warns: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    refusal: str = ""
    missing: tuple[tuple[str, str], ...] = ()  # KPI that is not given, and the reason
    is_as_of_true: bool = True
    combines: bool = False  # may be combined with others at random
    raw: Callable[[Any], None] | None = None  # what is done to the files once they are written


def animal(**given: Any) -> Callable[[Break], Break]:
    def note(function: Break) -> Break:
        ANIMALS.append(Animal(function.__name__, function, **given))
        return function

    return note


def won(client: Client) -> list[Row]:
    return [row for row in client.deals if row["outcome"] == "won"]


def lost(client: Client) -> list[Row]:
    return [row for row in client.deals if row["outcome"] == "lost"]


def inside(row: Row, column: str = "closed_at") -> bool:
    return bool(row[column]) and START <= row[column] < END


def outside(rows: list[Row], column: str = "closed_at") -> list[Row]:
    """Rows of long before the period: what is broken there changes no total of it."""
    return [row for row in rows if row[column] and row[column] < START - timedelta(days=60)]


# --- moments


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


# --- rows and money


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


@animal(combines=True)
def days_first(client: Client) -> None:
    for row in client.deals:
        for key in ("created_at", "closed_at"):
            if isinstance(row[key], datetime):
                row[key] = f"{row[key]:%d.%m.%Y %H:%M:%S}"
            elif row[key]:
                row[key] = f"{row[key]:%d.%m.%Y}"


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


# --- people


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


# --- attributes and outcomes


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


# --- poor data


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


# --- what a sceptic found


@animal(combines=False)
def contracts_without_an_outcome(client: Client) -> None:
    for row in client.deals:
        row["contract_at"] = row["closed_at"] if row["outcome"] == "won" else None
        row.pop("outcome")
        row.pop("closed_at")


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


@animal(totals="refused", refusal="sum the rows or take one?")
def two_products_at_one_price(client: Client) -> None:
    client.deals.extend([row | {"product": "Ручки"} for row in won(client)[:5]])


@animal(totals="bounds", warns=("W105", "W111"))
def undated_wins_that_nobody_created(client: Client) -> None:
    for row in won(client)[::6]:
        row |= {"closed_at": None, "created_at": None} if not inside(row, "created_at") else {"closed_at": None}
    client.may_be_empty["deals"] = ["created_at"]


@animal(totals="own", warns=("W215",), is_as_of_true=False)
def nothing_is_known_of_outcomes(client: Client) -> None:
    for row in client.deals:
        row |= {"outcome": None, "closed_at": None}
    client.more["zoo_expected"] = {"contracts": None, "revenue": None}


@animal(warns=("W201", "W216"))
def deals_that_the_newest_export_lacks(client: Client) -> None:
    client.files["deals_2026-09-01"] = _older(client)
    gone = {row["deal_id"] for row in outside(lost(client))[:7]}
    client.files["deals_2026-10-15"] = [row for row in client.files.pop("deals") if row["deal_id"] not in gone]
    client.tables["deals"] = ["deals_2026-09-01", "deals_2026-10-15"]


@animal(totals="refused", refusal="there is no rate for USD")
def the_header_names_another_currency(client: Client) -> None:
    for row in client.deals:
        row["Amount (USD)"] = row.pop("amount")
    client.columns["deals"] = {"amount": "Amount (USD)"}


@animal(warns=("W112",))
def the_log_of_calls_begins_late(client: Client) -> None:
    client.files["activities"] = [row for row in client.files["activities"] if row["at"] >= datetime(2026, 8, 15)]


@animal(warns=("W113",), missing=(("never_answered", "no_contacts"), ("first_response_time", "no_contacts")))
def calls_that_belong_to_no_deal(client: Client) -> None:
    for row in client.files["activities"]:
        row["deal_id"] += "AAQ"


@animal(totals="own")
def two_people_of_one_name(client: Client) -> None:
    for place, row in enumerate(client.deals):
        if row["manager"] == SELLERS[0]:
            row["manager"] = f"{SELLERS[0]} <a{place % 2}@firm.ru>"
    client.more["zoo_expected"] = {"sellers": 6}


@animal(warns=("W114",), totals="own", is_as_of_true=False)
def new_deals_end_in_june(client: Client) -> None:
    rows = [row for row in client.deals if row["created_at"] < datetime(2026, 7, 1)]
    for place, row in enumerate(row for row in rows if row["outcome"] == "lost" and row["closed_at"] > datetime(2026, 5, 1)):
        row["closed_at"] = datetime(2026, 7, 1, 12) + timedelta(days=place % 100)
    client.files["deals"] = rows
    counted = [row for row in won(client) if inside(row)]
    client.more["zoo_expected"] = {"leads": 0, "contracts": len(counted), "revenue": sum(row["amount"] for row in counted),
                                   "sellers": len({row["manager"] for row in counted})}  # fmt: skip


@animal(warns=("W409",), totals="own", is_as_of_true=False)
def an_export_of_closed_deals_alone(client: Client) -> None:
    client.files["deals"] = [row for row in client.deals if row["outcome"] != "open"]
    client.more["zoo_expected"] = {"leads": sum(1 for row in client.deals if inside(row, "created_at"))}


@animal(warns=("W115",), is_as_of_true=False, totals="own")
def the_moment_of_the_export_is_too_late(client: Client) -> None:
    client.as_of = "2027-09-01T00:00:00"
    client.more["zoo_period"] = "2027-Q1"
    client.more["zoo_expected"] = {"leads": 0, "contracts": 0, "revenue": 0, "sellers": 0}


@animal(warns=("W217",))
def a_rule_of_exclude_that_meets_nothing(client: Client) -> None:
    client.more["exclude"] = {"manager": "Тестовый"}
