"""Try every rule on a report."""

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from inspect import isabstract
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from salesqc_lib.report.lint.reading import Reading
from salesqc_lib.report.lint.rule import WEIGHTS, Fault, Rule

GATE = 95.0  # per cent of the weight of the rules that were tried


@dataclass
class Result:
    """What became of the rules: `faults` by code, those that could not be tried and why, those that were set aside and why."""

    tried: list[Rule] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    untried: dict[str, str] = field(default_factory=dict)
    suppressed: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Per cent of the weight of the rules that were tried."""
        every = sum(WEIGHTS[rule.severity] for rule in self.tried)
        met = sum(WEIGHTS[rule.severity] for rule in self.tried if rule.code not in self.faults)
        return 100.0 * met / every if every else 100.0

    @property
    def errors(self) -> list[str]:
        """The broken rules that block a delivery."""
        return [rule.code for rule in self.tried if rule.severity == "error" and rule.code in self.faults]

    @property
    def is_fit(self) -> bool:
        """Whether the report may be handed over: no error, and the score."""
        return not self.errors and self.score >= GATE

    def facts(self) -> dict[str, Any]:
        """The same for a machine."""
        rule_of = {rule.code: rule for rule in self.tried}
        return {
            "score": round(self.score, 1),
            "is_fit": self.is_fit,
            "tried": len(self.tried),
            "faults": [
                {"code": code, "severity": rule_of[code].severity, "rule": title(rule_of[code]), "where": one.where, "found": one.found}
                for code, found in self.faults.items()
                for one in found
            ],
            "not_tried": self.untried,
            "suppressed": self.suppressed,
        }


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule: each is a file in `rules/` and found by itself."""
    package = f"{__package__}.rules"
    folder = import_module(package).__path__
    found: list[Rule] = []
    for module in iter_modules(folder):
        own = vars(import_module(f"{package}.{module.name}")).values()
        found += [one() for one in own if isinstance(one, type) and issubclass(one, Rule) and not isabstract(one)]
    return tuple(sorted(found, key=lambda rule: rule.code))


def title(rule: Rule) -> str:
    """What a rule asks, in a line."""
    return str(rule.__doc__).strip().splitlines()[0]


def lint(folder: Path) -> Result:
    """Try every rule on the report in a folder."""
    reading, result = Reading(folder), Result()
    for rule in rules():
        lacking = [part for part in rule.needs if not reading.has(part)]
        if lacking:
            result.untried[rule.code] = f"needs {', '.join(lacking)}"
        elif rule.code in reading.suppressed:
            result.suppressed[rule.code] = reading.suppressed[rule.code]
        else:
            result.tried.append(rule)
            if faults := list(rule.check(reading)):
                result.faults[rule.code] = faults
    return result
