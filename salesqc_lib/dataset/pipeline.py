"""The fact table `open_deals`: deals open at the close of the period, weighted with the chance that they sign."""

from datetime import timedelta

from salesqc_lib.dataset.export import Export
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import Window
from salesqc_lib.tables import MILESTONES

SNAPSHOTS = 6


def prepare(export: Export, window: Window) -> Shape:
    """Make `facts.open_deals` for one window; without rows where the period is over, and the reason says so.

    A deal's weight (Jeffreys' estimate; NULL where no such deal was open before) is the share of deals on the same step that signed within as many days, read off `SNAPSHOTS` earlier
    moments: `weight_in_period` for the days left of the period, `weight_in_horizon` for the horizon of the funnel.
    """
    shape = export.shape("deals")
    for column in ("contract_at", "amount", "outcome", "closed_at"):
        if column not in shape.columns:
            return Shape(reason=shape.absent.get(column, f"no_column:deals.{column}"))
    if window.as_of >= window.end:
        return Shape(reason="period_over")
    if window.days_worked <= 0:
        return Shape(reason="too_few:working_days=0")
    con, close = export.con, window.close.timestamp()
    # counted back from the last fully observed moment, one horizon apart
    rates = {"period": (window.end - window.as_of) / timedelta(days=1), "horizon": float(export.parameters.funnel.horizon_days)}
    step = _step([name for name in MILESTONES.values() if name in shape.columns and name not in ("contract_at", "act_at")])
    for name, days in rates.items():
        snapshots = " UNION ALL ".join(
            f"SELECT {step.format(at=f'to_timestamp({close - back * days * 86400})')} AS step, "
            f"(contract_at <= to_timestamp({close - (back - 1) * days * 86400}))::INT::DOUBLE AS signed FROM facts.deals WHERE {_open_at(close - back * days * 86400)}"
            for back in range(1, SNAPSHOTS + 1)
        )
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE rate_{name} AS SELECT step, (sum(coalesce(signed, 0)) + 0.5) / (count(*) + 1) AS rate FROM ({snapshots}) GROUP BY step"
        )
    dimensions = [name for name in ("manager", "team", "channel", "product") if name in shape.columns]
    listed = "".join(f"{name}, " for name in dimensions)
    con.execute(f"""
        CREATE OR REPLACE TABLE facts.open_deals AS
        WITH open AS (SELECT {listed}amount, {step.format(at=f"to_timestamp({close})")} AS step FROM facts.deals WHERE {_open_at(close)})
        SELECT open.*, p.rate AS weight_in_period, h.rate AS weight_in_horizon
        FROM open LEFT JOIN rate_period p USING (step) LEFT JOIN rate_horizon h USING (step)""")
    return Shape((*dimensions, "amount", "step", "weight_in_period", "weight_in_horizon"))


def _open_at(moment: float) -> str:
    at = f"to_timestamp({moment})"
    return f"created_at <= {at} AND (contract_at IS NULL OR contract_at > {at}) AND (closed_at > {at} OR (closed_at IS NULL AND outcome = 'open'))"


def _step(milestones: list[str]) -> str:
    """SQL for how many milestones a deal had reached at a moment `{at}`."""
    return " + ".join([*(f"coalesce(({name} <= {{at}})::INT, 0)" for name in milestones), "0"])
