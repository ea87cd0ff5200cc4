"""The templates' stored figures, compared as numbers: with the tolerance that they are printed with, never as texts."""

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.conftest import ROOT
from tests.zoo.pages import shown

TEMPLATES = ("audit", "dashboard", "manager", "delta", "portfolio")
PRINTED = 1e-5  # six digits are printed; two machines may round the last one apart


def stored(template: str) -> dict[str, Any]:
    """What the cell tagged `figures` printed when it was stored."""
    for cell in nbformat.read(ROOT / "notebooks" / f"{template}.ipynb", 4).cells:
        if "figures" in cell.metadata.get("tags", []):
            text = "".join(output.get("text", "") for output in cell.outputs)
            found: dict[str, Any] = ast.literal_eval(text)
            return found
    raise AssertionError(f"{template} stores no figures")


def flat(figures: dict[str, Any], before: str = "") -> dict[str, float]:
    found: dict[str, float] = {}
    for name, value in figures.items():
        found |= flat(value, f"{before}{name}.") if isinstance(value, dict) else {before + name: float(value)}
    return found


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_figures_are_those_that_are_stored(template: str, demo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {}
    clients = [str(demo_folder / "params" / f"{name}.yaml") for name in ("larkfield", "olkha")]
    given = {"clients": ",".join(clients)} if template == "portfolio" else {"client": clients[1]}
    shown(template, monkeypatch, names=names, **given)
    noun = next(names[name] for name in ("audit", "delta", "portfolio") if name in names)
    assert flat(noun.figures()) == pytest.approx(flat(stored(template)), rel=PRINTED)
