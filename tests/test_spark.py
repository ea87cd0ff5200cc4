"""The same cards on Spark: the same table as on DuckDB, to 1e-9."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from salesqc_lib.dataset import Dataset
from salesqc_lib.findings import find
from salesqc_lib.measure import measure
from salesqc_lib.params import read
from salesqc_lib.period import Period

pytest.importorskip("pyspark", reason="the extra «spark» is not installed")
pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")

GROUPS = ("funnel", "results", "speed", "activity")
HEAD = """\
client: {id: lark, name: Larkfield, accent: "#1f6f5c"}
report: {language: en, currency: GBP, timezone: Europe/London}
"""


@pytest.fixture(scope="module")
def pair(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, Dataset]:
    """The English demo client of half a year as typed Parquet, read by either engine."""
    folder = tmp_path_factory.mktemp("spark")
    source = Dataset.read(read(demo_folder / "params" / "larkfield.yaml"))
    (folder / "data").mkdir()
    recent = "SELECT deal_id FROM canonical.deals WHERE created_at >= '2026-04-01'"
    for table in ("deals", "stage_events", "activities", "spend", "plans", "managers"):
        where = f"WHERE deal_id IN ({recent})" if table in ("deals", "stage_events", "activities") else ""
        source.con.execute(f"COPY (SELECT * FROM canonical.{table} {where}) TO '{folder}/data/{table}.parquet' (FORMAT parquet)")
    rest = (demo_folder / "params" / "larkfield.yaml").read_text(encoding="utf-8").partition("stages:")[2]
    found = []
    for kind in ("tables", "spark"):
        master = ", master: 'local[2]'" if kind == "spark" else ""
        path = folder / f"{kind}.yaml"
        path.write_text(
            f"{HEAD}source: {{kind: {kind}, folder: data, as_of: 2026-10-20T00:00:00{master}}}\nstages:{rest}", encoding="utf-8"
        )
        found.append(Dataset.read(read(path)))
    return found[0], found[1]


def test_the_same_table_on_spark_and_duckdb(pair: tuple[Dataset, Dataset]) -> None:
    ours, theirs = (measure(dataset, Period.parse("2026-10"), list(GROUPS)) for dataset in pair)
    assert len(ours.frame) > 400
    keys = ["kpi", "by", "segment"]
    pd.testing.assert_frame_equal(
        ours.frame.sort_values(keys, ignore_index=True),
        theirs.frame.sort_values(keys, ignore_index=True),
        check_exact=False,
        rtol=1e-9,
        atol=1e-9,
    )
    assert set(ours.tables) == set(theirs.tables)
    for name, table in ours.tables.items():
        pd.testing.assert_frame_equal(table, theirs.tables[name], check_exact=False, check_dtype=False, rtol=1e-9, atol=1e-9)


def test_the_same_findings_on_spark_and_duckdb(pair: tuple[Dataset, Dataset]) -> None:
    period = Period.parse("2026-Q3")
    ours, theirs = (find(dataset, period, measure(dataset, period, list(GROUPS))) for dataset in pair)
    assert [(one.rule, one.kpi, one.place) for one in ours] == [(one.rule, one.kpi, one.place) for one in theirs]
    assert ours.faults
    for one, other in zip(ours.faults, theirs.faults, strict=True):
        assert one.money.why_not == other.money.why_not
        if one.money.is_known:
            assert one.money.base == pytest.approx(other.money.base, rel=1e-9)
        assert one.evidence == other.evidence
        if one.id in ours.evidence:
            mine, yours = ours.evidence[one.id], theirs.evidence[other.id]
            assert mine["deal_id"].tolist() == yours["deal_id"].tolist()
