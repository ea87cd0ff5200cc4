"""The command, as a consultant types it."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, write_company

SALESQC = [sys.executable, "-m", "salesqc_lib.cli"]
DEALS = "deal_id,created_at,manager,contract_at\n" + "\n".join(f"{i},2026-01-05,Ann,{'2026-01-09' if i % 2 else ''}" for i in range(20))


def salesqc(*arguments: str, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*SALESQC, *arguments], cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def client(tmp_path: Path) -> str:
    write_company(tmp_path, deals=DEALS)
    return str(tmp_path / "small.yaml")


def test_help_names_the_commands_and_imports_nothing_heavy() -> None:
    assert all(command in salesqc("--help").stdout for command in ("demo", "check", "render", "measure", "kpis"))
    code = "import sys, salesqc_lib.cli\ntry: salesqc_lib.cli.main(['--help'])\nexcept SystemExit: pass\nprint(sorted({'pandas', 'duckdb', 'matplotlib', 'papermill', 'nbconvert', 'pydantic', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_reader_that_has_seen_enough_is_no_error(client: str) -> None:
    command = f"{sys.executable} -m salesqc_lib.cli measure {client} --period 2026-01 | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_the_catalogue_as_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(salesqc("kpis", "--format", "csv").stdout)))
    assert list(rows[0]) == ["group", "kpi", "kind", "unit", "better", "name_ru", "name_en"]
    assert len(rows) == 86


def test_measure_prints_the_tidy_table(client: str) -> None:
    done = salesqc("measure", client, "--period", "2026-01", "--kpi", "leads", "lead_to_contract", "--by", "manager", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["kpi"], row["by"], row["segment"], row["value"]) for row in rows] == [
        ("leads", "", "", "20"),
        ("leads", "manager", "Ann", "20"),
        ("lead_to_contract", "", "", "0.5"),
        ("lead_to_contract", "manager", "Ann", "0.5"),
    ]


def test_check_says_what_can_be_measured_and_what_to_bring(client: str) -> None:
    done = salesqc("check", client, "--period", "2026-01")
    assert done.returncode == 0
    assert "deals.csv: 20 rows → deals" in done.stdout
    assert "advertising spend (date, channel, cost) →" in done.stdout
    assert "2026-01: 20 leads, 10 contracts" in done.stdout
    assert "W104 note  The column deals.created_at holds dates without a time" in done.stdout


def test_check_as_json_names_totals_warnings_and_readiness(client: str) -> None:
    facts = json.loads(salesqc("check", client, "--period", "2026-01", "--format", "json").stdout)
    assert (facts["as_of"], facts["as_of_origin"]) == ("2026-02-01T00:00:00+00:00", "source.as_of")
    assert facts["totals"] == {"leads": 20, "contracts": 10, "revenue": None, "sellers": 1, "undated_wins": 0}
    assert {"code", "text", "table", "column", "rows", "do"} <= set(facts["warnings"][0])
    assert {"reason", "bring", "kpis"} == set(facts["readiness"]["missing"][0])


def test_an_error_of_check_is_json_too(tmp_path: Path) -> None:
    write_company(tmp_path, deals="deal_id,created_at\n1,tomorrow")
    done = salesqc("check", str(tmp_path / "small.yaml"), "--format", "json")
    assert done.returncode == 1
    assert "tomorrow" in json.loads(done.stdout)["error"]["message"]


def test_a_client_is_found_from_the_folder_of_the_notebooks() -> None:
    assert salesqc("check", "nobody", cwd=ROOT / "notebooks").stderr.startswith("salesqc: no client «nobody» in ")
    done = salesqc("measure", "olkha", "--period", "2026-Q3", "--kpi", "leads", cwd=ROOT / "notebooks")
    assert done.returncode == 0 or "no such file" in done.stderr, "the demo's files may not be there yet; its parameters are"


def test_a_kpi_that_is_a_table_is_its_rows(tmp_path: Path) -> None:
    rows = [f"{i},2026-01-05,{'won' if i % 4 == 0 else 'lost'},2026-01-09,{'' if i % 4 == 0 else 'Price'}" for i in range(20)]
    write_company(tmp_path, deals="\n".join(["deal_id,created_at,outcome,closed_at,loss_reason", *rows]))
    done = salesqc("measure", str(tmp_path / "small.yaml"), "--period", "2026-01", "--kpi", "refusal_reasons", "--format", "csv")
    (row,) = [one for one in csv.DictReader(io.StringIO(done.stdout)) if one["by"] == "loss_reason"]
    assert (row["segment"], row["lost"]) == ("Price", "15")
    assert "Price" in salesqc("measure", str(tmp_path / "small.yaml"), "--period", "2026-01", "--kpi", "refusal_reasons").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["render", "nobody", "--period", "2026-01"], 2, "no client «nobody»"),
        (["render", "olkha", "--period", "2026-13"], 2, "no such period"),
        (["render", "--period", "2026-01"], 2, "no client to render"),
        (["render", "olkha", "--period", "2026-10", "--format", "doc"], 2, "no format «doc»"),
        (["measure", "{client}", "--period", "2026-01", "--kpi", "lead"], 2, "did you mean «leads»"),
        (["check", "{client}", "--period", "2026-01", "--today", "soon"], 2, "--today: «soon» is no date"),
        (["measure", "{client}", "--period", "2026-01", "--by", "managr"], 2, "did you mean «manager»"),
        (["render", "{client}", "--period", "2026-01", "--output", "/dev/null"], 2, "cannot write to /dev/null"),
        (["render", "{client}", "--period", "2026-01", "--jobs", "0"], 2, "«0» is no whole number"),
        (["render"], 2, "required"),
    ],
)
def test_wrong_usage_is_told_in_words(client: str, arguments: list[str], code: int, message: str) -> None:
    done = salesqc(*[argument.replace("{client}", client) for argument in arguments])
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_one_bad_client_does_not_stop_the_others(client: str, tmp_path: Path) -> None:
    import json

    bad = tmp_path / "bad.yaml"
    bad.write_text(Path(client).read_text().replace("folder: data", "folder: nowhere"))
    done = salesqc(
        "render",
        str(bad),
        client,
        "--period",
        "2026-01",
        "--output",
        str(tmp_path / "out"),
        "--format",
        "html",
        "--jobs",
        "2",
        "--log-format",
        "json",
    )
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    told = {line["status"]: line["message"] for line in lines if line["event"] == "report"}
    assert set(told) == {"failed", "ok"}
    assert [line["event"] for line in lines[2:]] == ["index", "batch"]
    assert "no such folder: nowhere" in told["failed"]
    assert (tmp_path / "out" / "small" / "2026-01" / "audit.html").is_file()
