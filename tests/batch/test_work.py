"""Processes that make reports: what happens when one dies, hangs, is stopped, eats all memory. No clock of this machine decides a test."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from salesqc_lib.batch import work
from salesqc_lib.batch.work import can_fork, made
from tests.batch.conftest import Make

pytestmark = pytest.mark.skipif(not can_fork(), reason="there is no fork here")
MANY = 40
DIE = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"


def test_a_process_that_dies_fails_its_report_alone(firm: Make) -> None:
    told = dict(made([firm("a"), firm("b", DIE), firm("c")], 2))
    assert [told[place].status for place in range(3)] == ["ok", "failed", "ok"]
    assert "ended by signal 9" in told[1].message
    assert "untouched" in told[1].message


def test_the_reports_after_one_that_died_are_made_by_another_process(firm: Make, tmp_path: Path) -> None:
    from dataclasses import replace

    first = firm("a", DIE)
    bad = first.template.with_name("bad.ipynb")
    bad.write_bytes(first.template.read_bytes())
    told = dict(made([replace(first, template=bad), firm("a")], 1))
    assert [told[place].status for place in range(2)] == ["failed", "ok"]


def test_a_report_whose_process_died_is_tried_again(firm: Make, tmp_path: Path) -> None:
    flag = tmp_path / "tried"
    once = f"import os, signal, pathlib\nflag = pathlib.Path({str(flag)!r})\nif not flag.exists():\n    flag.touch()\n    os.kill(os.getpid(), signal.SIGKILL)"
    ((_, outcome),) = made([firm("a", once)], 1, retries=1)
    assert outcome.status == "ok"


def test_a_report_that_does_not_end_is_ended(firm: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """It sleeps with its alarm turned off, as code that never comes back to Python would."""
    monkeypatch.setattr(work, "GRACE", 1.0)
    deaf = "import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: time.sleep(1)"
    ((_, outcome),) = made([firm("a", deaf, seconds=5)], 1)
    assert outcome.status == "failed"
    assert "took longer than 5 s" in outcome.message


def test_a_process_that_does_not_end_after_its_reports_is_ended(firm: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its reports are there, and nothing of what it unpacked is left behind."""
    monkeypatch.setattr(work, "PATIENCE", 1.0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    deaf = (
        "import os, shutil, time\nown, remove = os.environ['TMPDIR'], shutil.rmtree\n"
        "shutil.rmtree = lambda place, *more, **given: time.sleep(3600) if str(place) == own else remove(place, *more, **given)"
    )
    ((_, outcome),) = made([firm("a", deaf)], 1)
    assert outcome.status == "ok"
    assert list((tmp_path / "scratch").glob("salesqc-*")) == []


def test_the_next_process_begins_while_the_last_one_tidies_up(firm: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The first waits at its end for what the second does."""
    monkeypatch.setattr(work, "PATIENCE", 120.0)
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    waits = f"import pathlib, time\nfrom salesqc_lib import scratch\ndef wait():\n    while not pathlib.Path({str(begun)!r}).exists(): time.sleep(0.1)\n    pathlib.Path({str(ended)!r}).touch()\nscratch.leave = wait"
    told = dict(made([firm("a", waits), firm("b", f"import pathlib\npathlib.Path({str(begun)!r}).touch()")], 1))
    assert [told[place].status for place in range(2)] == ["ok", "ok"]
    assert ended.exists()


def test_a_report_that_takes_too_long_ends_by_itself(firm: Make) -> None:
    ((_, outcome),) = made(
        [firm("a", "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except Exception:\n        pass", seconds=5)], 1
    )
    assert outcome.status == "failed" or outcome.status == "partial"
    assert "longer than 5 s" in outcome.message


def test_who_stops_the_batch_stops_its_processes(firm: Make, tmp_path: Path) -> None:
    """What was begun is tidied up: no room, no scratch is left, and the report that lay there is untouched."""
    ((_, before),) = made([firm("a")], 1)
    flag = tmp_path / "begun"
    slow = f"import pathlib, time\npathlib.Path({str(flag)!r}).touch()\ntime.sleep(600)"
    reports = made([firm("b"), firm("a", slow)], 1)
    next(reports)
    worker_of_a = made([firm("a", slow)], 1, on_step=lambda place, step: None)
    reports.close()
    worker_of_a.close()
    assert (before.folder / "audit.html").is_file()  # type: ignore[operator]
    assert [path.name for path in (tmp_path / "output" / "a").iterdir() if "room" in path.name] == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_processes_end_with_the_command_that_asked_for_them(number: signal.Signals, firm: Make, tmp_path: Path) -> None:
    flag = tmp_path / "pid"
    job = firm("a", f"import os, pathlib, time\npathlib.Path({str(flag)!r}).write_text(str(os.getpid()))\ntime.sleep(600)")
    code = f"from pathlib import Path\nfrom salesqc_lib.cli import main\nmain(['render', {job.client!r}, '--period', '2026-01', '--template', {str(job.template)!r}, '--output', {str(job.output)!r}])"
    command = subprocess.Popen([sys.executable, "-c", f"if __name__ == '__main__':\n    {code.replace(chr(10), chr(10) + '    ')}"])
    until = monotonic() + 120
    while not (flag.is_file() and flag.read_text()) and monotonic() < until:
        sleep(0.1)
    worker = int(flag.read_text())
    command.send_signal(number)
    command.wait(60)
    until = monotonic() + 60
    while _is_alive(worker) and monotonic() < until:
        sleep(0.1)
    assert not _is_alive(worker)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().split(")")[-1].split()[:1]


def test_nothing_of_a_client_is_left_in_scratch(firm: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forked process ends without the interpreter's tidying up."""
    rooms = tmp_path / "tmp"
    rooms.mkdir()
    monkeypatch.setenv("TMPDIR", str(rooms))
    ((_, outcome),) = made([firm("a", "import tempfile\nprint(tempfile.gettempdir())")], 1)
    assert outcome.status == "ok"
    assert [path.name for path in rooms.iterdir() if path.name.startswith("salesqc")] == []


def test_what_a_killed_process_has_left_is_removed(firm: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rooms = tmp_path / "tmp"
    rooms.mkdir()
    monkeypatch.setenv("TMPDIR", str(rooms))
    monkeypatch.setattr("tempfile.tempdir", str(rooms))
    ((_, outcome),) = made([firm("a", "import tempfile\nleft = tempfile.mkdtemp()", DIE)], 1)
    assert outcome.status == "failed"
    assert [path.name for path in rooms.iterdir() if path.name.startswith("salesqc")] == []
    assert [path.name for path in (tmp_path / "output" / "a").iterdir()] == []


def test_a_batch_side_by_side_is_the_batch_one_by_one(firm: Make) -> None:
    """The named test: no figure of one client in another's report."""
    sources = ("from salesqc_lib.show import *\nscoreboard(audit.measure('funnel'))", "audit.figures()")
    jobs = [firm(f"f{i}", *sources, signed=2 + i % 7, leads=20 + i) for i in range(MANY)]
    found = []
    for workers in (1, 4):
        told = dict(made(jobs, workers))
        assert {one.status for one in told.values()} == {"ok"}
        found.append(
            {
                (place, name): (one.folder / name).read_bytes()
                for place, one in told.items()
                for name in ("audit.html", "kpis.csv", "audit.ipynb")
            }
        )  # type: ignore[operator]
    assert found[0] == found[1]
    assert len({found[0][place, "kpis.csv"] for place in range(MANY)}) == MANY


def test_a_report_that_eats_all_memory_fails_alone(firm: Make) -> None:
    told = dict(
        made([firm("a"), firm("b", "x = bytearray(60 << 30)"), firm("c", "import numpy as np; x = np.ones(8_000_000_000)"), firm("d")], 2)
    )
    assert told[0].status == told[3].status == "ok"
    assert told[1].status != "ok" != told[2].status
    assert all("emory" in told[place].message for place in (1, 2))


def test_a_full_disk_fails_its_report_and_keeps_the_last(firm: Make) -> None:
    """A file that may grow no more is what a full disk is to who writes."""
    ((_, before),) = made([firm("a")], 1)
    page = (before.folder / "audit.html").read_bytes()  # type: ignore[operator]
    full = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))"
    told = dict(made([firm("a", full), firm("b")], 1))
    assert [told[place].status for place in range(2)] == ["failed", "ok"]
    assert "the disk is full" in told[0].message
    assert (before.folder / "audit.html").read_bytes() == page  # type: ignore[operator]
    assert [path.name for path in before.folder.parent.iterdir() if "room" in path.name] == []  # type: ignore[union-attr]
