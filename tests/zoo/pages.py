"""What each cell of a template shows, without a kernel: its HTML, its print form and its plain text."""

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.conftest import ROOT

Bundle = dict[str, Any]


def shown(
    template: str, monkeypatch: pytest.MonkeyPatch, names: dict[str, Any] | None = None, **parameters: Any
) -> list[tuple[str, Bundle]]:
    """Run the code cells of a template one after another; by cell, what it shows. Their names are left in `names`.

    Raises
    ------
    Exception
        Whatever a cell raises: no cell of a template may.
    """
    import IPython.display

    found: list[tuple[str, Bundle]] = []
    here = {"source": ""}
    monkeypatch.setattr(IPython.display, "display", lambda thing: found.append((here["source"], _bundle(thing))))
    monkeypatch.chdir(ROOT / "notebooks")
    names = {} if names is None else names
    for cell in nbformat.read(Path(f"{template}.ipynb"), 4).cells:
        if cell.cell_type != "code" or "figures" in cell.metadata.get("tags", []):
            continue
        here["source"] = cell.source
        tree = ast.parse(cell.source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the project's own notebook
        if "parameters" in cell.metadata.get("tags", []):
            names |= parameters
        elif last is not None:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 - the same
            if value is not None:
                found.append((cell.source, _bundle(value)))
    return found


def _bundle(thing: Any) -> Bundle:
    return dict(thing._repr_mimebundle_()) if hasattr(thing, "_repr_mimebundle_") else {"text/plain": repr(thing)}
