"""Salesforce: reports saved as CSV or XLSX, the Data Loader, and copies of the tables in a warehouse."""

from salesqc_lib.crm.formats.layout import Columns, Field, Layout
from salesqc_lib.words import Text

_TRAPS = (
    Text(
        "У открытой сделки «Close Date» — план; времени дня в ней нет", "The “Close Date” of an open deal is a plan; it has no time of day"
    ),
    Text("Под таблицей отчёта стоят подписи: они не считаются", "A report ends with remarks below its table: they are not counted"),
)
_REPORT: Columns = {
    "deal_id": ("Opportunity ID", "Opportunity Id", "Opportunity 18 ID", "Case Safe ID", "Opportunity-ID", "Verkaufschance-ID"),
    "created_at": ("Created Date", "Date Created", "Erstelldatum", "Erstellt am"),
    "manager": ("Opportunity Owner", "Owner", "Opportunity-Inhaber", "Verkaufschance: Inhaber"),
    "amount": ("Amount", "Amount (converted)", "Betrag"),
    "currency": ("Amount Currency", "Opportunity Currency", "Currency"),
    "stage": ("Stage", "Phase"),
    "closed_at": ("Close Date", "Closed Date", "Schlusstermin", "Abschlussdatum"),
    "channel": ("Lead Source", "Opportunity Source", "Leadquelle", "Lead-Quelle"),
    "campaign": ("Primary Campaign Source", "Campaign Name"),
    "customer_id": ("Account ID", "Account Name", "Accountname"),
    "product": ("Product Name", "Product"),
    "loss_reason": ("Loss Reason", "Closed Lost Reason", "Lost Reason", "Reason Lost"),
    "outcome": Field(("Won", "Closed"), all_of=True, reading="won_and_closed"),
}
_API: Columns = {
    "deal_id": "Id", "created_at": ("CreatedDate", "created_date"), "manager": ("Owner.Name", "OwnerId", "owner_id"), "amount": "Amount",
    "currency": ("CurrencyIsoCode", "currency_iso_code"), "stage": ("StageName", "stage_name"), "closed_at": ("CloseDate", "close_date"), "channel": ("LeadSource", "lead_source"),
    "campaign": ("CampaignId", "campaign_id"), "customer_id": ("AccountId", "account_id"), "loss_reason": ("Loss_Reason__c", "Closed_Lost_Reason__c", "LossReason__c"),
    "outcome": Field(("IsWon", "is_won", "IsClosed", "is_closed"), all_of=True, reading="won_and_closed"),
}  # fmt: skip

# where each table, or a field of one, comes from
EXPORTS = {
    "deals": Text("Отчёт Opportunities (All time) → Export → Details Only, с Opportunity ID, Created Date, Stage, Close Date, Won, Closed", "Report Opportunities (All time) → Export → Details Only, with Opportunity ID, Created Date, Stage, Close Date, Won, Closed"),
    "activities": Text("Data Loader → Task, поля CallType, CallDurationInSeconds, CallDisposition, WhatId", "Data Loader → Task: CallType, CallDurationInSeconds, CallDisposition, WhatId"),
    "stage_events": Text("Отчёт Opportunity Field History (Stage), или Data Loader → OpportunityHistory", "Report Opportunity Field History (Stage), or Data Loader → OpportunityHistory"),
    "tasks": Text("Data Loader → Task, поля ActivityDate, Status, CompletedDateTime", "Data Loader → Task: ActivityDate, Status, CompletedDateTime"),
}  # fmt: skip

LAYOUTS = (
    Layout(
        "deals", "Salesforce", "report on opportunities", ("Opportunity Name",), _REPORT,
        signs=("Stage", "Close Date", "Created Date", "Opportunity Owner", "Amount", "Account Name", "Lead Source", "Fiscal Period"), least=3, traps=_TRAPS,
    ),
    Layout(
        "deals", "Salesforce", "report on opportunities, DE", ("Opportunity-Name",), _REPORT,
        signs=("Phase", "Schlusstermin", "Erstelldatum", "Opportunity-Inhaber", "Betrag", "Accountname"), least=3, traps=_TRAPS,
    ),
    Layout(
        "deals", "Salesforce", "report on Verkaufschancen, DE", ("Name der Verkaufschance",), _REPORT,
        signs=("Phase", "Schlusstermin", "Erstelldatum", "Verkaufschance: Inhaber", "Betrag", "Accountname"), least=3, traps=_TRAPS,
    ),
    Layout("deals", "Salesforce", "Data Loader, Opportunity", ("Id", "StageName"), _API, signs=("CloseDate", "CreatedDate", "OwnerId", "Amount", "IsWon"), least=2, drop={"IsDeleted": "true"}, traps=_TRAPS[:1]),
    Layout("deals", "Salesforce", "warehouse, opportunity", ("id", "stage_name"), _API, without=("_fivetran_start", "opportunity_id"), signs=("close_date", "created_date", "owner_id", "amount", "is_won"), least=2, drop={"is_deleted": "true"}, traps=_TRAPS[:1]),
    Layout("leads", "Salesforce", "Data Loader, Lead", ("Id", "IsConverted"), {}, signs=("Status", "LeadSource", "ConvertedOpportunityId", "ConvertedDate"), least=2),
    Layout("leads", "Salesforce", "warehouse, lead", ("id", "is_converted"), {}, signs=("status", "lead_source", "converted_opportunity_id", "converted_date"), least=2),
    Layout("leads", "Salesforce", "report on leads", ("Lead Owner", "Lead Status"), {}, signs=("Lead Source", "Company / Account", "Converted"), least=1),
    Layout(
        "activities", "Salesforce", "Task", ("Id", "TaskSubtype"),
        {
            "activity_id": "Id", "kind": "TaskSubtype", "at": ("CompletedDateTime", "CreatedDate", "ActivityDate"), "manager": ("OwnerId",), "deal_id": "WhatId",
            "direction": "CallType", "duration_s": "CallDurationInSeconds",
        },
        values={"kind": {"Call": "call", "Email": "email", "otherwise": "note"}, "direction": {"Inbound": "in", "Outbound": "out", "otherwise": ""}},
    ),
    Layout(
        "activities", "Salesforce", "warehouse, task", ("id", "task_subtype"),
        {
            "activity_id": "id", "kind": "task_subtype", "at": ("created_date", "activity_date"), "manager": ("owner_id",), "deal_id": "what_id", "direction": "call_type",
            "duration_s": "call_duration_in_seconds",
        },
        values={"kind": {"Call": "call", "Email": "email", "otherwise": "note"}, "direction": {"Inbound": "in", "Outbound": "out", "otherwise": ""}},
    ),
)  # fmt: skip
