"""What a notebook cell shows: tables, charts and prose that know how they look in a browser and on paper."""

from salesqc_lib.show.advice import assumptions, faults, register, roadmap
from salesqc_lib.show.agreed import agreed, changes_page, delta_verdict, done, next_page, next_steps
from salesqc_lib.show.annex import definitions, manifest, method, parameters
from salesqc_lib.show.basis import meanings
from salesqc_lib.show.benchmarks import benchmarks
from salesqc_lib.show.changes import changes, promised, same_measure, standing
from salesqc_lib.show.charts.bridge import bridge
from salesqc_lib.show.charts.criteria import heat
from salesqc_lib.show.charts.curves import curves
from salesqc_lib.show.charts.forest import forest
from salesqc_lib.show.charts.funnel import funnel
from salesqc_lib.show.charts.hours import hours
from salesqc_lib.show.charts.money import months, revenue_bridge
from salesqc_lib.show.charts.openers import quadrant
from salesqc_lib.show.charts.plan import plan_fact
from salesqc_lib.show.charts.reasons import pareto
from salesqc_lib.show.charts.response import conversion_by_response
from salesqc_lib.show.charts.touches import wins_by_touch
from salesqc_lib.show.charts.trend import trend
from salesqc_lib.show.dashboard import steps_board, vitals, waiting
from salesqc_lib.show.deals import deals, deals_list
from salesqc_lib.show.differences import differences
from salesqc_lib.show.first import begin, key_tiles, lines, money_ranges, stakes_note, strengths, verdict
from salesqc_lib.show.forms.blocks import beside
from salesqc_lib.show.forms.page import contents
from salesqc_lib.show.forms.shown import Shown
from salesqc_lib.show.found import found, others, profile
from salesqc_lib.show.interview import interview, remark
from salesqc_lib.show.losses import regrets
from salesqc_lib.show.owner import headline, summary, weightiest
from salesqc_lib.show.page import page
from salesqc_lib.show.pages import cover
from salesqc_lib.show.passport import doubts, grave_doubts, missing, passport, readiness
from salesqc_lib.show.plan import not_yet, plan
from salesqc_lib.show.portfolio import chapters_beside, clients_beside, clients_forest, common_faults, portfolio_cover, portfolio_verdict
from salesqc_lib.show.quiet import quiet
from salesqc_lib.show.ready import came, good_for, to_bring, to_confirm
from salesqc_lib.show.scoreboard import board
from salesqc_lib.show.seller import dressing, one_of, talk, talks
from salesqc_lib.show.tables import HEADLINES, PROFILE, breakdown, scoreboard, table
from salesqc_lib.show.trials import trials
from salesqc_lib.show.words.prose import say

__all__ = [
    "HEADLINES",
    "PROFILE",
    "Shown",
    "agreed",
    "assumptions",
    "begin",
    "benchmarks",
    "beside",
    "board",
    "breakdown",
    "bridge",
    "came",
    "changes",
    "changes_page",
    "chapters_beside",
    "clients_beside",
    "clients_forest",
    "common_faults",
    "contents",
    "conversion_by_response",
    "cover",
    "curves",
    "deals",
    "deals_list",
    "definitions",
    "delta_verdict",
    "differences",
    "done",
    "doubts",
    "dressing",
    "faults",
    "forest",
    "found",
    "funnel",
    "good_for",
    "grave_doubts",
    "headline",
    "heat",
    "hours",
    "interview",
    "key_tiles",
    "lines",
    "manifest",
    "meanings",
    "method",
    "missing",
    "money_ranges",
    "months",
    "next_page",
    "next_steps",
    "not_yet",
    "one_of",
    "others",
    "page",
    "parameters",
    "pareto",
    "passport",
    "plan",
    "plan_fact",
    "portfolio_cover",
    "portfolio_verdict",
    "profile",
    "promised",
    "quadrant",
    "quiet",
    "readiness",
    "register",
    "regrets",
    "remark",
    "revenue_bridge",
    "roadmap",
    "same_measure",
    "say",
    "scoreboard",
    "stakes_note",
    "standing",
    "steps_board",
    "strengths",
    "summary",
    "table",
    "talk",
    "talks",
    "to_bring",
    "to_confirm",
    "trend",
    "trials",
    "verdict",
    "vitals",
    "waiting",
    "weightiest",
    "wins_by_touch",
]  # fmt: skip
