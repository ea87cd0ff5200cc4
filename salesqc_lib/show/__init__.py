"""What a notebook cell shows: tables, charts and prose that know how they look in a browser and on paper."""

from salesqc_lib.show.advice import assumptions, faults, register, roadmap, summary
from salesqc_lib.show.changes import changes, promised, same_measure, standing
from salesqc_lib.show.charts import conversion_by_response, forest, funnel, plan_fact, trend
from salesqc_lib.show.pages import cover, definitions, method, readiness
from salesqc_lib.show.profiles import benchmarks, heat, pareto, wins_by_touch
from salesqc_lib.show.prose import say
from salesqc_lib.show.shown import Shown
from salesqc_lib.show.tables import HEADLINES, breakdown, scoreboard, table

__all__ = [
    "HEADLINES", "Shown", "assumptions", "benchmarks", "breakdown", "changes", "conversion_by_response", "cover", "definitions", "faults", "forest", "funnel", "heat", "method", "pareto", "plan_fact", "promised", "readiness", "register", "roadmap", "same_measure", "say", "scoreboard", "standing", "summary", "table", "trend", "wins_by_touch",
]  # fmt: skip
