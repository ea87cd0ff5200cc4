"""A small company out of text tables, and the demo clients."""

import os
import shutil
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from salesqc_lib.dataset import Dataset
from salesqc_lib.measure import Measurement, measure
from salesqc_lib.params import Parameters, read
from salesqc_lib.period import Period

ROOT = Path(__file__).parent.parent
os.environ.setdefault("SALESQC_KEY", "the tests' own key of pseudonyms")  # so that no test makes a file of one
SHARED = ROOT.parent / "shared"
HEAD = """\
client: {id: small, name: Small, accent: "#1f6f5c"}
report: {language: en, currency: EUR, timezone: UTC}
"""
STAGES = """\
stages: {New: lead, Good: qualified, Set: key_event_set, Held: key_event_held, Signed: contract, Done: act, Lost: lost}
"""
Company = Callable[..., Dataset]


def write_company(folder: Path, *, as_of: str = "2026-02-01T00:00:00", more: str = "", head: str = HEAD, **tables: str) -> Parameters:
    """Write tables (CSV texts by canonical name) and a parameter file; read the parameters."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    for name, text in tables.items():
        (data / f"{name}.csv").write_text(textwrap.dedent(text).strip() + "\n", encoding="utf-8")
    path = folder / "small.yaml"
    path.write_text(f"{head}source: {{kind: tables, folder: data, as_of: {as_of}}}\n{textwrap.dedent(more)}", encoding="utf-8")
    return read(path)


os.environ.setdefault("SALESQC_NO_CACHE", "1")  # each test reads for itself; those of the cache say otherwise

# a word in the reason of a skipped test: what would bring the test back
BRINGS = {
    "Chromium": "apt-get install chromium", "Java": "apt-get install default-jre-headless", "PostgreSQL": "apt-get install postgresql",
    "data": "put the shared data sets beside the project", "sample": "put the shared samples beside the project",
}  # fmt: skip


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """At the end: which tests were left out, and what would bring them."""
    counts: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        counts[reason.removeprefix("Skipped: ")] += 1
    if not counts:
        return
    terminalreporter.section("left out")
    for reason, n in sorted(counts.items()):
        cure = next((text for word, text in BRINGS.items() if word.lower() in reason.lower()), "see the test's own words")
        terminalreporter.write_line(f"{n} tests: {reason} → {cure}")


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """`company(deals="…csv…", activities="…", more="…yaml…")` gives a dataset."""

    def make(**given: str) -> Dataset:
        return Dataset.read(write_company(tmp_path, **given))

    return make


def measured(dataset: Dataset, *names: str, period: str = "2026-01") -> Measurement:
    """Measurements of January 2026, the month in which most tests play."""
    return measure(dataset, Period.parse(period), names)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo exports and parameter files, in a project of their own."""
    from salesqc_lib.demo import make_exports

    folder = tmp_path_factory.mktemp("project")
    make_exports(folder / "data" / "demo")
    (folder / "params").mkdir()
    for name in ("olkha", "larkfield"):
        (folder / "params" / f"{name}.yaml").write_text((ROOT / "params" / f"{name}.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def demo_report(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """`demo_report("olkha", "ru", "audit")` gives the folder of a report."""
    from tests.reports import rendered

    base = tmp_path_factory.getbasetemp()
    # under xdist each worker has a folder of its own inside that of the run
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "reports"
    return lambda client, language, template="audit": rendered(demo_folder, shared, client, language, template)


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for as long as a module's tests last."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()
