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

    @cached_property
    def deals(self) -> pd.DataFrame:
        """By `deal_id`: `worth` (its amount, else the mean contract of its product, else of all), `step` reached at the close of the
        period, `idle_days` since the last human activity (or the creation; NULL where the log does not tell)."""
        con, have = self.dataset.con, self.dataset.shapes["deals"].columns
        close = f"to_timestamp({self.close.timestamp()})"
        amount = "nullif(greatest(d.amount, 0), 0)" if "amount" in have else "CAST(NULL AS DOUBLE)"
        product = "d.product" if "product" in have else "''"
        steps = [step for step in STEPS if step in have]
        step = "CASE " + " ".join(f"WHEN d.{name} <= {close} THEN '{name}'" for name in steps) + " ELSE '' END" if steps else "''"
        mean = f"SELECT {product} AS product, avg({amount}) AS mean FROM facts.deals d WHERE {self._signed()} GROUP BY 1"
        human = "AND is_automatic IS NOT TRUE" if "is_automatic" in self.dataset.have["activities"] else ""
        quiet = (
            f"""LEFT JOIN (SELECT deal_no, max("at") AS last_at FROM linked WHERE deal_no IS NOT NULL AND "at" <= {close} {human} GROUP BY 1) a ON a.deal_no = d.deal_no"""
            if not self.dataset.shapes["activities"].reason
            else ""
        )
        last = "coalesce(a.last_at, d.created_at)" if quiet else "d.created_at"
        if quiet and "is_logged" in have:  # of a deal older than the log, or alive after its end, nobody knows
            last = "CASE WHEN d.is_logged THEN coalesce(a.last_at, d.created_at) ELSE a.last_at END"
            log = self.dataset.log
            last = "CAST(NULL AS TIMESTAMPTZ)" if log.ends_early and (self.close.date() - log.last).days > log.quiet else last
        frame: pd.DataFrame = con.sql(f"""
            SELECT d.deal_id, {amount} AS amount, m.mean, {step} AS step, (epoch({close}) - epoch({last})) / 86400.0 AS idle_days
            FROM facts.deals d LEFT JOIN ({mean}) m ON m.product IS NOT DISTINCT FROM {product} {quiet}
            WHERE d.created_at < {close}""").df()
        # an amount that has been agreed is the deal's own; before that, the deal is worth what its like are worth
        frame["worth"] = frame["amount"].fillna(frame["mean"]).fillna(self.unit[0])
        return frame.drop_duplicates("deal_id").set_index("deal_id")

    def most_of(self, cases: pd.DataFrame) -> float:
        """An upper bound of what open deals may still bring: each one's chance from its step, times what it is worth."""
        if "deal_id" not in cases or not len(cases):
            return float("nan")
        own = self.deals.reindex(cases["deal_id"].drop_duplicates())
        chance = own["step"].map({step: self.onward(step) for step in set(own["step"].dropna())}).astype(float)
        found = float((chance * own["worth"].astype(float)).sum())
        return found if found > 0 else float("nan")

    def onward(self, step: str) -> float:
        """The share of contracts among deals that reached the step ('' for all leads) long enough ago; among all up to the close where none
        are that old. NaN for too few."""
        clock = step or "created_at"
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

    def _signed(self) -> str:
        start, end = self._year()
        if "contract_at" not in self.dataset.shapes["deals"].columns:
            return "FALSE"
        return f"d.contract_at >= {start} AND d.contract_at < {end}"

    def _year(self) -> tuple[str, str]:
        end = self.close
        return f"to_timestamp({(end - timedelta(365)).timestamp()})", f"to_timestamp({end.timestamp()})"
