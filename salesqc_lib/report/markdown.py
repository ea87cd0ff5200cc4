"""Markdown cells as HTML and as Typst. Raw HTML inside them is shown as text, never run."""

import html
from typing import Any

import mistune

from salesqc_lib.report.pieces import Heading, anchor
from salesqc_lib.show.forms.shown import quote

_parse = mistune.create_markdown(renderer=None, plugins=["table", "strikethrough"])
SAFE_LINKS = ("http://", "https://", "mailto:", "#")


def tree(source: str) -> list[dict[str, Any]]:
    """The parsed Markdown."""
    parsed = _parse(source)
    return parsed if isinstance(parsed, list) else []


def text_of(node: dict[str, Any]) -> str:
    """The bare text of a node."""
    return str(node.get("raw", "")) + "".join(text_of(child) for child in node.get("children", []))


def to_html(source: str, headings: list[Heading], taken: set[str]) -> str:
    """HTML of a Markdown cell; its headings are added to the contents."""
    return "".join(_html(node, headings, taken) for node in tree(source))


def _html(node: dict[str, Any], headings: list[Heading], taken: set[str]) -> str:  # noqa: C901 - one case for each kind of node
    inner = "".join(_html(child, headings, taken) for child in node.get("children", []))
    attributes = node.get("attrs", {})
    match node["type"]:
        case "heading":
            level, text = attributes["level"], text_of(node)
            name = anchor(text, taken)
            headings.append(Heading(level, text, name))
            return f'<h{level + 1} id="{html.escape(name, quote=True)}">{inner}</h{level + 1}>'
        case "paragraph":
            return f"<p>{inner}</p>"
        case "text" | "inline_html" | "block_html":
            return html.escape(str(node.get("raw", "")))
        case "link":
            address = str(attributes.get("url", ""))
            return f'<a href="{html.escape(address, quote=True)}" rel="noopener">{inner}</a>' if address.startswith(SAFE_LINKS) else inner
        case "list":
            tag = "ol" if attributes.get("ordered") else "ul"
            return f"<{tag}>{inner}</{tag}>"
        case "block_code" | "codespan":
            code = f"<code>{html.escape(str(node.get('raw', '')))}</code>"
            return f"<pre>{code}</pre>" if node["type"] == "block_code" else code
        case "table_cell":
            tag = "th" if attributes.get("head") else "td"
            return f"<{tag}>{inner}</{tag}>"
        case "table_head":
            return f"<thead><tr>{inner}</tr></thead>"
        case "linebreak":
            return "<br>"
        case "softbreak":
            return " "
        case "image":
            return html.escape(text_of(node))
        case "thematic_break":
            return "<hr>"
        case kind:
            known = _TAGS.get(kind)
            return f"<{known}>{inner}</{known}>" if known else inner


_TAGS = {
    "list_item": "li",
    "emphasis": "em",
    "strong": "strong",
    "strikethrough": "s",
    "block_quote": "blockquote",
    "table": "table",
    "table_body": "tbody",
    "table_row": "tr",
}


def to_typst(source: str) -> str:
    """Typst of a Markdown cell; every text stands in a string, so nothing in it is markup."""
    nodes = tree(source)
    has_heading = any(node["type"] == "heading" for node in nodes)
    # what introduces a section stays with what it introduces: no heading at the foot of a page
    return "\n\n".join(
        f"#block(sticky: true)[{_typst(node)}]" if has_heading and node["type"] == "paragraph" else _typst(node) for node in nodes
    )


def _typst(node: dict[str, Any]) -> str:  # noqa: C901 - one case for each kind of node
    children, attributes = node.get("children", []), node.get("attrs", {})
    if node["type"] == "list":  # before its inside is set: a list in a list in a list would be set twice at each depth
        items = ", ".join(f"[{''.join(_typst(part) for part in item.get('children', []))}]" for item in children)
        return f"#{'enum' if attributes.get('ordered') else 'list'}({items})"
    if node["type"] == "table":
        return _typst_table(node)
    inner = "".join(_typst(child) for child in children)
    match node["type"]:
        case "heading":
            return f"#heading(level: {attributes['level']})[{inner}]"
        case "text" | "inline_html" | "block_html" | "image":
            return f"#{quote(text_of(node))};"
        case "codespan":
            return f"#raw({quote(str(node.get('raw', '')))});"
        case "block_code":
            return f"#raw({quote(str(node.get('raw', '')))}, block: true)"
        case "strong" | "emphasis" | "strikethrough":
            name = {"strong": "strong", "emphasis": "emph", "strikethrough": "strike"}[node["type"]]
            return f"#{name}[{inner}];"
        case "link":
            address = str(attributes.get("url", ""))
            return f"#link({quote(address)})[{inner}];" if address.startswith(SAFE_LINKS[:3]) else inner
        case "block_quote":
            return f"#quote(block: true)[{inner}]"
        case "linebreak":
            return "#linebreak();"
        case "softbreak":
            return " "
        case "thematic_break":
            return "#line(length: 100%, stroke: 0.5pt)"
        case _:
            return inner


def _typst_table(node: dict[str, Any]) -> str:
    head, body = node["children"][0]["children"], [row["children"] for part in node["children"][1:] for row in part["children"]]
    cells = [text_of(cell) for row in (head, *body) for cell in row]
    return plain_table(cells[: len(head)], [cells[i : i + len(head)] for i in range(len(head), len(cells), len(head))])


def plain_table(header: list[str], rows: list[list[str]]) -> str:
    """A table of texts in Typst."""
    head = ", ".join(f"th({quote(cell)})" for cell in header)
    body = ", ".join(f"td({quote(cell)})" for row in rows for cell in row)
    return f'#grid-table(({"auto, " * len(header)}), ({"left, " * len(header)}), ({head},), "", false, {body})'
