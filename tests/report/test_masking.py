"""Who is not to be named is named nowhere: in no report, no table, no file name; and no phone is anywhere."""

import re
from pathlib import Path

import pypdf
import pytest
import yaml

from salesqc_lib.contacts import EMAIL, PHONE
from salesqc_lib.report.render import Job, render
from tests.conftest import ROOT

NAMES = ("Петрова", "Орлов", "Лебедев", "Соколова", "Кузнецова", "Егоров", "Морозова", "Галиев", "Романова")


def texts_of(folder: Path) -> dict[str, str]:
    """Every file of a report as text, by its name."""
    found = {}
    for file in folder.rglob("*"):
        if file.suffix == ".pdf":
            found[file.name] = "\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
        elif file.is_file() and file.suffix != ".xlsx":
            found[str(file.relative_to(folder))] = file.read_text(encoding="utf-8")
    return found


@pytest.mark.slow
def test_masked_names_are_in_no_report_and_no_file_name(demo_folder: Path, tmp_path: Path) -> None:
    given = yaml.safe_load((demo_folder / "params" / "olkha.yaml").read_text(encoding="utf-8"))
    given["client"]["id"], given["report"]["mask_names"] = "masked", True
    path = demo_folder / "params" / "masked-reports.yaml"
    path.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    for template in ("audit", "dashboard", "manager"):
        formats = ("html", "pdf", "xlsx") if template == "audit" else ("html", "pdf")
        outcome = render(Job(str(path), "2026-Q3", tmp_path, ROOT / "notebooks" / f"{template}.ipynb", formats))
        assert outcome.status == "ok", outcome.message
    folder = tmp_path / "masked" / "2026-Q3"
    texts = texts_of(folder)
    assert {"audit.html", "audit.pdf", "dashboard.html", "manager.pdf", "findings.csv"} <= set(texts)
    assert re.search(r"M-[0-9A-F]{10}", texts["manager.pdf"])
    for name, text in texts.items():
        assert not [known for known in NAMES if known in text], name
        assert not [known for known in NAMES if known in name]


@pytest.mark.slow
def test_no_phone_and_no_address_is_in_any_report(demo_folder: Path, demo_report: object) -> None:
    folder = demo_report("olkha", "ru")  # type: ignore[operator]
    data = "".join(file.read_text(encoding="utf-8") for file in (demo_folder / "data" / "demo" / "olkha").glob("*.csv"))
    phones = set(re.findall(r"\+?7\d{10}", data))
    assert len(phones) > 1000, "the export holds them"
    for name, text in texts_of(folder).items():
        bare = re.sub(r"data:[\w/+-]+;base64,[\w+/=]+", "", text)
        assert not {found for found in re.findall(r"\+?7\d{10}", bare) if found in phones}, name
        if not name.endswith(".ipynb"):
            assert not [found[0] for found in PHONE.finditer(bare) if found[0].startswith("+")], name
            assert not EMAIL.search(bare), name
