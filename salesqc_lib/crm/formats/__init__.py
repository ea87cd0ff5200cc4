"""The CRMs whose exports are recognised: one file each, found by itself. It lists `LAYOUTS`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from salesqc_lib.crm.formats.layout import Field, Layout

__all__ = ["Field", "Layout", "layouts"]


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout of every CRM."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__) if found.name != "layout"]
    return tuple(layout for module in modules for layout in getattr(module, "LAYOUTS", ()))
