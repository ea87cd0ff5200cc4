"""Zoho CRM: the file export of deals, and the answers of the interface."""

from salesqc_lib.crm.formats.layout import Columns, Layout
from salesqc_lib.words import Text

_TRAPS = (Text("У открытой сделки «Closing Date» — план", "The “Closing Date” of an open deal is a plan"),)
_DEALS: Columns = {
    "deal_id": ("Record Id", "Deal Id", "Id", "id", "Potential Id"),
    "created_at": ("Created Time", "Created_Time", "Created Date"),
    "manager": ("Deal Owner", "Owner.name", "Deal Owner Name", "Potential Owner", "Owner"),
    "amount": "Amount",
    "currency": ("Currency", "$currency"),
    "stage": "Stage",
    "pipeline": "Pipeline",
    "closed_at": ("Closing Date", "Closing_Date", "Closed Time"),
    "channel": ("Lead Source", "Lead_Source"),
    "campaign": ("Campaign Source", "Campaign_Source.name"),
    "customer_id": ("Account Name", "Account_Name.id", "Contact Name"),
    "loss_reason": ("Reason For Loss", "Reason For Loss (Deals)", "Reason_For_Loss__s"),
    "outcome": "Stage",
}

# where each table, or a field of one, comes from
EXPORTS = {
    "deals": Text("Setup → Data Administration → Export, модуль Deals", "Setup → Data Administration → Export: Deals"),
    "activities": Text("Setup → Data Administration → Export, модуль Calls", "Setup → Data Administration → Export: Calls"),
    "stage_events": Text("Deals → Stage History (связанный список), отчёт Stage History", "Report on Stage History"),
    "tasks": Text("Setup → Data Administration → Export, модуль Tasks", "Setup → Data Administration → Export: Tasks"),
}  # fmt: skip

LAYOUTS = (
    Layout(
        "deals", "Zoho CRM", "export of deals", ("Deal Name", "Stage", "Closing Date"), _DEALS,
        signs=("Record Id", "Deal Owner", "Created Time", "Modified Time", "Lead Source", "Account Name", "Expected Revenue"), least=2, traps=_TRAPS,
    ),
    Layout(
        "deals", "Zoho CRM", "export of potentials", ("Potential Name", "Stage", "Closing Date"), _DEALS,
        signs=("Potential Owner", "Created Time", "Modified Time", "Lead Source"), least=1, traps=_TRAPS,
    ),
    Layout("leads", "Zoho CRM", "export of leads", ("Lead Owner", "Lead Status"), {}, signs=("Record Id", "Lead Source", "Company", "Created Time"), least=2),
    Layout("deals", "Zoho CRM", "API, Deals", ("Deal_Name", "Stage", "Closing_Date"), _DEALS, signs=("id", "Created_Time", "Amount"), least=1, traps=_TRAPS),
)  # fmt: skip
