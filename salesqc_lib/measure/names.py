"""One check of the names that an analyst writes: a KPI, a breakdown, a segment. A misspelt one is told; it is never «no data»."""

from collections.abc import Collection, Iterable

from salesqc_lib.errors import InputError, nearest
from salesqc_lib.facts import UNSET
from salesqc_lib.kpi import CATALOGUE, GROUPS, card_of
from salesqc_lib.kpi.card import DIMENSIONS


class UnknownNameError(InputError, KeyError):
    """A name that stands for nothing here."""

    def __str__(self) -> str:
        return self.text


def check_kpi(kpi: str, measured: Collection[str] = (), *, kinds: Collection[str] = ()) -> None:
    """Refuse what is no KPI (nor a figure beside one), was not measured here, or is not of the kinds that are asked for.

    Raises
    ------
    UnknownNameError
        With the nearest name, or where the KPI is to be found.
    """
    if kpi not in CATALOGUE and kpi not in measured:
        known = [*CATALOGUE, *(name for name in measured if name not in CATALOGUE)]
        if not any(kpi.startswith(f"{name}_") for name in CATALOGUE):
            raise UnknownNameError(f"no KPI «{kpi}»", cure=nearest(kpi, known))
        beside = [name for name in measured if name.startswith(f"{card_of(kpi).id}_")]
        raise UnknownNameError(
            f"no figure «{kpi}» stands beside {card_of(kpi).id}", cure=nearest(kpi, beside) if beside else "there is none"
        )
    card = card_of(kpi)
    if measured and kpi not in measured:
        raise UnknownNameError(
            f"«{kpi}» is not among what was measured here", cure=f'it belongs to the group {card.group}: audit.measure("{card.group}")'
        )
    if kinds and card.kind not in kinds:
        raise UnknownNameError(f"«{kpi}» is a {card.kind}, and this takes: {', '.join(kinds)}", cure=_instead(card.kind))


def check_breakdown(by: str, also: Iterable[str] = ()) -> None:
    """Refuse what is no breakdown."""
    known = {*DIMENSIONS, *also}
    if by and by not in known:
        raise UnknownNameError(f"no breakdown «{by}»", cure=nearest(by, sorted(known)))


def check_segment(segment: str, known: Collection[str], by: str) -> None:
    """Refuse a segment that does not occur."""
    if segment and segment not in known:
        raise UnknownNameError(
            f"no {by} «{segment}» in the period", cure=nearest(segment, sorted(set(known) - {UNSET})) if known else "there is none"
        )


def check_names(names: Iterable[str]) -> None:
    """Refuse what is neither a group nor a KPI."""
    for name in names:
        if name not in GROUPS:
            check_kpi(name)


def _instead(kind: str) -> str:
    if kind == "table":
        return "show it with table(…)"
    if kind in ("count", "sum", "ratio"):
        return "counts, sums and ratios have no cases: ask for a share, a mean or a time"
    return "show it with forest(…), trend(…) or breakdown(…)"
