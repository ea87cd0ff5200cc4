"""What a contract is worth, and what an open deal on some step may still become: the client's own figures of the year before the export."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.measure.windows import windows_of
from salesqc_lib.period import Period
from salesqc_lib.statistics.skewed import relative_error

STEPS = ("contract_at", "key_event_held_at", "key_event_set_at", "qualified_at")
FEW = 10


@dataclass
class Worth:
    """Money behind deals; NaN where the data do not tell."""

    dataset: Dataset
    period: Period

    @cached_property
    def close(self) -> datetime:
        """The end of what is looked at: that of the period, or the export where it comes first."""
        return windows_of(self.dataset, self.period)[0].close

    @cached_property
    def unit(self) -> tuple[float, float]:
        """The mean contract of the year and its relative standard error, several contracts of one customer taken together."""
        have = set(self.dataset.shapes["deals"].columns)
        if not {"amount", "contract_at"} <= have:
            return float("nan"), float("nan")
        start, end = (moment.timestamp() for moment in (self.close - timedelta(365), self.close))
        customer = "customer_id" if "customer_id" in have else "CAST(NULL AS VARCHAR)"
        frame = self.dataset.con.sql(
            f"""SELECT CAST(amount AS DOUBLE) AS amount, {customer} AS customer FROM facts.deals
            WHERE contract_at >= to_timestamp({start}) AND contract_at < to_timestamp({end}) AND amount > 0 ORDER BY amount, deal_id"""
        ).df()
        if len(frame) < FEW:
            return float("nan"), float("nan")
        code, _ = pd.factorize(frame["customer"])
        error = relative_error(frame["amount"].to_numpy(), np.where(code < 0, np.nan, code.astype(float)))
        return float(frame["amount"].mean()), 0.0 if np.isnan(error) else error

    def most_of(self, cases: pd.DataFrame) -> float:
        """An upper bound of what open deals may still bring: each one's chance from its step, times its amount (or the mean contract)."""
        if "deal_id" not in cases or not len(cases) or np.isnan(self.unit[0]):
            return float("nan")
        have = self.dataset.shapes["deals"].columns
        steps = [step for step in STEPS if step in have]
        close = f"to_timestamp({self.close.timestamp()})"
        step = "CASE " + " ".join(f"WHEN {name} <= {close} THEN '{name}'" for name in steps) + " ELSE 'created_at' END" if steps else "'created_at'"
        amount = "nullif(greatest(CAST(amount AS DOUBLE), 0), 0)" if "amount" in have else "CAST(NULL AS DOUBLE)"
        frame = self.dataset.con.sql(f"SELECT deal_id, {step} AS step, {amount} AS amount FROM facts.deals").df()
        own = frame[frame["deal_id"].isin(set(cases["deal_id"]))].drop_duplicates("deal_id")
        chance = own["step"].map({name: self._onward(name) for name in ("created_at", *steps)})
        found = float((chance * own["amount"].fillna(self.unit[0])).sum())
        return found if np.isfinite(found) else float("nan")

    def _onward(self, clock: str) -> float:
        """The share of contracts among deals that passed the moment long enough ago; among all up to the close where none are that old."""
        if clock == "contract_at":
            return 1.0
        if not {clock, "contract_at"} <= set(self.dataset.shapes["deals"].columns):
            return float("nan")
        ripe = min(self.close, self.dataset.as_of - timedelta(self.dataset.parameters.funnel.horizon_days))
        for last in (ripe, self.close):
            first = last - timedelta(365)
            row = self.dataset.con.execute(
                f"""SELECT count(*), count(contract_at) FROM facts.deals WHERE "{clock}" >= to_timestamp({first.timestamp()})
                AND "{clock}" < to_timestamp({last.timestamp()})"""
            ).fetchall()[0]
            if row[0] >= FEW:
                return float(row[1]) / float(row[0])
        return float("nan")
