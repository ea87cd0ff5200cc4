"""Pieces of the publication whose figures can be worked out by hand."""

from pathlib import Path
from typing import Any

import pytest

from salesqc_lib import Audit
from salesqc_lib.findings.watch import WATCHED
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.show import cover, curves, differences, interview, passport, regrets, remark
from salesqc_lib.show.forms.blocks import Heading, Problem, Tile, beside, card, form, ranked, tiles
from salesqc_lib.show.forms.shown import nothing, paragraph
from salesqc_lib.show.interview import QUESTIONS
from salesqc_lib.show.words.told import TOLD
from salesqc_lib.units import write_interval, write_money_short
from tests.conftest import write_company
from tests.show.test_show import HOSTILE, compiled

# January: four leads, of which one is spam; one contract of an old lead; two deals lost, one of them after the key event
DEALS = """\
deal_id,created_at,manager,is_target,qualified_at,key_event_held_at,contract_at,outcome,closed_at,amount,loss_reason
old,2025-12-20,Ann,1,2025-12-21,2025-12-22,2026-01-10,won,2026-01-12,1000,
late,2026-01-02,Ann,1,2026-01-03,2026-01-04,,lost,2026-01-20,500,Price
early,2026-01-02,Ann,1,,,,lost,2026-01-20,900,Price
open,2026-01-05,Ann,1,,,,open,,100,
spam,2026-01-05,Ann,0,,,,lost,2026-01-06,,Spam
"""


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    more = "report: {language: en, currency: EUR, timezone: UTC, remarks: {people: 'Two <b>new</b> sellers.'}}\n"
    parameters = write_company(tmp_path, deals=DEALS, head="client: {id: small, name: Small}\n" + more)
    return Audit(str(parameters.file), "2026-01")


def test_why_our_figures_differ_from_the_crm(audit: Audit) -> None:
    """A CRM counts 4 leads (we leave the spam out: 3), and divides the one contract of the month by them: 25 %; of January's own leads
    none has signed. Of 4 deals created, none was won; of the 3 closed target deals, one was."""
    lines = {line.split(" | ")[0]: line for line in differences(audit).plain.splitlines()}
    assert lines["Leads"].startswith("Leads | 4 (every deal created in the period) | 3 |")
    assert lines["Lead-to-contract rate"].startswith(
        "Lead-to-contract rate | 25.0% (contracts of the period over all deals created in it) | 0.0% |"
    )
    assert lines["Contracts"].endswith("| here both ways of counting give the same")
    assert lines["Win rate"].startswith("Win rate | 0.0% (won over created in the period) | ")


def test_the_trust_in_the_data_is_graded_by_the_rule_it_prints(audit: Audit) -> None:
    plain = passport(audit).plain
    given, every = (int(number) for number in plain.split("Measures given: ")[1].split("\n")[0].split(" / "))
    assert every == len(CATALOGUE)
    assert ("Trust in the data: C" in plain) == (given / every < 0.7)


def test_losses_are_regretted_by_what_they_might_have_become(tmp_path: Path) -> None:
    """Of twenty deals that came to the key event long enough ago ten signed; a deal lost there is worth half its amount, one lost before it next to nothing
    that anybody knows: half of 600 comes before half of 400."""
    head = "deal_id,created_at,manager,key_event_held_at,contract_at,outcome,closed_at,amount\n"
    won = [f"w{i},2025-06-0{i % 9 + 1},Ann,2025-06-15,2025-06-20,won,2025-06-20,100" for i in range(10)]
    lost = [f"l{i},2025-06-0{i % 9 + 1},Ann,2025-06-15,,lost,2025-06-20,100" for i in range(10)]
    now = ["a,2026-01-02,Ann,2026-01-04,,lost,2026-01-20,400", "b,2026-01-02,Ann,2026-01-04,,lost,2026-01-20,600"]
    parameters = write_company(tmp_path, deals=head + "\n".join([*won, *lost, *now]))
    shown = regrets(Audit(str(parameters.file), "2026-01"))
    assert list(shown.frame["deal_id"]) == ["b", "a"]
    assert [round(value) for value in shown.frame["regret"]] == [300, 200]


def test_a_remark_is_shown_where_it_was_written_for_and_stays_text(audit: Audit) -> None:
    assert "Two &lt;b&gt;new&lt;/b&gt; sellers." in remark(audit, "people").web
    assert remark(audit, "funnel") == nothing()


def test_the_interview_asks_of_measures_that_exist(audit: Audit) -> None:
    assert {kpi for question in QUESTIONS for kpi in question.kpis} <= set(CATALOGUE)
    # where the export has no tasks, the question stands without a figure; where amounts are known, with it
    asked = dict(zip((question.text.en for question in QUESTIONS), interview(audit).plain.splitlines(), strict=True))
    assert any(line.endswith("Average deal: €1,000") for line in asked.values())
    assert any(line == question for question, line in asked.items())


def test_every_watched_measure_can_be_told() -> None:
    assert {watched.kpi for watched in WATCHED} == set(TOLD)


def test_a_curve_of_nothing_says_what_to_bring(audit: Audit) -> None:
    assert "eeds: " in curves(audit, "first_response_time", by="manager").plain


@pytest.mark.parametrize(
    ("ends", "unit", "language", "written"),
    [
        ((0.457, 0.543), "share", "ru", "45,7–54,3 %"), ((0.457, 0.543), "share", "en", "45.7–54.3%"), ((2280, 7560), "seconds", "ru", "38 мин – 2,1 ч"),
        ((212217, 421249), "money", "ru", "212–421 тыс. ₽"), ((-5, 5), "score", "en", "−5.0 – 5.0"), ((0.1, float("nan")), "share", "en", "10.0% – …"),
        ((400_000, 1_300_000), "money", "ru", "400 тыс. ₽ – 1,3 млн ₽"),
    ],
)  # fmt: skip
def test_an_interval_names_its_unit_once(ends: tuple[float, float], unit: str, language: Any, written: str) -> None:
    assert write_interval(*ends, unit, language, "RUB").replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("value", "language", "currency", "written"),
    [
        (2_912_345, "ru", "RUB", "2,9 млн ₽"), (45_000, "en", "GBP", "£45K"), (6_200_000, "en", "RUB", "RUB 6.2M"), (950, "en", "EUR", "€950"),
        (212_217, "ru", "RUB", "212 тыс. ₽"), (1_500, "en", "", "1.5K"),
    ],
)  # fmt: skip
def test_money_as_one_says_it(value: float, language: Any, currency: str, written: str) -> None:
    assert write_money_short(value, language, currency).replace("\u00a0", " ") == written


def test_hostile_texts_stay_texts_in_every_block() -> None:
    for shown in (
        tiles([Tile(HOSTILE, HOSTILE, HOSTILE)]),
        ranked([Problem(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)]),
        card(HOSTILE, HOSTILE, "bad", [(HOSTILE, HOSTILE)], anchor=HOSTILE),
        form([(HOSTILE, HOSTILE)], (HOSTILE, HOSTILE, HOSTILE)),
        beside(paragraph(HOSTILE), paragraph("x")),
    ):
        assert "<script>" not in shown.web
        assert compiled(shown).startswith(b"%PDF")


def test_a_name_as_a_heading_is_no_markdown() -> None:
    from salesqc_lib.report.markdown import to_html

    source = Heading("Ann *the* [x](javascript:1) # <b>")._repr_mimebundle_()["text/markdown"]
    headings: list[Any] = []
    page = to_html(source, headings, set())
    assert [heading.text for heading in headings] == ["Ann *the* [x](javascript:1) # <b>"]
    assert "<em>" not in page
    assert "<a " not in page


def test_a_brief_cover_tells_the_exporters(audit: Audit) -> None:
    assert cover(audit, is_brief=True).meta["is_brief"] is True  # type: ignore[index]
    assert audit.titled("Доска", "Board") is audit
    assert "Board" in cover(audit).plain
