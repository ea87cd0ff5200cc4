"""`make golden`: run the templates on the demo data and store what nbval compares, the printed figures, and nothing else; and store
what the pieces of a report say."""

import tempfile
from pathlib import Path

import nbformat

from salesqc_lib.report.execute import execute
from tests.conftest import ROOT
from tests.show import pieces


def main() -> None:
    """Store each notebook with the output of its cells tagged `figures` only."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        with tempfile.TemporaryDirectory() as folder:
            given = {} if path.stem == "portfolio" else {"client": "params/olkha.yaml"}
            run = execute(path, Path(folder) / path.name, given)
        if not run.is_whole:
            raise SystemExit(f"{path.name}: {run.failures or run.not_run}")
        printed = {cell["id"]: cell.outputs for cell in run.notebook.cells if "figures" in cell.metadata.get("tags", [])}
        stored = nbformat.read(path, 4)
        for cell in stored.cells:
            if cell.cell_type == "code":
                cell.outputs = printed.get(cell["id"], [])
                cell.execution_count = 1 if cell.outputs else None  # nbval takes outputs without a number for an accident
        nbformat.write(stored, path)
    pieces.store()


if __name__ == "__main__":
    main()
