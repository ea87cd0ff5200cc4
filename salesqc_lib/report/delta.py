"""`Delta`: the same audit of two periods, side by side: what was promised, what changed, and whether the same thing was measured."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import InputError
from salesqc_lib.findings.worked import Worked, worked
from salesqc_lib.lists import read_list
from salesqc_lib.measure import Measurement, definitions
from salesqc_lib.params import Parameters, project
from salesqc_lib.recommendations import Recommendations
from salesqc_lib.report.audit import Audit
from salesqc_lib.report.manifest import leave
from salesqc_lib.report.results import write_results
from salesqc_lib.witness import look_in
from salesqc_lib.words import Language, Text


@dataclass(frozen=True)
class Span:
    """Two periods as a cover names them."""

    before: Any
    after: Any

    @property
    def label(self) -> str:
        return f"{self.before.label}_vs_{self.after.label}"

    def name(self, language: Language) -> str:
        return f"{self.before.name(language)} → {self.after.name(language)}"


class Delta:
    """One client and two periods. The earlier one is observed for as long after its end as the later one: a cohort that has had
    longer to mature would look better without being so.

    Parameters as those of `Audit`; `before` and `after` are periods.
    """

    title = Text("Что изменилось после аудита", "What has changed since the audit")

    def __init__(
        self,
        client: str,
        before: str,
        after: str,
        language: str | None = None,
        output: str | None = None,
        today: str | None = None,
        worklist: str | None = None,
    ) -> None:
        self.after = Audit(client, after, language, output, today)
        data = self.after.dataset
        zone = self.after.parameters.zone
        earlier = Audit(client, before, language, None, today, dataset=data)
        ends = [audit.period.bounds(zone)[1] for audit in (earlier, self.after)]
        if ends[0] >= ends[1]:
            raise InputError(f"{before} does not end before {after}", cure="name the earlier period first")
        observed = min(data.as_of, ends[0] + (data.as_of - ends[1])) if data.as_of > ends[1] else ends[0]
        earlier.dataset = data.observed_at(observed)
        self._earlier = earlier
        self.output = Path(output) if output else None
        self.period = Span(earlier.period, self.after.period)
        self._worklist = Path(worklist) if worklist else None

    @property
    def before(self) -> Audit:
        """The audit of the earlier period. The later one is measured first: facts that the two share are prepared once, and those known
        at the earlier moment would be too few for the later one (clients lost since then)."""
        assert not self.after.measured.frame.empty  # noqa: S101 - measured now
        return self._earlier

    @property
    def parameters(self) -> Parameters:
        """The client's parameters."""
        return self.after.parameters

    @property
    def language(self) -> Language:
        """The language of the report."""
        return self.after.language

    @property
    def dataset(self) -> Dataset:
        """The data, as they stand now."""
        return self.after.dataset

    @property
    def measured(self) -> Measurement:
        """The later period's measurements."""
        return self.after.measured

    @property
    def promised(self) -> Recommendations:
        """What the earlier period's audit recommends, by today's definitions and what was known as long after its end."""
        return self.before.recommendations

    @property
    def _stored_at(self) -> Path | None:
        """The folder of the earlier period's own report, as it was handed over."""
        if self.output is None:
            return None
        folder = self.output.parent / self.before.period.label
        look_in(folder)
        return folder if (folder / "manifest.json").is_file() and not folder.is_symlink() else None

    @cached_property
    def stored(self) -> pd.DataFrame | None:
        """The findings of the earlier report as they were handed over; None where it is not kept."""
        folder = self._stored_at
        return read_list(folder / "findings.csv") if folder and (folder / "findings.csv").is_file() else None

    @cached_property
    def stored_money(self) -> float | None:
        """What was at stake in the earlier report; None where it is not kept, or named none."""
        folder = self._stored_at
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8")).get("headline", {}).get("money") if folder else None
        return float(told) if told is not None else None

    @cached_property
    def worked(self) -> Worked | None:
        """The list of deals as it was filled in: the file that is named, or `data/<client>/deals.csv` (or `.xlsx`) where it lies."""
        if self._worklist is not None:
            return worked(self.dataset, self._worklist)
        own = project() / "data" / self.parameters.client.id
        look_in(own)
        found = next((own / name for name in ("deals.xlsx", "deals.csv") if (own / name).is_file()), None)
        return worked(self.dataset, found) if found else None

    @cached_property
    def redefined(self) -> list[str] | None:
        """KPIs whose definition is another than in the stored report of the earlier period; None where there is no such report."""
        folder = self._stored_at
        if folder is None:
            return None
        stored = json.loads((folder / "manifest.json").read_text(encoding="utf-8")).get("definitions", {})
        now = definitions(self.parameters)
        return [kpi for kpi, mark in stored.items() if kpi in now and now[kpi] != mark]

    def figures(self) -> dict[str, Any]:
        """The main figures of both periods as plain numbers."""
        return {"before": self.before.figures(), "after": self.after.figures()}

    def publish(self) -> None:
        """Write the later period's results and what the manifest says; nothing without an output folder."""
        if self.output is None:
            return
        write_results(self.output, self.measured, self.dataset, self.after.recommendations, self.after.worklist)
        facts = self.after.facts() | {"compared_with": self.before.period.label, "redefined": self.redefined}
        leave(self.output, facts)
