"""A chapter: which figures and findings it holds, and what its figures say where nothing stands out."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from salesqc_lib.findings import Finding, Findings
from salesqc_lib.kpi.card import CHANNEL
from salesqc_lib.measure import Measurement
from salesqc_lib.show.words.findings import inside
from salesqc_lib.show.words.labels import kpi_name
from salesqc_lib.units import tell
from salesqc_lib.words import Text

MOST_TOLD = 3


@dataclass(frozen=True)
class Fact:
    """A sentence over figures of the department, `{kpi}` each; where one is missing, those that are known, by name."""

    text: Text
    kpis: tuple[str, ...]

    def said(self, measured: Measurement, others: tuple[str, ...] = ()) -> str:
        """The sentence; '' where no figure is known."""
        reader, language = measured.reader, measured.reader.language
        known = {kpi: told(measured, kpi) for kpi in (*self.kpis, *others) if told(measured, kpi)}
        if all(kpi in known for kpi in self.kpis):
            return self.text.format(**known)[language]
        listed = [f"{inside(kpi_name(kpi, reader.language))} {value}" for kpi, value in list(known.items())[:MOST_TOLD]]
        text = "; ".join(listed)
        return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Chapter:
    """A chapter. `section` is its name in `report.sections`; `about` says what is measured, `groups` whose findings it holds. `is_always`: it has its page wherever something can be measured."""

    key: str
    order: int
    section: str
    label: Text
    about: Text
    kpis: tuple[str, ...]
    fact: Fact
    groups: tuple[str, ...] = ()
    title: Callable[[Measurement, Findings], str] | None = None  # says the message itself; '' for the usual one
    is_always: bool = False
    is_of_channels: bool = False

    def holds(self, finding: Finding) -> bool:
        """Whether a finding is argued here; those on channels have a chapter of their own."""
        if finding.by == CHANNEL:
            return self.is_of_channels
        return finding.group in self.groups

    def measured_in(self, measured: Measurement) -> list[str]:
        """Those of its figures that are known for the department."""
        return [kpi for kpi in self.kpis if told(measured, kpi)]


def told(measured: Measurement, kpi: str) -> str:
    """A figure of the department as one says it; '' where it is not known."""
    if kpi not in measured.kpis:
        return ""
    row = measured.row(kpi)
    return "" if pd.isna(row["value"]) else tell(row["value"], str(row["unit"]), measured.reader.language, measured.reader.currency)
