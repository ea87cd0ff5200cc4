"""An nbconvert exporter that typesets a notebook with Typst: one wheel, no system package, tagged PDF with bookmarks.

It stands alone: `jupyter nbconvert --to salesqc-pdf any.ipynb` works for any notebook. An output may bring its own print form
(`text/vnd.typst`); Markdown, figures and plain tables are set as they are.
"""

import base64
import hashlib
import html
import re
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from nbconvert.exporters import Exporter

from salesqc_lib.report.glyphs import drawable
from salesqc_lib.report.markdown import plain_table, to_typst
from salesqc_lib.report.pieces import Pages, Piece, Sheet, pages
from salesqc_lib.scratch import scratch
from salesqc_lib.show.forms.shown import FULL, META, ON_ITS_SIDE, TYPST, quote
from salesqc_lib.show.forms.theme import fonts, readable, typst

FLOWING = ("glossary", "long")  # kinds of pieces that may be torn between pages
STANDARD: Literal["ua-1"] = "ua-1"


class TypstPDFExporter(Exporter):
    """Notebook → PDF."""

    export_from_notebook = "PDF (SalesQC)"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """Typeset a notebook that has been run."""
        if any(getattr(one, "enabled", True) for one in self._preprocessors):
            nb, resources = super().from_notebook_node(nb, resources, **kw)
        else:  # nothing is asked for: the notebook need not be copied, and validated after each step that does nothing
            resources = self._init_resources(resources)
        resources["output_extension"] = ".pdf"
        return compile_pdf(typst_source(pages(nb))), resources


def own_files(notebook: Any) -> dict[str, bytes]:
    """The PDFs that a report brings beside its own: page 1 for the owner, the list of deals."""
    return {name: compile_pdf(typst_source(one)) for name, one in pages(notebook).own_files.items()}


def typst_source(report: Pages) -> str:
    """The whole report as Typst code."""
    meta = report.meta
    facts = "".join(f"({quote(name)}, {quote(value)}), " for name, value in meta["facts"])
    texts = ", ".join(f"{name}: {quote(str(meta[name]))}" for name in ("title", "client", "period", "language", "accent", "logo"))
    texts += f", accent-text: {quote(readable(str(meta['accent']), '#ffffff'))}"
    text = _with_steady_levels(_composed(report.sheets) if report.is_composed else _poured(report.pieces))
    texts += f", brief: {'true' if meta['is_brief'] else 'false'}, composed: {'true' if report.is_composed else 'false'}"
    return (
        f'#import "report.typ": *\n#let accent = {quote(str(meta["accent"]))}\n#let accent-text = {quote(readable(str(meta["accent"]), "#ffffff"))}\n#show: report.with({texts}, facts: ({facts}))\n\n'
        + text
        + "\n"
    )


def _poured(pieces: list[Piece]) -> str:
    """Pieces one after the other, as a notebook without heads of pages has them."""
    body: list[str] = []
    for piece in pieces:
        text = _print_form(piece)
        if text.startswith(ON_ITS_SIDE):  # what heads a table goes with it to the page on its side
            heads: list[str] = []
            while body and 0 < _level(body[-1]) < (_level(heads[0]) if heads else 9):
                heads.insert(0, body.pop())
            text = ON_ITS_SIDE + "\n\n".join([*heads, text.removeprefix(ON_ITS_SIDE)])
        body.append(text)
    return "\n\n".join(body)


def _print_form(piece: Piece) -> str:
    return to_typst(piece.markdown) if piece.markdown else "\n".join(_output(output) for output in piece.outputs)


def _composed(sheets: list[Sheet]) -> str:
    """Pages as blocks that the typesetter measures and puts on paper. A table on its side is a page between them."""
    parts: list[str] = []
    items: list[str] = []
    for before, sheet in zip([None, *sheets], sheets, strict=False):
        # page 1 is alone, and the chapters begin a page
        own, last = (one.head.about if one else {} for one in (sheet, before))
        is_new_part = (
            bool(own.get("is_anew")) or not last or last["key"] == "verdict" or (own["part"] == "chapters" and last["part"] != "chapters")
        )
        head = _print_form(sheet.head)
        if head:
            items.append(f'(kind: "head", anew: {"true" if is_new_part else "false"}, body: [{head}])')
        for row in sheet.rows:
            text = _row(row)
            if text.startswith(ON_ITS_SIDE):
                parts += [f"#compose(({', '.join(items)},))"] * bool(items) + [text]
                items = []
            elif text:
                # a heading inside a page goes with what it heads
                kind = "head" if _level(text) else "flow" if any(piece.about.get("kind") in FLOWING for piece in row) else "block"
                items.append(f'(kind: "{kind}", body: [\n{text}\n])')
    return "\n\n".join(parts + [f"#compose(({', '.join(items)},))"] * bool(items))


def _row(row: list[Piece]) -> str:
    """Exhibits in a row of the page's twelve columns; one that is alone has its message beside it."""
    forms = [_print_form(piece) for piece in row]
    if len(row) > 1:
        spans = ", ".join(str(piece.span) for piece in row)
        return f"#row(({spans}), " + ", ".join(f"[\n{form}\n]" for form in forms) + ")"
    if row[0].span < FULL and forms[0].startswith("#chart("):
        return forms[0].replace("#chart(", f"#chart-aside({row[0].span}, ", 1)
    return forms[0]


def _level(source: str) -> int:
    """The level of the heading that a piece begins with, 0 without one."""
    found = re.match(r"#heading\(level: (\d)\)", source)
    return int(found[1]) if found else 0


def _with_steady_levels(source: str) -> str:
    """Headings that begin at level 1 and skip none, as an accessible PDF must: a notebook of an analyst may begin anywhere."""
    depth = 0

    def steady(found: re.Match[str]) -> str:
        nonlocal depth
        depth = min(int(found[1]), depth + 1)
        return f"#heading(level: {depth})"

    return re.sub(r"^#heading\(level: (\d)\)", steady, source, flags=re.MULTILINE)


def compile_pdf(source: str) -> bytes:
    """Compile Typst code beside the report's template. The same source gives the same bytes.

    Letters that no font can draw become «�». Should some slip through all the same, the family alone is counted on.
    """
    try:
        return _compile(source)
    except Exception as error:
        if not _is_of_letters(error):
            raise
        return _compile(source, is_plain=True)


def _is_of_letters(error: Exception) -> bool:
    return bool(re.search(r"could not be displayed|missing codepoints|disallowed codepoint", str(error)))


def _compile(source: str, *, is_plain: bool = False) -> bytes:
    with scratch() as folder:
        room = Path(folder)
        template = files("salesqc_lib.report") / "templates" / "report.typ"
        (room / "report.typ").write_bytes(template.read_bytes())
        (room / "theme.typ").write_text(typst(), encoding="utf-8")
        return _typeset(drawable(_with_pictures(source, room, is_plain=is_plain), is_plain=is_plain), room)


def _typeset(source: str, room: Path) -> bytes:
    from typst import compile as set_type

    (room / "main.typ").write_text(source, encoding="utf-8")
    return bytes(
        set_type(
            str(room / "main.typ"),
            root=str(room),
            font_paths=[str(fonts())],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[STANDARD],
            timestamp=0,
        )
    )


def _with_pictures(source: str, room: Path, *, is_plain: bool) -> str:
    """Write the pictures that the source carries beside it, and name their files instead: equal pictures are one file."""

    def write(found: re.Match[str]) -> str:
        data = base64.b64decode(found[3])
        if found[2] == "svg":
            data = _accessible(data.decode("utf-8", errors="replace"), room, is_plain=is_plain).encode()
        name = f"{hashlib.sha256(data).hexdigest()[:16]}.{found[2]}"
        (room / name).write_bytes(data)
        return f'{found[1]}"{name}"'

    return re.sub(r'(#chart\(|#chart-aside\(\d+, |#picture\(|logo: )"data:(svg|png|jpg);([A-Za-z0-9+/=]*)"', write, source)


def _accessible(svg: str, room: Path, *, is_plain: bool) -> str:
    """A picture whose letters can be drawn and read out. Whether they can is tried where it has more than the family's letters."""
    plain = drawable(svg, is_picture=True, is_plain=True)
    if is_plain or drawable(svg, is_picture=True) == plain:
        return plain
    for shown in (drawable(svg, is_picture=True), drawable(svg, is_picture=True, without_merging=True)):
        (room / "tried.svg").write_text(shown, encoding="utf-8")
        try:
            _typeset('#set document(title: "x")\n#import "theme.typ": *\n#set text(font: family)\n#image("tried.svg", alt: "x")\n', room)
        except Exception as error:
            if not _is_of_letters(error):
                raise
        else:
            return shown
    return plain


def _output(output: Any) -> str:
    """One output in its best print form."""
    kind = output["output_type"]
    if kind == "failed":
        return f"#failed({quote(output['text'])})"
    if kind == "stream":
        return f"#raw({quote_lines(output['text'])}, block: true)"
    data = output.get("data", {})
    alt = str(output.get("metadata", {}).get("image/png", {}).get("alt") or data.get("text/plain", ""))
    if TYPST in data or META in data:
        return str(data.get(TYPST, ""))
    for mime, name in (("image/svg+xml", "svg"), ("image/png", "png"), ("image/jpeg", "jpg")):
        if mime in data:
            raw = data[mime] if name != "svg" else base64.b64encode(str(data[mime]).encode()).decode()
            return f"#picture({quote(f'data:{name};' + str(raw).replace(chr(10), ''))}, {quote(alt)})"
    if "text/markdown" in data:
        return to_typst(data["text/markdown"])
    if "text/html" in data and (table := _html_tables(data["text/html"])):
        return table
    return f"#raw({quote_lines(data.get('text/plain', ''))}, block: true)"


def quote_lines(text: str) -> str:
    """A text of several lines as a Typst string that keeps them."""
    return ' + "\\n" + '.join(quote(line) for line in str(text).splitlines()) or '""'


def _html_tables(source: str) -> str:
    """The tables of an HTML output, such as a DataFrame's; '' where it has none."""
    if "<table" not in source:
        return ""
    from bs4 import BeautifulSoup

    tables = []
    for table in BeautifulSoup(source, "html.parser").find_all("table"):
        rows = [[html.unescape(cell.get_text(" ", strip=True)) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
        width = max((len(row) for row in rows), default=0)
        rows = [row + [""] * (width - len(row)) for row in rows if row]
        if rows:
            tables.append(plain_table(rows[0], rows[1:]))
    return "\n".join(tables)
