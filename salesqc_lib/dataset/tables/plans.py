"""The fact tables `spend` and `plans`."""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import UNSET


@fact_table("spend")
def prepare_spend(export: Export) -> Shape:
    """Make `facts.spend`: advertising cost by day and channel."""
    if not export.have["spend"]:
        return Shape(reason="no_table:spend")
    dimensions = [name for name in ("channel", "campaign") if name in export.have["spend"]]
    selected = "".join(f", coalesce({name}, {literal(UNSET)}) AS {name}" for name in dimensions)
    export.con.execute(
        f'CREATE TABLE facts.spend AS SELECT timezone({literal(export.parameters.report.timezone)}, date::TIMESTAMP) AS "at", amount{selected} FROM canonical.spend'
    )
    return Shape(("at", "amount", *dimensions), {"channel": "no_column:spend.channel"})


@fact_table("plans")
def prepare_plans(export: Export) -> Shape:
    """Make `facts.plans`: monthly targets spread evenly over the days of their month, so that any period has its part.

    `level` says what a row counts for. A team's plan is its own rows, else the sum of its sellers'. The department's plan is its
    own rows; where a metric has none, the sum of its teams and of the sellers without one.
    """
    if not export.have["plans"]:
        return Shape(reason="no_table:plans")
    manager, team = (f"p.{name}" if name in export.have["plans"] else "NULL::VARCHAR" for name in ("manager", "team"))
    export.con.execute(f"""
        CREATE TEMP TABLE targets AS
        SELECT date_trunc('month', p.month)::DATE AS month, p.metric, p.target, {manager} AS manager, coalesce({team}, s.team) AS team,
            CASE WHEN {manager} IS NOT NULL THEN 'manager' WHEN {team} IS NOT NULL THEN 'team' ELSE 'total' END AS origin
        FROM canonical.plans p LEFT JOIN facts.sellers s ON s.manager = {manager}""")
    listed = "month, metric, target, manager, team, origin"
    export.con.execute(f"""
        CREATE TABLE facts.plans AS
        WITH own AS (SELECT DISTINCT month, metric FROM targets WHERE origin = 'total'),
        teams AS (SELECT DISTINCT month, metric, team FROM targets WHERE origin = 'team'),
        by_team AS (
            SELECT {listed} FROM targets WHERE origin = 'team'
            UNION ALL SELECT {listed} FROM targets ANTI JOIN teams USING (month, metric, team) WHERE origin = 'manager'),
        levels AS (
            SELECT {listed}, 'manager' AS level FROM targets WHERE origin = 'manager'
            UNION ALL SELECT {listed}, 'team' FROM by_team WHERE team IS NOT NULL
            UNION ALL SELECT {listed}, 'total' FROM targets WHERE origin = 'total'
            UNION ALL SELECT {listed}, 'total' FROM by_team ANTI JOIN own USING (month, metric))
        SELECT timezone({literal(export.parameters.report.timezone)}, day::TIMESTAMP) AS "at", metric,
            target / date_diff('day', month, (month + INTERVAL 1 MONTH)::DATE) AS target,
            coalesce(manager, {literal(UNSET)}) AS manager, coalesce(team, {literal(UNSET)}) AS team, level
        FROM levels, unnest(generate_series(month::TIMESTAMP, month::TIMESTAMP + INTERVAL 1 MONTH - INTERVAL 1 DAY, INTERVAL 1 DAY)) AS days(day)""")
    return Shape(("at", "metric", "target", "manager", "team", "level"), levels=True, is_planned=True)
