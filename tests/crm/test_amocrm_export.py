"""The amoCRM list export: header generations, duplicate headers, «не закрыта», renamed final stages."""

from pathlib import Path

import pytest

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import DataError
from salesqc_lib.params import read
from tests.conftest import ROOT

HEAD = """\
client: {id: kuhni, name: Кухни}
report: {language: ru, currency: RUB, timezone: Europe/Moscow}
stages: {Новая: lead, Замер: key_event_set}
"""
COLUMNS = "ID,Бюджет ₽,Ответственный,Дата создания сделки,Дата закрытия,Примечание,Этап сделки,Воронка,Рабочий телефон,Мобильный телефон,Источник,Товар,Товар,Источник,Причина отказа"
ROWS = """\
101,350 000,Анна,01.09.2026 10:15:00,20.09.2026 18:00:00,"Фасады МДФ,
столешница ""дуб""\",Успешно реализовано,Основная,'+79161234567,,реклама,,Кухня,сайт,
102,"120 000,50",Анна,02.09.2026,не закрыта,,Новая,Основная,,8 (916) 765-43-21,,Шкаф,,,
103,0,Борис,03.09.2026 09:00:00,04.09.2026 09:00:00,,Закрыто и не реализовано,Дилеры,,,,,,,Спам
"""


def export(folder: Path, rows: str = ROWS, columns: str = COLUMNS, more: str = "", head: str = HEAD) -> Dataset:
    (folder / "amocrm_export_leads_2026-10-01.csv").write_text(columns + "\n" + rows, encoding="utf-8")
    path = folder / "kuhni.yaml"
    path.write_text(
        head + "source: {kind: amocrm_export, path: amocrm_export_leads_*.csv, non_target_reasons: [Спам]" + more + "}\n", encoding="utf-8"
    )
    return Dataset.read(read(path))


def test_deals_as_they_stand_in_the_export(tmp_path: Path) -> None:
    rows = (
        export(tmp_path)
        .con.execute(
            "SELECT deal_id, amount, outcome, strftime(closed_at, '%d.%m %H:%M'), customer_id, product, channel, is_target FROM canonical.deals"
        )
        .fetchall()
    )
    assert rows == [
        ("101", 350000.0, "won", "20.09 18:00", "79161234567", "Кухня", "реклама", True),
        ("102", 120000.5, "open", None, "79167654321", "Шкаф", None, True),
        ("103", 0.0, "lost", "04.09 09:00", None, None, None, False),
    ]


def test_a_won_deal_without_a_date_of_its_own_has_its_contract_at_its_closing(tmp_path: Path) -> None:
    data = export(tmp_path)
    assert data.con.execute("SELECT deal_id, contract_at = closed_at FROM facts.deals ORDER BY 1").fetchall() == [
        ("101", True),
        ("102", None),
    ]
    assert data.shapes["deals"].absent["qualified_at"] == "no_column:deals.qualified_at"
    assert [(one.code, one.rows) for one in data.warned if one.code == "W407"] == [("W407", 1)]


def test_the_clients_own_dates_become_milestones(tmp_path: Path) -> None:
    columns, rows = COLUMNS + ",Замер проведён", "101,1,Анна,01.09.2026,не закрыта,,Замер,Основная,,,,,,,,05.09.2026 12:00:00\n"
    data = export(tmp_path, rows, columns, ", as_of: 2026-10-01T00:00:00, columns: {key_event_held_at: Замер проведён}")
    assert data.con.execute("SELECT strftime(key_event_held_at, '%d.%m %H') FROM facts.deals").fetchall() == [("05.09 12",)]


def test_renamed_final_stages_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"neither won nor lost: «Оплачено» \(1 deals\)\n  → name them under source.won_stages"):
        export(tmp_path, ROWS.replace("Успешно реализовано", "Оплачено"))


def test_a_file_that_is_no_deal_export_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="this is no amoCRM deal export: there is no column «Дата создания сделки»"):
        export(tmp_path, "1,Анна\n", "ID,Имя")


def test_an_unknown_stage_names_line_and_cure(tmp_path: Path) -> None:
    from salesqc_lib.errors import ParameterError

    with pytest.raises(
        ParameterError,
        match=r"kuhni.yaml:3: stages occur in the data and not in the map: «Замеры» \(1 rows\)\n  → add it: .*did you mean «Замер»",
    ):
        export(tmp_path, ROWS.replace(",Новая,", ",Замеры,"))


def test_the_published_header_of_a_real_export_is_read(tmp_path: Path) -> None:
    sample = ROOT.parent / "shared" / "crm-samples" / "amocrm_csv" / "amocrm_export_leads.SYNTHETIC-rows.csv"
    if not sample.is_file():
        pytest.skip("the sample is not here")
    text = sample.read_text(encoding="utf-8-sig").split("\n", 1)
    data = export(tmp_path, text[1], text[0], head=HEAD.rpartition("stages")[0])
    assert data.rows["deals"] >= 1
    assert data.con.execute("SELECT amount, manager FROM canonical.deals WHERE deal_id = '101'").fetchall() == [(350000.0, "Петрова Анна")]
