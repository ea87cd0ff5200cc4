"""The fact table `deals`: target deals with their milestones, outcome, team and first human contact."""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import attributes, calendar, contacts, imports, undated
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.fates import Fates
from salesqc_lib.dataset.shape import Shape, day_number, twin_seconds
from salesqc_lib.dataset.stages import stage_map
from salesqc_lib.facts import UNSET
from salesqc_lib.params import Parameters
from salesqc_lib.tables import MILESTONES

NEVER = float("-inf")
_INNER = ("last_stage", "loss_stage", "lost_stage", "last_move_at")  # of the fates, what the facts do not show
DIMENSIONS = ("manager", "channel", "campaign", "product", "pipeline", "stage")
PLAIN = ("late_at", "customer_id", "amount", "list_amount", "items", "expected_close_at", "key_event_kind")
LATE = "'9000-01-01'::TIMESTAMPTZ"
BUCKETS = (("a_5min", 300), ("b_1h", 3600), ("c_24h", 86400))
TOUCHES = ((0, "t00"), (1, "t01"), (2, "t02"), (3, "t03"), (4, "t04"), (12, "t05_12"))


@fact_table("deals")
def prepare(export: Export) -> Shape:
    """Make `facts.deals`, and `facts.undated_deals`: those that closed nobody knows when."""
    con, parameters, have, fates, unlinked = export.con, export.parameters, export.have, export.fates, export.unlinked
    given, absent = have["deals"], dict(fates.absent)
    columns, joins = _own_columns(export, fates)
    if "is_duplicate" not in columns:
        absent["is_duplicate"] = "no_column:deals.customer_id"
    if "team" not in columns:
        absent["team"] = "no_column:managers.team"
    hours_known = ("deals", "created_at") not in export.days
    if hours_known:
        columns |= {"hour": "lpad(extract(hour FROM d.created_at)::VARCHAR, 2, '0')"}
    else:
        absent["hour"] = "precision:day"
    if hours_known and imports.find(export):
        columns["is_imported"] = "i.minute IS NOT NULL"
        joins += "LEFT JOIN imported_minutes i ON i.minute = date_trunc('minute', d.created_at) "
    when = undated.known_since(export, fates)
    if when:
        columns["undated_from_at"] = when
        joins += undated.joins(export)
    base = f"SELECT d.deal_id, f.deal_no, d.created_at, {', '.join(f'{sql} AS {name}' for name, sql in columns.items())} FROM canonical.deals d {joins} {_where(given, parameters, when)}"
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
    days = _bare(export, fates, moments)
    answers_known = not unlinked and hours_known and "first_contact_at" not in days
    if not unlinked and not answers_known:
        absent["response_bucket"] = "precision:day"
    bucket = f", {_bucket()} AS response_bucket" if answers_known else ""
    cycle = _cycle_from(names)
    by_day = "".join(f", {day_number(name)} AS {name}_d" for name in moments) + f", {day_number(cycle)} AS cycle_from_at_d" if days else ""
    latest = undated.latest(export, [name for name in MILESTONES.values() if name in names]) if when else ""
    con.execute(
        f"CREATE TABLE facts.deals AS SELECT *, {cycle} AS cycle_from_at, epoch({cycle}) AS cycle_from_at_s{twin_seconds(moments)}{by_day}{bucket}{latest} FROM answered_clock"
    )
    names += ["cycle_from_at", "cycle_from_at_s", *(f"{name}_s" for name in moments), *(f"{name}_w" for name in on_the_clock)]
    names += [f"{name}_d" for name in (*moments, "cycle_from_at")] if days else []
    names += [f"{name}_latest" for name in MILESTONES.values() if name in moments] if when else []
    if bucket:
        names.append("response_bucket")
    one_sided, winners_only = attributes.judge(export, names)
    shape = Shape(tuple(names), absent, days=days, winners_only=winners_only, one_sided=one_sided)
    if when:
        undated.set_apart(export, shape)
    return shape


def _own_columns(export: Export, fates: Fates) -> tuple[dict[str, str], str]:
    """SQL for what the deals, their fates and their sellers tell, and the joins that it needs."""
    parameters, have = export.parameters, export.have
    given = have["deals"]
    dimensions = _dimensions(parameters, given, fates)
    joins = "JOIN fates f USING (deal_id) "
    if "team" in have["managers"] and "manager" in given:
        dimensions["team"] = f"coalesce(s.team, {literal(UNSET)})"
        joins += "LEFT JOIN facts.sellers s ON s.manager = d.manager "
    plain = {name: f"d.{name}" for name in PLAIN if name in given}
    if "outcome" in fates.columns and "closed_at" in given and "outcome" not in given:
        planned = "CASE WHEN f.outcome = 'open' THEN d.closed_at END"  # the history tells which deals are open
        plain["expected_close_at"] = f"coalesce(d.expected_close_at, {planned})" if "expected_close_at" in given else planned
    columns = {**dimensions, **plain} | {name: f"f.{name}" for name in fates.columns if name not in _INNER}
    if "customer_id" in given:
        columns["is_duplicate"] = _is_duplicate(fates)
    if export.unlogged:
        columns["is_watched"] = f"(d.manager IN ({', '.join(map(literal, export.unlogged))})) IS NOT TRUE"
    if export.unlogged or not export.log.is_whole:
        inside = [export.log.holds("CAST(d.created_at AS DATE)"), *([columns["is_watched"]] if export.unlogged else [])]
        columns["is_logged"] = " AND ".join(inside)
        closed = "f.closed_at" if "closed_at" in fates.columns else "NULL"
        until = f"coalesce({closed}, to_timestamp({export.as_of.timestamp()}))"  # one that is open, lives
        columns["is_life_logged"] = " AND ".join([*inside, export.log.holds(f"CAST({until} AS DATE)")])
    return columns, joins


def _where(given: frozenset[str], parameters: Parameters, when: str) -> str:
    """SQL for which deals are looked at: target ones, and with `dates.undated: exclude` no wins without a date."""
    wheres = ["d.is_target IS NOT FALSE"] if "is_target" in given else []
    if when and parameters.dates.undated == "exclude":
        wheres.append("NOT (f.outcome = 'won' AND f.contract_at IS NULL)")
    return f"WHERE {' AND '.join(wheres)}" if wheres else ""


def _dimensions(parameters: Parameters, given: frozenset[str], fates: Fates) -> dict[str, str]:
    """SQL for each breakdown that the deals know."""
    dimensions = {name: f"coalesce(d.{name}, {literal(UNSET)})" for name in (*DIMENSIONS, *parameters.extra) if name in given}
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
    return dimensions


def _bare(export: Export, fates: Fates, moments: tuple[str, ...]) -> frozenset[str]:
    """The moments of a deal whose precision is a day: its own, those that a bare column or history gives, and what is made of them."""
    bare = {name for table, name in export.days if table == "deals"} & set(moments)
    if ("stage_events", "at") in export.days and fates.has_history:
        bare |= {*MILESTONES.values(), "closed_at"} & set(moments)
    if "closed_at" in bare and "contract_at" in moments:
        bare.add("contract_at")  # a contract without a date of its own has that of its closing
    later = False
    for name in reversed(MILESTONES.values()):  # a step that was skipped has the moment of a later one
        later |= name in bare
        if later and name in moments:
            bare.add(name)
    if ("activities", "at") in export.days:
        bare |= {name for name in contacts.COLUMNS if name.endswith("_at")} & set(moments)
    if bare & {"created_at", "first_contact_at"}:
        bare.add("cycle_from_at")
    return frozenset(bare)


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
