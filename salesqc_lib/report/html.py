"""An nbconvert exporter for one self-contained page: no address that a browser would load, and a policy that lets no script run but
the page's own, known by its hash."""

import base64
import hashlib
import html
import re
from functools import cache
from importlib.resources import files
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat.v4 import new_notebook, new_raw_cell

from salesqc_lib.report.markdown import to_html
from salesqc_lib.report.pieces import Heading, Pages, Piece, Sheet, pages
from salesqc_lib.show.forms.page import CONTENTS_HERE
from salesqc_lib.show.forms.shown import FULL, META
from salesqc_lib.show.forms.theme import css, fonts
from salesqc_lib.words import Text

CONTENTS = Text("Содержание", "Contents")
SKIP = Text("К тексту", "Skip to the text")
WORDS = {  # what the page's script says
    "search": Text("Найти в таблице", "Search the table"), "wide": Text("Таблица шире экрана", "A table wider than the screen"),
    "dark": Text("Тёмный вид", "Dark mode"), "light": Text("Светлый вид", "Light mode"),
}  # fmt: skip


class ReportHTMLExporter(HTMLExporter):
    """Notebook → HTML."""

    export_from_notebook = "HTML (SalesQC)"

    def _template_name_default(self) -> str:
        return "salesqc"

    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(files("salesqc_lib.report") / "templates")]

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The page of a notebook that has been run."""
        report = pages(nb)
        body, headings = page_body(report)
        resources = dict(resources or {})
        language = report.language
        resources["salesqc"] = {
            "language": language,
            "title": " · ".join(str(report.meta[name]) for name in ("title", "client", "period") if report.meta[name]) or "SalesQC",
            "contents": CONTENTS[language],
            "skip": SKIP[language],
            "words": {name: text[language] for name, text in WORDS.items()},
            "headings": [] if report.meta["is_brief"] else headings,
            "style": font_faces() + css(report.meta["accent"]) + template("report.css"),
            "script": template("report.js"),
            "script_hash": hash_of(template("report.js")),
        }
        dressed = new_notebook(cells=[new_raw_cell(part, metadata={"raw_mimetype": "text/html"}) for part in body], metadata=nb.metadata)
        if any(re.search(r"<img(?![^>]*\balt=)", part) for part in body):
            return super().from_notebook_node(dressed, resources, **kw)  # which gives a picture without a text one
        # nbconvert's own page parses what it has just written once more, for what this template does not have
        self.register_filter("highlight_code", lambda source, **_: source)
        self.register_filter("filter_data_type", lambda output: list(output))
        return TemplateExporter.from_notebook_node(self, dressed, self._init_resources(resources), **kw)


def page_body(report: Pages) -> tuple[list[str], list[Heading]]:
    """The report as pieces of HTML, and its headings."""
    headings: list[Heading] = []
    taken: set[str] = set()
    if report.is_composed:
        return _composed(report.sheets)
    body = [_web_form(piece, headings, taken) for piece in report.pieces]
    return body, [heading for heading in headings if heading.level <= 2]


def _web_form(piece: Piece, headings: list[Heading], taken: set[str]) -> str:
    if piece.markdown:
        return to_html(piece.markdown, headings, taken)
    return "".join(_output(output, headings, taken) for output in piece.outputs)


def _composed(sheets: list[Sheet]) -> tuple[list[str], list[Heading]]:
    """Pages as sections: a head, and rows of twelve columns. The contents are the messages of the heads; what leads to a page that is
    not there, leads nowhere."""
    headings: list[Heading] = []
    taken: set[str] = set()
    body: list[str] = []
    for sheet in sheets:
        about = sheet.head.about
        if about.get("key"):
            headings.append(Heading(1, about["label"] or about["title"], f"page-{about['key']}"))
        parts = [f'<section class="sheet {about["part"]}">{_web_form(sheet.head, headings, taken)}']
        for row in sheet.rows:
            forms = [_web_form(piece, headings, taken) for piece in row]
            cells = "".join(f'<div class="span-{piece.span}">{form}</div>' for piece, form in zip(row, forms, strict=True))
            parts.append(f'<div class="row">{cells}</div>' if len(row) > 1 or row[0].span < FULL else forms[0])
        body.append("".join([*parts, "</section>"]))
    known = {one.head.about["key"] for one in sheets}
    titles = [
        (one.head.about["title"], one.head.about["key"])
        for one in sheets
        if one.head.about["part"] != "front" and one.head.about.get("title")
    ]
    listed = "".join(f'<li><a href="#page-{html.escape(key, quote=True)}">{html.escape(title)}</a></li>' for title, key in titles)
    body = [part.replace(CONTENTS_HERE, f'<ol class="messages">{listed}</ol>') for part in body]
    return [_to_known(part, known) for part in body], [heading for heading in headings if heading.level <= 2]


def _to_known(part: str, known: set[str]) -> str:
    return re.sub(r'<a class="to" href="#page-([^"]*)">[^<]*</a>', lambda found: found[0] if found[1] in known else "", part)


@cache
def template(name: str) -> str:
    """A file of the templates."""
    return (files("salesqc_lib.report") / "templates" / name).read_text(encoding="utf-8")


def hash_of(script: str) -> str:
    """A script as a Content-Security-Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def font_faces() -> str:
    """The type family inside the page, so that it looks the same offline."""
    faces = []
    for file, weight in (("IBMPlexSans-Regular.woff2", 400), ("IBMPlexSans-SemiBold.woff2", 600)):
        data = base64.b64encode((fonts() / file).read_bytes()).decode()
        faces.append(
            f'@font-face{{font-family:"IBM Plex Sans";font-weight:{weight};src:url(data:font/woff2;base64,{data}) format("woff2")}}'
        )
    return "".join(faces)


def _output(output: Any, headings: list[Heading], taken: set[str]) -> str:
    """One output in its best form for a browser."""
    kind = output["output_type"]
    if kind == "failed":
        return f'<p class="failed" role="alert">{html.escape(output["text"])}</p>'
    if kind == "stream":
        return f"<pre>{html.escape(output['text'])}</pre>"
    data = output.get("data", {})
    if META in data or "text/html" in data:
        return str(data["text/html"])
    alt = html.escape(str(output.get("metadata", {}).get("image/png", {}).get("alt") or data.get("text/plain", "")), quote=True)
    for mime in ("image/png", "image/jpeg"):
        if mime in data:
            return f'<figure><img alt="{alt}" src="data:{mime};base64,{str(data[mime]).strip()}"></figure>'
    if "image/svg+xml" in data:
        encoded = base64.b64encode(str(data["image/svg+xml"]).encode()).decode()
        return f'<figure><img alt="{alt}" src="data:image/svg+xml;base64,{encoded}"></figure>'
    if "text/markdown" in data:
        return to_html(data["text/markdown"], headings, taken)
    return f"<pre>{html.escape(str(data.get('text/plain', '')))}</pre>"
