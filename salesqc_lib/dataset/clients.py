"""The fact tables of clients: `purchases`, `clients` (one row each) and `client_spells` (stretches of being a client)."""

from typing import TYPE_CHECKING

from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.shape import Shape

if TYPE_CHECKING:
    from salesqc_lib.dataset.dataset import Dataset

AGAIN_DAYS = 365


def prepare_purchases(dataset: "Dataset") -> Shape:
    """Make `facts.purchases`: contracts of known customers, and the purchases of the table of that name beside them.

    A purchase on the day of a contract of the same customer is that contract, and counts once.
    """
    given, deals = dataset.have["purchases"], dataset.shapes["deals"].columns
    has_deals = {"customer_id", "contract_at"} <= set(deals)
    if not given and not has_deals:
        absent = dataset.shapes["deals"].absent.get("contract_at", "no_column:deals.contract_at")
        return Shape(reason="no_column:deals.customer_id" if "customer_id" not in deals else absent)
    names = dimensions.of_deal(dataset, "manager", "team", "channel", "product")
    parts = []
    if has_deals:
        amount = "d.amount" if "amount" in deals else "NULL::DOUBLE"
        target = f'SELECT d.customer_id, d.contract_at AS "at", {amount} AS amount{dimensions.listed(names, "d")} FROM facts.deals d'
        parts.append(f"{target} WHERE d.customer_id IS NOT NULL AND d.contract_at IS NOT NULL")
    if given:
        # a purchase knows its own seller and product at best
        own: dict[str, str] = {name: f"p.{name}" for name in ("manager", "product") if name in given}
        row = "".join(f", {own.get(name, 'NULL::VARCHAR')} AS {name}" for name in names)
        amount = "p.amount" if "amount" in given else "NULL::DOUBLE"
        beside = 'LEFT JOIN facts.deals d ON d.customer_id = p.customer_id AND d.contract_at::DATE = p."at"::DATE' if has_deals else ""
        parts.append(
            f'SELECT p.customer_id, p."at", {amount} AS amount{row} FROM canonical.purchases p {beside} {"WHERE d.deal_id IS NULL" if has_deals else ""}'
        )
    listed = dimensions.listed(names, "u")
    dataset.con.execute(f'CREATE TABLE facts.purchases AS SELECT customer_id, "at", amount{listed} FROM ({" UNION ALL ".join(parts)}) u')
    return Shape(("customer_id", "at", "amount", *names), dimensions.ABSENT | {"amount": "no_column:deals.amount"})


def prepare_clients(dataset: "Dataset") -> Shape:
    """Make `facts.clients`: when each client first bought, when again, and by when a second purchase counts as in time.

    Breakdowns are those of the first purchase; the channel of the table of customers goes before it.
    """
    purchases = dataset.shape("purchases")
    if purchases.reason:
        return purchases
    names = tuple(name for name in ("manager", "team", "channel", "product") if name in purchases.columns)
    given = dataset.have["customers"]
    first = 'least(c.first_at, p."at")' if "first_at" in given else 'p."at"'
    columns = {name: f"p.{name}" for name in names}
    if "channel" in given:
        columns["channel"] = "coalesce(c.channel, p.channel)" if "channel" in names else "c.channel"
    listed = "".join(f", {sql} AS {name}" for name, sql in columns.items())
    dataset.con.execute(f"""
        CREATE TABLE facts.clients AS
        WITH ordered AS (
            SELECT *, row_number() OVER w AS place, lead("at") OVER w AS next_at FROM facts.purchases
            WINDOW w AS (PARTITION BY customer_id ORDER BY "at", amount))
        SELECT p.customer_id, {first} AS first_at, p.next_at AS second_at, p.amount AS first_amount, p."at" + INTERVAL {AGAIN_DAYS} DAY AS repeat_due_at{listed}
        FROM ordered p {"LEFT JOIN canonical.customers c ON c.customer_id = p.customer_id" if given else ""} WHERE p.place = 1""")
    return Shape(("customer_id", "first_at", "second_at", "first_amount", "repeat_due_at", *columns), dimensions.ABSENT)


def prepare_spells(dataset: "Dataset") -> Shape:
    """Make `facts.client_spells`: from when to when somebody was a client.

    `customers.lost_at` ends it where the client keeps such a list; otherwise a client is lost `clients.lost_after_days` after the
    last purchase, and is a client again with the next one.
    """
    clients = dataset.shape("clients")
    if clients.reason:
        return clients
    names = tuple(name for name in ("manager", "team", "channel", "product") if name in clients.columns)
    if "lost_at" in dataset.have["customers"]:
        dataset.con.execute(f"""
            CREATE TABLE facts.client_spells AS
            SELECT c.customer_id, c.first_at AS begins_at, k.lost_at{"".join(f", c.{name}" for name in names)}
            FROM facts.clients c LEFT JOIN canonical.customers k ON k.customer_id = c.customer_id""")
    else:
        own = tuple(name for name in names if name in dataset.shape("purchases").columns)
        names = own
        gap = f"INTERVAL {dataset.parameters.clients.lost_after_days} DAY"
        export = f"to_timestamp({dataset.as_of.timestamp()})"
        dataset.con.execute(f"""
            CREATE TABLE facts.client_spells AS
            WITH ordered AS (
                SELECT *, lag("at") OVER (PARTITION BY customer_id ORDER BY "at") AS previous_at FROM facts.purchases),
            numbered AS (
                SELECT *, sum(CASE WHEN previous_at IS NULL OR "at" > previous_at + {gap} THEN 1 ELSE 0 END)
                    OVER (PARTITION BY customer_id ORDER BY "at" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS spell FROM ordered)
            SELECT customer_id, min("at") AS begins_at,
                CASE WHEN max("at") + {gap} <= {export} THEN max("at") + {gap} END AS lost_at{"".join(f', arg_min({name}, "at") AS {name}' for name in names)}
            FROM numbered GROUP BY customer_id, spell""")
    return Shape(("customer_id", "begins_at", "lost_at", *names), dimensions.ABSENT)
