"""Exports as people really keep and send them: each led to false totals, or to none, before its rule was built."""

import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from salesqc_lib.cli.check import Check
from salesqc_lib.dataset import Dataset
from salesqc_lib.params import load
from tests.crm.habits.department import Deal, department, truth
from tests.crm.habits.writers import en, save
from tests.crm.test_init import WHOLE, made

Case = Callable[[Path, list[Deal]], list[Path]]
RU = ["№ заказа", "Дата", "Менеджер", "Сумма", "Статус", "Дата закрытия"]
EN = ["Order number", "Order date", "Sales rep", "Amount", "Status", "Closed on"]


def day(moment: datetime | None, form: str = "%d.%m.%Y") -> str:
    return moment.strftime(form) if moment else ""


def sheet(
    folder: Path, deals: list[Deal], won: str = "Оплачено", lost: str = "Отказ", going: str = "В работе", head: list[str] = RU, form: str = "%d.%m.%Y",
    amount: Callable[[Deal], object] = lambda deal: f"{deal.amount:.2f}", name: str = "a.csv", word: Callable[[Deal], str] | None = None,
) -> list[Path]:  # fmt: skip
    told = word or (lambda deal: {"won": won, "lost": lost}.get(deal.outcome, going))
    rows = [[deal.number, day(deal.created, form), en(deal.seller), amount(deal), told(deal), day(deal.closed, form)] for deal in deals]
    return save(folder / name, [head, *rows], ";")


def lost_elsewhere(folder: Path, deals: list[Deal]) -> list[Path]:
    words = ("Купил у конкурентов", "Безуспешно", "Договор не заключён", "Не купил")
    return sheet(
        folder, deals, word=lambda deal: {"won": "Купил у нас", "lost": words[deal.number % 4]}.get(deal.outcome, "Ожидает оплаты")
    )


def assigned(folder: Path, deals: list[Deal]) -> list[Path]:
    return sheet(folder, deals, "Order placed", "Not sold", "Assigned", EN, "%Y-%m-%d")


def two_pipelines(folder: Path, deals: list[Deal]) -> list[Path]:
    head = [
        "ID",
        "Название сделки",
        "Воронка",
        "Стадия сделки",
        "Сумма",
        "Валюта",
        "Ответственный",
        "Дата создания",
        "Сделка закрыта",
        "Дата изменения стадии",
    ]
    rows = []
    for deal in deals:
        first = deal.number % 2
        ends = {"won": "Сделка успешна", "lost": "Сделка провалена"} if first else {"won": "Абонемент продлён", "lost": "Ушёл к другим"}
        moved = deal.closed or deal.created
        rows.append(
            [
                deal.number,
                "x",
                "Продажи" if first else "Сервис",
                ends.get(deal.outcome, "В работе"),
                f"{deal.amount:.2f}",
                "Рубль",
                deal.seller,
                f"{deal.created:%d.%m.%Y %H:%M:%S}",
                "Да" if deal.closed else "Нет",
                f"{moved:%d.%m.%Y %H:%M:%S}",
            ]
        )
    return save(folder / "deals.csv", [head, *rows], ";")


def hubspot_api(folder: Path, deals: list[Deal]) -> list[Path]:
    ends = {"won": ("closedwon", "98765431"), "lost": ("closedlost", "98765432"), "open": ("qualifiedtobuy", "98765430")}
    results = [
        {"id": str(deal.number), "properties": {"dealname": "x", "dealstage": ends[deal.outcome][deal.number % 2], "pipeline": ("default", "renewal")[deal.number % 2], "amount": f"{deal.amount:.2f}", "hubspot_owner_id": str(500 + len(deal.seller)) + deal.seller[:0], "createdate": f"{deal.created:%Y-%m-%dT%H:%M:%S}.000Z", "closedate": f"{deal.closed or deal.planned:%Y-%m-%dT%H:%M:%S}.000Z"}, "archived": False}
        for deal in deals
    ]  # fmt: skip

    def stage(identity: str, label: str, probability: str, closed: str) -> dict[str, object]:
        return {"id": identity, "label": label, "displayOrder": 1, "metadata": {"isClosed": closed, "probability": probability}}

    stages = [
        {"id": "default", "label": "Sales", "stages": [stage("closedwon", "Closed won", "1.0", "true"), stage("closedlost", "Closed lost", "0.0", "true"), stage("qualifiedtobuy", "Qualified", "0.4", "false")]},
        {"id": "renewal", "label": "Renewals", "stages": [stage("98765431", "Stays", "1.0", "true"), stage("98765432", "Churned", "0.0", "true"), stage("98765430", "In talks", "0.5", "false")]},
    ]  # fmt: skip
    (folder / "deals.json").write_text(json.dumps({"results": results, "paging": {}}), encoding="utf-8")
    (folder / "pipelines.json").write_text(json.dumps({"results": stages}), encoding="utf-8")
    return [folder]


def bitrix_batch(folder: Path, deals: list[Deal]) -> list[Path]:
    rows = [
        {
            "ID": str(deal.number),
            "TITLE": "x",
            "STAGE_ID": {"won": "WON", "lost": "LOSE"}.get(deal.outcome, "NEW"),
            "CATEGORY_ID": "0",
            "OPPORTUNITY": f"{deal.amount:.2f}",
            "CURRENCY_ID": "RUB",
            "ASSIGNED_BY_ID": deal.seller,
            "DATE_CREATE": f"{deal.created:%Y-%m-%dT%H:%M:%S}+03:00",
            "MOVED_TIME": f"{deal.closed or deal.created:%Y-%m-%dT%H:%M:%S}+03:00",
        }
        for deal in deals
    ]
    pages = {f"page_{place}": rows[place * 50 : place * 50 + 50] for place in range((len(rows) + 49) // 50)}
    (folder / "batch.json").write_text(json.dumps({"result": {"result": pages, "result_error": []}, "time": {}}), encoding="utf-8")
    return [folder / "batch.json"]


def _months(folder: Path, deals: list[Deal], *, one_book: bool) -> list[Path]:
    """A table for each month, its rows counted from 1."""
    book, paths = openpyxl.Workbook(), []
    for month in range(4, 10):
        if not one_book:
            book = openpyxl.Workbook()
        page = book.active if not one_book or month == 4 else book.create_sheet()
        assert page is not None
        page.title = f"{month:02}" if one_book else "Sheet"
        page.append(["№ п/п", "Дата", "Клиент", "Менеджер", "Сумма", "Статус", "Дата закрытия"])
        for place, deal in enumerate((deal for deal in deals if deal.created.month == month), 1):
            page.append(
                [
                    place,
                    deal.created,
                    "ООО",
                    deal.seller,
                    deal.amount,
                    {"won": "Выиграно", "lost": "Проиграно"}.get(deal.outcome, "В работе"),
                    deal.closed,
                ]
            )
        path = folder / ("a.xlsx" if one_book else f"сделки {month:02}.2026.xlsx")
        book.save(path)
        paths.append(path)
    return list(dict.fromkeys(paths))


def empty_column(folder: Path, deals: list[Deal]) -> list[Path]:
    head = [
        "ID",
        "Название сделки",
        "Бюджет",
        "Ответственный",
        "Дата создания сделки",
        "Дата закрытия",
        "Этап сделки",
        "Воронка",
        "Причина отказа",
    ]
    paths = []
    for month in range(4, 10):
        rows = [
            [
                deal.number,
                "x",
                deal.amount,
                deal.seller,
                day(deal.created, "%d.%m.%Y %H:%M:%S"),
                day(deal.closed, "%d.%m.%Y %H:%M:%S") or "не закрыта",
                {"won": "Успешно реализовано", "lost": "Закрыто и не реализовано"}.get(deal.outcome, "Переговоры"),
                "В",
                deal.reason if month > 6 else "",
            ]
            for deal in deals
            if deal.created.month == month
        ]
        paths += save(folder / f"amocrm_export_leads_2026-{month:02}-30.csv", [head, *rows])
    return paths


def order_lines(folder: Path, deals: list[Deal]) -> list[Path]:
    rows = []
    for deal in deals:
        for part in (round(deal.amount / 3, 2), round(deal.amount - round(deal.amount / 3, 2), 2)):
            rows.append(
                [
                    deal.number,
                    day(deal.created, "%Y-%m-%d"),
                    en(deal.seller),
                    "T",
                    part,
                    {"won": "Won", "lost": "Lost"}.get(deal.outcome, "Open"),
                    day(deal.closed, "%Y-%m-%d"),
                ]
            )
    return save(folder / "lines.csv", [["Order number", "Order date", "Sales rep", "Product", "Amount", "Status", "Closed on"], *rows])


def price_and_total(folder: Path, deals: list[Deal]) -> list[Path]:
    head = ["№ заказа", "Дата", "Менеджер", "Цена", "Кол-во", "Стоимость доставки", "Себестоимость", "Итого", "Статус", "Дата закрытия"]
    rows = [
        [
            deal.number,
            day(deal.created),
            deal.seller,
            f"{deal.amount / 4:.4f}",
            4,
            500,
            deal.amount / 2,
            deal.amount,
            {"won": "Оплачено", "lost": "Отказ"}.get(deal.outcome, "В работе"),
            day(deal.closed),
        ]
        for deal in deals
    ]
    return save(folder / "a.csv", [head, *rows], ";")


def total_is_a_client(folder: Path, deals: list[Deal]) -> list[Path]:
    rows = [
        [
            "Total Energies" if deal.number % 4 == 0 else "Acme",
            deal.number,
            day(deal.created, "%Y-%m-%d"),
            en(deal.seller),
            deal.amount,
            {"won": "Won", "lost": "Lost"}.get(deal.outcome, "Open"),
            day(deal.closed, "%Y-%m-%d"),
            *(["x" if deal.number % 4 else ""] * 8),
        ]
        for deal in deals
    ]
    return save(
        folder / "a.csv",
        [["Customer", "Order no", "Created", "Rep", "Amount", "Status", "Closed", *(f"c{place}" for place in range(8))], *rows],
    )


def beside_junk(folder: Path, deals: list[Deal]) -> list[Path]:
    (folder / "договор.pdf").write_bytes(b"%PDF-1.7 x")
    (folder / "readme.txt").write_text("прочти меня", encoding="utf-8")
    (folder / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    sheet(folder, deals)
    return [folder]


def zipped_with_junk(folder: Path, deals: list[Deal]) -> list[Path]:
    (path,) = sheet(folder, deals)
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.write(path, "сделки.csv")
        archive.writestr("опись.pdf", b"%PDF-1.7 x")
    path.unlink()
    return [folder / "all.zip"]


def a_name_like_a_pattern(folder: Path, deals: list[Deal]) -> list[Path]:
    sheet(folder, deals[:10], name="сделки 1.csv")
    return sheet(folder, deals, name="сделки [1].csv")


def quotes_by_hand(folder: Path, deals: list[Deal]) -> list[Path]:
    names = ('ООО "Ромашка"', '"Лютик" ООО', 'Студия "Я', "Проще")
    lines = [
        f"{deal.number};{day(deal.created)};{names[deal.number % 4]};{deal.seller};{deal.amount:.2f};{ {'won': 'Оплачено', 'lost': 'Отказ'}.get(deal.outcome, 'В работе') };{day(deal.closed)}"
        for deal in deals
    ]
    (folder / "a.csv").write_text("\n".join(["№ заказа;Дата;Клиент;Менеджер;Сумма;Статус;Дата закрытия", *lines, ""]), encoding="cp1251")
    return [folder / "a.csv"]


CASES: dict[str, Case] = {
    "lost elsewhere": lost_elsewhere, "assigned": assigned, "two pipelines": two_pipelines, "HubSpot's own pipelines": hubspot_api, "a batch of Bitrix24": bitrix_batch,
    "a sheet for each month": lambda folder, deals: _months(folder, deals, one_book=True), "a file for each month": lambda folder, deals: _months(folder, deals, one_book=False),
    "a column that some months leave empty": empty_column, "order lines": order_lines, "price, quantity and total": price_and_total, "a client called Total": total_is_a_client,
    "beside junk": beside_junk, "zipped with junk": zipped_with_junk, "a name like a pattern": a_name_like_a_pattern, "quotes by hand": quotes_by_hand,
    "thousands": lambda folder, deals: sheet(folder, deals, head=["№ заказа", "Дата", "Менеджер", "Сумма, тыс. руб.", "Статус", "Дата закрытия"], amount=lambda deal: f"{deal.amount / 1000:.5f}".replace(".", ",")),
    "groups of three": lambda folder, deals: sheet(folder, deals, "Sold", "Dead", "Open", EN, "%Y-%m-%d", amount=lambda deal: f"€{deal.amount:,.0f}"),
    "amounts with a code": lambda folder, deals: sheet(folder, deals, "✅ Won", "❌ Lost", "Open", EN, "%d %B %Y", amount=lambda deal: f"USD {deal.amount:,.2f}"),
    "days with г.": lambda folder, deals: sheet(folder, deals, form="%d.%m.%Y г."),
    "days with Uhr": lambda folder, deals: sheet(folder, deals, "gewonnen", "verloren", "offen", ["Auftragsnummer", "Erstelldatum", "Verkäufer", "Betrag", "Status", "Abschlussdatum"], "%d.%m.%Y, %H:%M Uhr"),
    "compact days": lambda folder, deals: sheet(folder, deals, "Won", "Lost", "Open", EN, "%Y%m%d"),
    "two digits of a year": lambda folder, deals: sheet(folder, deals, "Won", "Lost", "Open", EN, "%d-%m-%y"),
    "months by name and am/pm": lambda folder, deals: sheet(folder, deals, "Won", "Lost", "Open", EN, "%b %d %Y %I:%M%p"),
    "yes and no": lambda folder, deals: sheet(folder, deals, "да", "нет", "нет", ["№ заказа", "Дата", "Менеджер", "Сумма", "Продажа", "Дата закрытия"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_totals_are_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str) -> None:
    deals = department(11, 160)
    (tmp_path / "in").mkdir()
    given = CASES[name](tmp_path / "in", deals)
    assert made(tmp_path, monkeypatch, *map(str, given), "--yes") == 0, capsys.readouterr()
    totals, real = Check.of("acme", WHOLE, None).totals, truth(deals)
    assert (totals["leads"], totals["contracts"]) == (real.leads, real.contracts)
    assert totals["revenue"] == pytest.approx(real.revenue, abs=0.6 * real.contracts if name in ("groups of three", "thousands") else 0.05)


def test_a_file_that_was_cut_off_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = sheet(tmp_path, department(11, 160))
    text = path.read_bytes()
    path.write_bytes(text[: text.rfind(b"\n", 0, len(text) // 2) + 25])
    assert made(tmp_path, monkeypatch, "a.csv", "--yes") == 0
    assert "W219" in capsys.readouterr().out
    assert Check.of("acme", WHOLE, None).totals["sellers"] == 5


def test_calls_in_milliseconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hubspot_api(tmp_path, department(11, 40))
    calls = [
        {
            "id": str(place),
            "properties": {
                "hs_timestamp": f"2026-05-0{place}T10:00:00Z",
                "hs_call_direction": "OUTBOUND",
                "hs_call_duration": "151000",
                "hubspot_owner_id": "1",
            },
        }
        for place in range(1, 9)
    ]
    (tmp_path / "calls.json").write_text(json.dumps({"results": calls}), encoding="utf-8")
    assert made(tmp_path, monkeypatch, "deals.json", "pipelines.json", "calls.json", "--yes") == 0
    assert Dataset.read(load("acme")).con.execute("SELECT DISTINCT duration_s, direction FROM canonical.activities").fetchall() == [
        (151.0, "out")
    ]


def test_a_day_and_a_time_in_two_columns_are_one_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet(tmp_path, department(11, 60))
    calls = [[place, "02.05.2026", f"1{place}:30:00", "Анна", f"7916000000{place}", "Исходящий", "00:02:04"] for place in range(8)]
    save(tmp_path / "звонки.csv", [["№", "Дата", "Время", "Сотрудник", "Телефон клиента", "Направление", "Длительность"], *calls], ";")
    assert made(tmp_path, monkeypatch, "a.csv", "звонки.csv", "--yes") == 0
    found = (
        Dataset.read(load("acme"))
        .con.execute('SELECT strftime("at", \'%H:%M\'), duration_s FROM canonical.activities ORDER BY "at"')
        .fetchall()
    )
    assert found == [(f"1{place}:30", 124.0) for place in range(8)]


def test_an_existing_file_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    sheet(tmp_path, department(11, 40))
    assert made(tmp_path, monkeypatch, "a.csv", "--yes") == 0
    file = tmp_path / "params" / "acme.yaml"
    assert made(tmp_path, monkeypatch, "a.csv", "--yes") == 0  # the same again
    file.write_text(file.read_text(encoding="utf-8").replace("currency: RUB", "currency: KZT"), encoding="utf-8")
    mine = file.read_text(encoding="utf-8")
    capsys.readouterr()
    assert made(tmp_path, monkeypatch, "a.csv", "--yes") == 1
    assert "-  currency: KZT" in capsys.readouterr().out
    assert file.read_text(encoding="utf-8") == mine


def test_it_asks_what_nobody_can_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answers = iter(["KZT Asia/Almaty", "Третий ящик"])
    monkeypatch.setattr("builtins.input", lambda question: (asked.append(question), next(answers))[1])
    sheet(tmp_path, department(11, 60), "Третий ящик", "Второй ящик", "Первый ящик")
    assert made(tmp_path, monkeypatch, "a.csv") == 0
    assert len(asked) == 2
    parameters = load("acme")
    assert (parameters.report.currency, parameters.report.timezone) == ("KZT", "Asia/Almaty")
    assert Check.of("acme", WHOLE, None).totals["contracts"] == truth(department(11, 60)).contracts


@pytest.mark.parametrize("given", [("nowhere.csv",), ("empty",), ("log in.xls",)])
def test_what_is_wrong_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "log in.xls").write_text("<html><title>Вход</title></html>", encoding="utf-8")
    assert made(tmp_path, monkeypatch, *given, "--yes") in (1, 2)
    told = capsys.readouterr().err
    assert told.startswith("salesqc: ")
    assert "→" in told
    assert "Traceback" not in told
