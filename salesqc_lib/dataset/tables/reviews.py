"""The fact tables of reviewed conversations: `review_criteria`, `review_cards` and `double_reviews`."""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import UNSET


@fact_table("review_criteria")
def prepare_criteria(export: Export) -> Shape:
    """Make `facts.review_criteria`: a row for each criterion that applied; its weight is 1 where none is given."""
    given = export.have["reviews"]
    if not given:
        return Shape(reason="no_table:reviews")
    if export.con.execute("SELECT count(*) FROM canonical.reviews WHERE score < 0 OR score > 1").fetchall()[0][0]:
        return Shape(reason="out_of_range:reviews.score")
    by_activity = "activity_id" in given and bool(export.have["activities"])
    if "at" not in given and not by_activity:
        return Shape(reason="no_column:reviews.at")
    moments = ['r."at"'] * ("at" in given) + ['a."at"'] * by_activity
    by_deal = "deal_id" in given and "manager" in export.shape("deals").columns
    others = ["a.manager"] * by_activity + ["d.manager"] * by_deal
    sellers, names = dimensions.own_seller(export, "reviews", "r", *others)
    weight = "coalesce(r.weight, 1)" if "weight" in given else "1.0"
    fails = "coalesce(r.auto_fail, false)" if "auto_fail" in given else "false"
    applies = "r.applicable IS NOT FALSE" if "applicable" in given else "true"
    own = {"reviewer": "VARCHAR", "activity_id": "VARCHAR", "group": "VARCHAR"}
    listed = "".join(f', r."{name}"' if name in given else f', NULL::{kind} AS "{name}"' for name, kind in own.items())
    export.con.execute(f"""
        CREATE TABLE facts.review_criteria AS
        SELECT r.review_id, r.criterion, r.score, {weight} AS weight, {fails} AS auto_fail{listed}, coalesce({", ".join(moments)}) AS "at"{sellers}
        FROM canonical.reviews r {"LEFT JOIN facts.activities a ON a.activity_id = r.activity_id" if by_activity else ""}
        {"LEFT JOIN facts.deals d ON d.deal_id = r.deal_id" if by_deal else ""}
        LEFT JOIN facts.sellers s ON s.manager = {dimensions.seller_of(export, "reviews", "r", *others)}
        WHERE {applies} AND r.score IS NOT NULL""")
    absent = {**dimensions.ABSENT, "manager": "no_column:reviews.manager"} | {name: f"no_column:reviews.{name}" for name in own}
    known = [name for name in own if name in given]
    return Shape(("review_id", "criterion", "score", "weight", "auto_fail", "at", *known, *names), absent)


@fact_table("review_cards")
def prepare_cards(export: Export) -> Shape:
    """Make `facts.review_cards`: a row for each scorecard, with scores from 0 to 100 over the criteria that applied.

    A failed auto-fail criterion (score 0) makes the whole card 0. `has_next_step`: the criterion of the next step was met in full.
    """
    criteria = export.shape("review_criteria")
    if criteria.reason:
        return criteria
    names = tuple(name for name in ("manager", "team") if name in criteria.columns)
    rules = export.parameters.reviews
    has_group = "group" in criteria.columns
    tests = {
        "objections": _among(rules.objections, has_group),
        "script": _among(rules.script, has_group),
        "next_step": _among(rules.next_step, is_group_known=False),
    }
    score = "100 * sum(score * weight) / nullif(sum(weight), 0)"
    export.con.execute(f"""
        CREATE TABLE facts.review_cards AS
        SELECT review_id, max(activity_id) AS activity_id, max(reviewer) AS reviewer, min("at") AS "at"{"".join(f", max({name}) AS {name}" for name in names)},
            CASE WHEN bool_or(auto_fail AND score = 0) THEN 0.0 ELSE {score} END AS score,
            100 * sum(CASE WHEN {tests["objections"]} THEN score * weight END) / nullif(sum(CASE WHEN {tests["objections"]} THEN weight END), 0) AS objections,
            100 * sum(CASE WHEN {tests["script"]} THEN score * weight END) / nullif(sum(CASE WHEN {tests["script"]} THEN weight END), 0) AS script,
            bool_and(CASE WHEN {tests["next_step"]} THEN score >= 0.999999 END) AS has_next_step
        FROM facts.review_criteria GROUP BY review_id""")
    columns = ["review_id", "at", "score", "objections", "script", "has_next_step", *names]
    columns += [name for name in ("activity_id", "reviewer") if name in criteria.columns]
    return Shape(tuple(columns), criteria.absent)


def _among(wanted: tuple[str, ...], is_group_known: bool) -> str:
    """SQL for «this criterion is one of these», by its name or its group, in whatever case and with whatever underscores."""
    names = ", ".join(literal(_plain(name)) for name in wanted)
    columns = ["criterion"] + ["coalesce(\"group\", '')"] * is_group_known
    return "(" + " OR ".join(f"lower(replace(replace({column}, '_', ' '), '-', ' ')) IN ({names})" for column in columns) + ")"


def _plain(name: str) -> str:
    return name.lower().replace("_", " ").replace("-", " ")


@fact_table("double_reviews")
def prepare_double(export: Export) -> Shape:
    """Make `facts.double_reviews`: each pair of cards of one conversation by two reviewers, and the gap between their scores.

    A pair counts once in the total, and once for each of the two reviewers.
    """
    cards = export.shape("review_cards")
    for column in ("activity_id", "reviewer"):
        if cards.reason or column not in cards.columns:
            return Shape(reason=cards.reason or f"no_column:reviews.{column}")
    export.con.execute(f"""
        CREATE TABLE facts.double_reviews AS
        WITH pairs AS (
            SELECT a.activity_id, greatest(a."at", b."at") AS "at", a.reviewer AS one, b.reviewer AS other, abs(a.score - b.score) AS gap
            FROM facts.review_cards a JOIN facts.review_cards b ON a.activity_id = b.activity_id AND a.reviewer < b.reviewer)
        SELECT "at", gap, {literal(UNSET)} AS reviewer, 'total' AS level FROM pairs
        UNION ALL SELECT "at", gap, one, 'reviewer' FROM pairs UNION ALL SELECT "at", gap, other, 'reviewer' FROM pairs""")
    return Shape(("at", "gap", "reviewer", "level"), levels=True)


@fact_table("reviewed")
def prepare_reviewed(export: Export) -> Shape:
    """Make `facts.reviewed`: conversations (calls, meetings) that have a scorecard."""
    criteria, activities = export.shape("review_criteria"), export.shape("activities")
    if criteria.reason or activities.reason:
        return Shape(reason=criteria.reason or activities.reason)
    if "activity_id" not in criteria.columns:
        return Shape(reason="no_column:reviews.activity_id")
    names = tuple(name for name in ("manager", "team") if name in activities.columns)
    export.con.execute(f"""
        CREATE TABLE facts.reviewed AS SELECT a.activity_id, a."at"{"".join(f", a.{name}" for name in names)} FROM facts.activities a
        JOIN (SELECT DISTINCT activity_id FROM facts.review_criteria) r ON r.activity_id = a.activity_id
        WHERE {_is_meeting("a", activities)} OR (a.kind = 'call' AND a.is_conversation)""")
    return Shape(("activity_id", "at", *names), dimensions.ABSENT)


def _is_meeting(alias: str, activities: Shape) -> str:
    """SQL for a meeting that was held."""
    held = f" AND ({alias}.result IS NULL OR {alias}.result NOT IN ('missed', 'declined'))" if "result" in activities.columns else ""
    return f"({alias}.kind = 'meeting'{held})"
