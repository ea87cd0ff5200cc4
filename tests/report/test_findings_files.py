"""What a report leaves behind of its findings: `findings.csv`, `evidence/`, sheets, links; and the delta report."""

import json
from pathlib import Path

import openpyxl
import pytest
import yaml

from salesqc_lib import Audit, Delta
from salesqc_lib.errors import InputError
from salesqc_lib.findings import FAULTS
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.lists import read_list
from salesqc_lib.report.delta import Span
from salesqc_lib.report.workbook import write_workbook
from salesqc_lib.show.advice import register
from salesqc_lib.show.changes import change, changes, promised, same_measure, standing
from salesqc_lib.show.owner import lights, summary
from salesqc_lib.words import LANGUAGES

CONTRACT = (
    "id,rule,grade,tag,severity,kpi,by,segment,value,peer_value,low,high,n,money_low,money,money_high,action,owner,horizon_days,evidence,"
    "gap,gap_low,gap_high,money_apart"
)  # fmt: skip


@pytest.fixture(scope="module")
def published(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    Audit(str(demo_folder / "params" / "olkha.yaml"), "2026-H1", output=str(folder)).publish()
    return folder


def test_findings_stand_in_their_file_as_the_contract_says(published: Path) -> None:
    lines = (published / "findings.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].replace('"', "") == CONTRACT.replace(",", ";"), "as a Russian spreadsheet reads it"
    frame = read_list(published / "findings.csv")
    faults = frame[frame["rule"].isin(["peers", "norm", "target", "past"])]
    assert ("first_response_time", "Игорь Лебедев") in set(zip(faults["kpi"], faults["segment"], strict=True))
    assert ("key_event_to_contract", "Мария Соколова") in set(zip(faults["kpi"], faults["segment"], strict=True))
    assert ("qualification_rate", "Авито") in set(zip(faults["kpi"], faults["segment"], strict=True))
    assert faults["action"].notna().all()
    assert set(faults["grade"]) <= {"certain", "likely"}
    assert set(faults["tag"]) <= {"counted", "differs", "goes_together"}
    assert frame.loc[~frame["rule"].isin(FAULTS), "grade"].isna().all()
    valued = faults.dropna(subset=["money"])
    assert (valued["money_low"] <= valued["money"]).all()
    assert (valued["money"] <= valued["money_high"]).all()
    assert faults.loc[faults["by"] == "channel", "money"].isna().all(), "channels stand apart: the column may be added up"


def test_each_list_of_evidence_holds_the_cases_of_its_finding(published: Path) -> None:
    frame = read_list(published / "findings.csv").dropna(subset=["evidence"])
    assert len(frame) >= 5
    for row in frame.to_dict("records"):
        cases = read_list(published / row["evidence"])
        assert 0 < len(cases) <= row["n"]
    assert "customer_id" not in read_list(published / frame.iloc[0]["evidence"]).columns


def test_the_workbook_holds_findings_and_evidence(published: Path, tmp_path: Path) -> None:
    write_workbook(published, tmp_path / "audit.xlsx", "en")
    book = openpyxl.load_workbook(tmp_path / "audit.xlsx")
    assert book.sheetnames == ["contents", "notes", "kpis", "findings", "evidence", "deals", "definitions", "what_if"]
    for sheet in book.worksheets[:-1]:
        assert sheet.freeze_panes == "B4"
        assert isinstance(sheet["A1"].value, str), "a title"
        (table,) = sheet.tables.values()
        assert table.ref.startswith("A3:")
        assert [column.name for column in table.tableColumns] == [cell.value for cell in sheet[3] if cell.value]
        assert not sheet.merged_cells.ranges
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"], "no formula"
    told = {row[0].value: row[2].value for row in book["definitions"].iter_rows(min_row=4)}
    assert set(told) == set(CATALOGUE)
    assert told["leads"] == CATALOGUE["leads"].meaning.en
    heads = [cell.value for cell in book["evidence"][3]]
    deal = book["evidence"].cell(4, heads.index("deal_id") + 1)
    assert isinstance(deal.value, str), "ids are texts"
    asked = book["what_if"]
    assert (asked["B3"].value, asked["E6"].value) == (0.5, "=D6*$B$3"), "the only formulas are our own"


def test_no_name_is_left_where_names_are_masked(demo_folder: Path, tmp_path: Path) -> None:
    text = (demo_folder / "params" / "olkha.yaml").read_text(encoding="utf-8")
    given = yaml.safe_load(text)
    given["report"]["mask_names"] = True
    path = demo_folder / "params" / "masked.yaml"
    path.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    Audit(str(path), "2026-H1", output=str(tmp_path)).publish()
    written = "".join(file.read_text(encoding="utf-8") for file in tmp_path.rglob("*.csv"))
    assert "M-" in written
    for name in ("Лебедев", "Соколова", "Егоров"):
        assert name not in written
    assert not [file for file in tmp_path.rglob("*") if "Лебедев" in file.name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_owners_page_names_money_and_first_actions(demo_folder: Path, language: str) -> None:
    audit = Audit(str(demo_folder / "params" / "olkha.yaml"), "2026-H1", language)
    text = summary(audit).plain
    assert "Мария Соколова" in text
    assert ("₽" if language == "ru" else "RUB") in text
    assert ("Начать — по отдаче" if language == "ru" else "Where to start") in text
    assert text.count("→") >= 5, "each problem with its answer"
    assert lights(audit.measured, audit.findings())["speed"] in ("red", "amber")
    assert '<a href="evidence/f01.csv">' in register(audit.findings()).web


def test_a_delta_tells_what_came_of_the_advice(demo_folder: Path) -> None:
    delta = Delta(str(demo_folder / "params" / "olkha.yaml"), "2026-Q2", "2026-Q3", "en")
    assert isinstance(delta.period, Span)
    assert delta.period.label == "2026-Q2_vs_2026-Q3"
    # the later period's figures are those of its own audit; the earlier one is observed for as long after its end
    alone = Audit(str(demo_folder / "params" / "olkha.yaml"), "2026-Q3", "en")
    row = alone.measured.row("lead_to_contract")
    assert delta.after.measured.value("lead_to_contract") == row["value"]
    assert delta.before.measured.value("lead_to_contract") == pytest.approx(row["previous"])
    was, now, gap, low, high = change(delta.before.measured, delta.after.measured, "lead_to_contract")
    assert gap == pytest.approx(now - was)
    assert low < gap < high
    for page in (promised, standing, changes):
        assert page(delta).plain
    assert "no stored report" in same_measure(delta).plain


def test_a_changed_definition_is_named(demo_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "2026-Q2").mkdir()
    room = tmp_path / "room"
    delta = Delta(str(demo_folder / "params" / "larkfield.yaml"), "2026-Q2", "2026-Q3", output=str(room))
    facts = delta.after.facts()["definitions"]
    manifest = tmp_path / "2026-Q2" / "manifest.json"
    manifest.write_text(json.dumps({"definitions": facts}), encoding="utf-8")
    assert delta.redefined == []
    del delta.__dict__["redefined"]
    manifest.write_text(json.dumps({"definitions": facts | {"win_rate": "another"}}), encoding="utf-8")
    assert delta.redefined == ["win_rate"]


def test_the_earlier_period_comes_first(demo_folder: Path) -> None:
    with pytest.raises(InputError, match="does not end before"):
        Delta(str(demo_folder / "params" / "larkfield.yaml"), "2026-Q3", "2026-Q2")


def test_the_later_period_is_measured_as_in_its_own_audit(demo_folder: Path) -> None:
    """337 of 452 clients stayed (kpis.csv of the audit): whichever period is asked for first. Measured after the earlier one, clients lost
    since then had been counted as staying: 408."""
    delta = Delta(str(demo_folder / "params" / "olkha.yaml"), "2026-Q2", "2026-Q3")
    assert delta.before.measured.row("retention")["n"] == 435
    row = delta.after.measured.row("retention")
    assert (row["k"], row["n"]) == (337, 452)
