"""Pages that say their message: the verdict, heads of chapters, groups of findings, numbers as one says them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salesqc_lib import Audit
from salesqc_lib.errors import InputError
from salesqc_lib.findings import Finding, Money
from salesqc_lib.findings.grouped import grouped
from salesqc_lib.report.pieces import Pages, Piece
from salesqc_lib.show import begin, board, found, lines, money_ranges, page, plan, quiet, verdict
from salesqc_lib.show.chapters import chapters
from salesqc_lib.show.forms.drawn import Dot, Drawing, Line, Scale, spark
from salesqc_lib.show.words.groups import group_statement
from salesqc_lib.show.words.verdict import verdict_sentence
from salesqc_lib.units import tell, tell_interval
from salesqc_lib.words import Reader
from tests.conftest import ROOT, write_company
from tests.firm import alike, firm

HEAD = "client: {id: small, name: Small}\nreport: {language: en, currency: EUR, timezone: UTC}\n"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Audit]:
    def make(language: str = "en", **ways: Any) -> Audit:
        folder = tmp_path_factory.mktemp("small")
        parameters = write_company(folder, as_of="2026-03-01T00:00:00", head=HEAD, **firm(**ways))
        return Audit(str(parameters.file), "2026-01", language)

    return make


@pytest.mark.parametrize(
    ("value", "unit", "ru", "en"),
    [
        (0.1796, "share", "18 %", "18%"), (0.0345, "share", "3,5 %", "3.5%"), (0.03, "share", "3 %", "3%"), (1.0, "share", "100 %", "100%"),
        (32_458_400.0, "money", "32,5 млн ₽", "RUB 32.5M"), (940_000.0, "money", "940 тыс. ₽", "RUB 940K"), (9_035.0, "money", "9,04 тыс. ₽", "RUB 9.04K"),
        (21_960.0, "seconds", "6,1 ч", "6.1 h"), (200_000.0, "seconds", "56 ч", "56 h"), (2_520.0, "seconds", "42 мин", "42 min"),
    ],
)  # fmt: skip
def test_a_number_is_told_as_one_says_it(value: float, unit: str, ru: str, en: str) -> None:
    assert tell(value, unit, "ru", "RUB").replace("\u00a0", " ") == ru
    assert tell(value, unit, "en", "RUB").replace("\u00a0", " ") == en


def test_an_interval_is_told_with_its_unit_once() -> None:
    assert tell_interval(0.1512, 0.2099, "share", "ru").replace("\u00a0", " ") == "15–21 %"
    assert tell_interval(0.1512, 0.2099, "share", "en") == "15–21%"


def test_a_department_without_a_fault_is_said_to_be_so(small: Callable[..., Audit]) -> None:
    audit = small(plan=3000.0)
    assert not [one for one in audit.findings().faults if one.rule == "peers"]
    said = verdict_sentence(audit.measured, audit.findings())
    assert "of the plan" in said
    assert page(audit, "speed").about["is_left_out"], "nothing stands out in it"
    shown = quiet(audit).plain
    assert "First answer" in shown
    assert "Reach rate" in shown


def test_one_slow_seller_heads_the_chapter_on_speed(small: Callable[..., Audit]) -> None:
    audit = small(Ann=alike(answer_min=900, signed=0.2), plan=3000.0)
    head = page(audit, "speed")
    assert not head.about["is_left_out"]
    assert head.about["title"].startswith("Ann: the first answer takes 15.0 h, peers 15 min") or "Ann" in head.about["title"]
    assert "Begin:" in head.plain
    for piece in (verdict, begin, lines, found, plan, board):
        assert piece(audit).plain, piece.__name__
    rows = money_ranges(audit).plain
    assert not audit.findings().money.is_known or "Ann" in rows


def test_a_chapter_that_was_not_measured_has_no_page(tmp_path: Path) -> None:
    deals_only = "deal_id,created_at,manager\n" + "\n".join(f"{i},2026-01-{1 + i % 28:02},Ann" for i in range(40))
    audit = Audit(str(write_company(tmp_path, as_of="2026-03-01T00:00:00", head=HEAD, deals=deals_only).file), "2026-01")
    for key in ("speed", "quality", "content", "managers", "results"):
        assert page(audit, key).about["is_left_out"], key
    assert not page(audit, "funnel").about["is_left_out"]
    assert verdict(audit).plain


def test_a_page_that_there_is_not_is_told(small: Callable[..., Audit]) -> None:
    with pytest.raises(InputError, match="no page «speeed»"):
        page(small(), "speeed")


def test_every_chapter_is_a_file_and_every_measure_it_names_is_known() -> None:
    from salesqc_lib.kpi import CATALOGUE

    folder = ROOT / "salesqc_lib" / "show" / "chapters"
    assert set(chapters()) == {file.stem for file in folder.glob("*.py")} - {"__init__", "chapter"}
    named = {kpi for chapter in chapters().values() for kpi in (*chapter.kpis, *chapter.fact.kpis)}
    assert {kpi for kpi in named if kpi not in CATALOGUE} <= {"calls_per_day"}


def _finding(segment: str, value: float, grade: str = "certain", **more: Any) -> Finding:
    return Finding(
        "peers",
        "never_answered",
        "manager",
        segment,
        value=value,
        peer=0.1,
        n=100,
        unit="share",
        grade=grade,
        id=segment,
        severity="major",
        gap_low=0,
        gap_high=99,
        **more,
    )  # type: ignore[arg-type]


def test_findings_that_say_the_same_are_one_line() -> None:
    many = [_finding("Ann", 0.5), _finding("Bob", 0.4), _finding("Cid", 0.3), _finding("Dan", 0.9, grade="likely")]
    groups = grouped(many)
    assert [len(group.findings) for group in groups] == [3, 1], "what is likely is told apart"
    assert group_statement(groups[0], Reader("en")) == "Never answered: Ann 50%, Bob 40% and 1 more; peers 10%"
    assert group_statement(groups[0], Reader("ru")).replace("\u00a0", " ") == "Заявки без ответа: Ann 50 %, Bob 40 % и ещё 1; у коллег 10 %"


def test_a_number_for_a_name_is_said_to_be_a_seller() -> None:
    (group,) = grouped([_finding("10228", 0.5)])
    assert group_statement(group, Reader("en")).startswith("Seller 10228: ")


def test_the_money_of_a_group_is_that_of_its_findings() -> None:
    import numpy as np

    money = [Money.of(np.full(100, 10.0)), Money.of(np.full(100, 5.0))]
    (group,) = grouped([_finding("Ann", 0.5, money=money[0]), _finding("Bob", 0.4, money=money[1])])
    assert group.money.base == 15.0
    assert group.is_certain


def piece(key: str, part: str = "chapters", rank: float = 0.0, **more: Any) -> Piece:
    return Piece(
        outputs=({"output_type": "display_data", "data": {"text/plain": key}},),
        about={"kind": "head", "key": key, "part": part, "rank": rank, "label": key, "title": key, "has_text": True, **more},
    )


def test_chapters_stand_by_what_is_at_stake_or_as_the_notebook_has_them() -> None:
    exhibit = Piece(outputs=({"output_type": "display_data", "data": {}},), about={"span": 7})
    other = Piece(outputs=exhibit.outputs, about={"span": 5})
    pieces = [
        piece("verdict", "front"),
        piece("light", rank=1),
        exhibit,
        other,
        other,
        piece("heavy", rank=9),
        piece("away", is_left_out=True),
        exhibit,
        piece("method", "basis"),
    ]
    by_stake = Pages({"language": "en", "order": "stake"}, pieces)
    assert [sheet.head.about["key"] for sheet in by_stake.sheets] == ["verdict", "heavy", "light", "method"]
    as_written = Pages({"language": "en", "order": "notebook"}, pieces)
    assert [sheet.head.about["key"] for sheet in as_written.sheets] == ["verdict", "light", "heavy", "method"]
    assert [[one.span for one in row] for row in as_written.sheets[1].rows] == [[7, 5], [5]]


def test_a_heading_of_an_analyst_begins_a_page_after_the_one_before_it() -> None:
    pieces = [piece("verdict", "front"), piece("light", rank=1), piece("heavy", rank=9), Piece(markdown="# Mine"), Piece(markdown="text")]
    found = Pages({"language": "en", "order": "stake"}, pieces).sheets
    assert [sheet.head.about["key"] for sheet in found] == ["verdict", "heavy", "", "light"]
    assert [one.markdown for one in found[2].pieces] == ["# Mine", "text"]


def test_a_drawing_has_the_same_places_on_screen_and_on_paper() -> None:
    drawing = Drawing((Line(((0.0, 0.5), (1.0, 0.5)), 1.5, "bad"),), (Dot(0.25, 0.5, 0.8, "bad"),), 20.0, 4.0)
    assert 'points="0.00,2.00 20.00,2.00"' in drawing.svg()
    assert 'cx="5.00" cy="2.00" r="0.8"' in drawing.svg()
    assert (
        drawing.typst()
        == 'drawn(20, 4, ((((0.0000, 0.5000), (1.0000, 0.5000),), 1.5, "bad", false), ), ((0.2500, 0.5000, 0.8, "bad", false), ))'
    )


def test_a_scale_holds_its_values_and_a_line_needs_three_months() -> None:
    scale = Scale.of([10.0, 20.0])
    assert scale.place(0.0) == 0.0
    assert 0.4 < scale.place(10.0) < 0.5
    assert scale.place(1e9) == 1.0
    assert spark([1.0, 2.0], [False, True]) is None
    drawn = spark([1.0, float("nan"), 2.0, 4.0], [False, False, True, True])
    assert drawn is not None
    assert len(drawn.lines) == 2


def test_the_head_of_a_page_tells_the_exporters_where_it_stands(small: Callable[..., Audit]) -> None:
    bundle = page(small(Ann=alike(answer_min=900, signed=0.2)), "speed")._repr_mimebundle_()
    about = bundle["application/vnd.salesqc.piece+json"]
    assert json.dumps(about)
    assert about["part"] == "chapters"
    assert about["rank"] > 0


def test_a_chapter_without_an_exhibit_or_a_word_is_no_page() -> None:
    pieces = [piece("verdict", "front"), piece("bare", has_text=False), piece("told"), piece("method", "basis", has_text=False)]
    found = Pages({"language": "en", "order": "stake"}, pieces).sheets
    assert [sheet.head.about["key"] for sheet in found] == ["verdict", "told", "method"]
