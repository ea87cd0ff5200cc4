"""The list of deals read back: as a report wrote it, as a spreadsheet saved it, and what has come of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import InputError
from salesqc_lib.findings.worked import Worked, read_worklist, worked
from salesqc_lib.lists import read_list, write_list

DEALS = """\
deal_id,created_at,manager,outcome,contract_at,closed_at
1,2026-01-01,Ann,won,2026-02-01,2026-02-01
2,2026-01-01,Ann,lost,,2026-02-01
3,2026-01-01,Ann,open,,
4,2026-01-01,Ann,open,,
"""
LIST = "deal_id,manager,flags,reason,next_step,owner,date\n1,Ann,idle,,call,Ann,\n2,Ann,idle,dead,,,\n3,Ann,idle,,,Bob,\n4,Ann,idle,,,,\n9,Ann,idle,,gone,,\n"


def test_what_was_decided_and_what_came_of_it(company: Callable[..., Dataset], tmp_path: Path) -> None:
    """Of five deals four have something written; one signed, one closed, one open, one is no longer in the data."""
    file = tmp_path / "deals.csv"
    file.write_text(LIST, encoding="utf-8")
    assert worked(company(deals=DEALS), file) == Worked("deals.csv", 5, 4, 1, 1, 1, 1)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_list_of_a_report_is_read_as_it_was_written(tmp_path: Path, language: str) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text(LIST, encoding="utf-8")
    written = tmp_path / "deals.csv"
    write_list(read_worklist(plain), written, language)  # type: ignore[arg-type]
    assert list(read_worklist(written)["deal_id"]) == ["1", "2", "3", "4", "9"]
    assert list(read_list(written).columns) == list(read_worklist(written).columns)


def test_a_spreadsheet_may_have_saved_it(tmp_path: Path) -> None:
    """With semicolons and without quotes; as a workbook with a title above the head; ids as numbers."""
    from openpyxl import Workbook

    saved = tmp_path / "saved.csv"
    saved.write_text("\ufeff" + LIST.replace(",", ";").replace("1;Ann", "1.0;Ann"), encoding="utf-8")
    assert list(read_worklist(saved)["deal_id"]) == ["1", "2", "3", "4", "9"]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "deals"
    for row in (["Deals to work through"], [], ["deal_id", "next_step"], [10007104, "call"], ["=1+1", None]):
        sheet.append(row)
    sheet["A5"].data_type = "s"
    book.save(tmp_path / "deals.xlsx")
    found = read_worklist(tmp_path / "deals.xlsx")
    assert list(found["deal_id"]) == ["10007104", "=1+1"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("deals.csv", "", "cannot be read"),
        ("deals.csv", "a,b\n1,2\n", "has no column deal_id"),
        ("deals.xlsx", "no workbook", "cannot be read"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_worklist(tmp_path / name)
    with pytest.raises(InputError, match="no worklist"):
        read_worklist(tmp_path / "none.csv")
