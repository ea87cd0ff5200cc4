"""The package works away from its checkout: a wheel in an environment of its own, elsewhere, from an export to a PDF."""

import json
import shutil
import site
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.crm.habits.department import department
from tests.crm.habits.writers import amocrm


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `venv/bin/salesqc`, installed from a wheel; what the package needs is taken from the environment of the tests."""
    folder = tmp_path_factory.mktemp("elsewhere")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("salesqc_lib", "notebooks", "params"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    run(sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, source, cwd=folder)
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    packages = run(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=folder).strip()
    (Path(packages) / "needed.pth").write_text(site.getsitepackages()[0] + "\n", encoding="utf-8")
    run(python, "-m", "pip", "--quiet", "install", "--no-deps", "--force-reinstall", *folder.glob("*.whl"), cwd=folder)
    shutil.rmtree(source)
    return folder


def test_from_an_export_to_a_pdf(elsewhere: Path) -> None:
    command = elsewhere / "venv" / "bin" / "salesqc"
    where = run(elsewhere / "venv" / "bin" / "python", "-c", "import salesqc_lib; print(salesqc_lib.__file__)", cwd=elsewhere)
    assert str(elsewhere) in where
    run(command, "new", "firm", cwd=elsewhere)
    firm = elsewhere / "firm"
    amocrm(firm / "data", department())
    shutil.rmtree(firm / "notebooks")  # the templates that come with the package do as well
    assert "amoCRM" in run(command, "init", "acme", "data", "--yes", cwd=firm)
    checked = json.loads(run(command, "check", "acme", "--period", "2026-Q3", "--format", "json", cwd=firm))
    assert checked["totals"]["leads"] > 0
    run(command, "render", "acme", "--period", "2026-Q3", "--format", "pdf", cwd=firm)
    assert (firm / "output" / "acme" / "2026-Q3" / "audit.pdf").read_bytes().startswith(b"%PDF")


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from salesqc_lib.cli import main

    (tmp_path / "firm").mkdir()
    (tmp_path / "firm" / "salesqc.toml").write_text("# mine\n", encoding="utf-8")
    assert main(["new", str(tmp_path / "firm")]) == 0
    assert "left as they are: salesqc.toml" in capsys.readouterr().out
    assert (tmp_path / "firm" / "salesqc.toml").read_text(encoding="utf-8") == "# mine\n"
    assert (tmp_path / "firm" / "notebooks" / "audit.ipynb").is_file()


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    from salesqc_lib import __version__
    from salesqc_lib.cli import main

    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"salesqc {__version__}\n"
