"""What hardly ever is so, and mostly comes of a wrong map: told, with the column to look at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from salesqc_lib.warnings import Money, Share, Value, Warned

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COUNTED = {"W111": ("created_at", "created_at IS NULL"), "W304": ("manager", "manager IS NULL"), "W407": ("is_target", "NOT is_target")}
TOO_GOOD, ENOUGH, FEW, SAME = 0.9, 20, 5, 0.95


def doubts(con: "DuckDBPyConnection", have: Mapping[str, frozenset[str]]) -> list[Warned]:
    """Doubts about the deals as a whole, by the facts: outcomes, closings, creations, sellers."""
    deals = {row[0] for row in con.execute("DESCRIBE facts.deals").fetchall()}
    warned = _about_outcomes(con) if "outcome" in deals else []
    if {"outcome", "closed_at"} <= deals:
        warned += _about_closings(con)
    if {"contract_at", "outcome"} <= deals:
        warned += _about_contracts(con)
    if {"contract_at", "amount"} <= deals:
        n, money = con.execute("SELECT count(*), sum(amount) FROM facts.deals WHERE contract_at IS NOT NULL AND amount < 0").fetchall()[0]
        if n:
            warned.append(Warned("W212", {"n": int(n), "money": Money(float(money))}, "deals", "amount", rows=int(n)))
    for code, (column, condition) in COUNTED.items():
        if column in have["deals"]:
            n = int(con.execute(f"SELECT count(*) FROM canonical.deals WHERE {condition}").fetchall()[0][0])
            if n:
                warned.append(Warned(code, {"n": n}, "deals", column, rows=n))
    return warned


def _about_outcomes(con: "DuckDBPyConnection") -> list[Warned]:
    won, lost = (int(n or 0) for n in con.execute(
        "SELECT sum(CASE WHEN outcome = 'won' THEN 1 ELSE 0 END), sum(CASE WHEN outcome = 'lost' THEN 1 ELSE 0 END) FROM facts.deals"
    ).fetchall()[0])  # fmt: skip
    closed_only = _closed_only(con, won + lost)
    if won and not lost:
        return [Warned("W402", {"won": won}, "deals", "outcome")]
    if lost and not won:
        return [Warned("W403", {"lost": lost}, "deals", "outcome")]
    if won + lost >= ENOUGH and won / (won + lost) > TOO_GOOD:
        return [Warned("W404", {"share": Share(won / (won + lost))}, "deals", "outcome"), *closed_only]
    return closed_only


def _closed_only(con: "DuckDBPyConnection", closed: int) -> list[Warned]:
    """An export of closed deals alone shows neither all leads nor what becomes of them."""
    is_open = int(con.execute("SELECT sum(CASE WHEN outcome = 'open' THEN 1 ELSE 0 END) FROM facts.deals").fetchall()[0][0] or 0)
    return [Warned("W409", {"n": closed}, "deals", "outcome")] if closed >= ENOUGH and not is_open else []


def _about_contracts(con: "DuckDBPyConnection") -> list[Warned]:
    """A contract date on a deal that is not won may be a planned one; a few are contracts that fell through, or are under way."""
    every, odd, lost = (int(n or 0) for n in con.execute(
        "SELECT count(*), sum(CASE WHEN outcome <> 'won' THEN 1 ELSE 0 END), sum(CASE WHEN outcome = 'lost' THEN 1 ELSE 0 END) "
        "FROM facts.deals WHERE contract_at IS NOT NULL"
    ).fetchall()[0])  # fmt: skip
    if (every >= ENOUGH and odd > 0.5 * every) or (every >= FEW and lost > 0.2 * every):
        return [Warned("W408", {"n": odd, "all": every}, "deals", "contract_at", rows=odd)]
    return []


def _about_closings(con: "DuckDBPyConnection") -> list[Warned]:
    closed = "outcome <> 'open' AND closed_at IS NOT NULL AND created_at IS NOT NULL"
    warned = []
    early = int(con.execute(f"SELECT count(*) FROM facts.deals WHERE {closed} AND closed_at < created_at").fetchall()[0][0])
    if early:
        warned.append(Warned("W110", {"n": early}, "deals", "closed_at", rows=early))
    days = "date_diff('day', CAST(created_at AS DATE), CAST(closed_at AS DATE))"
    every = con.execute(f"SELECT {days} AS took, count(*) AS n FROM facts.deals WHERE {closed} GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()
    total = sum(int(n) for _, n in every)
    if total >= ENOUGH and every[0][1] >= SAME * total and every[0][0] > 0:
        values: dict[str, Value] = {"share": Share(int(every[0][1]) / total), "days": int(every[0][0])}
        warned.append(Warned("W406", values, "deals", "closed_at", rows=int(every[0][1])))
    return warned
