"""Who makes the reports: a process each, so many at a time. One that dies takes no other with it.

On Linux the processes are forked from a server that has imported everything (`warm`); elsewhere each begins anew, with an ordinary kernel.
The reports of one client and period are made by one process, one after another. A process ends when the command that asked for it is no more.
"""

import os
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from salesqc_lib import limits

if TYPE_CHECKING:
    from salesqc_lib.report.render import Job, Outcome

AT = "at "  # a step that says where the report will lie (`report.render`)
GRACE = 30.0  # seconds that a report may be over its time before its process is ended from outside
PATIENCE = 10.0  # seconds to tidy up in, when asked to end
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass
class Order:
    """A report to be made; `tries` counts the processes that died over it."""

    place: int
    job: "Job"
    tries: int = 0


@dataclass
class Worker:
    """A process at work on some orders, and what it says."""

    process: Any
    says: Connection
    orders: deque[Order]
    since: float = field(default_factory=monotonic)
    was_ended: bool = False  # from outside, for being late
    place: str = ""  # of the report in hand

    @property
    def is_late(self) -> bool:
        """Whether the report in hand is over its time, and the process did not notice; or all are made, and it does not end."""
        given = (self.orders[0].job.seconds or limits.REPORT_SECONDS) + GRACE if self.orders else PATIENCE
        return monotonic() - self.since > given


def can_fork() -> bool:
    """Where a forked process is as good as a new one."""
    return sys.platform.startswith("linux")


def made(
    jobs: Sequence["Job"],
    workers: int,
    *,
    retries: int = 0,
    environment: Mapping[str, str] | None = None,
    on_step: Callable[[int, str], None] = lambda _, __: None,
    is_over: Callable[[], bool] = lambda: False,
) -> Generator[tuple[int, "Outcome"], None, None]:
    """Make the reports; gives place and outcome as they come. `retries`: how often one is tried again whose process died. `environment`: of the
    processes, if not this one's. `is_over`: whether
    no more are to be begun; those that are at work end.

    Closing the iterator, or an interruption, asks the processes to end, and ends those that do not.
    """
    waiting = deque(groups(jobs))
    running: list[Worker] = []
    context = _context()
    try:
        while (waiting and not is_over()) or running:
            # one that has said its last word needs a moment to tidy up: the next need not wait for it
            while waiting and sum(bool(worker.orders) for worker in running) < workers and not is_over():
                running.append(_started(context, waiting.popleft(), dict(os.environ if environment is None else environment)))
            wait([thing for worker in running for thing in (worker.says, worker.process.sentinel)], timeout=1.0)
            for worker in list(running):
                yield from _heard(worker, on_step)
                if worker.is_late:
                    worker.was_ended = True
                    worker.process.kill()
                    worker.process.join()
                if not worker.process.is_alive():
                    yield from _heard(worker, on_step)  # what it said at the end
                    running.remove(worker)
                    yield from _left(worker, waiting, retries)
    finally:
        _end(running)


def groups(jobs: Sequence["Job"]) -> Iterable[deque[Order]]:
    """Orders of one client and period together."""
    found: dict[tuple[Any, ...], deque[Order]] = {}
    for place, job in enumerate(jobs):
        found.setdefault((job.client, job.clients, job.period, job.before, job.today), deque()).append(Order(place, job))
    return found.values()


def _context() -> Any:
    if not can_fork():
        return get_context("spawn")
    for name in THREADS:
        os.environ.setdefault(name, "1")
    context = get_context("forkserver")
    context.set_forkserver_preload(["salesqc_lib.batch.cold", "salesqc_lib.batch.warm"])
    return context


def _started(context: Any, orders: deque[Order], environment: dict[str, str]) -> Worker:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=([order.job for order in orders], theirs, environment))
    process.start()
    theirs.close()
    return Worker(process, ours, orders)


def answered(question: Callable[..., Any], *given: Any) -> Any:
    """The answer of a function, from a process that has imported everything it needs; here, where there is none."""
    if not can_fork():
        return question(*given)
    context = _context()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(question, given, theirs))
    process.start()
    theirs.close()
    try:
        told = ours.recv()
    except EOFError:
        told = RuntimeError(f"the process of {question.__name__} ended without an answer")
    process.join()
    if isinstance(told, Exception):
        raise told
    return told


def _answer(question: Callable[..., Any], given: tuple[Any, ...], says: Connection) -> None:
    try:
        says.send(question(*given))
    except Exception as error:
        says.send(error)


def _heard(worker: Worker, on_step: Callable[[int, str], None]) -> Iterator[tuple[int, "Outcome"]]:
    with suppress(EOFError, OSError):
        while worker.orders and worker.says.poll():
            kind, told = worker.says.recv()
            if kind == "step" and told.startswith(AT):
                worker.place = told.removeprefix(AT)
            elif kind == "step":
                on_step(worker.orders[0].place, told)
            else:
                yield worker.orders.popleft().place, told
                worker.since = monotonic()


def _left(worker: Worker, waiting: deque[deque[Order]], retries: int) -> Iterator[tuple[int, "Outcome"]]:
    """What a process that is no more has not made: the report in hand failed with it, the others are for another."""
    worker.says.close()
    if worker.orders or worker.was_ended:
        _tidy_after(worker)
    if not worker.orders:
        return
    first = worker.orders[0]
    if first.tries < retries:
        first.tries += 1
    else:
        worker.orders.popleft()
        yield first.place, _lost(first.job, worker)
    if worker.orders:
        waiting.append(worker.orders)


def _tidy_after(worker: Worker) -> None:
    """Remove what a process that died has left of a client: its scratch, and the room of its report."""
    from salesqc_lib import scratch
    from salesqc_lib.errors import InputError
    from salesqc_lib.report.place import room_for

    scratch.sweep(Path(tempfile.gettempdir()))
    with suppress(InputError, OSError):  # another run is at work there, and tidies up itself
        if worker.place:
            with room_for(Path(worker.place)):
                pass


def _lost(job: "Job", worker: Worker) -> "Outcome":
    from salesqc_lib.report.render import Outcome

    took = monotonic() - worker.since
    if worker.was_ended:
        text = f"the report took longer than {job.seconds or limits.REPORT_SECONDS:g} s and did not stop when asked (see --timeout)"
    elif (code := worker.process.exitcode) is not None and code < 0:
        text = f"its process was ended by signal {-code}: out of memory, perhaps (SALESQC_REPORT_MEMORY)"
    else:
        text = f"its process ended with code {worker.process.exitcode}, without a word"
    return Outcome(job, "failed", None, f"{text}; the last whole report is untouched", took)


def _end(running: Sequence[Worker]) -> None:
    for worker in running:
        worker.process.terminate()  # each tidies up its own report
    until = monotonic() + PATIENCE
    for worker in running:
        worker.process.join(max(0.1, until - monotonic()))
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def work(jobs: Sequence["Job"], says: Connection, environment: dict[str, str]) -> None:
    """What a process does: make the reports and say how each ended. `environment`: that of the command, which may be younger than the server."""
    from salesqc_lib import scratch, witness
    from salesqc_lib.ending import end_on_request

    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # it may be another one now
    # whatever a report leaves there goes with the process, or is swept by its name where the process is killed
    own = scratch.scratch()
    os.environ["TMPDIR"] = tempfile.tempdir = own.name
    end_on_request(is_worker=True)
    _end_with_parent()
    witness.begin()
    from salesqc_lib.report import shelf
    from salesqc_lib.report.deliver import delivered
    from salesqc_lib.report.render import render
    from salesqc_lib.shipped import is_shipped

    shelf.keep()
    with suppress(KeyboardInterrupt, BrokenPipeError):
        for ordered in jobs:
            # what belongs elsewhere is made in a folder of its own, and sent
            job = replace(ordered, output=Path(own.name) / "output") if ordered.deliver else ordered
            outcome = render(job, lambda step: says.send(("step", step)), in_this_process=can_fork())
            outcome = delivered(outcome) if job.deliver else outcome
            if outcome.status != "ok" or not is_shipped(job.template):
                shelf.drop()  # a cell of somebody's own may have changed what was prepared
            says.send(("end", outcome))
    says.close()
    own.cleanup()
    if can_fork():
        scratch.leave()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)  # what a forked process would tidy up is its parent's


def _end_with_parent() -> None:
    """Nobody waits for a report whose command is no more."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        import signal

        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
