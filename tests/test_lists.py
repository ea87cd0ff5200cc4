"""Files that spreadsheets open: nothing in them is run, numbers stay numbers, and people's lists fit the language of their spreadsheet."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from salesqc_lib.lists import read_list, without_formulas, write_list, write_plain
from salesqc_lib.words import Language

FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "\xa0=1", "＝1", "＋1", "－1", "＠a", "﹦1", "=HYPERLINK(\"http://x\")", "\"=1", "'=1", "a;=1", "a; =1",
    "a,=1", "a\t=1", "a\n=1", "a;\"=1\"", "x\";=cmd()", "|=1", "a|=1", "=", "-", "@", "; @x", ",-2+3+cmd|' /C calc'!A0", "=\u202e1", "%0A=1\n=2",
]  # fmt: skip
STARTS = "=+-@\t\r\n＝＋－＠﹢﹣﹦﹫"


def cells_as_read(text: str, mark: str) -> list[str]:
    """Every cell as a spreadsheet has it that splits lines at `mark`, whatever the file was written with."""
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark) for cell in row]


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula_wherever_the_line_is_split(formula: str, language: Language, tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": [formula, f"Anna {formula}", f"{formula};{formula}"], "n": [-1.5, 2, 3], formula: ["a", "b", "c"]})
    write_list(frame, tmp_path / "list.csv", language)
    write_plain(frame, tmp_path / "plain.csv")
    for file in ("list.csv", "plain.csv"):
        text = (tmp_path / file).read_text(encoding="utf-8-sig")
        for mark in ";,\t":
            numbers = {"-1.5", "-1,5", "-1"}
            bad = [
                cell
                for cell in cells_as_read(text, mark)
                if cell.strip(" \xa0\"'")[:1] in tuple(STARTS) and cell.strip() not in numbers and not cell.lstrip(' \xa0"').startswith("'")
            ]
            assert bad == [], (file, mark)


@pytest.mark.parametrize(("language", "mark", "number"), [("ru", ";", "1234,5"), ("en", ",", "1234.5")])
def test_a_list_opens_by_double_click(language: Language, mark: str, number: str, tmp_path: Path) -> None:
    frame = pd.DataFrame({"deal_id": ["007", "8"], "amount": [1234.5, float("nan")], "who": ["Ольха; «А»", None]})
    write_list(frame, tmp_path / "list.csv", language)
    raw = (tmp_path / "list.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "Excel takes it for UTF-8"
    first = raw.decode("utf-8-sig").splitlines()[1]
    assert first == f'"007"{mark}{number}{mark}"Ольха; «А»"'
    back = read_list(tmp_path / "list.csv")
    assert back["deal_id"].tolist() == ["007", "8"]
    assert back["amount"].tolist()[0] == 1234.5
    assert pd.isna(back["amount"][1])


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    frame = pd.DataFrame({"n": [-1, 2], "who": ["A-B", "Кухня, 2 шт."], "when": ["2026-10-05", "05.10.2026"]})
    pd.testing.assert_frame_equal(without_formulas(frame), frame)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_was_written_is_read_back(language: Language, tmp_path: Path) -> None:
    frame = pd.DataFrame({
        "deal_id": ["007", "1,5", "NA", "None", "a\nb;c,\"d\"", ""], "n": [12345678901, -3, 0, 9007199254740993, 7, 8], "money": [123456789.12, -0.5, float("nan"), 1e15, 12345678901.0, 1 / 3],
        "is_late": [True, False, True, False, True, True], "who": ["Ольха", None, "N/A", "x", "y", "z"],
    })  # fmt: skip
    write_list(frame, tmp_path / "list.csv", language)
    back = read_list(tmp_path / "list.csv")
    assert back["deal_id"].tolist()[:5] == frame["deal_id"].tolist()[:5]
    assert pd.isna(back["deal_id"][5]), "nothing is nothing"
    assert back["n"].tolist() == frame["n"].tolist()
    assert back["is_late"].tolist() == frame["is_late"].tolist()
    assert back["who"].tolist()[0:1] + back["who"].tolist()[2:] == ["Ольха", "N/A", "x", "y", "z"]
    assert back["money"].tolist()[:2] == [123456789.12, -0.5]
    assert back["money"].tolist()[3:5] == [1e15, 12345678901]
    assert abs(back["money"].tolist()[5] - 1 / 3) < 1e-11
    assert "e+" not in (tmp_path / "list.csv").read_text(encoding="utf-8-sig")
