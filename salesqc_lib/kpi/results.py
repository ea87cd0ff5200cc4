"""Money and plan."""

from typing import TYPE_CHECKING

import numpy as np

from salesqc_lib.errors import MissingSource
from salesqc_lib.facts import Count, Facts, Formula, Mean, Ratio, Share, Sum, Table, Window
from salesqc_lib.kpi.card import CHANNEL, MANAGER, MONTH, PRODUCT, TEAM, kpi
from salesqc_lib.kpi.levels import levels
from salesqc_lib.sources import AMOCRM, BRUTAL, FURNITURE, MEASURING, OURS, PROCESSES
from salesqc_lib.statistics import hierarchy
from salesqc_lib.units import MONEY, PERCENT, RATIO
from salesqc_lib.words import Text

if TYPE_CHECKING:
    import pandas as pd

Z = 1.959964  # 97.5 % quantile of the normal distribution
LEAST_PART = 0.05  # of the department's attainment: who sold nothing is taken for no less


@kpi(
    name=Text("Выручка", "Revenue"),
    meaning=Text("Сумма договоров, подписанных за период", "Amount of the contracts signed during the period"),
    unit=MONEY, better="higher", source=(BRUTAL, FURNITURE), by=(MANAGER, TEAM, CHANNEL, PRODUCT, MONTH),
)  # fmt: skip
def revenue(deals: Facts) -> Sum:
    """Amounts of contracts signed in the period; a contract without an amount adds nothing and is not among the n.

    Example
    -------
    deals       created_at  contract_at  amount
                01-02       01-05        100
                11-02       01-06        250
                01-02       -            900
    result      350
    """
    return deals.at("contract_at").sum(deals.amount)


@kpi(
    name=Text("Средний чек", "Average deal"),
    meaning=Text("Средняя сумма договора", "Mean amount of a contract"),
    unit=MONEY, better="higher", source=(BRUTAL, FURNITURE, PROCESSES), by=(MANAGER, TEAM, CHANNEL, PRODUCT, MONTH),
    advice=Text("Обучите допродажам и продаже комплектом", "Train cross-sell and up-sell"),
)  # fmt: skip
def average_deal(deals: Facts) -> Mean:
    """Mean amount over contracts signed in the period that have one; the median beside it.

    Example
    -------
    deals       created_at  contract_at  amount
                01-02       01-05        100
                01-02       01-06        200
                01-02       01-06        600
                01-02       01-07        -
    result      300
    result      median: 200
    """
    signed = deals.at("contract_at")
    return signed.mean_amount(deals.amount).beside(median=signed.median(deals.amount))


@kpi(
    name=Text("Допродажи", "Cross-sell rate"),
    meaning=Text("Какая доля договоров содержит больше одной позиции", "Which share of the contracts has more than one product line"),
    unit=PERCENT, better="higher", source=BRUTAL, by=(MANAGER, TEAM, PRODUCT),
    advice=Text("Обучите допродажам: к каждому договору — список сопутствующих позиций", "Train cross-selling: a list of matching items for each contract"),
)  # fmt: skip
def cross_sell_rate(deals: Facts) -> Share:
    """Of contracts signed in the period whose number of lines is known, those with more than one.

    Example
    -------
    deals       created_at  contract_at  items
                01-02       01-05        1
                01-02       01-06        3
                01-02       01-07        -
    result      1 / 2
    """
    return deals.at("contract_at").where(~deals.items.is_null()).share(deals.items > 1)


@kpi(
    name=Text("Выполнение плана", "Plan attainment"),
    meaning=Text("Выручка периода к плану", "Revenue of the period over its plan"),
    unit=PERCENT, better="higher", source=(BRUTAL, FURNITURE, MEASURING), by=(MANAGER, TEAM, MONTH),
)  # fmt: skip
def plan_attainment(deals: Facts, plans: Facts) -> Ratio:
    """Revenue over the plan for the same days (a month's plan counts evenly over its days); contracts and leads beside it
    where they are planned.

    Example
    -------
    plans       month       metric   target
                2026-01-01  revenue  1000
    deals       created_at  contract_at  amount
                01-02       01-05        250
                01-02       01-06        500
    result      0.75
    """

    def plan(metric: str) -> "Count":
        return Count({"k": plans.at("at").amount(plans.metric == metric, plans.target)})

    signed, created = deals.at("contract_at"), deals.at("created_at")
    against = Ratio({"k": signed.amount(value=deals.amount), "n": plan("revenue").amounts["k"]})
    return against.beside(contracts=signed.amount() / plan("contracts").amounts["k"], leads=created.amount() / plan("leads").amounts["k"])


@kpi(
    name=Text("Прогноз выполнения плана", "Plan forecast"),
    meaning=Text("Ожидаемое выполнение плана к концу периода", "Expected attainment at the end of the period"),
    unit=PERCENT, better="higher", source=(BRUTAL, OURS), by=(MANAGER, TEAM), kind="mean",
)  # fmt: skip
def plan_forecast(deals: Facts, plans: Facts, open_deals: Facts) -> Formula:
    """Revenue so far plus what is still to come, over the plan. What is to come is the mean of two estimates, which stand beside
    it: the run rate of the working days, and the open deals weighted with the rate at which such deals signed in as many days
    before. Where no such deal was open before, the run rate alone. Only while the period runs.

    Example
    -------
    with        as_of: 2026-01-16
    plans       month       metric   target
                2026-01-01  revenue  1000
    deals       created_at  contract_at  amount  outcome  closed_at
                01-02       01-05        300     won      01-05
                01-02       01-12        300     won      01-12
    result      0.85
    result      run_rate: 1.1
    result      pipeline: 0.6
    """
    signed = deals.at("contract_at")
    open_now = open_deals.snapshot()
    weight, amount = open_deals.weight_in_period, open_deals.amount
    amounts = {
        "revenue": signed.amount(value=deals.amount),
        "squares": signed.amount(value=deals.amount * deals.amount),
        "n": signed.amount(),
        "plan": plans.at("at").amount(plans.metric == "revenue", plans.target),
        "weighted": open_now.amount(value=amount * weight),
        "variance": open_now.amount(value=amount * amount * weight * (1 - weight)),
        "unknown": open_now.amount(weight.is_null()),
    }
    return Formula(amounts, compute=_forecast, is_current_only=True).beside(
        run_rate=Formula(amounts, compute=_run_rate, is_current_only=True),
        pipeline=Formula(amounts, compute=_by_pipeline, is_current_only=True),
    )


def _estimates(frame: "pd.DataFrame", window: Window) -> "pd.DataFrame":
    """Expected revenue still to come and its variance, by run rate and by open deals."""
    days = window.days_left / window.days_worked
    known = frame["unknown"] == 0
    return frame.assign(
        run=frame["revenue"] * days,
        run_variance=frame["squares"] * (days + days**2),  # new contracts to come, and the rate known only from those so far
        pipe=frame["weighted"].where(known),
        pipe_variance=frame["variance"].where(known),
    )


def _attainment(frame: "pd.DataFrame", coming: "pd.Series", variance: "pd.Series") -> "pd.DataFrame":
    error = Z * variance**0.5
    total = frame["revenue"] + coming
    plan = frame["plan"].where(frame["plan"] > 0)
    low = (total - error).clip(lower=frame["revenue"])
    return frame.assign(value=total / plan, low=low / plan, high=(total + error) / plan)[["value", "low", "high", "n"]]


def _forecast(frame: "pd.DataFrame", window: Window) -> "pd.DataFrame":
    known = _estimates(frame, window)
    # the two estimates rest on the same sellers and weeks: their errors are taken as going together
    error = (known[["run_variance", "pipe_variance"]] ** 0.5).mean(axis=1)
    return _attainment(known, known[["run", "pipe"]].mean(axis=1), error**2)


def _run_rate(frame: "pd.DataFrame", window: Window) -> "pd.DataFrame":
    known = _estimates(frame, window)
    return _attainment(known, known["run"], known["run_variance"])


def _by_pipeline(frame: "pd.DataFrame", window: Window) -> "pd.DataFrame":
    known = _estimates(frame, window)
    return _attainment(known, known["pipe"], known["pipe_variance"])


@kpi(
    name=Text("Покрытие плана воронкой", "Pipeline coverage"),
    meaning=Text("Взвешенная сумма открытых сделок к оставшейся части плана", "Weighted open pipeline over the plan still to do"),
    unit=RATIO, better="higher", source=OURS, by=(MANAGER, TEAM),
)  # fmt: skip
def pipeline_coverage(deals: Facts, plans: Facts, open_deals: Facts) -> Ratio:
    """Open deals weighted with the rate at which such deals signed within the horizon, over the period's plan less its revenue.

    Example
    -------
    with        as_of: 2026-01-15
    with        funnel: {horizon_days: 10}
    plans       month       metric   target
                2026-01-01  revenue  1000
    deals       created_at  contract_at  amount  outcome  closed_at
                01-03       01-09        600     won      01-09
                01-04       -            800     open     -
    result      1
    """
    still_to_do = {
        "plan": plans.at("at").amount(plans.metric == "revenue", plans.target),
        "revenue": deals.at("contract_at").amount(value=deals.amount),
    }
    weighted = open_deals.snapshot().amount(value=open_deals.amount * open_deals.weight_in_horizon)
    amounts = {
        "k": weighted,
        "open": open_deals.snapshot().amount(),
        "unknown": open_deals.snapshot().amount(open_deals.weight_in_horizon.is_null()),
    }
    return Formula({**amounts, **still_to_do}, compute=_coverage, is_current_only=True)  # type: ignore[return-value]


def _coverage(frame: "pd.DataFrame", window: Window) -> "pd.DataFrame":
    to_do = frame["plan"] - frame["revenue"].fillna(0)
    known = frame["k"].where(frame["unknown"] == 0)  # no such deal was open before: its chance is not known
    return frame.assign(value=known / to_do.where(to_do > 0), low=float("nan"), high=float("nan"), n=frame["open"])[
        ["value", "low", "high", "n"]
    ]


@kpi(
    name=Text("Выручка с поправкой на случайность", "Revenue, allowing for chance"),
    meaning=Text("Выполнение плана по менеджерам с поправкой на случайность", "Attainment by seller, allowing for chance"),
    unit=RATIO, source=MEASURING, by=(MANAGER,),
)  # fmt: skip
def top_performers(deals: Facts, plans: Facts) -> Table:
    """Attainment by seller beside its shrunk estimate (hierarchical model on the log scale): few large deals make a number that luck can
    explain. Grades instead of places (Kline, Rose & Walters 2024): who shares a grade cannot be put in order; beside it, the chance to be
    truly the first.

    Example
    -------
    plans       month       metric   target  manager
                2026-01-01  revenue  1000    Ann
                2026-01-01  revenue  1000    Bob
    deals       created_at  contract_at  amount  manager
                01-02       01-05        900     Ann
                01-02       01-06        600     Bob
    result      Ann: revenue=900 plan=1000 attainment=0.9
    result      Bob: revenue=600 plan=1000 attainment=0.6
    """
    signed = deals.at("contract_at")
    columns = {
        "revenue": signed.sum(deals.amount),
        "squares": signed.sum(deals.amount * deals.amount),
        "plan": Count({"k": plans.at("at").amount(plans.metric == "revenue", plans.target)}),
    }
    return Table((MANAGER,), columns, finish=_shrunk_attainment)


def _shrunk_attainment(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Variance of a seller's revenue: that of a compound Poisson sum of the department's deals, in proportion to the plan; on the log
    scale, as a part of the department's attainment. The seller's own squared amounts would give the smallest variance to whoever sold least.
    """
    planned = frame[frame["plan"] > 0].copy()
    planned["attainment"] = planned["revenue"] / planned["plan"]
    whole = float(planned["revenue"].sum() / planned["plan"].sum()) if len(planned) else float("nan")
    for name in ("estimate", "low", "high", "grade", "best"):
        planned[name] = float("nan")
    if len(planned) > 1 and whole > 0:  # nobody has sold: nothing to tell chance by
        error = (planned["squares"].sum() / planned["plan"].sum() / planned["plan"]) ** 0.5 / whole
        drawn = hierarchy.logs(np.log(np.maximum(planned["attainment"], LEAST_PART * whole)), error)
        planned["estimate"], (planned["low"], planned["high"]) = drawn.mean(axis=0), np.quantile(drawn, [0.025, 0.975], axis=0)
        planned["grade"], planned["best"] = hierarchy.grades(drawn, higher=True) + 1.0, hierarchy.best(drawn, higher=True)
    planned = planned.sort_values(["grade", "estimate", "attainment"], ascending=[True, False, False])
    kept = [column for column in planned.columns if column not in ("squares", "squares_n")]
    return planned[kept]


@kpi(
    name=Text("Доля выигранных", "Win rate"),
    meaning=Text("Какая доля закрытых квалифицированных сделок выиграна", "Which share of the qualified deals closed was won"),
    unit=PERCENT, better="higher", source=(AMOCRM, BRUTAL), by=(MANAGER, TEAM, CHANNEL, PRODUCT, MONTH),
)  # fmt: skip
def win_rate(deals: Facts) -> Share:
    """Of deals that reached qualified and were closed in the period, those won.

    Example
    -------
    deals       created_at  qualified_at  outcome  closed_at
                01-02       01-03         won      01-20
                01-02       01-03         lost     01-21
                01-02       -             lost     01-03
                01-02       01-03         open     -
    result      1 / 2
    """
    deals.require_both_outcomes()
    return deals.at("closed_at").where((deals.outcome != "open") & deals.reached("qualified_at")).share(deals.outcome == "won")


@kpi(
    name=Text("Доля выигранных по сумме", "Win rate by amount"),
    meaning=Text("Какая часть суммы закрытых квалифицированных сделок выиграна", "Which part of the amount of the qualified deals closed was won"),
    unit=PERCENT, better="higher", source=AMOCRM, by=(MANAGER, TEAM, CHANNEL, PRODUCT),
)  # fmt: skip
def win_rate_amount(deals: Facts) -> Ratio:
    """Amount of the won over the amount of all qualified deals closed in the period.

    Example
    -------
    deals       created_at  qualified_at  outcome  closed_at  amount
                01-02       01-03         won      01-20      300
                01-02       01-03         lost     01-21      100
                01-02       -             lost     01-03      900
    result      0.75
    """
    deals.require_both_outcomes()
    if "amount" in deals.winners_only:
        raise MissingSource("winners_only:amount")  # what the lost were worth, nobody wrote down
    closed = deals.at("closed_at").where((deals.outcome != "open") & deals.reached("qualified_at"))
    return closed.amount(deals.outcome == "won", deals.amount) / closed.amount(value=deals.amount)


@kpi(
    name=Text("Кто открывает, кто закрывает", "Openers and closers"),
    meaning=Text("Доведение до КЭВ рядом с доведением до договора, по менеджерам", "Bringing leads to the key event beside bringing it to a contract, by seller"),
    unit=PERCENT, source=AMOCRM, by=(MANAGER,),
    advice=Text("Сильных на входе поставьте на первичные заявки, сильных на закрытии — на переговоры", "Let strong openers take new leads and strong closers the negotiations"),
)  # fmt: skip
def opener_closer(deals: Facts) -> Table:
    """Lead → key event held, of leads created in the period; key event held → contract, of key events held in it.

    Example
    -------
    deals       created_at  key_event_held_at  contract_at  manager
                01-02       01-05              -            Ann
                01-02       01-06              01-20        Ann
                01-02       -                  -            Bob
    result      Ann: opens=1 closes=0.5
    result      Bob: opens=0
    """
    columns = {
        "opens": deals.at("created_at").share(deals.reached("key_event_held_at")),
        "closes": deals.at("key_event_held_at").share(deals.reached("contract_at")),
    }
    return Table((MANAGER,), columns, finish=_quadrant)


def _quadrant(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Above or below the other sellers, where that is certain and cases enough stand behind a name."""
    return frame.assign(**{f"{column}_level": levels(frame[f"{column}_k"], frame[f"{column}_n"]) for column in ("opens", "closes")})


@kpi(
    name=Text("Скидка", "Discount"),
    meaning=Text("На сколько сумма договора ниже цены по прайсу", "How far the contract's amount lies below its list price"),
    unit=PERCENT, better="lower", source=OURS, by=(MANAGER, PRODUCT),
)  # fmt: skip
def discount_depth(deals: Facts) -> Mean:
    """Mean of 1 − amount / list amount over contracts signed in the period that have both.

    Example
    -------
    deals       created_at  contract_at  amount  list_amount
                01-02       01-05        90      100
                01-02       01-06        80      100
                01-02       01-06        80      -
    result      0.15
    """
    priced = deals.at("contract_at").where((deals.list_amount > 0) & ~deals.amount.is_null())
    return priced.mean(1 - deals.amount / deals.list_amount)
