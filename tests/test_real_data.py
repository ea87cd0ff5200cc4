"""Real data sets, read in place: a right definition reproduces what others have published about them."""

from pathlib import Path

import pypdf
import pytest

from salesqc_lib.dataset import Dataset
from salesqc_lib.measure import Measurement, measure
from salesqc_lib.params import read
from salesqc_lib.period import Period
from salesqc_lib.report.render import Job, render
from tests.conftest import ROOT

DATA = ROOT.parent / "shared" / "data"
here = pytest.mark.skipif(not DATA.is_dir(), reason="the data sets are not here")


@pytest.fixture(scope="module")
def maven() -> tuple[Dataset, Measurement]:
    dataset = Dataset.read(read(ROOT / "params" / "examples" / "maven_crm.yaml"))
    return dataset, measure(dataset, Period.parse("2017"))


@here
def test_maven_as_published(maven: tuple[Dataset, Measurement]) -> None:
    dataset, found = maven
    assert dict(dataset.con.execute("SELECT outcome, count(*) FROM facts.deals GROUP BY 1").fetchall()) == {
        "won": 4238,
        "lost": 2473,
        "open": 2089,
    }
    row = found.row("win_rate")
    assert (row["k"], row["n"], round(row["value"] * 100, 2)) == (4238, 6711, 63.15)
    assert found.value("revenue") == 10005534
    assert found.value("contracts") == 4238
    assert round(found.value("sales_cycle_naive") / 86400, 1) == 51.8
    assert found.value("revenue", "manager", "Darcel Schlecht") == 1153214
    assert (found.value("contracts", "product", "GTX Plus Pro"), found.value("revenue", "product", "GTX Plus Pro")) == (479, 2629651)
    assert {team: round(found.value("average_deal", "team", team)) for team in ("Central", "East", "West")} == {
        "Central": 2054,
        "East": 2639,
        "West": 2482,
    }
    assert {month: round(found.value("win_rate", "month", month) * 100, 1) for month in ("2017-03", "2017-04", "2017-12")} == {
        "2017-03": 82.1,
        "2017-04": 48.6,
        "2017-12": 78.5,
    }
    assert [one.rows for one in dataset.warned if one.code == "W111"] == [500]
    assert "GTXPro" not in set(found.segments("contracts", "product")["segment"])
    stale = dataset.con.execute(
        "SELECT count(*) FROM facts.deals WHERE outcome = 'open' AND date_diff('day', created_at, TIMESTAMPTZ '2017-12-31') > 138"
    ).fetchall()
    assert stale == [(1291,)]


@pytest.fixture(scope="module")
def bpi12() -> tuple[Dataset, Measurement]:
    dataset = Dataset.read(read(ROOT / "params" / "examples" / "bpi12.yaml"))
    return dataset, measure(dataset, Period.parse("2011-10-01..2012-03-14"))


@here
def test_bpi12_as_published(bpi12: tuple[Dataset, Measurement]) -> None:
    dataset, found = bpi12
    assert [found.value(kpi) for kpi in ("leads", "qualified_leads", "contracts")] == [13087, 7367, 2246]
    stages = dict(dataset.con.execute("SELECT stage, count(DISTINCT deal_id) FROM canonical.stage_events GROUP BY 1").fetchall())
    assert [stages[stage] for stage in ("A_SUBMITTED", "A_PREACCEPTED", "A_ACCEPTED", "A_FINALIZED", "O_SENT_BACK")] == [
        13087,
        7367,
        5113,
        5015,
        3254,
    ]
    endings = dataset.con.execute(
        "SELECT CASE outcome WHEN 'lost' THEN loss_reason ELSE outcome END, count(*), round(avg(amount), 2) FROM facts.deals GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert [(name, count) for name, count, _ in endings] == [("A_CANCELLED", 2807), ("A_DECLINED", 7635), ("open", 399), ("won", 2246)]
    assert [(name, mean) for name, _, mean in endings if name != "open"] == [
        ("A_CANCELLED", 15162.78),
        ("A_DECLINED", 12191.03),
        ("won", 15712.53),
    ]
    assert found.value("average_deal") == pytest.approx(15712.53, abs=0.005)
    calls = dataset.con.execute("SELECT count(*), count(DISTINCT deal_id) FROM canonical.activities").fetchall()
    assert calls == [(22976, 5011)]
    table = found.tables["stage_flow"].query("by == 'stage'")
    assert (table["entries"] == table[["advanced", "lost", "moved_back", "other_pipeline", "still_there"]].sum(axis=1)).all()


@here
@pytest.mark.slow
@pytest.mark.parametrize(
    ("client", "period", "printed"),
    [("maven_crm", "2017", ("63.2%", "$10,005,534", "$1.15M")), ("bpi12", "2011-10-01..2012-03-14", ("13,087", "7,367", "2,246"))],
)
def test_both_render(tmp_path: Path, client: str, period: str, printed: tuple[str, ...]) -> None:
    outcome = render(Job(str(ROOT / "params" / "examples" / f"{client}.yaml"), period, tmp_path, ROOT / "notebooks" / "audit.ipynb"))
    assert outcome.status == "ok", outcome.message
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(outcome.folder / "audit.pdf").pages)
    page = (outcome.folder / "audit.html").read_text(encoding="utf-8")
    for number in printed:
        assert number in text
        assert number in page
