"""The catalogue of KPIs: a module per group, a card per KPI. Groups and ids are public names."""

from importlib import import_module

from salesqc_lib.errors import InputError, nearest
from salesqc_lib.kpi.card import Card

GROUPS = ("funnel", "results", "speed")

CATALOGUE: dict[str, Card] = {
    card.id: card for group in GROUPS for card in vars(import_module(f"salesqc_lib.kpi.{group}")).values() if isinstance(card, Card)
}


def cards(*names: str) -> list[Card]:
    """The cards of groups or single KPIs by name; all of them without names.

    Raises
    ------
    InputError
        A name is neither a group nor a KPI.
    """
    chosen: dict[str, Card] = {}
    for name in names or GROUPS:
        if name in GROUPS:
            chosen |= {card.id: card for card in CATALOGUE.values() if card.group == name}
        elif name in CATALOGUE:
            chosen[name] = CATALOGUE[name]
        else:
            raise InputError(f"no KPI or group «{name}»", cure=nearest(name, [*GROUPS, *CATALOGUE]))
    return list(chosen.values())
