"""The fact table `surveys`: answers of clients, and questions that stayed unanswered."""

from salesqc_lib.dataset import dimensions
from salesqc_lib.dataset.export import Export, fact_table
from salesqc_lib.dataset.shape import Shape


@fact_table("surveys")
def prepare(export: Export) -> Shape:
    """Make `facts.surveys`, with the breakdowns of the deal where an answer names one. An empty score was asked and not answered."""
    given = export.have["surveys"]
    if "at" not in given:
        return Shape(reason="no_column:surveys.at" if given else "no_table:surveys")
    by_deal = "deal_id" in given
    of_deal = dimensions.of_deal(export, "channel", "product") if by_deal else ()
    others = ["d.manager"] if by_deal and dimensions.of_deal(export, "manager") else []
    sellers, names = dimensions.own_seller(export, "surveys", "v", *others)
    export.con.execute(f"""
        CREATE TABLE facts.surveys AS SELECT v.survey_id, v.question, v.score, v."at", v."at" AS asked_at{sellers}{dimensions.listed(of_deal, "d")}
        FROM canonical.surveys v {"LEFT JOIN facts.deals d ON d.deal_id = v.deal_id" if by_deal else ""}
        LEFT JOIN facts.sellers s ON s.manager = {dimensions.seller_of(export, "surveys", "v", *others)}""")
    unanswered = export.con.execute("SELECT count(*) FROM facts.surveys WHERE score IS NULL").fetchall()[0][0]
    # where every row has an answer, nobody knows who was asked and did not answer
    asked = ("asked_at",) if unanswered else ()
    absent = {**dimensions.ABSENT, "channel": "no_column:surveys.deal_id", "product": "no_column:surveys.deal_id"}
    return Shape(("survey_id", "question", "score", "at", *asked, *names, *of_deal), absent)
