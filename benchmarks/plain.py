"""The audit as a plain script: the same cells run by Python itself, their HTML joined to a page. No notebook, no PDF.

python benchmarks/plain.py CLIENT PERIOD FOLDER
"""

import ast
import json
import sys
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).parent.parent / "notebooks" / "audit.ipynb"


def shown(value: Any) -> str:
    """What a cell shows of its last value."""
    bundle = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else {}
    return str(bundle.get("text/html", ""))


def main() -> None:
    """Run the cells in order, the parameters being those of the command line."""
    client, period, folder = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    given, page = {"client": client, "period": period, "output": folder}, []
    names: dict[str, Any] = {}
    for cell in json.loads(TEMPLATE.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            page.append("".join(cell["source"]))
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the cells of our own template
        if "parameters" in cell["metadata"].get("tags", []):
            names |= given
        if last is not None:
            page.append(shown(eval(compile(ast.Expression(last.value), "cell", "eval"), names)))  # noqa: S307 - as above
    (Path(folder) / "page.html").write_text("\n".join(page), encoding="utf-8")


if __name__ == "__main__":
    main()
