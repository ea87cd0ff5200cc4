"""Fingerprints of definitions: two reports may be compared where they measured the same thing."""

import hashlib
import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import Card
from salesqc_lib.measure.measurement import SETTINGS
from salesqc_lib.params import Parameters


def definitions(parameters: Parameters) -> dict[str, str]:
    """By KPI: a fingerprint of the card's function, its kind and the client's settings that it asks for."""
    return {card.id: _fingerprint(card, parameters) for card in CATALOGUE.values()}


def _fingerprint(card: Card, parameters: Parameters) -> str:
    settings = [repr(getattr(parameters, name)) for name in card.parameters if name in SETTINGS]
    given = [_source(card.function), card.kind, *settings, repr(parameters.activity), repr(sorted(parameters.stages.items()))]
    return hashlib.sha256("\n".join(given).encode()).hexdigest()[:12]


def sources() -> None:
    """Look all cards up at once, for the fingerprints to come."""
    for card in CATALOGUE.values():
        _source(card.function)


@cache
def _source(function: Callable[..., Any]) -> str:
    """What a function does, without what it says of itself."""
    source = inspect.getsource(function).replace(function.__doc__ or "", "")
    return source[source.index("def ") :]
