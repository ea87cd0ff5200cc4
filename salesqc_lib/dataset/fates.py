"""What became of each deal: its milestones, outcome and closing, from the CRM's own columns and the history of stages together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from salesqc_lib.dataset.stages import meaning_of, meanings, rank_of
from salesqc_lib.params import Parameters
from salesqc_lib.tables import MILESTONES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Fates:
    """Columns of the temporary table `fates` (one row a deal), and why others are not there. `deal_no` numbers the deals: joins on a
    number are several times faster than on an id."""

    columns: tuple[str, ...] = ()
    has_history: bool = False
    absent: dict[str, str] = field(default_factory=dict)


def prepare(con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]]) -> Fates:
    """Make `fates`. The history of stages goes before a milestone column, an outcome column before the history.

    A step is reached when it or any later one is: the earliest of them counts. A won deal without a contract of its own has it
    at its closing. A step that no stage means and no column gives is not known, rather than never reached.
    """
    given, has_history = have["deals"], bool(have["stage_events"])
    if has_history:
        _read_history(con, parameters, have)
    own = _own_milestones(given, meanings(parameters) if has_history else frozenset())
    outcome, closed = _ending(given, has_history)
    if outcome and closed:
        closed = f"CASE WHEN {outcome} <> 'open' THEN {closed} END"  # of an open deal it is a plan
        own["contract_at"] = f"coalesce({own.get('contract_at', 'NULL::TIMESTAMPTZ')}, CASE WHEN {outcome} = 'won' THEN {closed} END)"
        if parameters.dates.undated == "created":
            own["contract_at"] = f"coalesce({own['contract_at']}, CASE WHEN {outcome} = 'won' THEN d.created_at END)"
    columns = _with_later_steps(own)
    columns |= {name: sql for name, sql in (("outcome", outcome), ("closed_at", closed)) if sql}
    if has_history:
        columns |= {
            "last_stage": "h.last_stage",
            "last_move_at": "h.last_at",
            "lost_stage": "h.live_stage",
            "loss_stage": "CASE WHEN h.last_meaning = 'lost' THEN h.last_stage END",
        }
    listed = "".join(f", {sql} AS {name}" for name, sql in columns.items())
    join = "LEFT JOIN history h USING (deal_id)" if has_history else ""
    con.execute(
        f"CREATE TEMP TABLE fates AS SELECT d.deal_id, CAST(row_number() OVER (ORDER BY d.deal_id) AS INTEGER) AS deal_no, d.created_at{listed} FROM canonical.deals d {join}"
    )
    absent = {name: f"no_column:deals.{name}" for name in (*MILESTONES.values(), "outcome", "closed_at") if name not in columns}
    return Fates(tuple(columns), has_history, absent)


def _read_history(con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]]) -> None:
    """The table `history`: of each deal, when it first entered each step and where it stands last. Of moves at one moment, the stage that
    stands later in the map comes later: the order of a file's rows tells nothing."""
    firsts = ", ".join(f"min(\"at\") FILTER (meaning = '{step}') AS {moment}" for step, moment in MILESTONES.items())
    con.execute(f"""
        CREATE TEMP TABLE history AS
        WITH e AS (
            SELECT *, row_number() OVER (PARTITION BY deal_id ORDER BY "at", {rank_of(parameters, have["stage_events"])}, stage) AS place,
                {meaning_of(parameters, have["stage_events"])} AS meaning
            FROM canonical.stage_events)
        SELECT deal_id, {firsts}, arg_max(meaning, place) AS last_meaning, arg_max("at", place) AS last_at, arg_max(stage, place) AS last_stage,
            arg_max(stage, place) FILTER (WHERE meaning <> 'lost') AS live_stage
        FROM e GROUP BY deal_id""")


def _own_milestones(given: frozenset[str], meant: frozenset[str]) -> dict[str, str]:
    """SQL for each milestone that the history or a column gives."""
    own = {}
    for step, name in MILESTONES.items():
        origins = [f"h.{name}"] * (step in meant) + [f"d.{name}"] * (name in given)
        if origins:
            own[name] = f"coalesce({', '.join(origins)})" if len(origins) > 1 else origins[0]
    return own


def _ending(given: frozenset[str], has_history: bool) -> tuple[str, str]:
    """SQL for outcome and closing time; '' where neither a column nor the history gives them."""
    is_won = "coalesce(h.contract_at, h.act_at) IS NOT NULL"
    last = f"CASE WHEN h.last_meaning = 'lost' THEN 'lost' WHEN {is_won} THEN 'won' END"
    outcomes = ["d.outcome"] * ("outcome" in given) + [last] * has_history
    outcome = f"coalesce({', '.join(outcomes)}, 'open')" if outcomes else ""
    # a deal that the CRM calls open is open, whatever stage it stands on
    ended = f"CASE WHEN {outcome} = 'lost' AND h.last_meaning = 'lost' THEN h.last_at WHEN {outcome} = 'won' THEN least(h.contract_at, h.act_at) END"
    closings = ["d.closed_at"] * ("closed_at" in given) + [ended] * has_history
    return outcome, f"coalesce({', '.join(closings)})" if len(closings) > 1 else "".join(closings)


def _with_later_steps(own: dict[str, str]) -> dict[str, str]:
    """Each milestone as the earliest of itself and all later ones."""
    found: dict[str, str] = {}
    later: list[str] = []
    for name in reversed(MILESTONES.values()):
        if name in own:
            later.append(own[name])
            found[name] = f"least({', '.join(later)})" if len(later) > 1 else own[name]
    return found
