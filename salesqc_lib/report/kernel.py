"""The kernel of a run, under guard: a limit of time for each cell and for the whole, and a limit of memory."""

import os
from collections.abc import Mapping
from pathlib import Path
from threading import Timer
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets import Float, Integer, Unicode

NAME = "salesqc"


class LateError(Exception):
    """The run took longer than it may."""


class GuardedClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill ships no types
    """Runs the cells in a kernel whose temporary files lie in `scratch`, for no longer than `report_seconds`, in `report_memory` bytes."""

    report_seconds = Float(0.0)
    report_memory = Integer(0)
    scratch = Unicode("")
    is_late = False

    def start_new_kernel(self, **given: Any) -> None:
        """Start the kernel, and watch it from then on."""
        super().start_new_kernel(env={**os.environ, "TMPDIR": self.scratch} if self.scratch else None, **given)
        limit_memory(self.km.provisioner.pid, self.report_memory)

    def execute(self, **given: Any) -> Any:
        """Run all cells.

        Raises
        ------
        LateError
            The time is over; the kernel has been ended.
        """
        alarm = Timer(self.report_seconds, self._end) if self.report_seconds else None
        if alarm:
            alarm.daemon = True
            alarm.start()
        try:
            return super().execute(**given)
        except Exception:
            if self.is_late:
                raise LateError from None
            raise
        finally:
            if alarm:
                alarm.cancel()

    def _end(self) -> None:
        """End the kernel; the client notices that it is dead."""
        self.is_late = True
        process = self.km.provisioner.process if self.km and self.km.provisioner else None
        if process is not None:
            process.kill()


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
