"""What of an executed notebook belongs to the report: which cells, in which language, and a box in place of a failed section."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from salesqc_lib.show.forms.shown import FULL, META, PIECE
from salesqc_lib.words import LANGUAGES, Language, Text

HIDDEN = {"parameters", "injected-parameters", "machinery", "remove-cell"}
FAILED = Text(
    "Этот раздел не удалось построить. Остальные разделы полны; подробности — в файле audit.ipynb.",
    "This section could not be made. The others are complete; details stand in audit.ipynb.",
)
LACK = re.compile('(<p class="lack">[^<]*</p>)+')
DEFAULT = {
    "title": "",
    "client": "",
    "period": "",
    "language": "en",
    "accent": "#1f6f5c",
    "logo": "",
    "facts": [],
    "sections": "all",
    "is_brief": False,
    "order": "stake",
}
PARTS = ("front", "chapters", "basis")


@dataclass(frozen=True)
class Piece:
    """One cell of the report: Markdown to be read, or the outputs of a code cell. `is_optional`: it belongs to a section. `about`: what
    the cell says of its exhibit, such as how many columns of the page it takes."""

    markdown: str = ""
    outputs: tuple[Any, ...] = ()
    is_optional: bool = False
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def span(self) -> int:
        """How many of the page's twelve columns the exhibit takes."""
        return int(self.about.get("span", FULL))

    @property
    def is_head(self) -> bool:
        """Whether a page begins with it."""
        return self.about.get("kind") == "head"


@dataclass
class Sheet:
    """A page of a composed report: its head, and the exhibits in rows of twelve columns."""

    head: Piece
    pieces: list[Piece] = field(default_factory=list)

    @property
    def rows(self) -> list[list[Piece]]:
        """Exhibits side by side where they fit a row together."""
        found: list[list[Piece]] = []
        for piece in self.pieces:
            is_beside = found and piece.span < FULL and sum(one.span for one in found[-1]) + piece.span <= FULL
            if is_beside:
                found[-1].append(piece)
            else:
                found.append([piece])
        return found


@dataclass(frozen=True)
class Heading:
    """A heading of the contents; `anchor` is unique in the report."""

    level: int
    text: str
    anchor: str


@dataclass
class Pages:
    """The report as pieces, with what the cover told of it."""

    meta: dict[str, Any]
    pieces: list[Piece] = field(default_factory=list)

    @property
    def language(self) -> Language:
        return "ru" if self.meta["language"] == "ru" else "en"

    @property
    def is_composed(self) -> bool:
        """Whether the report is made of pages with heads, rather than poured."""
        return any(piece.is_head for piece in self.pieces)

    @property
    def sheets(self) -> list[Sheet]:
        """The pages of a composed report in their order: the front, the chapters by what is at stake (or as the notebook has them), what
        the audit stands on. A page that is left out takes its exhibits with it. A heading of the first level that an analyst has
        written begins a page too, after the one that stands before it."""
        # a chapter that has neither an exhibit nor a word of its own would be a bare heading
        kept = [
            sheet
            for sheet in self._every_sheet
            if not sheet.head.about.get("is_left_out")
            and (sheet.pieces or sheet.head.about.get("has_text") or sheet.head.about["part"] != "chapters")
        ]
        by_stake = self.meta["order"] == "stake"
        return sorted(kept, key=lambda sheet: (PARTS.index(sheet.head.about["part"]), -sheet.head.about["rank"] if by_stake else 0.0))

    @property
    def _every_sheet(self) -> list[Sheet]:
        found: list[Sheet] = []
        for piece in self.pieces:
            if piece.is_head or _level(piece) == 1 or not found:
                found.append(Sheet(piece if piece.is_head else Piece(about=_as_before(found)), [] if piece.is_head else [piece]))
            else:
                found[-1].pieces.append(piece)
        return found

    @property
    def own_files(self) -> "dict[str, Pages]":
        """Pages that are a PDF of their own as well, by its name: one that the report leaves out is a list on sheets on their side."""
        found: dict[str, Pages] = {}
        for sheet in self._every_sheet:
            if name := str(sheet.head.about.get("file", "")):
                is_list = bool(sheet.head.about.get("is_left_out"))
                meta = self.meta | {"is_brief": is_list, "title": str(sheet.head.about["title"]) if is_list else self.meta["title"]}
                found[name] = Pages(meta, sheet.pieces if is_list else [sheet.head, *sheet.pieces])
        return {name: one for name, one in found.items() if any(piece.outputs for piece in one.pieces)}


def pages(notebook: Any) -> Pages:
    """Choose the cells of the report. Markdown tagged `lang-ru` or `lang-en` appears in that language only; cells tagged
    `section-<id>` only where the report asks for that section."""
    meta = dict(DEFAULT) | next((output["data"][META] for output in _outputs(notebook) if META in output.get("data", {})), {})
    found = Pages(meta)
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        if not _belongs(tags, meta):
            continue
        if cell.cell_type == "markdown":
            found.pieces.append(Piece(markdown=cell.source, is_optional=any(tag.startswith("section-") for tag in tags)))
        elif cell.cell_type == "code":
            outputs = tuple(_presentable(cell.get("outputs", []), found.language, is_hidden=bool(tags & HIDDEN)))
            found.pieces += _pieces(outputs)
    found.pieces = _without_bare_headings(found.pieces)
    return found


def _pieces(outputs: tuple[Any, ...]) -> list[Piece]:
    """The outputs of a cell as one piece; a cell that shows several pages, as one for each output."""
    told = [output.get("data", {}).get(PIECE, {}) for output in outputs]
    if sum(about.get("kind") == "head" for about in told) > 1 or (len(outputs) > 1 and told[0].get("kind") == "head"):
        return [Piece(outputs=(output,), about=about) for output, about in zip(outputs, told, strict=True)]
    return [Piece(outputs=outputs, about=next((about for about in told if about), {}))] if outputs else []


def _without_bare_headings(pieces: list[Piece]) -> list[Piece]:
    """Leave out a heading below which nothing stands: a subheading of a section with its introduction, any other only if it is bare."""
    kept: list[Piece] = []
    for piece in reversed(pieces):
        level = _level(piece)
        below = _level(kept[-1]) if kept else 1
        is_left_out = level >= 2 if piece.is_optional else level >= 1 and "\n" not in piece.markdown.strip()
        if is_left_out and 0 < below <= level:
            continue
        kept.append(piece)
    return kept[::-1]


def _as_before(found: list[Sheet]) -> dict[str, Any]:
    """Where a page stands that has no head of its own: after the one before it."""
    before = found[-1].head.about if found else {}
    return {"part": before.get("part", "front"), "rank": before.get("rank", 0.0), "key": ""}


def _level(piece: Piece) -> int:
    """Level of the heading that a piece of Markdown begins with, 0 without one."""
    found = re.match(r"(#+) ", piece.markdown)
    return len(found[1]) if found else 0


def _outputs(notebook: Any) -> Iterator[Any]:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield from cell.get("outputs", [])


def _belongs(tags: set[str], meta: dict[str, Any]) -> bool:
    languages = {tag.removeprefix("lang-") for tag in tags if tag.startswith("lang-")}
    if languages & set(LANGUAGES) and meta["language"] not in languages:
        return False
    sections = {tag.removeprefix("section-") for tag in tags if tag.startswith("section-")}
    return not sections or meta["sections"] == "all" or bool(sections & set(meta["sections"]))


def _presentable(outputs: Any, language: Language, *, is_hidden: bool) -> Iterator[Any]:
    for output in outputs:
        if output["output_type"] == "error":
            yield {"output_type": "failed", "text": FAILED[language]}
            return  # whatever the cell had shown before belongs to a section that is not whole
        if is_hidden or (output["output_type"] == "stream" and output.get("name") == "stderr"):
            continue
        shown = str(output.get("data", {}).get("text/html", "-"))
        if not shown or LACK.fullmatch(shown):
            continue  # a cell of a chapter, or of a part of one, that cannot be measured
        yield output


def anchor(text: str, taken: set[str]) -> str:
    """A unique anchor for a heading, readable in an address: letters of any script, digits and hyphens."""
    base = re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "section"
    name, again = base, 1
    while name in taken:
        again += 1
        name = f"{base}-{again}"
    taken.add(name)
    return name
