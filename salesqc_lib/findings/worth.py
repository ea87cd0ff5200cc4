"""What a deal is worth, and what a deal on some step may still become: the client's own figures of the year before the export."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from salesqc_lib.dataset import Dataset
from salesqc_lib.measure.windows import windows_of
from salesqc_lib.params.model import Assumptions
from salesqc_lib.period import Period
from salesqc_lib.statistics.means import mean_interval
from salesqc_lib.statistics.shares import newcombe, wilson

STEPS = ("contract_at", "key_event_held_at", "key_event_set_at", "qualified_at")
FEW = 10
NOTHING = (float("nan"),) * 3
Estimate = tuple[float, float, float]  # value, low, high


@dataclass
class Worth:
    """Money behind deals. All estimates come with their 95 % interval; NaN where the data do not tell."""

    dataset: Dataset
    period: Period
    assumptions: Assumptions

    @cached_property
    def close(self) -> datetime:
        """The end of what is looked at: that of the period, or the export where it comes first."""
        return windows_of(self.dataset, self.period)[0].close

    @cached_property
    def deals(self) -> pd.DataFrame:
        """By `deal_id`: `is_won`, `worth` (its amount, else the mean contract of its product, else of all), `list_amount`, `step` reached at the
        close of the period, `idle_days` since the last human activity (or the creation; NULL where the log does not tell), `answer` (in_time, late, never)."""
        con, have = self.dataset.con, self.dataset.shapes["deals"].columns
        close = f"to_timestamp({self.close.timestamp()})"
        amount = "nullif(greatest(d.amount, 0), 0)" if "amount" in have else "CAST(NULL AS DOUBLE)"
        product = "d.product" if "product" in have else "''"
        steps = [step for step in STEPS if step in have]
        step = "CASE " + " ".join(f"WHEN d.{name} <= {close} THEN '{name}'" for name in steps) + " ELSE '' END" if steps else "''"
        listed = "d.list_amount" if "list_amount" in have else "CAST(NULL AS DOUBLE)"
        mean = f"SELECT {product} AS product, avg({amount}) AS mean FROM facts.deals d WHERE {self._signed()} GROUP BY 1"
        contact = "d.first_contact_at" if "first_contact_at" in have else "CAST(NULL AS TIMESTAMPTZ)"
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
            SELECT d.deal_id, {self._is_won()} AS is_won, {amount} AS amount, m.mean, CAST({listed} AS DOUBLE) AS list_amount, {step} AS step,
                (epoch({close}) - epoch({last})) / 86400.0 AS idle_days, {contact} IS NOT NULL AS is_answered
            FROM facts.deals d LEFT JOIN ({mean}) m ON m.product IS NOT DISTINCT FROM {product} {quiet}
            WHERE d.created_at < {close}""").df()
        # an amount that has been agreed is the deal's own; before that, the deal is worth what its like are worth
        frame["worth"] = frame["amount"].fillna(frame["mean"]).fillna(self.amount[0])
        return frame.drop_duplicates("deal_id").set_index("deal_id")

    @cached_property
    def amount(self) -> Estimate:
        """The mean contract."""
        if not {"amount", "contract_at"} <= set(self.dataset.shapes["deals"].columns):
            return NOTHING
        sql = f"SELECT CAST(amount AS DOUBLE) AS amount FROM facts.deals d WHERE {self._signed()} AND amount > 0"
        amounts = self.dataset.con.sql(sql).df()["amount"].to_numpy()
        if len(amounts) < FEW:
            return NOTHING
        value, low, high = mean_interval(amounts)
        return value, low, high

    def onward(self, step: str) -> Estimate:
        """The share of deals that sign a contract once they have reached the step, of cohorts that have had the time for it."""
        if step == "contract_at":
            return 1.0, 1.0, 1.0
        return self._share(step, "")

    @cached_property
    def answered(self) -> Estimate:
        """The share of contracts among leads that somebody answered."""
        return self._share("created_at", "first_contact_at IS NOT NULL")

    @cached_property
    def in_time(self) -> Estimate:
        """How much more often a lead answered in time signs than one answered late: difference of shares, Newcombe's interval."""
        limit = self.dataset.parameters.targets.first_response
        fast, slow = (
            self._counts("created_at", f"first_contact_at IS NOT NULL AND first_contact_at_w - created_at_w {sign} {limit}")
            for sign in ("<=", ">")
        )
        if min(fast[1], slow[1]) < FEW:
            return NOTHING
        value, low, high = newcombe(*fast, *slow)
        return float(value), float(low), float(high)

    def _signed(self) -> str:
        start, end = self._year()
        if "contract_at" not in self.dataset.shapes["deals"].columns:
            return "FALSE"
        return f"d.contract_at >= {start} AND d.contract_at < {end}"

    def _is_won(self) -> str:
        """SQL for whether a deal has been won by now, whenever that was."""
        have = self.dataset.shapes["deals"].columns
        ways = [sql for name, sql in (("outcome", "d.outcome = 'won'"), ("contract_at", "d.contract_at IS NOT NULL")) if name in have]
        return f"coalesce({' OR '.join(ways)}, false)" if ways else "false"

    def _year(self) -> tuple[str, str]:
        end = self.close
        return f"to_timestamp({(end - timedelta(365)).timestamp()})", f"to_timestamp({end.timestamp()})"

    def _share(self, clock: str, condition: str) -> Estimate:
        k, n = self._counts(clock, condition)
        return _wilson(k, n) if n >= FEW else NOTHING

    def _counts(self, clock: str, condition: str) -> tuple[float, float]:
        """Contracts among the deals that passed the clock long enough ago; among all up to the close where none are that old."""
        have = set(self.dataset.shapes["deals"].columns)
        if not {clock, "contract_at"} <= have or ("first_contact_at" in condition and "first_contact_at" not in have):
            return 0.0, 0.0
        horizon = timedelta(self.dataset.parameters.funnel.horizon_days)
        end = self.close
        ripe = min(end, self.dataset.as_of - horizon)
        for last in (ripe, end):
            first = last - timedelta(365)
            row = self.dataset.con.execute(f"""
                SELECT count(*), count(contract_at) FROM facts.deals WHERE "{clock}" >= to_timestamp({first.timestamp()})
                AND "{clock}" < to_timestamp({last.timestamp()}) {"AND " + condition if condition else ""}""").fetchall()[0]
            if row[0] >= FEW:
                return float(row[1]), float(row[0])
        return 0.0, 0.0


def _wilson(k: float, n: float) -> Estimate:
    low, high = wilson(k, n)
    return k / n, float(low), float(high)


def product(*factors: Estimate) -> Estimate:
    """A product of independent estimates with its interval (Zou and Donner's method of variance estimates recovery, to first order)."""
    value = float(np.prod([factor[0] for factor in factors]))
    below = above = 0.0
    for i, (middle, low, high) in enumerate(factors):
        others = float(np.prod([factor[0] for j, factor in enumerate(factors) if j != i]))
        below += ((middle - low) * others) ** 2
        above += ((high - middle) * others) ** 2
    return value, value - below**0.5, value + above**0.5
