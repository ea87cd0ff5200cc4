"""The demo reports as a reader gets them: nothing is loaded, nothing is cut, both languages are whole."""

import re
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from salesqc_lib.report.html import hash_of, template

LOADED = re.compile(
    r"""(?:src|href|data|action|poster|srcset)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?\s*(?:https?:)?//|@import""", re.IGNORECASE
)


@pytest.fixture(params=[("olkha", "ru"), ("larkfield", "en"), ("larkfield", "ru")], ids=lambda given: "-".join(given))
def report(request: pytest.FixtureRequest, demo_report: Callable[..., Path]) -> tuple[Path, str]:
    client, language = request.param
    return demo_report(client, language), language


@pytest.mark.slow
def test_the_page_loads_nothing_and_runs_only_its_own(report: tuple[Path, str]) -> None:
    page = (report[0] / "audit.html").read_text(encoding="utf-8")
    assert LOADED.findall(page) == []
    assert page.count("<script") == 1, "the page's own, which the policy names"
    assert f"script-src '{hash_of(template('report.js'))}'" in page
    assert "default-src 'none'" in page
    assert re.search(rf'<html [^>]*lang="{report[1]}"', page)
    assert page.count("<svg ") >= 6
    assert all("aria-label=" in figure or "aria-hidden=" in figure for figure in re.findall(r"<svg [^>]*>", page))
    assert page.count('role="img"') >= 6
    anchors = re.findall(r'href="#([^"]+)"', page)
    assert len(anchors) >= 15
    assert all(f'id="{anchor}"' in page for anchor in anchors)
    assert len(page) < 1_000_000


@pytest.mark.slow
def test_the_pdf_is_a_publication(report: tuple[Path, str]) -> None:
    reader = pypdf.PdfReader(report[0] / "audit.pdf")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == report[1]
    assert len([entry for entry in reader.outline if not isinstance(entry, list)]) >= 6
    fonts = {
        str(font["/BaseFont"])
        for page in reader.pages
        for font in (reference.get_object() for reference in page["/Resources"].get("/Font", {}).values())
    }
    assert fonts
    assert all("+" in font for font in fonts), "every font is embedded, as a subset"
    last = len(reader.pages)
    assert re.search(rf"(стр\.|page) {last} / {last}", reader.pages[-1].extract_text())
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "\ufffd" not in text
    assert ("Содержание" in text) == (report[1] == "ru")


@pytest.mark.slow
def test_a_report_has_one_language(report: tuple[Path, str]) -> None:
    page = (report[0] / "audit.html").read_text(encoding="utf-8")
    text = re.sub(r"<(style|head|script)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    if report[1] == "ru":
        for word in ("worse", "better", "Cases", "Sellers", "Previous", "Manager", "Median", "not set", "within", "rows"):
            assert not re.search(rf"\b{word.strip()}\b", text), word
    else:
        assert re.findall(r"[А-Яа-яЁё]+", text) == []
