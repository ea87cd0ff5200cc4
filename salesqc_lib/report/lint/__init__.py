"""`salesqc lint`: the rules that a report keeps. One class a rule; its docstring is its page."""

from salesqc_lib.report.lint.rule import Fault, Rule
from salesqc_lib.report.lint.run import Result, lint, rules

__all__ = ["Fault", "Result", "Rule", "lint", "rules"]
