"""Machines die in the night: at whatever moment a run ends, the last good report is whole, nothing is left behind, and the cause is told."""

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from salesqc_lib import limits
from salesqc_lib.report import place as places
from salesqc_lib.report.render import render
from tests.report.test_render import job, listing

__all__ = ["job"]  # a fixture


# ---- the disk is full, at every moment at which something is written


@pytest.mark.parametrize("moment", ["the room", "the notebook", "the page", "the manifest", "the exchange", "the PDF"])
def test_a_full_disk_keeps_the_old_report(moment: str, job: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = render(job(formats=("html",))).folder
    before = {name: (good / name).read_bytes() for name in listing(good)}

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def only(name: str, own: Any) -> Any:
        return lambda path, *given, **more: full() if path.name == name else own(path, *given, **more)

    if moment == "the room":
        monkeypatch.setattr(tempfile, "mkdtemp", full)
    elif moment == "the notebook":
        job("import errno\nraise OSError(errno.ENOSPC, 'No space left on device')")
    elif moment == "the page":
        monkeypatch.setattr(Path, "write_text", only("audit.html", Path.write_text))
    elif moment == "the manifest":
        monkeypatch.setattr(Path, "write_text", only("manifest.json", Path.write_text))
    elif moment == "the PDF":
        monkeypatch.setattr(Path, "write_bytes", only("audit.pdf", Path.write_bytes))
    else:
        monkeypatch.setattr(places, "_write", full)
    sources = ("import errno\nraise OSError(errno.ENOSPC, 'No space left on device')",) if moment == "the notebook" else ()
    outcome = render(job(*sources, formats=("html", "pdf") if moment == "the PDF" else ("html",)))
    monkeypatch.undo()
    assert (outcome.status, outcome.is_usage_error) == ("failed", False)
    assert "the disk is full" in outcome.message
    assert "the last whole report is untouched" in outcome.message
    assert not outcome.fault, "it is no fault of ours"
    assert {name: (good / name).read_bytes() for name in listing(good)} == before
    assert sorted(file.name for file in good.parent.iterdir()) == ["2026-01"]


# ---- one format fails


@pytest.mark.parametrize("kind", ["html", "pdf", "xlsx"])
@pytest.mark.parametrize("words", ["it broke", ""])
def test_a_format_that_fails_costs_the_others_nothing(
    kind: str, words: str, job: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salesqc_lib.report import render as rendering

    own = rendering._export

    def breaks(notebook: Any, folder: Path, name: str, wanted: str) -> None:
        if wanted == kind:
            (folder / f"{name}.{wanted}").write_text("half")
            raise RuntimeError(words)
        own(notebook, folder, name, wanted)

    monkeypatch.setattr(rendering, "_export", breaks)
    outcome = render(job(formats=("html", "pdf", "xlsx")))
    assert outcome.status == "partial"
    assert f"the {kind.upper()} could not be made (RuntimeError: {words or 'no words'})" in outcome.message
    files = listing(tmp_path / "output" / "small" / "2026-01.partial")
    assert {f"audit.{other}" for other in ("html", "pdf", "xlsx")} - set(files) == {f"audit.{kind}"}
    assert {"audit.ipynb", "kpis.csv", "manifest.json"} <= set(files)
    failures = json.loads((outcome.folder / "manifest.json").read_text(encoding="utf-8"))["failures"]
    assert failures == [{"format": kind, "error": f"RuntimeError: {words or 'no words'}"}]


@pytest.mark.parametrize(
    "source",
    [
        "raise ValueError",
        "raise ValueError('')",
        "raise ValueError('\\n')",
        "raise KeyError",
        "assert False",
        "class E(Exception):\n    def __str__(self): return ''\nraise E",
    ],
)
def test_errors_without_words_are_handled(source: str, job: Any) -> None:
    outcome = render(job(source, formats=("html",)))
    assert outcome.status == "partial"
    assert "cell 4: " in outcome.message


# ---- limits


@pytest.mark.parametrize("moment", ["setup", "before", "first", "middle", "last"])
def test_a_report_that_takes_too_long_is_stopped(moment: str, job: Any, tmp_path: Path) -> None:
    good = render(job(formats=("html",))).folder
    before = listing(good)
    sleep = "import time; time.sleep(600)"
    sources = {"first": (sleep, "1", "2"), "middle": ("1", sleep, "2"), "last": ("1", "2", sleep)}.get(moment, ("1",))
    wanted = job(*sources, formats=("html",), seconds=6)
    if moment in ("setup", "before"):
        import nbformat

        notebook = nbformat.read(wanted.template, 4)
        at = 1 if moment == "setup" else 2
        notebook.cells[at].source = sleep + "\n" + notebook.cells[at].source
        nbformat.write(notebook, wanted.template)
    outcome = render(wanted)
    assert outcome.status == "failed"
    assert "took longer than 6 s" in outcome.message
    assert listing(good) == before
    assert not [file for file in good.parent.iterdir() if file.name.startswith(".")]


def test_a_cell_that_takes_too_long_is_a_failed_section(job: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELL_SECONDS", 30)
    outcome = render(job("import time; time.sleep(600)", "1", formats=("html",)))
    assert outcome.status == "partial"
    assert "the cell ran longer than 30 s" in outcome.message


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of another process")
@pytest.mark.parametrize(
    "source",
    [
        "x = bytearray(60 << 30)",
        "import numpy as np; x = np.ones(8_000_000_000)",
        "x = 'a' * (60 << 30)",
        "x = [0] * (8 << 30)",
        "import pandas as pd; x = pd.Series(range(8_000_000_000), dtype='float64')",
    ],
)
def test_a_report_that_takes_too_much_memory_fails_alone(source: str, job: Any) -> None:
    outcome = render(job(source, formats=("html",)))
    assert outcome.status in ("partial", "failed")
    assert "emory" in outcome.message


# ---- signals and kills, at five moments


DRIVER = """
import sys, time
from pathlib import Path
import salesqc_lib.cli as cli
import multiprocessing
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests run in the background, which ignores it
from salesqc_lib.batch import work
from salesqc_lib.report import render, place
work._context = lambda: multiprocessing.get_context("fork")  # so that the process has what is waited in below
moment, started = sys.argv[1], Path(sys.argv[2])
def wait(*_, **__):
    started.touch()
    time.sleep(600)
if moment == "export":
    render._export = wait
elif moment == "manifest":
    render.write_manifest = wait
elif moment == "exchange":
    place._exchange = wait
elif moment == "start":
    import salesqc_lib.report.execute as execute
    execute.checked = wait
sys.exit(cli.main(sys.argv[3:]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("moment", ["start", "cell", "export", "manifest", "exchange"])
def test_a_run_that_is_ended(number: signal.Signals, moment: str, job: Any, tmp_path: Path) -> None:
    good = render(job(formats=("html",))).folder
    before = {name: (good / name).read_bytes() for name in listing(good)}
    started = tmp_path / "started"
    job(*([f"open({str(started)!r}, 'w').close(); import time; time.sleep(600)"] if moment == "cell" else []))
    rooms = tmp_path / "tmp"
    rooms.mkdir()
    command = [
        sys.executable,
        "-c",
        textwrap.dedent(DRIVER),
        moment,
        str(started),
        "render",
        str(tmp_path / "small.yaml"),
        "--period",
        "2026-01",
        "--template",
        str(tmp_path / "audit.ipynb"),
        "--output",
        str(tmp_path / "output"),
        "--format",
        "html",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(rooms)}, start_new_session=True)
    while not started.exists() and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(number)
    _, told = process.communicate(timeout=120)
    if number == signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        assert process.returncode == (143 if number == signal.SIGTERM else 130), told
        assert "interrupted; the last good reports are untouched" in told
        assert "Traceback" not in told
        left = [file.name for file in good.parent.iterdir() if file.name != "2026-01" and not file.name.endswith(".exchange")]
        assert left == [], "tidied up on the way out"
        assert list(rooms.iterdir()) == []
    if good.exists():
        assert {name: (good / name).read_bytes() for name in listing(good)} == before
    again = render(job(formats=("html",)))
    assert again.status == "ok", "the next run repairs what was left"
    assert sorted(file.name for file in good.parent.iterdir()) == ["2026-01"]
