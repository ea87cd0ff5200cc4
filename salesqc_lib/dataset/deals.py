"""The fact table `deals`: target deals with their milestones, outcome, team and first human contact."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import calendar, contacts
from salesqc_lib.dataset.fates import Fates
from salesqc_lib.dataset.shape import Shape, twin_seconds
from salesqc_lib.dataset.stages import stage_map
from salesqc_lib.facts import UNSET
from salesqc_lib.params import Parameters

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DIMENSIONS = ("manager", "channel", "campaign", "product", "pipeline", "stage")
PLAIN = ("customer_id", "amount", "list_amount", "items", "expected_close_at", "key_event_kind")
LATE = "'9000-01-01'::TIMESTAMPTZ"
BUCKETS = (("a_5min", 300), ("b_1h", 3600), ("c_24h", 86400))
TOUCHES = ((0, "t00"), (1, "t01"), (2, "t02"), (3, "t03"), (4, "t04"), (12, "t05_12"))


def prepare(con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]], fates: Fates, unlinked: str) -> Shape:
    """Make `facts.deals`. `unlinked` is empty where contacts stand in `contacts`, else the reason why not."""
    given, absent = have["deals"], dict(fates.absent)
    dimensions = {name: f"coalesce(d.{name}, {literal(UNSET)})" for name in DIMENSIONS if name in given}
    if "stage" not in given and fates.has_history:
        dimensions["stage"] = f"coalesce(f.last_stage, {literal(UNSET)})"
    if fates.has_history:
        dimensions["lost_stage"] = f"coalesce(f.lost_stage, {literal(UNSET)})"
    if "loss_reason" in given:
        dimensions["loss_reason"] = f"coalesce(d.loss_reason, {literal(UNSET)})"
    elif fates.has_history and list(stage_map(parameters).values()).count("lost") > 1:
        dimensions["loss_reason"] = f"coalesce(f.loss_stage, {literal(UNSET)})"  # several final stages are several kinds of loss
    if parameters.loss_reasons and "loss_reason" in dimensions:
        cases = " ".join(
            f"WHEN {dimensions['loss_reason']} = {literal(name)} THEN {literal(group)}" for name, group in parameters.loss_reasons.items()
        )
        dimensions["loss_group"] = f"CASE {cases} ELSE {literal(UNSET)} END"
    if "team" in have["managers"] and "manager" in given:
        dimensions["team"] = f"coalesce(s.team, {literal(UNSET)})"
    else:
        absent["team"] = "no_column:managers.team"
    plain = {name: f"d.{name}" for name in PLAIN if name in given}
    columns = {**dimensions, **plain} | {
        name: f"f.{name}" for name in fates.columns if name not in ("last_stage", "loss_stage", "lost_stage")
    }
    columns |= {"hour": "lpad(extract(hour FROM d.created_at)::VARCHAR, 2, '0')"}
    joins = "JOIN fates f USING (deal_id) " + ("LEFT JOIN facts.sellers s ON s.manager = d.manager " if "team" in dimensions else "")
    target = "WHERE d.is_target IS NOT FALSE" if "is_target" in given else ""
    if "customer_id" in given:
        columns["is_duplicate"] = _is_duplicate(fates)
    base = f"SELECT d.deal_id, f.deal_no, d.created_at, {', '.join(f'{sql} AS {name}' for name, sql in columns.items())} FROM canonical.deals d {joins} {target}"
    names = ["deal_id", "created_at", *columns]
    if unlinked:
        absent |= dict.fromkeys((*contacts.COLUMNS, "response_bucket", "touch_bucket"), unlinked)
        con.execute(f"CREATE TEMP TABLE answered AS {base}")
    else:
        listed = ", ".join(f"c.{name}" for name in contacts.COLUMNS)
        con.execute(
            f"CREATE TEMP TABLE answered AS SELECT b.*, {listed}, {_touched('c.touches')} AS touch_bucket "
            f"FROM ({base}) b LEFT JOIN contacts c ON c.deal_no = b.deal_no"
        )
        names += [*contacts.COLUMNS, "touch_bucket"]
    moments = tuple(name for name in names if name.endswith("_at"))
    on_the_clock: list[str] = [name for name in ("created_at", "first_contact_at", "closed_at") if name in names]
    calendar.add_working_clock(con, parameters, "answered", on_the_clock)
    bucket = "" if unlinked else f", {_bucket()} AS response_bucket"
    cycle = _cycle_from(names)
    con.execute(
        f"CREATE TABLE facts.deals AS SELECT *, {cycle} AS cycle_from_at, epoch({cycle}) AS cycle_from_at_s{twin_seconds(moments)}{bucket} FROM answered_clock"
    )
    names += ["cycle_from_at", "cycle_from_at_s", *(f"{name}_s" for name in moments), *(f"{name}_w" for name in on_the_clock)]
    return Shape((*names, *(() if unlinked else ("response_bucket",))), absent)


def _is_duplicate(fates: Fates) -> str:
    """SQL for «another deal of the same customer was open when this one came in»."""
    end = f"coalesce(f.closed_at, {LATE})" if "closed_at" in fates.columns else LATE
    if "outcome" in fates.columns:  # closed, and nobody knows when: not taken for open
        end = f"CASE WHEN f.outcome = 'open' THEN {end} ELSE {end.replace(LATE, 'd.created_at')} END"
    before = "PARTITION BY d.customer_id ORDER BY d.created_at, d.deal_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    return f"CASE WHEN d.customer_id IS NOT NULL THEN coalesce(max({end}) OVER ({before}) > d.created_at, false) END"


def _touched(count: str) -> str:
    """SQL for the class of a number of contacts."""
    cases = " ".join(f"WHEN {count} <= {most} THEN '{name}'" for most, name in TOUCHES)
    return f"CASE {cases} ELSE 't13' END"


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
