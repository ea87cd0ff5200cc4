"""Reports made by the workers of a Dask cluster: the same plan, the same process for each client and period, on other machines.

A task is the reports of one client and period. Its worker gives it a forked process of its own (`work`), so that neither a hanging cell nor its
memory is the worker's. A worker that is lost has its task done again by another; what a task has made is told once.
"""

import os
import socket
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from salesqc_lib.batch.stamps import Stamps
from salesqc_lib.batch.work import Order, groups
from salesqc_lib.errors import InputError
from salesqc_lib.locations import OPEN, is_remote

if TYPE_CHECKING:
    from distributed import Client

    from salesqc_lib.report.render import Job, Outcome

CONNECT = 10.0  # seconds to find the scheduler in
UNMANNED = 60.0  # seconds without any worker after which none is waited for
SAME = ("library", "packages", "secret", "limits")  # what a worker must have as the command has it: figures are the same on every machine
TOLD = {
    "library": "another version of SalesQC", "packages": "other packages, or another Python", "secret": "another SALESQC_KEY, or none where there is one",
    "limits": "other limits (SALESQC_…)",
}  # fmt: skip


def made(
    jobs: Sequence["Job"],
    scheduler: str,
    parts: Mapping[str, str],
    *,
    at_once: int = 0,
    retries: int = 0,
    is_over: Callable[[], bool] = lambda: False,
) -> Generator[tuple[int, "Outcome"], None, None]:
    """Make the reports; gives place and outcome as they come. `parts`: what they are made from here (`key.parts_of`). `at_once`: how many
    tasks at a time, 0 for as many as the workers have threads.

    Raises
    ------
    InputError
        Dask is not installed, no scheduler answers, or it has no workers.
    """
    client = _connected(scheduler)
    waiting, running = deque(groups([_anywhere(job) for job in jobs])), dict[Any, deque[Order]]()
    try:
        room = at_once or max(1, sum(client.nthreads().values()))
        manned = monotonic()
        while (waiting and not is_over()) or running:
            while waiting and len(running) < room and not is_over():
                orders = waiting.popleft()
                running[_ordered(client, orders, parts, retries)] = orders
            _wait(client, list(running))
            for future in [one for one in running if one.status in ("finished", "error")]:
                yield from _told(running.pop(future), future)
            if any(one.status in ("cancelled", "lost") for one in running):
                yield from _given_up([*running.values(), *waiting], f"the scheduler at {scheduler} is lost")
                return
            manned = monotonic() if not running or _has_workers(client) else manned
            if monotonic() - manned > UNMANNED:
                yield from _given_up([*running.values(), *waiting], "the cluster has no workers any more")
                return
    finally:
        if client.status == "running":
            client.cancel(list(running), force=True)
        client.close(timeout=1)


def _connected(scheduler: str) -> "Client":
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise InputError("Dask is not installed here", cure="pip install 'salesqc[cluster]'") from None
    try:
        client = Client(scheduler, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:  # no address, or nobody there
        told = next(iter(str(error).splitlines()), "")
        raise InputError(f"no scheduler answers at {scheduler}: {told}", cure="start one: dask scheduler; or check --scheduler") from None
    if not client.nthreads():
        client.close(timeout=1)
        raise InputError(f"the scheduler at {scheduler} has no workers", cure=f"start some: dask worker {scheduler} --no-nanny")
    return client


def _anywhere(job: "Job") -> "Job":
    """A job that means the same wherever it is done."""
    from salesqc_lib.params import find

    def whole(client: str) -> str:
        try:
            return client if is_remote(client) else str(find(client).resolve())
        except InputError:
            return client  # whoever makes its report tells the fault

    return replace(
        job, client=whole(job.client), clients=tuple(map(whole, job.clients)), template=job.template.resolve(), output=job.output.resolve()
    )


def _ordered(client: "Client", orders: deque[Order], parts: Mapping[str, str], retries: int) -> Any:
    told = {name: parts.get(name, "") for name in SAME}
    stamps = Stamps()
    templates = [stamps.of(str(order.job.template)).sha for order in orders]
    return client.submit(
        report,
        [order.job for order in orders],
        told,
        templates,
        os.environ.get(OPEN, ""),
        retries,
        key=f"salesqc-{uuid4().hex}",
        pure=False,
        retries=0,
    )


def _wait(client: "Client", futures: list[Any]) -> None:
    from asyncio import CancelledError

    from distributed import wait
    from distributed.client import FuturesCancelledError

    try:
        with client.as_current():
            wait(futures, timeout=1, return_when="FIRST_COMPLETED")
    except (TimeoutError, CancelledError, FuturesCancelledError, OSError):
        return  # nothing yet, or the scheduler is not there: each future's status tells


def _told(orders: deque[Order], future: Any) -> Generator[tuple[int, "Outcome"], None, None]:
    """What came of a task."""
    if future.status == "finished":
        outcomes: list[Outcome] = future.result()
        for order, outcome in zip(orders, outcomes, strict=True):
            yield order.place, _here(outcome)
        return
    error = future.exception()
    if type(error).__name__ == "KilledWorker":
        text = f"the workers that were at it were lost, {getattr(error, 'allowed_failures', 3) + 1} of them: out of memory, perhaps"
    else:
        text = f"its worker failed: {type(error).__name__}: {error}"
    yield from _failed(orders, text)


def _here(outcome: "Outcome") -> "Outcome":
    """A report must be where the command can find it."""
    if outcome.folder is None or outcome.address or outcome.folder.is_dir():
        return outcome
    return replace(
        outcome, status="failed", folder=None, read=None,
        message=f"{outcome.message}the report lies on another machine, in {outcome.folder}\n  → choose a folder that all machines share, or an address: --output s3://…".strip(),
    )  # fmt: skip


def _given_up(groups_left: Sequence[deque[Order]], why: str) -> Generator[tuple[int, "Outcome"], None, None]:
    for orders in groups_left:
        yield from _failed(orders, f"{why}; the same command goes on where it was")


def _has_workers(client: "Client") -> bool:
    try:
        return bool(client.nthreads())
    except (OSError, TimeoutError):  # the scheduler does not answer: the reports at work will tell
        return True


def _failed(orders: deque[Order], text: str) -> Generator[tuple[int, "Outcome"], None, None]:
    from salesqc_lib.report.render import Outcome

    for order in orders:
        yield order.place, Outcome(order.job, "failed", None, f"{text}; the last whole report is untouched")


def report(jobs: Sequence["Job"], parts: Mapping[str, str], templates: Sequence[str], places: str, retries: int) -> "list[Outcome]":
    """What a worker does: make the reports of one client and period in a process of their own. `templates`: the hash of each one's template.
    `places`: what the command has opened (`locations`), for these reports alone."""
    from salesqc_lib.batch.key import parts_of
    from salesqc_lib.batch.work import made as made_here
    from salesqc_lib.report.render import Outcome

    if problem := _cannot_work():
        return [Outcome(job, "failed", None, problem) for job in jobs]
    own = parts_of(jobs[0], Stamps())
    if other := [TOLD[name] for name in SAME if own[name] != parts[name]]:
        return [Outcome(job, "failed", None, f"the worker on {socket.gethostname()} has {' and '.join(other)}") for job in jobs]
    stamps = Stamps()
    if others := [job.template for job, sha in zip(jobs, templates, strict=True) if stamps.of(str(job.template)).sha != sha]:
        return [
            Outcome(job, "failed", None, f"the worker on {socket.gethostname()} has another template, or none, at {others[0]}")
            for job in jobs
        ]
    found = dict(made_here(jobs, 1, retries=retries, environment={**os.environ, OPEN: places}))
    return [_from_worker(job, found[place]) for place, job in enumerate(jobs)]


def _cannot_work() -> str:
    """Why no process can be begun from here, or ''."""
    from multiprocessing import current_process

    if current_process().daemon:
        return "the worker may not begin processes\n  → start it with --no-nanny, or with DASK_DISTRIBUTED__WORKER__DAEMON=false"
    return ""


def _from_worker(job: "Job", outcome: "Outcome") -> "Outcome":
    """A fault names the machine on which it arose."""
    if outcome.status == "ok":
        return replace(outcome, job=job)
    return replace(outcome, job=job, message=f"{outcome.message}\n  (on {socket.gethostname()})")
