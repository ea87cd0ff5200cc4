"""`Batch`: many reports, made or left as they are, and what is told of them on the way and at the end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from salesqc_lib.batch.index import Index, IndexElsewhere
from salesqc_lib.batch.plan import Task, plan, remembered
from salesqc_lib.batch.tell import NAME, Ended, Teller, forget_last, write_batch
from salesqc_lib.errors import InputError
from salesqc_lib.locations import sent

if TYPE_CHECKING:
    from salesqc_lib.report.render import Job, Outcome


def index_in(output: Path, is_shared: bool) -> None:
    """Write the list of all reports of a folder: what it needs, whoever makes reports has imported."""
    from salesqc_lib.report.index import write_index

    write_index(output, is_shared=is_shared)


@dataclass
class Batch:
    """Reports that are asked for together.

    `workers` are at work at a time (0: one, or as many as a cluster has). `force`: make the unchanged ones too; `verify`: look at contents, not at times; `stops_early`: begin
    none after one has failed; `retries`: of reports whose process died. `address`: where the reports are sent, which are made in `output`
    meanwhile. `scheduler`: of a Dask cluster whose workers make them.
    """

    jobs: "Sequence[Job]"
    output: Path
    workers: int = 0
    is_json: bool = False
    is_shared: bool = False
    force: bool = False
    verify: bool = False
    says_why: bool = False
    stops_early: bool = False
    retries: int = 0
    address: str = ""
    scheduler: str = ""
    ended: list[Ended] = field(default_factory=list)

    def run(self) -> int:
        """Make them; the value is the exit code: 0 all are there, 1 some failed, 2 all failed by wrong usage."""
        teller = Teller(is_json=self.is_json)
        begun = datetime.now(UTC)
        forget_last(self.output)
        index = IndexElsewhere(self.address) if self.address else Index.of(self.output)
        tasks = plan(self.jobs, index, force=self.force, verify=self.verify)
        for task in tasks:
            if not task.why:
                self.ended.append(Ended.unchanged(task))
        teller.unchanged(self.ended)
        wanted = [task for task in tasks if task.why]
        if self.says_why:
            teller.reasons(wanted)
        interrupted: KeyboardInterrupt | None = None
        try:
            with teller.bar(len(wanted)):
                self._make(wanted, index, teller)
        except KeyboardInterrupt as request:
            interrupted = request
        done = [id(one.task) for one in self.ended]  # a task whose period is none has no name of its own
        self.ended += [Ended.not_begun(task) for task in wanted if id(task) not in done]
        if any(one.folder for one in self.ended if not one.is_skipped):
            try:
                teller.index(self._index())
            except InputError as error:
                teller.remark(f"the list of all reports cannot be written: {error}")
        code = self._exit_code() if interrupted is None else 143 if "SIGTERM" in str(interrupted) else 130
        teller.summary(self.ended, (datetime.now(UTC) - begun).total_seconds())
        write_batch(self.output, self.ended, begun, code, is_shared=self.is_shared)
        if self.address and (self.output / NAME).is_file():
            try:
                sent(self.output, self.address, [NAME], last=[])
            except InputError as error:
                teller.remark(f"{NAME} cannot be written: {error}")
        if interrupted is not None:
            raise interrupted
        return code

    def _index(self) -> str:
        if self.address:
            from salesqc_lib.report.deliver import index_elsewhere

            return index_elsewhere(self.address)
        from salesqc_lib.batch.work import answered

        answered(index_in, self.output.resolve(), self.is_shared)
        return str(self.output / "index.html")

    def _make(self, wanted: Sequence[Task], index: Index, teller: Teller) -> None:
        if not wanted:
            return
        failed: list[str] = []
        jobs = [task.job for task in wanted]

        def is_over() -> bool:
            return self.stops_early and bool(failed)

        if self.scheduler:
            from salesqc_lib.batch import cluster

            reports = cluster.made(jobs, self.scheduler, wanted[0].parts, at_once=self.workers, retries=self.retries, is_over=is_over)
        else:
            from salesqc_lib.batch import work

            reports = work.made(
                jobs, self.workers or 1, retries=self.retries, on_step=lambda place, step: teller.step(wanted[place], step), is_over=is_over
            )
        try:
            for place, outcome in reports:
                self._note(wanted[place], outcome, index, teller)
                if outcome.status != "ok":
                    failed.append(outcome.status)
        finally:
            reports.close()

    def _note(self, task: Task, outcome: "Outcome", index: Index, teller: Teller) -> None:
        ended = Ended.of(task, outcome)
        self.ended.append(ended)
        teller.report(ended)
        try:
            remembered(task, outcome, index)
        except (OSError, InputError) as error:
            told = error.strerror if isinstance(error, OSError) else error
            teller.remark(f"{index.path} cannot be written ({told}): the report is there, and will be made again the next time")

    def _exit_code(self) -> int:
        if all(one.status in ("ok", "unchanged") for one in self.ended):
            return 0
        return 2 if all(one.is_usage_error for one in self.ended) else 1
