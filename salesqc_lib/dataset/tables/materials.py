"""The fact tables of content: `material_use`, `library`, `deal_work`, `deal_materials` and `reply_mails`.

«Used at least once in the period» is counted without looking at a period: of several uses, the one that has none before it in the
period counts. Each row therefore carries the moment of the use before.
"""

from salesqc_lib.crm.intake import literal
from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.facts import UNSET

RETURN_DAYS = 30


def _lacks(export: Export, *columns: str) -> str:
    activities = export.shape("activities")
    if activities.reason:
        return activities.reason
    missing = next((column for column in columns if column not in activities.columns), "")
    return activities.absent.get(missing, f"no_column:activities.{missing}") if missing else ""


def _levels(export: Export) -> dict[str, str]:
    """The levels on which a use counts, each with its key."""
    known = export.shape("activities").columns
    return {"total": literal(UNSET), **{name: name for name in ("manager", "team") if name in known}}


@fact_table("material_use")
def prepare_use(export: Export) -> Shape:
    """Make `facts.material_use`: each use of a material of the library, on each level (department, team, seller)."""
    if not export.have["materials"]:
        return Shape(reason="no_table:materials")
    if reason := _lacks(export, "material_id"):
        return Shape(reason=reason)
    levels = _levels(export)
    names = tuple(name for name in levels if name != "total")
    published = "m.published_at" if "published_at" in export.have["materials"] else "CAST(NULL AS TIMESTAMPTZ)"
    sent = "WHERE a.is_attempt" if "is_attempt" in export.shape("activities").columns else ""
    parts = []
    for level, key in levels.items():
        own = "".join(f", {key if name == level else literal(UNSET)} AS {name}" for name in names)
        parts.append(
            f"""SELECT a.material_id, a."at", '{level}' AS level{own}, lag(a."at") OVER (PARTITION BY a.material_id, {key} ORDER BY a."at") AS previous_at,
            {published} AS published_at FROM facts.activities a JOIN canonical.materials m ON m.material_id = a.material_id {sent}"""
        )
    export.con.execute(f"CREATE TABLE facts.material_use AS {' UNION ALL '.join(parts)}")
    return Shape(("material_id", "at", "previous_at", "published_at", "level", *names), dimensions.ABSENT, levels=True)


@fact_table("library")
def prepare_library(export: Export) -> Shape:
    """Make `facts.library`: the materials there are, once for the department, each team and each seller who had any activity."""
    use = export.shape("material_use")
    if use.reason:
        return use
    names = tuple(name for name in ("manager", "team") if name in use.columns)
    published = "m.published_at" if "published_at" in export.have["materials"] else "NULL::TIMESTAMPTZ"
    parts = [
        f"SELECT m.material_id, {published} AS published_at, 'total' AS level{''.join(f', {literal(UNSET)} AS {name}' for name in names)} FROM canonical.materials m"
    ]
    for level in names:
        own = "".join(f", {f'k.{name}' if name == level else literal(UNSET)} AS {name}" for name in names)
        parts.append(
            f"SELECT m.material_id, {published} AS published_at, '{level}' AS level{own} FROM canonical.materials m, (SELECT DISTINCT {level} FROM facts.activities) k"
        )
    export.con.execute(f"CREATE TABLE facts.library AS {' UNION ALL '.join(parts)}")
    return Shape(("material_id", "published_at", "level", *names), dimensions.ABSENT, levels=True)


@fact_table("deal_work")
def prepare_work(export: Export) -> Shape:
    """Make `facts.deal_work`: human outgoing activities on deals, with the deal's own breakdowns."""
    if reason := _lacks(export, "material_id", "is_attempt"):
        return Shape(reason=reason)
    names = dimensions.of_deal(export, "manager", "team", "channel", "product")
    export.con.execute(f"""
        CREATE TABLE facts.deal_work AS
        SELECT d.deal_id, a."at", a.material_id IS NOT NULL AS has_material{dimensions.listed(names, "d")},
            lag(a."at") OVER (PARTITION BY a.deal_no ORDER BY a."at", a.activity_id) AS previous_at,
            max(CASE WHEN a.material_id IS NOT NULL THEN a."at" END)
                OVER (PARTITION BY a.deal_no ORDER BY a."at", a.activity_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS previous_material_at
        FROM facts.activities a JOIN facts.deals d ON d.deal_no = a.deal_no WHERE a.is_attempt""")
    return Shape(("deal_id", "at", "has_material", "previous_at", "previous_material_at", *names), dimensions.ABSENT)


@fact_table("deal_materials")
def prepare_deal_materials(export: Export) -> Shape:
    """Make `facts.deal_materials`: which material went to which closed deal before it closed; named by title where there is one."""
    deals = export.shape("deals")
    if reason := _lacks(export, "material_id"):
        return Shape(reason=reason)
    for column in ("outcome", "closed_at"):
        if column not in deals.columns:
            return Shape(reason=deals.absent.get(column, f"no_column:deals.{column}"))
    has_title = "title" in export.have["materials"]
    title = "coalesce(m.title, a.material_id)" if has_title else "a.material_id"
    export.con.execute(f"""
        CREATE TABLE facts.deal_materials AS
        SELECT DISTINCT d.deal_id, {title} AS material, d.outcome, d.closed_at
        FROM facts.activities a JOIN facts.deals d ON d.deal_no = a.deal_no
        {"LEFT JOIN canonical.materials m ON m.material_id = a.material_id" if has_title else ""}
        WHERE a.material_id IS NOT NULL AND d.outcome IN ('won', 'lost') AND a."at" <= d.closed_at""")
    return Shape(("deal_id", "material", "outcome", "closed_at"))


@fact_table("reply_mails")
def prepare_mails(export: Export) -> Shape:
    """Make `facts.reply_mails`: e-mails of people that answer a client and hold a link.

    `was_refused`: the customer had lost a deal before. `previous_click_at`: the clicked reply of that kind before. `returned_at`: the customer's next own activity or new deal.
    """
    if reason := _lacks(export, "is_reply", "has_link", "clicks", "direction"):
        return Shape(reason=reason)
    known = export.shape("activities").columns
    deals = export.shape("deals").columns
    names = tuple(name for name in ("manager", "team") if name in known)
    material = f", coalesce(a.material_id, {literal(UNSET)}) AS material" if "material_id" in known else ""
    human = "AND a.is_automatic IS NOT TRUE" if "is_automatic" in known else ""
    keyed = "FROM facts.deals d JOIN deal_keys k ON k.deal_no = d.deal_no"
    can_refuse = {"outcome", "closed_at"} <= set(deals)
    losses = f"""SELECT k.party, d.closed_at AS "at" {keyed} WHERE d.outcome = 'lost'"""
    if not can_refuse:
        losses = 'SELECT CAST(NULL AS BIGINT) AS party, CAST(NULL AS TIMESTAMPTZ) AS "at" WHERE false'
    export.con.execute(f"""
        CREATE TABLE facts.reply_mails AS
        WITH mails AS (SELECT a.activity_id, a.party, a."at", coalesce(a.clicks, 0) > 0 AS is_clicked{"".join(f", a.{name}" for name in names)}{material}
            FROM facts.activities a WHERE a.kind = 'email' AND a.direction = 'out' AND a.is_reply AND a.has_link {human}),
        losses AS ({losses}),
        signs AS (SELECT a.party, a."at" FROM facts.activities a WHERE a.direction = 'in' {human}
            UNION ALL SELECT k.party, d.created_at AS "at" {keyed}),
        refused AS (SELECT DISTINCT m.activity_id FROM mails m JOIN losses l ON l.party = m.party AND l."at" <= m."at"),
        returned AS (SELECT m.activity_id, min(s."at") AS "at" FROM mails m JOIN signs s ON s.party = m.party AND s."at" > m."at" GROUP BY m.activity_id)
        SELECT m.*, epoch(m."at") AS at_s, f.activity_id IS NOT NULL AS was_refused,
            max(CASE WHEN m.is_clicked AND f.activity_id IS NOT NULL THEN m."at" END)
                OVER (PARTITION BY m.party ORDER BY m."at" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS previous_click_at, r."at" AS returned_at, epoch(r."at") AS returned_at_s
        FROM mails m LEFT JOIN refused f ON f.activity_id = m.activity_id LEFT JOIN returned r ON r.activity_id = m.activity_id""")
    columns = ("activity_id", "at", "at_s", "is_clicked", "was_refused", "previous_click_at", "returned_at", "returned_at_s", *names)
    return Shape((*columns, *(["material"] if material else [])), {**dimensions.ABSENT, "material": "no_column:activities.material_id"})
