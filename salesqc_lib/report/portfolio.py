"""`Portfolio`: many clients and one period side by side, for the consultancy that audits them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from salesqc_lib.errors import InputError
from salesqc_lib.findings import Findings
from salesqc_lib.measure import Measurement
from salesqc_lib.params import every_client, load
from salesqc_lib.period import Period
from salesqc_lib.report import shelf
from salesqc_lib.report.audit import Audit
from salesqc_lib.report.manifest import leave
from salesqc_lib.report.stopwatch import Stopwatch
from salesqc_lib.words import LANGUAGES, Language, Reader, Text


@dataclass(frozen=True)
class Member:
    """One client of the portfolio: what was measured and found; the data themselves are let go."""

    id: str
    name: str
    measured: Measurement
    found: Findings
    as_of: datetime

    @property
    def reader(self) -> Reader:
        """Language of the portfolio, currency of the client."""
        return self.measured.reader


class Portfolio:
    """Audits of many clients over one period, one after another. A client whose data cannot be read is named with the reason, and
    does not stop the others.

    Parameters
    ----------
    clients
        Names in `params/` or paths of parameter files, separated by commas; None takes every file of `params/`.
    period, language, output, today
        As those of `Audit`.
    """

    title = Text("Портфель клиентов", "Portfolio of clients")

    def __init__(
        self, clients: str | None, period: str, language: str | None = None, output: str | None = None, today: str | None = None
    ) -> None:
        self.watch = Stopwatch()
        self.output = Path(output) if output else None
        names = [name.strip() for name in clients.split(",") if name.strip()] if clients else [str(path) for path in every_client()]
        if not names:
            raise InputError("no client to compare", cure="name them, or put parameter files into params/")
        if language is not None and language not in LANGUAGES:
            raise InputError(f"no language «{language}»", cure="write ru or en")
        self.period = Period.parse(period, date.fromisoformat(today) if today else None)
        self.members: list[Member] = []
        self.failed: dict[str, str] = {}
        self.inputs: list[dict[str, Any]] = []
        self.codes: set[str] = set()
        self.language: Language = _language(language) if language else _first_language(names)
        for name in names:
            try:
                self.members.append(self._member(name, period, today))
            except InputError as error:
                self.failed[Path(name).stem] = error.text
        if not self.members:
            raise InputError("no client could be read", cure="; ".join(self.failed.values()))

    def _member(self, name: str, period: str, today: str | None) -> Member:
        audit = Audit(name, period, self.language, None, today)
        client = audit.parameters.client
        member = Member(client.id, client.name, audit.measured, audit.found, audit.dataset.as_of)
        self.inputs += audit.inputs()
        self.codes |= {one.code for one in audit.warned}
        shelf.drop()
        audit.dataset.con.close()
        return member

    def figures(self) -> dict[str, Any]:
        """Each client's number of faults and share of contracts, as plain numbers."""
        return {
            member.id: {"faults": len(member.found.faults), "lead_to_contract": float(f"{member.measured.value('lead_to_contract'):.6g}")}
            for member in self.members
            if "lead_to_contract" in set(member.measured.frame["kpi"])
        }

    def publish(self) -> None:
        """Write what the manifest says; nothing without an output folder."""
        if self.output is None:
            return
        facts = {
            "client": "portfolio",
            "period": {"label": self.period.label, "start": str(self.period.first), "end": str(self.period.end)},
            "clients": [member.id for member in self.members],
            "failed": self.failed,
            "inputs": self.inputs,
            "warnings": [{"code": code} for code in sorted(self.codes)],
            "headline": {},
            "timings_s": {**self.watch.seconds, "kernel": self.watch.elapsed},
        }
        leave(self.output, facts)


def _first_language(names: Sequence[str]) -> Language:
    """That of the first client whose parameters can be read."""
    for name in names:
        try:
            return load(name).report.language
        except InputError:
            continue  # named with its reason when its turn comes
    return "en"


def _language(name: str) -> Language:
    return "ru" if name == "ru" else "en"
