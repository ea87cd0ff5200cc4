"""The canonical tables: the contract between whoever reads a CRM and whoever measures.

Names are public and stable. Times become TIMESTAMPTZ, numbers DOUBLE, ids and names VARCHAR, flags BOOLEAN.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds; the value is its DuckDB type."""

    TEXT = "VARCHAR"
    TIME = "TIMESTAMPTZ"
    DATE = "DATE"
    NUMBER = "DOUBLE"
    FLAG = "BOOLEAN"


@dataclass(frozen=True)
class Column:
    """One column; `values` is the closed list of what may stand in it, where there is one."""

    name: str
    kind: Kind = Kind.TEXT
    is_required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One canonical table: a row is `row`, and `key` tells rows apart (a repeated key is a rejected row)."""

    name: str
    row: str
    columns: tuple[Column, ...]
    key: str = ""
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})


def _table(name: str, row: str, spec: str, key: str = "") -> Table:
    """Read `name!` (required), `name:kind` and `name=a|b` from a line of words."""
    kinds = {"time": Kind.TIME, "date": Kind.DATE, "number": Kind.NUMBER, "flag": Kind.FLAG}
    columns = []
    for word in spec.split():
        word, _, values = word.partition("=")
        word, _, kind = word.partition(":")
        columns.append(Column(word.rstrip("!"), kinds.get(kind, Kind.TEXT), word.endswith("!"), tuple(values.split("|")) if values else ()))
    return Table(name, row, tuple(columns), key)


CODES = ("stage", "from_stage", "to_stage", "pipeline", "from_pipeline", "metric", "month", "group")  # names that parameters refer to
PEOPLE = ("manager", "author", "reviewer")  # columns that name somebody of the client's staff
MONEY = {"deals": ("amount", "list_amount"), "purchases": ("amount",), "spend": ("amount",)}  # columns of amounts, by table
STEPS = ("lead", "qualified", "key_event_set", "key_event_held", "contract", "act")
STAGE_MEANINGS = (*STEPS, "lost")
MILESTONES = {
    "qualified": "qualified_at",
    "key_event_set": "key_event_set_at",
    "key_event_held": "key_event_held_at",
    "contract": "contract_at",
    "act": "act_at",
}

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "deals",
            "one opportunity, from first request to closing act",
            """deal_id! created_at!:time manager channel campaign product pipeline stage customer_id amount:number list_amount:number
            currency items:number outcome=open|won|lost closed_at:time loss_reason expected_close_at:time qualified_at:time
            key_event_kind=meeting|measurement|proposal key_event_set_at:time key_event_held_at:time contract_at:time act_at:time
            is_target:flag""",
            key="deal_id",
        ),
        _table(
            "stage_events",
            "a deal entering a stage",
            "deal_id! at!:time stage! pipeline from_stage author kind=create|move|close|reopen|change_pipeline",
        ),
        _table(
            "activities",
            "a call, letter, message, meeting, social action or note",
            """activity_id! kind!=call|email|message|meeting|social|note at!:time deal_id customer_id manager direction=in|out
            duration_s:number result=conversation|no_answer|busy|voicemail|wrong_number|missed|declined|other is_automatic:flag
            is_reply:flag has_link:flag clicks:number material_id media""",
            key="activity_id",
        ),
        _table("tasks", "a task", "task_id! deal_id manager created_at:time due_at:time completed_at:time", key="task_id"),
        _table(
            "reviews",
            "one criterion of one reviewed conversation",
            """review_id! criterion! score!:number activity_id deal_id manager reviewer at:time weight:number
            group=contact|needs|presentation|objections|closing|compliance applicable:flag auto_fail:flag""",
        ),
        _table("surveys", "an answer", "survey_id! question!=csat|nps score!:number at:time deal_id customer_id manager"),
        _table("purchases", "a purchase by a client", "customer_id! at!:time amount:number currency manager product"),
        _table("customers", "a client", "customer_id! first_at:time lost_at:time segment channel", key="customer_id"),
        _table("spend", "advertising cost", "date!:date amount!:number currency channel campaign impressions:number clicks:number"),
        _table("plans", "a target", "month!:date metric! target!:number manager team"),
        _table("managers", "a seller", "manager! name team hired_at:time left_at:time", key="manager"),
        _table("materials", "a piece of marketing material", "material_id! title kind published_at:time", key="material_id"),
    )
}
