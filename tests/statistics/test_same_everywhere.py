"""The same figures on every processor: the CLV under several kernels of the linear algebra, and with one thread."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CODE = """
import json, sys
from salesqc_lib.dataset import Dataset
from salesqc_lib.measure import measure
from salesqc_lib.params import read
from salesqc_lib.period import Period
from pathlib import Path
found = {}
for client in ("olkha", "larkfield"):
    frame = measure(Dataset.read(read(Path(sys.argv[1]) / f"{client}.yaml")), Period.parse("2026-Q3"), ("clv", "top_performers", "first_response_time")).frame
    found |= {f"{client} {row['kpi']} {row['by']} {row['segment']}": row["value"] for row in frame.to_dict("records") if row["value"] == row["value"]}
print(json.dumps(found))
"""


def figures(folder: Path, **environment: str) -> dict[str, float]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENBLAS", "OMP"))}
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(folder)],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def usual(demo_folder: Path) -> dict[str, float]:
    return figures(demo_folder / "params")


@pytest.mark.parametrize(
    "environment",
    [{"OPENBLAS_CORETYPE": "Haswell"}, {"OPENBLAS_CORETYPE": "Prescott"}, {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}],
    ids=["Haswell", "Prescott", "one thread"],
)
def test_a_figure_does_not_depend_on_the_processor(demo_folder: Path, usual: dict[str, float], environment: dict[str, str]) -> None:
    assert any(name.startswith("olkha clv") for name in usual)
    assert figures(demo_folder / "params", **environment) == pytest.approx(usual, rel=1e-6)
