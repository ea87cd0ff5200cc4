"""The leads of a period one by one, as far as their money is followed: who had them, when somebody tried, which steps they reached."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import Dataset
from salesqc_lib.facts import UNSET
from salesqc_lib.facts.measures import Window
from salesqc_lib.measure.peers import Tenure
from salesqc_lib.measure.peers.mix import mix_of

STEPS = ("qualified_at", "key_event_set_at", "key_event_held_at", "contract_at")
HOUR, DAY = 3600.0, 86400.0
BLOCKS = (9, 12, 15, 19)  # hours of the day between which leads are held alike
TRIED_DAYS = 14  # a lead younger than that may still be tried


@dataclass(frozen=True)
class Leads:
    """Arrays over leads: codes of `manager`, `channel`, `product`; moments in Unix seconds, NaN where there was none."""

    names: dict[str, list[str]]  # by dimension, what the codes stand for
    codes: dict[str, Any]
    moments: dict[str, Any]  # created_at, first_attempt_at, first_contact_at, the steps
    amount: Any
    hour: Any
    as_of: float

    def __len__(self) -> int:
        return len(self.moments["created_at"])

    def only(self, where: Any) -> "Leads":
        """Some of them."""
        return Leads(
            self.names, {name: code[where] for name, code in self.codes.items()}, {name: moment[where] for name, moment in self.moments.items()},
            self.amount[where], self.hour[where], self.as_of,
        )  # fmt: skip

    def reached(self, step: str) -> Any:
        """Whether a moment came by the export."""
        return ~np.isnan(self.moments[step])

    @property
    def band(self) -> Any:
        """How late the first attempt came: 0 within the hour, 1 within a day, 2 later (or never)."""
        waited = self.moments["first_attempt_at"] - self.moments["created_at"]
        return np.where(waited <= HOUR, 0, np.where(waited <= DAY, 1, 2))

    @property
    def block(self) -> Any:
        """The part of the day in which it came."""
        return np.digitize(self.hour, BLOCKS)


def leads_of_year(dataset: Dataset, window: Window) -> Leads | None:
    """The leads of the year up to the end of a window; None where nobody can be told by."""
    have = set(dataset.shapes["deals"].columns)
    if not {"manager", "contract_at"} <= have or dataset.shapes["deals"].one_sided == "only_wins":
        return None
    start = min(window.start, window.close - timedelta(365)).timestamp()
    moments = [name for name in ("created_at", "first_attempt_at", "first_contact_at", *STEPS) if name in have]
    picked = [f"CASE WHEN {name}_s <= {window.as_of.timestamp()} THEN {name}_s END AS {name}" for name in moments]
    dimensions = ["manager", *sorted(mix_of(dataset))]
    amount = "CAST(amount AS DOUBLE)" if "amount" in have else "CAST(NULL AS DOUBLE)"
    hour = "CAST(hour AS DOUBLE)" if "hour" in have else "CAST(12 AS DOUBLE)"
    logged = "AND is_logged" if "is_logged" in have else ""
    frame = dataset.con.sql(
        f"SELECT {', '.join(dimensions)}, {', '.join(picked)}, {amount} AS amount, {hour} AS of_hour FROM facts.deals "
        f"WHERE created_at_s >= {start} AND created_at_s < {window.close.timestamp()} {logged} ORDER BY created_at_s, deal_id"
    ).df()
    if not len(frame):
        return None
    names: dict[str, list[str]] = {}
    codes = {}
    for dimension in dimensions:
        found, code = np.unique(frame[dimension].astype(str).to_numpy(object), return_inverse=True)
        names[dimension], codes[dimension] = [str(name) for name in found], code
    for dimension in ("channel", "product"):
        if dimension not in codes:
            names[dimension], codes[dimension] = [UNSET], np.zeros(len(frame), int)
    return Leads(
        names, codes, {name: frame[name].to_numpy(float) for name in moments}, frame["amount"].to_numpy(float), frame["of_hour"].to_numpy(float),
        window.as_of.timestamp(),
    )  # fmt: skip


def settled(leads: Leads, tenure: Tenure) -> Any:
    """Which leads came after their seller's first days."""
    until = np.array([(moment.timestamp() if (moment := tenure.settled_at(name)) else -np.inf) for name in leads.names["manager"]])
    return leads.moments["created_at"] >= until[leads.codes["manager"]]


def moved_part(dataset: Dataset, window: Window, peers: frozenset[str]) -> float:
    """The part of the deals whose first attempt was by another of the compared sellers than the present owner: they blur every difference.
    Somebody who calls first by office and sells nothing is no seller who had the deal."""
    if not peers or dataset.shapes["activities"].reason or "first_attempt_at" not in dataset.shapes["deals"].columns:
        return 0.0
    row = dataset.con.execute(
        f"""SELECT avg(CASE WHEN a.manager <> d.manager THEN 1.0 ELSE 0.0 END) FROM facts.deals d
        JOIN linked a ON a.deal_no = d.deal_no AND a."at" = d.first_attempt_at
        WHERE d.created_at >= to_timestamp({window.start.timestamp()}) AND d.created_at < to_timestamp({window.close.timestamp()})
        AND a.manager IN ({", ".join(literal(name) for name in sorted(peers))}) AND d.manager <> '{UNSET}'"""
    ).fetchall()[0]
    return min(float(row[0] or 0.0), 0.5)
