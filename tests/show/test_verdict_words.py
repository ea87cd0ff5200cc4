"""What a finding says: how sure, how large, what else could explain it; and what is told without being a fault."""

from dataclasses import replace

import pytest

from salesqc_lib.findings import Finding, Money, find
from salesqc_lib.measure import measure
from salesqc_lib.show.charts.bridge import bridge
from salesqc_lib.show.tables import breakdown, reliability
from salesqc_lib.show.words.findings import certainty, could_be, note, size_of_gap, statement
from salesqc_lib.show.words.money import cost, cost_in_short
from salesqc_lib.words import Reader
from tests.conftest import Company
from tests.findings.test_past import PERIOD, life, steady
from tests.firm import alike, firm

RU, EN = Reader("ru", "RUB"), Reader("en", "EUR")


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\u00a0", " ")


SELLER = Finding(
    "peers", "key_event_to_contract", "manager", "Ann", 0.2, 0.1, 0.3, 60, "share", 0.5, grade="likely", gap=0.41, gap_low=0.12, gap_high=0.62, stages=("contract_at",), allowed=("mix", "age", "tenure"),
)  # fmt: skip


def test_a_finding_says_how_sure_and_how_large() -> None:
    assert plain(certainty(SELLER, RU)).startswith(
        "вероятно; с учётом состава, возраста сделок, стажа и случайности хуже на 41 % (от 12 % до 62 %)"
    )
    assert certainty(SELLER, EN).startswith("likely; worse by 41% (12% to 62%) with mix, age of the deals, tenure and chance allowed for")
    slow = Finding("peers", "first_response_time", "manager", "Ann", gap=2.3, gap_low=1.1, gap_high=3.4)
    assert size_of_gap(slow, "ru") == "хуже в 3,3 раза (от 2,1 до 4,4)"
    assert size_of_gap(slow, "en") == "3.3 times as much (2.1 to 4.4)"
    many = Finding("peers", "first_response_time", "manager", "Ann", gap=24.0, gap_low=19.6, gap_high=31.0)
    assert size_of_gap(many, "ru") == "хуже в 25 раз (от 21 до 32)"
    assert size_of_gap(replace(many, gap=22.0), "ru").startswith("хуже в 23 раза")


def test_a_gap_that_the_mix_hides_is_told_with_the_mix_allowed_for() -> None:
    """30 % against the others' 26 %, and yet behind them with what was given: 20 against 26."""
    one = replace(SELLER, kpi="win_rate", value=0.304, peer=0.256, peer_fair=0.256, estimate=0.198, gap=0.23, gap_low=0.1, gap_high=0.35)
    told = plain(statement(one, EN))
    assert told == "Ann: 30% of closed deals are won; with mix, age of the deals, tenure and chance allowed for 20%, peers 26%"
    assert plain(statement(replace(SELLER, estimate=0.21, peer_fair=0.48), EN)) == "Ann: 20% of meetings end in a contract, peers 50%"


def test_a_finding_says_what_else_could_explain_it() -> None:
    assert "сложность самих заявок" in could_be(SELLER, "ru")
    assert "need not" not in could_be(SELLER, "en")
    assert "hard leads may have waited longer" in could_be(
        Finding("peers", "first_response_time", "manager", "Ann", stages=("speed",)), "en"
    )
    assert "Не учтены: состав заявок, возраст сделок, стаж, контакты, которых никто не записал, сложность самих заявок" in could_be(
        Finding("peers", "calls_per_day", "manager", "Ann"), "ru"
    )
    assert "Сезон и состав учтены" in could_be(Finding("past", "win_rate", allowed=("season", "channel")), "ru")
    assert "Состав каналов и продуктов не учтён" in could_be(Finding("past", "stage_duration", "stage", "New"), "ru")
    assert could_be(Finding("norm", "overdue_tasks"), "ru") == ""


def test_money_that_cannot_be_told_says_why_and_how_much_at_most() -> None:
    told = plain(cost(Money(why_not="idle", most=1_230_000.0), RU))
    assert "сказать нельзя" in told
    assert "salesqc trial" in told
    assert "Не больше 1,2 млн ₽" in told
    short = plain(cost_in_short(Money(why_not="idle", most=1_230_000.0), RU))
    assert short == "сколько, данные не скажут, не больше 1,2 млн ₽"
    apart = cost(Money(1.0, 2.0, 3.0, is_apart=True), EN)
    assert "in no total" in apart


def test_an_absent_practice_is_told_as_what_the_data_lack() -> None:
    assert statement(Finding("absent", "csat", reason="surveys"), EN).startswith("The data hold no client survey")
    assert certainty(Finding("absent", "csat", reason="surveys"), RU) == "посчитано"


@pytest.mark.parametrize("reader", [RU, EN])
def test_changes_that_are_nobodys_doing_are_told(company: Company, reader: Reader) -> None:
    """A campaign of a poor channel, and a fall without a year to compare with."""
    shares = {"Site": 0.4, "Ads": 0.1}
    usual, campaign = ({"Site": 4, "Ads": 4}, shares), ({"Site": 4, "Ads": 20}, shares)
    for quarters, words in (
        (
            {"2025-Q4": usual, "2026-Q1": usual, "2026-Q2": campaign},
            ("«Ads»: 83 % заявок, в прошлом периоде — 50 %", "“Ads”: 83% of leads, 50% in the period before"),
        ),
        (
            {"2025-Q4": steady(6), "2026-Q1": steady(6), "2026-Q2": steady(6, 0.15)},
            ("сезон от работы не отличить", "season and work cannot be told apart"),
        ),
    ):
        dataset = company(deals=life(quarters), as_of="2026-07-31T00:00:00")
        findings = find(dataset, PERIOD, measure(dataset, PERIOD))
        told = plain(" ".join(note(one, reader) for one in findings if one.rule in ("changed", "mix_changed")))
        assert words[reader.language == "en"] in told


def test_the_bridge_shows_the_parts_and_their_sum(company: Company) -> None:
    """Half the leads at the same share: 218 contracts less, all of them by volume."""
    quarters = {"2025-Q4": steady(8), "2026-Q1": steady(8), "2026-Q2": steady(4)}
    dataset = company(deals=life(quarters), as_of="2026-07-31T00:00:00")
    shown = bridge(find(dataset, PERIOD, measure(dataset, PERIOD)))
    assert shown.frame is not None
    rows = shown.frame.set_index("part")["value"]
    assert (rows["was"], rows["now"]) == (432, 218)
    assert rows["volume"] == pytest.approx(rows["now"] - rows["was"], abs=4)
    assert rows[["volume", "mix", "rate"]].sum() == pytest.approx(rows["now"] - rows["was"])
    assert "fewer leads" in shown.plain
    assert (
        bridge(
            find(
                company(deals="deal_id,created_at\n1,2026-04-05"),
                PERIOD,
                measure(company(deals="deal_id,created_at\n1,2026-04-05"), PERIOD),
            )
        ).plain
        == ""
    )


def test_a_table_of_people_says_how_reliable_it_is(company: Company) -> None:
    from salesqc_lib.period import Period

    measured = measure(company(**firm(Ann=alike(signed=0.05)), as_of="2026-03-01T00:00:00"), Period.parse("2026-01"))
    assert "Key event held → contract 9" in reliability(measured, ["key_event_to_contract"], "manager")
    assert "no order can be told" in reliability(measured, ["qualification_rate"], "manager")
    assert reliability(measured, ["qualification_rate"], "channel") == ""
    assert "Reliability" in breakdown(measured, ["qualification_rate"], "manager").plain


def test_of_few_amounts_the_median_stands_beside_the_mean(company: Company) -> None:
    """Ann signed 100, 100 and 1 000: the mean of 400 is one deal's; no interval is told of three amounts."""
    from salesqc_lib.period import Period

    rows = [
        f"{i},2026-01-05,{name},won,2026-01-09,2026-01-09,{amount}"
        for i, (name, amount) in enumerate((("Ann", 100), ("Ann", 100), ("Ann", 1000), ("Bob", 300)))
    ]
    data = company(deals="deal_id,created_at,manager,outcome,closed_at,contract_at,amount\n" + "\n".join(rows))
    shown = breakdown(measure(data, Period.parse("2026-01"), ["average_deal"]), ["average_deal"], "manager")
    assert "€400 (median €100, 3 amounts)" in shown.plain
