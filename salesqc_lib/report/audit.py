"""`Audit`: what a notebook works with."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from salesqc_lib import witness
from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import InputError
from salesqc_lib.findings import Findings, find
from salesqc_lib.findings.worklist import worklist
from salesqc_lib.measure import Measurement, cases, definitions, measure
from salesqc_lib.measure.control import Checked, checked
from salesqc_lib.measure.doubts import as_facts, warnings_of
from salesqc_lib.measure.names import check_breakdown
from salesqc_lib.params import Parameters, load
from salesqc_lib.period import Period
from salesqc_lib.recommendations import Recommendations, recommend
from salesqc_lib.report import shelf
from salesqc_lib.report.manifest import leave
from salesqc_lib.report.results import in_zone, moments, write_results
from salesqc_lib.report.stopwatch import Stopwatch
from salesqc_lib.warnings import Warned
from salesqc_lib.words import LANGUAGES, Language, Text


class Audit:
    """One client and one period. The data are read and everything is measured once, on first use.

    Parameters
    ----------
    client
        Name in `params/` or path of a parameter file.
    period
        `2026-10`, `2026-Q3`, `2026-10-05..2026-10-18`, `last-month` …
    language
        `ru` or `en`; without it, the client's.
    output
        Folder for the results of the run (see `publish`); without it, nothing is written.
    dataset
        The client's data where they are read already.
    """

    title = Text("Аудит отдела продаж", "Sales department audit")

    def __init__(
        self,
        client: str,
        period: str,
        language: str | None = None,
        output: str | None = None,
        today: str | None = None,
        dataset: Dataset | None = None,
    ) -> None:
        witness.begin()
        self.watch = Stopwatch()
        parameters = load(client)
        if language is not None:
            if language not in LANGUAGES:
                raise InputError(f"no language «{language}»", cure="write ru or en")
            report = parameters.report.model_copy(update={"language": language})
            copy = parameters.model_copy(update={"report": report})
            copy._file, copy._lines = parameters._file, parameters._lines
            parameters = copy
        self.period = Period.parse(period, date.fromisoformat(today) if today else None)
        self.output = Path(output) if output else None
        with self.watch.step("read"):
            day = date.fromisoformat(today) if today else None
            self.dataset = dataset if dataset is not None else shelf.dataset(parameters, day, lambda: Dataset.read(parameters, day))
        self.parameters = _as_shown(parameters, self.dataset)
        self._check_reach()

    def titled(self, ru: str, en: str) -> "Audit":
        """The same under another title on the cover."""
        self.title = Text(ru, en)
        return self

    @property
    def language(self) -> Language:
        """The language of the report."""
        return self.parameters.report.language

    @cached_property
    def measured(self) -> Measurement:
        """The whole catalogue over the period."""
        with self.watch.step("measure"):
            return shelf.measured(self.dataset, self.period.label, lambda: measure(self.dataset, self.period))

    @cached_property
    def checked(self) -> list[Checked]:
        """The client's own totals beside ours."""
        return checked(self.dataset)

    @cached_property
    def warned(self) -> list[Warned]:
        """The doubts about the data, those of the period among them, by their codes."""
        return warnings_of(self.dataset, self.period, self.checked)

    def measure(self, *names: str, by: Iterable[str] | None = None) -> Measurement:
        """Groups or KPIs by name. `by` chooses breakdowns; one that the cards do not name is measured anew."""
        if by is not None:
            wanted = list(by)
            for name in wanted:
                check_breakdown(name, self.dataset.shapes["deals"].columns)
            known = set(self.measured.only(names).frame["by"])
            if not set(wanted) <= known:
                return measure(self.dataset, self.period, names, wanted)
            return self.measured.only(names, wanted)
        return self.measured.only(names)

    def cases(self, kpi: str, by: str = "") -> pd.DataFrame:
        """The rows behind a share, mean or time: which deals, calls or tasks were counted (see `salesqc_lib.measure.cases`), their
        moments by the client's clock."""
        frame = cases(self.dataset, self.period, kpi, by)
        return frame.assign(**{name: in_zone(frame[name], self.parameters.zone) for name in moments(frame)})

    @cached_property
    def found(self) -> Findings:
        """All findings of the period, with money and evidence."""
        with self.watch.step("findings"):
            return shelf.found(self.dataset, self.period.label, lambda: find(self.dataset, self.period, self.measured))

    def findings(self, *names: str) -> Findings:
        """The findings of some chapters (groups of the catalogue) or KPIs; all of them without a name."""
        return self.found.only(*names) if names else self.found

    @cached_property
    def recommendations(self) -> Recommendations:
        """What to do, in the order of money over effort."""
        return recommend(self.found, self.measured, self.dataset.as_of.astimezone(self.parameters.zone).date())

    @cached_property
    def worklist(self) -> pd.DataFrame:
        """The open deals that wait for a step, each once (see `salesqc_lib.findings.worklist`)."""
        return worklist(self.dataset, self.period)

    def figures(self) -> dict[str, Any]:
        """The main figures as plain numbers: printed by the notebook, compared by the tests."""
        total = self.measured.frame[(self.measured.frame["by"] == "") & self.measured.frame["value"].notna()]
        return {str(row["kpi"]): float(f"{row['value']:.6g}") for row in total.to_dict("records")}

    def headline(self) -> dict[str, float | None]:
        """What a list of reports shows of this one; None where a figure cannot be given."""
        names = ("leads", "contracts", "lead_to_contract", "revenue", "plan_attainment")
        known = set(self.measured.frame["kpi"])
        figures = {kpi: self.measured.value(kpi) if kpi in known else float("nan") for kpi in names}
        money = self.found.money
        return {
            **{kpi: None if pd.isna(value) else value for kpi, value in figures.items()},
            "faults": float(len(self.found.faults)),
            "serious": float(sum(1 for one in self.found.faults if one.severity in ("critical", "major"))),
            "money": money.base if money.is_known else None,
        }

    def publish(self, *, is_audit: bool = True) -> None:
        """Write `kpis.csv`, `tables/`, `findings.csv`, `evidence/`, `rejected.csv` and what the manifest says of the data; nothing without
        an output folder. A page beside the audit (`is_audit=False`) leaves the audit's own files alone.
        """
        if self.output is None:
            return
        if is_audit:
            write_results(self.output, self.measured, self.dataset, self.recommendations, self.worklist)
        leave(self.output, self.facts())

    def inputs(self) -> list[dict[str, Any]]:
        """The files that were read; a table of a database has no hash."""
        return [{"file": file.name, "table": file.table, "rows": file.rows, "sha256": file.sha256} for file in self.dataset.intake.files]

    def facts(self) -> dict[str, Any]:
        """What the manifest says of the data and of the run."""
        return {
            "client": self.parameters.client.id,
            "parameters": json.loads(self.parameters.model_dump_json()),
            "pseudonyms": self.dataset.pseudonyms.all if self.dataset.pseudonyms else [],
            "period": {"label": self.period.label, "start": str(self.period.first), "end": str(self.period.end)},
            "as_of": self.dataset.as_of.astimezone(self.parameters.zone).isoformat(),
            "inputs": self.inputs(),
            "rows": dict(self.dataset.rows),
            "definitions": definitions(self.parameters),
            "rows_rejected": int((~self.dataset.rejected["is_row_kept"].astype(bool)).sum()),
            "cells_not_read": int(self.dataset.rejected["is_row_kept"].astype(bool).sum()),
            "as_of_origin": self.dataset.as_of_origin,
            "warnings": [as_facts(one) for one in self.warned],
            "headline": self.headline(),
            "timings_s": {**self.watch.seconds, "kernel": self.watch.elapsed},
        }

    def _check_reach(self) -> None:
        """A period outside the data would give a report of dashes: say so at once."""
        start, end = self.period.bounds(self.parameters.zone)
        row = self.dataset.con.execute(
            "SELECT min(created_at)::DATE, count(*) FILTER (created_at < to_timestamp(?)) FROM facts.deals", [end.timestamp()]
        ).fetchall()[0]
        if start >= self.dataset.as_of or not row[1]:
            last = self.dataset.as_of.astimezone(self.parameters.zone).date()
            raise InputError(
                f"the period {self.period.label} lies outside the data",
                where=str(self.parameters.file),
                cure=f"the data reach from {row[0]} to {last}; choose a period between",
            )


def _as_shown(parameters: Parameters, dataset: Dataset) -> Parameters:
    """The parameters as the data have them: without the names that are hidden, stages and reasons as they are called now."""
    report = dataset.parameters.report.model_copy(update={"language": parameters.report.language})
    copy = dataset.parameters.model_copy(update={"report": report})
    copy._file, copy._lines = parameters._file, parameters._lines
    return copy
