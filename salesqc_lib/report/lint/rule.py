"""A rule: what it asks of a report, and where a report breaks it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from salesqc_lib.report.lint.reading import Reading

Severity = Literal["error", "warning", "info"]
WEIGHTS: dict[Severity, int] = {"error": 5, "warning": 2, "info": 1}


@dataclass(frozen=True)
class Fault:
    """A place where a rule is broken, and what was found there."""

    where: str
    found: str


class Rule(ABC):
    """A rule. Its docstring is its page: the first line says what is asked, then «Why», «Bad» and «Good»."""

    code: ClassVar[str]
    severity: ClassVar[Severity]
    needs: ClassVar[tuple[str, ...]] = ()  # parts of a report without which it cannot be tried: html, pdf, xlsx

    @abstractmethod
    def check(self, report: Reading) -> Iterator[Fault]:
        """Where the report breaks the rule."""
