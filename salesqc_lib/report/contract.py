"""The contract of a template's parameters: papermill checks neither names nor types, so it is done here, before a kernel starts."""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from salesqc_lib.errors import InputError, nearest

_PLAIN = (str, int, float, bool, type(None))


def read_template(path: Path) -> Any:
    """The template notebook, as it is stored."""
    if not path.is_file():
        known = sorted(file.stem for file in path.parent.glob("*.ipynb"))
        raise InputError(
            f"no template «{path.stem}»",
            cure=nearest(path.stem, known) if known else f"there is no notebook in {path.parent}/; start in the project's folder",
        )
    return nbformat.read(path, as_version=4)


def checked(parameters: Mapping[str, Any], template: Any) -> dict[str, Any]:
    """The parameters, if the template knows each of them and each is a plain value.

    A name that is no identifier would be run as code; a value that is no text, number, truth value or None would arrive as
    another type; a name that the template does not know would be ignored.
    """
    known = _names(template)
    for name, value in parameters.items():
        if not name.isidentifier():
            raise InputError(f"«{name[:40]!r}» is no name of a parameter", cure="letters, digits and _ only")
        if name not in known:
            raise InputError(f"the template has no parameter «{name}»", cure=nearest(name, known))
        if type(value) not in _PLAIN:
            raise InputError(
                f"the parameter «{name}» is a {type(value).__name__}",
                cure="only texts, numbers, true, false and null reach a notebook unchanged",
            )
    return dict(parameters)


def _names(template: Any) -> list[str]:
    for cell in template.cells:
        if "parameters" in cell.metadata.get("tags", []):
            return [
                target.id
                for node in ast.parse(cell.source).body
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            ]
    return []
