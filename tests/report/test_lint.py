"""Every rule of the linter finds what it forbids, and the demo reports break none."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest

from salesqc_lib.errors import InputError
from salesqc_lib.lists import read_list, write_list
from salesqc_lib.report.lint import lint, rules
from salesqc_lib.report.lint.page import PAGE, page
from salesqc_lib.report.pdf import compile_pdf
from salesqc_lib.show.forms.shown import PIECE
from tests.conftest import ROOT

Change = Callable[[Path], None]


@pytest.fixture
def report(demo_report: Callable[..., Path], tmp_path: Path) -> Path:
    """A copy of the Russian demo report, to be spoilt."""
    place = tmp_path / "report"
    shutil.copytree(demo_report("olkha", "ru"), place)
    return place


def put(text: str) -> Change:
    """Something more on the page for a browser."""

    def change(folder: Path) -> None:
        file = folder / "audit.html"
        file.write_text(
            file.read_text(encoding="utf-8").replace("</main>", f'<section class="sheet">{text}</section></main>'), encoding="utf-8"
        )

    return change


def say(wanted: Callable[[dict[str, Any]], bool], **more: Any) -> Change:
    """Something else said of the first piece that is meant."""

    def change(folder: Path) -> None:
        file = folder / "audit.ipynb"
        book = json.loads(file.read_text(encoding="utf-8"))
        for cell in book["cells"]:
            for output in cell.get("outputs", []):
                about = output.get("data", {}).get(PIECE)
                if about is not None and wanted(about):
                    about.update(more)
                    file.write_text(json.dumps(book), encoding="utf-8")
                    return
        pytest.fail("no such piece")

    return change


def head(key: str) -> Callable[[dict[str, Any]], bool]:
    return lambda about: about.get("kind") == "head" and about.get("key") == key


def is_chart(about: dict[str, Any]) -> bool:
    return about.get("kind") == "chart"


def findings(**more: Any) -> Change:
    """Something else in the first line of the list of findings."""

    def change(folder: Path) -> None:
        frame = read_list(folder / "findings.csv").astype(object)
        for name, value in more.items():
            frame.loc[0, name] = value
        write_list(frame, folder / "findings.csv", "ru")

    return change


def without_findings_money(folder: Path) -> None:
    frame = read_list(folder / "findings.csv")
    write_list(frame.assign(money=1.0), folder / "findings.csv", "ru")


def a_signed_deal(folder: Path) -> None:
    frame = read_list(folder / "deals.csv").astype(object)
    frame.loc[0, "stage"] = "Успешно реализовано"
    write_list(frame, folder / "deals.csv", "ru")


def only_deals(folder: Path) -> None:
    facts = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    facts["rows"] = {"deals": 10}
    (folder / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")


def merged(folder: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(folder / "audit.xlsx")
    book["findings"].merge_cells("A1:C1")
    book.save(folder / "audit.xlsx")


def without_a_figure(folder: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(folder / "audit.xlsx")
    for cell in book["kpis"]["A"]:
        if cell.value == "revenue":
            cell.value = "x"
    book.save(folder / "audit.xlsx")


def typeset(body: str) -> Change:
    """Another PDF in the place of the report's."""

    def change(folder: Path) -> None:
        code = '#set document(title: "x")\n#set text(font: "IBM Plex Sans")\n#set page(paper: "a4")\n' + body
        (folder / "audit.pdf").write_bytes(compile_pdf(code))

    return change


def without_tags(folder: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=folder / "audit.pdf")
    del writer._root_object["/StructTreeRoot"]
    writer.write(folder / "audit.pdf")


def a_scoreboard_more(folder: Path) -> None:
    say(lambda about: about.get("name") == "found" or about.get("name") == "findings", name="scoreboard")(folder)


def marked(folder: Path) -> None:
    file = folder / "audit.ipynb"
    book = json.loads(file.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            about = output.get("data", {}).get(PIECE, {})
            if about.get("name") == "scoreboard":
                output["data"]["text/plain"] = "Выручка | +22 % ▲"
            if about.get("key") == "scoreboard":
                about["title"] = "Из 47 показателей не сдвинулся ни один"
    file.write_text(json.dumps(book), encoding="utf-8")


ROWS = "".join(f"<tr><th scope='row'>{name}</th><td>83 %</td></tr>" for name in "абвг")
LONG = "Эта фраза стоит в отчёте слово в слово больше двух раз и потому ничего не говорит."
BROKEN: dict[str, Change] = {
    "A01": say(head("verdict"), key="cover"),
    "A02": say(head("funnel"), title="Воронка"),
    "A03": say(lambda about: about.get("kind") == "contents", kind="head", key="empty", part="front", rank=0, label="x", title="Пусто 1"),
    "A04": put('<p class="failed">Этот раздел не удалось построить.</p>'),
    "A06": marked,
    "A07": put(""),
    "A08": without_findings_money,
    "A09": a_signed_deal,
    "T01": say(head("funnel"), title="слово " * 23 + "1"),
    "T02": say(head("funnel"), subtitle=""),
    "T03": put("<h2>Один</h2><h3>Другой</h3>"),
    "T04": say(is_chart, title="Что даёт быстрый ответ"),
    "T05": put("<h3>Одна часть</h3><p>Текст</p>"),
    "T06": say(is_chart, title="?"),
    "W01": put("<p>Всё это можно вернуть</p>"),
    "W02": put("<p>Ответ значительно медленнее</p>"),
    "W03": put("<p>Найдено нарушение</p>"),
    "W04": put(f"<p>{LONG}</p><p>{LONG}</p><p>{LONG}</p>"),
    "W05": put("<p>Этап “Замер”</p>"),
    "W06": put("<p>Всего 21 замечаний</p>"),
    "W07": put("<p>а, б, в, г, д, е, ж, з, и, к, л</p>"),
    "W08": put(f'<p class="message">{"слово " * 91}</p>'),
    "N01": say(head("funnel"), title="Договором стали 17,96 % заявок"),
    "N02": say(head("funnel"), title="Выручка 32 458 400 ₽ за период"),
    "N04": put("<p>Доля 18 %</p>"),
    "N06": findings(rule="peers", by="manager", segment="Анна", n=5),
    "C01": say(is_chart, has_zero=False),
    "C03": say(is_chart, is_round=True),
    "C04": say(is_chart, has_accent=True),
    "C06": say(is_chart, has_grid=True, texts=9),
    "C08": say(is_chart, rows=40),
    "P01": typeset("Текст\n#pagebreak()\nЕщё\n#pagebreak()\nКонец"),
    "P02": only_deals,
    "P03": typeset('#text(size: 5pt, "Так мелко никто не прочтёт")'),
    "P05": say(lambda about: about.get("kind") == "keylines", kind="contents"),
    "D01": put("<p>Показатель first_response_time</p>"),
    "D02": findings(segment="(not set)"),
    "D03": put(f"<table><thead><tr><th scope='col'>Имя</th><th scope='col'>Доля</th></tr></thead><tbody>{ROWS}</tbody></table>"),
    "D04": a_scoreboard_more,
    "U01": without_tags,
    "U02": say(is_chart, alt=""),
    "U03": put("<table><tr><th>Имя</th></tr></table>"),
    "X01": merged,
    "X02": without_a_figure,
    "X03": put("<h2>Этой страницы на бумаге нет</h2>"),
}


def many_lines(folder: Path) -> None:
    file = folder / "audit.ipynb"
    book = json.loads(file.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            if output.get("data", {}).get(PIECE, {}).get("name") == "findings":
                output["data"]["text/html"] = "<tr>" * 9
    file.write_text(json.dumps(book), encoding="utf-8")


def the_same_title_twice(folder: Path) -> None:
    file = folder / "audit.ipynb"
    book = json.loads(file.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            about = output.get("data", {}).get(PIECE, {})
            if about.get("kind") == "chart":
                about["title"] = "Одно и то же"
    file.write_text(json.dumps(book), encoding="utf-8")


BROKEN |= {"A07": many_lines, "T06": the_same_title_twice}


@pytest.mark.slow
@pytest.mark.parametrize(("client", "language"), [("olkha", "ru"), ("larkfield", "en"), ("larkfield", "ru")])
def test_a_demo_report_is_fit_to_be_handed_over(demo_report: Callable[..., Path], client: str, language: str) -> None:
    result = lint(demo_report(client, language))
    assert result.errors == [], result.facts()["faults"]
    assert result.score >= 95, result.facts()["faults"]
    assert len(result.tried) >= 45
    assert result.untried == {}


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(BROKEN))
def test_a_rule_finds_what_it_forbids(report: Path, code: str) -> None:
    BROKEN[code](report)
    assert code in lint(report).faults


def test_every_rule_is_tried_and_tells_why() -> None:
    codes = [rule.code for rule in rules()]
    assert sorted(BROKEN) == codes
    assert len(codes) == len(set(codes)) >= 45
    for rule in rules():
        told = str(rule.__doc__)
        assert all(f"{part}: " in told for part in ("Why", "Bad", "Good")), rule.code


def test_its_page_is_up_to_date() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), "make golden"


@pytest.mark.slow
def test_a_rule_is_set_aside_with_a_reason(report: Path) -> None:
    BROKEN["T02"](report)
    file = report / "audit.ipynb"
    book = json.loads(file.read_text(encoding="utf-8"))
    book["cells"][2]["source"] = "# salesqc: ignore T02 the client asked for bare titles\n" + "".join(book["cells"][2]["source"])
    file.write_text(json.dumps(book), encoding="utf-8")
    result = lint(report)
    assert result.suppressed == {"T02": "the client asked for bare titles"}
    assert "T02" not in result.faults


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no report"):
        lint(tmp_path)


@pytest.mark.slow
def test_the_command_says_what_it_found(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from salesqc_lib.cli import main

    assert main(["lint", str(report)]) == 0
    assert re.search(r"\d+\.\d of 100 \(\d+ rules tried", capsys.readouterr().out)
    BROKEN["W01"](report)
    assert main(["lint", str(report), "--format", "json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert not facts["is_fit"]
    assert "W01" in {fault["code"] for fault in facts["faults"]}
