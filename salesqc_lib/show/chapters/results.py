"""Money and plan: what the department brought in, and what made the difference to a year before."""

from salesqc_lib.findings import Findings
from salesqc_lib.measure import Measurement
from salesqc_lib.show.chapters.chapter import Chapter, Fact
from salesqc_lib.show.words.figures import change_told
from salesqc_lib.words import Text


def _title(measured: Measurement, findings: Findings) -> str:
    """Revenue against a year before, or the period before, with what it is made of."""
    del findings  # the plan is the verdict of page 1; here stands what made the money
    return change_told(measured, "revenue", ("contracts", "average_deal"))


CHAPTER = Chapter(
    "results",
    10,
    "results",
    Text("Деньги и план", "Money and plan"),
    Text("Выручка по договорам периода, план и средний чек", "Revenue of the period's contracts, plan and average deal"),
    ("revenue", "plan_attainment", "contracts", "average_deal", "win_rate", "discount_depth", "cross_sell_rate"),
    Fact(
        Text(
            "Выручка {revenue}: договоров {contracts}, средний чек {average_deal}",
            "Revenue {revenue}: {contracts} contracts, average deal {average_deal}",
        ),
        ("revenue", "contracts", "average_deal"),
    ),
    ("results",),
    title=_title,
    is_always=True,
)
