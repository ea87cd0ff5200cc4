"""The templates' stored figures, compared as numbers: with the tolerance that they are printed with, never as texts."""

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.conftest import ROOT
from tests.zoo.pages import shown

TEMPLATES = ("audit", "dashboard", "manager", "readiness", "delta", "portfolio")
PRINTED = 1e-5  # six digits are printed; two machines may round the last one apart


def figures_cell(template: str) -> Any:
    return next(
        cell for cell in nbformat.read(ROOT / "notebooks" / f"{template}.ipynb", 4).cells if "figures" in cell.metadata.get("tags", [])
    )


def flat(figures: Any, before: str = "") -> dict[str, Any]:
    """Every number and text under its place."""
    if not isinstance(figures, dict | list | tuple):
        return {before: figures}
    items = figures.items() if isinstance(figures, dict) else enumerate(figures)
    found: dict[str, Any] = {}
    for name, value in items:
        found |= flat(value, f"{before}.{name}")
    return found


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_figures_are_those_that_are_stored(
    template: str, demo_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {}
    clients = [str(demo_folder / "params" / f"{name}.yaml") for name in ("larkfield", "olkha")]
    shown(template, monkeypatch, names=names, **({"clients": ",".join(clients)} if template == "portfolio" else {"client": clients[1]}))
    cell = figures_cell(template)
    capsys.readouterr()
    exec(cell.source, names)  # noqa: S102 - the project's own notebook
    now, then = (flat(ast.literal_eval(text)) for text in (capsys.readouterr().out, "".join(one.text for one in cell.outputs)))
    assert set(now) == set(then)
    for place, value in then.items():
        assert now[place] == (pytest.approx(value, rel=PRINTED) if isinstance(value, float) else value), place
