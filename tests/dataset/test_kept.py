"""Prepared data on disk: the same figures as from the files, and never of anything that has changed."""

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from salesqc_lib import limits
from salesqc_lib.cli import main
from salesqc_lib.dataset import Dataset, kept
from salesqc_lib.findings import find
from salesqc_lib.measure import measure
from salesqc_lib.params import Parameters, read
from salesqc_lib.period import Period
from tests.batch.conftest import deals
from tests.conftest import HEAD, write_company

DAY = date(2026, 3, 1)


class Readings:
    """How often files were read since it was last asked."""

    def __init__(self) -> None:
        self.count = 0

    def since(self) -> int:
        found, self.count = self.count, 0
        return found


@pytest.fixture
def readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Readings:
    """A project in which everything is kept, and a count of readings."""
    for name in ("params", "data", "state"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(kept.OFF)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(kept, "PAYS_FROM", -1.0)
    monkeypatch.setattr(kept, "GRAIN", 0)
    found = Readings()
    from salesqc_lib.dataset import dataset

    original = dataset.read_source

    def counted(intake: Any) -> None:
        found.count += 1
        original(intake)

    monkeypatch.setattr(dataset, "read_source", counted)
    return found


def client(**more: Any) -> Parameters:
    """A client of twenty leads in the project."""
    return write_company(Path("params"), **({"deals": deals(5)} | more))


def undated(rows: str) -> Parameters:
    """A client whose export does not say of when it is: rows of id, creation and seller."""
    write_company(Path("params"), deals=f"deal_id,created_at,manager\n{rows}\n")
    path = Path("params/small.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace(", as_of: 2026-02-01T00:00:00", ""), encoding="utf-8")
    return read(path)


def opened(parameters: Parameters, today: date = DAY) -> Dataset:
    return Dataset.read(parameters, today)


@pytest.mark.parametrize("name", ["olkha", "larkfield"])
def test_what_is_kept_gives_the_same_figures(name: str, demo_folder: Path, readings: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo_folder)
    parameters, period = read(demo_folder / "params" / f"{name}.yaml"), Period.parse("2026-Q3")
    first, again = opened(parameters, date(2026, 11, 1)), opened(parameters, date(2026, 11, 1))
    assert readings.since() == 1
    assert again.warned == first.warned
    assert again.intake.warned == first.intake.warned
    assert (again.as_of, again.as_of.tzinfo, again.rows, again.days, again.shapes) == (
        first.as_of,
        first.as_of.tzinfo,
        first.rows,
        first.days,
        first.shapes,
    )
    assert [(file.name, file.rows, file.sha256) for file in again.intake.files] == [
        (file.name, file.rows, file.sha256) for file in first.intake.files
    ]
    pd.testing.assert_frame_equal(again.rejected, first.rejected)
    one, other = measure(first, period), measure(again, period)
    pd.testing.assert_frame_equal(other.frame, one.frame, check_exact=True)
    assert list(other.tables) == list(one.tables)
    for table in one.tables:
        pd.testing.assert_frame_equal(other.tables[table], one.tables[table], check_exact=True)
    found, expected = find(again, period, other), find(first, period, one)
    assert len(expected) > 3
    assert repr(found.items) == repr(expected.items)
    for entry in kept.entries():
        entry.remove()


def _nothing() -> None: ...
def _deals() -> None:
    Path("params/data/deals.csv").write_text(deals(6), encoding="utf-8")


def _deals_with_the_old_time() -> None:
    path = Path("params/data/deals.csv")
    stat = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("2026-01-09", "2026-01-08"), encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _another_table() -> None:
    Path("params/data/managers.csv").write_text("manager,team\nS1,North\n", encoding="utf-8")


def _parameters() -> None:
    path = Path("params/small.yaml")
    path.write_text(path.read_text(encoding="utf-8") + "funnel: {horizon_days: 77}\n", encoding="utf-8")


def _language() -> None:
    path = Path("params/small.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("language: en", "language: ru"), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "is_read"),
    [(_nothing, 0), (_language, 0), (_deals, 1), (_deals_with_the_old_time, 1), (_another_table, 1), (_parameters, 1)],
)
def test_what_has_changed_is_read_anew(change: Callable[[], None], is_read: int, readings: Readings) -> None:
    assert "language: en" in HEAD
    client()
    opened(read(Path("params/small.yaml")))
    change()
    readings.since()
    dataset = opened(read(Path("params/small.yaml")))
    assert readings.since() == is_read
    assert dataset.parameters.report.language == ("ru" if change is _language else "en")


def test_another_library_duckdb_or_limit_reads_anew(readings: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    parameters = client()
    opened(parameters)
    for change in (
        lambda: monkeypatch.setattr(kept, "contents", lambda: "another"),
        lambda: monkeypatch.setattr(duckdb, "__version__", "0.0.0"),
        lambda: monkeypatch.setenv("SALESQC_NAME_LETTERS", "200"),
    ):
        change()
        readings.since()
        opened(parameters)
        assert readings.since() == 1


def _cut(data: Path, note: Path) -> None:
    data.write_bytes(data.read_bytes()[:-5000])


def _one_bit(data: Path, note: Path) -> None:
    content = bytearray(data.read_bytes())
    content[len(content) // 2] ^= 1
    data.write_bytes(bytes(content))


def _no_tables(data: Path, note: Path) -> None:
    data.unlink()


def _half_a_note(data: Path, note: Path) -> None:
    note.write_bytes(note.read_bytes()[:200])


def _forged(data: Path, note: Path) -> None:
    """Somebody lays a note there that names a file of the machine."""
    told = json.loads(note.read_text())
    body = json.loads(told["body"])
    body["known"]["views"] = [["CREATE VIEW canonical.stolen AS SELECT * FROM read_text('/etc/passwd')", ""]]
    note.write_text(json.dumps(told | {"body": json.dumps(body)}))


def _another_machine(data: Path, note: Path) -> None:
    (Path(os.environ["XDG_STATE_HOME"]) / "salesqc" / "seal").write_bytes(b"x" * 32)


def _readable_by_others(data: Path, note: Path) -> None:
    data.chmod(0o644)


def _a_link(data: Path, note: Path) -> None:
    data.rename("elsewhere")
    data.symlink_to(Path("elsewhere").resolve())


def _a_pipe(data: Path, note: Path) -> None:
    note.unlink()
    os.mkfifo(note)


def _brackets_without_end(data: Path, note: Path) -> None:
    note.write_text("[" * 200_000)


def _another_version(data: Path, note: Path) -> None:
    told = json.loads(note.read_text())
    body = json.loads(told["body"])
    del body["known"]["fates"]
    text = json.dumps(body)
    note.write_text(json.dumps(told | {"body": text, "seal": kept._seal(text)}))


@pytest.mark.parametrize(
    "harm",
    [
        _cut,
        _one_bit,
        _no_tables,
        _half_a_note,
        _forged,
        _another_machine,
        _readable_by_others,
        _a_link,
        _another_version,
        _a_pipe,
        _brackets_without_end,
    ],
)
def test_what_cannot_be_believed_is_read_anew(harm: Callable[[Path, Path], None], readings: Readings) -> None:
    parameters = client()
    before = measure(opened(parameters), Period.parse("2026-01")).frame
    (entry,) = kept.entries()
    harm(entry.data, entry.note)
    readings.since()
    dataset = opened(parameters)
    assert readings.since() == 1
    pd.testing.assert_frame_equal(measure(dataset, Period.parse("2026-01")).frame, before, check_exact=True)
    opened(parameters)
    assert readings.since() == 0  # and is kept again


def test_a_day_before_knows_more_of_the_future(readings: Readings) -> None:
    parameters = client()
    opened(parameters, date(2026, 3, 1))
    readings.since()
    opened(parameters, date(2026, 4, 1))
    assert readings.since() == 0
    opened(parameters, date(2026, 1, 7))
    assert readings.since() == 1


def test_events_after_the_day_of_the_run_hold_for_that_day(readings: Readings) -> None:
    """Without `as_of`, events of the future are left out: which they are is another question every day."""
    rows = "\n".join(f"{i},2026-01-{i + 1:02}T10:00:00,S1" for i in range(28))
    parameters = undated(rows)
    assert any(one.code == "W109" for one in opened(parameters, date(2026, 1, 20)).warned)
    readings.since()
    opened(parameters, date(2026, 1, 20))
    assert readings.since() == 0
    opened(parameters, date(2026, 1, 21))
    assert readings.since() == 1


def test_masked_names_are_not_kept(readings: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESQC_KEY", "a secret of sixteen letters")
    opened(client(head=HEAD.replace("report: {", "report: {mask_names: true, ")))
    assert kept.entries() == []


def test_a_file_that_was_just_written_is_not_believed(readings: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "GRAIN", 10**18)
    opened(client())
    assert kept.entries() == []


def test_quick_readings_and_folders_without_a_project_keep_nothing(readings: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = client()
    monkeypatch.setattr(kept, "PAYS_FROM", 1e9)
    opened(parameters)
    assert not Path("data/.cache").exists()
    monkeypatch.setattr(kept, "PAYS_FROM", -1.0)
    Path("data").rmdir()
    opened(parameters)
    assert not Path("data").exists()


def test_it_is_readable_by_its_owner_alone(readings: Readings) -> None:
    opened(client())
    (entry,) = kept.entries()
    assert [file.stat().st_mode & 0o777 for file in (entry.note, entry.data, entry.note.parent)] == [0o600, 0o600, 0o700]
    assert sorted(file.name for file in entry.note.parent.iterdir()) == sorted([entry.note.name, entry.data.name])


def test_no_more_is_kept_than_the_limit(readings: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = client()
    opened(parameters)
    (first,) = kept.entries()
    monkeypatch.setattr(limits, "CACHE_BYTES", int(first.bytes * 1.5))
    Path("params/other").mkdir()
    opened(write_company(Path("params/other"), head=HEAD.replace("id: small", "id: other"), deals=deals(7)))
    assert [entry.client for entry in kept.entries()] == ["other"]
    assert not first.data.exists()


def test_the_command_lists_and_removes(readings: Readings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cache"]) == 0
    assert "nothing is kept" in capsys.readouterr().out
    opened(client())
    assert main(["cache"]) == 0
    assert "small: " in capsys.readouterr().out
    assert main(["cache", "nobody", "--clear"]) == 0
    assert len(kept.entries()) == 1
    assert main(["cache", "--clear"]) == 0
    assert "removed" in capsys.readouterr().out
    assert kept.entries() == []


def test_forget_removes_it_too(readings: Readings, capsys: pytest.CaptureFixture[str]) -> None:
    opened(client())
    assert main(["forget", "small", "--dry-run"]) == 0
    assert "would remove" in capsys.readouterr().out
    assert len(kept.entries()) == 1
    assert main(["forget", "small"]) == 0
    assert kept.entries() == []


def test_a_zip_is_kept_by_its_contents(readings: Readings) -> None:
    import zipfile

    client()
    with zipfile.ZipFile("params/data/all.zip", "w") as archive:
        archive.writestr("deals.csv", deals(5))
    path = Path("params/small.yaml")
    path.write_text(
        path.read_text(encoding="utf-8").replace("folder: data", "tables: {deals: {path: data/all.zip/deals.csv}}"), encoding="utf-8"
    )
    opened(read(path))
    readings.since()
    opened(read(path))
    assert readings.since() == 0
    with zipfile.ZipFile("params/data/all.zip", "w") as archive:
        archive.writestr("deals.csv", deals(6))
    opened(read(path))
    assert readings.since() == 1


def test_a_day_before_most_events_holds_for_that_day_alone(readings: Readings) -> None:
    rows = "\n".join(f"{i},2026-{1 + i % 9:02}-{1 + i % 28:02}T10:00:00,S1" for i in range(200))
    parameters = undated(rows)
    early = opened(parameters, date(2026, 3, 1))
    late = opened(parameters, date(2026, 8, 1))
    assert readings.since() == 2
    assert early.as_of.month == 9
    assert late.as_of.date() <= date(2026, 8, 2)
    assert "W109" in {one.code for one in late.warned}


def test_a_note_of_other_parameters_is_not_believed(readings: Readings) -> None:
    client()
    opened(read(Path("params/small.yaml")))
    (entry,) = kept.entries()
    path = Path("params/small.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("timezone: UTC", "timezone: Asia/Tokyo"), encoding="utf-8")
    key = kept._key(read(path))
    entry.data.rename(entry.data.with_name(f"{key}.duckdb"))
    entry.note.rename(entry.note.with_name(f"{key}.json"))
    readings.since()
    opened(read(path))
    assert readings.since() == 1


def test_a_file_that_changes_while_it_is_read_is_not_kept(readings: Readings) -> None:
    from salesqc_lib.crm.intake import Intake

    parameters = client()
    import duckdb

    intake = Intake(parameters, duckdb.connect())
    list(intake.paths("data/deals.csv"))
    _deals()
    list(intake.paths("data/deals.csv"))
    assert kept._stamps(intake) is None


def test_what_a_killed_command_has_left_goes(readings: Readings) -> None:
    opened(client())
    left = Path("data/.cache/salesqc-999999999-abc")
    left.mkdir()
    (left / "data").write_text("a client's")
    (Path("data/.cache") / "0.duckdb").write_text("a client's")
    assert main(["cache", "--clear"]) == 0
    assert list(Path("data/.cache").iterdir()) == []


def test_without_a_home_nothing_is_kept(readings: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    opened(client())
    assert kept.entries() == []


def test_a_report_of_kept_data_is_remembered(readings: Readings, capsys: pytest.CaptureFixture[str]) -> None:
    """In processes of their own, as the batch makes them: what the cache opens is no input of the report."""
    import subprocess
    import sys

    write_company(Path("params"), deals=deals(5))
    code = "from salesqc_lib.dataset import kept; kept.PAYS_FROM = -1.0; kept.GRAIN = 0; from salesqc_lib import Audit, witness; Audit('small', '2026-01'); print(*witness.seen()['files'], sep='\\n')"
    path = Path("params/small.yaml").resolve()
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code.replace("'small'", repr(str(path)))],
            capture_output=True,
            text=True,
            check=True,
            env=dict(os.environ),
        )
        assert "deals.csv" in done.stdout
        assert ".cache" not in done.stdout
        assert "seal" not in done.stdout
    assert len(kept.entries()) == 1
