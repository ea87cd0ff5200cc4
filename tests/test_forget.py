"""`salesqc forget`: everything that was made of a client goes, and it is said what went; others' reports stay."""

import json
from pathlib import Path

import pytest

from salesqc_lib.cli import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("acme/2026-01", "acme/2026-02.partial", "other/2026-01", "portfolio/2026-01", "portfolio/2026-02"):
        folder = tmp_path / "output" / name
        folder.mkdir(parents=True)
        (folder / "audit.html").write_text("x")
    (tmp_path / "output" / "acme" / ".2026-01.lock").write_text("1")
    (tmp_path / "output" / "acme" / "2026-03.failed.ipynb").write_text("{}")
    (tmp_path / "output" / "portfolio" / "2026-01" / "manifest-portfolio.json").write_text(json.dumps({"clients": ["acme", "other"]}))
    (tmp_path / "output" / "portfolio" / "2026-02" / "manifest-portfolio.json").write_text(json.dumps({"clients": ["other"]}))
    (tmp_path / "data" / "acme").mkdir(parents=True)
    (tmp_path / "data" / "acme" / "deals.csv").write_text("x")
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "acme.yaml").write_text(
        "client: {id: acme, name: A}\nreport: {language: en, currency: EUR, timezone: UTC}\nsource: {kind: tables, folder: ../data/acme}\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def left(project: Path) -> list[str]:
    return sorted(str(file.relative_to(project)) for file in project.rglob("*") if file.is_file() and file.name != "index.html")


def test_what_was_made_of_a_client_goes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget", "acme"]) == 0
    said = capsys.readouterr().out
    assert left(project) == [
        "data/acme/deals.csv", "output/other/2026-01/audit.html", "output/portfolio/2026-02/audit.html", "output/portfolio/2026-02/manifest-portfolio.json", "params/acme.yaml"
    ]  # fmt: skip
    assert "removed: output/acme (4 files)" in said
    assert "removed: output/portfolio/2026-01 (2 files)" in said
    assert "data/acme (what the client sent; --data removes it too)" in said
    assert "acme" not in (project / "output" / "index.html").read_text(encoding="utf-8")


def test_the_data_too_and_without_a_parameter_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "params" / "acme.yaml").unlink()
    assert main(["forget", "acme", "--data"]) == 0
    assert not (project / "data" / "acme").exists()
    assert not (project / "output" / "acme").exists()


def test_a_trial_removes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = left(project)
    assert main(["forget", "acme", "--dry-run"]) == 0
    assert left(project) == before
    assert "would remove: output/acme" in capsys.readouterr().out


@pytest.mark.parametrize("client", ["nobody", "../other", "portfolio", "", "."])
def test_a_client_of_whom_nothing_is_kept(project: Path, client: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = left(project)
    assert main(["forget", client]) == 2
    assert left(project) == before
    assert "→" in capsys.readouterr().err


def test_a_link_is_not_followed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    treasure = tmp_path_factory.mktemp("treasure")
    (treasure / "gold.txt").write_text("gold")
    (project / "output" / "linked").symlink_to(treasure)
    assert main(["forget", "linked"]) == 2
    assert (treasure / "gold.txt").exists()
