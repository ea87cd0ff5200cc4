"""What is watched: which measures are compared along which breakdowns, how large a difference matters, and what follows from what."""

from dataclasses import dataclass

from salesqc_lib.kpi.card import CHANNEL, HOUR, MANAGER, MATERIAL, STAGE, TEAM
from salesqc_lib.sources import HBR_2011, OURS, PRACTICE, Source

CONTACT, SPEED, DISCOUNT = "contact", "speed", "discount"
SOLD = ("qualified_at", "key_event_set_at", "key_event_held_at", "contract_at")


@dataclass(frozen=True)
class Watched:
    """One measure under watch.

    `by`: breakdowns whose segments are peers of each other. `past`: the department is held against its own value a year ago. `norm`: the
    department's figure should be no worse; `norm_source` says who wants that. `stages`: where its money is lost (see `chain`).
    """

    kpi: str
    by: tuple[str, ...] = ()
    past: bool = False
    norm: float | None = None
    norm_source: Source | None = None
    stages: tuple[str, ...] = ()


WATCHED = (
    # speed
    Watched("first_response_time", (MANAGER, TEAM), stages=(SPEED,)),
    Watched("answered_within_1h", (MANAGER, TEAM), past=True, norm=0.37, norm_source=HBR_2011, stages=(SPEED,)),
    Watched("never_answered", (MANAGER, TEAM, CHANNEL), past=True, norm=0.1, norm_source=PRACTICE, stages=(CONTACT,)),
    Watched("missed_calls", (HOUR, MANAGER, TEAM), past=True, norm=0.2, norm_source=OURS),
    Watched("stage_duration", (STAGE,), past=True),
    Watched("sales_cycle", (MANAGER,), past=True),
    # funnel
    Watched("qualification_rate", (MANAGER, TEAM, CHANNEL), past=True, stages=("qualified_at",)),
    Watched("qualified_to_key_event_set", (MANAGER, TEAM, CHANNEL), past=True, stages=("key_event_set_at",)),
    Watched("key_event_held_rate", (MANAGER, TEAM, CHANNEL), past=True, norm=0.6, norm_source=OURS, stages=("key_event_held_at",)),
    Watched("key_event_to_contract", (MANAGER, TEAM, CHANNEL), past=True, stages=("contract_at",)),
    Watched("lead_to_contract", (MANAGER, TEAM, CHANNEL), past=True, stages=(CONTACT, *SOLD)),
    Watched("contract_to_act", (MANAGER, TEAM), past=True),
    # results
    Watched("plan_attainment", norm=1.0, norm_source=OURS),
    Watched("win_rate", (MANAGER, TEAM, CHANNEL), past=True, stages=SOLD),
    Watched("average_deal"),
    Watched("cross_sell_rate", (MANAGER, TEAM), past=True),
    Watched("discount_depth", (MANAGER,), past=True, stages=(DISCOUNT,)),
    # activity
    Watched("calls_per_day", (MANAGER,)),
    Watched("conversation_rate", (MANAGER, TEAM), past=True),
    # persistence
    Watched("followed_up_after_refusal", (MANAGER, TEAM), past=True, norm=0.3, norm_source=OURS),
    Watched("one_and_done", (MANAGER, TEAM), past=True, norm=0.5, norm_source=OURS, stages=(CONTACT,)),
    # content
    Watched("reply_click_rate", (MANAGER, MATERIAL), past=True, norm=0.2, norm_source=OURS),
    Watched("materials_used", norm=0.5, norm_source=OURS),
    Watched("material_use_rate", (MANAGER, TEAM), past=True, norm=0.1, norm_source=OURS),
    # clients
    Watched("csat", (MANAGER, TEAM), past=True, norm=0.7, norm_source=OURS),
    Watched("retention", (MANAGER,), past=True),
    # quality
    Watched("review_coverage", norm=0.05, norm_source=PRACTICE),
    Watched("review_score", (MANAGER, TEAM), past=True, norm=60, norm_source=PRACTICE),
    Watched("objection_handling", (MANAGER,), norm=60, norm_source=PRACTICE),
    Watched("script_adherence", (MANAGER,), norm=60, norm_source=PRACTICE),
    Watched("next_step_agreed", (MANAGER,), norm=0.5, norm_source=OURS),
    Watched("reviewer_agreement", norm=11, norm_source=PRACTICE),
    # discipline
    Watched("no_next_task", (MANAGER, TEAM), past=True, norm=0.15, norm_source=PRACTICE),
    Watched("overdue_tasks", (MANAGER, TEAM), past=True, norm=0.3, norm_source=OURS),
    Watched("idle_deals", (MANAGER, TEAM), past=True, norm=0.3, norm_source=PRACTICE),
    Watched("fields_filled", (MANAGER,), norm=0.8, norm_source=PRACTICE),
    Watched("reason_missing", (MANAGER, TEAM), past=True, norm=0.1, norm_source=OURS),
    Watched("past_close_date", (MANAGER, TEAM), past=True, norm=0.3, norm_source=PRACTICE),
    Watched("skipped_stages", (MANAGER, TEAM), norm=0.2, norm_source=OURS),
    Watched("duplicates", norm=0.05, norm_source=PRACTICE),
)
OF: dict[str, Watched] = {watched.kpi: watched for watched in WATCHED}

# cause → what follows from it for the same segment: one cause is one finding
LEADS_TO: dict[str, tuple[str, ...]] = {
    "first_response_time": ("answered_within_1h",),
    "answered_within_1h": ("first_response_time", "never_answered", "qualification_rate"),
    "one_and_done": ("never_answered", "first_response_time", "calls_per_day"),
    "never_answered": ("qualification_rate", "first_response_time", "answered_within_1h"),
    "conversation_rate": ("first_response_time", "never_answered"),
    "calls_per_day": ("first_response_time", "never_answered"),
    "qualification_rate": ("lead_to_contract", "win_rate"),
    "qualified_to_key_event_set": ("lead_to_contract", "win_rate"),
    "key_event_held_rate": ("lead_to_contract", "win_rate"),
    "key_event_to_contract": ("lead_to_contract", "win_rate"),
    "objection_handling": ("review_score", "key_event_to_contract"),
    "script_adherence": ("review_score",),
    "next_step_agreed": ("review_score", "no_next_task"),
    "review_score": ("key_event_to_contract", "qualification_rate"),
    "lead_to_contract": ("plan_attainment", "win_rate"),
    "win_rate": ("plan_attainment", "lead_to_contract"),
    "cross_sell_rate": ("average_deal",),
    "discount_depth": ("average_deal",),
    "average_deal": ("plan_attainment",),
    "no_next_task": ("idle_deals", "past_close_date", "followed_up_after_refusal"),
    "idle_deals": ("past_close_date",),
    "stage_duration": ("sales_cycle",),
}  # fmt: skip

# a segment of the first breakdown lies inside one of the second: a seller in a team
INSIDE = {TEAM: (MANAGER,), "": (MANAGER, CHANNEL, HOUR, TEAM)}
# figures that tell whether sales come of it; the others tell how the work is done
OUTCOMES = frozenset(
    {
        "qualification_rate", "qualified_to_key_event_set", "key_event_held_rate", "key_event_to_contract", "lead_to_contract", "contract_to_act",
        "plan_attainment", "win_rate", "average_deal", "cross_sell_rate", "discount_depth", "sales_cycle", "csat", "retention",
    }
)  # fmt: skip


def family_of(kpi: str) -> str:
    """`outcomes` or `process`: comparisons of one kind are counted, and corrected, together."""
    return "outcomes" if kpi in OUTCOMES else "process"
