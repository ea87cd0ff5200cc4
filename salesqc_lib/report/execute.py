"""Running a template with papermill: in this process, over ipc, without a save per cell, and without believing its flags."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from salesqc_lib import limits
from salesqc_lib.report.contract import checked, read_template
from salesqc_lib.scratch import scratch


@dataclass(frozen=True)
class Failure:
    """A cell that failed: where, and what the error said."""

    cell: int
    name: str
    message: str
    is_setup: bool


@dataclass(frozen=True)
class Run:
    """An executed notebook. It is whole where no cell failed and every cell ran."""

    notebook: Any
    failures: tuple[Failure, ...]
    not_run: int

    @property
    def is_whole(self) -> bool:
        return not self.failures and not self.not_run


def execute(
    template: Path,
    target: Path,
    parameters: Mapping[str, Any],
    on_cell: Callable[[], None] = lambda: None,
    *,
    seconds: float | None = None,
    in_this_process: bool = False,
) -> Run:
    """Run a template and store the executed notebook at `target`. `seconds`: how long it may take, beside the limit of each cell.
    `in_this_process`: without a kernel, in a process that was forked for this run and ends with it.

    Errors in cells do not stop the run: each section stands for itself. What happened is read off the cells, because
    papermill's own record calls a dead kernel or a `sys.exit(0)` a success.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    from salesqc_lib.report import kernel

    engine = kernel.NAME
    if in_this_process:
        from salesqc_lib.report import cells

        engine = cells.NAME
    _register_translator()
    given = checked(parameters, read_template(template))
    lost: list[Failure] = []
    with scratch() as room:
        try:
            papermill.execute_notebook(
                str(template), str(target), given, engine_name=engine, kernel_name="python3", progress_bar=False, log_output=False,
                request_save_on_cell_execute=False, shutdown_kernel="immediate", allow_errors=True, timeout=limits.CELL_SECONDS,
                interrupt_on_timeout=True, report_seconds=float(seconds or limits.REPORT_SECONDS), report_memory=_memory(), scratch=room,
                on_cell_executed=lambda **_: on_cell(), config=Config({"KernelManager": _transport(room)}),
            )  # fmt: skip
        except PapermillExecutionError:
            pass  # every failed cell is found below, not only the last one that papermill names
        except kernel.LateError:
            told = f"the report took longer than {seconds or limits.REPORT_SECONDS:g} s (see --timeout)"
            lost.append(Failure(-1, "TimeoutError", told, is_setup=False))
        except (DeadKernelError, CellTimeoutError) as error:
            told = f"{str(error) or 'the kernel died'}: out of memory, perhaps (SALESQC_REPORT_MEMORY)"
            lost.append(Failure(-1, type(error).__name__, told, is_setup=False))
    # a kernel that dies takes the outputs with it: papermill writes nothing then
    notebook = nbformat.read(target if target.is_file() else template, as_version=4)
    _tidy(notebook)
    nbformat.write(notebook, target)
    return Run(notebook, (*_failures(notebook), *lost), _not_run(notebook))


def _memory() -> int:
    """What one report may use: the limit, or most of a smaller machine."""
    from salesqc_lib.report.kernel import physical_memory

    there = physical_memory()
    return min(limits.REPORT_MEMORY, int(0.9 * there)) if there else limits.REPORT_MEMORY


LONGEST_SOCKET = 90  # letters of a socket's path; the system allows little more


def _transport(folder: str) -> dict[str, str]:
    """Sockets of this run alone: ports are chosen before they are bound and may be taken meanwhile, and sockets without a
    folder of their own meet those of any other run in the same working directory. A folder with too long a name has none."""
    path = f"{folder}/kernel"
    return {} if os.name == "nt" or len(os.fsencode(path)) > LONGEST_SOCKET else {"transport": "ipc", "ip": path}


def _failures(notebook: Any) -> list[Failure]:
    return [
        _failure(index, output["ename"], output["evalue"], is_setup="setup" in cell.metadata.get("tags", []))
        for index, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    ]


def _failure(cell: int, name: str, message: str, *, is_setup: bool) -> Failure:
    """What an error says; some say nothing, and an interrupted cell is one that ran too long."""
    if name == "KeyboardInterrupt" and not message:
        return Failure(cell, "TimeoutError", f"the cell ran longer than {limits.CELL_SECONDS} s (SALESQC_CELL_SECONDS)", is_setup)
    if name == "MemoryError":
        return Failure(cell, name, message or "the report needs more memory than it may use (SALESQC_REPORT_MEMORY)", is_setup)
    return Failure(cell, name, message.strip() or "no words", is_setup)


def _not_run(notebook: Any) -> int:
    return sum(1 for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip() and cell.get("execution_count") is None)


def _tidy(notebook: Any) -> None:
    """Two runs on the same input give the same notebook: no random ids, no timestamps, no folder of this run."""
    # papermill puts its own «error» notes above the failed cells; our box says it better
    notebook.cells = [cell for cell in notebook.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])]
    for index, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
            cell.source = "\n".join("output = None" if line.startswith("output = ") else line for line in cell.source.splitlines())
        elif not cell.get("id"):
            cell["id"] = f"cell-{index:02}"
    notebook.metadata.pop("papermill", None)


def _register_translator() -> None:
    """Texts reach the notebook as a person would write them: papermill's own way turns «Ольха» into escapes."""
    from papermill.translators import PythonTranslator, papermill_translators

    class ReadableTranslator(PythonTranslator):  # type: ignore[misc]  # papermill ships no types
        @classmethod
        def translate_str(cls, val: str) -> str:
            return repr(val)

        @classmethod
        def codify(cls, parameters: Mapping[str, Any], comment: str = "Parameters") -> str:
            return f"# {comment}\n" + "".join(f"{name} = {value!r}\n" for name, value in parameters.items())

    papermill_translators.register("python", ReadableTranslator)
    papermill_translators.register("python3", ReadableTranslator)
