"""The head of a page of the report: its message as a title, what it rests on, and what to do next. The cells below it are its exhibits.

A head is made by a short cell of the notebook; what follows, up to the next head, belongs to its page. The head says of the page where
it stands (`part`), how heavy it is (`rank`), and whether it is left out, because nothing was measured or nothing stands out.
"""

import html
from dataclasses import dataclass
from typing import Literal

from salesqc_lib.show.forms.shown import Shown, quote
from salesqc_lib.words import Language, Text

Part = Literal["front", "chapters", "basis"]


@dataclass(frozen=True)
class Head:
    """The head of a page. `label` is the chapter's name, which stands in the running head; `rank`: pages of the chapters stand by it, the
    heaviest first. `is_left_out`: the page is not in the report (its exhibits stay in the notebook)."""

    key: str
    label: str
    title: str
    subtitle: str = ""
    text: str = ""
    part: Part = "chapters"
    rank: float = 0.0
    is_left_out: bool = False
    why: str = ""  # why it is left out, for an analyst in the notebook
    file: str = ""  # a PDF of its own that is made of this page
    is_anew: bool = False  # it begins a sheet of paper, whatever room is left

    def shown(self) -> Shown:
        """The head in both forms; what it says of the page goes with it."""
        about = {"kind": "head", "key": self.key, "part": self.part, "rank": self.rank, "is_left_out": self.is_left_out, "label": self.label, "file": self.file, "has_text": bool(self.text), "is_anew": self.is_anew,
                 "title": self.title, "subtitle": self.subtitle}  # fmt: skip
        if self.is_left_out:
            text = f"({self.label}: {self.why or self.title})"
            return Shown(f'<p class="note">{html.escape(text)}</p>', "", text, about=about)
        lines = f'<h2 id="page-{html.escape(self.key, quote=True)}">{html.escape(self.title)}</h2>'
        lines += f'<p class="subtitle">{html.escape(self.subtitle)}</p>' if self.subtitle else ""
        lines += f'<p class="message">{html.escape(self.text)}</p>' if self.text else ""
        paper = f"#sheet-head({quote(self.key)}, {quote(self.label)}, {quote(self.title)}, {quote(self.subtitle)}, {quote(self.text)})"
        return Shown(
            f'<header class="sheet-head" data-label="{html.escape(self.label, quote=True)}">{lines}</header>',
            paper,
            " ".join(part for part in (self.title, self.subtitle, self.text) if part),
            about=about,
        )


@dataclass(frozen=True)
class KeyLine:
    """A key line of page 1: a message, what stands behind it, and the page on which it is argued."""

    message: str
    text: str
    key: str


def key_lines(lines: list[KeyLine], language: Language) -> Shown:
    """Messages in a row, each with the page that argues it."""
    chapter = Text("подробно", "argued here")[language]
    web = "".join(
        f'<li><p class="what">{html.escape(one.message)}</p><p>{html.escape(one.text)} '
        f'<a class="to" href="#page-{html.escape(one.key, quote=True)}">→ {html.escape(chapter)}</a></p></li>'
        for one in lines
    )
    paper = ", ".join(f"({quote(one.message)}, {quote(one.text)}, {quote(one.key)})" for one in lines)
    plain = "\n".join(f"{one.message}. {one.text}" for one in lines)
    return Shown(f'<ol class="keylines">{web}</ol>', f"#key-lines({paper},)", plain, about={"kind": "keylines"})


CONTENTS_HERE = "<!--contents-->"


def contents(language: Language) -> Shown:
    """The titles of the pages as messages, with their numbers on paper: the exporters fill it in."""
    title = Text("Содержание", "Contents")[language]
    return Shown(CONTENTS_HERE, f"#messages({quote(title)})", title, about={"kind": "contents"})
