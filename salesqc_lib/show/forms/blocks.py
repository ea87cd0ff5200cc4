"""Blocks of a page that are no tables: tiles of key figures, ranked problems, cards of findings, a glossary, a form to fill in."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from salesqc_lib.show.forms.drawn import Drawing
from salesqc_lib.show.forms.shown import Shown, quote


@dataclass(frozen=True)
class Tile:
    """A key figure in large type with its name, and what it is held against."""

    name: str
    value: str
    small: str = ""
    tone: str = ""
    drawn: Drawing | None = None


def tiles(chosen: Sequence[Tile]) -> Shown:
    """Key figures side by side."""
    web = "".join(
        f'<div class="{one.tone}"><dt>{html.escape(one.name)}</dt><dd>{html.escape(one.value)}{one.drawn.svg() if one.drawn else ""}<small>{html.escape(one.small)}</small></dd></div>'
        for one in chosen
    )
    paper = ", ".join(
        f"({quote(one.name)}, {quote(one.value)}, {quote(one.small)}, {quote(one.tone)}, {one.drawn.typst() if one.drawn else 'none'})"
        for one in chosen
    )
    plain = "\n".join(f"{one.name}: {one.value}" + (f" ({one.small})" if one.small else "") for one in chosen)
    return Shown(f'<dl class="tiles">{web}</dl>', f"#tiles({paper},)", plain)


@dataclass(frozen=True)
class Problem:
    """A line of the page for the owner: what is wrong, how sure, what to do about it, and what it is worth."""

    what: str
    sure: str
    answer: str
    worth: str
    span: str
    tone: str = ""


def ranked(problems: Sequence[Problem]) -> Shown:
    """Problems by their weight, the heaviest first, with large numbers."""
    web = "".join(
        f'<li class="{one.tone}"><div><p class="what">{html.escape(one.what)}</p><p class="sure">{html.escape(one.sure)}</p>'
        + (f'<p class="answer">{html.escape(one.answer)}</p>' if one.answer else "")
        + f'</div><p class="worth">{html.escape(one.worth)}<small>{html.escape(one.span)}</small></p></li>'
        for one in problems
    )
    paper = ", ".join(
        "(" + ", ".join(quote(text) for text in (one.what, one.sure, one.answer, one.worth, one.span, one.tone)) + ")" for one in problems
    )
    plain = "\n".join(
        f"{i}. {one.what}{f' ({one.sure})' if one.sure else ''}. {one.worth} {one.span} {one.answer}".rstrip()
        for i, one in enumerate(problems, 1)
    )
    return Shown(f'<ol class="ranked">{web}</ol>', f"#ranked({paper},)", plain)


def card(title: str, badge: str, tone: str, rows: Sequence[tuple[str, str]], anchor: str = "") -> Shown:
    """A finding as a card: what is wrong, then question by question."""
    rows = [(name, text) for name, text in rows if text]
    lines = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(text)}</dd>" for name, text in rows)
    name = f' id="{html.escape(anchor, quote=True)}"' if anchor else ""
    web = f'<article class="finding {tone}"{name}><p class="what">{html.escape(title)} <span class="badge">{html.escape(badge)}</span></p><dl>{lines}</dl></article>'
    paper = f"#finding({quote(title)}, {quote(badge)}, {quote(tone)}, " + ", ".join(f"({quote(n)}, {quote(t)})" for n, t in rows) + ",)"
    return Shown(web, paper, f"{title} [{badge}]. " + " ".join(text for _, text in rows))


@dataclass(frozen=True)
class Entry:
    """A term of the glossary: its name and code, what it means, and a worked example."""

    name: str
    code: str
    meaning: str
    example: str = ""
    result: str = ""


def glossary(entries: Sequence[Entry], label: str) -> Shown:
    """Terms in two columns. `label` stands before each example."""
    web = "".join(
        f"<div><dt>{html.escape(one.name)}{f' <code>{html.escape(one.code)}</code>' if one.code else ''}</dt><dd>{html.escape(one.meaning)}"
        + (
            f"<small><b>{html.escape(label)}</b> {html.escape(one.example)} → <b>{html.escape(one.result)}</b></small>"
            if one.example
            else ""
        )
        + "</dd></div>"
        for one in entries
    )
    paper = ", ".join(
        "(" + ", ".join(quote(text) for text in (one.name, one.code, one.meaning, one.example, one.result)) + ")" for one in entries
    )
    plain = "\n".join(f"{one.name}{f' ({one.code})' if one.code else ''}: {one.meaning}" for one in entries)
    return Shown(f'<dl class="glossary">{web}</dl>', f"#glossary({quote(label)}, {paper},)", plain)


def form(questions: Sequence[tuple[str, str]], header: tuple[str, str, str]) -> Shown:
    """Questions with room for an answer. `header` names question, what the data say, and answer."""
    head = "".join(f'<th scope="col" class="l">{html.escape(name)}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row" class="l">{html.escape(question)}</th><td class="l">{html.escape(data)}</td><td class="blank"></td></tr>'
        for question, data in questions
    )
    web = f'<div class="table"><table class="form"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    paper = f"#form(({', '.join(quote(name) for name in header)},), " + ", ".join(f"({quote(q)}, {quote(d)})" for q, d in questions) + ",)"
    return Shown(web, paper, "\n".join(f"{question} {data}".strip() for question, data in questions))


def remark_box(name: str, web: str, paper: str, plain: str) -> Shown:
    """What a person has written, set apart from what was measured. `web` and `paper` are trusted forms of the text."""
    return Shown(
        f'<aside class="remark" aria-label="{html.escape(name, quote=True)}"><p class="name">{html.escape(name)}</p>{web}</aside>',
        f"#remark({quote(name)}, [{paper}])",
        f"{name}: {plain}",
    )


def beside(left: Shown, right: Shown) -> Shown:
    """Two things side by side; one alone where the other has nothing to show."""
    if not left.plain or not right.plain:
        return left + right
    return Shown(
        f'<div class="beside"><div>{left.web}</div><div>{right.web}</div></div>',
        f"#beside[\n{left.paper}\n][\n{right.paper}\n]",
        f"{left.plain}\n{right.plain}",
    )


@dataclass(frozen=True)
class Heading:
    """A heading made by a cell, such as a seller's name: it stands in the contents as those of Markdown cells do."""

    text: str
    level: int = 1

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        # a name is a text: none of its letters may be taken for Markdown
        quiet = "".join(f"\\{letter}" if letter in "\\`*_{}[]<>()#+-.!|~&" else letter for letter in " ".join(self.text.split()))
        return {"text/markdown": f"{'#' * self.level} {quiet}", "text/plain": self.text}
