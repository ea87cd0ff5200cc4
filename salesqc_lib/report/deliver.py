"""A report that is made here and belongs elsewhere: sent to its address, the sign that it is whole last.

A store of objects knows no exchange of folders. The files of a report are written one by one and its manifest at the end, which lists them;
then those of the report before that the new one does not have are removed. Who reads meanwhile may meet both; a manifest is never there
before what it lists.
"""

import json
from dataclasses import replace
from pathlib import Path

from salesqc_lib import locations
from salesqc_lib.errors import InputError
from salesqc_lib.report.manifest import manifest_name
from salesqc_lib.report.place import PARTIAL
from salesqc_lib.report.render import Outcome


def delivered(outcome: Outcome) -> Outcome:
    """Send what was made, and say where it lies. Where the address cannot be written to, the report has failed: what was sent so far is there,
    and the manifest of the report before."""
    try:
        return _sent(outcome)
    except InputError as error:
        return replace(outcome, status="failed", folder=None, message=error.text, read=None)


def _sent(outcome: Outcome) -> Outcome:
    job = outcome.job
    if outcome.folder is None:
        return _with_evidence(outcome)
    address = f"{locations.normal(job.deliver)}/{outcome.folder.relative_to(job.output).as_posix()}"
    manifest = manifest_name(job.template)
    # the folder may hold the reports of other templates, too
    names = sorted(Path(name).as_posix() for name in (outcome.read.files_made if outcome.read else ()))
    before = _files_of(address, manifest)
    marks = locations.sent(outcome.folder, address, names, last=[manifest])
    locations.removed(address, sorted(before - set(names)))
    if outcome.status == "ok":
        partial = f"{address}{PARTIAL}"
        locations.removed(partial, sorted(_files_of(partial, manifest)))
    # further templates of the same client and period write some of the others again
    own = {one: mark for one, mark in marks.items() if one.removeprefix(f"{address}/").startswith((f"{job.template.stem}.", manifest))}
    return replace(outcome, address=address, sent=own)


def _files_of(address: str, manifest: str) -> set[str]:
    """The files of a report that lies there, by its manifest; none of one that cannot be read."""
    found = _files_in(locations.text_of(f"{address}/{manifest}"))
    return found | {manifest} if found else set()


def _files_in(manifest: str) -> set[str]:
    try:
        return {str(name) for name in json.loads(manifest)["files"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()


def _with_evidence(outcome: Outcome) -> Outcome:
    """The notebook of a run that stopped goes where the report would have gone."""
    job = outcome.job
    found = sorted(job.output.glob("*/*.failed.ipynb")) if job.output.is_dir() else []
    message = outcome.message
    for file in found:
        if str(file) in message:
            name = file.relative_to(job.output).as_posix()
            locations.sent(Path(job.output), job.deliver, [name], last=[])
            message = message.replace(str(file), f"{job.deliver}/{name}")
    return replace(outcome, message=message)


def index_elsewhere(address: str) -> str:
    """Write the list of all reports that lie at an address; the value is where."""
    from salesqc_lib.report.index import write_index

    pattern = f"{address}/*/*/manifest*.json"
    locations.MARKS.pop(pattern, None)  # as they are now
    folder = locations.brought(pattern).parent.parent.parent
    for manifest in folder.glob("*/*/manifest*.json"):
        for name in _files_in(manifest.read_text(encoding="utf-8", errors="replace")):
            if Path(name).name == name and not name.startswith("."):
                (manifest.parent / name).touch()  # the list asks whether it is there
    folder.mkdir(parents=True, exist_ok=True)
    write_index(folder)
    locations.sent(folder, address, ["index.html"], last=[])
    return f"{address}/index.html"
