"""The fact table `deals`: target deals with their milestones, outcome, team and first human contact."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import calendar
from salesqc_lib.dataset.shape import Shape, twin_seconds
from salesqc_lib.dataset.stages import meaning_of
from salesqc_lib.facts import UNSET
from salesqc_lib.params import Parameters
from salesqc_lib.tables import MILESTONES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DIMENSIONS = ("manager", "channel", "campaign", "product", "pipeline", "stage")
PLAIN = ("customer_id", "amount", "list_amount", "items", "loss_reason", "expected_close_at", "key_event_kind")
BUCKETS = (("a_5min", 300), ("b_1h", 3600), ("c_24h", 86400))


def prepare(con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]], contacts: str) -> Shape:
    """Make `facts.deals`. `contacts` is empty where first contacts stand in `facts.first_contacts`, else the reason why not."""
    given = have["deals"]
    history = _history(con, parameters, have)
    absent: dict[str, str] = {}
    outcome, closed = _ending(given, history, absent)
    milestones = _milestones(given, history, outcome, closed, absent)
    dimensions = {name: f"coalesce(d.{name}, {literal(UNSET)})" for name in DIMENSIONS if name in given}
    if "stage" not in given and history:
        dimensions["stage"] = f"coalesce(h.last_stage, {literal(UNSET)})"
    if have["managers"] and "manager" in given:
        dimensions["team"] = f"coalesce(s.team, {literal(UNSET)})"
    else:
        absent["team"] = "no_column:managers.team"
    plain = {name: f"d.{name}" for name in PLAIN if name in given}
    if "loss_reason" not in given and history:
        plain["loss_reason"] = "h.loss_stage"  # several final stages are several kinds of loss
    columns = {**dimensions, **plain, **milestones}
    columns |= {name: sql for name, sql in (("outcome", outcome), ("closed_at", closed)) if sql}
    columns |= {"hour": "lpad(extract(hour FROM d.created_at)::VARCHAR, 2, '0')"}
    joins = ("LEFT JOIN history h USING (deal_id) " if history else "") + (
        "LEFT JOIN facts.sellers s ON s.manager = d.manager " if "team" in dimensions else ""
    )
    target = "WHERE d.is_target IS NOT FALSE" if "is_target" in given else ""
    base = f"SELECT d.deal_id, d.created_at, {', '.join(f'{sql} AS {name}' for name, sql in columns.items())} FROM canonical.deals d {joins} {target}"
    names = ["deal_id", "created_at", *columns]
    if contacts:
        absent |= dict.fromkeys(("first_contact_at", "response_bucket"), contacts)
        con.execute(f"CREATE TEMP TABLE answered AS {base}")
    else:
        con.execute(
            f"CREATE TEMP TABLE answered AS SELECT b.*, c.first_contact_at FROM ({base}) b LEFT JOIN facts.first_contacts c USING (deal_id)"
        )
        names.append("first_contact_at")
    moments = tuple(name for name in names if name.endswith("_at"))
    on_the_clock: list[str] = [name for name in ("created_at", "first_contact_at", "closed_at") if name in names]
    calendar.add_working_clock(con, parameters, "answered", on_the_clock)
    bucket = "" if contacts else f", {_bucket()} AS response_bucket"
    cycle = _cycle_from(names)
    con.execute(
        f"CREATE TABLE facts.deals AS SELECT *, {cycle} AS cycle_from_at, epoch({cycle}) AS cycle_from_at_s{twin_seconds(moments)}{bucket} FROM answered_clock"
    )
    names += ["cycle_from_at", "cycle_from_at_s", *(f"{name}_s" for name in moments), *(f"{name}_w" for name in on_the_clock)]
    return Shape((*names, *(() if contacts else ("response_bucket",))), absent)


def _bucket() -> str:
    """SQL for the class of the first answer, on the working clock."""
    cases = " ".join(f"WHEN first_contact_at_w - created_at_w <= {limit} THEN '{bucket}'" for bucket, limit in BUCKETS)
    return f"CASE WHEN first_contact_at IS NULL THEN 'e_never' {cases} ELSE 'd_later' END"


def _cycle_from(names: list[str]) -> str:
    """SQL for the start of the sales cycle: the first contact, unless there was none or the contract came before it."""
    if "first_contact_at" not in names:
        return "created_at"
    if "contract_at" not in names:
        return "coalesce(first_contact_at, created_at)"
    return "CASE WHEN first_contact_at <= coalesce(contract_at, first_contact_at) THEN first_contact_at ELSE created_at END"


def _history(con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]]) -> bool:
    """The view `history`: of each deal, when it first entered each step and where it stands last."""
    if not have["stage_events"]:
        return False
    firsts = ", ".join(f"min(\"at\") FILTER (meaning = '{step}') AS {moment}" for step, moment in MILESTONES.items())
    con.execute(f"""
        CREATE TEMP TABLE history AS
        WITH e AS (
            SELECT *, row_number() OVER (PARTITION BY deal_id ORDER BY "at", rowid) AS place, {meaning_of(parameters, have["stage_events"])} AS meaning
            FROM canonical.stage_events)
        SELECT deal_id, {firsts}, arg_max(meaning, place) AS last_meaning, arg_max("at", place) AS last_at, arg_max(stage, place) AS last_stage,
            CASE WHEN arg_max(meaning, place) = 'lost' THEN arg_max(stage, place) END AS loss_stage
        FROM e GROUP BY deal_id""")
    return True


def _ending(given: frozenset[str], history: bool, absent: dict[str, str]) -> tuple[str, str]:
    """SQL for outcome and closing time: the CRM's own columns, else read off the last stage."""
    won = "coalesce(h.contract_at, h.act_at) IS NOT NULL"
    last = f"CASE WHEN h.last_meaning = 'lost' THEN 'lost' WHEN {won} THEN 'won' ELSE 'open' END"
    outcome = "coalesce(d.outcome, 'open')" if "outcome" in given else last if history else ""
    closed = (
        "d.closed_at"
        if "closed_at" in given
        else f"CASE WHEN h.last_meaning = 'lost' THEN h.last_at WHEN {won} THEN least(h.contract_at, h.act_at) END"
        if history
        else ""
    )
    for name, sql in (("outcome", outcome), ("closed_at", closed)):
        if not sql:
            absent[name] = f"no_column:deals.{name}"
    return outcome, closed


def _milestones(given: frozenset[str], history: bool, outcome: str, closed: str, absent: dict[str, str]) -> dict[str, str]:
    """SQL for each milestone that can be known. A step is reached when it or any later one is: the earliest of them counts."""
    own = (
        {name: f"h.{name}" for name in MILESTONES.values()}
        if history
        else {name: f"d.{name}" for name in MILESTONES.values() if name in given}
    )
    if "contract_at" not in own and outcome and closed:
        own["contract_at"] = f"CASE WHEN {outcome} = 'won' THEN {closed} END"
    found, later = {}, []
    for name in reversed(MILESTONES.values()):
        if name in own:
            later.append(own[name])
            found[name] = f"least({', '.join(later)})" if len(later) > 1 else own[name]
        else:
            absent[name] = f"no_column:deals.{name}"
    return found
