"""Two invented companies with planted faults: what a first-time user sees, and what the audit is tested against."""

from salesqc_lib.demo.make import make_exports

__all__ = ["make_exports"]
