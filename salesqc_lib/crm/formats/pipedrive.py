"""Pipedrive: the file export («Deal - …»), and the answers of the interface (v1, v2)."""

from salesqc_lib.crm.formats.layout import Columns, Field, Layout
from salesqc_lib.words import Text

_TRAPS = (
    Text(
        "Колонки выбирает пользователь; истории этапов в файле нет", "The columns are chosen by the user; the file has no history of stages"
    ),
)


def _named(*names: str) -> tuple[str, ...]:
    return tuple(f"Deal - {name}" for name in names) + names


_DEALS: Columns = {
    "deal_id": _named("ID"),
    "created_at": _named("Deal created", "Creation date", "Created"),
    "manager": _named("Owner"),
    "amount": _named("Value"),
    "currency": _named("Currency of Value", "Currency"),
    "stage": _named("Stage"),
    "pipeline": _named("Pipeline"),
    "channel": _named("Source channel", "Source", "Source origin", "Channel"),
    "customer_id": _named("Contact person ID", "Contact person", "Organization ID", "Organization"),
    "closed_at": Field(_named("Won time", "Lost time", "Deal closed on", "Closed on"), all_of=True),
    "loss_reason": _named("Lost reason"),
    "expected_close_at": _named("Expected close date"),
    "product": _named("Product name"),
    "outcome": _named("Status"),
}
_API: Columns = {
    "deal_id": "id", "created_at": "add_time", "manager": ("user_id.name", "owner_name", "owner_id", "user_id"), "amount": "value", "currency": "currency", "stage": "stage_id",
    "pipeline": "pipeline_id", "channel": ("channel", "origin"), "customer_id": ("person_id.value", "person_id", "org_id.value", "org_id"),
    "closed_at": Field(("won_time", "lost_time", "close_time"), all_of=True), "loss_reason": "lost_reason", "expected_close_at": "expected_close_date", "outcome": "status",
}  # fmt: skip
_OUTCOME = {"outcome": {"won": "won", "lost": "lost", "otherwise": "open"}}

# where each table, or a field of one, comes from
EXPORTS = {
    "deals": Text("Deals → список → ⋯ → Export filter results: все колонки", "Deals → list view → ⋯ → Export filter results: all columns"),
    "activities": Text("Activities → список → ⋯ → Export", "Activities → list view → ⋯ → Export"),
    "stage_events": Text("Запрос API: /deals/{id}/flow", "API: /deals/{id}/flow"),
    "tasks": Text("Activities → список → ⋯ → Export, тип Task", "Activities → list view → ⋯ → Export, type Task"),
}  # fmt: skip

LAYOUTS = (
    Layout(
        "deals", "Pipedrive", "export of deals", ("Deal - Title",), _DEALS,
        signs=("Deal - ID", "Deal - Status", "Deal - Owner", "Deal - Value", "Deal - Deal created", "Deal - Stage"), least=2, values=_OUTCOME,
        drop={"Deal - Status": "Deleted"}, traps=_TRAPS,
    ),
    Layout(
        "deals", "Pipedrive", "API, deals", ("id", "add_time", "stage_id", "status"), _API, signs=("won_time", "lost_time", "pipeline_id", "value"), least=1,
        values=_OUTCOME, drop={"status": "deleted"}, zone="UTC",
    ),
    Layout("leads", "Pipedrive", "export of leads", ("Lead - Title",), {}, signs=("Lead - ID", "Lead - Owner", "Lead - Lead created"), least=1),
    Layout(
        "activities", "Pipedrive", "export of activities", ("Activity - Type",),
        {
            "activity_id": "Activity - ID", "kind": "Activity - Type", "at": ("Activity - Due date", "Activity - Add time"),
            "manager": ("Activity - Assigned to user", "Activity - Owner", "Activity - Assignee"), "deal_id": ("Activity - Deal ID", "Deal - ID"),
        },
        signs=("Activity - Subject", "Activity - Done", "Activity - Due date"), values={"kind": {"otherwise": "note"}},
    ),
)  # fmt: skip
