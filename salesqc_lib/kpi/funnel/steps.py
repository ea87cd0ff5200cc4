"""How many deals reach each step, and how many of those on one step reach the next."""

from salesqc_lib.facts import Count, Events, Facts, Projection, Ratio, Share
from salesqc_lib.kpi.card import CHANNEL, MANAGER, MONTH, PIPELINE, PRODUCT, TEAM, WEEK, kpi
from salesqc_lib.params.model import Funnel
from salesqc_lib.sources import BRUTAL, FURNITURE, MEASURING, OURS, PROCESSES
from salesqc_lib.units import COUNT, PERCENT
from salesqc_lib.words import Text

ALL = (MANAGER, TEAM, CHANNEL, PRODUCT, MONTH)


@kpi(
    name=Text("Заявки", "Leads"),
    meaning=Text("Сколько целевых заявок поступило за период", "How many target leads came in during the period"),
    unit=COUNT, better="higher", source=FURNITURE, by=(MANAGER, TEAM, CHANNEL, PRODUCT, PIPELINE, WEEK, MONTH),
)  # fmt: skip
def leads(deals: Facts) -> Count:
    """Deals created in the period; spam, test and duplicate ones are no leads.

    Example
    -------
    deals       created_at  is_target
                01-02       1
                01-31       1
                01-10       0
                12-30       1
    result      2
    """
    return deals.at("created_at").count()


@kpi(
    name=Text("Квалифицированные заявки", "Qualified leads"),
    meaning=Text("Сколько заявок квалифицировано за период", "How many leads were qualified during the period"),
    unit=COUNT, better="higher", source=FURNITURE, by=ALL,
)  # fmt: skip
def qualified_leads(deals: Facts) -> Count:
    """Deals that became qualified in the period, whenever they were created.

    Example
    -------
    deals       created_at  qualified_at
                12-20       01-05
                01-03       01-07
                01-04       -
    result      2
    """
    return deals.at("qualified_at").count()


@kpi(
    name=Text("Доля квалифицированных", "Qualification rate"),
    meaning=Text("Какая доля заявок периода прошла квалификацию", "Which share of the period's leads was qualified"),
    unit=PERCENT, better="higher", source=FURNITURE, by=ALL,
    advice=Text("Выделите менеджера по лидам или исправьте канал, который даёт нецелевые заявки", "Hire a lead manager, or fix the channel that brings poor leads"),
)  # fmt: skip
def qualification_rate(deals: Facts) -> Share:
    """Of leads created in the period, those qualified by the export.

    Example
    -------
    deals       created_at  qualified_at
                01-02       01-05
                01-03       -
                12-20       01-05
    result      1 / 2
    """
    return deals.at("created_at").share(deals.reached("qualified_at"))


@kpi(
    name=Text("Назначенные КЭВ", "Key events set"),
    meaning=Text("Сколько встреч, замеров или предложений назначено", "How many meetings, measurements or proposals were set"),
    unit=COUNT, better="higher", source=FURNITURE, by=ALL,
)  # fmt: skip
def key_events_set(deals: Facts) -> Count:
    """Deals whose key event was set in the period; by kind of event where the data tell it.

    Example
    -------
    deals       created_at  key_event_set_at  key_event_kind
                01-02       01-05             meeting
                01-03       01-06             proposal
                01-04       -                 -
    result      2
    result      meeting: 1
    """
    events = deals.at("key_event_set_at")
    if not deals.has("key_event_kind"):
        return events.count()
    return events.count().beside(**{kind: events.count(deals.key_event_kind == kind) for kind in ("meeting", "measurement", "proposal")})


@kpi(
    name=Text("Заявка → КЭВ назначено", "Lead → key event set"),
    meaning=Text("Какая доля заявок периода дошла до назначенного ключевого события", "Which share of the period's leads got a key event"),
    unit=PERCENT, better="higher", source=FURNITURE, by=ALL,
)  # fmt: skip
def lead_to_key_event_set(deals: Facts) -> Share:
    """Of leads created in the period, those with a key event set by the export.

    Example
    -------
    deals       created_at  key_event_set_at  contract_at
                01-02       01-05             -
                01-03       -                 01-20
                01-04       -                 -
    result      2 / 3
    """
    return deals.at("created_at").share(deals.reached("key_event_set_at"))


@kpi(
    name=Text("Квалификация → КЭВ назначено", "Qualified → key event set"),
    meaning=Text("Какая доля квалифицированных дошла до назначенного ключевого события", "Which share of the qualified got a key event"),
    unit=PERCENT, better="higher", source=FURNITURE, by=ALL,
)  # fmt: skip
def qualified_to_key_event_set(deals: Facts) -> Share:
    """Of deals qualified in the period, those with a key event set by the export.

    Example
    -------
    deals       created_at  qualified_at  key_event_set_at
                01-02       01-03         01-05
                01-03       01-04         -
                01-04       -             -
    result      1 / 2
    """
    return deals.at("qualified_at").share(deals.reached("key_event_set_at"))


@kpi(
    name=Text("Проведённые КЭВ", "Key events held"),
    meaning=Text("Сколько встреч, замеров или предложений состоялось", "How many meetings, measurements or proposals took place"),
    unit=COUNT, better="higher", source=FURNITURE, by=ALL,
)  # fmt: skip
def key_events_held(deals: Facts) -> Count:
    """Deals whose key event took place in the period.

    Example
    -------
    deals       created_at  key_event_held_at
                01-02       01-05
                12-02       01-06
                01-04       -
    result      2
    """
    return deals.at("key_event_held_at").count()


@kpi(
    name=Text("КЭВ назначено → проведено", "Key event set → held"),
    meaning=Text("Какая доля назначенных ключевых событий состоялась", "Which share of the key events set took place"),
    unit=PERCENT, better="higher", source=FURNITURE, by=ALL,
    advice=Text("Подтверждайте встречу накануне и в день проведения", "Confirm the appointment the day before and on the day"),
)  # fmt: skip
def key_event_held_rate(deals: Facts) -> Share:
    """Of key events set in the period, those held by the export.

    Example
    -------
    deals       created_at  key_event_set_at  key_event_held_at
                01-02       01-05             01-07
                01-02       01-06             -
                01-02       -                 -
    result      1 / 2
    """
    return deals.at("key_event_set_at").share(deals.reached("key_event_held_at"))


@kpi(
    name=Text("Договоры", "Contracts"),
    meaning=Text("Сколько договоров подписано за период", "How many contracts were signed during the period"),
    unit=COUNT, better="higher", source=FURNITURE, by=ALL,
)  # fmt: skip
def contracts(deals: Facts) -> Count:
    """Deals with a contract signed in the period, whenever they were created.

    Example
    -------
    deals       created_at  contract_at
                11-02       01-05
                01-02       01-20
                01-04       -
    result      2
    """
    return deals.at("contract_at").count()


@kpi(
    name=Text("Конверсия в договор", "Lead-to-contract rate"),
    meaning=Text("Какая доля заявок периода стала договорами", "Which share of the period's leads became contracts"),
    unit=PERCENT, better="higher", source=(BRUTAL, FURNITURE, MEASURING, PROCESSES), by=(MANAGER, TEAM, CHANNEL, PRODUCT, PIPELINE, MONTH),
    advice=Text("Найдите этап, на котором теряется больше всего, и работайте с ним", "Find the step that loses most and work on it"),
)  # fmt: skip
def lead_to_contract(deals: Facts) -> Share:
    """Of leads created in the period, those with a contract by the export: young leads may still sign.

    Example
    -------
    deals       created_at  contract_at
                01-02       01-20
                01-03       -
                01-04       -
                11-02       01-05
    result      1 / 3
    """
    deals.require_all_leads()
    return deals.at("created_at").share(deals.reached("contract_at"))


@kpi(
    name=Text("КЭВ проведено → договор", "Key event held → contract"),
    meaning=Text("Какая доля состоявшихся ключевых событий закончилась договором", "Which share of the key events held led to a contract"),
    unit=PERCENT, better="higher", source=FURNITURE, by=ALL,
    advice=Text("Разберите записи встреч и потренируйте работу с возражениями", "Listen to the meetings and train the handling of objections"),
)  # fmt: skip
def key_event_to_contract(deals: Facts) -> Share:
    """Of key events held in the period, those with a contract by the export.

    Example
    -------
    deals       created_at  key_event_held_at  contract_at
                01-02       01-05              01-20
                01-02       01-06              -
                12-02       12-06              01-20
    result      1 / 2
    """
    return deals.at("key_event_held_at").share(deals.reached("contract_at"))


@kpi(
    name=Text("Акты", "Closing acts"),
    meaning=Text("Сколько сделок закрыто актом за период", "How many deals were closed by an act during the period"),
    unit=COUNT, better="higher", source=FURNITURE, by=(MANAGER, TEAM, PRODUCT, MONTH),
)  # fmt: skip
def acts(deals: Facts) -> Count:
    """Deals whose closing act was signed in the period.

    Example
    -------
    deals       created_at  act_at
                11-02       01-05
                01-02       -
    result      1
    """
    return deals.at("act_at").count()


@kpi(
    name=Text("Договор → акт", "Contract → act"),
    meaning=Text("Какая доля договоров доведена до акта", "Which share of the contracts was brought to its act"),
    unit=PERCENT, better="higher", source=FURNITURE, by=(MANAGER, TEAM, PRODUCT, MONTH),
)  # fmt: skip
def contract_to_act(deals: Facts) -> Share:
    """Of contracts signed in the period, those with an act by the export.

    Example
    -------
    deals       created_at  contract_at  act_at
                01-02       01-05        01-25
                01-02       01-06        -
                01-02       01-07        -
    result      1 / 3
    """
    return deals.at("contract_at").share(deals.reached("act_at"))


@kpi(
    name=Text("Ожидаемая конверсия в договор", "Projected lead-to-contract rate"),
    meaning=Text("Какой станет конверсия заявок периода, когда они дозреют", "What the conversion of the period's leads will be once they are mature"),
    unit=PERCENT, better="higher", source=OURS, by=(CHANNEL, MANAGER, MONTH), min_n=30,
)  # fmt: skip
def lead_to_contract_projected(deals: Facts, funnel: Funnel) -> Projection:
    """Contracts within `funnel.horizon_days` over the exposure of the period's leads (Cape Cod): a lead followed for less than the
    horizon counts as the part of a lead that should have shown by then, by the Aalen-Johansen incidence of all older leads. Where these
    have fewer than 20 contracts, only leads followed to the horizon count. None with fewer than 10 leads, or an exposure below 5. Beside
    it: the share already observed.

    Example
    -------
    with        funnel: {horizon_days: 10}
    deals       created_at  contract_at  outcome  closed_at
                01-02       01-05        won      01-05
                01-02       01-06        won      01-06
                01-02       01-09        won      01-09
                01-02       -            open     -
                01-02       -            open     -
                01-02       -            lost     01-08
                01-02       -            lost     01-08
                01-02       -            lost     01-08
                01-02       -            lost     01-08
                01-02       -            lost     01-08
                01-28       -            open     -
    result      0.3
    result      observed: 3 / 11
    """
    deals.require_all_leads()
    created = deals.at("created_at")
    older = Events(deals, "").where(deals.created_at < deals.close)
    projected = created.projection("contract_at", lost="closed_at", horizon_days=funnel.horizon_days, reference=older)
    return projected.beside(observed=created.share(deals.reached("contract_at")))


@kpi(
    name=Text("Договоры к заявкам периода", "Period conversion"),
    meaning=Text("Договоры периода к заявкам того же периода: как считает CRM, только для сверки", "Contracts of the period over leads of the same period: the CRM's way, for reconciliation only"),
    unit=PERCENT, source=BRUTAL, by=(MONTH,),
)  # fmt: skip
def period_conversion(deals: Facts) -> Ratio:
    """Contracts signed in the period over leads created in it: two different sets of deals, so never used for findings.

    Example
    -------
    deals       created_at  contract_at
                01-02       -
                01-03       01-20
                11-02       01-05
                11-03       01-06
    result      1.5
    """
    deals.require_all_leads()
    return deals.at("contract_at").amount() / deals.at("created_at").amount()
