"""The PDF as a printer has it: nothing outside the page, no torn heading, heads that repeat, links and bookmarks that lead somewhere."""

import io
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pypdf
import pytest

from salesqc_lib.report.pdf import compile_pdf
from salesqc_lib.show.forms.shown import grid
from salesqc_lib.show.forms.theme import BODY, SCALE

CLIENTS = [("olkha", "ru"), ("larkfield", "en")]
TEMPLATES = ["audit", "dashboard", "manager", "portfolio"]


@pytest.fixture(params=CLIENTS, ids=lambda given: given[0])
def audit(request: pytest.FixtureRequest, demo_report: Callable[..., Path]) -> Path:
    return demo_report(*request.param) / "audit.pdf"


def lines_of(page: Any) -> list[list[dict[str, Any]]]:
    """The words of a page by line, from top to bottom."""
    found: dict[int, list[dict[str, Any]]] = {}
    for word in page.extract_words(extra_attrs=["size", "fontname"], use_text_flow=False):
        found.setdefault(round(word["bottom"]), []).append(word)
    return [sorted(words, key=lambda word: word["x0"]) for _, words in sorted(found.items())]


@pytest.mark.slow
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda given: given[0])
def test_no_text_lies_outside_the_page_or_upon_another(demo_report: Callable[..., Path], client: tuple[str, str], template: str) -> None:
    with pdfplumber.open(demo_report(*client, template) / f"{template}.pdf") as pdf:
        for page in pdf.pages:
            for char in page.chars:
                assert 20 <= char["x0"] <= char["x1"] <= page.width - 20, (page.page_number, char["text"])
                assert 20 <= char["top"] <= char["bottom"] <= page.height - 20, (page.page_number, char["text"])
            for line in lines_of(page):
                for left, right in pairwise(line):
                    assert right["x0"] >= left["x1"] - 1.5, (page.page_number, left["text"], right["text"])


@pytest.mark.slow
def test_no_heading_stands_at_the_foot_of_a_page(audit: Path) -> None:
    with pdfplumber.open(audit) as pdf:
        for page in pdf.pages[2:]:
            body = [line for line in lines_of(page) if 60 < line[0]["top"] < page.height - 60]
            assert body, f"page {page.page_number} is empty"
            last = body[-1][0]
            is_heading = last["size"] >= BODY * SCALE["h2"] - 0.1 and "SmBld" in last["fontname"]
            assert not is_heading, (page.page_number, last["text"])


@pytest.mark.slow
def test_bookmarks_and_contents_lead_to_the_chapters(audit: Path) -> None:
    reader = pypdf.PdfReader(audit)
    chapters = [entry for entry in reader.outline if not isinstance(entry, list)]
    assert len(chapters) >= 12
    for chapter in chapters[1:]:
        page = reader.pages[reader.get_destination_page_number(chapter)]
        assert _bare(str(chapter.title)) in _bare(page.extract_text())
    noted = [note.get_object() for page in reader.pages[:4] for note in page.get("/Annots", [])]
    assert len([link for link in noted if link["/Subtype"] == "/Link"]) >= len(chapters) - 3, "contents, and the key lines of page 1"


def _bare(text: str) -> str:
    """Letters and digits alone: paper breaks lines and words where it likes."""
    return re.sub(r"[\W_]+", "", text)


@pytest.mark.slow
def test_every_page_says_where_one_is(audit: Path) -> None:
    with pdfplumber.open(audit) as pdf:
        for page in pdf.pages[2:]:
            lines = [" ".join(word["text"] for word in line) for line in lines_of(page)]
            assert re.search(rf"(стр\.|page) {page.page_number} / {len(pdf.pages)}$", lines[-1]), page.page_number
            assert len(lines[0].split()) >= 3, "client and chapter"


@pytest.mark.slow
def test_it_is_small_tagged_and_embeds_its_fonts(audit: Path) -> None:
    reader = pypdf.PdfReader(audit)
    assert audit.stat().st_size < 3_000_000 * max(1, len(reader.pages) / 30)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    figures = [node for node in _tags(root["/StructTreeRoot"]) if node.get("/S") == "/Figure"]
    assert len(figures) >= 10
    assert all(str(node.get("/Alt", "")).strip() for node in figures), "each figure has a text for who cannot see it"
    tables = [node for node in _tags(root["/StructTreeRoot"]) if node.get("/S") == "/TH"]
    assert tables, "table heads are tagged as such"


def _tags(node: Any) -> Any:
    node = node.get_object() if hasattr(node, "get_object") else node
    if not isinstance(node, dict):
        return
    yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        yield from _tags(kid)


def opened(paper: str) -> Any:
    return pdfplumber.open(io.BytesIO(compile_pdf(f'#import "report.typ": *\n#show: report.with(language: "en")\n{paper}')))


def test_the_head_of_a_long_table_is_on_every_page() -> None:
    shown = grid(["Seller", "Contracts"], [[f"Seller {i}", str(i)] for i in range(120)], align="lr")
    with opened(shown.paper) as pdf:
        assert len(pdf.pages) > 1
        assert all("Contracts" in page.extract_text() for page in pdf.pages)
        assert "Seller 119" in pdf.pages[-1].extract_text()


def test_a_wide_table_lies_on_its_side_with_its_heading() -> None:
    import nbformat.v4 as nbf

    from salesqc_lib.report.pdf import TypstPDFExporter

    header = ["Seller", *(f"Measurement{i}" for i in range(12))]
    shown = grid(header, [["Ann", *(f"{i}0,000,000" for i in range(12))]], align="l" + "r" * 12, note="What the marks mean.")
    book = nbf.new_notebook(
        cells=[
            nbf.new_markdown_cell("# Before\n\ntext"),
            nbf.new_markdown_cell("# Wide"),
            nbf.new_code_cell("x", outputs=[nbf.new_output("display_data", shown._repr_mimebundle_())]),
        ]
    )
    data, _ = TypstPDFExporter().from_notebook_node(book)
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        assert [page.width > page.height for page in pdf.pages] == [False, True]
        assert "Wide" in pdf.pages[1].extract_text()
        assert "110,000,000" in pdf.pages[1].extract_text()
        assert "What the marks mean." in pdf.pages[1].extract_text()


def test_a_short_table_is_not_torn() -> None:
    filler = "\n\n".join(["#par[line]"] * 40)
    shown = grid(["Seller", "Contracts"], [[f"Seller {i}", str(i)] for i in range(9)], align="lr")
    with opened(f"{filler}\n\n{shown.paper}") as pdf:
        pages = [page.extract_text() for page in pdf.pages]
        assert sum("Seller 0" in text for text in pages) == 1
        assert [i for i, text in enumerate(pages) if "Seller 0" in text] == [i for i, text in enumerate(pages) if "Seller 8" in text]


@pytest.mark.slow
@pytest.mark.parametrize("client", CLIENTS, ids=lambda given: given[0])
def test_one_page_is_one_page(demo_report: Callable[..., Path], client: tuple[str, str]) -> None:
    """The dashboard, the owner's page and each talk sheet; the audit has at most twenty."""
    dashboard = demo_report(*client, "dashboard")
    talks = sorted(demo_report(*client, "manager").glob("talk-*.pdf"))
    assert len(talks) >= 7
    audit = demo_report(*client)
    for file in (dashboard / "dashboard.pdf", audit / "owner.pdf", *talks):
        assert len(pypdf.PdfReader(file).pages) == 1, file.name
    assert len(pypdf.PdfReader(audit / "audit.pdf").pages) <= 20
    first, owner = (pypdf.PdfReader(audit / name).pages[0].extract_text() for name in ("audit.pdf", "owner.pdf"))
    assert _bare(owner)[:400] == _bare(first)[:400], "the owner's page is page 1"
