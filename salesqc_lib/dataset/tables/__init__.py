"""The fact tables: a file each (or two tables that belong together), found by itself and registered by `fact_table`."""

from importlib import import_module
from pkgutil import iter_modules

NAMES = tuple(module.name for module in iter_modules(__path__))
for name in NAMES:
    import_module(f"{__name__}.{name}")
