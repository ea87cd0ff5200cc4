"""The chapters of the audit: a file each, found by itself. A chapter says which figures and findings it holds, and what its figures say
where nothing stands out."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from salesqc_lib.show.chapters.chapter import Chapter


@cache
def chapters() -> dict[str, Chapter]:
    """All chapters by key, in the order of the catalogue."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__) if module.name != "chapter"]
    found = sorted((module.CHAPTER for module in modules), key=lambda chapter: chapter.order)
    return {chapter.key: chapter for chapter in found}
