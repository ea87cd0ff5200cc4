"""The tidy table: its contract, its invariants, its verdicts."""

import random

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from salesqc_lib.measure.measurement import TIDY
from tests.conftest import Company, measured, write_company


def some_deals(seed: int, count: int, sellers: str = "ABC") -> list[str]:
    rng = random.Random(seed)  # noqa: S311 - a made-up company
    rows = []
    for i in range(count):
        day = rng.randint(1, 28)
        qualified = f"2026-01-{min(day + 1, 31):02}" if rng.random() < 0.6 else ""
        signed = f"2026-01-{min(day + 3, 31):02}" if qualified and rng.random() < 0.5 else ""
        rows.append(
            f"{i},2026-01-{day:02},{rng.choice(sellers)},{rng.choice(['site', 'ads', ''])},{qualified},{signed},{'won' if signed else 'open'},{signed},{rng.randint(1, 9) * 100 if signed else ''}"
        )
    return rows


HEADER = "deal_id,created_at,manager,channel,qualified_at,contract_at,outcome,closed_at,amount\n"


def test_the_contract_of_the_tidy_table(company: Company) -> None:
    frame = measured(company(deals=HEADER + "\n".join(some_deals(1, 60)))).frame
    assert list(frame.columns) == TIDY
    assert not frame.duplicated(["kpi", "by", "segment"]).any()
    assert set(frame["verdict"]) <= {"better", "worse", "same", "unknown"}
    assert (frame["reason"] != "")[frame["value"].isna()].all(), "a missing value has a reason"
    assert (frame["reason"] == "")[frame["value"].notna()].all()
    shares = frame[(frame["unit"] == "share") & frame["low"].notna()]
    assert ((shares["low"] <= shares["value"]) & (shares["value"] <= shares["high"])).all()


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6))
def test_invariants_of_any_company(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Shares lie in [0, 1], segments add up to the total, the order of rows does not matter, and two halves make the whole."""
    from salesqc_lib.dataset import Dataset

    rows = some_deals(seed, 80)
    shuffled = rows.copy()
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    names = ("leads", "lead_to_contract", "qualified_leads", "contracts", "revenue", "average_deal", "win_rate")

    def frame(some: list[str]) -> pd.DataFrame:
        parameters = write_company(tmp_path_factory.mktemp("any"), deals=HEADER + "\n".join(some))
        return measured(Dataset.read(parameters), *names).frame

    whole, again, first, second = frame(rows), frame(shuffled), frame(rows[::2]), frame(rows[1::2])
    pd.testing.assert_frame_equal(whole, again, check_exact=False, rtol=1e-12)
    share = whole[whole["unit"] == "share"]["value"].dropna()
    assert share.between(0, 1).all()
    for kpi in ("leads", "lead_to_contract", "contracts", "revenue"):
        total = whole[(whole["kpi"] == kpi) & (whole["by"] == "")].iloc[0]
        for by in ("manager", "channel"):
            parts = whole[(whole["kpi"] == kpi) & (whole["by"] == by)]
            assert parts["n"].sum() == total["n"]
        halves = [part[(part["kpi"] == kpi) & (part["by"] == "")].iloc[0] for part in (first, second)]
        assert sum(half["n"] for half in halves) == total["n"]
        assert sum(half["k"] if kpi == "lead_to_contract" else half["value"] for half in halves) == pytest.approx(
            total["k"] if kpi == "lead_to_contract" else total["value"]
        )


def test_a_seller_who_differs_is_named_and_chance_is_not(company: Company) -> None:
    """C signs 2 of 60, A and B 30 of 60 each; D has too few cases for a verdict."""
    signed = {"A": 30, "B": 30, "C": 2}
    rows = [f"{name}{i},2026-01-05,{name},{'2026-01-09' if i < count else ''}" for name, count in signed.items() for i in range(60)]
    rows += [f"D{i},2026-01-05,D," for i in range(4)]
    found = measured(company(deals="deal_id,created_at,manager,contract_at\n" + "\n".join(rows)), "lead_to_contract")
    assert {row["segment"]: row["verdict"] for _, row in found.segments("lead_to_contract", "manager").iterrows()} == {
        "A": "better",
        "B": "better",
        "C": "worse",
        "D": "unknown",
    }
    even = [
        f"{name}{i},2026-01-05,{name},{'2026-01-09' if i < 20 + offset else ''}" for offset, name in enumerate("ABC") for i in range(60)
    ]
    found = measured(company(deals="deal_id,created_at,manager,contract_at\n" + "\n".join(even)), "lead_to_contract")
    assert set(found.segments("lead_to_contract", "manager")["verdict"]) == {"same"}


@pytest.mark.parametrize(("target", "verdict"), [("0.9", "worse"), ("0.5", "same"), ("0.1", "better")])
def test_a_target_is_missed_only_where_the_interval_leaves_it_out(company: Company, target: str, verdict: str) -> None:
    rows = [f"{i},2026-01-05,{'2026-01-09' if i < 30 else ''}" for i in range(60)]
    found = measured(
        company(deals="deal_id,created_at,contract_at\n" + "\n".join(rows), more=f"targets: {{lead_to_contract: {target}}}"),
        "lead_to_contract",
    )
    assert found.row("lead_to_contract")["verdict"] == verdict


def test_months_and_weeks_are_series_of_their_own_periods(company: Company) -> None:
    frame = measured(company(deals="deal_id,created_at\n1,2025-12-30\n2,2026-01-02\n3,2026-01-20"), "leads").frame
    months = frame[frame["by"] == "month"]
    assert months["segment"].tolist() == ["2025-12", "2026-01"]
    assert months["value"].tolist() == [1, 2]
    weeks = frame[frame["by"] == "week"].set_index("segment")["value"]
    assert weeks["2026-W01"] == 2


def test_breakdowns_of_ones_own(company: Company) -> None:
    from salesqc_lib.measure import measure
    from salesqc_lib.period import Period

    data = company(deals="deal_id,created_at,campaign\n1,2026-01-05,x\n2,2026-01-05,y\n3,2026-01-05,x")
    found = measure(data, Period.parse("2026-01"), ["leads"], by=["campaign"])
    assert {row["segment"]: row["value"] for _, row in found.segments("leads", "campaign").iterrows()} == {"x": 2, "y": 1}


def test_a_card_measures_a_pandas_frame_as_well(company: Company) -> None:
    """The same deferred expressions on pandas: an analyst's cell needs no database."""
    import narwhals as nw

    from salesqc_lib.facts import AS_OF, Facts
    from salesqc_lib.kpi import CATALOGUE

    data = company(deals=HEADER + "\n".join(some_deals(5, 40)))
    frame = data.frame("SELECT * FROM facts.deals").assign(**{AS_OF: pd.Timestamp("2026-02-01", tz="UTC")})
    deals = Facts("deals", nw.from_native(frame), frozenset(frame.columns))
    share = CATALOGUE["lead_to_contract"]({"deals": deals})
    k, n = (int(deals.frame.select(amount.value.alias("a"))["a"].sum()) for amount in (share.amounts["k"], share.amounts["n"]))  # type: ignore[attr-defined]
    row = measured(data, "lead_to_contract").row("lead_to_contract")
    assert (k, n) == (row["k"], row["n"])
