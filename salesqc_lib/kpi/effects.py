"""From which size on a difference matters: one place for marks in tables, verdicts and findings."""

from dataclasses import dataclass

from salesqc_lib.kpi.card import Card


@dataclass(frozen=True)
class Effect:
    """A difference matters from `part` of the others' value on, and from `least` on in the measure's own unit."""

    part: float
    least: float = 0.0


OF_KIND = {"time": Effect(0.5)}
USUAL = Effect(0.2)
OF: dict[str, Effect] = {
    "first_response_time": Effect(0.5, 900.0),
    "answered_within_1h": Effect(0.25, 0.1),
    "never_answered": Effect(0.4, 0.03),
    "missed_calls": Effect(0.5, 0.08),
    "qualification_rate": Effect(0.2, 0.05),
    "qualified_to_key_event_set": Effect(0.2, 0.05),
    "key_event_held_rate": Effect(0.2, 0.05),
    "key_event_to_contract": Effect(0.2, 0.05),
    "lead_to_contract": Effect(0.2, 0.01),
    "lead_to_contract_projected": Effect(0.2, 0.01),
    "win_rate": Effect(0.2, 0.03),
    "contract_to_act": Effect(0.2, 0.05),
    "cross_sell_rate": Effect(0.4, 0.1),
    "discount_depth": Effect(0.3, 0.01),
    "calls_per_day": Effect(0.4),
    "conversation_rate": Effect(0.25, 0.05),
    "followed_up_after_refusal": Effect(0.4, 0.08),
    "one_and_done": Effect(0.4, 0.1),
    "reply_click_rate": Effect(0.4, 0.1),
    "material_use_rate": Effect(0.5, 0.05),
    "csat": Effect(0.2, 0.1),
    "retention": Effect(0.2, 0.05),
    "next_step_agreed": Effect(0.4, 0.15),
    "no_next_task": Effect(0.5, 0.1),
    "overdue_tasks": Effect(0.4, 0.1),
    "idle_deals": Effect(0.4, 0.12),
    "fields_filled": Effect(0.1, 0.05),
    "reason_missing": Effect(0.5, 0.1),
    "past_close_date": Effect(0.4, 0.12),
    "skipped_stages": Effect(0.5, 0.1),
    "stage_duration": Effect(0.5),
    "sales_cycle": Effect(0.5),
}


def effect_of(kpi: str, card: Card) -> Effect:
    """The size that matters for a figure; `kpi` may be a companion of the card."""
    return OF.get(kpi, OF_KIND.get(card.kind, USUAL))
