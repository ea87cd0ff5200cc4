"""The client's map of stages: what each stands for, and their order."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.errors import ParameterError, nearest
from salesqc_lib.params import Parameters

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


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
