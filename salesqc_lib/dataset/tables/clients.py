"""The fact tables of clients: `purchases`, `clients` (one row each) and `client_spells` (stretches of being a client)."""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import UNSET

AGAIN_DAYS = 365
ENOUGH = 30  # clients of whom not one has bought twice: nobody can tell a lost one by the silence


@fact_table("purchases")
def prepare_purchases(export: Export) -> Shape:
    """Make `facts.purchases`: contracts of known customers, and the purchases of the table of that name beside them.

    A purchase on the day of a contract of the same customer is that contract, and counts once.
    """
    given, deals = export.have["purchases"], export.shape("deals").columns
    has_deals = {"customer_id", "contract_at"} <= set(deals)
    if not given and not has_deals:
        absent = export.shape("deals").absent.get("contract_at", "no_column:deals.contract_at")
        return Shape(reason="no_column:deals.customer_id" if "customer_id" not in deals else absent)
    names = _breakdowns(export)
    own = dimensions.of_deal(export, *names)
    parts = []
    if has_deals:
        amount = "d.amount" if "amount" in deals else "NULL::DOUBLE"
        listed = "".join(f", d.{name}" if name in own else f", NULL::VARCHAR AS {name}" for name in names)
        parts.append(
            f'SELECT d.customer_id, d.contract_at AS "at", {amount} AS amount{listed} FROM facts.deals d WHERE d.customer_id IS NOT NULL AND d.contract_at IS NOT NULL'
        )
    if given:
        # a purchase knows its own seller and product at best
        known: dict[str, str] = {name: f"p.{name}" for name in ("manager", "product") if name in given}
        if "manager" in given:
            known["team"] = "s.team"
        row = "".join(f", {known.get(name, 'NULL::VARCHAR')} AS {name}" for name in names)
        amount = "p.amount" if "amount" in given else "NULL::DOUBLE"
        joins = "LEFT JOIN facts.sellers s ON s.manager = p.manager" if "manager" in given else ""
        if has_deals:
            joins += ' LEFT JOIN facts.deals d ON d.customer_id = p.customer_id AND d.contract_at::DATE = p."at"::DATE'
        parts.append(
            f'SELECT p.customer_id, p."at", {amount} AS amount{row} FROM canonical.purchases p {joins} {"WHERE d.deal_id IS NULL" if has_deals else ""}'
        )
    listed = dimensions.listed(names, "u")
    export.con.execute(f'CREATE TABLE facts.purchases AS SELECT customer_id, "at", amount{listed} FROM ({" UNION ALL ".join(parts)}) u')
    return Shape(("customer_id", "at", "amount", *names), dimensions.ABSENT | {"amount": "no_column:deals.amount"})


def _breakdowns(export: Export) -> tuple[str, ...]:
    """What deals or purchases tell of a client's purchase."""
    given = export.have["purchases"]
    own = set(dimensions.of_deal(export, "manager", "team", "channel", "product")) | ({"manager", "product"} & given)
    if "manager" in given and "team" in export.have["managers"]:
        own.add("team")
    return tuple(name for name in ("manager", "team", "channel", "product") if name in own)


@fact_table("clients")
def prepare_clients(export: Export) -> Shape:
    """Make `facts.clients`: when each client first bought, when again (on another day), and by when a second purchase is in time.

    Breakdowns are those of the first purchase; the channel of the table of customers goes before it. Who stands in that table with
    a first day and has no purchase on record is a client all the same.
    """
    purchases, given = export.shape("purchases"), export.have["customers"]
    if purchases.reason and "first_at" not in given:
        return purchases
    names = tuple(name for name in ("manager", "team", "channel", "product") if name in purchases.columns)
    of_day = "".join(f', arg_min({name}, "at") AS {name}' for name in names)
    bought = (
        f"""SELECT customer_id, min("at") AS "at", sum(amount) AS amount{of_day} FROM facts.purchases GROUP BY customer_id, "at"::DATE"""
    )
    if purchases.reason:
        bought = 'SELECT NULL::VARCHAR AS customer_id, NULL::TIMESTAMPTZ AS "at", NULL::DOUBLE AS amount WHERE false'
    listed = {name: f"p.{name}" for name in names}
    if "channel" in given:
        listed["channel"] = "coalesce(c.channel, p.channel)" if "channel" in names else "c.channel"
    key, first, join = "p.customer_id", 'p."at"', ""
    if given:
        begun = "c.first_at" if "first_at" in given else "NULL::TIMESTAMPTZ"
        key, first = "coalesce(p.customer_id, c.customer_id)", f'least({begun}, p."at")'
        join = f"{'FULL OUTER' if 'first_at' in given else 'LEFT'} JOIN canonical.customers c ON c.customer_id = p.customer_id"
    columns = "".join(f", coalesce({sql}, {literal(UNSET)}) AS {name}" for name, sql in listed.items())
    export.con.execute(f"""
        CREATE TABLE facts.clients AS
        WITH days AS ({bought}),
        ordered AS (
            SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY "at") AS place, lead("at") OVER (PARTITION BY customer_id ORDER BY "at") AS next_at
            FROM days),
        firsts AS (SELECT * FROM ordered WHERE place = 1)
        SELECT {key} AS customer_id, {first} AS first_at, p.next_at AS second_at, p.amount AS first_amount,
            p."at" + INTERVAL {AGAIN_DAYS} DAY AS repeat_due_at{columns}
        FROM firsts p {join}""")
    return Shape(("customer_id", "first_at", "second_at", "first_amount", "repeat_due_at", *listed), dimensions.ABSENT)


@fact_table("client_spells")
def prepare_spells(export: Export) -> Shape:
    """Make `facts.client_spells`: from when to when somebody was a client. `known_from_at`: from when on a loss could show at all.

    `customers.lost_at` ends a spell where the client keeps such a list (a purchase after it begins another); otherwise a client is
    lost `clients.lost_after_days` after the last purchase, and is a client again with the next one.
    """
    clients = export.shape("clients")
    if clients.reason:
        return clients
    if "lost_at" in export.have["customers"]:
        names = tuple(name for name in ("manager", "team", "channel", "product") if name in clients.columns)
        listed = "".join(f", c.{name}" for name in names)
        again = (
            ""
            if export.shape("purchases").reason
            else f"""
            UNION ALL SELECT c.customer_id, min(p."at") AS begins_at, NULL::TIMESTAMPTZ AS lost_at, NULL::TIMESTAMPTZ AS known_from_at{listed}
            FROM facts.clients c JOIN canonical.customers k ON k.customer_id = c.customer_id
            JOIN facts.purchases p ON p.customer_id = c.customer_id AND p."at" > k.lost_at GROUP BY c.customer_id{listed}"""
        )
        export.con.execute(f"""
            CREATE TABLE facts.client_spells AS
            SELECT c.customer_id, c.first_at AS begins_at, k.lost_at, NULL::TIMESTAMPTZ AS known_from_at{listed}
            FROM facts.clients c LEFT JOIN canonical.customers k ON k.customer_id = c.customer_id {again}""")
    else:
        if export.shape("purchases").reason:
            return Shape(reason="no_column:customers.lost_at")
        once, again = export.con.execute(
            "SELECT count(*), sum(CASE WHEN n > 1 THEN 1 ELSE 0 END) FROM (SELECT count(*) AS n FROM facts.purchases GROUP BY customer_id) c"
        ).fetchall()[0]
        if once >= ENOUGH and not again:
            return Shape(reason="no_repeats")  # everybody would be kept for exactly the days after which they count as lost
        names = tuple(name for name in ("manager", "team", "channel", "product") if name in export.shape("purchases").columns)
        gap = f"INTERVAL {export.parameters.clients.lost_after_days} DAY"
        now = f"to_timestamp({export.as_of.timestamp()})"
        firsts = "".join(f', arg_min({name}, "at") AS {name}' for name in names)
        export.con.execute(f"""
            CREATE TABLE facts.client_spells AS
            WITH ordered AS (
                SELECT *, lag("at") OVER (PARTITION BY customer_id ORDER BY "at") AS previous_at FROM facts.purchases),
            numbered AS (
                SELECT *, sum(CASE WHEN previous_at IS NULL OR "at" > previous_at + {gap} THEN 1 ELSE 0 END)
                    OVER (PARTITION BY customer_id ORDER BY "at" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS spell FROM ordered),
            begun AS (SELECT min("at") + {gap} AS known_from_at FROM facts.purchases)
            SELECT customer_id, min("at") AS begins_at, CASE WHEN max("at") + {gap} <= {now} THEN max("at") + {gap} END AS lost_at,
                min(begun.known_from_at) AS known_from_at{firsts}
            FROM numbered, begun GROUP BY customer_id, spell""")
    return Shape(("customer_id", "begins_at", "lost_at", "known_from_at", *names), dimensions.ABSENT)
