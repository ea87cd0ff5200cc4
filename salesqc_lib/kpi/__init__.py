"""The catalogue of KPIs: a module per group, a card per KPI. Groups and ids are public names."""

from functools import cache
from importlib import import_module

from salesqc_lib.errors import InputError, nearest
from salesqc_lib.kpi.card import Card

GROUPS = ("funnel", "results", "speed", "activity", "persistence", "content", "clients", "quality", "discipline")

# a group is a module, or a package of modules in the order in which they are read
_PARTS = {"funnel": ("funnel.steps", "funnel.costs", "funnel.stages")}

CATALOGUE: dict[str, Card] = {
    card.id: card
    for group in GROUPS
    for part in _PARTS.get(group, (group,))
    for card in vars(import_module(f"salesqc_lib.kpi.{part}")).values()
    if isinstance(card, Card)
}


@cache
def card_of(row: str) -> Card:
    """The card that a row of the tidy table belongs to: its own, or that of the KPI it stands beside (`first_response_time_p90`)."""
    return CATALOGUE[row] if row in CATALOGUE else CATALOGUE[max((name for name in CATALOGUE if row.startswith(f"{name}_")), key=len)]


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
