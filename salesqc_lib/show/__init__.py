"""What a notebook cell shows: tables, charts and prose that know how they look in a browser and on paper."""

from salesqc_lib.show.advice import assumptions, faults, register, roadmap, summary
from salesqc_lib.show.charts import conversion_by_response, forest, funnel, plan_fact, trend
from salesqc_lib.show.pages import cover, definitions, method, readiness
from salesqc_lib.show.profiles import benchmarks, heat, pareto, wins_by_touch
from salesqc_lib.show.prose import say
from salesqc_lib.show.shown import Shown
from salesqc_lib.show.tables import HEADLINES, breakdown, scoreboard, table

__all__ = [
    "HEADLINES", "Shown", "assumptions", "benchmarks", "breakdown", "conversion_by_response", "cover", "definitions", "faults", "forest", "funnel", "heat", "method", "pareto", "plan_fact", "readiness", "register", "roadmap", "say", "scoreboard", "summary", "table", "trend", "wins_by_touch",
]  # fmt: skip
