"""Reports made by a Dask cluster: a scheduler and two workers, each a process of its own on this machine."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from salesqc_lib.batch import cluster
from salesqc_lib.batch.batch import Batch
from salesqc_lib.batch.work import can_fork
from salesqc_lib.cli import main
from salesqc_lib.errors import InputError
from tests.batch.conftest import Make, Store

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(not can_fork(), reason="there is no fork here")
PATIENCE = 120.0  # seconds that anything may take on a slow machine


@dataclass
class Cluster:
    """A scheduler and its workers, as processes."""

    folder: Path
    environment: dict[str, str]
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    address: str = ""

    def start(self, workers: int, *more: str) -> None:
        """Begin it all, and wait until all workers are there."""
        told = self.folder / "scheduler.json"
        self._run("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--no-jupyter", "--scheduler-file", str(told))
        import json

        until(lambda: told.is_file() and told.read_text() != "")
        self.address = json.loads(told.read_text())["address"]
        for _ in range(workers):
            self.worker(*more)
        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)

    def worker(self, *more: str) -> None:
        """One more worker."""
        self._run(
            "worker", self.address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(self.folder), *(more or ("--no-nanny",))
        )

    def _run(self, *words: str) -> None:
        command = [sys.executable, "-m", "dask", *words]
        self.processes.append(
            subprocess.Popen(command, cwd=self.folder, env=self.environment, stderr=subprocess.DEVNULL, start_new_session=True)
        )

    def end(self) -> None:
        """Leave nobody behind."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Cluster]:
    """Not started yet."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    found = Cluster(folder, dict(os.environ))
    yield found
    found.end()


def until(is_so: Callable[[], object]) -> None:
    end = monotonic() + PATIENCE
    while not is_so():
        assert monotonic() < end
        sleep(0.1)


def test_a_cluster_makes_what_this_machine_makes(firm: Make, dask: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jobs = [firm(name, signed=place + 3) for place, name in enumerate("abcd")]
    assert Batch([replace(job, output=tmp_path / "here") for job in jobs], tmp_path / "here").run() == 0
    dask.start(2)
    assert Batch(jobs, tmp_path / "output", scheduler=dask.address).run() == 0
    for name in "abcd":
        here, there = (tmp_path / folder / name / "2026-01" for folder in ("here", "output"))
        for file in ("audit.html", "kpis.csv", "findings.csv"):
            assert (there / file).read_bytes() == (here / file).read_bytes(), (name, file)
    capsys.readouterr()
    assert Batch(jobs, tmp_path / "output", scheduler=dask.address).run() == 0  # and remembered like any other
    assert capsys.readouterr().out.count("unchanged") >= 4


def test_the_report_of_a_lost_worker_is_done_again_and_none_twice(firm: Make, dask: Cluster, tmp_path: Path) -> None:
    """The first worker that comes to the marked cell is killed in it."""
    dask.start(2)
    begun = tmp_path / "begun"
    cell = (
        "import os, pathlib, signal, time\n"
        f"mark = pathlib.Path({str(begun)!r})\n"
        "if not mark.exists():\n"
        "    mark.write_text(str(os.getppid()))\n"
        "    time.sleep(600)\n"
    )
    jobs = [firm("a", cell), firm("b"), firm("c")]
    reports = cluster.made(jobs, dask.address, _parts(jobs[0]))
    import threading

    def kill() -> None:
        until(lambda: begun.is_file() and begun.read_text())
        _worker_above(int(begun.read_text()))

    killer = threading.Thread(target=kill)
    killer.start()
    told = list(reports)
    killer.join()
    assert sorted(place for place, _ in told) == [0, 1, 2]
    assert [outcome.status for _, outcome in sorted(told, key=lambda one: one[0])] == ["ok", "ok", "ok"]


def _parts(job: object) -> dict[str, str]:
    from salesqc_lib.batch.key import parts_of
    from salesqc_lib.batch.stamps import Stamps

    return parts_of(job, Stamps())


def _worker_above(server: int) -> None:
    """Kill the worker whose server of forks is given."""
    stat = Path(f"/proc/{server}/stat").read_text()
    parent = int(stat.rpartition(")")[2].split()[1])
    assert b"dask" in Path(f"/proc/{parent}/cmdline").read_bytes()
    os.kill(parent, signal.SIGKILL)


def test_a_lost_scheduler_ends_the_batch_and_the_next_one_goes_on(
    firm: Make, dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dask.start(1)
    cell = f"import pathlib, time\nwhile pathlib.Path({str(tmp_path / 'wait')!r}).exists(): time.sleep(0.1)"
    (tmp_path / "wait").touch()
    jobs = [firm("a"), firm("b", cell), firm("c")]
    reports = cluster.made(jobs, dask.address, _parts(jobs[0]), at_once=1)
    assert next(reports)[1].status == "ok"
    os.killpg(dask.processes[0].pid, signal.SIGKILL)
    rest = dict(reports)
    assert {outcome.status for outcome in rest.values()} == {"failed"}
    assert all("scheduler" in outcome.message and "lost" in outcome.message for outcome in rest.values())
    (tmp_path / "wait").unlink()
    assert Batch(jobs, tmp_path / "output").run() == 0  # on this machine, where it was


def test_a_worker_with_other_packages_makes_nothing(firm: Make, dask: Cluster) -> None:
    dask.environment["SALESQC_KEY"] = "another secret"
    dask.start(1)
    job = firm("a")
    ((_, outcome),) = cluster.made([job], dask.address, _parts(job))
    assert outcome.status == "failed"
    assert "another SALESQC_KEY" in outcome.message


def test_a_worker_that_may_not_begin_processes_says_so(firm: Make, dask: Cluster) -> None:
    dask.start(1, "--nanny")
    job = firm("a")
    ((_, outcome),) = cluster.made([job], dask.address, _parts(job))
    assert outcome.status == "failed"
    assert "--no-nanny" in outcome.message


def test_a_worker_with_other_limits_or_another_template_makes_nothing(firm: Make, dask: Cluster, tmp_path: Path) -> None:
    dask.environment["SALESQC_FILE_BYTES"] = "5"
    dask.start(1)
    job = firm("a")
    ((_, outcome),) = cluster.made([job], dask.address, _parts(job))
    assert "other limits" in outcome.message
    from salesqc_lib.batch.stamps import Stamps

    told = cluster.report([job], {name: _parts(job)[name] for name in cluster.SAME}, ["0" * 64], "", 0)
    assert "another template" in told[0].message
    assert Stamps().of(str(job.template)).sha != "0" * 64


def test_what_one_command_opens_is_shut_for_the_next(firm: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from salesqc_lib import locations
    from salesqc_lib.batch.stamps import Stamps

    monkeypatch.setenv(locations.OPEN, "")
    job = firm("a", f"import os\nprint('open:', os.environ.get({locations.OPEN!r}))")
    parts, sha = {name: _parts(job)[name] for name in cluster.SAME}, Stamps().of(str(job.template)).sha
    for places in ("s3://rich/", ""):
        (told,) = cluster.report([job], parts, [sha], places, 0)
        assert told.status == "ok"
        page = (told.folder / "audit.ipynb").read_text(encoding="utf-8")  # type: ignore[operator]
        assert ("s3://rich/" in page) == bool(places)
    assert os.environ[locations.OPEN] == ""


def test_a_cluster_without_workers_is_given_up(firm: Make, dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "UNMANNED", 2.0)
    dask.start(1)
    begun = tmp_path / "begun"
    job = firm("a", f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(600)")
    import threading

    def kill() -> None:
        until(begun.is_file)
        os.killpg(dask.processes[1].pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    ((_, outcome),) = cluster.made([job], dask.address, _parts(job))
    killer.join()
    assert outcome.status == "failed"
    assert "no workers" in outcome.message


def test_a_failing_report_stops_nobody_and_names_its_machine(firm: Make, dask: Cluster) -> None:
    dask.start(2)
    jobs = [firm("a", "import os\nos._exit(3)"), firm("b")]
    told = dict(cluster.made(jobs, dask.address, _parts(jobs[0])))
    assert [told[place].status for place in range(2)] == ["failed", "ok"]
    assert "code 3" in told[0].message
    assert "(on " in told[0].message


@pytest.mark.parametrize("words", [["--executor", "dask"], ["--scheduler", "tcp://127.0.0.1:8786"]])
def test_a_cluster_is_asked_for_whole(words: list[str], firm: Make, capsys: pytest.CaptureFixture[str]) -> None:
    job = firm("a")
    assert main(["render", job.client, "--period", "2026-01", *words]) == 2
    assert "add --" in capsys.readouterr().err


def test_nobody_at_the_address_is_told(firm: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 1.0)
    job = firm("a")
    with pytest.raises(InputError, match="no scheduler answers at tcp://127"):
        list(cluster.made([job], "tcp://127.0.0.1:9", _parts(job)))


def test_machines_that_share_nothing_meet_at_addresses(store: Store, in_bucket: Callable[..., list[str]], dask: Cluster) -> None:
    """Parameters, data and reports lie in a bucket; the worker's folder is another one."""
    dask.environment = dict(os.environ)
    dask.start(1)
    assert main(in_bucket("--executor", "dask", "--scheduler", dask.address)) == 0
    assert store.exists("firm/reports/a/2026-01/audit.html")
    assert store.exists("firm/reports/index.html")
