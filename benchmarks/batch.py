"""Many reports: what a batch costs against the plain loop of the command lines, with equal output. Each repetition has clients of its own.

    .venv/bin/python benchmarks/batch.py [--clients 6] [--seed 1]

(a) papermill, then nbconvert with the exporters of this project, one after another; (b) the same, two at a time; (c) `render --jobs 1`;
(d) `--jobs 2`; (e) a second language of the same; (f) a second period; (g) one input changed; (h) nothing changed among a thousand; (i) a plain
script of the same cells, HTML alone (`plain.py`). Quarto's wheel loads its program from elsewhere, so that it is not here.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

from detection import HEAD
from firms import firm, write

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
TEMPLATE = ROOT / "notebooks" / "audit.ipynb"
MANY = 1000
ROWS: list[tuple[str, float]] = []  # what was timed, and its seconds a report


def clients(folder: Path, seeds: list[int]) -> dict[str, str]:
    """Parameter files by name, each with its period, of firms with two years of deals, calls and tasks."""
    found = {}
    for seed in seeds:
        own = folder / f"c{seed}"
        (own / "data").mkdir(parents=True)
        made = firm("faults", seed)
        write(made, own / "data")
        text = HEAD.replace("{{", "{").replace("}}", "}").replace("id: firm", f"id: c{seed}")
        (own / "c.yaml").write_text(text, encoding="utf-8")
        found[str(own / "c.yaml")] = made.period
    return found


def timed(name: str, reports: int, commands: list[list[str]], at_once: int = 1) -> float:
    """Run commands, so many at a time; print wall, CPU and peak memory a report."""
    wait_for_orphans()  # of what came before
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()

    def run(one: list[str]) -> None:
        for command in (" ".join(one).split(" && ")) if "&&" in one else [""]:
            done = subprocess.run(command.split() or one, capture_output=True, text=True, check=False, cwd=ROOT)
            if done.returncode:
                raise SystemExit(f"{name}: {done.stderr[-2000:]}")

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(run, commands))
    wait_for_orphans()
    wall, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = f"{after.ru_maxrss / 2**20:.2f}"
    print(f"{name:<46} {wall:8.2f} {wall / reports:9.3f} {cpu / reports:9.3f} {peak:>8}", flush=True)
    ROWS.append((name, wall / reports))
    return wall


def chart(file: Path, clients: int) -> None:
    """Seconds of wall a report, a bar for each way."""
    from salesqc_lib.show.forms.canvas import drawn
    from salesqc_lib.show.forms.theme import GOOD, PLAIN, QUIET, drawing

    rows = [(name, seconds) for name, seconds in ROWS if not name.startswith("h ")][::-1]

    def draw(axes: Any) -> None:
        axes.barh(
            [name for name, _ in rows],
            [seconds for _, seconds in rows],
            color=[GOOD if "--jobs" in name else PLAIN for name, _ in rows],
            height=0.62,
        )
        for place, (_, seconds) in enumerate(rows):
            axes.text(seconds, place, f" {seconds:.1f} s", va="center", color=QUIET)
        axes.set_xlim(0, max(seconds for _, seconds in rows) * 1.1)
        axes.set_xlabel(f"seconds of wall a report, {clients} simulated firms in each line, {os.cpu_count()} cores")
        axes.spines["bottom"].set_visible(False)
        axes.set_xticks([])

    import matplotlib as mpl

    # a file of its own has neither the report's fonts nor its ground
    with drawing(), mpl.rc_context({"svg.fonttype": "path", "figure.facecolor": "#ffffff"}):
        file.write_text(drawn(draw, 7.0, 0.32 * len(rows) + 0.6, lambda axes: None), encoding="utf-8")


def adopt_orphans() -> None:
    """Processes that outlive their command by a moment (the server of forks) become ours, so that their CPU is counted. Linux."""
    import ctypes

    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def wait_for_orphans() -> None:
    """Until nobody is left."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def loop_of(path: str, period: str, out: Path) -> list[str]:
    """The command lines that one would write: run, page, paper."""
    own = out / Path(path).parent.name
    own.mkdir(parents=True)
    book = own / "audit.ipynb"
    parts = [
        [str(BIN / "papermill"), str(TEMPLATE), str(book), "-p", "client", path, "-p", "period", period, "-p", "output", str(own), "--no-progress-bar"],
        *([str(BIN / "jupyter-nbconvert"), "--to", kind, str(book)] for kind in ("salesqc-html", "salesqc-pdf")),
    ]  # fmt: skip
    return [word for part in parts for word in (*part, "&&")][:-1]


def salesqc(paths: list[str], period: str, out: Path, *more: str) -> list[str]:
    """The batch."""
    return [str(BIN / "salesqc"), "render", *paths, "--period", period, "--output", str(out), "--format", "html,pdf", *more]


def unchanged(folder: Path, path: str, period: str) -> list[str]:
    """A thousand clients with files of their own, as a batch has left them; the command that finds nothing to do."""
    from salesqc_lib.batch.index import Index
    from salesqc_lib.batch.key import identity, parts_of
    from salesqc_lib.batch.stamps import GRAIN, Stamps
    from salesqc_lib.period import Period
    from salesqc_lib.report.render import Job

    out, first = folder / "many", Path(path).parent
    out.mkdir()
    subprocess.run(salesqc([path], period, folder / "one"), check=True, capture_output=True, cwd=ROOT)
    (made,) = Index.of(folder / "one").known.values()
    index, paths, stamps = Index(out / ".batch.jsonl"), [], Stamps()
    for number in range(MANY):
        own = folder / f"m{number}"
        shutil.copytree(first, own)
        report = out / f"m{number}" / period
        shutil.copytree(made.place, report, copy_function=os.link)
        files = {name.replace(str(first), str(own)): name for name in made.files}
        job = Job(str(own / "c.yaml"), period, out, TEMPLATE, ("html", "pdf"))
        index.known[str(number)] = replace(
            made,
            id=identity(job, Period.parse(period)),
            parts=parts_of(job, stamps),
            files={name: replace(stamps.of(name), at=stamps.of(name).at + 2 * GRAIN) for name in files},
            folders={name.replace(str(first), str(own)): sha for name, sha in made.folders.items()},
            outputs={name.replace(made.place, str(report)): stat for name, stat in made.outputs.items()},
            place=str(report),
        )
        paths.append(str(own / "c.yaml"))
    index._write_anew()
    return salesqc(paths, period, out)


def main() -> None:
    """All of it, in one run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chart", type=Path, help="draw the result into an SVG file")
    given = parser.parse_args()
    n, seed = given.clients, 10_000 * given.seed
    adopt_orphans()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sets = [clients(folder / f"set{i}", list(range(seed + 100 * i, seed + 100 * i + n))) for i in range(4)]
        period = next(iter(sets[0].values()))
        print(f"{n} clients each, {os.cpu_count()} cores\n{'':<46} {'wall s':>8} {'s a rep.':>9} {'CPU s':>9} {'peak GB':>8}")
        plain = timed("a the plain loop", n, [loop_of(path, period, folder / "a") for path in sets[0]])
        two = timed("b the plain loop, two at a time", n, [loop_of(path, period, folder / "b") for path in sets[1]], 2)
        timed("c render --jobs 1", n, [salesqc(list(sets[2]), period, folder / "c")])
        batch = timed("d render --jobs 2", n, [salesqc(list(sets[3]), period, folder / "d", "--jobs", "2")])
        print(f"  d against a: {plain / batch:.1f} times, against b: {two / batch:.1f} times")
        timed(
            "e the same and a second language, --jobs 2",
            2 * n,
            [salesqc(list(sets[0]), period, folder / "e", "--jobs", "2", "--language", "en,ru")],
        )
        before = "2026-Q2" if period != "2026-Q2" else "2026-Q1"
        timed("f a second period, --jobs 2", n, [salesqc(list(sets[3]), before, folder / "d", "--jobs", "2")])
        changed = Path(next(iter(sets[3])))
        changed.write_text(changed.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        timed(f"g one input changed among {n}", 1, [salesqc(list(sets[3]), period, folder / "d", "--jobs", "2")])
        alone = clients(folder / "alone", [seed + 900])
        timed("  one report alone, cold", 1, [salesqc(list(alone), period, folder / "alone-out")])
        timed(
            "i a plain script, HTML alone",
            n,
            [
                [sys.executable, str(ROOT / "benchmarks" / "plain.py"), path, period, str(folder / "i" / Path(path).parent.name)]
                for path in sets[1]
            ],
        )
        timed(f"h nothing changed among {MANY:,} (the whole)", 1, [unchanged(folder, next(iter(alone)), period)])
    if given.chart:
        chart(given.chart, n)


if __name__ == "__main__":
    main()
