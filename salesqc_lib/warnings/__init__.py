"""Doubts about a client's data, each with a code: what was seen, what it changes in the report, and what to do about it.

A figure is right, or it says how far it can be trusted, or it is refused; here stands how far. `salesqc check`, the passport and the
manifest name warnings by these codes.
"""

from salesqc_lib.warnings.kinds import WARNINGS, Kind, Weight
from salesqc_lib.warnings.warned import Money, Share, Value, Warned, graded, gravest_first

__all__ = ["WARNINGS", "Kind", "Money", "Share", "Value", "Warned", "Weight", "graded", "gravest_first"]
