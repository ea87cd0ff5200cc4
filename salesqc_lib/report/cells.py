"""A papermill engine that runs the cells in this very process: for a child that was forked from a parent which has imported everything.

An analyst sees no difference: the outputs are those that a kernel would have sent. Each child runs one notebook, in a shell of its own,
and ends with it. Where there is no fork, the ordinary kernel does the work (`kernel.py`).
"""

import io
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import matplotlib
import pandas as pd
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_output
from papermill.engines import Engine, papermill_engines
from traitlets import Bool, Type

from salesqc_lib.report.kernel import LateError, limit_memory

NAME = "salesqc-own-process"
AGAIN = 1.0  # seconds
INLINE = "module://matplotlib_inline.backend_inline"  # as a kernel has it


class Outputs(list[Any]):
    """The outputs of the cell that runs: texts of one stream that follow each other are one."""

    def stream(self, name: str, text: str) -> None:
        """What was printed."""
        if self and self[-1].output_type == "stream" and self[-1].name == name:
            self[-1].text += text
        elif text:
            self.append(new_output("stream", name=name, text=text))


class Stream(io.TextIOBase):
    """Where a cell prints to."""

    encoding = "utf-8"

    def __init__(self, shell: "ZMQInteractiveShell", name: str) -> None:
        self._shell, self._name = shell, name

    def write(self, text: str) -> int:
        """Add to the cell's outputs."""
        self._shell.outputs.stream(self._name, text)
        return len(text)

    def writable(self) -> bool:
        """It is."""
        return True


def _outputs(part: Any) -> Outputs:
    """The outputs of the shell that a part belongs to."""
    outputs: Outputs = part.shell.outputs
    return outputs


class Publisher(DisplayPublisher):
    """What a cell displays."""

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        """Add to the cell's outputs."""
        _outputs(self).append(new_output("display_data", data=data, metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far."""
        _outputs(self).clear()


class Result(DisplayHook):
    """The value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """A notebook has none."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Add to the cell's outputs."""
        told = new_output("execute_result", data=format_dict, metadata=md_dict or {}, execution_count=self.prompt_count)
        _outputs(self).append(told)

    def finish_displayhook(self) -> None:
        """No line ends here."""


class ZMQInteractiveShell(InteractiveShell):
    """IPython without a screen: what it would show goes to the outputs of the cell. Called as the kernel's own, by whose name libraries
    know that they are in a notebook."""

    displayhook_class = Type(Result)
    display_pub_class = Type(Publisher)
    history_load_length = 0
    autoindent = Bool(False)

    def __init__(self, **given: Any) -> None:
        self.outputs = Outputs()
        super().__init__(**given)  # type: ignore[no-untyped-call]

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.outputs.append(new_output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb)))

    def init_history(self) -> None:
        """Nothing is kept of a run but its notebook."""
        self.config.HistoryManager.enabled = False
        super().init_history()  # type: ignore[no-untyped-call]

    def enable_gui(self, gui: Any = None) -> None:
        """There is no screen."""


class OwnProcessEngine(Engine):  # type: ignore[misc]  # papermill ships no types
    """Runs a notebook in this process. `report_seconds` and `report_memory` bound the whole, `timeout` each cell."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        timeout: int = 0,
        report_seconds: float = 0.0,
        report_memory: int = 0,
        on_cell_executed: Callable[..., None] = lambda **_: None,
        **_: Any,
    ) -> Any:
        """Run the cells in order; one that fails does not stop those after it.

        Raises
        ------
        LateError
            The time is over.
        """
        limit_memory(os.getpid(), report_memory)
        os.environ["MPLBACKEND"] = INLINE
        ZMQInteractiveShell.clear_instance()  # a report before this one left its names there
        shell = ZMQInteractiveShell.instance()
        shell.builtin_trap.activate()
        matplotlib.rc_file_defaults()
        shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]
        pd.set_option("display.max_columns", 20)  # what pandas chooses in a notebook; it was imported outside of one
        notebook, clock = nb_man.nb, Clock(monotonic() + (report_seconds or float("inf")))
        with _own_streams(shell), _as_before(), _files_of_streams(shell) as printed:
            for index, cell in enumerate(notebook.cells):
                nb_man.cell_start(cell, index)
                if cell.cell_type == "code" and cell.source.strip():
                    _run(shell, cell, clock, timeout, printed)
                    on_cell_executed(cell=cell, cell_index=index)
                nb_man.cell_complete(cell, cell_index=index)
        notebook.metadata["language_info"] = LANGUAGE_INFO
        return notebook


def _run(shell: ZMQInteractiveShell, cell: Any, clock: "Clock", seconds: float, printed: Callable[[], None]) -> None:
    shell.outputs = Outputs()
    with clock.bounding(seconds):
        shell.run_cell(cell.source, store_history=True)  # type: ignore[no-untyped-call]
    printed()
    cell.execution_count = shell.execution_count - 1
    cell.outputs = list(shell.outputs)
    ended = [output for output in cell.outputs if output.output_type == "error"]
    # the shell makes an output of whatever ends a cell, also of what should end the run
    if clock.is_over:
        raise LateError
    if any(output.ename == "KeyboardInterrupt" and output.evalue for output in ended):
        raise KeyboardInterrupt(ended[-1].evalue)


@contextmanager
def _own_streams(shell: ZMQInteractiveShell) -> Iterator[None]:
    before = sys.stdout, sys.stderr, sys.stdin
    sys.stdout, sys.stderr = Stream(shell, "stdout"), Stream(shell, "stderr")
    shell.user_ns["input"] = _nobody_answers
    try:
        yield
    finally:
        sys.stdout, sys.stderr, sys.stdin = before


@contextmanager
def _as_before() -> Iterator[None]:
    """The working folder, the environment and the places of modules are those of before, for the report after this one."""
    folder, environment, places = Path.cwd(), dict(os.environ), list(sys.path)
    sys.path.insert(0, "")  # a cell finds what lies in the working folder, as with a kernel
    try:
        yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = places


@contextmanager
def _files_of_streams(shell: ZMQInteractiveShell) -> Iterator[Callable[[], None]]:
    """What other programs print, which a cell begins, comes to its outputs; never to the lines of the batch."""
    kept = [os.dup(number) for number in (1, 2)]
    with ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile()) for _ in kept]
        for number, file in enumerate(files, 1):
            os.dup2(file.fileno(), number)

        def printed() -> None:
            for name, file in zip(("stdout", "stderr"), files, strict=True):
                if os.fstat(file.fileno()).st_size:
                    file.seek(0)
                    shell.outputs.stream(name, file.read().decode("utf-8", "replace"))
                    file.seek(0)
                    file.truncate()

        try:
            yield printed
        finally:
            for number, handle in enumerate(kept, 1):
                os.dup2(handle, number)
                os.close(handle)


def _nobody_answers(*_: object) -> str:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


class OverError(BaseException):
    """The time of the whole is over: no cell may catch it by `except Exception`."""


@dataclass
class Clock:
    """Ends a cell that runs too long, as a person would interrupt it, and the whole at `end`. It rings again until it is heard."""

    end: float

    @property
    def is_over(self) -> bool:
        """Whether the time of the whole is over."""
        return monotonic() >= self.end

    @contextmanager
    def bounding(self, seconds: float) -> Iterator[None]:
        """The cell inside may take so many seconds, and no more than what is left of the whole."""
        left = min(seconds or float("inf"), max(self.end - monotonic(), 0.001))
        if left == float("inf"):
            yield
            return
        before = signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, left, AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _ring(self, *_: object) -> None:
        raise OverError if self.is_over else KeyboardInterrupt


LANGUAGE_INFO = {  # what ipykernel says of itself
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": ".".join(str(part) for part in sys.version_info[:3]),
}

papermill_engines.register(NAME, OwnProcessEngine)
