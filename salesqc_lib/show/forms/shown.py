"""`Shown`: one thing on a page, in its HTML form, its print form (Typst) and as plain text."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from salesqc_lib.show.forms.drawn import Drawing

TYPST = "text/vnd.typst"
META = "application/vnd.salesqc.report+json"
PIECE = "application/vnd.salesqc.piece+json"  # what a piece is, for the grid of the page and for the linter
FULL = 12  # columns of the page's grid
SHORT = 9  # rows: a table of no more is kept on one page
ROOM, DENSE = 106, 128  # letters that a line of a table holds on an upright page, in the usual type and in a smaller one
ON_ITS_SIDE = "#on-its-side[\n"
ALIGN = {"l": "left", "r": "right", "c": "center"}


CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # Unicode's category Cc


def quote(text: str) -> str:
    """A text as a Typst string: shown as it stands, whatever is in it; control characters become spaces."""
    return '"' + CONTROL.sub(" ", text).replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True)
class Shown:
    """A piece of the report. `frame` holds the data behind it, for an analyst who goes on from here.

    `web` is trusted HTML: whoever makes it has escaped what came from the client. `paper` is Typst code for the same.
    """

    web: str
    paper: str
    plain: str
    frame: Any = field(default=None, compare=False)
    meta: dict[str, Any] | None = field(default=None, compare=False)
    about: dict[str, Any] = field(default_factory=dict, compare=False)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/html": self.web, TYPST: self.paper, "text/plain": self.plain}
        return bundle | ({META: self.meta} if self.meta else {}) | ({PIECE: self.about} if self.about else {})

    def told(self, **about: Any) -> "Shown":
        """The same with more said of what it is: `kind`, `span` (columns of twelve), `title` …"""
        return replace(self, about=self.about | about)

    def __add__(self, other: "Shown") -> "Shown":
        if not self.plain or not other.plain:
            return self if self.plain else other
        if self.plain == other.plain:
            return self  # a chart and its table that both say why they are empty say it once
        about = self.about or other.about
        return Shown(self.web + other.web, self.paper + "\n" + other.paper, self.plain + "\n" + other.plain, self.frame, None, about)


@dataclass(frozen=True)
class Cell:
    """A table cell: text, a second line in small type, and a tone (good, bad, quiet) that never stands for itself alone.

    `value` is what a browser sorts by; `link` an address beside the report; `drawn` a small drawing below the text, before it where
    the text is empty.
    """

    text: str
    small: str = ""
    tone: str = ""
    value: float | None = None
    link: str = ""
    drawn: Drawing | None = None


def grid(
    header: Sequence[str],
    rows: Sequence[Sequence[Cell | str]],
    *,
    align: str,
    widths: Sequence[str] = (),
    caption: str = "",
    frame: Any = None,
    note: str = "",
    can_sort: bool = True,
) -> Shown:
    """A table in both forms. `align` has a letter (l, r, c) for each column; `widths` are Typst track sizes.

    A short table is not torn apart between pages; one that is too wide for an upright page gets one on its side. In a browser it can
    be sorted, and searched where it is long. `note` stands below it, on the same page.
    """
    cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    below = paragraph(note, "note") if note else nothing()
    paper = _typst(header, cells, align, widths, caption) + ("\n" + below.paper if note else "")
    letters = _letters(header, cells) if len(header) > 2 else 0.0
    if letters > DENSE:
        paper = f"{ON_ITS_SIDE}{paper}\n]"
    elif letters > ROOM:
        paper = f"#dense[\n{paper}\n]"
    web = _html(header, cells, align, caption, can_sort=can_sort) + below.web
    return Shown(web, paper, "\n".join(filter(None, (_plain(header, cells), note))), frame)


def _letters(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> float:
    """How many letters wide a table is at least: the longest of what cannot be broken in each column, and the space between."""

    def longest(text: str, share: float) -> float:
        return share * max((len(word) for word in text.split(" ")), default=0)

    return (
        sum(
            2.4
            + max(
                longest(name, 0.75),
                *(max(_unbroken(row[i].text, i), _unbroken(row[i].small, i) * 0.88, _drawn_letters(row[i])) for row in rows),
            )
            for i, name in enumerate(header)
        )
        if rows
        else 0.0
    )


def _drawn_letters(cell: Cell) -> float:
    if cell.drawn is None:
        return 0.0
    return cell.drawn.width * 0.55 + (len(cell.text) if cell.drawn.is_beside else 0)  # a letter is some 1.8 mm wide


def _unbroken(text: str, column: int) -> float:
    """Letters of a text that stay on one line: a name may be broken at its spaces, figures and intervals are not."""
    is_figure = len(text) < 30 and column > 0 and any(letter.isdigit() for letter in text)
    return len(text) if is_figure else max((len(word) for word in text.split(" ")), default=0)


def _html(header: Sequence[str], rows: Sequence[Sequence[Cell]], align: str, caption: str, *, can_sort: bool) -> str:
    head = "".join(f'<th scope="col" class="{side}">{html.escape(name)}</th>' for name, side in zip(header, align, strict=True))
    body = "".join(
        "<tr>" + "".join(_html_cell(cell, side, first=i == 0) for i, (cell, side) in enumerate(zip(row, align, strict=True))) + "</tr>"
        for row in rows
    )
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    # a short table needs no tools; the page's script makes the others sortable, and long ones searchable
    kind = "" if can_sort else ' class="fixed"'
    return f'<div class="table"><table{kind}>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _html_cell(cell: Cell, side: str, *, first: bool) -> str:
    small = html.escape(cell.small)
    if cell.link:
        small = f'<a href="{html.escape(cell.link, quote=True)}">{small}</a>'
    below = f"<small>{small}</small>" if small else ""
    name, scope = ("th", ' scope="row"') if first else ("td", "")
    key = f' data-value="{cell.value:.10g}"' if cell.value is not None and cell.value == cell.value else ""
    picture = cell.drawn.svg() if cell.drawn else ""
    if cell.drawn and cell.drawn.is_beside:
        return f'<{name}{scope} class="{f"{side} {cell.tone}".strip()}"{key}><span class="drawn-beside">{picture}{html.escape(cell.text)}</span>{below}</{name}>'
    return f'<{name}{scope} class="{f"{side} {cell.tone}".strip()}"{key}>{html.escape(cell.text)}{picture}{below}</{name}>'


def _typst(header: Sequence[str], rows: Sequence[Sequence[Cell]], align: str, widths: Sequence[str], caption: str) -> str:
    columns = ", ".join(widths or ["1fr", *["auto"] * (len(header) - 1)])
    head = ", ".join(f"th({quote(name)})" for name in header)
    body = ",\n  ".join(", ".join(_typst_cell(cell) for cell in row) for row in rows)
    sides = ", ".join(ALIGN[side] for side in align)
    return (
        f"#grid-table(({columns},), ({sides},), ({head},), {quote(caption)}, {'true' if len(rows) <= SHORT else 'false'},\n  {body}\n)"
        if rows
        else f"#quiet({quote(caption)})"
    )


def _typst_cell(cell: Cell) -> str:
    picture = f", picture: {cell.drawn.typst()}{', beside: true' if cell.drawn.is_beside else ''}" if cell.drawn else ""
    return f"td({quote(cell.text)}, small: {quote(cell.small)}, tone: {quote(cell.tone)}{picture})"


def _plain(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    lines = [" | ".join(header)] + [" | ".join(cell.text + (f" ({cell.small})" if cell.small else "") for cell in row) for row in rows]
    return "\n".join(lines)


def bound(text: str) -> str:
    """A text in which a number and its sign stay on one line.

    >>> bound("не меньше 90 % строк")
    'не меньше 90\\xa0% строк'
    """
    return re.sub(r"(\d) (?=%|₽|п\.\s?п\.)", "\\1\xa0", text)


def paragraph(text: str, tone: str = "") -> Shown:
    """A paragraph; tone `note` for a remark, `lead` for the message of a chapter, `lack` for what the data cannot show: an
    analyst reads it in the notebook; the report leaves it out, with its heading, since the page on the data says it already."""
    text = bound(text)
    return Shown(f'<p class="{tone}">{html.escape(text)}</p>', f"#para({quote(text)}, tone: {quote(tone)})", text)


def bullets(lines: Sequence[str]) -> Shown:
    """A list of sentences."""
    lines = [bound(line) for line in lines]
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return Shown(f"<ul>{items}</ul>", "#list(" + ", ".join(quote(line) for line in lines) + ")", "\n".join(f"- {line}" for line in lines))


def nothing() -> Shown:
    """What a cell shows of a chapter that cannot be measured: a heading above nothing is left out of the report."""
    return Shown("", "", "")
