"""Findings: what is wrong, how sure we are, what it costs, and which deals show it."""

from salesqc_lib.findings.find import find, watched_groups
from salesqc_lib.findings.finding import FAULTS, Finding, Findings, Money

__all__ = ["FAULTS", "Finding", "Findings", "Money", "find", "watched_groups"]
