"""The house: imports run one way, no room without a name, nothing of this machine in the project."""

import ast
import re
import subprocess
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

LIBRARY = ROOT / "salesqc_lib"
FLOORS = {
    "errors": 0, "version": 0, "contacts": 0, "letters": 0, "scratch": 0, "witness": 0, "ending": 0, "limits": 1, "locations": 2, "lists": 1, "records": 0, "words": 0, "sources": 0, "tables": 0, "shipped": 0, "units": 1, "period": 1, "warnings": 2,
    "facts": 2, "statistics": 2, "params": 3, "kpi": 4, "crm": 4, "dataset": 5, "measure": 6, "findings": 7, "trial": 7, "recommendations": 8, "show": 9, "report": 10, "batch": 11, "demo": 12, "cli": 13,
}  # fmt: skip
# read at the end of validation: a target must name a KPI
ALLOWED_UP = {("params", "kpi")}


def rooms() -> list[tuple[str, str, Path]]:
    found = []
    for file in sorted(LIBRARY.rglob("*.py")):
        room = file.relative_to(LIBRARY).parts[0].removesuffix(".py")
        if room == "__init__":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                if name.startswith("salesqc_lib."):
                    found.append((room, name.split(".")[1], file))
    return found


def test_imports_run_one_way() -> None:
    wrong = [
        f"{file.relative_to(ROOT)} imports {to}"
        for room, to, file in rooms()
        if room != to and FLOORS[to] >= FLOORS[room] and (room, to) not in ALLOWED_UP
    ]
    assert wrong == []


def imported(file: Path, modules: dict[str, Path]) -> set[str]:
    """The modules that a file imports, wherever in it: for types and within functions, too."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" if f"{node.module}.{alias.name}" in modules else node.module for alias in node.names}
    return names & set(modules)


def test_no_imports_go_in_a_circle() -> None:
    modules = {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in LIBRARY.rglob("*.py")}
    graph = {name: imported(file, modules) - {name} for name, file in modules.items()}
    assert len(graph) > 300
    assert sum(map(len, graph.values())) > 1000
    tuple(TopologicalSorter(graph).static_order())  # a CycleError names the files


def test_every_fact_table_is_found_by_itself() -> None:
    """A file in `dataset/tables/` is all that a fact table needs."""
    import salesqc_lib.dataset.tables as tables
    from salesqc_lib.dataset.export import MADE_BY

    by_file = {preparation.__module__.rpartition(".")[2] for preparation in MADE_BY.values()}
    assert by_file == set(tables.NAMES) == {file.stem for file in (LIBRARY / "dataset" / "tables").glob("*.py")} - {"__init__"}


def test_every_folder_of_the_library_is_a_package() -> None:
    """A folder without `__init__.py` would be missing in the wheel."""
    assert [str(folder) for file in LIBRARY.rglob("*.py") if not ((folder := file.parent) / "__init__.py").is_file()] == []


def test_the_importers_and_the_catalogue_do_not_know_each_other() -> None:
    assert not [file for room, to, file in rooms() if {room, to} == {"kpi", "crm"}]


@pytest.mark.parametrize("file", sorted(LIBRARY.rglob("*.py")), ids=lambda file: str(file.relative_to(LIBRARY)))
def test_a_file_is_one_noun_or_verb(file: Path) -> None:
    assert file.stem not in {"utils", "helpers", "common", "base", "manager", "handler", "misc"}
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


def test_templates_are_stored_without_results() -> None:
    """Only the printed figures are stored: nbval compares them."""
    import nbformat

    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code" and "figures" not in cell.metadata.get("tags", []):
                assert not cell.outputs, path
                assert len([line for line in cell.source.splitlines() if line.strip()]) <= 8, cell.source


def test_nothing_of_this_machine_or_of_a_registry_stands_in_the_project() -> None:
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in files:
        if Path(name).suffix in (".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".json", ".ipynb", ""):
            text = (ROOT / name).read_text(encoding="utf-8", errors="ignore")
            assert str(ROOT.parent) + "/" not in text, name
            assert not re.search(r"(index-url|registry)[\"= ]+https?://", text), name


def test_locks_hold_versions_and_hashes_and_no_addresses() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert all("==" in line for line in text.splitlines() if line and not line.startswith((" ", "#")))
        assert text.count("--hash=sha256:") > 100


def test_the_run_environment_has_no_import_tail() -> None:
    """JupyterLab brings a grammar compiler into every start of papermill and nbconvert: it stays out of the run environment."""
    assert not re.search(r"^(jupyterlab|rfc3987-syntax|black)==", (ROOT / "locks" / "run.txt").read_text(encoding="utf-8"), re.M)


def test_the_conda_environment_names_the_same_dependencies() -> None:
    import tomllib

    import yaml

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    listed = [entry for entry in environment["dependencies"] if isinstance(entry, str)] + [
        name for entry in environment["dependencies"] if isinstance(entry, dict) for name in entry["pip"]
    ]
    named = {re.split(r"[<>=~ \[]", name)[0] for name in listed}
    wanted = {
        re.split(r"[<>=~ \[]", name)[0]
        for name in [*project["dependencies"], *project["optional-dependencies"]["test"], *project["optional-dependencies"]["lab"]]
    }
    assert wanted - {"duckdb"} <= named | {"python-duckdb"}


def test_the_manifest_names_only_what_a_run_has() -> None:
    """The environment of the tests has more: a package of theirs would be missing on a client's machine."""
    from salesqc_lib.report.manifest import PACKAGES

    locked = (ROOT / "locks" / "run.txt").read_text(encoding="utf-8")
    assert [name for name in PACKAGES if not re.search(rf"^{name}==", locked, re.M)] == []


def test_the_library_imports_only_what_a_run_has() -> None:
    import sys

    locked = {
        re.split(r"[=\[]", line)[0].replace("-", "_")
        for line in (ROOT / "locks" / "run.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    named_otherwise = {
        "yaml": "pyyaml",
        "bs4": "beautifulsoup4",
        "dateutil": "python_dateutil",
        "IPython": "ipython",
        "fontTools": "fonttools",
    }
    extra = {"pyspark", "sqlglot", "adbc_driver_postgresql", "pdfplumber", "fsspec", "distributed"}  # each of an extra of its own
    for file in LIBRARY.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in {name.split(".")[0] for name in names if name} - set(sys.stdlib_module_names) - {"salesqc_lib"} - extra:
                assert named_otherwise.get(name, name) in locked, f"{file.relative_to(ROOT)} imports {name}"
