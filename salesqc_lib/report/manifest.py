"""What a report says of itself: its input, its versions, its timings, how it ended."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from salesqc_lib.locations import MARKS
from salesqc_lib.params import Parameters
from salesqc_lib.version import VERSION
from salesqc_lib.witness import seen

STEPS = ("run", "html", "pdf", "xlsx")
PACKAGES = ("duckdb", "narwhals", "pandas", "scipy", "papermill", "nbconvert", "typst")  # whose versions the manifest names
RUN = "run.json"  # what the notebook leaves for the manifest
READ = "read"  # in it, for the batch alone: which files and folders the run has read


def left_by_notebook(room: Path) -> dict[str, Any] | None:
    """What the notebook says of the data, and removes; None where it did not come so far."""
    path = room / RUN
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    return found


def leave(room: Path, facts: dict[str, Any]) -> None:
    """What the notebook says of the data, for the manifest; and what it has read, for the batch."""
    told = facts | {READ: seen(besides=[room]) | {"locations": MARKS}}
    (room / RUN).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


def manifest_name(template: Path) -> str:
    """What the manifest of a template's report is called: several lie in one folder."""
    return "manifest.json" if template.stem in ("audit", "delta") else f"manifest-{template.stem}.json"


def write_manifest(
    room: Path,
    measured: dict[str, Any],
    parameters: Parameters,
    template: Path,
    *,
    outcome: str,
    formats: Iterable[str],
    failures: Iterable[Mapping[str, Any]],
    seconds: Mapping[str, float],
) -> None:
    """Write `manifest.json`, of another template than the audit's `manifest-<template>.json`."""
    import platform
    from importlib.metadata import version

    from salesqc_lib.crm.intake import fingerprint

    timings = {**measured.pop("timings_s"), **{name: took for name, took in seconds.items() if name in STEPS}}
    manifest = {
        "outcome": outcome,
        **measured,
        "parameters": measured.get("parameters") or _without_people(parameters),
        "parameter_file_sha256": fingerprint(parameters.file),
        "template": template.name,
        "template_sha256": fingerprint(template),
        "files": sorted(str(file.relative_to(room)) for file in room.rglob("*") if file.is_file()),
        "formats": list(formats),
        "failures": list(failures),
        "versions": {"salesqc": VERSION, "python": platform.python_version()} | {name: version(name) for name in PACKAGES},
        "timings_s": timings,
    }
    (room / manifest_name(template)).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _without_people(parameters: Parameters) -> dict[str, Any]:
    """What the list of reports asks for; the rest belongs to the reports of the clients themselves."""
    block = json.loads(parameters.model_dump_json(include={"report"}))
    block["report"].pop("remarks", None)
    return {"client": {}, **block}
