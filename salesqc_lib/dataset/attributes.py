"""Attributes that are filled in only after a win, and outcomes of one kind only: rates by them would describe winners."""

from collections.abc import Sequence

from salesqc_lib.dataset.export import Export
from salesqc_lib.facts import UNSET
from salesqc_lib.warnings import Share, Warned

NEARLY_ALL, AT_MOST, ENOUGH = 0.9, 0.5, 10  # empty in so much of the lost, in no more of the won, of at least so many each
LOOKED_AT = ("manager", "channel", "campaign", "product", "amount")


def judge(export: Export, names: Sequence[str]) -> tuple[str, frozenset[str]]:
    """Why rates of outcomes cannot be given, or ''; and the columns known only of winners. Tells of the latter."""
    if "outcome" not in names:
        return "", frozenset()
    looked_at = [name for name in LOOKED_AT if name in names]
    empty = {name: f"{name} IS NULL" if name == "amount" else f"{name} = '{UNSET}'" for name in looked_at}
    counted = "".join(f", sum(CASE WHEN {sql} THEN 1 ELSE 0 END) AS {name}" for name, sql in empty.items())
    rows = export.con.execute(f"SELECT outcome, count(*) AS n{counted} FROM facts.deals GROUP BY outcome").fetchall()
    of = {row[0]: dict(zip(("n", *looked_at), row[1:], strict=True)) for row in rows}
    won, lost = of.get("won", {"n": 0}), of.get("lost", {"n": 0})
    found = set()
    for name in looked_at if won["n"] >= ENOUGH and lost["n"] >= ENOUGH else ():
        shares = lost[name] / lost["n"], won[name] / won["n"]
        if shares[0] >= NEARLY_ALL and shares[1] <= AT_MOST:
            found.add(name)
            export.warned.append(
                Warned(
                    "W401",
                    {"column": f"deals.{name}", "lost": Share(shares[0]), "won": Share(shares[1])},
                    "deals",
                    name,
                    rows=int(lost[name]),
                )
            )
    one_sided = "no_losses" if won["n"] and not lost["n"] else "no_wins" if lost["n"] and not won["n"] else ""
    if one_sided == "no_losses" and not of.get("open"):
        one_sided = "only_wins"
    return one_sided, frozenset(found)
