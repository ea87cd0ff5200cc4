"""Inputs and outputs at addresses: a server that speaks S3 (moto's), and plain files by `file://`."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salesqc_lib import locations
from salesqc_lib.cli import main
from salesqc_lib.dataset import Dataset
from salesqc_lib.errors import InputError
from salesqc_lib.params import load
from tests.batch.conftest import Make, Store, deals

fsspec = pytest.importorskip("fsspec")


def reports(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines of the log about reports."""
    return [line for text in capsys.readouterr().out.splitlines() if (line := json.loads(text))["event"] == "report"]


def test_a_report_of_a_bucket_goes_to_a_bucket(store: Store, in_bucket: Callable[..., list[str]], tmp_path: Path, capsys: Any) -> None:
    assert main(in_bucket(output=str(tmp_path / "here"))) == 0
    assert main(in_bucket()) == 0
    assert "a 2026-01: s3://firm/reports/a/2026-01" in capsys.readouterr().out
    here = {
        file.relative_to(tmp_path / "here" / "a" / "2026-01").as_posix(): file
        for file in (tmp_path / "here" / "a" / "2026-01").rglob("*")
        if file.is_file()
    }
    there = {name.removeprefix("firm/reports/a/2026-01/") for name in store.find("firm/reports/a/2026-01")}
    assert there == set(here) >= {"audit.html", "manifest.json", "kpis.csv"}
    for name in ("audit.html", "kpis.csv"):
        assert store.cat(f"firm/reports/a/2026-01/{name}") == here[name].read_bytes(), name
    assert set(json.loads(store.cat("firm/reports/a/2026-01/manifest.json"))["files"]) == there - {"manifest.json"}
    assert b"a/2026-01/audit.html" in store.cat("firm/reports/index.html")
    assert json.loads(store.cat("firm/reports/batch.json"))["exit_code"] == 0
    assert not (tmp_path / "output").exists()


def _nothing(store: Store) -> None: ...
def _data(store: Store) -> None:
    store.pipe("firm/data/a/deals.csv", deals(6).encode())


def _a_further_table(store: Store) -> None:
    store.pipe("firm/data/a/managers.csv", b"manager,team\nS1,North\n")


def _parameters(store: Store) -> None:
    store.pipe("firm/params/a.yaml", store.cat("firm/params/a.yaml") + b"# further\n")


def _the_report(store: Store) -> None:
    store.rm("firm/reports/a/2026-01/audit.html")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_nothing, ""), (_data, "changed: s3://firm/data/a/*"), (_a_further_table, "changed: s3://firm/data/a/*"),
        (_parameters, "changed: s3://firm/params/a.yaml"), (_the_report, "the report itself"),
    ],
)  # fmt: skip
def test_what_has_changed_there_is_seen(
    change: Callable[[Store], None], why: str, store: Store, in_bucket: Callable[..., list[str]], capsys: Any
) -> None:
    assert main(in_bucket()) == 0
    capsys.readouterr()
    change(store)
    assert main(in_bucket("--log-format", "json")) == 0
    (told,) = reports(capsys)
    assert told["status"] == ("ok" if why else "unchanged")
    assert any(one.startswith(why) for one in told["why"]) if why else told["why"] == []


def test_files_that_a_new_report_has_no_more_are_removed_and_others_kept(store: Store, in_bucket: Callable[..., list[str]]) -> None:
    assert main(in_bucket()) == 0
    manifest = json.loads(store.cat("firm/reports/a/2026-01/manifest.json"))
    store.pipe("firm/reports/a/2026-01/evidence/f99.csv", b"of the report before")
    store.pipe("firm/reports/a/2026-01/notes.txt", b"a person's own")
    store.pipe("firm/reports/a/2026-01/manifest.json", json.dumps(manifest | {"files": [*manifest["files"], "evidence/f99.csv"]}).encode())
    assert main(in_bucket("--force")) == 0
    assert not store.exists("firm/reports/a/2026-01/evidence/f99.csv")
    assert store.cat("firm/reports/a/2026-01/notes.txt") == b"a person's own"


def test_every_client_of_a_pattern(store: Store, in_bucket: Callable[..., list[str]], capsys: Any) -> None:
    store.pipe("firm/params/b.yaml", store.cat("firm/params/a.yaml").replace(b"id: a", b"id: b"))
    command = in_bucket("--log-format", "json")
    command[1] = "s3://firm/params/*.yaml"
    assert main(command) == 0
    assert sorted(told["folder"] for told in reports(capsys)) == ["s3://firm/reports/a/2026-01", "s3://firm/reports/b/2026-01"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("s3://others/deals.csv", "is not open to parameter files"),
        ("http://169.254.169.254/latest", "is no place that files are read from"),
        ("../../others/deals.csv", "is not open to parameter files"),
        ("../../../../deals.csv", "leads out of"),
        ("../data/a/none.csv", "no such file"),
        ("/etc/hostname", "is a path of this machine"),
    ],
)
def test_a_parameter_file_opens_nothing_by_itself(
    path: str, told: str, store: Store, in_bucket: Callable[..., list[str]], capsys: Any
) -> None:
    store.pipe("others/deals.csv", deals(5).encode())
    text = store.cat("firm/params/a.yaml").decode().replace("folder: ../data/a", f"tables: {{deals: {{path: {path!r}}}}}")
    assert path in text
    store.pipe("firm/params/a.yaml", text.encode())
    assert main(in_bucket()) == 1
    error = capsys.readouterr().err
    assert told in error
    assert "s3://firm/params/a.yaml:" in error  # the place of the fault, as the operator knows it
    assert "Traceback" not in error


def test_who_runs_the_command_opens_a_place(store: Store, in_bucket: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    store.pipe("others/deals.csv", deals(7).encode())
    text = store.cat("firm/params/a.yaml").decode().replace("folder: ../data/a", "tables: {deals: {path: 's3://others/deals.csv'}}")
    store.pipe("firm/params/a.yaml", text.encode())
    monkeypatch.setenv(locations.OPEN, "s3://firm/ s3://others/")
    dataset = Dataset.read(load("s3://firm/params/a.yaml"))
    assert dataset.frame("SELECT count(*) AS n FROM facts.deals WHERE contract_at IS NOT NULL")["n"][0] == 7


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({1: "s3://firm/params/none.yaml"}, "there is no s3://firm/params/none.yaml"),
        ({1: "s3://none/params/a.yaml"}, "s3://none/params/a.yaml"),
        ({1: "ftp://firm/a.yaml"}, "is no place that files are read from"),
        ({7: "s3://none/reports"}, "s3://none/reports"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(
    change: dict[int, str], told: str, store: Store, in_bucket: Callable[..., list[str]], capsys: Any
) -> None:
    command = in_bucket()
    for place, text in change.items():
        command[place] = text
    assert main(command) in (1, 2)
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


def test_a_server_that_does_not_answer_is_told(in_bucket: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.filesystem("s3").clear_instance_cache()
    assert main(in_bucket()) == 2
    error = capsys.readouterr().err
    assert "s3://firm" in error
    assert "Traceback" not in error


def test_files_by_their_address(firm: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    job = firm("a")
    output = f"file://{tmp_path}/there"
    command = [
        "render",
        f"file://{job.client}",
        "--period",
        "2026-01",
        "--template",
        str(job.template),
        "--output",
        output,
        "--log-format",
        "json",
    ]
    monkeypatch.setenv(locations.OPEN, "")  # and back again
    assert main(command) == 0
    assert (tmp_path / "there" / "a" / "2026-01" / "audit.html").is_file()
    capsys.readouterr()
    assert main(command) == 0
    assert [told["status"] for told in reports(capsys)] == ["unchanged"]


def test_patterns_mean_names_in_one_folder(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(locations.OPEN, "s3://firm/")
    for name in ("d/a1.csv", "d/a2.csv", "d/b.csv", "d/deep/a3.csv"):
        store.pipe(f"firm/{name}", b"x")
    assert list(locations.matching("s3://firm/d/a*.csv")) == ["s3://firm/d/a1.csv", "s3://firm/d/a2.csv"]
    assert list(locations.matching("s3://firm/*/a*.csv")) == ["s3://firm/d/a1.csv", "s3://firm/d/a2.csv"]
    assert locations.matching("s3://firm/none/*.csv") == {}


def test_an_address_in_capitals_is_the_same(store: Store, in_bucket: Callable[..., list[str]], capsys: Any) -> None:
    command = in_bucket("--log-format", "json", output="S3://firm/reports/")
    assert main(command) == 0
    store.rm("firm/reports/a/2026-01/audit.html")
    capsys.readouterr()
    assert main(command) == 0
    assert [told["status"] for told in reports(capsys)] == ["ok"]
    assert store.exists("firm/reports/a/2026-01/audit.html")


def test_two_templates_of_one_period_are_both_left_as_they_are(
    store: Store, in_bucket: Callable[..., list[str]], tmp_path: Path, capsys: Any
) -> None:
    command = in_bucket("--log-format", "json")
    first = Path(command[command.index("--template") + 1])
    second = first.with_name("second.ipynb")
    second.write_bytes(first.read_bytes())
    command[command.index("--template") + 1] = f"{first},{second}"
    for expected in ("ok", "unchanged"):
        assert main(command) == 0
        assert [told["status"] for told in reports(capsys)] == [expected] * 2


def test_a_damaged_manifest_of_another_report_costs_nothing(store: Store, in_bucket: Callable[..., list[str]]) -> None:
    store.pipe("firm/reports/b/2026-01/manifest.json", b'{"files": [')
    assert main(in_bucket()) == 0
    assert store.exists("firm/reports/batch.json")


def test_an_index_that_cannot_be_written_costs_time_alone(
    store: Store, in_bucket: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from salesqc_lib.batch import index

    def refused(address: str, text: str) -> None:
        raise InputError(f"{address} cannot be written")

    monkeypatch.setattr(index, "write_text", refused)
    command = in_bucket()
    command[command.index("--period") + 1] = "2026-01,2026-Q1"
    assert main(command) == 0
    assert "will be made again" in capsys.readouterr().err
    assert store.exists("firm/reports/a/2026-01/audit.html")
    assert store.exists("firm/reports/a/2026-Q1/audit.html")


@pytest.mark.parametrize(
    ("opened", "asked", "is_open"),
    [
        ("s3://archive", "s3://archive/x.csv", True), ("s3://archive", "s3://archive-of-rival/x.csv", False),
        ("file:///srv/out", "file:///srv/out/a.csv", True), ("file:///srv/out", "file:///srv/other/a.csv", False),
        ("file:///srv/a.yaml", "file:///srv/a.csv", True),
    ],
)  # fmt: skip
def test_what_is_typed_opens_that_place_and_no_other(opened: str, asked: str, is_open: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(locations.OPEN, "")
    locations.open_for([opened])
    if is_open:
        locations._check_open(asked)
    else:
        with pytest.raises(InputError, match="not open"):
            locations._check_open(asked)


def test_a_link_leads_no_further_than_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "place").mkdir()
    (tmp_path / "secret.csv").write_text("x")
    (tmp_path / "place" / "l.csv").symlink_to(tmp_path / "secret.csv")
    monkeypatch.setenv(locations.OPEN, f"file://{tmp_path}/place/")
    for address in (f"file://{tmp_path}/place/l.csv", f"file://{tmp_path}/place/*.csv"):
        with pytest.raises(InputError, match="not open"):
            locations.brought(address)


@pytest.mark.parametrize("address", ["file://firm.yaml", "s3://firm/../others/x.csv", "s3://", "s3://firm/\0.csv", "gopher://x/y.csv"])
def test_an_address_is_whole(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(locations.OPEN, "s3://firm/")
    with pytest.raises(InputError):
        locations.matching(address)


def test_a_beginning_of_another_name_is_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(locations.OPEN, "")
    locations.open_for(["s3://firm/params/a.yaml"])
    assert os.environ[locations.OPEN] == "s3://firm/"
    with pytest.raises(InputError, match="not open"):
        locations.matching("s3://firm-of-others/x.csv")
