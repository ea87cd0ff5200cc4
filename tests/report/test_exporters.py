"""The two exporters on notebooks of any kind."""

import io

import nbformat.v4 as nbf
import pypdf
import pytest

from salesqc_lib.report.html import ReportHTMLExporter, hash_of, template
from salesqc_lib.report.markdown import to_html, to_typst
from salesqc_lib.report.pdf import TypstPDFExporter
from salesqc_lib.report.pieces import pages
from salesqc_lib.show.forms.shown import META

META_RU = {
    "title": "Аудит",
    "client": "Ольха",
    "period": "октябрь 2026",
    "language": "ru",
    "accent": "#1f6f5c",
    "facts": [["Период", "октябрь 2026"]],
    "sections": "all",
}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def notebook(*outputs: dict[str, object], tags: tuple[str, ...] = (), markdown: str = "# Глава\n\nТекст **важный**.") -> object:
    cover = nbf.new_output("display_data", {META: META_RU, "text/html": "<header class=cover></header>", "text/plain": ""})
    cells = [
        nbf.new_code_cell("cover()", outputs=[cover]),
        nbf.new_markdown_cell(markdown, metadata={"tags": ["lang-ru"]}),
        nbf.new_markdown_cell("# Chapter", metadata={"tags": ["lang-en"]}),
        nbf.new_code_cell(
            "secret_code()",
            outputs=[nbf.from_dict(output) if hasattr(nbf, "from_dict") else output for output in outputs],
            metadata={"tags": list(tags)},
        ),
    ]
    return nbf.new_notebook(cells=cells)


def html(*outputs: dict[str, object], **more: object) -> str:
    text, _ = ReportHTMLExporter().from_notebook_node(notebook(*outputs, **more))  # type: ignore[arg-type]
    return str(text)


def pdf(*outputs: dict[str, object], **more: object) -> pypdf.PdfReader:
    data, _ = TypstPDFExporter().from_notebook_node(notebook(*outputs, **more))  # type: ignore[arg-type]
    return pypdf.PdfReader(io.BytesIO(data))


def text_of(reader: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def display(**data: object) -> dict[str, object]:
    return nbf.new_output("display_data", {name.replace("__", "/"): value for name, value in data.items()})  # type: ignore[no-any-return]


def test_the_page_is_self_contained_and_strict() -> None:
    page = html()
    assert 'lang="ru"' in page
    assert "default-src 'none'" in page
    assert page.count("<script") == 1, "the page's own"
    assert f"script-src '{hash_of(template('report.js'))}'" in page
    assert "secret_code" not in page
    assert 'href="#глава"' in page
    assert '<h2 id="глава">Глава</h2>' in page
    assert "Chapter" not in page


def test_the_pdf_has_cover_contents_bookmarks_and_cyrillic() -> None:
    reader = pdf()
    assert len(reader.pages) == 3
    assert "Мебель" not in text_of(reader)
    assert "Ольха" in reader.pages[0].extract_text()
    assert "Содержание" in reader.pages[1].extract_text()
    assert "Текст важный." in reader.pages[2].extract_text()
    assert "стр. 3 / 3" in reader.pages[2].extract_text()
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)][-1] == "Глава"
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "ru"
    assert root["/MarkInfo"]["/Marked"]


def test_a_plain_dataframe_a_figure_and_markdown_come_out_well() -> None:
    import pandas as pd

    frame = pd.DataFrame({"менеджер": ["Анна <b>", "Борис"], "заявок": [3, 4]})
    outputs = (
        display(text__html=frame.to_html(), text__plain=repr(frame)),
        nbf.new_output("display_data", {"image/png": PIXEL, "text/plain": "<Figure>"}, metadata={"image/png": {"alt": "Точка"}}),
        display(text__markdown="**Вывод:** ok", text__plain="x"),
        nbf.new_output("stream", name="stdout", text="печать\nвторая"),
    )
    text = text_of(pdf(*outputs))
    for word in ("Анна <b>", "менеджер", "Вывод: ok", "печать", "вторая"):
        assert word in text
    page = html(*outputs)
    assert 'alt="Точка"' in page
    assert "<strong>Вывод:</strong>" in page
    assert "<pre>печать" in page


def test_warnings_and_hidden_cells_stay_out() -> None:
    noise = nbf.new_output("stream", name="stderr", text="FutureWarning: noise")
    assert "noise" not in html(noise)
    assert "kept out" not in html(display(text__plain="kept out"), tags=("machinery",))


@pytest.mark.parametrize("tags", [(), ("machinery",)])
def test_a_failed_section_is_a_box_without_a_traceback(tags: tuple[str, ...]) -> None:
    error = nbf.new_output("error", ename="ZeroDivisionError", evalue="division by zero", traceback=["Traceback: /secret/path"])
    page, text = html(error, tags=tags), text_of(pdf(error, tags=tags))
    for shown in (page, text):
        assert "не удалось построить" in shown
        assert "secret" not in shown
        assert "ZeroDivision" not in shown


HOSTILE_MARKDOWN = '# <img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\nText [x](javascript:alert(1)) `code` #panic("x") $a$ [ok](https://example.org)'


def test_markdown_cannot_bring_code_into_either_form() -> None:
    page = to_html(HOSTILE_MARKDOWN, [], set())
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in page
    assert "https://example.org" in page
    assert "#panic" in text_of(pdf(markdown=HOSTILE_MARKDOWN))
    assert "javascript:" not in to_typst(HOSTILE_MARKDOWN)


def test_markdown_structures_survive_in_both_forms() -> None:
    source = "## Раздел\n\n- один\n- *два*\n\n1. первый\n\n> цитата\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n"
    page, text = to_html(source, [], set()), text_of(pdf(markdown=source))
    assert "<li>один</li>" in page.replace("<li><p>", "<li>").replace("</p></li>", "</li>")
    assert "<blockquote>" in page
    assert "<td>1</td>" in page
    for word in ("Раздел", "один", "два", "первый", "цитата", "code"):
        assert word in text


def test_a_notebook_may_begin_with_any_heading() -> None:
    data, _ = TypstPDFExporter().from_notebook_node(
        nbf.new_notebook(cells=[nbf.new_markdown_cell("### Deep\n\ntext"), nbf.new_markdown_cell("# Top\n\n### Deep again")])
    )
    assert "Deep again" in text_of(pypdf.PdfReader(io.BytesIO(data)))


def test_only_the_sections_that_were_asked_for() -> None:
    book = notebook(display(text__plain="inside"), tags=("section-speed",))
    book.cells[0].outputs[0]["data"][META] = META_RU | {"sections": ["funnel"]}  # type: ignore[attr-defined]
    assert all("inside" not in str(piece.outputs) for piece in pages(book).pieces)


def test_the_same_notebook_gives_the_same_bytes() -> None:
    book = notebook(display(text__plain="x"))
    assert TypstPDFExporter().from_notebook_node(book)[0] == TypstPDFExporter().from_notebook_node(book)[0]
    assert ReportHTMLExporter().from_notebook_node(book)[0] == ReportHTMLExporter().from_notebook_node(book)[0]


def test_every_unit_has_a_number_format() -> None:
    from salesqc_lib.report.workbook import FORMATS
    from salesqc_lib.units import UNITS

    assert set(FORMATS) == set(UNITS)


def test_a_heading_above_nothing_is_left_out() -> None:
    cells = [
        nbf.new_markdown_cell("# Kept\n\nIt has a text."),
        nbf.new_markdown_cell("# Empty"),
        nbf.new_markdown_cell("# Last\n\nand a text"),
    ]
    assert [piece.markdown.split("\n")[0] for piece in pages(nbf.new_notebook(cells=cells)).pieces] == ["# Kept", "# Last"]


def test_what_the_data_lack_is_left_to_the_notebook() -> None:
    """A part without its data: an analyst reads why, the report shows neither sentence nor heading, also where a chart and a table lack
    different things."""
    lacking = '<p class="lack">Needs: plans.</p><p class="lack">Needs: tasks.</p>'
    cells = [nbf.new_markdown_cell("# Plan"), nbf.new_code_cell("x", outputs=[display(text__html=lacking, text__plain="x")])]
    assert pages(nbf.new_notebook(cells=cells)).pieces == []


def test_lists_in_lists_are_set_once_each() -> None:
    """Not by a clock: each item is set once, however deep it lies (twenty deep, it was once set a million times)."""
    from salesqc_lib.report.markdown import to_typst

    text = to_typst("+ " * 20 + "deep")
    assert text.count("deep") == 1
    assert text.count("#list(") >= 5
