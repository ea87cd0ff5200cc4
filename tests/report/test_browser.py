"""The page as a reader has it: in Chromium, with the network cut off."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from salesqc_lib.report.index import write_index
from tests.conftest import CHROMIUM

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")]
PAGES = ["audit", "dashboard", "manager", "portfolio", "index"]


@pytest.fixture
def visit(browser: Any, demo_report: Callable[..., Path]) -> Iterator[Callable[..., Any]]:
    """`visit("audit")` opens a page of the Russian demo client; at the end, nothing may have been asked for or gone wrong."""
    contexts, asked, wrong = [], [], []

    def go(name: str, scheme: str = "light", width: int = 1280) -> Any:
        folder = demo_report("olkha", "ru", "audit" if name == "index" else name)
        file = write_index(folder.parents[1]) if name == "index" else folder / f"{name}.html"
        context = browser.new_context(offline=True, color_scheme=scheme, viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        return page

    yield go
    for context in contexts:
        context.close()
    assert wrong == []
    assert [url[:80] for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(visit: Callable[..., Any], name: str, scheme: str) -> None:
    """axe-core finds no barrier: contrast, names, headings, landmarks, keyboard."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(visit(name, scheme)).response
    assert len(found["passes"]) > 10, "it looked"
    assert [(fault["id"], fault["nodes"][0]["html"][:200]) for fault in found["violations"]] == []


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("name", PAGES)
def test_it_fits_the_screen(visit: Callable[..., Any], name: str, width: int) -> None:
    page = visit(name, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_contents_follow_the_reader(visit: Callable[..., Any]) -> None:
    page = visit("audit")
    for key, label in (("funnel", "Воронка"), ("speed", "Скорость"), ("plan", "План действий")):
        page.locator(f"#page-{key}").evaluate("head => head.scrollIntoView({behavior: 'instant'})")
        page.wait_for_function("title => document.querySelector('nav [aria-current]')?.textContent === title", arg=label)
    page.get_by_role("navigation").first.get_by_role("link", name="Менеджеры", exact=True).click()
    assert page.url.endswith("#page-managers")


def test_a_table_sorts_by_its_numbers_also_by_keyboard(visit: Callable[..., Any]) -> None:
    page = visit("audit")
    table = page.locator("table:has(th:has-text('Выручка')):has(th:has-text('Менеджер'))").first
    head = table.locator("thead th:has-text('Выручка')")

    def values() -> list[float]:
        place = head.evaluate("head => head.cellIndex")
        found = table.locator("tbody tr").evaluate_all("(rows, i) => rows.map(row => Number(row.cells[i].dataset.value))", place)
        return [float(value) for value in found]

    before = values()
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert values() == sorted(before)
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert values() == sorted(before, reverse=True)
    assert table.locator("thead th[aria-sort]").count() == 1


def test_a_long_table_can_be_searched(visit: Callable[..., Any]) -> None:
    page = visit("audit")
    field = page.get_by_role("searchbox").first
    table = page.locator("input.search + .table table").first
    every = table.locator("tbody tr").count()
    field.fill("заяв")
    shown = table.locator("tbody tr:visible")
    assert 0 < shown.count() < every
    assert all("заяв" in text.lower() for text in shown.all_inner_texts())
    field.fill("")
    assert table.locator("tbody tr:visible").count() == every


def test_the_dark_view_can_be_chosen(visit: Callable[..., Any]) -> None:
    page = visit("audit")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.get_by_role("button", name="Тёмный вид").click()
    assert page.evaluate(ground) == "rgb(18, 25, 30)"
    page.get_by_role("button", name="Светлый вид").click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_in_print_there_is_the_report_and_no_tool(visit: Callable[..., Any]) -> None:
    page = visit("audit", "dark")
    page.get_by_role("searchbox").first.fill("nothing like it")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").is_visible()
    assert page.locator("input.search:visible").count() == 0
    assert page.locator("tr.hidden:visible").count() == page.locator("tr.hidden").count() > 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_index_leads_to_the_reports(visit: Callable[..., Any]) -> None:
    page = visit("index")
    assert page.get_by_role("searchbox").count() == 1
    page.get_by_role("link", name="HTML").first.click()
    assert "Мебельный дом Ольха" in page.title()


def test_without_its_script_the_page_is_whole(browser: Any, demo_report: Callable[..., Path]) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((demo_report("olkha", "ru") / "audit.html").as_uri())
    assert page.locator("#page-plan").is_visible()
    assert page.get_by_role("navigation").get_by_role("link", name="Воронка", exact=True).is_visible()
    context.close()


def test_the_dashboard_is_one_screen(visit: Callable[..., Any]) -> None:
    page = visit("dashboard", width=1440)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.evaluate("document.documentElement.scrollHeight") <= 900
