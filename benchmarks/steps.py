"""Where the time of one audit goes: start, read, measure, figures, HTML, PDF. Run: make bench."""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

ROOT = Path(__file__).parent.parent
RUNS = 5
CLIENT, PERIOD = "olkha", "2026-Q3"


def cpu_seconds(*command: str) -> float:
    """CPU seconds (user and system) of a process and its children, by the operating system's own account."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def one_audit(folder: Path) -> dict[str, float]:
    """Seconds of each step of one report, as its manifest has them; «figures» is what the notebook did beside reading and measuring."""
    from salesqc_lib.report.render import Job, render

    start = perf_counter()
    outcome = render(Job(CLIENT, PERIOD, folder))
    total = perf_counter() - start
    if outcome.folder is None:
        raise SystemExit(outcome.message)
    timings = json.loads((outcome.folder / "manifest.json").read_text(encoding="utf-8"))["timings_s"]
    kernel = timings["kernel"]
    return {
        "kernel start and imports": timings["run"] - kernel,
        "read": timings["read"],
        "measure": timings["measure"],
        "figures, tables, prose": kernel - timings["read"] - timings["measure"],
        "html": timings["html"],
        "pdf": timings["pdf"],
        "total": total,
    }


def judging() -> float:
    """CPU seconds of measuring, finding and advising, of data that are read already, in a process that has done it once."""
    from datetime import date

    from salesqc_lib.dataset import Dataset
    from salesqc_lib.findings import find
    from salesqc_lib.measure import measure
    from salesqc_lib.params import load
    from salesqc_lib.period import Period
    from salesqc_lib.recommendations import recommend

    period = Period.parse(PERIOD)
    taken = []
    for _ in range(RUNS + 1):
        dataset = Dataset.read(load(CLIENT))
        before = process_time()
        measured = measure(dataset, period)
        recommend(find(dataset, period, measured), measured, date(2026, 11, 1))
        taken.append(process_time() - before)
    return statistics.median(taken[1:])


def main() -> None:
    """Print medians of `RUNS` audits, and the CPU of `salesqc --help`."""
    from salesqc_lib.demo import make_exports

    make_exports(ROOT / "data" / "demo")
    help_cpu = [cpu_seconds(sys.executable, "-m", "salesqc_lib.cli", "--help") for _ in range(RUNS)]
    with tempfile.TemporaryDirectory() as folder:
        one_audit(Path(folder))  # warm-up: imports of this process, font caches
        before = process_time()
        runs = [one_audit(Path(folder)) for _ in range(RUNS)]
        own = (process_time() - before) / RUNS
    print(f"salesqc --help: {statistics.median(help_cpu):.3f} s CPU (median of {RUNS})")
    print("\n| step | median s | min | max |\n|---|---|---|---|")
    for step in runs[0]:
        values = [run[step] for run in runs]
        print(f"| {step} | {statistics.median(values):.2f} | {min(values):.2f} | {max(values):.2f} |")
    print(f"\nCPU of the parent process per audit: {own:.2f} s")
    print(f"CPU of measuring, finding and advising: {judging():.2f} s (median of {RUNS})")


if __name__ == "__main__":
    main()
