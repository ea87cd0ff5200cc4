"""What each step of the funnel costs in advertising."""

from salesqc_lib.facts import Count, Facts, Ratio
from salesqc_lib.kpi.card import CHANNEL, MONTH, kpi
from salesqc_lib.sources import FURNITURE
from salesqc_lib.units import MONEY
from salesqc_lib.words import Text

COST = (CHANNEL, MONTH)


def _cost(spend: Facts, events: Count) -> Ratio:
    """What was spent on advertising in the period for each of these events; without spend on record it is unknown, not free."""
    return Ratio({"k": spend.at("at").amount(value=spend.amount), "n": events.amounts["k"]}, is_null_at_zero=True)


@kpi(
    name=Text("Стоимость заявки", "Cost per lead"),
    meaning=Text("Расходы на рекламу за период на одну заявку", "Advertising spend of the period per lead"),
    unit=MONEY, better="lower", source=FURNITURE, by=COST,
)  # fmt: skip
def cost_per_lead(spend: Facts, deals: Facts) -> Ratio:
    """Spend in the period over leads created in it; where nothing was spent or nothing came, it cannot be told.

    Example
    -------
    spend       date   amount
                01-05  900
                12-20  500
    deals       created_at
                01-02
                01-03
                01-20
    result      300
    """
    return _cost(spend, deals.at("created_at").count())


@kpi(
    name=Text("Стоимость квалифицированной заявки", "Cost per qualified lead"),
    meaning=Text("Расходы на рекламу на одну квалифицированную заявку", "Advertising spend per qualified lead"),
    unit=MONEY, better="lower", source=FURNITURE, by=COST,
)  # fmt: skip
def cost_per_qualified_lead(spend: Facts, deals: Facts) -> Ratio:
    """Spend in the period over leads qualified in it.

    Example
    -------
    spend       date   amount
                01-05  900
    deals       created_at  qualified_at
                12-20       01-05
                01-03       01-07
                01-04       -
    result      450
    """
    return _cost(spend, deals.at("qualified_at").count())


@kpi(
    name=Text("Стоимость назначенного КЭВ", "Cost per key event set"),
    meaning=Text("Расходы на рекламу на одно назначенное ключевое событие", "Advertising spend per key event set"),
    unit=MONEY, better="lower", source=FURNITURE, by=COST,
)  # fmt: skip
def cost_per_key_event_set(spend: Facts, deals: Facts) -> Ratio:
    """Spend in the period over key events set in it.

    Example
    -------
    spend       date   amount
                01-05  900
    deals       created_at  key_event_set_at
                01-02       01-05
                01-03       01-06
                01-03       01-07
    result      300
    """
    return _cost(spend, deals.at("key_event_set_at").count())


@kpi(
    name=Text("Стоимость проведённого КЭВ", "Cost per key event held"),
    meaning=Text("Расходы на рекламу на одно состоявшееся ключевое событие", "Advertising spend per key event held"),
    unit=MONEY, better="lower", source=FURNITURE, by=COST,
)  # fmt: skip
def cost_per_key_event_held(spend: Facts, deals: Facts) -> Ratio:
    """Spend in the period over key events held in it.

    Example
    -------
    spend       date   amount
                01-05  900
    deals       created_at  key_event_held_at
                01-02       01-05
                01-03       -
    result      900
    """
    return _cost(spend, deals.at("key_event_held_at").count())


@kpi(
    name=Text("Стоимость договора", "Cost per contract"),
    meaning=Text("Расходы на рекламу на один договор", "Advertising spend per contract"),
    unit=MONEY, better="lower", source=FURNITURE, by=COST,
)  # fmt: skip
def cost_per_contract(spend: Facts, deals: Facts) -> Ratio:
    """Spend in the period over contracts signed in it.

    Example
    -------
    spend       date   amount
                01-05  900
    deals       created_at  contract_at
                11-02       01-05
                01-02       01-20
    result      450
    """
    return _cost(spend, deals.at("contract_at").count())
