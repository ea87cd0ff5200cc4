"""Fingerprints of definitions: two reports may be compared where they measured the same thing."""

import hashlib
import inspect

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import Card
from salesqc_lib.measure.measurement import SETTINGS
from salesqc_lib.params import Parameters


def definitions(parameters: Parameters) -> dict[str, str]:
    """By KPI: a fingerprint of the card's function, its kind and the client's settings that it asks for."""
    return {card.id: _fingerprint(card, parameters) for card in CATALOGUE.values()}


def _fingerprint(card: Card, parameters: Parameters) -> str:
    source = inspect.getsource(card.function).replace(card.function.__doc__ or "", "")
    settings = [repr(getattr(parameters, name)) for name in card.parameters if name in SETTINGS]
    given = [source[source.index("def ") :], card.kind, *settings, repr(parameters.activity), repr(sorted(parameters.stages.items()))]
    return hashlib.sha256("\n".join(given).encode()).hexdigest()[:12]
