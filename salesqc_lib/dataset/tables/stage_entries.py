"""The fact table `stage_entries`: each stay of a deal in a stage, when and how it ended."""

from datetime import datetime
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.dataset.stages import meaning_of, rank_of
from salesqc_lib.facts import UNSET
from salesqc_lib.statistics.survival import kaplan_meier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@fact_table("stage_entries")
def prepare(export: Export) -> Shape:
    """Make `facts.stage_entries`.

    Consecutive events on the same stage are one stay. `exit` is how it ended: advanced, lost, moved_back, other_pipeline, or
    still_there. Order of stages: that of the stage map. Entries of a «lost» stage are ends, not stays.
    """
    con, parameters, have, as_of = export.con, export.parameters, export.have, export.as_of
    if not have["stage_events"]:
        return Shape(reason="no_table:stage_events")
    deal_columns = {row[0] for row in con.execute("DESCRIBE facts.deals").fetchall()}
    pipeline = f"coalesce(pipeline, {literal(UNSET)})" if "pipeline" in have["stage_events"] else literal(UNSET)
    dimensions = [name for name in ("manager", "team", "channel", "product") if name in deal_columns]
    author = "author" if "author" in have["stage_events"] else "NULL::VARCHAR"
    knows_end = {"closed_at", "outcome"} <= deal_columns
    ending, outcome = ("d.closed_at", "d.outcome") if knows_end else ("NULL::TIMESTAMPTZ", "'open'")
    con.execute(f"""
        CREATE TEMP TABLE stays AS
        WITH events AS (
            SELECT deal_id, "at", stage, {pipeline} AS pipeline, {meaning_of(parameters, have["stage_events"])} AS meaning,
                {rank_of(parameters, have["stage_events"])} AS rank, {author} AS author FROM canonical.stage_events),
        changes AS (
            SELECT *, lag((stage, pipeline)) OVER (PARTITION BY deal_id ORDER BY "at", rank, stage) IS DISTINCT FROM (stage, pipeline) AS is_change FROM events),
        entries AS (
            SELECT *, lead("at") OVER w AS next_at, lead(rank) OVER w AS next_rank, lead(meaning) OVER w AS next_meaning, lead(pipeline) OVER w AS next_pipeline
            FROM changes WHERE is_change WINDOW w AS (PARTITION BY deal_id ORDER BY "at", rank, stage))
        SELECT e.deal_id, e."at", e.stage, e.pipeline, e.rank, e.author, {"".join(f"d.{name}, " for name in dimensions)}
            CASE WHEN next_at IS NOT NULL THEN next_at WHEN {outcome} = 'lost' AND {ending} >= e."at" THEN {ending} END AS left_at,
            CASE WHEN next_meaning = 'lost' OR (next_at IS NULL AND {outcome} = 'lost') THEN 'lost' WHEN next_at IS NULL THEN 'still_there'
                 WHEN next_pipeline <> e.pipeline THEN 'other_pipeline' WHEN next_rank > e.rank THEN 'advanced' ELSE 'moved_back' END AS exit,
            {outcome} AS outcome, {ending} AS closed_at
        FROM entries e JOIN facts.deals d USING (deal_id) WHERE e.meaning <> 'lost'""")
    _medians(con, as_of)
    con.execute("""
        CREATE TABLE facts.stage_entries AS
        SELECT s.*, m.median_s AS stage_median_s, epoch("at") AS at_s, epoch(left_at) AS left_at_s, epoch(closed_at) AS closed_at_s,
            lpad(extract(hour FROM "at")::VARCHAR, 2, '0') AS hour
        FROM stays s LEFT JOIN stage_medians m USING (stage)""")
    columns = (
        "deal_id",
        "at",
        "stage",
        "pipeline",
        "rank",
        *dimensions,
        "left_at",
        "exit",
        "outcome",
        "closed_at",
        "stage_median_s",
        "at_s",
        "left_at_s",
        "closed_at_s",
    )
    absent = {name: f"no_column:deals.{name}" for name in ("manager", "channel", "product")} | {"team": "no_column:managers.team"}
    if ("stage_events", "at") in export.days:
        return Shape(columns, absent | {"hour": "precision:day"}, days=frozenset({"at", "left_at"}))
    return Shape((*columns, "hour"), absent)


def _medians(con: "DuckDBPyConnection", as_of: datetime) -> None:
    """Median stay by stage over the whole history (Kaplan-Meier): the yardstick of a stuck deal."""
    rows = con.execute(
        'SELECT stage, coalesce(epoch(left_at), ?) - epoch("at") AS duration, (left_at IS NOT NULL)::INT AS event FROM stays WHERE epoch("at") <= ?',
        [as_of.timestamp()] * 2,
    ).df()
    medians = [(stage, kaplan_meier(part["duration"], part["event"]).quantile(0.5)[0]) for stage, part in rows.groupby("stage")]
    known = [(str(stage), float(median)) for stage, median in medians if median == median]
    if known:
        con.execute(
            "CREATE TEMP TABLE stage_medians AS SELECT unnest(?) AS stage, unnest(?) AS median_s",
            [list(column) for column in zip(*known, strict=True)],
        )
    else:
        con.execute(
            "CREATE TEMP TABLE stage_medians AS SELECT CAST(NULL AS VARCHAR) AS stage, CAST(NULL AS DOUBLE) AS median_s WHERE false"
        )
