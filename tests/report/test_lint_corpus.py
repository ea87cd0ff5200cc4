"""Reports on poor data and on simulated firms are fit to be handed over, too. Some are drawn by seed; `make lint-reports` tries all."""

import os
from pathlib import Path
from random import Random

import pytest

from salesqc_lib.report.lint import lint
from salesqc_lib.report.render import Job, render
from tests.conftest import ROOT
from tests.zoo.animals import Animal
from tests.zoo.test_pages import WHOLE, settled
from tests.zoo.test_zoo import TODAY

EVERY = bool(os.environ.get("SALESQC_ALL"))
SOME = 3
ANIMALS = WHOLE if EVERY else Random(15).sample(WHOLE, SOME)  # noqa: S311 - the same sample each time
# scenario and seed of simulated firms (benchmarks/firms.py)
FIRMS = [(name, seed) for name, seeds in (("plain", 4), ("faults", 8), ("spread25", 4), ("fall", 4)) for seed in range(900, 900 + seeds)]
DRAWN = FIRMS if EVERY else Random(15).sample(FIRMS, 1)  # noqa: S311 - the same sample each time
READY = ("html", "pdf", "xlsx")


def fit(file: Path, period: str, language: str, output: Path, today: str | None = None) -> None:
    outcome = render(Job(str(file), period, output, ROOT / "notebooks" / "audit.ipynb", READY, language, today=today))
    assert outcome.status == "ok", outcome.message + outcome.fault
    result = lint(outcome.folder)
    assert result.errors == [], result.facts()["faults"]
    assert result.score >= 95, result.facts()["faults"]


@pytest.mark.slow
@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.name)
def test_a_report_on_poor_data_is_fit(animal: Animal, tmp_path: Path) -> None:
    path, period = settled(animal, tmp_path)
    fit(path, period, ("ru", "en")[len(animal.name) % 2], tmp_path / "output", TODAY)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("scenario", "seed"), DRAWN)
def test_a_report_on_a_simulated_firm_is_fit(
    scenario: str, seed: int, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from detection import HEAD  # type: ignore[import-not-found]
    from firms import firm  # type: ignore[import-not-found]
    from firms import write as write_firm

    (tmp_path / "data").mkdir()
    made = firm(scenario, seed)
    write_firm(made, tmp_path / "data")
    path = tmp_path / "firm.yaml"
    path.write_text(HEAD.replace("{{", "{").replace("}}", "}"), encoding="utf-8")
    fit(path, made.period, language, tmp_path / "output")
