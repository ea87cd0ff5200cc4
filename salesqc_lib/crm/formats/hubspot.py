"""HubSpot: the file export of deals, and the answers of the interface (v3, properties)."""

from salesqc_lib.crm.formats.layout import Columns, Field, Layout
from salesqc_lib.words import Text

_TRAPS = (
    Text("У открытой сделки «Close Date» — план", "The “Close Date” of an open deal is a plan"),
    Text(
        "Через интерфейс этапы приходят кодами: имена — в /crm/v3/pipelines/deals",
        "The interface gives codes of stages: their names are in /crm/v3/pipelines/deals",
    ),
)
_DEALS: Columns = {
    "deal_id": ("Record ID", "Deal ID", "Record ID - Deal", "Datensatz-ID", "ID записи"),
    "created_at": ("Create Date", "Created Date", "Creation date", "Createdate", "Erstellungsdatum", "Дата создания"),
    "manager": ("Deal owner", "Deal Owner", "HubSpot Owner", "Deal-Inhaber", "Zuständiger Mitarbeiter", "Владелец сделки"),
    "amount": ("Amount", "Amount in company currency", "Betrag", "Сумма"),
    "currency": ("Currency", "Währung"),
    "stage": ("Deal Stage", "Deal-Phase", "Этап сделки"),
    "pipeline": ("Pipeline", "Воронка"),
    "closed_at": ("Close Date", "Closed Date", "Abschlussdatum", "Дата закрытия"),
    "loss_reason": ("Closed Lost Reason", "Grund für verlorenen Deal"),
    "channel": (
        "Original Traffic Source",
        "Original Source Type",
        "Original Source",
        "Latest Traffic Source",
        "Deal source",
        "Ursprüngliche Quelle",
    ),
    "customer_id": ("Associated Company", "Associated Contact", "Primary Associated Company", "Associated Company (Primary)"),
    "outcome": ("Deal Stage", "Deal-Phase", "Этап сделки"),
}
_API: Columns = {
    "deal_id": ("hs_object_id", "id", "deal_id"), "created_at": ("createdate", "property_createdate", "createdAt"), "manager": ("hubspot_owner_id", "owner_id"),
    "amount": ("amount", "property_amount"), "currency": "deal_currency_code", "stage": ("dealstage", "deal_pipeline_stage_id"), "pipeline": ("pipeline", "deal_pipeline_id"),
    "closed_at": ("closedate", "property_closedate"), "loss_reason": ("closed_lost_reason", "property_closed_lost_reason"),
    "channel": ("hs_analytics_source", "property_hs_analytics_source"), "outcome": ("dealstage", "deal_pipeline_stage_id"),
}  # fmt: skip

# where each table, or a field of one, comes from
EXPORTS = {
    "deals": Text("CRM → Deals → Table actions → Export view: CSV, все свойства", "CRM → Deals → Table actions → Export view: CSV, “All properties on records”"),
    "activities": Text("CRM → Calls → Export: дата, кто, направление, длительность, исход", "CRM → Calls → Export: activity date, assigned to, direction, duration, outcome"),
    "stage_events": Text("Запрос API: /crm/v3/objects/deals?propertiesWithHistory=dealstage", "API: /crm/v3/objects/deals?propertiesWithHistory=dealstage"),
    "tasks": Text("CRM → Tasks → Export: все свойства", "CRM → Tasks → Export"),
}  # fmt: skip

LAYOUTS = (
    Layout(
        "deals", "HubSpot", "export of deals", ("Deal Name",), _DEALS,
        signs=("Record ID", "Deal Stage", "Deal owner", "Close Date", "Create Date", "Pipeline", "Associated Company", "Amount"), least=3, traps=_TRAPS[:1],
    ),
    Layout("deals", "HubSpot", "API v3, deals", ("dealname", "dealstage"), _API, signs=("createdate", "closedate", "amount", "hubspot_owner_id"), least=1, drop={"archived": "true"}, traps=_TRAPS),
    Layout("deals", "HubSpot", "warehouse, deal", ("deal_id", "property_dealname"), _API, signs=("property_createdate", "owner_id", "property_amount"), least=1, drop={"is_deleted": "true"}, traps=_TRAPS),
    Layout(
        "activities", "HubSpot", "API v3, calls", ("hs_timestamp", "hs_call_direction"),
        {
            "activity_id": ("hs_object_id", "id"), "kind": Field(value="call"), "at": "hs_timestamp", "manager": "hubspot_owner_id", "direction": "hs_call_direction",
            "duration_s": Field(("hs_call_duration",), times=0.001), "result": "hs_call_disposition",
        },
        values={"result": {"otherwise": "other"}},
        traps=(Text("Длительность — в миллисекундах", "Durations are in milliseconds"),),
    ),
)  # fmt: skip
