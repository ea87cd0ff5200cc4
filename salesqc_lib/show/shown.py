"""`Shown`: one thing on a page, in its HTML form, its print form (Typst) and as plain text."""

import html
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

TYPST = "text/vnd.typst"
META = "application/vnd.salesqc.report+json"
SHORT = 14  # rows
ALIGN = {"l": "left", "r": "right", "c": "center"}


def quote(text: str) -> str:
    """A text as a Typst string: shown as it stands, whatever is in it; control characters become spaces."""
    printable = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
    return '"' + printable.replace("\\", "\\\\").replace('"', '\\"') + '"'


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

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/html": self.web, TYPST: self.paper, "text/plain": self.plain}
        return bundle | ({META: self.meta} if self.meta else {})

    def __add__(self, other: "Shown") -> "Shown":
        if not self.plain or not other.plain:
            return self if self.plain else other
        if self.plain == other.plain:
            return self  # a chart and its table that both say why they are empty say it once
        return Shown(self.web + other.web, self.paper + "\n" + other.paper, self.plain + "\n" + other.plain, self.frame)


@dataclass(frozen=True)
class Cell:
    """A table cell: text, a second line in small type, and a tone (good, bad, quiet) that never stands for itself alone."""

    text: str
    small: str = ""
    tone: str = ""


def grid(
    header: Sequence[str],
    rows: Sequence[Sequence[Cell | str]],
    *,
    align: str,
    widths: Sequence[str] = (),
    caption: str = "",
    frame: Any = None,
) -> Shown:
    """A table in both forms. `align` has a letter (l, r, c) for each column; `widths` are Typst track sizes.

    A short table is not torn apart between pages.
    """
    cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
    return Shown(_html(header, cells, align, caption), _typst(header, cells, align, widths, caption), _plain(header, cells), frame)


def _html(header: Sequence[str], rows: Sequence[Sequence[Cell]], align: str, caption: str) -> str:
    head = "".join(f'<th scope="col" class="{side}">{html.escape(name)}</th>' for name, side in zip(header, align, strict=True))
    body = "".join(
        "<tr>" + "".join(_html_cell(cell, side, first=i == 0) for i, (cell, side) in enumerate(zip(row, align, strict=True))) + "</tr>"
        for row in rows
    )
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    return f'<div class="table"><table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _html_cell(cell: Cell, side: str, *, first: bool) -> str:
    small = f"<small>{html.escape(cell.small)}</small>" if cell.small else ""
    name, scope = ("th", ' scope="row"') if first else ("td", "")
    return f'<{name}{scope} class="{side} {cell.tone}">{html.escape(cell.text)}{small}</{name}>'


def _typst(header: Sequence[str], rows: Sequence[Sequence[Cell]], align: str, widths: Sequence[str], caption: str) -> str:
    columns = ", ".join(widths or ["1fr", *["auto"] * (len(header) - 1)])
    head = ", ".join(f"th({quote(name)})" for name in header)
    body = ",\n  ".join(
        ", ".join(f"td({quote(cell.text)}, small: {quote(cell.small)}, tone: {quote(cell.tone)})" for cell in row) for row in rows
    )
    sides = ", ".join(ALIGN[side] for side in align)
    return (
        f"#grid-table(({columns},), ({sides},), ({head},), {quote(caption)}, {'true' if len(rows) <= SHORT else 'false'},\n  {body}\n)"
        if rows
        else f"#quiet({quote(caption)})"
    )


def _plain(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    lines = [" | ".join(header)] + [" | ".join(cell.text + (f" ({cell.small})" if cell.small else "") for cell in row) for row in rows]
    return "\n".join(lines)


def paragraph(text: str, tone: str = "") -> Shown:
    """A paragraph; tone `note` for a remark, `lead` for the message of a chapter."""
    return Shown(f'<p class="{tone}">{html.escape(text)}</p>', f"#para({quote(text)}, tone: {quote(tone)})", text)


def bullets(lines: Sequence[str]) -> Shown:
    """A list of sentences."""
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    return Shown(f"<ul>{items}</ul>", "#list(" + ", ".join(quote(line) for line in lines) + ")", "\n".join(f"- {line}" for line in lines))


def nothing() -> Shown:
    """What a cell shows of a chapter that cannot be measured: a heading above nothing is left out of the report."""
    return Shown("", "", "")
