"""The fact table `stage_entries`: each stay of a deal in a stage, when and how it ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.errors import ParameterError, nearest
from salesqc_lib.facts import UNSET
from salesqc_lib.params import Parameters
from salesqc_lib.statistics.survival import kaplan_meier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from salesqc_lib.dataset.dataset import Dataset


def check_map(con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]]) -> None:
    """Every stage of the data must stand in the stage map, once there is one; a stage history needs one."""
    origins = [
        f"SELECT stage, {'pipeline' if 'pipeline' in have[table] else 'NULL'} AS pipeline FROM canonical.{table}"
        for table in ("deals", "stage_events")
        if "stage" in have[table]
    ]
    if not origins or (not parameters.stages and not have["stage_events"]):
        return
    rows = con.execute(
        f"SELECT stage, pipeline, count(*) FROM ({' UNION ALL '.join(origins)}) WHERE stage IS NOT NULL GROUP BY ALL ORDER BY 3 DESC, 1"
    ).fetchall()
    unknown = [
        (stage, count)
        for stage, pipeline, count in rows
        if stage not in parameters.stages and f"{pipeline} / {stage}" not in parameters.stages and not _is_final(parameters, stage)
    ]
    if unknown:
        found = ", ".join(f"«{stage}» ({count} rows)" for stage, count in unknown)
        cure = f"add it: «{unknown[0][0]}: …» with lead, qualified, key_event_set, key_event_held, contract, act or lost"
        known = list(parameters.stages)
        raise ParameterError(
            f"stages occur in the data and not in the map: {found}",
            where=parameters.where("stages"),
            cure=cure + (f"; {nearest(unknown[0][0], known)}" if known else ""),
        )


def _is_final(parameters: Parameters, stage: str) -> bool:
    source = parameters.source
    return source.kind == "amocrm_export" and stage in (*source.won_stages, *source.lost_stages)


def stage_map(parameters: Parameters) -> dict[str, str]:
    """The client's stage map with the final stages that the CRM itself names, in the order of the funnel."""
    source = parameters.source
    if source.kind != "amocrm_export":
        return dict(parameters.stages)
    final = dict.fromkeys(source.won_stages, "contract") | dict.fromkeys(source.lost_stages, "lost")
    return {**parameters.stages, **{name: meaning for name, meaning in final.items() if name not in parameters.stages}}


def meanings(parameters: Parameters) -> frozenset[str]:
    """The steps that some stage stands for."""
    return frozenset(stage_map(parameters).values())


def meaning_of(parameters: Parameters, columns: frozenset[str]) -> str:
    """SQL for the meaning of a stage."""
    return _look_up({name: literal(meaning) for name, meaning in stage_map(parameters).items()}, columns)


def rank_of(parameters: Parameters, columns: frozenset[str]) -> str:
    """SQL for the place of a stage in the map."""
    return _look_up({name: str(rank) for rank, name in enumerate(stage_map(parameters))}, columns)


def _look_up(values: dict[str, str], columns: frozenset[str]) -> str:
    """SQL that finds a stage in the map; «pipeline / stage» goes before the bare stage."""
    named = {name: value for name, value in values.items() if " / " in name} if "pipeline" in columns else {}
    cases = [f"WHEN pipeline || ' / ' || stage = {literal(name)} THEN {value}" for name, value in named.items()]
    cases += [f"WHEN stage = {literal(name)} THEN {value}" for name, value in values.items()]
    return f"CASE {' '.join(cases)} END"


def prepare(dataset: "Dataset") -> Shape:
    """Make `facts.stage_entries`.

    Consecutive events on the same stage are one stay. `exit` is how it ended: advanced, lost, moved_back, other_pipeline, or
    still_there. Order of stages: that of the stage map. Entries of a «lost» stage are ends, not stays.
    """
    con, parameters, have, as_of = dataset.con, dataset.parameters, dataset.have, dataset.as_of
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
    if ("stage_events", "at") in dataset.days:
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
