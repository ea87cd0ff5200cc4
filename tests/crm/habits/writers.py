"""Writers of each format's habits: a function lays the department's files into a folder and returns what `init` is given."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import openpyxl

from tests.crm.habits.department import ENGLISH, REASONS, SELLERS, Deal

Writer = Callable[[Path, list[Deal]], list[Path]]
MOSCOW = timezone(timedelta(hours=3))
RU_STAGES = ("Первичный контакт", "Квалификация", "Переговоры")
EN_STAGES = ("New", "Qualified", "Negotiation")


def en(word: str) -> str:
    return ENGLISH.get(word, word)


def spaced(amount: float) -> str:
    """350 000,50"""
    return f"{amount:,.2f}".replace(",", "\xa0").replace(".", ",").removesuffix(",00")


def ru(moment: datetime | None) -> str:
    return f"{moment:%d.%m.%Y %H:%M:%S}" if moment else ""


def iso(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def save(
    path: Path, rows: Sequence[Sequence[object]], mark: str = ",", encoding: str = "utf-8", quoting: int = csv.QUOTE_MINIMAL, more: str = ""
) -> list[Path]:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    path.write_bytes((out.getvalue() + more).encode(encoding))
    return [path]


def stage(deal: Deal, steps: Sequence[str], won: str, lost: str) -> str:
    return {"won": won, "lost": lost}.get(deal.outcome, steps[deal.step])


def amocrm(folder: Path, deals: list[Deal]) -> list[Path]:
    head = [
        "ID",
        "Название сделки",
        "Бюджет ",
        "Ответственный",
        "Дата создания сделки",
        "Кем создана сделка",
        "Дата редактирования",
        "Дата закрытия",
        "Теги",
        "Примечание",
        "Этап сделки",
        "Воронка",
        "Полное имя контакта",
        "Рабочий телефон",
        "Источник",
        "Товар",
        "Причина отказа",
        "utm_source",
        "Источник",
    ]
    rows = [
        [
            deal.number,
            f'Кухня, "{deal.number}"',
            spaced(deal.amount),
            deal.seller,
            ru(deal.created),
            "Робот",
            ru(deal.closed or deal.created),
            ru(deal.closed) or "не закрыта",
            "",
            "звонил\nперезвонить, завтра",
            stage(deal, RU_STAGES, "Успешно реализовано", "Закрыто и не реализовано"),
            "Воронка",
            "Иван",
            f"'+{deal.phone}",
            "",
            "Кухня",
            deal.reason,
            "",
            deal.channel,
        ]
        for deal in deals
    ]
    return save(folder / "amocrm_export_leads_2026-10-01.csv", [head, *rows])


def amocrm_xlsx(folder: Path, deals: list[Deal]) -> list[Path]:
    head = [
        "ID",
        "Название сделки",
        "Бюджет ₽",
        "Ответственный",
        "Дата создания",
        "Дата закрытия",
        "Этап сделки",
        "Воронка",
        "Теги",
        "Рабочий телефон (контакт)",
        "Причина отказа",
    ]
    book = openpyxl.Workbook()
    book.active.append(head)
    for deal in deals:
        book.active.append(
            [
                deal.number,
                "Сделка",
                deal.amount,
                deal.seller,
                ru(deal.created),
                ru(deal.closed) or "не закрыта",
                stage(deal, RU_STAGES, "Успешно реализовано", "Закрыто и не реализовано"),
                "Продажи",
                "",
                f"+{deal.phone}",
                deal.reason,
            ]
        )
    book.save(folder / "выгрузка.xlsx")
    return [folder / "выгрузка.xlsx"]


def kommo(folder: Path, deals: list[Deal]) -> list[Path]:
    head = [
        "ID",
        "Lead title",
        "Sale",
        "Responsible user",
        "Created at",
        "Closed at",
        "Lead status",
        "Pipeline",
        "Loss reason",
        "Work phone",
    ]
    rows = [
        [
            deal.number,
            "Lead",
            f"{deal.amount:.2f}",
            en(deal.seller),
            ru(deal.created),
            ru(deal.closed) or "not closed",
            stage(deal, EN_STAGES, "Closed - won", "Closed - lost"),
            "Sales",
            en(deal.reason),
            deal.phone,
        ]
        for deal in deals
    ]
    return save(folder / "kommo.csv", [head, *rows])


def _bitrix_rows(deals: list[Deal]) -> list[list[str]]:
    head = [
        "ID",
        "Название сделки",
        "Воронка",
        "Стадия сделки",
        "Тип",
        "Источник",
        "Сумма",
        "Валюта",
        "Контакт",
        "Ответственный",
        "Дата создания",
        "Дата изменения",
        "Дата начала",
        "Предполагаемая дата закрытия",
        "Сделка закрыта",
        "Повторная сделка",
        "Товар",
        "Цена",
        "Количество",
        "Дата изменения стадии",
    ]
    rows = [head]
    for deal in deals:
        moved = deal.closed or deal.created + timedelta(hours=2)
        parts = [deal.amount] if deal.number % 2 else [round(deal.amount / 2, 2), round(deal.amount - round(deal.amount / 2, 2), 2)]
        lost = ("Сделка провалена", "Отказ клиента", "Анализ причины провала")[deal.number % 3]
        for part in parts:
            rows.append(
                [
                    str(deal.number),
                    "Кухня",
                    "Общая",
                    stage(deal, ("Новая", "Подготовка документов", "В работе"), "Сделка успешна", lost),
                    "Продажа",
                    deal.channel,
                    f"{part:.2f}",
                    "Рубль",
                    f"Клиент {deal.phone}",
                    deal.seller,
                    ru(deal.created),
                    ru(moved),
                    f"{deal.created:%d.%m.%Y}",
                    f"{deal.planned:%d.%m.%Y}",
                    "Да" if deal.closed else "Нет",
                    "Нет",
                    "Фасад",
                    f"{part:.2f}",
                    "1",
                    ru(moved),
                ]
            )
    return rows


def bitrix_csv(folder: Path, deals: list[Deal]) -> list[Path]:
    text = "".join("".join('"' + cell.replace('"', '""') + '";' for cell in row) + "\n" for row in _bitrix_rows(deals))
    (folder / "deals.csv").write_bytes(text.encode("cp1251"))
    return [folder / "deals.csv"]


def bitrix_xls(folder: Path, deals: list[Deal]) -> list[Path]:
    head, *rows = _bitrix_rows(deals)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    text = (
        '<meta http-equiv="Content-type" content="text/html;charset=UTF-8" />\n<table border="1">\n<thead><tr>'
        + "".join(f"<th>{cell}</th>" for cell in head)
        + f"</tr></thead>\n<tbody>{body}</tbody></table>"
    )
    (folder / "deals.xls").write_text(text, encoding="utf-8")
    return [folder / "deals.xls"]


def _bitrix_stage(deal: Deal) -> str:
    bare = stage(deal, ("NEW", "PREPARATION", "EXECUTING"), "WON", ("LOSE", "APOLOGY")[deal.number % 2])
    return bare if deal.number % 3 else f"C1:{bare}"


def bitrix_json(folder: Path, deals: list[Deal]) -> list[Path]:
    users = [
        {"ID": str(place), "ACTIVE": True, "NAME": name.split()[0], "LAST_NAME": name.split()[1], "TIMESTAMP_X": {}}
        for place, name in enumerate(SELLERS, 1)
    ]
    records = [
        {
            "ID": str(deal.number), "TITLE": "Кухня", "CATEGORY_ID": "0" if deal.number % 3 else "1", "STAGE_ID": _bitrix_stage(deal), "OPPORTUNITY": f"{deal.amount:.2f}", "CURRENCY_ID": "RUB",
            "ASSIGNED_BY_ID": str(SELLERS.index(deal.seller) + 1), "DATE_CREATE": deal.created.replace(tzinfo=MOSCOW).isoformat(), "CLOSEDATE": deal.planned.replace(tzinfo=MOSCOW).isoformat(),
            "MOVED_TIME": (deal.closed or deal.created).replace(tzinfo=MOSCOW).isoformat(), "CLOSED": "Y" if deal.closed else "N", "CONTACT_ID": deal.phone[-5:], "SOURCE_ID": "WEB", "UTM_SOURCE": None,
        }
        for deal in deals
    ]  # fmt: skip
    (folder / "crm.deal.list.json").write_text(
        json.dumps({"result": records, "total": len(records), "time": {"start": 1.5}}), encoding="utf-8"
    )
    (folder / "user.get.json").write_text(json.dumps({"result": users, "total": 5}), encoding="utf-8")
    return [folder]


def amocrm_json(folder: Path, deals: list[Deal]) -> list[Path]:
    def lead(deal: Deal) -> dict[str, object]:
        at = lambda moment: int(moment.replace(tzinfo=MOSCOW).timestamp()) if moment else None  # noqa: E731
        reason = [{"id": REASONS.index(deal.reason) + 5, "name": deal.reason, "sort": 1}] if deal.reason else []
        return {
            "id": deal.number, "name": "Сделка", "price": round(deal.amount, 2), "responsible_user_id": 504141 + SELLERS.index(deal.seller), "status_id": int(stage(deal, ("32392156", "32392159", "32392165"), "142", "143")),
            "pipeline_id": 3177727, "loss_reason_id": REASONS.index(deal.reason) + 5 if deal.reason else None, "created_at": at(deal.created), "closed_at": at(deal.closed), "updated_at": at(deal.created), "is_deleted": False,
            "custom_fields_values": [{"field_id": 1, "field_name": "Источник", "field_code": None, "values": [{"value": deal.channel}]}], "_links": {"self": {"href": "x"}}, "_embedded": {"tags": [], "loss_reason": reason, "contacts": [{"id": int(deal.phone[-6:]), "is_main": True}]},
        }  # fmt: skip

    names = [
        (32392156, "Неразобранное"),
        (32392159, "Первичный контакт"),
        (32392165, "Принимают решение"),
        (142, "Ура, деньги!"),
        (143, "Мимо"),
    ]
    statuses = [
        {"id": identity, "name": name, "sort": place * 10, "pipeline_id": 3177727, "_links": {}}
        for place, (identity, name) in enumerate(names)
    ]
    pipelines = {"_embedded": {"pipelines": [{"id": 3177727, "name": "Воронка", "sort": 1, "_embedded": {"statuses": statuses}}]}}
    users = {
        "_embedded": {
            "users": [
                {"id": 504141 + place, "name": name, "email": f"s{place}@example.com", "rights": {"is_active": True}}
                for place, name in enumerate(SELLERS)
            ]
        }
    }
    pages = [
        {"_page": place, "_embedded": {"leads": [lead(deal) for deal in deals[place * 100 : place * 100 + 100]]}}
        for place in range((len(deals) + 99) // 100)
    ]
    (folder / "leads.json").write_text("\n".join(json.dumps(page) for page in pages), encoding="utf-8")
    (folder / "pipelines.json").write_text(json.dumps(pipelines), encoding="utf-8")
    (folder / "users.json").write_text(json.dumps(users), encoding="utf-8")
    return [folder / "leads.json", folder / "pipelines.json", folder / "users.json"]


def hubspot(folder: Path, deals: list[Deal]) -> list[Path]:
    head = [
        "Record ID",
        "Deal Name",
        "Deal Stage",
        "Amount",
        "Deal owner",
        "Close Date",
        "Create Date",
        "Last Activity Date",
        "Pipeline",
        "Associated Company",
        "Closed Lost Reason",
    ]
    rows = [
        [
            deal.number,
            "Deal",
            stage(deal, ("Appointment Scheduled", "Qualified To Buy", "Presentation Scheduled"), "Closed Won", "Closed Lost"),
            f"{deal.amount:.2f}",
            en(deal.seller),
            iso(deal.closed or deal.planned),
            iso(deal.created),
            "",
            "Sales Pipeline",
            "Acme; Beta",
            en(deal.reason),
        ]
        for deal in deals
    ]
    return save(folder / "hubspot-crm-exports-all-deals-2026-10-01.csv", [head, *rows])


def pipedrive(folder: Path, deals: list[Deal]) -> list[Path]:
    head = [
        "Deal - ID",
        "Deal - Title",
        "Deal - Owner",
        "Deal - Value",
        "Deal - Currency of Value",
        "Deal - Stage",
        "Deal - Pipeline",
        "Deal - Status",
        "Deal - Deal created",
        "Deal - Won time",
        "Deal - Lost time",
        "Deal - Lost reason",
        "Deal - Expected close date",
        "Deal - Source channel",
    ]
    rows = [
        [
            deal.number,
            "Deal",
            en(deal.seller),
            f"{deal.amount:.2f}",
            "EUR",
            EN_STAGES[deal.step],
            "Pipeline",
            deal.outcome.capitalize(),
            iso(deal.created),
            iso(deal.closed) if deal.outcome == "won" else "",
            iso(deal.closed) if deal.outcome == "lost" else "",
            en(deal.reason),
            f"{deal.planned:%Y-%m-%d}",
            en(deal.channel),
        ]
        for deal in deals
    ]
    return save(folder / "deals-1234.csv", [head, *rows])


def salesforce_report(folder: Path, deals: list[Deal]) -> list[Path]:
    head = [
        "Opportunity Owner",
        "Account Name",
        "Opportunity Name",
        "Stage",
        "Fiscal Period",
        "Amount",
        "Amount Currency",
        "Probability (%)",
        "Age",
        "Close Date",
        "Created Date",
        "Lead Source",
        "Opportunity ID",
    ]
    rows = [
        [
            en(deal.seller),
            "Acme",
            "Deal",
            stage(deal, ("Prospecting", "Qualification", "Negotiation/Review"), "Closed Won", "Closed Lost"),
            "Q3-2026",
            f"{deal.amount:.2f}",
            "USD",
            "10",
            "5",
            f"{deal.closed or deal.planned:%m/%d/%Y}",
            f"{deal.created:%m/%d/%Y}",
            en(deal.channel),
            f"0065g00000{deal.number}",
        ]
        for deal in deals
    ]
    footer = f'"Grand Totals ({len(deals)} Records)"\n"Sum of Amount {sum(deal.amount for deal in deals):,.2f}"\n\n"Opportunity report"\n"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n"Confidential Information - Do Not Distribute"\n"Generated By:  Ann Parker  10/1/2026 9:00 AM"\n"Acme"\n'
    return save(folder / "report1759300000000.csv", [head, *rows], encoding="latin-1", quoting=csv.QUOTE_ALL, more="\r\n" + footer)


def salesforce_loader(folder: Path, deals: list[Deal]) -> list[Path]:
    head = [
        "Id",
        "Name",
        "AccountId",
        "StageName",
        "Amount",
        "CurrencyIsoCode",
        "CloseDate",
        "CreatedDate",
        "OwnerId",
        "LeadSource",
        "IsWon",
        "IsClosed",
        "IsDeleted",
    ]
    rows = [
        [
            f"0065g00000{deal.number}AAA",
            "Deal",
            "0015g",
            stage(deal, ("Prospecting", "Qualification", "Verhandlung"), "Gewonnen!", "Aus"),
            f"{deal.amount:.2f}",
            "EUR",
            f"{deal.closed or deal.planned:%Y-%m-%d}",
            f"{deal.created:%Y-%m-%dT%H:%M:%S}.000Z",
            f"0055g0000{SELLERS.index(deal.seller)}",
            en(deal.channel),
            str(deal.outcome == "won").lower(),
            str(bool(deal.closed)).lower(),
            "false",
        ]
        for deal in deals
    ]
    users = [["Id", "Name", "IsActive"], *([f"0055g0000{place}", en(name), "true"] for place, name in enumerate(SELLERS))]
    return [
        *save(folder / "Opportunity.csv", [head, *rows], encoding="utf-8-sig", quoting=csv.QUOTE_ALL),
        *save(folder / "User.csv", users, quoting=csv.QUOTE_ALL),
    ]


def zoho(folder: Path, deals: list[Deal]) -> list[Path]:
    head = [
        "Record Id",
        "Deal Name",
        "Deal Owner.id",
        "Deal Owner",
        "Amount",
        "Stage",
        "Closing Date",
        "Created Time",
        "Modified Time",
        "Lead Source",
        "Reason For Loss",
    ]
    rows = [
        [
            f"zcrm_5{deal.number:018}",
            "Deal",
            "1",
            en(deal.seller),
            f"€ {deal.amount:,.2f}",
            stage(
                deal,
                ("Qualification", "Needs Analysis", "Negotiation/Review"),
                "Closed Won",
                ("Closed Lost", "Closed-Lost to Competition")[deal.number % 2],
            ),
            f"{deal.closed or deal.planned:%Y-%m-%d}",
            f"{deal.created:%Y-%m-%d %H:%M:%S}",
            "",
            en(deal.channel),
            en(deal.reason),
        ]
        for deal in deals
    ]
    return save(folder / "Deals_001.csv", [head, *rows])


def russian_sheet(folder: Path, deals: list[Deal]) -> list[Path]:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Отчёт отдела продаж"],
        ["за апрель – сентябрь 2026", None, None, "сформирован: 01.10.2026"],
        [],
        ["№ заявки", "Даты", None, "Клиент", "Кто ведёт", "Откуда узнал", "Сумма, руб.", "Статус", "Почему отказ"],
        [None, "Обращение", "Договор"],
    ):
        sheet.append(row)
    sheet.merge_cells("B4:C4")
    for deal in deals:
        sheet.append(
            [
                deal.number,
                deal.created,
                deal.closed if deal.outcome == "won" else None,
                f"ООО «{deal.phone}»",
                deal.seller,
                deal.channel,
                deal.amount,
                {"won": "Оплачено", "lost": "Отказ"}.get(deal.outcome, "В работе"),
                deal.reason,
            ]
        )
    sheet.append(["Итого", None, None, None, None, None, sum(deal.amount for deal in deals)])
    sheet.append([])
    sheet.append(["Исполнитель: Иванова"])
    book.create_sheet("Справка", 0).append(["Данные для аудита"])
    book.save(folder / "заявки.xlsx")
    return [folder / "заявки.xlsx"]


def english_sheet(folder: Path, deals: list[Deal]) -> list[Path]:
    head = ["Order no.", "Enquiry date", "Sales rep", "Came from", "Price (£)", "Outcome", "Signed on", "Customer name"]
    rows = [
        [
            f"A-{deal.number}",
            f"{deal.created:%d-%b-%y}",
            en(deal.seller),
            en(deal.channel),
            f"£{deal.amount:,.2f}",
            {"won": "Sold", "lost": "Dead"}.get(deal.outcome, "In progress"),
            f"{deal.closed:%d-%b-%y}" if deal.outcome == "won" and deal.closed else "",
            "Mr Jones",
        ]
        for deal in deals
    ]
    return save(
        folder / "sheet.csv", [["Sales log 2026"], [], head, *rows, ["Total", "", "", "", f"£{sum(deal.amount for deal in deals):,.2f}"]]
    )


def german_sheet(folder: Path, deals: list[Deal]) -> list[Path]:
    head = ["Vorgang", "Angelegt am", "Verkäufer", "Quelle", "Betrag", "Gewonnen", "Abgeschlossen", "Verlustgrund", "Status"]
    rows = [
        [
            f"V{deal.number}",
            f"{deal.created:%d.%m.%Y}",
            en(deal.seller),
            en(deal.channel),
            f"{deal.amount:,.2f}".replace(",", "'").replace(".", ",").replace("'", ".") + " €",
            "Ja" if deal.outcome == "won" else "Nein",
            f"{deal.closed:%d.%m.%Y}" if deal.closed else "",
            en(deal.reason),
            {"won": "gewonnen", "lost": "verloren"}.get(deal.outcome, "offen"),
        ]
        for deal in deals
    ]
    return save(folder / "vertrieb.csv", [head, *rows], ";", "cp1252")


WRITERS: dict[str, tuple[Writer, str]] = {
    "amocrm": (amocrm, "amoCRM"), "amocrm_xlsx": (amocrm_xlsx, "amoCRM"), "kommo": (kommo, "Kommo"), "bitrix_csv": (bitrix_csv, "Bitrix24"), "bitrix_xls": (bitrix_xls, "Bitrix24"), "bitrix_json": (bitrix_json, "Bitrix24"),
    "amocrm_json": (amocrm_json, "amoCRM"), "hubspot": (hubspot, "HubSpot"), "pipedrive": (pipedrive, "Pipedrive"), "salesforce_report": (salesforce_report, "Salesforce"), "salesforce_loader": (salesforce_loader, "Salesforce"),
    "zoho": (zoho, "Zoho CRM"), "russian_sheet": (russian_sheet, ""), "english_sheet": (english_sheet, ""), "german_sheet": (german_sheet, ""),
}  # fmt: skip
