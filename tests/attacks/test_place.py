"""The place of a report: exchanged whole at whatever step it is cut, held by one run at a time, swept by the next, read by its owner."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from salesqc_lib import limits, scratch
from salesqc_lib.errors import InputError
from salesqc_lib.report import place as places
from salesqc_lib.report.index import write_index
from salesqc_lib.report.place import mend, put, room_for
from salesqc_lib.report.render import render
from tests.report.test_render import job, listing

__all__ = ["job"]  # a fixture


class Killed(BaseException):
    """The end of the process, at this very instruction."""


# ---- the exchange of two folders, cut at every step of it


def folders(root: Path) -> tuple[Path, Path]:
    """A good report with a person's own file, and a new one in its room."""
    place, room = root / "2026-01", root / ".2026-01.room-x1"
    place.mkdir(parents=True)
    (place / "audit.html").write_text("old")
    (place / "evidence").mkdir()
    (place / "evidence" / "f01.csv").write_text("old")
    (place / "notes.txt").write_text("mine")
    room.mkdir()
    (room / "audit.html").write_text("new")
    (room / "evidence").mkdir()
    (room / "evidence" / "f02.csv").write_text("new")
    return place, room


def dies(*_: Any, **__: Any) -> None:
    raise Killed


def cut(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, when: Callable[[Path], bool], *, after: bool = False) -> None:
    """The process ends before, or after, the call of a function on a path of which `when` is true."""
    own = getattr(owner, name)

    def call(path: Path, *given: Any, **more: Any) -> Any:
        is_it = when(Path(path))
        if is_it and not after:
            raise Killed
        result = own(path, *given, **more)
        if is_it:
            raise Killed
        return result

    monkeypatch.setattr(owner, name, call)


STEPS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "while others' files are taken along": lambda patch: patch.setattr(places, "_take_along", dies),
    "before the note": lambda patch: patch.setattr(places, "_write", dies),
    "after the note": lambda patch: patch.setattr(places, "_exchange", dies),
    "after the old one went": lambda patch: cut(patch, Path, "replace", lambda path: path.name == "2026-01", after=True),
    "after the new one came": lambda patch: cut(patch, Path, "replace", lambda path: path.name == ".2026-01.room-x1", after=True),
    "before the note went": lambda patch: cut(patch, Path, "unlink", lambda path: path.name.endswith(".exchange")),
    "before the old one was removed": lambda patch: cut(
        patch, places.shutil, "rmtree", lambda path: path.name.endswith(".old") and path.is_dir()
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_of_the_exchange(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, room = folders(tmp_path / "acme")
    before = {name: (place / name).read_bytes() for name in listing(place)}
    STEPS[step](monkeypatch)
    with pytest.raises(Killed):
        put(room, place, {"audit.html"})
    monkeypatch.undo()

    mend(place)  # what the next run does first
    now = {name: (place / name).read_bytes() for name in listing(place)}
    if step in list(STEPS)[:2]:
        assert now == before
    else:
        assert now["audit.html"] == b"new", "it was whole when the note was written"
        assert now["notes.txt"] == b"mine"
        assert now["evidence/f02.csv"] == b"new"
    assert sorted(file.name for file in place.parent.iterdir()) == ["2026-01"], "nothing is left"


def test_a_note_cannot_send_us_elsewhere(tmp_path: Path) -> None:
    """Whoever can write into `output/` cannot have other folders moved or removed."""
    (tmp_path / "treasure").mkdir()
    (tmp_path / "treasure" / "gold.txt").write_text("gold")
    place = tmp_path / "acme" / "2026-01"
    for room in (
        "../treasure",
        ".2026-01.room-x/../../treasure",
        "/etc",
        7,
        None,
        ".2026-01.room-a\0",
        "..",
        ".2026-01.room-..",
        ".2026-02.room-x",
        "treasure",
    ):
        place.mkdir(parents=True, exist_ok=True)
        (place / "audit.html").write_text("old")
        place.with_name(".2026-01.exchange").write_text(json.dumps({"room": room, "ours": []}))
        mend(place)
        assert (tmp_path / "treasure" / "gold.txt").read_text() == "gold"
        assert (place / "audit.html").read_text() == "old"
        assert not place.with_name(".2026-01.exchange").exists()
    place.with_name(".2026-01.room-link").symlink_to(tmp_path / "treasure")
    mend(place)
    assert (tmp_path / "treasure" / "gold.txt").exists()


@pytest.mark.parametrize("where", ["place", "client", "file inside", "folder inside", "index"])
def test_links_are_not_followed(where: str, job: Any, tmp_path: Path) -> None:
    treasure = tmp_path / "treasure"
    treasure.mkdir()
    (treasure / "gold.txt").write_text("gold")
    client = tmp_path / "output" / "small"
    if where == "client":
        client.parent.mkdir()
        client.symlink_to(treasure)
    elif where == "place":
        client.mkdir(parents=True)
        (client / "2026-01").symlink_to(treasure)
    elif where == "file inside":
        (client / "2026-01").mkdir(parents=True)
        (client / "2026-01" / "mine.txt").symlink_to(treasure / "gold.txt")
        (client / "2026-01" / "audit.html").symlink_to(treasure / "gold.txt")
    elif where == "folder inside":
        (client / "2026-01").mkdir(parents=True)
        (client / "2026-01" / "evidence").symlink_to(treasure)
        (client / "2026-01" / "more").symlink_to(treasure)
    else:
        client.mkdir(parents=True)
        (tmp_path / "output" / "index.html").symlink_to(treasure / "gold.txt")
    outcome = render(job(formats=("html",)))
    if where in ("place", "client"):
        assert outcome.is_usage_error
        assert "is a link" in outcome.message
    else:
        assert outcome.status == "ok"
        write_index(tmp_path / "output")
    assert [(file.name, file.read_text()) for file in treasure.iterdir()] == [("gold.txt", "gold")]
    if where == "folder inside":
        assert (client / "2026-01" / "more").is_symlink(), "a person's own link is kept as it is"


def test_what_killed_runs_left_is_swept(tmp_path: Path) -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    ).stdout.strip()
    (tmp_path / f"salesqc-{gone}-abc").mkdir()
    (tmp_path / f"salesqc-{gone}-abc" / "deals.csv").write_text("a client's data")
    (tmp_path / f"salesqc-{os.getpid()}-abc").mkdir()
    (tmp_path / "salesqc-notes").mkdir()
    (tmp_path / "treasure").mkdir()
    (tmp_path / f"salesqc-{gone}-link").symlink_to(tmp_path / "treasure")
    assert scratch.sweep(tmp_path) == [tmp_path / f"salesqc-{gone}-abc"]
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(
        [f"salesqc-{os.getpid()}-abc", "salesqc-notes", "treasure", f"salesqc-{gone}-link"]
    )


# ---- two runs on one report


def hold(place: Path, taken: Any, let_go: Any) -> None:
    with room_for(place):
        taken.set()
        let_go.wait(60)


def test_two_runs_do_not_work_on_one_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = get_context("spawn")
    taken, let_go = context.Event(), context.Event()
    place = tmp_path / "acme" / "2026-01"
    other = context.Process(target=hold, args=(place, taken, let_go))
    other.start()
    assert taken.wait(60)
    monkeypatch.setattr(limits, "LOCK_SECONDS", 0)
    with pytest.raises(InputError, match=f"another run is at work on {place} .process {other.pid}."), room_for(place):
        raise AssertionError("both are inside")
    with room_for(place.with_name("2026-02")):
        pass  # another report is free
    let_go.set()
    other.join(60)
    with room_for(place) as room:
        assert room.is_dir()
    assert list(place.parent.iterdir()) == []


def test_the_rooms_of_another_report_are_left_alone(tmp_path: Path) -> None:
    """«2026» begins as «2026-01» does, and as its partial report."""
    with (
        room_for(tmp_path / "acme" / "2026-01") as other,
        room_for(tmp_path / "acme" / "2026") as room,
        room_for(tmp_path / "acme" / "2026-01..2026-01-14"),
    ):
        assert other.is_dir()
        assert room.is_dir()


def test_a_kill_between_the_two_renamings_of_a_partial_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, _ = folders(tmp_path / "acme")
    partial = place.with_name("2026-01.partial")
    (place.parent / ".2026-01.room-x1").rename(partial)
    room = place.with_name(".2026-01.room-x2")
    room.mkdir()
    (room / "audit.html").write_text("newer")
    cut(monkeypatch, Path, "replace", lambda path: path.name == "2026-01.partial", after=True)
    with pytest.raises(Killed):
        put(room, partial, set())
    monkeypatch.undo()
    with room_for(place):
        assert (partial / "audit.html").read_text() == "newer"
    assert (place / "audit.html").read_text() == "old"
    assert sorted(file.name for file in place.parent.iterdir()) == ["2026-01", "2026-01.partial"]


def test_what_a_person_changed_after_a_kill_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, room = folders(tmp_path / "acme")
    (place / "gone.txt").write_text("to be thrown away")
    monkeypatch.setattr(places, "_exchange", dies)
    with pytest.raises(Killed):
        put(room, place, {"audit.html"})
    monkeypatch.undo()
    (place / "notes.txt").unlink()
    (place / "notes.txt").write_text("mine, mended")
    (place / "more.txt").write_text("more")
    (place / "gone.txt").unlink()
    with room_for(place):
        pass
    assert {file.name: file.read_text() for file in place.iterdir() if file.is_file()} == {
        "audit.html": "new",
        "notes.txt": "mine, mended",
        "more.txt": "more",
    }


def test_a_whole_report_leaves_the_partial_one_of_another_template(job: Any, tmp_path: Path) -> None:
    bad = render(job("1 / 0", formats=("html",)))
    other = tmp_path / "owner.ipynb"
    other.write_bytes(Path(bad.job.template).read_bytes())
    assert render(replace(bad.job, template=other)).status == "partial"
    assert render(job(formats=("html",))).status == "ok"
    left = sorted(file.name for file in (tmp_path / "output" / "small" / "2026-01.partial").iterdir())
    assert "owner.html" in left
    assert "audit.html" not in left
    (tmp_path / "owner.ipynb").write_bytes((tmp_path / "audit.ipynb").read_bytes())
    assert render(replace(bad.job, template=other)).status == "ok"
    assert sorted(file.name for file in (tmp_path / "output" / "small").iterdir()) == ["2026-01"]


def test_a_lock_of_a_killed_run_holds_nobody(tmp_path: Path) -> None:
    context = get_context("spawn")
    taken, let_go = context.Event(), context.Event()
    place = tmp_path / "acme" / "2026-01"
    other = context.Process(target=hold, args=(place, taken, let_go))
    other.start()
    assert taken.wait(60)
    other.kill()
    other.join(60)
    with room_for(place) as room:
        assert [file.name for file in place.parent.iterdir() if file.is_dir()] == [room.name], "its room was swept"


# ---- who may read


@pytest.mark.parametrize("is_shared", [False, True])
def test_files_are_their_owners_alone_unless_shared(is_shared: bool, job: Any, tmp_path: Path) -> None:
    outcome = render(job(formats=("html", "pdf", "xlsx"), is_shared=is_shared))
    write_index(tmp_path / "output", is_shared=is_shared)
    modes = {str(file.relative_to(tmp_path)): file.stat().st_mode & 0o777 for file in (tmp_path / "output").rglob("*")}
    assert len(modes) > 8
    assert outcome.folder
    for name, mode in modes.items():
        is_folder = (tmp_path / name).is_dir()
        assert mode == ((0o755 if is_folder else 0o644) if is_shared else (0o700 if is_folder else 0o600)), name
