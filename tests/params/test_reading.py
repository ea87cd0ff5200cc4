"""A wrong parameter file: which line, which key, what was found, what to do."""

from pathlib import Path

import pytest

from salesqc_lib.errors import ParameterError
from salesqc_lib.params import find, read
from salesqc_lib.params.schema import schema_text
from tests.conftest import ROOT

GOOD = """\
client: {id: x, name: X}
report:
  language: ru
  currency: RUB
  timezone: Europe/Moscow
source:
  kind: tables
  tables:
    deals:
      path: deals.csv
      columns: {deal_id: Id, created_at: Created}
targets:
  first_response: 1h
"""


def fault(tmp_path: Path, old: str, new: str) -> str:
    assert old in GOOD
    path = tmp_path / "x.yaml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ParameterError) as error:
        read(path)
    return error.value.text.replace(f"{path}:", "line ")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("currency: RUB", "curency: RUB", "line 4: unknown key «report.curency»\n  → did you mean «currency»?"),
        ("  currency: RUB\n", "", "line 2: the key «report.currency» is missing"),
        ("language: ru", "language: de", "line 3: report.language: «de» is none of ru, en"),
        ("Europe/Moscow", "Europe/Mosow", "line 5: report.timezone: no such time zone"),
        ("kind: tables", "kind: exel", "line 7: source.kind: «exel» is none of tables, amocrm_export"),
        ("    deals:", "    dels:", "line 9: unknown table «dels»\n  → did you mean «deals»?"),
        ("created_at: Created", "creatd_at: Created", "line 11: the table deals has no column «creatd_at»\n  → did you mean «created_at»?"),
        ("first_response: 1h", "first_response: 1", "line 13: targets.first_response: write a time with its unit"),
        (
            "first_response: 1h",
            "lead_to_contrct: 0.2",
            "line 13: unknown key «targets.lead_to_contrct»\n  → did you mean «lead_to_contract»?",
        ),
        ("client: {id: x, name: X}", "client: {id: ../x, name: X}", "line 1: client.id: «../x» has not the form"),
        ("client: {id: x, name: X}", "client: {id: x, name: X}\nclient: {id: y, name: Y}", "line 2: the key «client» stands twice"),
        (
            "client: {id: x, name: X}",
            "client: {id: x, name: X}\ncalendar: {country: XX}",
            "line 2: calendar.country: no public holidays are known",
        ),
        ("currency: RUB", "currency: RUR", "line 4: report.currency: no currency of today has this code"),
        (
            "currency: RUB",
            "currency: рубль",
            "line 4: report.currency: «рубль» has not the form that is asked for\n  → three letters such as RUB",
        ),
        (
            "created_at: Created}",
            "created_at: Created, amount: Sum, EUR}",
            "line 11: the name «EUR» has no value\n  → a name with a comma or a colon stands in quotes",
        ),
        ("report:\n", "report: [\n", "the YAML cannot be read"),
    ],
)
def test_each_fault_names_its_line_and_its_cure(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert message in fault(tmp_path, old, new)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = fault(tmp_path, "  language: ru\n  currency: RUB\n", "  language: de\n  curency: RUB\n")
    assert "none of ru, en" in text
    assert "curency" in text


def test_an_empty_file_and_another_encoding_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("")
    with pytest.raises(ParameterError, match="the file has no keys"):
        read(path)
    path.write_bytes("client: {name: Ольха}".encode("cp1251"))
    with pytest.raises(ParameterError, match="not UTF-8"):
        read(path)


def test_an_unknown_client_names_the_nearest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "params" / "olkha.yaml").write_text("")
    for folder in (tmp_path, tmp_path / "notebooks"):  # found upwards, from wherever in the project one stands
        monkeypatch.chdir(folder)
        with pytest.raises(ParameterError, match="did you mean «olkha»"):
            find("olka")
        assert find("olkha").is_file()
        assert find("params/olkha.yaml").is_file()


@pytest.mark.parametrize("path", sorted((ROOT / "params").rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_parameter_file_of_the_project_is_valid(path: Path) -> None:
    assert read(path).client.id == path.stem


def test_the_stored_schema_is_that_of_the_model() -> None:
    assert (ROOT / "params" / "schema.json").read_text(encoding="utf-8") == schema_text(), "run: python -m salesqc_lib.params.schema"
