"""SalesQC: a sales department's quality-control audit, from CRM data to a report.

>>> from salesqc_lib import Audit
>>> audit = Audit("params/olkha.yaml", "2026-10")          # doctest: +SKIP
>>> audit.measure("speed", by=["manager", "channel"])      # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

from salesqc_lib.version import VERSION

__version__ = VERSION
__all__ = ["Audit", "Delta", "Portfolio", "__version__"]

if TYPE_CHECKING:
    from salesqc_lib.report.audit import Audit
    from salesqc_lib.report.delta import Delta
    from salesqc_lib.report.portfolio import Portfolio


def __getattr__(name: str) -> Any:
    """`Audit`, `Delta` and `Portfolio` are imported on first use, so that `salesqc --help` does not pay for pandas."""
    if name == "Audit":
        from salesqc_lib.report.audit import Audit

        return Audit
    if name == "Delta":
        from salesqc_lib.report.delta import Delta

        return Delta
    if name == "Portfolio":
        from salesqc_lib.report.portfolio import Portfolio

        return Portfolio
    raise AttributeError(name)
