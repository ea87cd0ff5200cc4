"""The kernel of a run, under guard: a limit of time for each cell and for the whole, a limit of memory, and an end on request."""

import asyncio
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets import Float, Integer, Unicode

NAME = "salesqc"
STOPS = (signal.SIGINT, signal.SIGTERM)


class StoppedError(Exception):
    """The run was ended from outside: by its limit of time (`late`), or by a signal."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(cause)


class GuardedClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill ships no types
    """Runs the cells; `stopped` says what ended it before its last cell, if anything did."""

    report_seconds = Float(0.0)
    report_memory = Integer(0)
    scratch = Unicode("")
    stopped = ""

    async def async_start_new_kernel(self, **given: Any) -> None:
        """Start the kernel with its temporary files in the run's own folder, and watch it from then on."""
        await super().async_start_new_kernel(env={**os.environ, "TMPDIR": self.scratch} if self.scratch else None, **given)
        limit_memory(self.km.provisioner.pid, self.report_memory)
        loop = asyncio.get_running_loop()
        self._alarm = loop.call_later(self.report_seconds, self._stop, "late") if self.report_seconds else None
        for number in STOPS:
            try:
                loop.add_signal_handler(number, self._stop, number.name)  # in place of nbclient's, which would go on with the next report
            except (RuntimeError, NotImplementedError, ValueError):
                continue  # a thread, or Windows: no signal arrives here

    def _stop(self, cause: str) -> None:
        self.stopped = self.stopped or cause
        process = self.km.provisioner.process if self.km and self.km.provisioner else None
        if process is not None:
            process.kill()  # the client notices that it is dead, and ends

    def execute(self, **given: Any) -> Any:
        """Run all cells.

        Raises
        ------
        StoppedError
            The run was ended from outside.
        """
        try:
            return super().execute(**given)
        except Exception:
            if self.stopped:
                raise StoppedError(self.stopped) from None
            raise
        finally:
            if getattr(self, "_alarm", None):
                self._alarm.cancel()  # type: ignore[union-attr]


class GuardedEngine(NBClientEngine):  # type: ignore[misc]  # papermill ships no types
    """papermill's own engine with our client."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **given: Any) -> Any:
        """Run the notebook that `nb_man` holds."""
        dropped = ("log_output", "stdout_file", "stderr_file", "start_timeout", "execution_timeout", "input_path")
        kept: Mapping[str, Any] = {name: value for name, value in given.items() if name not in dropped}
        return GuardedClient(nb_man, kernel_name=kernel_name, startup_timeout=120, **kept).execute()


def limit_memory(process: int | None, size: int) -> None:
    """Bound the memory of a process, where the system can (Linux): beyond it, what asks for more gets a MemoryError."""
    try:
        import resource

        set_limit = resource.prlimit
    except (ImportError, AttributeError):
        return
    if process and size:
        set_limit(process, resource.RLIMIT_AS, (size, size))


def physical_memory() -> int:
    """Bytes of memory that the machine has, or that its container is given; 0 where nobody says."""
    try:
        found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    except (ValueError, OSError, AttributeError):
        return 0
    given = Path("/sys/fs/cgroup/memory.max")
    if given.is_file() and (text := given.read_text(encoding="ascii").strip()).isdecimal():
        found.append(int(text))
    return min(found)


papermill_engines.register(NAME, GuardedEngine)
