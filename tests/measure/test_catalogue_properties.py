"""What must hold for every KPI of the catalogue, on the English demo client."""

import random
from pathlib import Path

import pandas as pd
import pytest

from salesqc_lib.dataset import Dataset
from salesqc_lib.kpi import CATALOGUE
from salesqc_lib.measure import Measurement, measure
from salesqc_lib.params import read
from salesqc_lib.period import Period

PERIOD = "2026-Q3"
# each counts on one level: used by the department, by a team, by a seller
ON_LEVELS = {"materials_used", "reviewer_agreement", "plan_attainment", "plan_attainment_contracts", "plan_attainment_leads"}
# a double review belongs to two reviewers, a projection and a forecast are no sums
NO_SUMS = ON_LEVELS | {"lead_to_contract_projected", "plan_forecast", "pipeline_coverage", "clv_to_cac", "clv_to_cac_with_first"}


@pytest.fixture(scope="module")
def client(demo_folder: Path) -> Path:
    return demo_folder / "params" / "larkfield.yaml"


@pytest.fixture(scope="module")
def found(client: Path) -> Measurement:
    return measure(Dataset.read(read(client)), Period.parse(PERIOD))


def test_every_kpi_is_given_or_says_why_not(found: Measurement) -> None:
    total = found.frame[found.frame["by"] == ""]
    given = {*total["kpi"], *found.tables}
    assert set(CATALOGUE) <= given
    assert (total.loc[total["value"].isna(), "reason"] != "").all()


def test_shares_lie_between_nothing_and_all_within_their_interval(found: Measurement) -> None:
    shares = found.frame[(found.frame["unit"] == "share") & found.frame["value"].notna()]
    kinds = shares["kpi"].map(lambda kpi: CATALOGUE[kpi].kind if kpi in CATALOGUE else "")
    cohort = shares[kinds == "share"]
    assert len(cohort) > 300
    assert cohort["value"].between(0, 1).all()
    assert (cohort["k"] <= cohort["n"]).all()
    bounded = found.frame[found.frame["low"].notna() & found.frame["high"].notna() & (found.frame["kpi"] != "lead_to_contract_projected")]
    slack = 1e-9 * bounded["value"].abs() + 1e-9
    assert (bounded["low"] <= bounded["value"] + slack).all()
    assert (bounded["value"] <= bounded["high"] + slack).all()


@pytest.mark.parametrize("by", ["manager", "team", "channel", "product"])
def test_segments_add_up_to_the_total(found: Measurement, by: str) -> None:
    """Counts and sums by their value, everything else by its cases."""
    checked = 0
    for kpi, part in found.frame[(found.frame["by"] == by) & (found.frame["segment"] != "")].groupby("kpi"):
        owner = str(kpi) if kpi in CATALOGUE else max((name for name in CATALOGUE if str(kpi).startswith(f"{name}_")), key=len)
        if str(kpi) in NO_SUMS or CATALOGUE[owner].kind == "ratio" or str(kpi).endswith(("per_day", "response_rate")):
            continue
        column = "value" if CATALOGUE[owner].kind in ("count", "sum") and kpi == owner else "n"
        assert part[column].sum() == pytest.approx(found.row(str(kpi))[column]), kpi
        checked += 1
    assert checked >= 8


def test_the_identity_of_stage_flow(found: Measurement) -> None:
    flow = found.tables["stage_flow"]
    ways = flow[["advanced", "lost", "moved_back", "other_pipeline", "still_there"]].sum(axis=1)
    assert flow["entries"].sum() > 100
    assert (ways == flow["entries"]).all()


def test_the_order_of_rows_changes_nothing(client: Path, found: Measurement, tmp_path: Path) -> None:
    source = client.parent.parent / "data" / "demo" / "larkfield"
    (tmp_path / "data" / "demo" / "larkfield").mkdir(parents=True)
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / client.name).write_text(client.read_text(encoding="utf-8"), encoding="utf-8")
    for file in source.glob("*.csv"):
        head, *rows = file.read_text(encoding="utf-8").splitlines()
        if file.stem != "stage_events":  # events of one moment are told apart by their order
            random.Random(1).shuffle(rows)  # noqa: S311 - no secret
        (tmp_path / "data" / "demo" / "larkfield" / file.name).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    again = measure(Dataset.read(read(tmp_path / "params" / client.name)), Period.parse(PERIOD))
    pd.testing.assert_frame_equal(found.frame, again.frame, check_exact=False, rtol=1e-9)
    for name, table in found.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name], check_exact=False, rtol=1e-9)
