"""Reports of the demo clients, rendered once for all workers of a test run."""

import os
import time
from pathlib import Path

import pytest

from salesqc_lib.report.render import Job, render
from tests.conftest import ROOT

PERIOD = "2026-Q3"


def rendered(project: Path, shared: Path, client: str, language: str, template: str = "audit") -> Path:
    """The folder of a report; whoever asks first renders it, the others wait."""
    place = shared / f"{client}-{language}-{template}"
    done, failed = place / "done", place / "failed"
    try:
        place.mkdir(parents=True)
    except FileExistsError:
        while not done.exists():
            if failed.exists():
                pytest.fail(failed.read_text(encoding="utf-8"))
            time.sleep(0.2)
        return Path(done.read_text(encoding="utf-8"))
    try:
        file = str(project / "params" / f"{client}.yaml")
        outcome = render(
            Job(
                file, PERIOD, place / "output", ROOT / "notebooks" / f"{template}.ipynb", ("html", "pdf", "xlsx"), language,
                clients=(file,) if template == "portfolio" else (),
            )
        )  # fmt: skip
        assert outcome.status == "ok", outcome.message + outcome.fault
    except BaseException as error:
        failed.write_text(str(error), encoding="utf-8")
        raise
    (place / "writing").write_text(str(outcome.folder), encoding="utf-8")
    os.replace(place / "writing", done)  # noqa: PTH105 - at once
    return Path(str(outcome.folder))
