"""Content and social media: are replies clicked, are materials used, and do they help to win."""

from typing import TYPE_CHECKING

from salesqc_lib.facts import Count, Facts, Share, Table
from salesqc_lib.kpi.card import MANAGER, MATERIAL, TEAM, kpi
from salesqc_lib.sources import AMOCRM
from salesqc_lib.statistics.shares import newcombe, wilson
from salesqc_lib.units import COUNT, DAY, PERCENT
from salesqc_lib.words import Text

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

RETURN_DAYS = 30
NETWORKS = ("vk", "вк", "вконтакте", "ok", "одноклассники", "instagram", "facebook", "linkedin", "tiktok", "youtube", "x", "twitter")
BY = (MANAGER, TEAM)


@kpi(
    name=Text("Клики в ответных письмах", "Clicks in replies"),
    meaning=Text("В какой доле ответных писем со ссылкой по ней перешли", "In which share of the replies with a link it was clicked"),
    unit=PERCENT, better="higher", source=AMOCRM, by=(MANAGER, TEAM, MATERIAL),
    advice=Text("Ответы без кликов — замените содержание: другой материал, другая тема", "Replies that nobody clicks: change the content, another material, another subject"),
)  # fmt: skip
def reply_click_rate(reply_mails: Facts) -> Share:
    """Of replies by people with a link, sent in the period, those in which it was clicked by the export.

    Example
    -------
    activities  kind   at     direction  is_reply  has_link  clicks
                email  01-05  out        1         1         2
                email  01-06  out        1         1         0
                email  01-07  out        0         1         1
                email  01-08  out        1         0         0
    deals       created_at
                01-01
    result      1 / 2
    """
    return reply_mails.at("at").share(reply_mails.is_clicked)


@kpi(
    name=Text("Возврат после клика", "Return after a click"),
    meaning=Text("Какая доля отказавшихся, кликнувших в письме, снова проявила активность за 30 дней", "Which share of refused clients who clicked a reply was active again within 30 days"),
    unit=PERCENT, better="higher", source=AMOCRM, by=BY,
)  # fmt: skip
def click_to_return(reply_mails: Facts) -> Share:
    """Of customers who had lost a deal and then clicked a reply in the period, those who were active again within 30 days of that
    reply (the first one clicked): by an activity of their own or a new deal. A reply younger than that at the export is left out.

    Example
    -------
    with        as_of: 2026-03-10
    deals       deal_id  created_at  customer_id  outcome  closed_at
                1        01-01       x            lost     01-03
                2        01-01       y            lost     01-03
                3        01-01       z            open     -
                4        01-20       x            open     -
    activities  deal_id  kind   at     direction  is_reply  has_link  clicks
                1        email  01-05  out        1         1         1
                2        email  01-05  out        1         1         1
                3        email  01-05  out        1         1         1
                2        email  01-06  out        1         1         0
    result      1 / 2
    """
    mails = reply_mails
    ripe = mails.observed_s - mails.seconds("at") >= RETURN_DAYS * DAY
    back = mails.reached("returned_at") & (mails.returned_at_s - mails.at_s <= RETURN_DAYS * DAY)
    is_first = mails.previous_click_at.is_null() | (mails.previous_click_at < mails.start)
    return mails.at("at").where(mails.was_refused & mails.is_clicked & is_first & ripe).share(back)


@kpi(
    name=Text("Активность в соцсетях", "Social activity"),
    meaning=Text("Сколько действий и переписок было в социальных сетях", "How many actions and conversations there were on social media"),
    unit=COUNT, better="higher", source=AMOCRM, by=BY,
)  # fmt: skip
def social_activity(activities: Facts, social_leads: Facts) -> Count:
    """Social-media actions of the period, and messages whose `media` is a social network. Beside it: leads of the period whose
    customer had a social contact in the 30 days before.

    Example
    -------
    activities  kind     at           direction  media  customer_id
                social   01-05T10:00  out        -      x
                message  01-06T10:00  out        VK     y
                message  01-07T10:00  out        sms    z
    deals       created_at   customer_id
                01-08T10:00  x
                01-08T10:00  z
    result      2
    result      leads: 1
    """
    is_social = activities.kind == "social"
    if activities.has("media"):
        network = activities.media.str.to_lowercase().is_in(NETWORKS)
        is_social = is_social | ((activities.kind == "message") & network)
    done = activities.at("at").count(is_social)
    return done.beside(leads=social_leads.at("created_at").count()) if social_leads.has("created_at") else done


@kpi(
    name=Text("Используемые материалы", "Materials used"),
    meaning=Text("Какая доля библиотеки материалов применялась хотя бы раз", "Which share of the library of materials was used at least once"),
    unit=PERCENT, better="higher", source=AMOCRM, by=BY,
    advice=Text("Покажите материалы менеджерам или замените те, которыми не пользуются", "Show the sellers the materials, or replace those that nobody uses"),
)  # fmt: skip
def materials_used(material_use: Facts, library: Facts) -> Share:
    """Of the materials published by the end of the period, those used at least once in it: by anybody, by the team, by the seller.

    Example
    -------
    materials   material_id  title
                m1           Price
                m2           Cases
                m3           Guide
    activities  kind   at     direction  material_id  manager
                email  01-05  out        m1           Ann
                email  01-06  out        m1           Bob
                email  01-07  out        m2           Ann
                email  12-07  out        m3           Ann
    deals       created_at
                12-01
    result      2 / 3
    """

    def is_there(materials: Facts) -> "nw.Expr":
        return materials.published_at.is_null() | (materials.published_at <= materials.close)

    is_first = material_use.previous_at.is_null() | (material_use.previous_at < material_use.start)
    return Share({"k": material_use.at("at").amount(is_first & is_there(material_use)), "n": library.snapshot().amount(is_there(library))})


@kpi(
    name=Text("Сделки с материалами", "Deals with materials"),
    meaning=Text("В какой доле сделок в работе отправляли материалы", "To which share of the deals worked a material was sent"),
    unit=PERCENT, better="higher", source=AMOCRM, by=BY,
)  # fmt: skip
def material_use_rate(deal_work: Facts) -> Share:
    """Of deals with a human outgoing activity in the period, those to which at least one of them sent a material.

    Example
    -------
    deals       deal_id  created_at
                1        01-01
                2        01-01
                3        01-01
    activities  deal_id  kind   at     direction  material_id
                1        email  01-05  out        m1
                1        email  01-06  out        m2
                2        call   01-05  out        -
                3        email  12-20  out        m1
    result      1 / 2
    """
    work, start = deal_work, deal_work.start
    worked = work.at("at").amount(work.previous_at.is_null() | (work.previous_at < start))
    sent = work.at("at").amount(work.has_material & (work.previous_material_at.is_null() | (work.previous_material_at < start)))
    return Share({"k": sent, "n": worked})


@kpi(
    name=Text("Материалы и договоры", "Materials and contracts"),
    meaning=Text("Как часто выигрывают сделки с материалом и без него", "How often deals are won with a material and without it"),
    unit=PERCENT, source=AMOCRM, by=(MATERIAL,),
    advice=Text("Материалы, с которыми выигрывают чаще, дайте всем; остальные улучшите", "Give everyone the materials that deals are won with; improve the others"),
)  # fmt: skip
def material_effect(deal_materials: Facts, deals: Facts) -> Table:
    """Win rate of deals closed in the period with the material and of all others, with the interval of the difference (Newcombe).
    A difference is no proof: good deals may get more material.

    Example
    -------
    deals       deal_id  created_at  outcome  closed_at
                1        01-02       won      01-20
                2        01-02       lost     01-20
                3        01-02       lost     01-20
    activities  deal_id  kind   at     direction  material_id
                1        email  01-05  out        m1
                2        email  01-05  out        m2
    result      m1: with=1 without=0 difference=1
    result      m2: with=0 without=0.5 difference=-0.5
    """
    closed = deals.at("closed_at").where(deals.outcome != "open")
    given = deal_materials.at("closed_at").share(deal_materials.outcome == "won")
    return Table((MATERIAL,), {"with": given}, whole={"all": closed.share(deals.outcome == "won")}, finish=_differences)


def _differences(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The deals without the material are all closed ones less those with it."""
    found = frame.copy()
    found["without_k"], found["without_n"] = found["all_k"] - found["with_k"], found["all_n"] - found["with_n"]
    found["without"] = found["without_k"] / found["without_n"].where(found["without_n"] > 0)
    found["without_low"], found["without_high"] = wilson(found["without_k"], found["without_n"])
    found["difference"], found["difference_low"], found["difference_high"] = newcombe(
        found["with_k"], found["with_n"], found["without_k"], found["without_n"]
    )
    return found.drop(columns=["all", "all_k", "all_n"]).sort_values("with_n", ascending=False, ignore_index=True)
