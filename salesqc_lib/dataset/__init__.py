"""A client's export as facts: canonical tables are read, linked and prepared once; cards then measure them."""

from salesqc_lib.dataset.dataset import Dataset

__all__ = ["Dataset"]
