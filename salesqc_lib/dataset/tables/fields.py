"""The fact table `deal_fields`: each required field of each deal, filled or not."""

from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape
from salesqc_lib.errors import ParameterError, nearest
from salesqc_lib.tables import TABLES

USUAL = ("manager", "channel", "product", "customer_id")


@fact_table("deal_fields")
def prepare(export: Export) -> Shape:
    """Make `facts.deal_fields`. Required are `hygiene.required_fields`; without them, those of the usual ones that the export has.

    A blank text and a text without a letter or digit fill nothing; neither does an amount of 0.
    """
    given = export.have["deals"]
    wanted = export.parameters.hygiene.required_fields
    for field in wanted:
        if field not in TABLES["deals"].by_name:
            raise ParameterError(
                f"no column of deals is called «{field}»",
                where=export.parameters.where("hygiene", "required_fields"),
                cure=nearest(field, list(TABLES["deals"].by_name)),
            )
    # what somebody requires and the export does not have is filled nowhere
    fields = list(wanted) or [field for field in USUAL if field in given]
    if not fields:
        return Shape(reason=f"no_column:deals.{(wanted or USUAL)[0]}")
    names = dimensions.of_deal(export, "manager", "team")
    parts = [
        f"SELECT d.deal_id, d.created_at{dimensions.listed(names, 'd')}, '{field}' AS field, {_is_filled(field) if field in given else 'false'} AS is_filled "
        "FROM facts.deals d JOIN canonical.deals c ON c.deal_id = d.deal_id"
        for field in fields
    ]
    export.con.execute(f"CREATE VIEW facts.deal_fields AS {' UNION ALL '.join(parts)}")
    return Shape(("deal_id", "created_at", "field", "is_filled", *names), dimensions.ABSENT)


def _is_filled(field: str) -> str:
    match TABLES["deals"].by_name[field].kind.value:
        case "VARCHAR":
            return f"coalesce(regexp_matches(c.{field}, '[[:alnum:]]') OR regexp_matches(c.{field}, '[а-яёА-ЯЁ]'), false)"
        case "DOUBLE":
            return f"coalesce(c.{field} <> 0, false)"
        case _:
            return f"c.{field} IS NOT NULL"
