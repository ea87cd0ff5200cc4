"""The open life of deals, cut where something about them changes: a snapshot of any past moment is then a plain count.

`open_stays` has a row for each stay of an open deal in a stage; `idle` the pieces of them during which nothing had been done for long.
"""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import UNSET

LATE = "'9000-01-01'::TIMESTAMPTZ"  # not yet
NEVER_S = 200_000_000_000  # the same in whole seconds


@fact_table("open_stays")
def prepare(export: Export) -> Shape:
    """Make `facts.open_stays`: from creation to closing, by stage where there is a history of stages.

    Without one, a deal that is open still stands in its present stage for all its life. A closed deal whose closing time is not known is left out.
    """
    deals = export.shape("deals")
    for column in ("outcome", "closed_at"):
        if column not in deals.columns:
            return Shape(reason=deals.absent.get(column, f"no_column:deals.{column}"))
    names = dimensions.of_deal(export)
    carried = [name for name in ("expected_close_at", "is_watched") if name in deals.columns]
    of_deal, of_life = ("".join(f", {row}.{name}" for name in carried) for row in ("d", "l"))
    own = dimensions.listed(names, "d")
    if export.shape("stage_entries").reason and "stage" in names:
        # a deal that has closed since then does not tell on which stage it stood
        own = own.replace(f"coalesce(d.stage, {literal(UNSET)})", f"CASE WHEN d.outcome = 'open' THEN d.stage ELSE {literal(UNSET)} END")
    life = f"""SELECT d.deal_id, d.deal_no, d.created_at AS begins_at, coalesce(d.closed_at, {LATE}) AS ends_at{of_deal}{own}
        FROM facts.deals d WHERE (d.outcome = 'open' OR d.closed_at IS NOT NULL) AND d.created_at IS NOT NULL"""
    if export.shape("stage_entries").reason or "stage" not in names:
        pieces = "SELECT * FROM life"
    else:
        others = "".join(f", l.{name}" for name in names if name not in ("stage", "pipeline"))
        pipeline = ", e.pipeline" if "pipeline" in names else ""
        pieces = f"""
            SELECT l.deal_id, l.deal_no, CASE WHEN e.place = 1 THEN l.begins_at ELSE e."at" END AS begins_at,
                least(l.ends_at, coalesce(e.next_at, {LATE})) AS ends_at{of_life}{others}{pipeline}, e.stage
            FROM life l JOIN entries e ON e.deal_id = l.deal_id
            UNION ALL
            SELECT l.deal_id, l.deal_no, l.begins_at, l.ends_at{of_life}{others}{", l.pipeline" if pipeline else ""}, l.stage
            FROM life l LEFT JOIN entries e ON e.deal_id = l.deal_id WHERE e.deal_id IS NULL"""
    entries = """entries AS (
        SELECT deal_id, "at", stage, pipeline, row_number() OVER (PARTITION BY deal_id ORDER BY "at", rank) AS place,
            lead("at") OVER (PARTITION BY deal_id ORDER BY "at", rank) AS next_at FROM facts.stage_entries)"""
    listed = ", ".join(["deal_id", "deal_no", "begins_at", "ends_at", *carried, *names])
    export.con.execute(f"""
        CREATE TABLE facts.open_stays AS
        WITH life AS ({life}){", " + entries if "entries" in pieces else ""}
        SELECT {listed}, epoch(begins_at) AS begins_at_s, epoch(ends_at) AS ends_at_s FROM ({pieces}) p WHERE begins_at < ends_at""")
    columns = (
        "deal_id",
        "deal_no",
        "begins_at",
        "ends_at",
        "begins_at_s",
        "ends_at_s",
        *carried,
        *names,
    )
    return Shape(columns, dimensions.ABSENT | {"expected_close_at": "no_column:deals.expected_close_at"})


@fact_table("idle")
def prepare_idle(export: Export) -> Shape:
    """Make `facts.idle`: the pieces of `facts.open_stays` in which the last human activity lay `hygiene.idle_days` back, or more.

    Before the first activity, the creation counts. An activity of either side counts, an automatic one does not.
    """
    if export.shape("activities").reason:
        return Shape(reason=export.shape("activities").reason)
    stays = export.shape("open_stays")
    if stays.reason:
        return stays
    names = tuple(name for name in stays.columns if name in dimensions.OF_DEAL)
    human = "AND is_automatic IS NOT TRUE" if "is_automatic" in export.have["activities"] else ""
    idle = export.parameters.hygiene.idle_days * 86400
    # whole seconds sort more than twice as fast as moments; and signs within a span as long as what counts as idle leave no gap in it
    export.con.execute(f"""
        CREATE TABLE facts.idle AS
        WITH signs AS (
            SELECT deal_no, CAST(floor(epoch(created_at)) AS BIGINT) AS at_s FROM facts.deals WHERE created_at IS NOT NULL
            UNION ALL SELECT deal_no, CAST(floor(epoch("at")) AS BIGINT) AS at_s FROM linked WHERE deal_no IS NOT NULL {human}),
        spans AS (SELECT deal_no, min(at_s) AS first_s, max(at_s) AS at_s FROM signs GROUP BY deal_no, floor((at_s + {NEVER_S}) / {idle})),
        gaps AS (SELECT deal_no, at_s, coalesce(lead(first_s) OVER (PARTITION BY deal_no ORDER BY first_s), {NEVER_S}) AS next_s FROM spans),
        quiet AS (SELECT deal_no, at_s + {idle} AS begins_s, next_s AS ends_s FROM gaps WHERE next_s > at_s + {idle})
        SELECT o.deal_id{dimensions.listed(names, "o")},
            greatest(o.begins_at_s, q.begins_s) AS begins_at_s, least(o.ends_at_s, CASE WHEN q.ends_s < {NEVER_S} THEN q.ends_s ELSE o.ends_at_s END) AS ends_at_s
        FROM facts.open_stays o JOIN quiet q ON q.deal_no = o.deal_no AND q.begins_s < o.ends_at_s AND (q.ends_s > o.begins_at_s)
        {"WHERE o.is_watched" if "is_watched" in stays.columns else ""}""")
    return Shape(("deal_id", *names, "begins_at_s", "ends_at_s"), dimensions.ABSENT)
