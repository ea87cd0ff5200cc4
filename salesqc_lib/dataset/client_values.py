"""The fact table `client_values`: what each client is expected to be worth from the close of the period on."""

import math
from typing import TYPE_CHECKING, Any

from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import Window

if TYPE_CHECKING:
    import pandas as pd


WEEK_S = 7 * 86400.0
REPEATERS, WEEKS = 50, 26  # fewer repeat clients, or a shorter history, do not tell the four parameters apart
SAMPLE = 20_000  # clients that the likelihood is fitted on, at most


def prepare(export: Export, window: Window) -> Shape:
    """Make `facts.client_values` for one window: gross margin expected over `clv.months`, discounted monthly.

    Only purchases to come count: the first one has been made. `simple_value`: margin · mean repeat purchase · repeat purchases of a
    client in so many months, the same for all of the department; NULL where nobody has come back yet.
    `model_value`: by BG/NBD and Gamma-Gamma, NULL for all where there are fewer than 50 repeat clients, or less than 26 weeks.
    `value` is the model's, else the simple one. Several purchases on one day are one.
    """
    purchases = export.shape("purchases")
    if purchases.reason or "amount" not in purchases.columns:
        return Shape(reason=purchases.reason or purchases.absent["amount"])
    parameters = export.parameters
    margin = parameters.clv.margin if parameters.clv.margin is not None else parameters.assumptions.gross_margin
    if margin is None:
        return Shape(reason="no_parameter:clv.margin")
    names = tuple(name for name in ("channel", "product") if name in purchases.columns)
    frame = _histories(export, window, names)
    months = parameters.clv.months
    factors = [(1 + parameters.clv.discount) ** (-month / 12) for month in range(1, months + 1)]
    frame["simple_value"] = margin * _simple(frame, months, sum(factors) / months)
    frame["model_value"] = margin * _modelled(frame, factors) if len(frame) else math.nan
    frame["margin"], frame["closes_s"] = margin, window.close.timestamp()
    frame["value"] = frame["model_value"].fillna(frame["simple_value"])
    export.con.register("client_values_frame", frame)
    export.con.execute("CREATE OR REPLACE TABLE facts.client_values AS SELECT * FROM client_values_frame")
    export.con.unregister("client_values_frame")
    return Shape(("customer_id", "value", "simple_value", "model_value", "margin", "closes_s", *names), dimensions.ABSENT)


def _histories(export: Export, window: Window, names: tuple[str, ...]) -> "pd.DataFrame":
    """Clients up to the close: repeat days `x`, `last` of them and `age` in weeks since the first day, what was spent."""
    close = window.close.timestamp()
    listed = "".join(f", arg_min({name}, day) AS {name}" for name in names)
    of_day = "".join(f", min({name}) AS {name}" for name in names)
    histories: pd.DataFrame = export.frame(f"""
        WITH days AS (
            SELECT customer_id, "at"::DATE AS day, sum(amount) AS spent{of_day} FROM facts.purchases
            WHERE epoch("at") < {close} AND amount > 0 GROUP BY 1, 2),
        firsts AS (SELECT customer_id, min(day) AS first_day FROM days GROUP BY 1)
        SELECT d.customer_id, count(*) - 1.0 AS x, date_diff('day', min(f.first_day), max(day)) / 7.0 AS last,
            ({close} - epoch(min(f.first_day)::TIMESTAMPTZ)) / {WEEK_S} AS age,
            avg(spent) FILTER (WHERE day > f.first_day) AS basket, hash(d.customer_id) AS place{listed}
        FROM days d JOIN firsts f ON f.customer_id = d.customer_id GROUP BY d.customer_id ORDER BY d.customer_id""")
    return histories


def _simple(frame: "pd.DataFrame", months: int, discount: float) -> float:
    """Mean repeat purchase · repeat purchases of a client in so many months, by all the time that clients were clients."""
    again, lived = float(frame["x"].sum()), float(frame["age"].sum())
    if not again:
        return math.nan
    spent_again = float((frame["basket"].fillna(0.0) * frame["x"]).sum())
    return spent_again / lived * (months * 365.25 / 12 / 7) * discount


def _modelled(frame: "pd.DataFrame", factors: list[float]) -> Any:
    from salesqc_lib.statistics.clv import fit_bg_nbd, fit_gamma_gamma

    repeaters = frame[frame["x"] > 0]
    if len(repeaters) < REPEATERS or frame["age"].max() < WEEKS:
        return math.nan
    few = frame.nsmallest(SAMPLE, "place")
    again = few[few["x"] > 0]
    try:
        visits, money = fit_bg_nbd(few["x"], few["last"], few["age"]), fit_gamma_gamma(again["x"], again["basket"])
    except ValueError:  # no maximum: the simple formula stands
        return math.nan
    if money.q <= 1:  # the mean basket has no expectation
        return math.nan
    month = 365.25 / 12 / 7
    upto = [visits.expected(month * n, frame["x"], frame["last"], frame["age"]) for n in range(1, len(factors) + 1)]
    bought = factors[0] * upto[0] + sum(
        factor * (later - before) for factor, later, before in zip(factors[1:], upto[1:], upto, strict=False)
    )
    return bought * money.expected(frame["x"], frame["basket"].fillna(0.0))
