"""Reading a client's files: an amoCRM export of 200 000 deals × 76 columns, a workbook of 50 000 rows.

    .venv/bin/python benchmarks/intake.py FOLDER

Each command is a process of its own; printed are its seconds of CPU, its wall time and the most memory it held. The workbook is also read cell by
cell through openpyxl, as this project did before, in the same run.
"""

import csv
import resource
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
DEALS, WIDTH, ROWS = 200_000, 76, 50_000
SELLERS = [f"Продавец {place}" for place in range(20)]
HEAD = [
    "ID", "Название сделки", "Бюджет", "Ответственный", "Дата создания сделки", "Кем создана сделка", "Дата редактирования", "Кем редактирована", "Дата закрытия", "Теги",
    "Примечание", "Этап сделки", "Воронка", "Рабочий телефон", "Источник", "Причина отказа", "utm_source", "Источник",
]  # fmt: skip


def deals(size: int) -> "list[list[str]]":
    """Rows of an amoCRM export, by a fixed seed."""
    random, rows = Random(1), []  # noqa: S311 - no secret
    start = datetime(2024, 1, 1)  # noqa: DTZ001 - exports hold local times without a zone
    for place in range(size):
        created = start + timedelta(minutes=place * 5)
        outcome = random.choices(("Успешно реализовано", "Закрыто и не реализовано", "Переговоры"), (3, 6, 1))[0]
        closed = f"{created + timedelta(days=random.randrange(1, 40)):%d.%m.%Y %H:%M:%S}" if outcome != "Переговоры" else "не закрыта"
        rows.append(
            [
                str(10_000_000 + place), f"Сделка {place}", f"{random.randrange(20, 900)} 000", random.choice(SELLERS), f"{created:%d.%m.%Y %H:%M:%S}", "Робот", f"{created:%d.%m.%Y %H:%M:%S}", "Робот", closed,
                "опт", "позвонить\nзавтра" if place % 7 == 0 else "", outcome, "Основная", f"'+7916{place:07}", "", "Дорого" if outcome.startswith("Закрыто") else "", "yandex", random.choice(("Сайт", "Звонок", "Реклама")),
                *(f"значение {column} {place % 50}" if column % 3 == 0 else "" for column in range(len(HEAD), WIDTH)),
            ]
        )  # fmt: skip
    return rows


def make(folder: Path) -> None:
    """The two files, where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    head = [*HEAD, *(f"Поле {column}" for column in range(len(HEAD), WIDTH))]
    if not (folder / "amocrm_export_leads_2026-10-01.csv").exists():
        with (folder / "amocrm_export_leads_2026-10-01.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *deals(DEALS)])
    if not (folder / "deals.xlsx").exists():
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("deals")
        for row in [head[:18], *(row[:18] for row in deals(ROWS))]:
            sheet.append(row)
        book.save(folder / "deals.xlsx")
    (folder / "params").mkdir(exist_ok=True)


def timed(what: str, command: list[str], folder: Path) -> None:
    """Run a command, and print what it cost."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what:<48} CPU {cpu:6.1f} s   wall {time.perf_counter() - start:6.1f} s   exit {done.returncode}")
    if done.returncode:
        print(done.stderr[-800:])


def peak(command: list[str], folder: Path) -> float:
    """The most memory, in GB, that a command held: measured in a process that has no other child."""
    code = f"import resource, subprocess; subprocess.run({command!r}, stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    return int(subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True).stdout) / 1024**2


def main() -> None:
    """Measure."""
    folder = Path(sys.argv[1])
    make(folder)
    salesqc, python = str(ROOT / ".venv/bin/salesqc"), sys.executable
    for name in ("wide", "book"):
        (folder / "params" / f"{name}.yaml").unlink(missing_ok=True)
    timed("init, CSV 200 000 × 76", [salesqc, "init", "wide", "amocrm_export_leads_2026-10-01.csv", "--yes"], folder)
    timed("check, CSV 200 000 × 76", [salesqc, "check", "wide"], folder)
    print(f"{'  its most memory':<48} {peak([salesqc, 'check', 'wide'], folder):.2f} GB")
    timed("init, XLSX 50 000 × 18", [salesqc, "init", "book", "deals.xlsx", "--yes"], folder)
    new = "from pathlib import Path; from salesqc_lib.crm.files import workbook; print(len(workbook.grid(Path('deals.xlsx'), None).rows))"
    old = "import openpyxl; book = openpyxl.load_workbook('deals.xlsx', read_only=True, data_only=True); print(sum(1 for _ in book.active.iter_rows(values_only=True)))"
    timed("cells of the XLSX, as now", [python, "-c", new], folder)
    timed("cells of the XLSX, openpyxl", [python, "-c", old], folder)


if __name__ == "__main__":
    main()
