"""What is made and what is left: by hand, for each thing that a report is made from."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from salesqc_lib.batch import key, stamps
from salesqc_lib.batch.batch import Batch
from salesqc_lib.batch.index import NAME, Index, Made
from salesqc_lib.batch.plan import plan
from salesqc_lib.batch.stamps import Stamp, Stamps
from salesqc_lib.report.render import Job
from tests.batch.conftest import Make, deals


def why(job: Job) -> tuple[str, ...]:
    """Why a report would be made now."""
    return plan([job], Index.of(job.output))[0].why


@pytest.fixture
def done(firm: Make) -> Job:
    """A report that was made, its files at rest for long."""
    job = firm("a")
    assert Batch([job], job.output).run() == 0
    return job


def test_what_was_made_is_not_made_again(done: Job, capsys: pytest.CaptureFixture[str]) -> None:
    before = {file: file.stat().st_mtime_ns for file in done.output.rglob("audit.*")}
    assert why(done) == ()
    assert Batch([done], done.output).run() == 0
    assert "unchanged" in capsys.readouterr().out
    assert {file: file.stat().st_mtime_ns for file in done.output.rglob("audit.*")} == before


def _data(job: Job) -> None:
    path = Path(job.client).parent / "data" / "deals.csv"
    path.write_text(deals(6), encoding="utf-8")


def _data_with_the_old_time(job: Job) -> None:
    path = Path(job.client).parent / "data" / "deals.csv"
    stat = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("2026-01-05", "2026-01-06"), encoding="utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def _another_table(job: Job) -> None:
    (Path(job.client).parent / "data" / "plan.csv").write_text("period,plan\n2026-01,100\n", encoding="utf-8")


def _parameters(job: Job) -> None:
    path = Path(job.client)
    path.write_text(path.read_text(encoding="utf-8") + "# another line\n", encoding="utf-8")


def _template(job: Job) -> None:
    path = job.template
    path.write_text(path.read_text(encoding="utf-8").replace("cover(audit)", "cover(audit) "), encoding="utf-8")


def _report(job: Job) -> None:
    (job.output / "a" / "2026-01" / "audit.html").write_text("mine", encoding="utf-8")


def _gone(job: Job) -> None:
    (job.output / "a" / "2026-01" / "kpis.csv").unlink()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_data, "data/deals.csv"), (_data_with_the_old_time, "data/deals.csv"), (_another_table, "other files in"), (_parameters, "small.yaml"),
        (_template, "the template"), (_report, "audit.html is gone or was changed"), (_gone, "kpis.csv is gone or was changed"),
    ],
)  # fmt: skip
def test_what_changed_is_told(done: Job, change: Callable[[Job], None], told: str) -> None:
    change(done)
    assert any(told in reason for reason in why(done)), why(done)


@pytest.mark.parametrize(
    "other", [{"language": "ru"}, {"formats": ("html", "pdf")}, {"settings": (("x", 1),)}, {"today": "2026-03-01"}, {"is_shared": True}]
)
def test_asked_for_otherwise_is_another_report(done: Job, other: dict[str, Any]) -> None:
    assert why(replace(done, **other)) == ("changed: it was asked for otherwise (language, formats, settings, limits)",)


def test_another_period_was_never_made(done: Job) -> None:
    assert why(replace(done, period="2026-02")) == ("it was never made",)
    assert why(replace(done, period="no period")) == ("it was never made",), "whoever makes it tells the fault"


def test_a_relative_period_is_the_one_that_it_means(firm: Make) -> None:
    job = firm("a", period="last-month", today="2026-02-10")
    assert Batch([job], job.output).run() == 0
    assert why(job) == ()
    assert why(replace(job, today="2026-03-10")) == ("it was never made",)


def test_another_version_of_the_library_makes_all_anew(done: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key, "contents", lambda: "another")
    assert why(done) == ("changed: this version of SalesQC",)
    monkeypatch.undo()
    monkeypatch.setattr(key, "_packages", lambda: "another")
    assert why(done) == ("changed: the installed packages",)


def test_a_secret_of_pseudonyms_is_a_part_and_is_not_kept(done: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESQC_KEY", "another secret of some length")
    assert why(done) == ("changed: the secret of pseudonyms",)
    assert "another secret" not in (done.output / NAME).read_text(encoding="utf-8")


def test_force_makes_it_all_the_same(done: Job) -> None:
    assert plan([done], Index.of(done.output), force=True)[0].why == ("--force",)


def test_a_failed_report_is_tried_again(firm: Make) -> None:
    job = firm("a", "1 / 0")
    assert Batch([job], job.output).run() == 1
    assert why(job) == ("it was never made",)


def test_only_what_depends_on_an_input_is_made(firm: Make, capsys: pytest.CaptureFixture[str]) -> None:
    jobs = [firm(name) for name in "abc"]
    assert Batch(jobs, jobs[0].output).run() == 0
    _data(jobs[1])
    assert [bool(task.why) for task in plan(jobs, Index.of(jobs[0].output))] == [False, True, False]


def _another_deals_file(folder: Path) -> None:
    (folder / "deals.csv").write_text(deals(9), encoding="utf-8")


def test_a_link_that_leads_elsewhere_is_a_change(done: Job) -> None:
    """`data → v1` becomes `data → v2`: the files behind it are untouched."""
    folder = Path(done.client).parent
    (folder / "data").rename(folder / "v1")
    (folder / "v2").mkdir()
    _another_deals_file(folder / "v2")
    (folder / "data").symlink_to("v1")
    assert Batch([done], done.output, force=True).run() == 0
    assert why(done) == ()
    (folder / "data").unlink()
    (folder / "data").symlink_to("v2")
    assert any("data/deals.csv" in reason for reason in why(done))


@pytest.mark.parametrize("name", [".hidden", "salesqc-firm", "usr", "a b"])
def test_a_client_may_lie_anywhere(firm: Make, tmp_path: Path, name: str) -> None:
    job = firm(name if name.isalnum() else "x")
    own = Path(job.client).parent.rename(tmp_path / name)
    job = replace(job, client=str(own / "small.yaml"), template=own / "audit.ipynb")
    assert Batch([job], job.output).run() == 0
    assert why(job) == ()
    _another_deals_file(own / "data")
    assert any("deals.csv" in reason for reason in why(job))


def test_a_file_that_arrives_while_the_report_is_made_is_a_change(firm: Make) -> None:
    """The folder was listed before; the report knows nothing of what lies there now."""
    job = firm("a", "import pathlib\n(pathlib.Path(client).parent / 'data' / 'plan.csv').write_text('period,plan\\n2026-01,100\\n')")
    assert Batch([job], job.output).run() == 0
    assert any("other files in" in reason for reason in why(job))


def test_what_a_star_may_mean_tomorrow_is_looked_for(firm: Make) -> None:
    job = firm("a")
    path = Path(job.client)
    (path.parent / "data" / "one").mkdir()
    (path.parent / "data" / "two").mkdir()
    (path.parent / "data" / "deals.csv").rename(path.parent / "data" / "one" / "deals.csv")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(
            "folder: data,",
            "tables: {deals: {path: data/*/deals.csv, columns: {deal_id: deal_id, created_at: created_at, manager: manager, contract_at: contract_at}}},",
        ),
        encoding="utf-8",
    )
    assert Batch([job], job.output).run() == 0
    assert why(job) == ()
    _another_deals_file(path.parent / "data" / "two")
    assert any("other files in" in reason for reason in why(job))


def test_a_module_of_the_template_is_a_part_of_it(firm: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also where only its compiled form was opened."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "our_words.py").write_text("WORD = 1\n", encoding="utf-8")
    job = firm("a", "import our_words\nour_words.WORD")
    assert Batch([job], job.output).run() == 0
    assert why(job) == ()
    (tmp_path / "our_words.py").write_text("WORD = 22\n", encoding="utf-8")
    assert any("our_words.py" in reason for reason in why(job))


def test_a_name_means_the_client_of_its_own_project(firm: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    jobs = []
    for name in "ab":
        job = firm(name)
        (tmp_path / name / "params").mkdir()
        Path(job.client).rename(tmp_path / name / "params" / "np.yaml")
        (tmp_path / name / "data").rename(tmp_path / name / "params" / "data")
        jobs.append(replace(job, client="np"))
    monkeypatch.chdir(tmp_path / "a")
    assert Batch([jobs[0]], jobs[0].output).run() == 0
    assert why(jobs[0]) == ()
    monkeypatch.chdir(tmp_path / "b")
    assert why(jobs[0]) == ("it was never made",)


def test_a_report_that_is_asked_for_twice_is_one(done: Job) -> None:
    assert len(plan([done, done], Index.of(done.output))) == 1


def test_what_rests_on_the_day_is_made_every_day(done: Job) -> None:
    (made,) = Index.of(done.output).known.values()
    Index.of(done.output).add(replace(made, parts=made.parts | {"volatile": "a database"}))
    assert why(done) == ("a database",)


def test_a_report_that_came_through_a_cache_is_kept(done: Job) -> None:
    """Unpacked with times to the second, its files are the same by their content."""
    for file in (done.output / "a" / "2026-01").rglob("*"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    assert why(done) == ()


def test_an_index_that_cannot_be_written_costs_no_report(firm: Make, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    jobs = [firm(name) for name in "ab"]
    jobs[0].output.mkdir()
    (jobs[0].output / NAME).symlink_to(tmp_path / "elsewhere")
    assert Batch(jobs, jobs[0].output).run() == 0
    assert "cannot be written" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere").exists()
    assert json.loads((jobs[0].output / "batch.json").read_text(encoding="utf-8"))["counts"] == {"ok": 2}


def test_who_is_forgotten_is_forgotten_here_too(firm: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    from salesqc_lib.cli.forget import forget

    jobs = [firm(name) for name in "ab"]
    assert Batch(jobs, jobs[0].output).run() == 0
    monkeypatch.chdir(jobs[0].output)
    assert forget(jobs[0].client, Path("../output"), with_data=False, only_say=False) == 0
    assert [Path(one.place).parent.name for one in Index.of(jobs[0].output).known.values()] == ["b"]
    assert not (jobs[0].output / "batch.json").exists()


def test_an_index_that_was_cut_off_costs_one_report(firm: Make) -> None:
    jobs = [firm(name) for name in "ab"]
    assert Batch(jobs, jobs[0].output).run() == 0
    path = jobs[0].output / NAME
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(lines[0] + "\n" + lines[1][: len(lines[1]) // 2], encoding="utf-8")
    index = Index.of(jobs[0].output)
    assert len(index.known) == 1
    index.add(next(iter(index.known.values())))
    assert [bool(Made.of(line)) for line in path.read_text(encoding="utf-8").splitlines()] == [True, False, True], (
        "half a line ends no other"
    )


@pytest.mark.parametrize("text", ["", "no json\n", '{"version": 99}\n', "[1, 2]\n", "\x00\n"])
def test_an_index_of_another_kind_is_none(done: Job, text: str) -> None:
    (done.output / NAME).write_text(text, encoding="utf-8")
    assert why(done) == ("it was never made",)


def test_an_index_is_written_anew_when_it_has_grown(done: Job) -> None:
    index = Index.of(done.output)
    made = next(iter(index.known.values()))
    for _ in range(40):
        index.add(made)
    assert len((done.output / NAME).read_text(encoding="utf-8").splitlines()) == 41
    assert Index.of(done.output).known == {made.id: made}
    assert len((done.output / NAME).read_text(encoding="utf-8").splitlines()) == 1


def test_a_file_that_was_written_within_the_clocks_grain_is_read_again(tmp_path: Path) -> None:
    """Size, times and inode are equal, and the content is not: only a file that was at rest when it was hashed is believed."""
    file = tmp_path / "x"
    file.write_text("a")
    stat = stamps.stat_of(str(file))
    assert stat is not None
    fresh = Stamp("old", stat, stat[1] + 1)
    assert not fresh.is_sure
    assert Stamps().of(str(file), fresh).sha != "old"
    rested = Stamp("old", stat, max(stat[1], stat[2]) + stamps.GRAIN + 1)
    assert Stamps().of(str(file), rested).sha == "old"
    assert Stamps(is_thorough=True).of(str(file), rested).sha != "old"


def test_a_file_that_changes_while_it_is_read_is_not_remembered(firm: Make) -> None:
    job = firm("a", "import pathlib\nfile = pathlib.Path(client).parent / 'data' / 'deals.csv'\nfile.write_text(file.read_text() + '\\n')")
    assert Batch([job], job.output).run() == 0
    assert why(job) == ("it was never made",)


def test_what_a_run_reads_is_what_the_index_holds(done: Job) -> None:
    (made,) = Index.of(done.output).known.values()
    folder = Path(done.client).parent
    assert {Path(path).name for path in made.files} == {"deals.csv", "small.yaml", "audit.ipynb"}
    assert list(made.folders) == [str((folder / "data").resolve())]
    assert (done.output / NAME).stat().st_mode & 0o077 == 0


def test_two_batches_at_once_keep_what_both_have_made(firm: Make) -> None:
    jobs = [firm(name) for name in "ab"]
    indices = [Index.of(jobs[0].output) for _ in jobs]
    assert Batch(jobs[:1], jobs[0].output).run() == 0
    made = next(iter(Index.of(jobs[0].output).known.values()))
    for place, index in enumerate(indices):
        index.add(replace(made, id=f"other {place}"))
    assert set(Index.of(jobs[0].output).known) == {made.id, "other 0", "other 1"}


def test_a_thousand_unchanged_reports_read_no_file(firm: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    job = firm("a")
    assert Batch([job], job.output).run() == 0
    (made,) = Index.of(job.output).known.values()
    rested = {path: replace(stamp, at=stamp.at + 10 * stamps.GRAIN) for path, stamp in made.files.items()}
    index = Index.of(job.output)
    index.add(replace(made, files=rested))
    read: list[str] = []
    real = Stamps._look

    def look(self: Stamps, path: str, known: Stamp | None) -> Stamp:
        if known is None or not known.is_sure:
            read.append(path)
        return real(self, path, known)

    monkeypatch.setattr(Stamps, "_look", look)
    tasks = plan([job] * 1000, Index.of(job.output))
    assert {task.why for task in tasks} == {()}
    assert read == [str(job.template.resolve())], "the template is the same for all"
