"""What a batch says: a line as each report ends, how far it is, a summary, and `batch.json`."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesqc_lib.batch.plan import Task

if TYPE_CHECKING:
    from salesqc_lib.report.render import Outcome

NAME = "batch.json"
ONE_BY_ONE = 20  # unchanged reports; of more, their number is told
NAMED = 10  # failures in the summary


@dataclass(frozen=True)
class Ended:
    """How a report of the batch ended: ok, partial, failed, unchanged, or not begun."""

    task: Task
    status: str
    folder: str = ""
    message: str = ""
    fault: str = ""
    seconds: float = 0.0
    is_usage_error: bool = False

    @classmethod
    def of(cls, task: Task, outcome: "Outcome") -> "Ended":
        """From what its process said."""
        return cls(
            task, outcome.status, outcome.address or str(outcome.folder or ""), outcome.message, outcome.fault, outcome.seconds, outcome.is_usage_error
        )  # fmt: skip

    @classmethod
    def unchanged(cls, task: Task) -> "Ended":
        """It lies there as it would come out."""
        return cls(task, "unchanged", task.place)

    @classmethod
    def not_begun(cls, task: Task) -> "Ended":
        """The batch ended before its turn came."""
        return cls(task, "not begun", message="the batch ended before its turn")

    @property
    def is_skipped(self) -> bool:
        """Whether nothing was done for it."""
        return self.status in ("unchanged", "not begun")

    @property
    def name(self) -> str:
        """Whose report of when."""
        job = self.task.job
        return f"{'portfolio' if job.clients else Path(job.client).stem} {job.period}{job.suffix}"

    def facts(self) -> dict[str, Any]:
        """As a line of the log and in `batch.json`."""
        job = self.task.job
        return {
            "client": job.client, "period": self.task.label, "template": job.template.stem, "language": job.language, "status": self.status,
            "seconds": round(self.seconds, 2), "skipped": self.is_skipped, "why": list(self.task.why), "folder": self.folder,
            "message": self.message, "fault": self.fault,
        }  # fmt: skip


class Teller:
    """Speaks as things happen: lines for people, JSON lines for machines, a bar on a terminal."""

    def __init__(self, *, is_json: bool) -> None:
        self.is_json = is_json
        self._bar: Any = None

    @contextmanager
    def bar(self, total: int) -> Iterator[None]:
        """How far the whole is, with the time left; on a terminal alone."""
        if self.is_json or not total or not sys.stderr.isatty():
            yield
            return
        from tqdm import tqdm

        tqdm.monitor_interval = 0  # no thread of its own
        self._bar = tqdm(total=total, desc="reports", unit=" report", leave=False)
        try:
            yield
        finally:
            self._bar.close()
            self._bar = None

    def step(self, task: Task, step: str) -> None:
        """A step of a report is done."""
        if self._bar is not None:
            self._bar.set_postfix_str(f"{Path(task.job.client).stem} {task.label}: {step}")

    def unchanged(self, ended: Sequence[Ended]) -> None:
        """Reports that are left as they are."""
        for one in ended if self.is_json or len(ended) <= ONE_BY_ONE else ():
            self._say(f"{one.name}: unchanged: {one.folder}", "report", one.facts())
        if not self.is_json and len(ended) > ONE_BY_ONE:
            self._say(f"{len(ended):,} reports are unchanged and left as they are (--force makes them anew)", "", {})

    def reasons(self, wanted: Sequence[Task]) -> None:
        """Why each of the others is made."""
        for task in wanted:
            if not self.is_json:
                self._say(f"{Path(task.job.client).stem} {task.label}: {'; '.join(task.why)}", "", {})

    def report(self, ended: Ended) -> None:
        """How one ended, as it ends."""
        if self._bar is not None:
            self._bar.update()
        if ended.status == "ok":
            text = f"{ended.name}: {ended.folder}"
        else:
            text = f"{ended.name}: {ended.status}: {ended.message}" + (f"\n{ended.fault}" if ended.fault else "")
        self._say(text, "report", ended.facts(), is_error=ended.status != "ok")

    def remark(self, text: str) -> None:
        """Something that costs no report."""
        self._say(text, "remark", {"message": text}, is_error=True)

    def index(self, file: str) -> None:
        """Where the list of all reports lies."""
        self._say(f"all reports: {file}", "index", {"file": file})

    def summary(self, ended: Sequence[Ended], seconds: float) -> None:
        """The whole in a line or a few, where there is more than one report."""
        counts = counted(ended)
        told = ", ".join(f"{number:,} {status}" for status, number in counts.items())
        failed = [one for one in ended if one.status in ("failed", "partial")]
        lines = [f"{len(ended):,} reports in {_duration(seconds)}: {told}"]
        lines += [f"  {one.status}: {one.name}: {next(iter(one.message.splitlines()), '')}" for one in failed[:NAMED]]
        lines += [f"  and {len(failed) - NAMED} more: see {NAME}"] if len(failed) > NAMED else []
        if self.is_json:
            self._say("", "batch", {"counts": counts, "seconds": round(seconds, 2)})
        elif len(ended) > 1:
            self._say("\n".join(lines), "", {}, is_error=bool(failed))

    def _say(self, text: str, event: str, facts: dict[str, Any], *, is_error: bool = False) -> None:
        if self.is_json:
            if event:
                told = {"ts": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **facts}
                print(json.dumps(told, ensure_ascii=False), flush=True)
            return
        stream = sys.stderr if is_error else sys.stdout
        if self._bar is not None:
            self._bar.write(text, file=stream)
        else:
            print(text, file=stream, flush=True)


def counted(ended: Sequence[Ended]) -> dict[str, int]:
    """How many ended how."""
    order = ("ok", "unchanged", "partial", "failed", "not begun")
    return {status: number for status in order if (number := sum(1 for one in ended if one.status == status))}


def forget_last(output: Path) -> None:
    """What the last batch said is no word on this one, should it end without a word."""
    with suppress(OSError):
        (output / NAME).unlink(missing_ok=True)


def write_batch(output: Path, ended: Sequence[Ended], begun: datetime, code: int, *, is_shared: bool = False) -> None:
    """Write `batch.json`: what was asked for and what came of it; whole or not at all."""
    told = {
        "began": begun.isoformat(timespec="seconds"), "ended": datetime.now(UTC).isoformat(timespec="seconds"), "exit_code": code,
        "counts": counted(ended), "reports": [one.facts() for one in ended],
    }  # fmt: skip
    if not output.is_dir():
        return  # nothing was made, and nothing lies there
    with tempfile.NamedTemporaryFile("w", dir=output, suffix=".json", delete=False, encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=1)
    Path(file.name).chmod(0o644 if is_shared else 0o600)
    os.replace(file.name, output / NAME)  # noqa: PTH105 - at once, also over an older one


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"
