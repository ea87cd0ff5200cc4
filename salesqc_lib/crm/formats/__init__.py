"""The CRMs whose exports are recognised: one file each, found by itself. It lists `LAYOUTS`."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from salesqc_lib.crm.formats.layout import Field, Layout
from salesqc_lib.words import Text

__all__ = ["Field", "Layout", "crm_of", "how_to_export", "layouts"]


@cache
def _modules() -> tuple[ModuleType, ...]:
    return tuple(import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__) if found.name != "layout")


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout of every CRM."""
    return tuple(layout for module in _modules() for layout in module.LAYOUTS)


def crm_of(headers: Iterable[str]) -> str:
    """The CRM whose list of deals has these headers; '' where none is known."""
    given = list(headers)
    found = [layout for layout in layouts() if layout.table == "deals" and layout.is_met(given)]
    return max(found, key=lambda layout: layout.met(given)).crm if found else ""


def how_to_export(crm: str, table: str) -> Text | None:
    """Where a CRM gives a table (or `table.column`); None where that is not known."""
    for module in _modules():
        exports: dict[str, Text] = getattr(module, "EXPORTS", {})
        if any(layout.crm == crm for layout in module.LAYOUTS) and table in exports:
            return exports[table]
    return None
