"""Segments of a breakdown against each other: fair to age, mix and tenure, and sure as far as the data allow."""

from salesqc_lib.measure.peers.compare import COLUMNS, compare
from salesqc_lib.measure.peers.tenure import NEW_DAYS, Tenure, tenure_of

__all__ = ["COLUMNS", "NEW_DAYS", "Tenure", "compare", "tenure_of"]
