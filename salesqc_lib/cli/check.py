"""`salesqc check`: what was read, the totals, every doubt about the data with what to do, and what can be measured."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import InputError
from salesqc_lib.facts import UNSET
from salesqc_lib.measure import Measurement, measure
from salesqc_lib.measure.control import Checked, checked
from salesqc_lib.measure.doubts import as_facts, warnings_of
from salesqc_lib.measure.openings import not_now, openings
from salesqc_lib.params import load
from salesqc_lib.period import Period
from salesqc_lib.show.passport import measures_given, trust_in
from salesqc_lib.show.ready import what_it_opens, what_to_bring
from salesqc_lib.show.words.labels import reason_text
from salesqc_lib.units import write_money, write_number
from salesqc_lib.warnings import Warned, gravest_first


@dataclass(frozen=True)
class Check:
    """What reading a client's data tells, before anything is rendered."""

    dataset: Dataset
    period: Period
    measured: Measurement
    controls: list[Checked]
    warned: list[Warned]

    @classmethod
    def of(cls, client: str, period: str | None, today: str | None) -> "Check":
        """Read, vet and measure; without a period, the month before the export."""
        parameters = load(client)
        day = date.fromisoformat(today) if today else None
        if period:
            Period.parse(period, day)  # a misspelt period is told before the data are read
        dataset = Dataset.read(parameters, day)
        exported = dataset.as_of.astimezone(parameters.zone).date()
        chosen = Period.parse(period or "last-month", day or exported)
        controls = checked(dataset)
        return cls(dataset, chosen, measure(dataset, chosen), controls, warnings_of(dataset, chosen, controls))

    @property
    def totals(self) -> dict[str, float | int | None]:
        """Leads, contracts and revenue of the period (with the upper bound where wins have no date), sellers with deals in it, and all undated
        wins."""
        found: dict[str, float | int | None] = {}
        for kpi in ("leads", "contracts", "revenue"):
            row = self.measured.row(kpi)
            found[kpi] = _number(row["value"])
            if str(row["reason"]).startswith("undated"):
                found[f"{kpi}_high"] = _number(row["high"])
        sellers = self.measured.frame
        sellers = sellers[sellers["kpi"].isin(["leads", "contracts"]) & (sellers["by"] == "manager") & (sellers["value"] > 0)]
        found["sellers"] = len(set(sellers["segment"]) - {UNSET})
        found["undated_wins"] = sum(one.rows for one in self.warned if one.code == "W105")
        return found

    @property
    def given(self) -> tuple[int, int]:
        """How many measures have a value for the whole department, and of how many."""
        return measures_given(self.measured)

    @property
    def trust(self) -> str:
        """The grade of trust, as the passport of a report gives it."""
        return trust_in(self.dataset, self.measured, self.warned)

    @property
    def missing(self) -> dict[str, list[str]]:
        """The measures that cannot be given, by the reason."""
        total = self.measured.frame[(self.measured.frame["by"] == "") & self.measured.frame["value"].isna()]
        found: dict[str, list[str]] = {}
        for row in total.to_dict("records"):
            found.setdefault(str(row["reason"]), []).append(str(row["kpi"]))
        return found

    def facts(self) -> dict[str, Any]:
        """All of it as plain values, for a program."""
        given, every = self.given
        return {
            "client": self.dataset.parameters.client.id,
            "period": self.period.label,
            "as_of": self.dataset.as_of.astimezone(self.dataset.parameters.zone).isoformat(),
            "as_of_origin": self.dataset.as_of_origin,
            "crm": self.dataset.intake.crm,
            "trust": self.trust,
            "totals": self.totals,
            "control": [
                {"period": one.period.label, "name": one.name, "theirs": one.theirs, "ours": one.ours, "parts": one.explained, "unexplained": one.unexplained}
                for one in self.controls
            ],
            "warnings": [as_facts(one, currency=self.dataset.parameters.report.currency) for one in self.warned],
            "readiness": {
                "given": given,
                "of": every,
                "bring": [
                    {"what": what_to_bring(one, "en"), "table": one.table, "column": one.column, "opens": len(one.kpis), "kpis": list(one.kpis)} for one in openings(self.measured)
                ],
                "missing": [{"reason": reason, "bring": reason_text(reason, "en"), "kpis": kpis} for reason, kpis in self.missing.items()],
            },
        }  # fmt: skip


def check(client: str, period: str | None, today: str | None, *, as_json: bool) -> int:
    """Print what the data tell; the exit code is 0 where they can be read."""
    if not as_json:
        _print(Check.of(client, period, today))
        return 0
    try:
        facts, code = Check.of(client, period, today).facts(), 0
    except InputError as error:
        facts, code = {"error": {"message": error.message, "where": error.where, "cure": error.cure}}, error.exit_code
    print(json.dumps(facts, ensure_ascii=False, indent=1))
    return code


def _print(found: Check) -> None:
    """One screen: what was read, the totals, the doubts with what to do, and what to bring."""
    dataset, currency = found.dataset, found.dataset.parameters.report.currency
    read = "; ".join(f"{file.name}: {file.rows:,} rows → {file.table}" for file in dataset.intake.files)
    exported = dataset.as_of.astimezone(dataset.parameters.zone)
    print(f"{dataset.intake.crm}: {read}" if dataset.intake.crm else read)
    print(f"as of {exported:%Y-%m-%d %H:%M} {dataset.parameters.report.timezone} (from {dataset.as_of_origin})")
    print(f"{found.period.label}: {_in_words(found.totals, currency)}; trust in the data: {found.trust}")
    for one in found.controls:
        told = "they agree" if one.is_alike else f"the difference is {one.difference:,.0f}: " + (
            ", ".join(f"{name} {size:,.0f}" for name, size in one.explained.items()) or "no part of it is explained"
        ) + (f", unexplained {one.unexplained:,.0f}" if abs(one.unexplained) > 0.5 else "")  # fmt: skip
        print(f"  the client's CRM, {one.period.label}: {one.name} {one.theirs:,.0f}, ours {one.ours:,.0f}: {told}")
    print(f"\nwarnings: {len(found.warned) or 'none'}")
    for warned in gravest_first(found.warned):
        place = warned.where("en")
        print(f"  {warned.code} {warned.kind.weight:<5} {warned.seen('en', currency)}" + (f"  [{place}]" if place else ""))
        if warned.kind.weight != "note":
            print(f"             {warned.changes('en', currency)} → {warned.do('en', currency)}")
    for table, reason, kept, rows in dataset.con.execute(
        "SELECT \"table\", split_part(reason, ' «', 1), is_row_kept, count(*) FROM rejected GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        print(f"  {'cells not read' if kept else 'rows set aside'}: {table}: {reason}: {rows}")
    given, every = found.given
    print(f"\n{found.period.label}: {given} of {every} measures can be given" + ("" if given == every else "; what would open the others:"))
    for opening in openings(found.measured):
        print(f"  {what_to_bring(opening, 'en')} → {what_it_opens(opening, 'en')}")
    if later := not_now(found.measured):
        print("  not in this period: " + "; ".join(f"{reason_text(reason, 'en')} ({len(kpis)})" for reason, kpis in later.items()))


def _in_words(totals: dict[str, float | int | None], currency: str) -> str:
    return ", ".join([*(_told(name, totals, currency) for name in ("leads", "contracts", "revenue")), f"{totals['sellers']} sellers"])


def _told(name: str, totals: dict[str, float | int | None], currency: str) -> str:
    """One total: «23 contracts (up to 31 with the undated)»."""
    value, high = totals[name], totals.get(f"{name}_high")
    if value is None:
        return f"no {name} known"
    most = f" (up to {_amount(name, high, currency)} with the undated)" if high is not None else ""
    return f"{_amount(name, value, currency)}{'' if name == 'revenue' else f' {name}'}{most}"


def _amount(name: str, value: float, currency: str) -> str:
    return write_money(value, "en", currency) if name == "revenue" else write_number(value, "en")


def _number(value: float) -> float | int | None:
    return None if value != value else int(value) if float(value).is_integer() else float(value)
