"""Prose around tables and charts: every number in a sentence comes from the measurements, never from a keyboard."""

import pandas as pd

from salesqc_lib.errors import InputError, nearest
from salesqc_lib.measure import Measurement
from salesqc_lib.show.forms.shown import Shown, bullets, paragraph
from salesqc_lib.show.tables import interval, undated_note
from salesqc_lib.show.words.labels import kpi_name, reason_text
from salesqc_lib.units import write, write_number, write_percent
from salesqc_lib.words import Reader, Text

KEY = {
    "glance": ("revenue", "plan_attainment", "lead_to_contract", "first_response_time"),
    "funnel": ("leads", "lead_to_contract", "lead_to_contract_projected", "cost_per_contract"),
    "results": ("revenue", "plan_attainment", "win_rate", "average_deal"),
    "speed": ("first_response_time", "answered_within_1h", "never_answered", "missed_calls", "sales_cycle"),
    "activity": ("calls", "calls_per_day", "conversation_rate", "talk_time", "touches_per_deal"),
    "persistence": ("followed_up_after_refusal", "one_and_done", "wins_from_5th_touch", "reactivated"),
    "content": ("reply_click_rate", "click_to_return", "materials_used", "material_use_rate"),
    "clients": ("csat", "nps", "retention", "refusal_rate", "repeat_purchase_rate", "clv", "cac"),
    "quality": ("review_coverage", "review_score", "objection_handling", "next_step_agreed", "reviewer_agreement"),
    "discipline": ("no_next_task", "overdue_tasks", "idle_deals", "fields_filled", "reason_missing", "duplicates"),
}
CHANGED = Text(
    "{name}: {value}{interval}; за прошлый период {previous}{real}.", "{name}: {value}{interval}; {previous} in the period before{real}."
)
ALONE = Text("{name}: {value}{interval}.", "{name}: {value}{interval}.")
REAL = Text(" — разница больше случайной, сезон в ней не учтён", ", a change beyond chance, with the season in it")
WITHIN = Text(" — в пределах случайных колебаний", ", within chance variation")


def say(measured: Measurement, group: str) -> Shown:
    """What a chapter's figures say: the main ones, each with its change. Who is at fault stands in the findings.

    `group` is a group of the catalogue, or `glance` for the first page.
    """
    reader = measured.reader
    if group not in KEY:
        raise InputError(f"no chapter «{group}»", cure=nearest(group, list(KEY)))
    kpis = [kpi for kpi in KEY[group] if kpi in set(measured.frame["kpi"])]
    rows = {kpi: measured.row(kpi) for kpi in kpis}
    lines = [sentence(row, reader, measured.outlook.get(kpi, "")) for kpi, row in rows.items() if not pd.isna(row["value"])]
    missing = [row for row in rows.values() if pd.isna(row["value"])]
    if not lines:
        reasons = dict.fromkeys(reason_text(str(row["reason"]), reader.language) for row in missing)
        return paragraph("; ".join(reasons).capitalize() + ".", "note")
    return bullets(lines)


def sentence(row: "pd.Series[float]", reader: Reader, outlook: str = "") -> str:
    """A KPI in one sentence: value, interval, the period before, and whether the change is more than chance (`Measurement.outlook`)."""
    language, unit = reader.language, str(row["unit"])
    value = write(row["value"], unit, language, reader.currency)
    bounds, undated = "", undated_note(row, reader)
    if undated:
        bounds = f" ({undated})"
    elif not pd.isna(row["low"]) and not pd.isna(row["high"]):
        span = interval(row, reader)
        bounds = f" ({span})" if span != value else ""  # too narrow to be told from the value as it is written
    name = kpi_name(str(row["kpi"]), language)
    if pd.isna(row["previous"]) or undated:
        return ALONE.format(name=name, value=value, interval=bounds)[language]
    previous = write(row["previous"], unit, language, reader.currency)
    return CHANGED.format(name=name, value=value, interval=bounds, previous=previous, real=is_real(outlook)[language])[language]


def is_real(outlook: str) -> Text:
    """Whether a change is more than chance, in words; '' where that cannot be told."""
    return Text("", "") if not outlook else WITHIN if outlook == "same" else REAL


def rows_read(rows: int, rejected: int, reader: Reader) -> str:
    """How much was read and how much could not be: «rows: 5,114, not read: 2»."""
    share = f" ({write_percent(rejected / rows, reader.language, 2)})" if rows and rejected else ""
    text = Text("строк: {rows}, не прочитано: {rejected}{share}", "rows: {rows}, not read: {rejected}{share}")
    return text.format(rows=write_number(rows, reader.language), rejected=write_number(rejected, reader.language), share=share)[
        reader.language
    ]
