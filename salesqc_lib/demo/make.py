"""Writing the demo exports: an amoCRM list export with files beside it, and a folder of canonical tables."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from salesqc_lib.demo.history import History, Row
from salesqc_lib.demo.profiles import LARKFIELD, OLKHA, Company, planted
from salesqc_lib.demo.simulate import simulate

STAGES_RU = {
    "lead": "Новая заявка", "qualified": "Квалифицирован", "set": "Замер назначен", "held": "Замер проведён",
    "contract": "Успешно реализовано", "act": "Успешно реализовано", "lost": "Закрыто и не реализовано",
}  # fmt: skip
STAGES_EN = {
    "lead": "New request",
    "qualified": "Qualified",
    "set": "Survey booked",
    "held": "Survey done",
    "contract": "Contract signed",
    "act": "Installed",
    "lost": "Lost",
}
MILESTONES = {
    "qualified": "qualified_at",
    "set": "key_event_set_at",
    "held": "key_event_held_at",
    "contract": "contract_at",
    "act": "act_at",
}
AMOCRM_HEADER = [
    "ID",
    "Название сделки",
    "Бюджет",
    "Ответственный",
    "Дата создания сделки",
    "Кем создана сделка",
    "Дата редактирования",
    "Кем редактирована",
    "Дата закрытия",
    "Теги",
    "Примечание",
    "Примечание 2",
    "Примечание 3",
    "Примечание 4",
    "Примечание 5",
    "Этап сделки",
    "Воронка",
    "Полное имя контакта",
    "Компания контакта",
    "Ответственный за контакт",
    "Компания",
    "Рабочий телефон",
    "Рабочий прямой телефон",
    "Мобильный телефон",
    "Факс",
    "Домашний телефон",
    "Другой телефон",
    "Рабочий email",
    "Личный email",
    "Другой email",
    "Город",
    "Источник",
    "Товар",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "_ym_uid",
    "roistat",
    "Товар",
    "Источник",
    "Причина отказа",
    "Сумма по прайсу",
    "Позиций в договоре",
    "Дата квалификации",
    "Замер назначен",
    "Замер проведён",
    "Договор подписан",
    "Акт подписан",
]
KINDS_RU = {"call": "Звонок", "email": "Письмо", "meeting": "Встреча", "social": "Соцсети"}
RESULTS_RU = {"conversation": "Разговор", "no_answer": "Нет ответа", "busy": "Занято", "missed": "Пропущен"}


def make_exports(folder: Path) -> list[Path]:
    """Write both companies' files below `folder`; the same files every time."""
    made = []
    for company, write in ((OLKHA, _write_olkha), (LARKFIELD, write_canonical)):
        target = folder / company.id
        target.mkdir(parents=True, exist_ok=True)
        write(simulate(company), target)
        (target / "truth.json").write_text(json.dumps(planted(company), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        made.append(target)
    return made


def _happened(history: History, moment: datetime | None) -> bool:
    return moment is not None and moment.date() < history.company.as_of


def _done(history: History, task: Row) -> datetime | None:
    """When a task was done; one that will be done after the export is open still."""
    done: datetime | None = task["completed_at"]
    return done if _happened(history, done) else None


def _write_olkha(history: History, folder: Path) -> None:
    """What «Мебельный дом Ольха» sends: the CRM's list of deals and the files that lie beside it."""
    deals = [_amocrm_row(history, number, deal) for number, deal in enumerate(history.deals)]
    deals[100] = deals[100].copy()
    deals[100][4] = "32.13.2024"  # a date typed by hand
    deals.append(deals[200])  # the same deal on two pages of the export
    _write_csv(folder / f"amocrm_export_leads_{history.company.as_of}.csv", AMOCRM_HEADER, deals)
    _write_csv(
        folder / "communications.csv",
        [
            "Номер",
            "Вид",
            "Дата и время",
            "Тип",
            "Телефон клиента",
            "Сотрудник",
            "Длительность",
            "Результат",
            "Робот",
            "Ответ",
            "Ссылка",
            "Клики",
            "Материал",
            "Сеть",
        ],
        (_communication(activity) for activity in history.activities),
        delimiter=";",
    )
    _write_csv(
        folder / "tasks.csv",
        ["ID задачи", "ID сделки", "Ответственный", "Создана", "Срок", "Выполнена"],
        (
            [t["task_id"], t["deal_id"], t["manager"], _ru(t["created_at"]), _ru(t["due_at"]), _ru(_done(history, t))]
            for t in history.tasks
            if _happened(history, t["created_at"])
        ),
        delimiter=";",
    )
    _write_csv(
        folder / "scorecards.csv",
        ["review_id", "activity_id", "deal_id", "manager", "reviewer", "at", "criterion", "group", "weight", "score", "applicable"],
        (
            [
                r[k] if k != "at" else _ru(r[k])
                for k in (
                    "review_id",
                    "activity_id",
                    "deal_id",
                    "manager",
                    "reviewer",
                    "at",
                    "criterion",
                    "group",
                    "weight",
                    "score",
                    "applicable",
                )
            ]
            for r in history.reviews
            if _happened(history, r["at"])
        ),
    )
    _write_csv(
        folder / "spend.csv",
        ["Дата", "Канал", "Расход, ₽"],
        ([f"{s['date']:%d.%m.%Y}", s["channel"], _money(s["amount"])] for s in history.spend),
        delimiter=";",
    )
    _write_csv(
        folder / "plan.csv",
        ["Месяц", "Менеджер", "Команда", "План, ₽"],
        ([p["month"], p["manager"], p["team"], _money(p["target"])] for p in history.plans),
        delimiter=";",
    )
    _write_around(history, folder)
    _write_csv(folder / "managers.csv", ["Менеджер", "Команда"], ([s.name, s.team] for s in history.company.sellers), delimiter=";")


def _communication(activity: Row) -> list[Any]:
    """One line of the log of calls, letters and meetings; a yes is «да»."""
    flags = ["да" if activity.get(name) else "" for name in ("is_automatic", "is_reply", "has_link")]
    return [
        activity["activity_id"],
        KINDS_RU[activity["kind"]],
        _ru(activity["at"]),
        {"in": "Входящий", "out": "Исходящий"}.get(activity.get("direction") or "", ""),
        _phone(activity["customer_id"], int(activity["activity_id"])),
        activity["manager"],
        _clock(activity["duration_s"]) if "duration_s" in activity else "",
        RESULTS_RU.get(activity.get("result", ""), ""),
        *flags,
        activity.get("clicks", ""),
        activity.get("material_id", ""),
        activity.get("media", ""),
    ]


def _write_around(history: History, folder: Path) -> None:
    """Surveys, purchases and materials, under the canonical names."""
    _write_rows(folder / "surveys.csv", ["survey_id", "question", "score", "at", "deal_id"], history.surveys)
    _write_rows(folder / "purchases.csv", ["customer_id", "at", "amount", "manager", "product"], history.purchases)
    _write_rows(folder / "materials.csv", ["material_id", "title", "kind", "published_at"], history.materials)


def _amocrm_row(history: History, number: int, deal: Row) -> list[str]:
    closed = deal.get("closed_at")
    closed = closed if _happened(history, closed) else None
    step = deal["step"]
    row = dict.fromkeys(range(len(AMOCRM_HEADER)), "")
    # «Товар» and «Источник» stand twice: the contact's field first, the deal's second
    at = {name: position for position, name in enumerate(AMOCRM_HEADER)}
    names = {
        "ID": deal["deal_id"], "Название сделки": f"{deal['product']} №{number + 1}", "Бюджет": f"{deal['amount']:,.0f}".replace(",", " ") if "amount" in deal and _happened(history, deal["held"]) else "0",
        "Ответственный": deal["manager"], "Дата создания сделки": _ru(deal["created_at"]), "Кем создана сделка": "Робот", "Дата редактирования": _ru(closed or deal["created_at"]),
        "Кем редактирована": deal["manager"], "Дата закрытия": _ru(closed) or "не закрыта", "Теги": "сайт, рассрочка" if number % 9 == 0 else "",
        "Этап сделки": STAGES_RU[step], "Воронка": "Основная", "Полное имя контакта": f"Клиент {number + 1}", "Рабочий телефон": _phone(deal["customer_id"], number),
        "Причина отказа": deal.get("loss_reason", "") if closed else "",
    }  # fmt: skip
    for name, value in names.items():
        row[at[name]] = value
    row[AMOCRM_HEADER.index("Источник")] = "" if number % 5 else deal["channel"]  # the contact's field is seldom filled
    row[at["Товар"]], row[at["Источник"]] = deal["product"], deal["channel"]
    if number == 7:
        row[at["Примечание"]] = 'Хочет фасады МДФ,\nстолешница «дуб»; сказал: "подумаю"'
    if number == 8:
        row[at["Название сделки"]] = "<script>alert('x')</script>"
        row[at["Примечание"]] = '=HYPERLINK("http://example.invalid";"нажми")'
    if "amount" in deal and _happened(history, deal["held"]):
        row[at["Сумма по прайсу"]], row[at["Позиций в договоре"]] = f"{deal['list_amount']:,.0f}".replace(",", " "), str(deal["items"])
    for step_name, field in (
        ("qualified", "Дата квалификации"),
        ("set", "Замер назначен"),
        ("held", "Замер проведён"),
        ("contract", "Договор подписан"),
        ("act", "Акт подписан"),
    ):
        if _happened(history, deal.get(step_name)):
            row[at[field]] = _ru(deal[step_name])
    return [row[i] for i in range(len(AMOCRM_HEADER))]


def write_canonical(history: History, folder: Path) -> None:
    """What Larkfield Solar sends: tables under the canonical names, with the history of stages."""
    deals = []
    for deal in history.deals:
        closed = deal.get("closed_at")
        is_closed = _happened(history, closed)
        row = {
            name: deal.get(name)
            for name in ("deal_id", "created_at", "manager", "channel", "product", "customer_id", "is_target", "expected_close_at")
        }
        row |= {
            "stage": STAGES_EN[deal["step"]],
            "outcome": deal["outcome"] if is_closed else "open",
            "closed_at": closed if is_closed else None,
            "loss_reason": deal.get("loss_reason") if is_closed else None,
        }
        row |= {name: deal.get(name) for name in ("amount", "list_amount", "items")} if _happened(history, deal.get("held")) else {}
        deals.append(row)
    names = [
        "deal_id",
        "created_at",
        "manager",
        "channel",
        "product",
        "customer_id",
        "stage",
        "amount",
        "list_amount",
        "items",
        "outcome",
        "closed_at",
        "loss_reason",
        "is_target",
        "expected_close_at",
    ]
    _write_csv(folder / "deals.csv", names, ([_iso(deal.get(name)) for name in names] for deal in deals))
    events = [{**event, "stage": STAGES_EN[event["stage"]]} for event in history.stage_events if _happened(history, event["at"])]
    _write_rows(folder / "stage_events.csv", ["deal_id", "at", "stage", "author"], events)
    _write_rows(
        folder / "activities.csv",
        [
            "activity_id",
            "kind",
            "at",
            "deal_id",
            "customer_id",
            "manager",
            "direction",
            "duration_s",
            "result",
            "is_automatic",
            "is_reply",
            "has_link",
            "clicks",
            "material_id",
            "media",
        ],
        history.activities,
    )
    _write_rows(
        folder / "tasks.csv",
        ["task_id", "deal_id", "manager", "created_at", "due_at", "completed_at"],
        [task | {"completed_at": _done(history, task)} for task in history.tasks if _happened(history, task["created_at"])],
    )
    _write_rows(
        folder / "reviews.csv",
        ["review_id", "criterion", "score", "activity_id", "deal_id", "manager", "reviewer", "at", "weight", "group", "applicable"],
        [review for review in history.reviews if _happened(history, review["at"])],
    )
    _write_around(history, folder)
    _write_rows(folder / "spend.csv", ["date", "channel", "amount"], history.spend)
    _write_rows(folder / "plans.csv", ["month", "metric", "target", "manager", "team"], history.plans)
    _write_rows(
        folder / "managers.csv", ["manager", "team"], [{"manager": seller.name, "team": seller.team} for seller in history.company.sellers]
    )


def _write_rows(path: Path, names: Sequence[str], rows: Iterable[Row]) -> None:
    _write_csv(path, names, ([_iso(row.get(name)) for name in names] for row in rows))


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _iso(value: Any) -> Any:
    return value.isoformat(sep=" ", timespec="seconds") if isinstance(value, datetime) else "" if value is None else value


def _ru(moment: datetime | None) -> str:
    return f"{moment:%d.%m.%Y %H:%M:%S}" if moment else ""


def _money(value: float) -> str:
    return f"{value:,.2f}".replace(",", " ").replace(".", ",")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600:02}:{int(seconds) % 3600 // 60:02}:{int(seconds) % 60:02}"


def _phone(digits: str, number: int) -> str:
    """One phone in the spellings that people use; the apostrophe keeps Excel from reading a number."""
    rest = digits[1:]
    spellings = (f"'+7{rest}", f"8 ({rest[:3]}) {rest[3:6]}-{rest[6:8]}-{rest[8:]}", f"+7 {rest[:3]} {rest[3:]}", rest)
    return spellings[number % len(spellings)]


def companies() -> tuple[Company, ...]:
    """The demo companies."""
    return OLKHA, LARKFIELD
