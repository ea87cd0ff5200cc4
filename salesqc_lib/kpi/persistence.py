"""Persistence: what is done after a refusal, and on which contact deals are won."""

from typing import TYPE_CHECKING

from salesqc_lib.facts import Facts, Share, Table
from salesqc_lib.kpi.card import CHANNEL, MANAGER, TEAM, TOUCH, kpi
from salesqc_lib.sources import AMOCRM
from salesqc_lib.units import COUNT, DAY, PERCENT
from salesqc_lib.words import Text

if TYPE_CHECKING:
    import pandas as pd

AGAIN_DAYS = 30
BY = (MANAGER, TEAM, CHANNEL)
CADENCE = Text(
    "Введите цепочку касаний после отказа: когда, чем и с чем вернуться",
    "Introduce a cadence after a refusal: when to return, how, and with what",
)


@kpi(
    name=Text("Повторное касание после отказа", "Followed up after a loss"),
    meaning=Text("К какой доле отказов вернулись в течение 30 дней", "Which share of the refusals was contacted again within 30 days"),
    unit=PERCENT, better="higher", source=AMOCRM, by=BY, advice=CADENCE,
)  # fmt: skip
def followed_up_after_refusal(refusals: Facts) -> Share:
    """Of deals refused in the period, those contacted again within 30 days of the last refusal; one younger than that at the export
    is left out. A refusal is a loss, or a first conversation (call or meeting) after which no step of the funnel was reached in a day.

    Example
    -------
    with        as_of: 2026-03-10
    deals       deal_id  created_at  outcome  closed_at  qualified_at
                1        01-02       lost     01-10      01-03
                2        01-02       open     -          -
                3        01-02       won      01-20      01-03T12:00
    activities  deal_id  kind  at           direction
                1        call  01-03T10:00  out
                1        call  01-25T10:00  out
                2        call  01-03T10:00  out
                3        call  01-03T10:00  out
    result      1 / 2
    """
    ripe = refusals.observed_s - refusals.seconds("at") >= AGAIN_DAYS * DAY
    again = refusals.reached("next_contact_at") & (refusals.next_contact_at_s - refusals.at_s <= AGAIN_DAYS * DAY)
    is_last = refusals.next_refusal_at.is_null() | (refusals.next_refusal_at >= refusals.end) | (refusals.next_refusal_at > refusals.as_of)
    return refusals.at("at").where(ripe & is_last).share(again)


@kpi(
    name=Text("Одно касание", "One touch only"),
    meaning=Text("Какую долю клиентов, которые не ответили или отказались, оставили после одного касания", "Which share of the clients who did not answer or refused were left after one touch"),
    unit=PERCENT, better="lower", source=AMOCRM, by=BY, advice=CADENCE,
)  # fmt: skip
def one_and_done(deals: Facts) -> Share:
    """Of leads of the period on which at least one attempt was made, and which were lost or never spoken with: those with one
    attempt only. An open lead counts once its first attempt is 30 days old.

    Example
    -------
    with        as_of: 2026-03-10
    deals       deal_id  created_at  outcome  closed_at
                1        01-02       lost     01-10
                2        01-02       lost     01-10
                3        01-02       open     -
                4        01-02       won      01-20
                5        01-02       lost     01-03
    activities  deal_id  kind  at     direction  result
                1        call  01-03  out        conversation
                2        call  01-03  out        no_answer
                2        call  01-04  out        conversation
                3        call  01-03  out        no_answer
                4        call  01-03  out        conversation
    result      2 / 3
    """
    is_lost = deals.is_lost & deals.reached("closed_at")
    tried = deals.reached("first_attempt_at")
    is_old = deals.observed_s - deals.seconds("first_attempt_at") >= AGAIN_DAYS * DAY
    is_silent = ~deals.reached("first_contact_at") & ~deals.reached("closed_at") & is_old
    return deals.logged(deals.at("created_at")).where(tried & (is_lost | is_silent)).share(~deals.reached("second_attempt_at"))


@kpi(
    name=Text("На каком касании подписывают", "Contracts by touch"),
    meaning=Text("На каком по счёту контакте подписан договор и сколько контактов делают по проигранным", "On which contact contracts are signed, and how many contacts lost deals get"),
    unit=COUNT, source=AMOCRM, by=(TOUCH,),
)  # fmt: skip
def wins_by_touch(deals: Facts) -> Table:
    """Contracts of the period by the number of human contacts up to the signature, beside the lost deals closed in it by the
    number they had got: «won on the fifth» means little if nobody makes a fifth. `t00` is a deal without a contact on record.

    Example
    -------
    deals       deal_id  created_at  outcome  closed_at  contract_at
                1        01-02       won      01-20      01-20
                2        01-02       lost     01-10      -
                3        01-02       lost     01-10      -
    activities  deal_id  kind  at     direction
                1        call  01-03  out
                1        call  01-04  out
                2        call  01-03  out
                3        call  01-03  out
    result      t01: wins=0 losses=2
    result      t02: wins=1 losses=0
    """
    deals.require("touches")
    wins = deals.logged(deals.at("contract_at")).count()
    losses = deals.logged(deals.at("closed_at")).where(deals.outcome == "lost").count()
    return Table((TOUCH, f"{MANAGER}*{TOUCH}", f"{TEAM}*{TOUCH}"), {"wins": wins, "losses": losses}, finish=_shares)


def _shares(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Shares of all wins and of all losses beside the counts, within each segment of a breakdown of two."""
    found = frame.copy()
    groups = found["segment"] if TOUCH in found else found["by"]
    for column in ("wins", "losses"):
        total = found.groupby(groups)[column].transform("sum")
        found[f"{column}_share"] = found[column] / total.where(total > 0)
    return found


@kpi(
    name=Text("Договоры с пятого касания", "Contracts from the 5th touch"),
    meaning=Text("Какая доля договоров потребовала пяти и более контактов", "Which share of the contracts took five contacts or more"),
    unit=PERCENT, source=AMOCRM, by=(MANAGER, TEAM),
)  # fmt: skip
def wins_from_5th_touch(deals: Facts) -> Share:
    """Of contracts signed in the period with at least one human contact on record, those signed on contact 5 or later.

    Example
    -------
    deals       deal_id  created_at  contract_at
                1        01-02       01-20
                2        01-02       01-20
                3        01-02       01-20
    activities  deal_id  kind  at     direction
                1        call  01-03  out
                1        call  01-04  out
                1        call  01-05  out
                1        call  01-06  out
                1        call  01-07  out
                2        call  01-03  out
    result      1 / 2
    """
    return deals.logged(deals.at("contract_at")).where(deals.touches >= 1).share(deals.touches >= 5)


@kpi(
    name=Text("Реактивация", "Reactivated"),
    meaning=Text("Какая доля проигранных, к которым вернулись, позже купила", "Which share of the lost that were contacted again bought later"),
    unit=PERCENT, better="higher", source=AMOCRM, by=BY, advice=CADENCE,
)  # fmt: skip
def reactivated(refusals: Facts) -> Share:
    """Of losses in the period after which somebody contacted the customer again: those with a contract after that, on the same deal
    or on another of the same customer.

    Example
    -------
    with        as_of: 2026-03-10
    deals       deal_id  created_at  outcome  closed_at  contract_at  customer_id
                1        01-02       lost     01-10      -            x
                2        01-20       won      02-20      02-20        x
                3        01-02       lost     01-10      -            y
                4        01-02       lost     01-10      -            z
    activities  deal_id  kind  at     direction
                1        call  01-15  out
                3        call  01-15  out
    result      1 / 2
    """
    losses = refusals.at("at").where((refusals.kind == "loss") & refusals.reached("next_contact_at"))
    return losses.share(refusals.reached("won_at") & (refusals.won_at >= refusals.next_contact_at))
