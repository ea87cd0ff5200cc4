"""The fact tables of staff: `seller_days`, and `short_calls` made in series."""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import UNSET

SHORT_SECONDS, SERIES, SERIES_SECONDS = 5, 5, 600


@fact_table("seller_days")
def prepare_days(export: Export) -> Shape:
    """Make `facts.seller_days`: each working day of each seller, from the first to the last activity (or from hiring to leaving).

    Holidays of a seller are not known and count as days at work.
    """
    if export.shape("activities").reason:
        return Shape(reason=export.shape("activities").reason)
    activities = export.shape("activities").columns
    if "manager" not in export.have["activities"] and "manager" not in export.shape("deals").columns:
        return Shape(reason="no_column:activities.manager")
    names = tuple(name for name in ("manager", "team") if name in activities)
    given = export.have["managers"]
    begins = "coalesce(s.hired_at, k.first_at)" if "hired_at" in given else "k.first_at"
    ends = "coalesce(s.left_at, k.last_at)" if "left_at" in given else "k.last_at"
    human = "WHERE a.is_automatic IS NOT TRUE" if "is_automatic" in activities else ""
    team = f", coalesce(s.team, {literal(UNSET)}) AS team" if "team" in names else ""
    export.con.execute(f"""
        CREATE TABLE facts.seller_days AS
        WITH known AS (SELECT a.manager, min(a."at") AS first_at, max(a."at") AS last_at FROM linked a {human} GROUP BY a.manager)
        SELECT k.manager{team}, to_timestamp(w.opens) AS "at"
        FROM known k LEFT JOIN facts.sellers s ON s.manager = k.manager
        JOIN facts.working_days w ON w.length > 0 AND w.day >= CAST({begins} AS DATE) AND w.day <= CAST({ends} AS DATE)
        WHERE k.manager <> {literal(UNSET)}""")
    return Shape(("at", *names), dimensions.ABSENT)


@fact_table("short_calls")
def prepare_short_calls(export: Export) -> Shape:
    """Make `facts.short_calls`: outgoing calls under five seconds, five or more of them within ten minutes by one seller."""
    activities = export.shape("activities")
    if activities.reason:
        return Shape(reason=activities.reason)
    if activities.days:
        return Shape(reason="precision:day")
    for column in ("duration_s", "direction"):
        if column not in activities.columns:
            return Shape(reason=f"no_column:activities.{column}")
    sellers, join, names = dimensions.of_seller(export, "r")
    export.con.execute(f"""
        CREATE TABLE facts.short_calls AS
        WITH calls AS (SELECT "at", epoch("at") AS at_s, manager FROM linked WHERE kind = 'call' AND direction = 'out' AND duration_s < {SHORT_SECONDS}),
        series AS (
            SELECT *, count(*) OVER (PARTITION BY manager ORDER BY at_s RANGE BETWEEN {SERIES_SECONDS} PRECEDING AND CURRENT ROW) AS before FROM calls),
        long AS (
            SELECT *, max(before) OVER (PARTITION BY manager ORDER BY at_s RANGE BETWEEN CURRENT ROW AND {SERIES_SECONDS} FOLLOWING) AS most FROM series)
        SELECT r."at"{sellers} FROM long r {join} WHERE r.most >= {SERIES}""")
    return Shape(("at", *names), dimensions.ABSENT)
