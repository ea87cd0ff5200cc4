"""The fact tables `tasks`, and `untasked`: stretches of a deal's open life during which no task was open for it."""

from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.dataset.tables.open_life import LATE

EARLY = "'0001-01-02'::TIMESTAMPTZ"


@fact_table("tasks")
def prepare(export: Export) -> Shape:
    """Make `facts.tasks`: tasks with their seller and team."""
    given = export.have["tasks"]
    if not given:
        return Shape(reason="no_table:tasks")
    by_deal = "deal_id" in given
    deal = ["d.manager"] if by_deal and "manager" in export.shape("deals").columns else []
    sellers, names = dimensions.own_seller(export, "tasks", "t", *deal)
    own = [name for name in ("deal_id", "created_at", "due_at", "completed_at") if name in given]
    # a term that is a bare date lasts to the end of that day
    term = (
        "CASE WHEN t.due_at = date_trunc('day', t.due_at) THEN t.due_at + INTERVAL 1 DAY - INTERVAL 1 SECOND ELSE t.due_at END AS due_by"
        if "due_at" in given
        else ""
    )
    export.con.execute(f"""
        CREATE TABLE facts.tasks AS SELECT t.task_id{"".join(f", t.{name}" for name in own)}{f", {term}" if term else ""}{sellers} FROM canonical.tasks t
        {"LEFT JOIN facts.deals d ON d.deal_id = t.deal_id" if by_deal else ""}
        LEFT JOIN facts.sellers s ON s.manager = {dimensions.seller_of(export, "tasks", "t", *deal)}""")
    return Shape(("task_id", *own, *(["due_by"] if term else []), *names), dimensions.ABSENT)


@fact_table("untasked")
def prepare_untasked(export: Export) -> Shape:
    """Make `facts.untasked`: the pieces of `facts.open_stays` outside every open task of the deal.

    A task is open from its creation to its completion. A deal stands without a task at a moment exactly if one of these rows holds it.
    """
    given = export.have["tasks"]
    for column in ("deal_id", "completed_at"):
        if column not in given:
            return Shape(reason=f"no_column:tasks.{column}" if given else "no_table:tasks")
    stays = export.shape("open_stays")
    if stays.reason:
        return stays
    created = "created_at" if "created_at" in given else "NULL::TIMESTAMPTZ"
    names = tuple(name for name in stays.columns if name in dimensions.OF_DEAL)
    export.con.execute(f"""
        CREATE TABLE facts.untasked AS
        WITH task AS (
            SELECT deal_id, coalesce({created}, {EARLY}) AS begins_at, greatest(coalesce(completed_at, {LATE}), coalesce({created}, {EARLY})) AS ends_at
            FROM canonical.tasks WHERE deal_id IS NOT NULL),
        covered AS (
            SELECT *, max(ends_at) OVER (PARTITION BY deal_id ORDER BY begins_at, ends_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
            FROM task),
        gaps AS (
            SELECT deal_id, coalesce(until, {EARLY}) AS begins_at, begins_at AS ends_at FROM covered WHERE until IS NULL OR until < begins_at
            UNION ALL SELECT deal_id, max(ends_at), {LATE} FROM task GROUP BY deal_id)
        SELECT o.deal_id{dimensions.listed(names, "o")},
            epoch(greatest(o.begins_at, coalesce(g.begins_at, {EARLY}))) AS begins_at_s, epoch(least(o.ends_at, coalesce(g.ends_at, {LATE}))) AS ends_at_s
        FROM facts.open_stays o LEFT JOIN gaps g ON g.deal_id = o.deal_id
        WHERE g.deal_id IS NULL OR (g.begins_at < o.ends_at AND g.ends_at > o.begins_at)""")
    return Shape(("deal_id", *names, "begins_at_s", "ends_at_s"), dimensions.ABSENT)
