"""What is watched: which measures are compared along which breakdowns, how large a difference matters, and what follows from what."""

from dataclasses import dataclass
from typing import Literal

from salesqc_lib.kpi.card import CHANNEL, HOUR, MANAGER, MATERIAL, STAGE, TEAM
from salesqc_lib.sources import HBR_2011, OURS, PRACTICE, Source

# how a worse value turns into money: what one case less is worth
Lever = Literal[
    "",  # cannot be valued
    "answered",  # a lead that is answered converts as answered leads do
    "in_time",  # a lead answered in time converts better than a late one
    "qualified_at", "key_event_set_at", "key_event_held_at", "contract_at",  # a deal that reaches the step converts as others from there
    "return",  # a refused client contacted again comes back as others do
    "discount", "amount",  # money on each contract
    "neglect",  # an open deal left alone loses a part of its chance
]  # fmt: skip


@dataclass(frozen=True)
class Watched:
    """One measure under watch.

    `by`: breakdowns whose segments are peers of each other. `effect`: a difference matters from this part of the peers' value on, and
    from `least` on in the measure's own unit. `past`: the department is held against its own previous period. `norm`: the
    department's figure should be no worse; `norm_source` says who wants that.
    """

    kpi: str
    by: tuple[str, ...] = ()
    effect: float = 0.2
    least: float = 0.0
    past: bool = False
    norm: float | None = None
    norm_source: Source | None = None
    lever: Lever = ""


WATCHED = (
    # speed
    Watched("first_response_time", (MANAGER, TEAM), 0.6, 900, past=True, lever="in_time"),
    Watched("answered_within_1h", (MANAGER, TEAM), 0.25, 0.1, past=True, norm=0.37, norm_source=HBR_2011, lever="in_time"),
    Watched("never_answered", (MANAGER, TEAM, CHANNEL), 0.5, 0.05, past=True, norm=0.1, norm_source=PRACTICE, lever="answered"),
    Watched("missed_calls", (HOUR, MANAGER, TEAM), 0.5, 0.08, past=True, norm=0.2, norm_source=OURS),
    Watched("stage_duration", (STAGE,), 0.3, past=True),
    Watched("sales_cycle", (MANAGER,), 0.4, past=True),
    # funnel
    Watched("qualification_rate", (MANAGER, TEAM, CHANNEL), 0.2, 0.05, past=True, lever="qualified_at"),
    Watched("qualified_to_key_event_set", (MANAGER, TEAM, CHANNEL), 0.2, 0.05, past=True, lever="key_event_set_at"),
    Watched("key_event_held_rate", (MANAGER, TEAM, CHANNEL), 0.15, 0.05, past=True, norm=0.6, norm_source=OURS, lever="key_event_held_at"),
    Watched("key_event_to_contract", (MANAGER, TEAM, CHANNEL), 0.2, 0.05, past=True, lever="contract_at"),
    Watched("lead_to_contract", (MANAGER, TEAM, CHANNEL), 0.25, 0.02, past=True, lever="contract_at"),
    Watched("contract_to_act", (MANAGER, TEAM), 0.1, 0.05, past=True),
    # results
    Watched("plan_attainment", effect=0.05, norm=1.0, norm_source=OURS),
    Watched("win_rate", (MANAGER, TEAM, CHANNEL), 0.25, 0.04, past=True, lever="contract_at"),
    Watched("average_deal", effect=0.15, past=True, lever="amount"),
    Watched("cross_sell_rate", (MANAGER, TEAM), 0.4, 0.1, past=True),
    Watched("discount_depth", (MANAGER,), 0.4, 0.02, past=True, lever="discount"),
    # activity
    Watched("calls_per_day", (MANAGER,), 0.4),
    Watched("conversation_rate", (MANAGER, TEAM), 0.25, 0.05, past=True),
    # persistence
    Watched("followed_up_after_refusal", (MANAGER, TEAM), 0.4, 0.08, past=True, norm=0.3, norm_source=OURS, lever="return"),
    Watched("one_and_done", (MANAGER, TEAM), 0.4, 0.1, past=True, norm=0.5, norm_source=OURS, lever="return"),
    # content
    Watched("reply_click_rate", (MANAGER, MATERIAL), 0.4, 0.1, past=True, norm=0.2, norm_source=OURS),
    Watched("materials_used", norm=0.5, norm_source=OURS),
    Watched("material_use_rate", (MANAGER, TEAM), 0.5, 0.05, past=True, norm=0.1, norm_source=OURS),
    # clients
    Watched("csat", (MANAGER, TEAM), 0.15, 0.1, past=True, norm=0.7, norm_source=OURS),
    Watched("retention", (MANAGER,), 0.15, 0.05, past=True),
    # quality
    Watched("review_coverage", norm=0.05, norm_source=PRACTICE),
    Watched("review_score", (MANAGER, TEAM), 0.12, 7, past=True, norm=60, norm_source=PRACTICE),
    Watched("objection_handling", (MANAGER,), 0.15, 8, norm=60, norm_source=PRACTICE),
    Watched("script_adherence", (MANAGER,), 0.15, 8, norm=60, norm_source=PRACTICE),
    Watched("next_step_agreed", (MANAGER,), 0.4, 0.15, norm=0.5, norm_source=OURS),
    Watched("reviewer_agreement", norm=11, norm_source=PRACTICE),
    # discipline
    Watched("no_next_task", (MANAGER, TEAM), 0.5, 0.1, past=True, norm=0.15, norm_source=PRACTICE, lever="neglect"),
    Watched("overdue_tasks", (MANAGER, TEAM), 0.4, 0.1, past=True, norm=0.3, norm_source=OURS),
    Watched("idle_deals", (MANAGER, TEAM), 0.4, 0.12, past=True, norm=0.3, norm_source=PRACTICE, lever="neglect"),
    Watched("fields_filled", (MANAGER,), 0.05, 0.05, norm=0.8, norm_source=PRACTICE),
    Watched("reason_missing", (MANAGER, TEAM), 0.5, 0.1, past=True, norm=0.1, norm_source=OURS),
    Watched("past_close_date", (MANAGER, TEAM), 0.4, 0.12, past=True, norm=0.3, norm_source=PRACTICE, lever="neglect"),
    Watched("skipped_stages", (MANAGER, TEAM), 0.5, 0.1, norm=0.2, norm_source=OURS),
    Watched("duplicates", norm=0.05, norm_source=PRACTICE),
)
OF: dict[str, Watched] = {watched.kpi: watched for watched in WATCHED}

# cause → what follows from it for the same segment: one cause is one finding
LEADS_TO: dict[str, tuple[str, ...]] = {
    "first_response_time": ("answered_within_1h",),
    "answered_within_1h": ("first_response_time", "never_answered", "qualification_rate"),
    "one_and_done": ("never_answered", "first_response_time"),
    "never_answered": ("qualification_rate", "first_response_time", "answered_within_1h"),
    "conversation_rate": ("first_response_time", "never_answered"),
    "calls_per_day": ("first_response_time", "never_answered", "one_and_done"),
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
# what else may make a segment look worse: the mix of what it is given to work with
MIX = {MANAGER: (CHANNEL, "product"), TEAM: (CHANNEL, "product"), CHANNEL: (MANAGER, "product")}
