"""The fact table `deals`: target deals with their milestones, outcome, team and first human contact."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import calendar
from salesqc_lib.dataset.fates import Fates
from salesqc_lib.dataset.shape import Shape, twin_seconds
from salesqc_lib.facts import UNSET
from salesqc_lib.params import Parameters

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DIMENSIONS = ("manager", "channel", "campaign", "product", "pipeline", "stage")
PLAIN = ("customer_id", "amount", "list_amount", "items", "loss_reason", "expected_close_at", "key_event_kind")
BUCKETS = (("a_5min", 300), ("b_1h", 3600), ("c_24h", 86400))


def prepare(con: "DuckDBPyConnection", parameters: Parameters, have: Mapping[str, frozenset[str]], fates: Fates, contacts: str) -> Shape:
    """Make `facts.deals`. `contacts` is empty where first contacts stand in `facts.first_contacts`, else the reason why not."""
    given, absent = have["deals"], dict(fates.absent)
    dimensions = {name: f"coalesce(d.{name}, {literal(UNSET)})" for name in DIMENSIONS if name in given}
    if "stage" not in given and fates.has_history:
        dimensions["stage"] = f"coalesce(f.last_stage, {literal(UNSET)})"
    if "team" in have["managers"] and "manager" in given:
        dimensions["team"] = f"coalesce(s.team, {literal(UNSET)})"
    else:
        absent["team"] = "no_column:managers.team"
    plain = {name: f"d.{name}" for name in PLAIN if name in given}
    if "loss_reason" not in given and fates.has_history:
        plain["loss_reason"] = "f.loss_stage"  # several final stages are several kinds of loss
    columns = {**dimensions, **plain} | {name: f"f.{name}" for name in fates.columns if name not in ("last_stage", "loss_stage")}
    columns |= {"hour": "lpad(extract(hour FROM d.created_at)::VARCHAR, 2, '0')"}
    joins = "JOIN fates f USING (deal_id) " + ("LEFT JOIN facts.sellers s ON s.manager = d.manager " if "team" in dimensions else "")
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
