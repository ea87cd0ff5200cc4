"""Two invented companies with planted faults: what a first-time user sees, and what the audit is tested against."""

from salesqc_lib.demo.make import make_exports
from salesqc_lib.demo.parameters import place_parameters

__all__ = ["make_exports", "place_parameters"]
