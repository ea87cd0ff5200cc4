"""What a cell shows: hostile texts are texts, both languages are whole, a chart says its message."""

import pytest

from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.kpi.card import Card
from salesqc_lib.measure import Measurement
from salesqc_lib.show import breakdown, conversion_by_response, forest, funnel, say, scoreboard, table, trend
from salesqc_lib.show.forms.shown import Shown, quote
from salesqc_lib.show.words.labels import COMPANIONS, FIELDS, REASONS, SEGMENTS, TABLES, kpi_name, reason_text
from salesqc_lib.words import LANGUAGES, Language, Reader, Text
from tests.conftest import ROOT, Company, measured

HOSTILE = """<script>alert(1)</script>"'&#}]$ \\ #panic()"""


def few(company: Company, name: str = "Ann") -> Measurement:
    rows = [
        f'{i},2026-01-05,"{name.replace(chr(34), chr(34) * 2)}",site,2026-01-06,{"2026-01-09" if i % 2 else ""},{"won" if i % 2 else "open"},{"2026-01-09" if i % 2 else ""},100'
        for i in range(20)
    ]
    return measured(
        company(deals="deal_id,created_at,manager,channel,qualified_at,contract_at,outcome,closed_at,amount\n" + "\n".join(rows))
    )


def compiled(shown: Shown) -> bytes:
    from salesqc_lib.report.pdf import compile_pdf

    return compile_pdf('#import "report.typ": *\n#show: report.with(title: "t", client: "c", language: "en")\n' + shown.paper)


def test_hostile_names_stay_text_in_both_forms(company: Company) -> None:
    found = few(company, HOSTILE)
    for shown in (breakdown(found, "lead_to_contract", "manager"), forest(found, "lead_to_contract", "manager"), say(found, "funnel")):
        assert "<script>" not in shown.web
        assert compiled(shown).startswith(b"%PDF")
    assert "&lt;script&gt;" in breakdown(found, "lead_to_contract", "manager").web


def test_quote_is_a_typst_string() -> None:
    assert quote('a"b\\c') == '"a\\"b\\\\c"'
    assert quote("line\nline\x00") == '"line line "'


def test_every_shown_thing_has_its_three_forms(company: Company) -> None:
    found = few(company)
    for shown in (
        scoreboard(found),
        breakdown(found, ["leads", "lead_to_contract"], "manager"),
        funnel(found),
        trend(found, "leads"),
        say(found, "results"),
    ):
        bundle = shown._repr_mimebundle_()
        assert bundle["text/html"]
        assert bundle["text/vnd.typst"]
        assert bundle["text/plain"]


def test_a_chart_carries_its_message_and_a_text_for_who_cannot_see_it(company: Company) -> None:
    shown = forest(few(company), "lead_to_contract", "channel")
    assert "there is nothing to compare" in shown.web
    assert 'role="img" aria-label="site: 50.0%"' in shown.web
    assert shown.frame["segment"].tolist() == ["site"]


@pytest.mark.parametrize(
    "shown",
    [
        lambda m: table(m, "stage_flow"),
        lambda m: conversion_by_response(m),
        lambda m: breakdown(m, "first_response_time", "manager"),
        lambda m: forest(m, "first_response_time", "manager"),
    ],
)
def test_what_cannot_be_shown_says_what_to_bring(company: Company, shown: object) -> None:
    assert "eeds: " in shown(few(company)).plain  # type: ignore[operator]


def test_a_change_is_called_real_only_beyond_chance() -> None:
    from salesqc_lib.measure.changes import outlooks
    from salesqc_lib.show.words.prose import REAL, WITHIN, is_real

    now, before = {"value": 0.5, "low": 0.45, "high": 0.55}, {"value": 0.45, "low": 0.4, "high": 0.5}
    assert outlooks([("win_rate", now, before)]) == ["same"]
    assert outlooks([("win_rate", now, {"value": 0.2, "low": 0.15, "high": 0.25})]) == ["better"]
    assert outlooks([("win_rate", now, before | {"high": float("nan")})]) == [""]
    assert outlooks([("leads", now, before)]) == [""], "a count has no interval of a sample"
    assert (is_real("better"), is_real("same"), is_real("")) == (REAL, WITHIN, Text("", ""))


def test_one_small_change_among_many_is_none() -> None:
    """z = (0.60 − 0.45) · 1.96 / √(0.10² + 0.10²) = 2.08, p = 0.038: alone it passes 5 %, as one of twenty it does not."""
    from salesqc_lib.measure.changes import outlooks

    one = ("win_rate", {"value": 0.6, "low": 0.5, "high": 0.7}, {"value": 0.45, "low": 0.35, "high": 0.55})
    still = ("win_rate", {"value": 0.5, "low": 0.4, "high": 0.6}, {"value": 0.5, "low": 0.4, "high": 0.6})
    assert outlooks([one]) == ["better"]
    assert outlooks([one, *[still] * 19])[0] == "same"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_exists_in_both_languages(language: str) -> None:
    for texts in (COMPANIONS, SEGMENTS, TABLES, FIELDS, REASONS):
        assert all(text[language].strip() for text in texts.values())  # type: ignore[index]
    for kpi in CATALOGUE:
        assert kpi_name(kpi, language)  # type: ignore[arg-type]


def test_every_reason_that_a_card_can_give_has_words(company: Company) -> None:
    found = measured(company(deals="deal_id,created_at\n1,2026-01-05"))
    for reason in found.frame["reason"].unique():
        if reason:
            assert all(reason_text(reason, language) for language in LANGUAGES)


def test_russian_reports_have_no_english_left(company: Company) -> None:
    found = few(company)
    russian = Measurement(found.frame, found.tables, Reader("ru", "RUB"))
    text = scoreboard(russian).plain + say(russian, "funnel").plain + funnel(russian).plain
    assert not [word for word in text.replace("BCa", "").split() if word.isascii() and word.isalpha()], text


def test_the_reference_of_kpis_is_up_to_date() -> None:
    from salesqc_lib.show.reference import PAGE, page

    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), "make golden"


@pytest.mark.parametrize("card", CATALOGUE.values(), ids=list(CATALOGUE))
@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_example_is_written_out_in_both_languages(card: Card, language: Language) -> None:
    from salesqc_lib.show.words.examples import results_of, rows_of

    assert ":" in rows_of(card.example, language)
    assert results_of(card, language)


def test_a_myth_is_printed_as_one_beside_the_own_figure(company: Company) -> None:
    from salesqc_lib.show import benchmarks

    deals = "deal_id,created_at,contract_at\n1,2026-01-02,2026-01-20"
    calls = "activity_id,kind,at,direction,deal_id\n1,call,2026-01-03,out,1"
    shown = benchmarks(measured(company(deals=deals, activities=calls), "persistence"))
    assert "myth: there is no such study" in shown.plain
    assert "Contracts from the 5th touch: 0.0%" in shown.plain


def test_a_chapter_without_data_shrinks_to_what_is_missing(company: Company) -> None:
    from salesqc_lib.show import heat

    quality = measured(company(deals="deal_id,created_at\n1,2026-01-02"), "quality")
    assert "scorecards of reviewed conversations" in say(quality, "quality").plain
    assert all(
        shown.web == ""
        for shown in (scoreboard(quality), heat(quality), forest(quality, "review_score", "manager"), table(quality, "criteria_profile"))
    )


def test_the_page_of_limits_is_that_of_the_code() -> None:
    from salesqc_lib.limits import EVERY
    from salesqc_lib.show.reference import LIMITS_PAGE, limits_page

    assert (ROOT / LIMITS_PAGE).read_text(encoding="utf-8") == limits_page(), "run make golden"
    assert len(EVERY) > 15
