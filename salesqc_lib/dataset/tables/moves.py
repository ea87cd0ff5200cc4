"""The fact table `moves`: each move of a deal from one stage to another."""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.dataset.stages import stage_map

MASS, MASS_SECONDS = 10, 60


@fact_table("moves")
def prepare(export: Export) -> Shape:
    """Make `facts.moves`: moves to a stage that is no loss; the entry into the funnel is none.

    `is_skip`: at least one stage of the pipeline was jumped over, in the order of the stage map. `is_mass`: one of ten or more
    moves by the same hand within a minute. `previous_at` and `previous_skip_at`: the same of the deal's move before, in
    the same pipeline.
    """
    entries = export.shape("stage_entries")
    if entries.reason:
        return Shape(reason=entries.reason)
    names = tuple(name for name in ("manager", "team", "channel", "product", "pipeline") if name in entries.columns)
    has_author = "author" in export.have["stage_events"]
    author = "e.author" if has_author else "e.manager" if "manager" in names else "NULL::VARCHAR"
    listed = "".join(f", {name}" for name in names)
    export.con.execute(f"""
        CREATE TABLE facts.moves AS
        WITH places AS ({_places(export)}),
        steps AS (
            SELECT e.deal_id, e."at", e.at_s, {author} AS hand{"".join(f", e.{name}" for name in names)}, p.place,
                lag(p.place) OVER w AS from_place, lag(e.pipeline) OVER w AS from_pipeline, e.pipeline AS to_pipeline
            FROM facts.stage_entries e JOIN places p ON p.stage = e.stage AND p.pipeline = e.pipeline
            WINDOW w AS (PARTITION BY e.deal_id ORDER BY e."at", e.rank)),
        moved AS (
            SELECT *, coalesce(from_pipeline = to_pipeline AND place > from_place + 1, false) AS is_skip,
                count(*) OVER (PARTITION BY hand ORDER BY at_s RANGE BETWEEN {MASS_SECONDS - 1} PRECEDING AND CURRENT ROW) AS before
            FROM steps WHERE from_place IS NOT NULL)
        SELECT deal_id, "at", at_s{listed}, is_skip,
            hand IS NOT NULL AND max(before) OVER (PARTITION BY hand ORDER BY at_s RANGE BETWEEN CURRENT ROW AND {MASS_SECONDS - 1} FOLLOWING) >= {MASS} AS is_mass,
            lag("at") OVER (PARTITION BY deal_id, to_pipeline ORDER BY "at") AS previous_at,
            max(CASE WHEN is_skip THEN "at" END)
                OVER (PARTITION BY deal_id, to_pipeline ORDER BY "at" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS previous_skip_at
        FROM moved""")
    is_mass = () if entries.days else ("is_mass",)  # within a minute, or not: bare dates do not tell
    return Shape(
        ("deal_id", "at", "at_s", *names, "is_skip", *is_mass, "previous_at", "previous_skip_at"),
        {**dimensions.ABSENT, "is_mass": "precision:day"},
    )


def _places(export: Export) -> str:
    """SQL for the place of each stage in its pipeline: that of the stage map. Where there are several pipelines, the map does not say
    which of them has a bare stage: there, a stage counts if any deal of the pipeline has entered it."""
    seen = "SELECT DISTINCT stage, pipeline, rank FROM facts.stage_entries"
    pipelines = export.con.execute("SELECT count(DISTINCT pipeline) FROM facts.stage_entries").fetchall()[0][0]
    if pipelines == 1:
        stages = [name for name, meaning in stage_map(export.parameters).items() if meaning != "lost"]
        cases = " ".join(f"WHEN stage = {literal(name.split(' / ')[-1])} THEN {place}" for place, name in enumerate(stages))
        return f"SELECT stage, pipeline, rank, CASE {cases} END AS place FROM ({seen}) k"
    return f"SELECT stage, pipeline, rank, row_number() OVER (PARTITION BY pipeline ORDER BY rank) AS place FROM ({seen}) k"
