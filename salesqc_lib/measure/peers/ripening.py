"""How a share of a cohort ripens: what part of the final value shows by which age, from all deals of the year before."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np

from salesqc_lib.dataset import Dataset
from salesqc_lib.statistics.exposure import Ripeness, ripeness_of

# shares of deals that pass one moment and reach another: the younger the deal, the fewer have
RIPENING = {
    "qualification_rate": ("created_at", "qualified_at"),
    "lead_to_key_event_set": ("created_at", "key_event_set_at"),
    "qualified_to_key_event_set": ("qualified_at", "key_event_set_at"),
    "key_event_held_rate": ("key_event_set_at", "key_event_held_at"),
    "key_event_to_contract": ("key_event_held_at", "contract_at"),
    "lead_to_contract": ("created_at", "contract_at"),
    "contract_to_act": ("contract_at", "act_at"),
}
YEAR = 365


@dataclass
class Ripening:
    """The lines of all steps, as far as the data tell them up to a moment."""

    dataset: Dataset
    as_of: datetime
    _made: dict[tuple[str, str], Ripeness | None] = field(default_factory=dict)

    @cached_property
    def deals(self) -> dict[str, Any]:
        """Moments of the deals of the year before, in seconds; NaN where a step was not reached by then."""
        have = set(self.dataset.shapes["deals"].columns)
        names = sorted({name for pair in RIPENING.values() for name in pair} & have)
        end, start = self.as_of.timestamp(), (self.as_of - timedelta(YEAR)).timestamp()
        picked = ", ".join(f"CASE WHEN {name}_s <= {end} THEN {name}_s END AS {name}" for name in names)
        lost = f"CASE WHEN outcome = 'lost' AND closed_at_s <= {end} THEN closed_at_s END" if {"outcome", "closed_at"} <= have else "NULL"
        moments = " OR ".join(f"({name}_s >= {start} AND {name}_s <= {end})" for name in names) or "false"
        frame = self.dataset.con.sql(
            f"SELECT {picked}{', ' if picked else ''}CAST({lost} AS DOUBLE) AS lost FROM facts.deals WHERE {moments}"
        ).df()
        return {str(name): frame[name].to_numpy(float) for name in frame}

    def of(self, kpi: str, youngest: float) -> Ripeness | None:
        """The line of a share; None for one that does not ripen, whose line is not known, or whose youngest case (age in seconds) is ripe."""
        pair = RIPENING.get(kpi)
        if pair is None or not set(pair) <= set(self.deals):
            return None
        if pair not in self._made:
            self._made[pair] = self._line(*pair)
        line = self._made[pair]
        return line if line is not None and youngest < line.ripe_after else None

    def _line(self, clock: str, event: str) -> Ripeness | None:
        end = self.as_of.timestamp()
        begun, reached, lost = self.deals[clock], self.deals[event], self.deals["lost"]
        is_in = (begun >= end - YEAR * 86400.0) & (begun <= end)
        begun, reached, lost = begun[is_in], reached[is_in], lost[is_in]
        happened, gone = ~np.isnan(reached), np.isnan(reached) & ~np.isnan(lost)
        until = np.where(happened, reached, np.where(gone, lost, end))
        duration = until - begun
        kept = duration >= 0
        status = np.where(happened, 1, np.where(gone, 2, 0))
        horizon = self.dataset.parameters.funnel.horizon_days * 86400.0
        return ripeness_of(duration[kept], status[kept], horizon)


def part_of(line: Ripeness, clock: str) -> nw.Expr:
    """The line as an expression over the rows of a window: the part that a row counts for, by its age at the observation."""
    age = nw.col("__as_of_s") - nw.col(f"{clock}_s")
    ages, parts = line.ages, line.parts
    found: nw.Expr = nw.lit(1.0)
    for i in range(len(ages) - 1, 0, -1):
        slope = (parts[i] - parts[i - 1]) / (ages[i] - ages[i - 1])
        found = nw.when(age < ages[i]).then((age - ages[i - 1]) * slope + parts[i - 1]).otherwise(found)
    return nw.when(age < ages[0]).then(nw.lit(0.0)).otherwise(found) if ages[0] > 0 or parts[0] > 0 else found
