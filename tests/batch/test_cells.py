"""A notebook that is run in a forked process is the notebook that a kernel would have run."""

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from salesqc_lib.batch.work import can_fork, made
from salesqc_lib.report.render import render
from tests.batch.conftest import Make

pytestmark = pytest.mark.skipif(not can_fork(), reason="there is no fork here")
CELLS = (
    "1 + 1",
    "print('a'); print('b')\nimport sys; print('c', file=sys.stderr)",
    "from IPython.display import HTML, Markdown, display\ndisplay(Markdown('*x*')); HTML('<b>y</b>')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.title('z');",
    "audit.measured.frame.head(2)",
    "None",
    "'hidden';",
    "1 / 0",
    "raise SystemExit(3)",
    "_ = 7\n_",
    "import pandas as pd\npd.DataFrame({'a': [1]}).style",
    "class Ugly:\n    def __repr__(self):\n        raise ValueError('no words')\nUgly()",
    "await __import__('asyncio').sleep(0)",
    "input('?')",
    "%time 1",
    "display(display_id='x', *['first'])",
)


def outputs(path: Path) -> list[Any]:
    """What the cells have shown, without what differs between two runs of one kernel: addresses, times, random ids, places in this file."""
    found = []
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "code":
            told = [dict(output) for output in cell.outputs]
            for output in told:
                output.pop("traceback", None)
                if "data" in output:
                    data = {mime: re.sub("0x[0-9a-f]+", "", str(text)) for mime, text in output["data"].items()}
                    output["data"] = {mime: text for mime, text in data.items() if "T_" not in text and "png" not in mime}
            found.append((cell.execution_count, told))
    return found


def test_outputs_are_those_of_a_kernel(firm: Make) -> None:
    job = firm("a", *CELLS[:12])
    by_kernel = render(job)
    first = outputs(by_kernel.folder / "audit.ipynb")  # type: ignore[operator]
    ((_, forked),) = made([job], 1)
    assert (forked.status, by_kernel.status) == ("partial", "partial")
    second = outputs(forked.folder / "audit.ipynb")  # type: ignore[operator]
    assert len(first) == len(second) > len(CELLS[:12])
    for one, other in zip(first, second, strict=True):
        assert one == other


def test_what_a_kernel_can_do_works_here_too(firm: Make) -> None:
    ((_, outcome),) = made([firm("a", *CELLS[12:])], 1)
    cells = [cell for cell in nbformat.read(outcome.folder / "audit.ipynb", 4).cells if cell.cell_type == "code"]  # type: ignore[operator]
    told = {cell.source: [output.get("ename", output.output_type) for output in cell.outputs] for cell in cells}
    assert told[CELLS[12]] == []
    assert told[CELLS[13]] == ["StdinNotImplementedError"]
    assert "stream" in told[CELLS[14]]
    assert told[CELLS[15]] == ["display_data", "execute_result"], "a handle is the value of its line"


def test_files_are_the_same_byte_for_byte(firm: Make) -> None:
    job = firm(
        "a",
        "from salesqc_lib.show import *\nscoreboard(audit.measure('funnel'))",
        "findings_of = audit.findings()",
        formats=("html", "pdf", "xlsx"),
    )
    folder = render(job).folder
    names = ("audit.html", "audit.pdf", "audit.ipynb", "kpis.csv", "findings.csv")
    before = {name: (folder / name).read_bytes() for name in names}  # type: ignore[operator]
    ((_, outcome),) = made([job], 1)
    assert outcome.folder == folder
    assert [name for name in names if (folder / name).read_bytes() != before[name]] == []  # type: ignore[operator]


def test_the_next_report_sees_nothing_of_the_last(firm: Make) -> None:
    """Two reports of one client are made by one process: the names, the figures and the settings of the first are gone."""
    leaves = "secret = 1\nimport matplotlib as mpl\nmpl.rcParams['font.size'] = 99\nprint('left')"
    looks = "import matplotlib as mpl\nprint('secret' in globals(), mpl.rcParams['font.size'] == 99)"
    first, second = firm("a", leaves), firm("a", looks, suffix=".en", language="en")
    path = second.template.with_name("second.ipynb")
    path.write_bytes(second.template.read_bytes())
    firm("a", leaves)  # the template of the first anew
    from dataclasses import replace

    told = dict(made([first, replace(second, template=path)], 1))
    text = (told[1].folder / "second.ipynb").read_text(encoding="utf-8")  # type: ignore[operator]
    assert "False False" in text


def test_what_a_template_of_ones_own_does_to_the_data_ends_with_it(firm: Make) -> None:
    """It writes into the measurements, empties a table, leaves the folder: the next report of the client knows nothing of it."""
    from dataclasses import replace

    breaks = "import os\naudit.measured.frame['value'] = 12345.0\naudit.dataset.con.execute('DELETE FROM facts.deals')\nos.environ['X_LEFT'] = 'y'"
    first = firm("a", breaks)
    own = first.template.with_name("own.ipynb")
    own.write_bytes(first.template.read_bytes())
    after = firm("a", "import os\nprint(os.environ.get('X_LEFT'), audit.figures())")
    told = dict(made([replace(first, template=own), after], 1))
    assert told[1].status == "ok", told[1].message
    text = (told[1].folder / "audit.ipynb").read_text(encoding="utf-8")  # type: ignore[operator]
    assert "None {" in text
    assert "12345" not in text


def test_who_leaves_the_folder_takes_nobody_along(firm: Make) -> None:
    from dataclasses import replace

    first = firm("a", "import os\nos.chdir('/')")
    own = first.template.with_name("own.ipynb")
    own.write_bytes(first.template.read_bytes())
    told = dict(made([replace(first, template=own), firm("a", "import os\nprint(os.getcwd())")], 1))
    assert str(Path.cwd()) in (told[1].folder / "audit.ipynb").read_text(encoding="utf-8")  # type: ignore[operator]


def test_what_another_program_prints_is_an_output(firm: Make, capfd: pytest.CaptureFixture[str]) -> None:
    ((_, outcome),) = made([firm("a", "import subprocess\nsubprocess.run(['echo', 'from outside'])")], 1)
    assert "from outside" in (outcome.folder / "audit.ipynb").read_text(encoding="utf-8")  # type: ignore[operator]
    assert "from outside" not in capfd.readouterr().out


def test_the_process_has_the_environment_of_the_command(firm: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_TODAY", "yes")
    ((_, outcome),) = made([firm("a", "import os\nprint(os.environ.get('OF_TODAY'), os.getpid())")], 1)
    text = (outcome.folder / "audit.ipynb").read_text(encoding="utf-8")  # type: ignore[operator]
    assert "yes" in text
    assert f" {os.getpid()}" not in text
