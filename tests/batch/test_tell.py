"""What a batch says, to people and to machines."""

import json
from pathlib import Path
from typing import Any

import pytest

from salesqc_lib.batch.batch import Batch
from salesqc_lib.cli import main
from tests.batch.conftest import Make


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_failing_client_stops_nobody(firm: Make, capsys: pytest.CaptureFixture[str]) -> None:
    jobs = [firm("a"), firm("b", "1 / 0"), firm("c")]
    assert Batch(jobs, jobs[0].output).run() == 1
    told = capsys.readouterr()
    assert "small 2026-01: partial" in told.err
    assert "3 reports in" in told.err
    assert "2 ok, 1 partial" in told.err
    batch = json.loads((jobs[0].output / "batch.json").read_text(encoding="utf-8"))
    assert batch["counts"] == {"ok": 2, "partial": 1}
    assert batch["exit_code"] == 1
    assert {one["status"] for one in batch["reports"]} == {"ok", "partial"}


def test_lines_for_machines_hold_what_happened(firm: Make, capsys: pytest.CaptureFixture[str]) -> None:
    job = firm("a", period="last-month", today="2026-02-10")
    for skipped, status in ((False, "ok"), (True, "unchanged")):
        assert Batch([job], job.output, is_json=True).run() == 0
        told = [one for one in lines(capsys.readouterr().out) if one["event"] == "report"]
        assert [(one["period"], one["status"], one["skipped"], bool(one["why"])) for one in told] == [
            ("2026-01", status, skipped, not skipped)
        ]
        assert set(told[0]) >= {"ts", "client", "seconds", "folder", "message", "template", "language"}


def test_why_says_which_part_has_changed(firm: Make, capsys: pytest.CaptureFixture[str]) -> None:
    job = firm("a")
    Batch([job], job.output).run()
    Path(job.client).write_text(Path(job.client).read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    capsys.readouterr()
    Batch([job], job.output, says_why=True).run()
    assert "small.yaml" in capsys.readouterr().out.splitlines()[0]


def test_fail_fast_begins_no_more(firm: Make, capsys: pytest.CaptureFixture[str]) -> None:
    jobs = [firm("a", "1 / 0"), *(firm(f"b{i}") for i in range(3))]
    assert Batch(jobs, jobs[0].output, stops_early=True).run() == 1
    counts = json.loads((jobs[0].output / "batch.json").read_text(encoding="utf-8"))["counts"]
    assert counts == {"partial": 1, "not begun": 3}


def test_fail_fast_lets_those_at_work_end(firm: Make) -> None:
    """The second is at work while the first fails: it is made, and the third is not begun."""
    jobs = [firm("a", "1 / 0"), firm("b", "import time\ntime.sleep(3)"), firm("c")]
    assert Batch(jobs, jobs[0].output, workers=2, stops_early=True).run() == 1
    told = json.loads((jobs[0].output / "batch.json").read_text(encoding="utf-8"))["reports"]
    assert {one["folder"].split("/")[-2] if one["folder"] else "": one["status"] for one in told if one["status"] != "partial"} == {
        "b": "ok",
        "": "not begun",
    }


def test_each_of_several_periods_that_are_none_is_told(firm: Make, capsys: pytest.CaptureFixture[str]) -> None:
    jobs = [firm("a", period="2030-13"), firm("a", period="2030-14"), firm("a")]
    assert Batch(jobs, jobs[0].output, stops_early=True).run() == 1
    told = json.loads((jobs[0].output / "batch.json").read_text(encoding="utf-8")) if (jobs[0].output / "batch.json").is_file() else None
    text = capsys.readouterr()
    assert "2030-13" in text.err
    assert told is None or sum(told["counts"].values()) == 3


def test_all_wrong_usage_is_two(firm: Make, capsys: pytest.CaptureFixture[str]) -> None:
    job = firm("a", period="2030-13")
    assert Batch([job], job.output).run() == 2
    assert "2030-13" in capsys.readouterr().err


def test_the_command_takes_the_switches(firm: Make, capsys: pytest.CaptureFixture[str]) -> None:
    job = firm("a")
    given = ["render", job.client, "--period", "2026-01", "--template", str(job.template), "--output", str(job.output), "--format", "html"]
    assert main([*given, "--jobs", "2", "--retries", "1"]) == 0
    assert main([*given, "--why"]) == 0
    assert "unchanged" in capsys.readouterr().out
    assert main([*given, "--force", "--why"]) == 0
    assert "--force" in capsys.readouterr().out
